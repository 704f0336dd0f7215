// Views with their definer's rights: the reader sees the view's rows, and nothing that he writes meets a row that the view hides.
#include "engine/definer_view.h"

#include <gmock/gmock.h>

#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class DefinerViewTest : public testing::Test {
 protected:
  // shop.v shows of salaries: id, name, pay where pay < 100; hidden are 'boss' (pay 0 in `divisor`) and 'x9z'.
  DefinerViewTest() : tables(objects) {
    TableSource base{.database = "shop", .name = "salaries"};
    base.columns = {{"id", "bigint"}, {"name", "string"}, {"pay", "bigint"}, {"divisor", "bigint"}, {"code", "string"}};
    base.visible = {"id", "name", "pay", "divisor", "code"};
    base.files = {
        objects.Parquet("SELECT * FROM (VALUES (1::BIGINT, 'ana', 10::BIGINT, 1::BIGINT, '11'), (2, 'bob', 20, 2, '22'), (3, "
                        "'boss', 900, 0, 'x9z'), "
                        "(4, 'cara', 30, 3, '33')) t(id, name, pay, divisor, code)")};
    tables.AddBeneath(1, base);
    tables.Add(View("v", "SELECT id, name, pay, divisor, code FROM salaries WHERE pay < 100"));
  }
  TableSource View(const std::string& name, const std::string& sql) {
    TableSource view{.database = "shop", .name = name};
    view.columns = {{"id", "bigint"}, {"name", "string"}, {"pay", "bigint"}, {"divisor", "bigint"}, {"code", "string"}};
    view.visible = {"id", "name", "pay", "divisor", "code"};
    view.view_sql = sql;
    view.view_database = "shop";
    view.definer_view = 1;
    return view;
  }
  // shop.m over 300,000 rows of its definer's.
  void AddMany(const std::string& sql) {
    TableSource base{.database = "shop", .name = "many"};
    base.columns = {{"id", "bigint"}, {"name", "string"}};
    base.visible = {"id", "name"};
    base.files = {objects.Parquet("SELECT i AS id, 'n' || (i % 7) AS name FROM range(300000) t(i)")};
    TableSource view{.database = "shop", .name = "m"};
    view.columns = base.columns;
    view.visible = base.visible;
    view.view_sql = sql;
    view.view_database = "shop";
    view.definer_view = 1;
    tables.AddBeneath(1, std::move(base));
    tables.Add(std::move(view));
  }
  TestAnswer Of(const std::string& sql, JobKind kind = JobKind::kRun) {
    return AskOf(TestPool(), tables, {.id = "test", .sql = sql, .database = "shop", .kind = kind});
  }
  std::string Text(const std::string& sql) { return Of(sql).Text(); }

  TestObjects objects;
  TestTables tables;
};

TEST_F(DefinerViewTest, GivesItsRowsToWhoCannotReadItsTables) {
  EXPECT_THAT(Text("SELECT * FROM salaries"), HasSubstr("TABLE_NOT_FOUND"));
  EXPECT_EQ(Text("SELECT id, name FROM v ORDER BY id"), "1|ana\n2|bob\n4|cara\n");
  EXPECT_EQ(Text("SELECT count(*) FROM v"), "3\n");
  EXPECT_EQ(Text("SELECT 1 FROM v LIMIT 1"), "1\n");
  EXPECT_EQ(Text("SELECT pay, id, pay FROM shop.v WHERE pay > 15 ORDER BY pay DESC LIMIT 1"), "30|4|30\n");
  EXPECT_EQ(Text("SELECT a.name, b.name FROM v a JOIN v b ON a.id = b.id - 1"), "ana|bob\n");
  EXPECT_EQ(Text("WITH w AS (SELECT * FROM v) SELECT x.id FROM w x, w y WHERE x.id = y.id ORDER BY 1"), "1\n2\n4\n");
  EXPECT_EQ(Text("SELECT (SELECT max(pay) FROM v b WHERE b.id < a.id) FROM v a ORDER BY a.id"), "NULL\n10\n20\n");
}

