#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <thread>

#include <fmt/format.h>

#include "base/test_postgres.h"
#include "warehouse/relations.h"
#include "warehouse/table_reads.h"

namespace hanse::warehouse {
namespace {

using Properties = std::map<std::string, std::string>;

Properties With(std::string url) {
  return {{"JDBC_CONNECTION_URL", std::move(url)}, {"USERNAME", "reader"}, {"PASSWORD", "s3cret-word"}};
}

TEST(Address, IsReadFromAUrlOrFromItsParts) {
  auto url = ReadAddress(With("jdbc:postgresql://db.example.com:6432/shop%20two"));
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->host, "db.example.com");
  EXPECT_EQ(url->port, 6432);
  EXPECT_EQ(url->database, "shop two");
  EXPECT_EQ(url->user, "reader");
  EXPECT_EQ(url->encryption, Encryption::kRequired);
  auto redshift = ReadAddress(With("jdbc:redshift://cluster.example.com/dev"));
  ASSERT_TRUE(redshift.has_value());
  EXPECT_EQ(redshift->port, 5439);
  auto parts = ReadAddress({{"HOST", "127.0.0.1"}, {"PORT", "5433"}, {"DATABASE", "shop"}, {"USERNAME", "reader"}});
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->port, 5433);
  EXPECT_EQ(parts->encryption, Encryption::kPreferred);
  auto six = ReadAddress(With("jdbc:postgresql://[::1]:5432/shop"));
  ASSERT_TRUE(six.has_value());
  EXPECT_EQ(six->host, "::1");
}

TEST(Address, IsSpokenToInTlsUnlessItIsThisMachine) {
  EXPECT_EQ(ReadAddress(With("jdbc:postgresql://db.example.com/x?sslmode=disable"))->encryption, Encryption::kRequired);
  EXPECT_EQ(ReadAddress(With("jdbc:postgresql://localhost/x?ssl=true"))->encryption, Encryption::kRequired);
  EXPECT_EQ(ReadAddress(With("jdbc:postgresql://localhost/x?sslmode=verify-full"))->encryption, Encryption::kVerified);
  Properties enforced = With("jdbc:postgresql://localhost/x");
  enforced["JDBC_ENFORCE_SSL"] = "true";
  EXPECT_EQ(ReadAddress(enforced)->encryption, Encryption::kVerified);
  EXPECT_EQ(ReadAddress(With("jdbc:postgresql://localhost.example.com/x"))->encryption, Encryption::kRequired);
}

