#include <gmock/gmock.h>

#include "engine/output_columns.h"
#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// What a query wrote.
struct TestFiles final : ResultSink {
  struct File {
    std::vector<std::string> values;
    std::string bytes;
    bool whole = false;
  };
  QueryOutcome outcome;
  std::vector<ColumnSource> columns;
  std::map<std::uint64_t, File> files;
  std::uint64_t bytes_max = ~0ull;

  Result<void> Columns(const std::vector<ResultColumn>&) override { return Fail(ErrorCode::kInternal, "rows"); }
  Result<void> Rows(std::vector<ResultRow>) override { return Fail(ErrorCode::kInternal, "rows"); }
  Result<void> OutputColumns(std::vector<ColumnSource> told) override {
    columns = std::move(told);
    return {};
  }
  Result<void> FileBegins(std::uint64_t file, std::vector<std::string> values) override {
    files[file].values = std::move(values);
    return {};
  }
  Result<void> FileBytes(std::uint64_t file, std::string_view bytes) override {
    files[file].bytes += bytes;
    if (files[file].bytes.size() > bytes_max) return Fail(ErrorCode::kLimitExceeded, "EXCEEDED_TEST_LIMIT: no more");
    return {};
  }
  Result<void> FileEnds(std::uint64_t file) override {
    files[file].whole = true;
    return {};
  }
};

class OutputTest : public testing::Test {
 protected:
  OutputTest() : tables(objects) { tables.Add(OrdersTable(objects)); }

  TestFiles Write(const std::string& sql, OutputPlan plan, Limits limits = {}) {
    TestFiles files;
    files.bytes_max = bytes_max;
    if (plan.compression.empty()) plan.compression = "none";
    QueryJob job{.id = "test", .sql = sql, .database = "shop", .limits = limits, .output = std::move(plan)};
    files.outcome = TestPool().Run(job, tables, files, {});
    return files;
  }
  // What a table over the written files answers.
  std::string Read(const TestFiles& written, const OutputPlan& plan, const std::string& sql) {
    EXPECT_EQ(written.outcome.state, QueryState::kSucceeded) << written.outcome.message;
    TableSource table;
    table.database = "shop";
    table.name = "copy";
    table.format = plan.format;
    table.serde = plan.serde;
    std::size_t data = written.columns.size() - plan.keys.size();
    for (std::size_t i = 0; i < written.columns.size(); ++i) {
      (i < data ? table.columns : table.keys).push_back(written.columns[i]);
      table.visible.push_back(written.columns[i].name);
    }
    for (const auto& [number, file] : written.files) {
      EXPECT_TRUE(file.whole);
      FileSource source = objects.Put(file.bytes);
      source.gzip = plan.format != DataFormat::kParquet && plan.compression == "gzip";
      for (const std::string& value : file.values)
        source.partition.push_back(value == "__HIVE_DEFAULT_PARTITION__" ? std::nullopt : std::optional(value));
      table.files.push_back(source);
    }
    tables.Add(table);
    return Text(sql);
  }
  std::string Text(const std::string& sql) { return Ask(tables, sql).Text(); }
  TestObjects objects;
  TestTables tables;
  std::uint64_t bytes_max = ~0ull;
};

TEST_F(OutputTest, AColumnOfNoTypeIsNoColumnOfATable) {
  for (const char* sql : {"SELECT NULL AS c", "SELECT id, NULL AS c FROM orders", "SELECT c FROM (SELECT NULL AS c) t",
                          "SELECT array[NULL] AS c", "SELECT NULL AS c UNION SELECT NULL"}) {
    TestFiles written = Write(sql, {});
    EXPECT_EQ(written.outcome.type, "COLUMN_TYPE_UNKNOWN") << sql << ": " << written.outcome.message;
    EXPECT_THAT(written.outcome.message, HasSubstr("'c' has unknown type")) << sql;
    EXPECT_TRUE(written.files.empty()) << sql;
  }
  for (const char* sql : {"SELECT CAST(NULL AS bigint) AS c", "SELECT coalesce(NULL, 1) AS c", "SELECT NULL AS c UNION SELECT 1",
                          "SELECT CASE WHEN id > 3 THEN NULL ELSE id END AS c FROM orders", "SELECT NULL IS NULL AS c"}) {
    EXPECT_EQ(Write(sql, {}).outcome.state, QueryState::kSucceeded) << sql;
  }
  OutputPlan into{.columns = {{"a", "bigint"}}, .filled = {"a"}};  // INSERT: the table has the type.
  EXPECT_EQ(Write("SELECT NULL", into).outcome.state, QueryState::kSucceeded);
}