TEST_F(DefinerViewTest, ItsTablesAreAskedForInItsNameAlone) {
  EXPECT_EQ(Text("SELECT max(a.pay + b.pay) FROM v a, v b"), "60\n");
  EXPECT_THAT(tables.asked_beneath, ElementsAre("1/shop.salaries"));
  // A name in the reader's own query is never asked for as the definer, wherever it stands.
  EXPECT_THAT(Text("SELECT * FROM v WHERE EXISTS (SELECT 1 FROM salaries)"), HasSubstr("TABLE_NOT_FOUND"));
  EXPECT_THAT(Text("WITH salaries AS (SELECT 1 AS id) SELECT count(*) FROM v, salaries"), "3\n");
}

// A view's query that means the reader's own tables, or other views, is none.
TEST_F(DefinerViewTest, StandsOnTheTablesThatItNamesAlone) {
  tables.Add(OrdersTable(objects));
  tables.Add(View("other", "SELECT id, country AS name, 1 AS pay, 1 AS divisor, '' AS code FROM orders"));
  EXPECT_THAT(Text("SELECT * FROM other"), HasSubstr("INVALID_VIEW"));
  EXPECT_THAT(Text("SELECT * FROM other"), Not(HasSubstr("secret")));
  tables.AddBeneath(1, View("v", "SELECT 1"));
  tables.Add(View("nested", "SELECT * FROM v"));
  EXPECT_THAT(Text("SELECT * FROM nested"), HasSubstr("INVALID_VIEW"));
  tables.Add(
      View("listing", "SELECT 1 AS id, table_name AS name, 1 AS pay, 1 AS divisor, '' AS code FROM information_schema.tables"));
  EXPECT_THAT(Text("SELECT * FROM listing"), HasSubstr("INVALID_VIEW"));
}

TEST_F(DefinerViewTest, GivesTheColumnsThatItsReaderSees) {
  tables["shop.v"].visible = {"id", "name"};
  EXPECT_EQ(Text("SELECT * FROM v ORDER BY id LIMIT 1"), "1|ana\n");
  EXPECT_THAT(Text("SELECT pay FROM v"), HasSubstr("COLUMN_NOT_FOUND"));
}

// Each would fail on the hidden row, and succeeds because it never meets it.
TEST_F(DefinerViewTest, NothingOfItsReadersMeetsAHiddenRow) {
  for (const char* condition :
       {"100 / divisor >= 0", "CAST(code AS bigint) > 0", "CASE WHEN pay > 100 THEN 1 / (divisor * 0) ELSE 1 END = 1",
        "substr(name, CAST(code AS integer)) IS NOT NULL", "json_parse(CASE WHEN code = 'x9z' THEN '{' ELSE '1' END) IS NOT NULL",
        "mod(7, divisor) >= 0", "try(1 / divisor) IS NOT NULL"}) {
    EXPECT_EQ(Text(std::string("SELECT count(*) FROM v WHERE ") + condition), "3\n") << condition;
    EXPECT_EQ(Text(std::string("SELECT count(*) FROM (SELECT * FROM v WHERE ") + condition + " ORDER BY id LIMIT 5)"), "3\n");
    EXPECT_EQ(
        Text(std::string("SELECT count(*) FROM v a JOIN v b ON a.id = b.id AND ") + "(SELECT bool_and(" + condition + ") FROM v)"),
        "3\n")
        << condition;
  }
  EXPECT_EQ(Text("SELECT min(100 / divisor), max(CAST(code AS bigint)) FROM v"), "33|33\n");
  EXPECT_EQ(Text("SELECT id FROM v ORDER BY 100 / divisor, id"), "4\n2\n1\n");
  EXPECT_EQ(Text("SELECT count(*) FROM v GROUP BY 100 / divisor HAVING count(*) > 1"), "");
  // The same over a row that is shown: the error is the reader's own.
  tables["shop.v"].view_sql = "SELECT id, name, pay, divisor, code FROM salaries";
  EXPECT_THAT(Text("SELECT count(*) FROM v WHERE 100 / divisor >= 0"), HasSubstr("DIVISION_BY_ZERO"));
  EXPECT_THAT(Text("SELECT max(CAST(code AS bigint)) FROM v"), HasSubstr("x9z"));
}