TEST(Address, WhatLeadsElsewhereIsRefused) {
  for (const char* url : {"jdbc:mysql://db:3306/x", "jdbc:postgresql://a,b/x", "jdbc:postgresql:///x", "jdbc:postgresql://%2Ftmp/x",
                          "jdbc:postgresql://db:0/x", "jdbc:postgresql://db:70000/x", "jdbc:postgresql://db/", "postgresql://db/x",
                          "jdbc:postgresql://user:word@db/x", "jdbc:postgresql://db/x?options=-csearch_path",
                          "jdbc:postgresql://db/x?user=a&password=hidden-word", "jdbc:postgresql://db/x%0Ay"}) {
    auto read = ReadAddress(With(url));
    ASSERT_FALSE(read.has_value()) << url;
    EXPECT_EQ(read.error().message.find("word@"), std::string::npos);
    EXPECT_EQ(read.error().message.find("hidden-word"), std::string::npos);
  }
  EXPECT_EQ(ReadAddress({{"HOST", "/var/run/postgresql"}, {"DATABASE", "x"}, {"USERNAME", "u"}}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_FALSE(ReadAddress({{"JDBC_CONNECTION_URL", "jdbc:postgresql://db/x"}}).has_value());  // Nobody's.
}

TEST(AllowedHosts, WhatIsNotNamedIsNotCalled) {
  auto allowed = AllowedHosts::Parse({"db.example.com:5432", "other.example.com", "[::1]:5433"});
  ASSERT_TRUE(allowed.has_value());
  EXPECT_TRUE(allowed->Check({.host = "DB.example.com", .port = 5432}).has_value());
  EXPECT_TRUE(allowed->Check({.host = "other.example.com", .port = 1234}).has_value());
  EXPECT_TRUE(allowed->Check({.host = "::1", .port = 5433}).has_value());
  auto port = allowed->Check({.host = "db.example.com", .port = 5433});
  ASSERT_FALSE(port.has_value());
  EXPECT_EQ(port.error().code, ErrorCode::kAccessDenied);
  EXPECT_NE(port.error().message.find("--warehouse db.example.com:5433"), std::string::npos);
  EXPECT_FALSE(allowed->Check({.host = "169.254.169.254", .port = 80}).has_value());
  EXPECT_FALSE(AllowedHosts().Check({.host = "db.example.com", .port = 5432}).has_value());
  EXPECT_FALSE(AllowedHosts::Parse({"a b"}).has_value());
  EXPECT_FALSE(AllowedHosts::Parse({"host:"}).has_value());
}

TEST(Relations, TypesAreThoseOfTheCatalog) {
  EXPECT_EQ(HiveTypeOf("int8", -1), "bigint");
  EXPECT_EQ(HiveTypeOf("numeric", ((10 << 16) | 2) + 4), "decimal(10,2)");
  EXPECT_EQ(HiveTypeOf("numeric", -1), "decimal(38,18)");
  EXPECT_EQ(HiveTypeOf("numeric", ((60 << 16) | 2) + 4), "string");
  EXPECT_EQ(HiveTypeOf("uuid", -1), "string");
  EXPECT_EQ(HiveTypeOf("timestamptz", -1), "timestamp");
}

// What a read gave.
struct Gathered {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<unsigned> types;
  std::string bytes;
  std::optional<Result<void>> ended;
  Result<void> Wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ended.has_value(); });
    return *ended;
  }
};
class Gathering final : public RowSink {
 public:
  Gathering(std::shared_ptr<Gathered> into, bool slow) : into_(std::move(into)), slow_(slow) {}
  Result<void> Types(const std::vector<unsigned>& types) override {
    std::lock_guard lock(into_->mutex);
    into_->types = types;
    return {};
  }
  Result<void> Bytes(std::string_view bytes) override {
    {
      std::lock_guard lock(into_->mutex);
      into_->bytes += bytes;
    }
    into_->changed.notify_all();
    if (slow_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return {};
  }
  void Ended(const Result<void>& how) override {
    {
      std::lock_guard lock(into_->mutex);
      into_->ended = how;
    }
    into_->changed.notify_all();
  }

 private:
  std::shared_ptr<Gathered> into_;
  bool slow_;
};

class WarehouseTest : public ::testing::Test {
 protected:
  static TestPostgres& Postgres() {
    static TestPostgres postgres(TestPostgres::Listens::kTcp);
    return postgres;
  }
  void SetUp() override {
    if (!Postgres().missing().empty()) GTEST_SKIP() << Postgres().missing();
    static const bool made = Postgres().Sql(
        "CREATE ROLE reader LOGIN PASSWORD 's3cret-word'; CREATE DATABASE shop; \\c shop\n"
        "CREATE TABLE orders (\"Id\" bigint, total numeric(10,2), made uuid, note varchar(40));"
        "INSERT INTO orders SELECT n, n, gen_random_uuid(), 'note ' || n FROM generate_series(1, 1000) n;"
        "CREATE VIEW big_orders AS SELECT * FROM orders WHERE total > 500;"
        "CREATE TABLE \"od\"\"d; DROP TABLE orders\" (\"a\"\"b\" int); INSERT INTO \"od\"\"d; DROP TABLE orders\" VALUES (7);"
        "CREATE TABLE hidden (n int); CREATE VIEW failing AS SELECT 1 / (total - total)::int AS secret_value FROM orders;"
        "GRANT SELECT ON orders, big_orders, failing, \"od\"\"d; DROP TABLE orders\" TO reader; ANALYZE");
    ASSERT_TRUE(made);
  }
  Address Reader() {
    return {.host = "127.0.0.1",
            .port = Postgres().port(),
            .database = "shop",
            .user = "reader",
            .password = "s3cret-word",
            .encryption = Encryption::kPreferred};
  }
  Result<Session> Open(Address address, Patience patience = {}) { return Session::Open(address, "", {}, patience); }
  std::shared_ptr<Gathered> Start(TableReads& reads, const std::string& table, std::vector<std::string> columns,
                                  bool slow = false) {
    auto gathered = std::make_shared<Gathered>();
    auto started = reads.Start("public", table, std::move(columns), std::make_unique<Gathering>(gathered, slow));
    EXPECT_TRUE(started.has_value());
    return gathered;
  }
};

TEST_F(WarehouseTest, ColumnsAreReadByTheirNamesWithoutCase) {
  TableReads reads(Reader(), "");
  auto gathered = Start(reads, "orders", {"id", "total", "made"});
  ASSERT_TRUE(gathered->Wait().has_value());
  EXPECT_EQ(gathered->types, (std::vector<unsigned>{kInt8, kNumeric, kText}));
  EXPECT_TRUE(gathered->bytes.starts_with(std::string("PGCOPY\n\xff\r\n\0", 11)));
  EXPECT_EQ(gathered->bytes.substr(gathered->bytes.size() - 2), "\xff\xff");
  auto none = Start(reads, "orders", {});
  ASSERT_TRUE(none->Wait().has_value());
  EXPECT_EQ(none->bytes.size(), 19u + 1000 * 2 + 2);
}

TEST_F(WarehouseTest, NamesAreNamesWhateverIsInThem) {
  TableReads reads(Reader(), "");
  ASSERT_TRUE(Start(reads, "od\"d; DROP TABLE orders", {"a\"b"})->Wait().has_value());
  EXPECT_TRUE(Start(reads, "orders", {"id"})->Wait().has_value());
}

TEST_F(WarehouseTest, ErrorsSayWhatKindOfFailureItIsAndNoMore) {
  auto message = [&](const Address& address) {
    auto opened = Open(address, {.connect_ms = 5000});
    EXPECT_FALSE(opened.has_value());
    std::string text = opened ? "" : opened.error().message;
    EXPECT_EQ(text.find("word"), text.find("password") == std::string::npos ? std::string::npos : text.find("password") + 4)
        << text;
    return text;
  };
  Address wrong = Reader();
  wrong.password = "wr0ng-word";
  EXPECT_NE(message(wrong).find("does not accept the user's name and password"), std::string::npos);
  Address nobody = Reader();
  nobody.port = 1;
  EXPECT_NE(message(nobody).find("connection refused"), std::string::npos);
  Address other = Reader();
  other.database = "none";
  EXPECT_NE(message(other).find("no such database"), std::string::npos);
  Address tls = Reader();
  tls.encryption = Encryption::kRequired;
  EXPECT_NE(message(tls).find("does not speak TLS"), std::string::npos);

  auto ends = [&](const std::string& table, std::vector<std::string> columns) {
    TableReads reads(Reader(), "");
    auto ended = Start(reads, table, std::move(columns))->Wait();
    EXPECT_FALSE(ended.has_value());
    return ended ? Error() : ended.error();
  };
  EXPECT_EQ(ends("nothing", {"a"}).message, "there is no such table in the warehouse");
  EXPECT_EQ(ends("hidden", {"n"}).code, ErrorCode::kAccessDenied);
  EXPECT_EQ(ends("orders", {"id", "secret_column"}).message, "the table in the warehouse lacks a column that the catalog lists");
  EXPECT_EQ(ends("failing", {"secret_value"}).message, "the warehouse refused it (SQLSTATE 22012)");
}

TEST_F(WarehouseTest, AWarehouseThatDoesNotAnswerIsNotWaitedForLong) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  Address silent = Reader();
  silent.port = ntohs(address.sin_port);
  auto opened = Open(silent, {.connect_ms = 200});
  ASSERT_FALSE(opened.has_value());
  EXPECT_NE(opened.error().message.find("no answer within 1 s"), std::string::npos);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(Session::Open(silent, "", stop.get_token()).error().code, ErrorCode::kTimeout);
  ::close(listener);
}

