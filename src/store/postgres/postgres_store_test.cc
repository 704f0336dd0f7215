#include "store/postgres/postgres_store.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "store/contract_test.h"
#include "store/postgres/history.h"
#include "store/postgres/placeholders.h"

namespace hanse::store {
namespace {

constexpr std::string_view kPrograms = "/usr/lib/postgresql/15/bin";

// A PostgreSQL of the test program's own, in a temporary folder, reached by a socket there. It does not run as root.
class Cluster {
 public:
  static Cluster& One() {
    static Cluster cluster;
    return cluster;
  }
  const std::string& missing() const { return missing_; }
  std::string Address(const std::string& database) const { return fmt::format("host={} dbname={} user=hanse", folder_, database); }
  bool Sql(const std::string& sql) { return Run(fmt::format("psql -q -h {} -U hanse -d postgres -c \"{}\"", folder_, sql)) == 0; }

 private:
  Cluster() {
    std::string name = "/tmp/hanse-postgres-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    if (!std::filesystem::exists(std::string(kPrograms) + "/initdb")) {
      missing_ = "PostgreSQL 15 is not installed";
      return;
    }
    if (::geteuid() == 0) {
      const struct passwd* user = ::getpwnam("postgres");
      if (!user || ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
        missing_ = "there is no user postgres to run PostgreSQL as";
        return;
      }
      as_ = fmt::format("setpriv --reuid={} --regid={} --clear-groups ", user->pw_uid, user->pw_gid);
    }
    if (Run(fmt::format("initdb -D {}/data -U hanse -A trust -E UTF8 --locale=C --no-sync", folder_)) != 0 ||
        Run(fmt::format("pg_ctl -D {0}/data -w -l {0}/log -o \"-k {0} -c listen_addresses='' -c fsync=off\" start", folder_)) !=
            0) {
      missing_ = "PostgreSQL does not start here";
      return;
    }
    started_ = true;
  }
  ~Cluster() {
    if (started_) Run(fmt::format("pg_ctl -D {}/data -m immediate stop", folder_));
    std::filesystem::remove_all(folder_);
  }
  int Run(const std::string& command) {
    return std::system(fmt::format("cd {} && {}{}/{} >/dev/null 2>&1", folder_, as_, kPrograms, command).c_str());
  }

  std::string folder_, as_, missing_;
  bool started_ = false;
};

struct PostgresDatabase {
  PostgresDatabase() {
    static int count = 0;
    name = fmt::format("d{}_{}", ::getpid(), ++count);
    if (Missing().empty()) Cluster::One().Sql("CREATE DATABASE " + name);
  }
  ~PostgresDatabase() {
    if (Missing().empty()) Cluster::One().Sql("DROP DATABASE " + name + " WITH (FORCE)");
  }
  std::string Missing() const { return Cluster::One().missing(); }
  Result<std::unique_ptr<Store>> Open() {
    TRY_ASSIGN(auto store, PostgresStore::Open(Cluster::One().Address(name)));
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
  if (!Cluster::One().Sql("CREATE DATABASE " + other + " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'")) {
    GTEST_SKIP() << "this PostgreSQL has no ICU";
  }
  auto opened = PostgresStore::Open(Cluster::One().Address(other));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kConflict);
  Cluster::One().Sql("DROP DATABASE " + other);
}

TEST(PostgresStore, FindsItsWayBackAfterLostConnections) {
  PostgresDatabase database;
  if (!database.Missing().empty()) GTEST_SKIP() << database.Missing();
  auto store = database.Open();
  ASSERT_TRUE(store.has_value());
  auto open = (*store)->BeginRead();
  ASSERT_TRUE((*open)->One("SELECT 1").has_value());
  ASSERT_TRUE(Cluster::One().Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database.name + "'"));
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
