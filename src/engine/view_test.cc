// Views and EXPLAIN: a view gives no more than its tables, and a plan tells no more than its query says.
#include <gmock/gmock.h>

#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ViewTest : public testing::Test {
 protected:
  ViewTest() : tables(objects) {
    TableSource base{.database = "shop", .name = "base"};
    base.columns = {{"id", "bigint"}, {"c", "string"}, {"secret", "string"}};
    base.visible = {"id", "c", "secret"};
    base.files = {objects.Parquet("SELECT * FROM (VALUES (1::BIGINT, 'a', 's1'), (2, 'b', 's2')) t(id, c, secret)")};
    tables.Add(base);
  }
  TableSource& AddView(const std::string& name, const std::string& sql, std::vector<std::string> columns) {
    TableSource view{.database = "shop", .name = name};
    for (const std::string& column : columns) view.columns.push_back({column, "string"});
    view.visible = std::move(columns);
    view.view_sql = sql;
    view.view_database = "shop";
    return tables.Add(std::move(view));
  }
  std::string Text(const std::string& sql, const std::string& database = "shop") {
    return Ask(tables, sql, {}, {}, database).Text();
  }
  TestAnswer Planned(const std::string& sql, JobKind kind) {
    TestAnswer answer;
    QueryJob job{.id = "test", .sql = sql, .database = "shop", .kind = kind};
    answer.outcome = TestPool().Run(job, tables, answer, {});
    return answer;
  }
  TestObjects objects;
  TestTables tables;
};

TEST_F(ViewTest, IsReadWithItsReadersRights) {
  AddView("v", "SELECT c, COUNT(*) AS n FROM base GROUP BY c -- so", {"c", "n"});
  EXPECT_EQ(Text("SELECT * FROM v ORDER BY c"), "a|1\nb|1\n");
  EXPECT_EQ(Text("SELECT x.n FROM shop.v AS x WHERE x.c = 'a'", "other"), "1\n");
  tables["shop.base"].row_filter = "c = 'b'";
  EXPECT_EQ(Text("SELECT * FROM v ORDER BY c"), "b|1\n");
  tables["shop.base"].visible = {"id"};
  EXPECT_THAT(Text("SELECT * FROM v"), HasSubstr("COLUMN_NOT_FOUND"));
}

TEST_F(ViewTest, GivesTheColumnsThatItsReaderSees) {
  TableSource& view = AddView("v", "SELECT * FROM base", {"id", "c"});
  EXPECT_EQ(Text("SELECT * FROM v ORDER BY id"), "1|a\n2|b\n");
  view.visible = {"id"};
  EXPECT_EQ(Text("SELECT * FROM v ORDER BY id"), "1\n2\n");
  EXPECT_THAT(Text("SELECT c FROM v"), HasSubstr("COLUMN_NOT_FOUND"));
  EXPECT_THAT(Planned("SELECT id FROM v", JobKind::kExplain).Text(), HasSubstr("NOT_SUPPORTED"));
  view.visible.clear();
  EXPECT_THAT(Text("SELECT 1 FROM v"), HasSubstr("PERMISSION_DENIED"));
}

TEST_F(ViewTest, StandsOnOtherViewsButNotOnItself) {
  AddView("one", "SELECT id FROM base", {"id"});
  AddView("two", "SELECT a.id FROM one a JOIN one b ON a.id = b.id", {"id"});
  EXPECT_EQ(Text("SELECT * FROM two ORDER BY id"), "1\n2\n");
  AddView("me", "SELECT id FROM you", {"id"});
  AddView("you", "SELECT id FROM me", {"id"});
  EXPECT_EQ(Planned("SELECT * FROM me", JobKind::kRun).outcome.category, ErrorCategory::kUser);
  EXPECT_THAT(Text("SELECT * FROM me"), Not(HasSubstr("\n")));
}

TEST_F(ViewTest, ViewsWithoutEndAreRefused) {
  AddView("v0", "SELECT id FROM base", {"id"});
  for (int i = 1; i < 40; ++i) {
    std::string below = "v" + std::to_string(i - 1);
    AddView("v" + std::to_string(i), "SELECT a.id FROM " + below + " a, " + below + " b", {"id"});
  }
  EXPECT_THAT(Text("SELECT * FROM v39"), HasSubstr("VIEW_IS_RECURSIVE"));
}

TEST_F(ViewTest, OnlyAQueryIsAView) {
  for (const char* sql : {"DROP TABLE base", "SELECT 1 AS id; SELECT 2 AS id", "SELECT * FROM read_text('/etc/passwd')", ")"}) {
    AddView("v", sql, {"id"});
    EXPECT_NE(Planned("SELECT * FROM v", JobKind::kRun).outcome.state, QueryState::kSucceeded) << sql;
  }
}

TEST_F(ViewTest, AQuerysColumnsAreDescribedWhole) {
  TestAnswer answer = Planned("SELECT id, array[c] AS cs, id + 1 FROM base", JobKind::kDescribe);
  std::vector<std::string> described;
  for (const ResultColumn& column : answer.columns) described.push_back(column.name + " " + column.type);
  EXPECT_THAT(described, ElementsAre("id bigint", "cs array(varchar)", " bigint"));
  EXPECT_TRUE(answer.rows.empty());
  EXPECT_THAT(Planned("SELECT nothing FROM base", JobKind::kDescribe).outcome.message, HasSubstr("COLUMN_NOT_FOUND"));
}

TEST_F(ViewTest, APlanShowsTheQueryAndNotTheRules) {
  const std::string sql = "SELECT c, count(*) AS n FROM base WHERE id > 7 GROUP BY c ORDER BY n LIMIT 3";
  std::string open = Planned(sql, JobKind::kExplain).Text();
  EXPECT_THAT(open, HasSubstr("TableScan[table = awsdatacatalog:shop:base] => ["));
  EXPECT_THAT(open, HasSubstr("Filter[filterPredicate = (id > "));
  EXPECT_THAT(open, HasSubstr("Aggregate["));
  tables["shop.base"].visible = {"id", "c"};
  tables["shop.base"].row_filter = "secret = 's1'";
  tables["shop.base"].masks = {{"c", "secret = 's2'"}};
  EXPECT_EQ(Planned(sql, JobKind::kExplain).Text(), open);
  tables["shop.base"].files.clear();
  EXPECT_EQ(Planned(sql, JobKind::kExplain).Text(), open);
  EXPECT_THAT(Planned("SELECT secret FROM base", JobKind::kExplain).Text(), HasSubstr("COLUMN_NOT_FOUND"));
}

}  // namespace
}  // namespace hanse::engine
