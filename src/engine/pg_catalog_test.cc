// Questions about PostgreSQL's catalog, in a confined worker: what one caller may see, and nothing of the caller before.
#include <gmock/gmock.h>

#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

// Of somebody who may list nothing.
class NoListing final : public TableResolver {
 public:
  Result<TableSource> Resolve(std::string_view, std::string_view) override { return Fail(ErrorCode::kNotFound, "hidden"); }
  Result<OpenObject> Open(std::uint64_t) override { return Fail(ErrorCode::kNotFound, "hidden"); }
  Result<std::vector<ListedTable>> List() override { return Fail(ErrorCode::kAccessDenied, "not allowed"); }
};

class PgCatalogTest : public testing::Test {
 protected:
  PgCatalogTest() : tables(objects) { tables.Add(OrdersTable(objects)); }
  TestAnswer Answer(TableResolver& seen, const std::string& sql, JobKind kind = JobKind::kPgCatalog) {
    TestAnswer answer;
    QueryJob job{.id = "test", .sql = sql, .kind = kind};
    job.session = {{"hanse.schema", "shop"}, {"hanse.user", "me"}, {"hanse.database", "lake"}, {"search_path", "shop"}};
    answer.outcome = pool_.Run(job, seen, answer, {});
    return answer;
  }
  std::string Told(const std::string& sql) { return Answer(tables, sql).Text(); }

  TestObjects objects;
  TestTables tables;
  WorkerPool pool_{TestWorkers(1)};  // One worker: whoever comes next meets what the last one left.
};

TEST_F(PgCatalogTest, ShowsWhatTheListingShows) {
  const std::string columns = "SELECT attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid ORDER BY attnum";
  EXPECT_EQ(Told(columns), "id\ncountry\namount\ncard\n");
  tables["shop.orders"].visible = {"id"};
  EXPECT_EQ(Told(columns), "id\n");
  EXPECT_EQ(Told("SELECT table_name, data_type FROM hanse_information_schema.columns"), "orders|bigint\n");
}

TEST_F(PgCatalogTest, NothingOfOneCallerIsLeftForTheNext) {
  EXPECT_EQ(Told("SELECT relname FROM pg_class"), "orders\n");
  TestTables nothing(objects);
  EXPECT_EQ(Answer(nothing, "SELECT relname FROM pg_class").Text(), "");
  EXPECT_EQ(Answer(nothing, "SELECT count(*) FROM hanse_columns").Text(), "0\n");
  EXPECT_EQ(Told("SELECT relname FROM pg_class"), "orders\n");
}

TEST_F(PgCatalogTest, HasPostgresMeanings) {
  EXPECT_EQ(Told("SELECT 'abc' ~ 'b', 'abc' !~ 'b', 'ABC' ~* 'b', 'pg_x' LIKE 'pg\\_%', 'pgax' LIKE 'pg\\_%', 7 / 2"),
            "true|false|true|true|false|3\n");
  EXPECT_EQ(Told("SELECT 'orders'::regclass::text, 'orders'::regclass = c.oid, c.oid::regclass FROM pg_class c"),
            "orders|true|orders\n");
  EXPECT_EQ(Told("SELECT 'b' = ANY('{a,b}'::text[]), current_schemas(true), current_setting('search_path')"),
            "true|{\"pg_catalog\",\"shop\"}|shop\n");
  EXPECT_EQ(Told("SELECT i, s[i] FROM generate_series(1, 1) AS i, string_to_array('x', ',') s"), "1|x\n");
  EXPECT_EQ(Answer(tables, "SELECT count(*), current_database(), 1").columns[0].name, "count");
}

TEST_F(PgCatalogTest, DescribingGivesColumnsAndNoRows) {
  TestAnswer answer = Answer(tables, "SELECT oid, relname FROM pg_class", JobKind::kPgCatalogColumns);
  ASSERT_EQ(answer.outcome.state, QueryState::kSucceeded) << answer.outcome.message;
  EXPECT_EQ(answer.columns.size(), 2U);
  EXPECT_EQ(answer.columns[1].type, "varchar");
  EXPECT_TRUE(answer.rows.empty());
}

TEST_F(PgCatalogTest, OpensNothingAndChangesNothing) {
  for (const char* sql : {"SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM duckdb_settings()",
                          "SELECT * FROM query('SELECT 1')", "SELECT * FROM glob('/*')", "SELECT * FROM '/etc/passwd'",
                          "CREATE TABLE mine(a INT)", "SET GLOBAL enable_external_access = true", "ATTACH '/tmp/x.db' AS x",
                          "COPY pg_class TO '/tmp/x'", "INSTALL httpfs", "SELECT 1; SELECT 2", "PRAGMA database_list"}) {
    const TestAnswer answer = Answer(tables, sql);
    EXPECT_NE(answer.outcome.state, QueryState::kSucceeded) << sql;
    EXPECT_THAT(answer.outcome.message, Not(HasSubstr("root:"))) << sql;
  }
  EXPECT_EQ(Told("SELECT relname FROM pg_class"), "orders\n");
}

TEST_F(PgCatalogTest, ASessionsValuesNeedNoListing) {
  NoListing none;
  EXPECT_EQ(Answer(none, "SELECT current_schema(), current_database(), current_user").Text(), "shop|lake|me\n");
  EXPECT_THAT(Answer(none, "SELECT version()").Text(), HasSubstr("PostgreSQL 15"));
  EXPECT_THAT(Answer(none, "SELECT relname FROM pg_class").Text(), HasSubstr("PERMISSION_DENIED"));
}

}  // namespace
}  // namespace hanse::engine
