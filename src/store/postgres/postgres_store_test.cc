#include "store/postgres/postgres_store.h"

#include <unistd.h>

#include <fmt/format.h>

#include "base/test_postgres.h"
#include "store/contract_test.h"
#include "store/postgres/history.h"
#include "store/postgres/placeholders.h"

namespace hanse::store {
namespace {

TestPostgres& Cluster() {
  static TestPostgres cluster;
  return cluster;
}

struct PostgresDatabase {
  PostgresDatabase() {
    static int count = 0;
    name = fmt::format("d{}_{}", ::getpid(), ++count);
    if (Missing().empty()) Cluster().Sql("CREATE DATABASE " + name);
  }
  ~PostgresDatabase() {
    if (Missing().empty()) Cluster().Sql("DROP DATABASE " + name + " WITH (FORCE)");
  }
  std::string Missing() const { return Cluster().missing(); }
  Result<std::unique_ptr<Store>> Open() {
    TRY_ASSIGN(auto store, PostgresStore::Open(Cluster().Address(name)));
    return std::unique_ptr<Store>(std::move(store));
  }
  Result<void> KeepHistory(Store& store) { return KeepHistoryInPostgres(store); }
  std::string name;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, StoreContract, PostgresDatabase);

TEST(PostgresStore, RefusesADatabaseThatOrdersNamesByALanguage) {
  PostgresDatabase database;
  if (!database.Missing().empty()) GTEST_SKIP() << database.Missing();
  const std::string other = database.name + "_icu";
  if (!Cluster().Sql("CREATE DATABASE " + other + " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'")) {
    GTEST_SKIP() << "this PostgreSQL has no ICU";
  }
  auto opened = PostgresStore::Open(Cluster().Address(other));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kConflict);
  Cluster().Sql("DROP DATABASE " + other);
}

TEST(PostgresStore, FindsItsWayBackAfterLostConnections) {
  PostgresDatabase database;
  if (!database.Missing().empty()) GTEST_SKIP() << database.Missing();
  auto store = database.Open();
  ASSERT_TRUE(store.has_value());
  auto open = (*store)->BeginRead();
  ASSERT_TRUE((*open)->One("SELECT 1").has_value());
  ASSERT_TRUE(Cluster().Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database.name + "'"));
  auto lost = (*open)->One("SELECT 1");
  ASSERT_FALSE(lost.has_value());
  EXPECT_EQ(lost.error().code, ErrorCode::kUnavailable);
  open->reset();
  auto again = (*store)->BeginRead();
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE((*again)->One("SELECT 1").has_value());
}

TEST(PostgresStore, SumsBeyond64BitsAreReadAsTheyAre) {
  PostgresDatabase database;
  if (!database.Missing().empty()) GTEST_SKIP() << database.Missing();
  auto store = database.Open();
  ASSERT_TRUE(store.has_value());
  auto tx = (*store)->BeginRead();
  ASSERT_TRUE(tx.has_value());
  auto row = (*tx)->One("SELECT sum(n), max(n) FROM (VALUES (9223372036854775807), (9223372036854775807)) AS t (n)");
  ASSERT_TRUE(row.has_value());
  EXPECT_DOUBLE_EQ(row->Double(0), 18446744073709551614.0);
  EXPECT_EQ(row->Int(1), 9223372036854775807);
}

TEST(PostgresStore, ThatCannotBeReachedIsUnavailable) {
  auto store = PostgresStore::Open("host=/tmp/no-such-folder dbname=none");
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().code, ErrorCode::kUnavailable);
}

TEST(Placeholders, AreNumberedOutsideOfTextsNamesAndComments) {
  EXPECT_EQ(NumberPlaceholders("a = ? AND b = ?"), "a = $1 AND b = $2");
  EXPECT_EQ(NumberPlaceholders("'?''?' ? \"?\" -- ?\n? /* ? */ ?"), "'?''?' $1 \"?\" -- ?\n$2 /* ? */ $3");
  EXPECT_EQ(NumberPlaceholders("'unfinished ?"), "'unfinished ?");
}

}  // namespace
}  // namespace hanse::store
