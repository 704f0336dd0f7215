#include <gmock/gmock.h>

#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

// The twelve rules of spec/engine.md, section 5: each was a real hole or a wrong answer when it was missing. Table `sec`: every
// tenth of 5,000 rows is HIDDEN by a row filter; `masked` hides the cell txt of the same rows; `columns` shows columns in another
// order than the file's.
class RulesTest : public testing::Test {
 protected:
  RulesTest() : tables(objects) {
    TableSource sec;
    sec.database = "shop";
    sec.name = "sec";
    sec.columns = {{"id", "bigint"},    {"txt", "string"}, {"cls", "string"},
                   {"denom", "bigint"}, {"pay", "bigint"}, {"pii", "string"}};
    sec.visible = {"id", "txt", "denom", "pay"};
    sec.row_filter = "cls = 'OPEN'";
    sec.files = {
        objects.Parquet("SELECT i id, CASE WHEN i % 10 = 0 THEN 'secret_' || i ELSE 'public_' || i END txt, CASE WHEN i % 10 = 0 "
                        "THEN 'HIDDEN' ELSE 'OPEN' "
                        "END cls, CASE WHEN i % 10 = 0 THEN 0 ELSE i END denom, CASE WHEN i % 10 = 0 THEN 9000000 + i ELSE i * 3 "
                        "END pay, 'pii' || i pii "
                        "FROM range(5000) t(i)",
                        ", ROW_GROUP_SIZE 2048")};
    tables.Add(sec);
    sec.name = "sec_in";
    sec.row_filter = "cls IN ('OPEN', 'X') AND (cls = 'OPEN' OR cls = 'Y')";
    tables.Add(sec);
    sec.name = "columns";
    sec.row_filter.clear();
    sec.visible = {"pay", "denom", "id"};
    tables.Add(sec);
    sec.name = "masked";
    sec.visible = {"id", "txt", "denom"};
    sec.masks = {{"txt", "cls = 'OPEN'"}};
    tables.Add(sec);
  }
  std::string Text(const std::string& sql) { return Ask(tables, sql).Text(); }
  TestObjects objects;
  TestTables tables;
};

TEST_F(RulesTest, Rule1ACountDoesNotCountHiddenRowsFromMetadata) {
  EXPECT_EQ(Text("SELECT COUNT(*) FROM sec"), "4500\n");
  EXPECT_EQ(Text("SELECT COUNT(*) FROM sec_in"), "4500\n");
}

TEST_F(RulesTest, Rule2MinimaAndMaximaOfHiddenRowsShapeNothing) {
  EXPECT_EQ(Text("SELECT max(pay), min(denom), max(txt) FROM sec"), "14997|1|public_999\n");
  EXPECT_EQ(Text("SELECT COUNT(*) FROM masked WHERE txt IS NULL"), "500\n");
  EXPECT_EQ(Text("SELECT COUNT(*) FROM masked WHERE txt IS NOT NULL"), "4500\n");
}

TEST_F(RulesTest, Rule3NoPredicateMeetsAMaskedCell) {
  EXPECT_EQ(Text("SELECT COUNT(*) FROM masked WHERE txt LIKE 'secret%'"), "0\n");
  EXPECT_EQ(Text("SELECT COUNT(*) FROM masked WHERE txt = 'secret_10'"), "0\n");
  EXPECT_EQ(Text("SELECT txt FROM masked WHERE id = 10"), "NULL\n");
  EXPECT_EQ(Text("SELECT txt FROM masked ORDER BY txt DESC NULLS LAST LIMIT 1"), "public_999\n");
  EXPECT_EQ(Text("SELECT COUNT(*) FROM masked WHERE id >= 4990 AND txt > 'a'"), "9\n");
}

TEST_F(RulesTest, Rule4NoExpressionThatCanFailMeetsAHiddenRow) {
  for (const char* table : {"sec", "sec_in"}) {
    for (const char* predicate : {"ln(denom) >= 0", "1 / denom >= 0",
                                  "CAST(substr(txt, 8) AS bigint) >= 0 AND CAST(replace(txt, 'public_', '') AS bigint) >= 0",
                                  "json_array_length('[' || replace(txt, 'secret_', '[') || ']') >= 0 OR true",
                                  "9223372036854775807 - CASE WHEN denom = 0 THEN -1 ELSE 0 END > 0"}) {
      EXPECT_EQ(Text(std::string("SELECT COUNT(*) FROM ") + table + " WHERE " + predicate), "4500\n") << table << " " << predicate;
    }
  }
}

TEST_F(RulesTest, Rule6AFilterThatIsOnlyAHintIsEvaluatedAgain) {
  EXPECT_EQ(Text("SELECT COUNT(*), min(denom) FROM sec_in WHERE id < 100"), "90|1\n");
}