TEST_F(DefinerViewTest, WhatFailsBeneathTellsNoValue) {
  tables["shop.v"].view_sql = "SELECT id, name, CAST(code AS bigint) AS pay, divisor, code FROM salaries";
  for (const char* sql : {"SELECT max(pay) FROM v", "SELECT id FROM v", "SELECT count(*) FROM v WHERE id = 1", "SELECT 1 FROM v"}) {
    std::string said = Text(sql);
    EXPECT_THAT(said, HasSubstr("INVALID_VIEW: View 'awsdatacatalog.shop.v' cannot be read")) << sql;
    EXPECT_THAT(said, Not(HasSubstr("x9z"))) << sql;
  }
  // A table that changed beneath it: the same words, and no name of its columns.
  tables["shop.v"].view_sql = "SELECT id, name, gone AS pay, divisor, code FROM salaries";
  EXPECT_THAT(Text("SELECT id FROM v"), HasSubstr("INVALID_VIEW"));
  EXPECT_THAT(Text("SELECT id FROM v"), Not(HasSubstr("gone")));
}

// The plan is the same whatever lies beneath, and names the view alone.
TEST_F(DefinerViewTest, APlanNamesTheViewAlone) {
  const std::string sql = "SELECT name, count(*) AS n FROM v WHERE pay > 50 GROUP BY name";
  std::string plan = Of(sql, JobKind::kExplain).Text();
  EXPECT_THAT(plan, HasSubstr("ViewScan[table = awsdatacatalog:shop:v]"));
  EXPECT_THAT(plan, HasSubstr("Filter[filterPredicate = (pay > "));
  EXPECT_THAT(plan, Not(HasSubstr("salaries")));
  EXPECT_THAT(plan, Not(HasSubstr("100")));
  tables["shop.v"].view_sql = "SELECT id, name, pay, divisor, code FROM salaries WHERE pay < 7 AND name <> 'boss'";
  EXPECT_EQ(Of(sql, JobKind::kExplain).Text(), plan);
}

TEST_F(DefinerViewTest, WhatItReadsCounts) {
  EXPECT_GT(Of("SELECT count(*) FROM v").outcome.scanned_bytes, 0u);
  Limits limits{.scanned_bytes_max = 10};
  EXPECT_EQ(Ask(tables, "SELECT sum(pay) FROM v", {}, limits).outcome.type, "BYTES_SCANNED_LIMIT");
  EXPECT_THAT(Text("SELECT * FROM definer_view()"), Not(HasSubstr("|")));
}

// Columns that nobody asks for are left out where nothing can be told by it.
TEST_F(DefinerViewTest, ReadsTheColumnsThatAreAskedForWhereNoneCanFail) {
  AddMany("SELECT id, name FROM many WHERE id < 200000");
  auto scanned = [&](const std::string& sql) { return Of(sql).outcome.scanned_bytes; };
  const std::uint64_t all = scanned("SELECT id, name FROM m");
  EXPECT_LT(scanned("SELECT id FROM m"), all);
  EXPECT_LT(scanned("SELECT count(*) FROM m"), all);
  EXPECT_EQ(Text("SELECT name, id FROM m WHERE id = 8"), "n1|8\n");
  tables["shop.m"].view_sql = "SELECT id, CAST(substr(name, 2) AS bigint) AS name FROM many WHERE id < 200000";
  EXPECT_EQ(scanned("SELECT id FROM m"), all);
}

TEST_F(DefinerViewTest, ManyRowsComeThrough) {
  AddMany("SELECT id, name FROM many WHERE id % 3 = 0");
  EXPECT_EQ(Text("SELECT count(*), sum(id), count(DISTINCT name) FROM m"), "100000|14999850000|7\n");
  EXPECT_EQ(Text("SELECT a.id FROM m a JOIN m b ON a.id = b.id + 3 ORDER BY 1 DESC LIMIT 2"), "299997\n299994\n");
  EXPECT_EQ(Text("SELECT id FROM m LIMIT 1"), "0\n");
}

}  // namespace
}  // namespace hanse::engine