TEST_F(OutputTest, OrcReadsBackWithEachCompression) {
  const std::string sql =
      "SELECT id, if(id % 7 = 0, NULL, 'text ' || CAST(id % 1000 AS varchar)) AS text, CAST(id % 100 AS tinyint) AS tiny, CAST(id "
      "* -3 AS "
      "smallint) AS small, CAST(id * id AS integer) AS num, CAST(id AS real) / 4 AS single, CAST(id AS double) / 8 AS score, "
      "CAST(id AS "
      "decimal(9,2)) / 4 AS price, CAST('-12345678901234567890123456789.01' AS decimal(38,2)) AS big, DATE '1969-12-30' + id * "
      "INTERVAL "
      "'1' DAY AS day, TIMESTAMP '1969-12-31 23:50:00.250' + id * INTERVAL '1' MINUTE AS at, id % 3 = 0 AS third, "
      "to_utf8('x') AS raw, ARRAY[id, NULL] AS list, MAP(ARRAY['k'], ARRAY[id]) AS map, CAST(ROW(id, if(id % 2 = 0, 'even')) AS "
      "row(x bigint, y varchar)) AS row FROM (SELECT a.n * 100 + b.n AS id FROM UNNEST(sequence(0, 59)) a(n) CROSS JOIN "
      "UNNEST(sequence(0, 99)) b(n)) t";
  for (const char* compression : {"none", "zlib", "snappy", "lz4", "zstd"}) {
    OutputPlan plan{.format = DataFormat::kOrc, .compression = compression};
    TestFiles written = Write(sql, plan);
    EXPECT_EQ(
        Read(written, plan,
             "SELECT count(*), sum(id), count(text), max(text), sum(tiny), sum(small), sum(num), sum(score), sum(price), min(big), "
             "min(day), max(day), min(at), max(at), count_if(third), count(raw), sum(list[1]), count(list[2]), sum(map['k']), "
             "sum(row.x), count(row.y) FROM copy"),
        "6000|17997000|5142|text "
        "999|297000|-53991000|71982001000|2249625.0|4499250.00|-12345678901234567890123456789.01|1969-12-30|"
        "1986-06-03|1969-12-31 23:50:00.250|1970-01-05 03:49:00.250|2000|6000|17997000|0|17997000|17997000|3000\n")
        << compression;
    EXPECT_EQ(
        Text("SELECT text, tiny, small, num, single, day, at, third, list, map, row FROM copy WHERE id IN (7, 1001) ORDER BY id"),
        "NULL|7|-21|49|1.75|1970-01-06|1969-12-31 23:57:00.250|false|[7, null]|{k=7}|{x=7, y=null}\n"
        "NULL|1|-3003|1002001|250.25|1972-09-26|1970-01-01 16:31:00.250|false|[1001, null]|{k=1001}|{x=1001, y=null}\n")
        << compression;
  }
  TestFiles late = Write("SELECT TIMESTAMP '1969-12-31 23:59:59.500' AS at", {.format = DataFormat::kOrc});
  EXPECT_THAT(late.outcome.message, HasSubstr("HIVE_WRITER_DATA_ERROR: a timestamp of the last second of 1969"));
}

TEST_F(OutputTest, WhatIsWrittenReadsBackInEachFormat) {
  const std::string sql =
      "SELECT id, country, amount, CAST(amount AS decimal(20,3)) AS d, DATE '2024-02-03' AS day, id = 1 AS first, "
      "TIMESTAMP '2024-02-03 04:05:06.789' AS at, ARRAY[id, 7] AS list FROM orders";
  for (DataFormat format : {DataFormat::kParquet, DataFormat::kDelimitedText, DataFormat::kJson}) {
    for (const char* compression : {"none", "gzip"}) {
      OutputPlan plan{.format = format, .compression = compression};
      TestFiles written = Write(sql, plan);
      EXPECT_EQ(Read(written, plan, "SELECT * FROM copy ORDER BY id LIMIT 1"),
                "1|Germany|10.5|10.500|2024-02-03|true|2024-02-03 04:05:06.789|[1, 7]\n")
          << static_cast<int>(format) << compression;
      EXPECT_EQ(Ask(tables, "SELECT id, country, amount FROM copy WHERE id > 3 ORDER BY id").Text(), "4|EIRE|NULL\n5|NULL|50.0\n");
      EXPECT_EQ(written.outcome.rows, 5u);
    }
  }
}