TEST_F(RulesTest, Rule7ColumnsInAnotherOrderThanTheFilesAreTheRightOnes) {
  EXPECT_EQ(Text("SELECT * FROM columns WHERE id = 7"), "21|7|7\n");
  EXPECT_EQ(Text("SELECT id, pay, denom FROM columns ORDER BY id LIMIT 2 OFFSET 1"), "1|3|1\n2|6|2\n");
  tables["shop.sec"].visible = {"pay", "pii", "denom", "cls", "txt", "id"};
  EXPECT_EQ(Text("SELECT * FROM sec WHERE id = 7"), "21|pii7|7|OPEN|public_7|7\n");
}

TEST_F(RulesTest, Rule8NothingOfTheFileIsAColumn) {
  for (const char* name : {"filename", "file_row_number", "rowid", "file_index", "_rowid_"}) {
    EXPECT_THAT(Text(std::string("SELECT ") + name + " FROM columns"), HasSubstr("COLUMN_NOT_FOUND")) << name;
  }
}

TEST_F(RulesTest, Rule10MetadataAnswersForTheRightColumns) {
  EXPECT_EQ(Text("SELECT min(id), max(id), max(pay), COUNT(*) FROM columns"), "0|4999|9004990|5000\n");
  EXPECT_EQ(Text("SELECT max(txt), COUNT(*) FROM masked"), "public_999|5000\n");
  EXPECT_EQ(Text("SELECT COUNT(*) FROM columns WHERE id >= 4000 AND pay < 9000000"), "900\n");
}

TEST_F(RulesTest, Rule11PlansAreCopiedManyTimesInOneWorker) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Text("WITH x AS (SELECT * FROM sec WHERE id < 100) SELECT (SELECT sum(id) FROM x), (SELECT COUNT(*) FROM x a JOIN x "
                   "b USING (id))"),
              "4500|90\n");
  }
}

TEST_F(RulesTest, Rule12AWorkerKeepsNothingOfTheCallerBefore) {
  TestTables others(objects);
  TableSource sec = tables["shop.sec"];
  sec.row_filter = "id < 10";
  sec.visible = {"pii"};
  others.Add(sec);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(Text("SELECT COUNT(*) FROM sec"), "4500\n");
    EXPECT_EQ(Ask(others, "SELECT COUNT(*), max(pii) FROM sec").Text(), "10|pii9\n");
    EXPECT_THAT(Ask(others, "SELECT id FROM sec").Text(), HasSubstr("COLUMN_NOT_FOUND"));
    EXPECT_THAT(Ask(others, "SELECT COUNT(*) FROM masked").Text(), HasSubstr("TABLE_NOT_FOUND"));
  }
}

TEST_F(RulesTest, AFilterThatDoesNotFitClosesTheTable) {
  for (const char* filter : {"cls = ", "nothing = 1", "cls = 'a' OR 1 = 1", "upper(cls) = 'OPEN'", "id IN (SELECT 1)",
                             "cls = 'a'; SELECT 1", "id = 'x'", "txt = 5", "pay LIKE 'a'"}) {
    tables["shop.sec"].row_filter = filter;
    std::string said = Text("SELECT * FROM sec");
    EXPECT_THAT(said, HasSubstr("cannot be read")) << filter;
    EXPECT_THAT(said, Not(HasSubstr("OPEN")));
    EXPECT_THAT(said, Not(HasSubstr("secret")));
  }
  tables["shop.sec"].row_filter =
      "NOT (cls <> 'OPEN' OR pay > 100) AND denom BETWEEN 1 AND 20 AND txt LIKE 'public%' AND \"id\" IS NOT NULL";
  EXPECT_EQ(Text("SELECT COUNT(*) FROM sec"), "18\n");
}

TEST_F(RulesTest, ATableOfWhichNothingIsVisibleIsClosed) {
  tables["shop.sec"].visible.clear();
  EXPECT_THAT(Text("SELECT COUNT(*) FROM sec"), HasSubstr("cannot be read"));
}

TEST_F(RulesTest, WhatExpandsWithoutEndIsRefusedBeforeItRuns) {
  std::string sql = "WITH a0 AS (SELECT id FROM sec)";
  for (int i = 1; i <= 25; ++i) {
    std::string before = "a" + std::to_string(i - 1);
    sql += ", a" + std::to_string(i) + " AS (SELECT x.id FROM " + before + " x, " + before + " y)";
  }
  EXPECT_THAT(Text(sql + " SELECT COUNT(*) FROM a25"), HasSubstr("QUERY_HAS_TOO_MANY_STAGES"));
}

}  // namespace
}  // namespace hanse::engine