TEST_F(WarehouseTest, NothingIsWrittenThere) {
  auto session = Open(Reader());
  ASSERT_TRUE(session.has_value());
  auto written = session->Command("CREATE TEMPORARY TABLE t (n int)");
  ASSERT_FALSE(written.has_value());
  EXPECT_NE(written.error().message.find("25006"), std::string::npos);
  EXPECT_TRUE(session->Query("SELECT 1").has_value());
}

TEST_F(WarehouseTest, AllReadsOfAQuerySeeOneMoment) {
  TableReads reads(Reader(), "");
  auto first = Start(reads, "orders", {"id"});
  ASSERT_TRUE(first->Wait().has_value());
  ASSERT_TRUE(Postgres().Sql("INSERT INTO orders (\"Id\") VALUES (0)", "shop"));
  auto second = Start(reads, "orders", {"id"}, /*slow=*/true);
  auto third = Start(reads, "orders", {"id"});
  ASSERT_TRUE(second->Wait().has_value());
  ASSERT_TRUE(third->Wait().has_value());
  EXPECT_EQ(first->bytes, second->bytes);
  EXPECT_EQ(first->bytes, third->bytes);
  TableReads later(Reader(), "");
  auto fourth = Start(later, "orders", {"id"});
  ASSERT_TRUE(fourth->Wait().has_value());
  EXPECT_GT(fourth->bytes.size(), first->bytes.size());
  ASSERT_TRUE(Postgres().Sql("DELETE FROM orders WHERE \"Id\" = 0", "shop"));
}