TEST_F(OutputTest, ColumnsAreToldWithHivesTypes) {
  TestFiles written = Write("SELECT id AS A, upper(country) AS b, sum(id) OVER () AS c, CAST(1.5 AS real) AS d FROM orders",
                            {.compression = "zstd", .no_rows = true});
  ASSERT_EQ(written.outcome.state, QueryState::kSucceeded) << written.outcome.message;
  std::vector<std::string> told;
  for (const ColumnSource& column : written.columns) told.push_back(column.name + " " + column.hive_type);
  EXPECT_THAT(told, ElementsAre("a bigint", "b string", "c bigint", "d float"));
  EXPECT_TRUE(written.files.empty());
}

TEST_F(OutputTest, EachValueOfThePartitionKeysHasAFile) {
  OutputPlan plan{.keys = {"country"}};
  TestFiles written = Write("SELECT id, country FROM orders", plan);
  std::vector<std::string> values;
  for (const auto& [number, file] : written.files) values.push_back(file.values.at(0));
  EXPECT_THAT(values, testing::UnorderedElementsAre("EIRE", "France", "Germany", "__HIVE_DEFAULT_PARTITION__"));
  EXPECT_EQ(Read(written, plan, "SELECT id FROM copy WHERE country = 'Germany' ORDER BY id"), "1\n3\n");
  EXPECT_EQ(Ask(tables, "SELECT id FROM copy WHERE country IS NULL").Text(), "5\n");
  EXPECT_THAT(Write("SELECT country, id FROM orders", plan).outcome.message, HasSubstr("HIVE_COLUMN_ORDER_MISMATCH"));
  TestFiles many = Write("SELECT 1 AS a, CAST(n AS varchar) AS country FROM UNNEST(sequence(1, 101)) AS t(n)", plan);
  EXPECT_THAT(many.outcome.message, HasSubstr("HIVE_TOO_MANY_OPEN_PARTITIONS"));
}

TEST_F(OutputTest, TheRulesOfTheTablesHoldForWhatIsWritten) {
  TableSource& orders = tables["shop.orders"];
  orders.visible = {"id", "country", "amount"};
  orders.row_filter = "country = 'Germany'";
  orders.masks = {{"amount", "id = 1"}};
  OutputPlan plan;
  EXPECT_EQ(Read(Write("SELECT * FROM orders", plan), plan, "SELECT * FROM copy ORDER BY id"), "1|Germany|10.5\n3|Germany|NULL\n");
  EXPECT_THAT(Write("SELECT card FROM orders", plan).outcome.message, HasSubstr("COLUMN_NOT_FOUND"));
}

TEST_F(OutputTest, RowsFitTheTableThatIsInsertedInto) {
  OutputPlan plan{.columns = {{"id", "bigint"}, {"note", "string"}, {"price", "decimal(12,2)"}}, .filled = {"price", "id"}};
  EXPECT_EQ(Read(Write("VALUES (1, 2), (3, 4)", plan), plan, "SELECT * FROM copy ORDER BY id"), "2|NULL|1.00\n4|NULL|3.00\n");
  EXPECT_THAT(Write("VALUES ('1', 2)", plan).outcome.message,
              HasSubstr("mismatched column types: Table: [decimal(12,2), bigint], Query: [varchar, integer]"));
  EXPECT_THAT(Write("VALUES (1, 2, 3)", plan).outcome.message, HasSubstr("TYPE_MISMATCH"));
  EXPECT_THAT(Write("VALUES (1, 2.5)", plan).outcome.message, HasSubstr("TYPE_MISMATCH"));
}

TEST_F(OutputTest, WhatHasNoNameTypeOrPlaceInTheFormatIsRefused) {
  for (const auto& [sql, type] : {std::pair("SELECT 1", "MISSING_COLUMN_NAME"),
                                  {"SELECT 1 AS a, 2 AS A", "DUPLICATE_COLUMN_NAME"},

                                  {"SELECT INTERVAL '1' DAY AS a", "NOT_SUPPORTED"},
                                  {"SELECT a FROM missing", "TABLE_NOT_FOUND"},
                                  {"SELECT 1 AS a; SELECT 2 AS a", "SYNTAX_ERROR"},
                                  {"INSERT INTO orders VALUES (1)", "NOT_SUPPORTED"},
                                  {"SELECT 1 / 0 AS a FROM orders", "DIVISION_BY_ZERO"}}) {
    TestFiles written = Write(sql, {});
    EXPECT_EQ(written.outcome.state, QueryState::kFailed) << sql;
    EXPECT_EQ(written.outcome.type, type) << written.outcome.message;
  }
  OutputPlan text{.format = DataFormat::kDelimitedText, .serde = {{"field.delim", ","}}};
  EXPECT_THAT(Write("SELECT 'a,b' AS a", text).outcome.message, HasSubstr("HIVE_WRITER_DATA_ERROR"));
  text.serde["escape.delim"] = "\\";
  EXPECT_EQ(Read(Write("SELECT 'a,b' AS a, 1 AS n", text), text, "SELECT * FROM copy"), "a,b|1\n");
  EXPECT_THAT(Write("SELECT CAST('a' AS varbinary) AS a", text).outcome.message, HasSubstr("cannot be written as text"));
}

TEST_F(OutputTest, LimitsAndRefusalsEndTheQuery) {
  const std::string large =
      "SELECT n, CAST(random() AS varchar) AS r FROM UNNEST(sequence(1, 10000)) AS t(n), "
      "UNNEST(sequence(1, 20)) AS u(m)";
  EXPECT_EQ(Write(large, {}, {.written_bytes_max = 100'000}).outcome.type, "EXCEEDED_WRITE_LIMIT");
  bytes_max = 100'000;
  EXPECT_EQ(Write(large, {}).outcome.type, "EXCEEDED_TEST_LIMIT");
  TestAnswer rows;  // Takes no files.
  QueryJob job{.id = "test", .sql = "SELECT 1 AS a", .database = "shop", .output = OutputPlan{.compression = "none"}};
  EXPECT_EQ(TestPool().Run(job, tables, rows, {}).state, QueryState::kFailed);
  EXPECT_EQ(Ask(tables, "SELECT 1").Text(), "1\n");
}

TEST(OutputColumns, CoerceAsTrinoDoes) {
  using duckdb::LogicalType;
  using Pairs = std::vector<std::pair<LogicalType, LogicalType>>;
  for (const auto& [from, to] : Pairs{{LogicalType::INTEGER, LogicalType::BIGINT},
                                      {LogicalType::HUGEINT, LogicalType::BIGINT},
                                      {LogicalType::BIGINT, LogicalType::DOUBLE},
                                      {LogicalType::DATE, LogicalType::TIMESTAMP},
                                      {LogicalType::DECIMAL(5, 2), LogicalType::DECIMAL(6, 3)},
                                      {LogicalType::INTEGER, LogicalType::DECIMAL(12, 2)},
                                      {LogicalType::LIST(LogicalType::INTEGER), LogicalType::LIST(LogicalType::BIGINT)}}) {
    EXPECT_TRUE(Coerces(from, to)) << from.ToString() << " " << to.ToString();
  }
  for (const auto& [from, to] : Pairs{{LogicalType::BIGINT, LogicalType::INTEGER},
                                      {LogicalType::DOUBLE, LogicalType::FLOAT},
                                      {LogicalType::VARCHAR, LogicalType::DATE},
                                      {LogicalType::INTEGER, LogicalType::VARCHAR},
                                      {LogicalType::DECIMAL(5, 2), LogicalType::DECIMAL(5, 3)},
                                      {LogicalType::TIMESTAMP, LogicalType::DATE},
                                      {LogicalType::LIST(LogicalType::BIGINT), LogicalType::LIST(LogicalType::INTEGER)}}) {
    EXPECT_FALSE(Coerces(from, to)) << from.ToString() << " " << to.ToString();
  }
}

}  // namespace
}  // namespace hanse::engine