TEST_F(WarehouseTest, AStoppedReadEndsInTheWarehouseToo) {
  ASSERT_TRUE(
      Postgres().Sql("CREATE TABLE IF NOT EXISTS many AS SELECT n FROM generate_series(1, 500000) n; "
                     "GRANT SELECT ON many TO reader",
                     "shop"));
  auto begin = std::chrono::steady_clock::now();
  std::shared_ptr<Gathered> gathered;
  {
    TableReads reads(Reader(), "");
    gathered = Start(reads, "many", {"n"}, /*slow=*/true);
    std::unique_lock lock(gathered->mutex);
    gathered->changed.wait(lock, [&] { return gathered->bytes.size() > 100; });
  }
  EXPECT_FALSE(gathered->Wait().has_value());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  const std::string gone =
      "DO $$ BEGIN FOR i IN 1..50 LOOP PERFORM pg_stat_clear_snapshot(); "
      "IF NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE usename = 'reader') THEN RETURN; END IF; "
      "PERFORM pg_sleep(0.1); END LOOP; RAISE 'still there'; END $$";
  EXPECT_TRUE(Postgres().Sql(gone));
}

TEST_F(WarehouseTest, RelationsAreThoseThatTheUserMayRead) {
  auto session = Open(Reader());
  ASSERT_TRUE(session.has_value());
  auto relations = ListRelations(*session, "public", "%orders");
  ASSERT_TRUE(relations.has_value()) << relations.error().message;
  ASSERT_EQ(relations->size(), 3u);  // Of big_orders, the odd one and orders.
  EXPECT_TRUE(relations->front().view);
  const Relation& orders = relations->back();
  EXPECT_EQ(orders.name, "orders");
  EXPECT_FALSE(orders.view);
  EXPECT_EQ(orders.rows, 1000);
  ASSERT_EQ(orders.columns.size(), 4u);
  EXPECT_EQ(orders.columns[0].name, "Id");
  EXPECT_EQ(orders.columns[1].hive_type, "decimal(10,2)");
  auto all = ListRelations(*session, "%", "%");
  ASSERT_TRUE(all.has_value());
  for (const Relation& one : *all) EXPECT_NE(one.name, "hidden");
  auto exact = ListRelations(*session, "public", "big_order_");
  ASSERT_TRUE(exact.has_value());
  EXPECT_TRUE(exact->empty());
}

}  // namespace
}  // namespace hanse::warehouse
