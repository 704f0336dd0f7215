#include "query/write_statement.h"

#include <gmock/gmock.h>

#include "query/output_format.h"

namespace hanse::query {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

WriteStatement ParsedWrite(const char* sql) {
  auto statement = ParseWrite(sql);
  EXPECT_TRUE(statement) << sql << ": " << (statement ? "" : statement.error().message);
  return statement ? *statement : WriteStatement{};
}

std::string Trimmed(const std::string& text) {
  std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

TEST(WriteStatement, CreateIsTakenApart) {
  WriteStatement create = ParsedWrite(
      "CREATE TABLE IF NOT EXISTS Own.\"Big\" WITH (format = 'json', partitioned_by = ARRAY['a', 'b'], "
      "external_location='s3://b/p')"
      " AS SELECT ';' AS x WITH NO DATA;");
  EXPECT_EQ(create.kind, WriteStatement::Kind::kCreate);
  EXPECT_TRUE(create.tolerant);
  EXPECT_FALSE(create.with_data);
  EXPECT_EQ(create.database + "." + create.table, "own.big");
  EXPECT_THAT(create.properties["partitioned_by"], ElementsAre("a", "b"));
  EXPECT_EQ(Trimmed(create.query), "SELECT ';' AS x");
  EXPECT_TRUE(ParsedWrite("create table t as select 1 as a with data").with_data);
}

TEST(WriteStatement, TheQueryKeepsItsPlace) {
  const std::string sql = "INSERT INTO t -- why\n(a, b)\n  SELECT x FROM y";
  WriteStatement insert = ParsedWrite(sql.c_str());
  EXPECT_THAT(insert.columns, ElementsAre("a", "b"));
  EXPECT_EQ(insert.query.find("SELECT"), sql.find("SELECT"));
  EXPECT_EQ(insert.query.size(), sql.size());
  EXPECT_EQ(std::count(insert.query.begin(), insert.query.end(), '\n'), 2);
}

TEST(WriteStatement, AListOfColumnsIsNoQuery) {
  EXPECT_TRUE(ParsedWrite("INSERT INTO t (SELECT 1)").columns.empty());
  EXPECT_TRUE(ParsedWrite("INSERT INTO t ((SELECT 1))").columns.empty());
  EXPECT_THAT(ParsedWrite("INSERT INTO c.d.t (\"select\") VALUES (1)").columns, ElementsAre("select"));
}

TEST(WriteStatement, UnloadIsTakenApart) {
  WriteStatement unload = ParsedWrite("UNLOAD (SELECT (1) AS a, ')' AS b) TO 's3://b/it''s/' WITH (format='PARQUET')");
  EXPECT_EQ(Trimmed(unload.query), "SELECT (1) AS a, ')' AS b");
  EXPECT_EQ(unload.place, "s3://b/it's/");
  EXPECT_THAT(unload.properties["format"], ElementsAre("PARQUET"));
}

TEST(WriteStatement, WhatIsNoneIsRefusedWithItsPlace) {
  for (const char* sql :
       {"", "SELECT 1", "INSERT t SELECT 1", "INSERT INTO t", "INSERT INTO t (a", "INSERT INTO", "CREATE TABLE t AS",
        "CREATE TABLE t (a int)", "CREATE TABLE t WITH (a = 'b', a = 'c') AS SELECT 1", "CREATE TABLE t WITH (a) AS SELECT 1",
        "UNLOAD SELECT 1 TO 'x'", "UNLOAD (SELECT 1", "UNLOAD (SELECT 1) TO x", "UNLOAD () TO 'x'", "UNLOAD (SELECT 1) TO 'x' y"}) {
    auto statement = ParseWrite(sql);
    ASSERT_FALSE(statement) << sql;
    EXPECT_THAT(statement.error().message, HasSubstr("SYNTAX_ERROR: line 1:"));
  }
}

std::string Refusal(const char* sql) {
  auto plan = PlanOf(ParsedWrite(sql));
  return plan ? "none" : plan.error().message;
}

TEST(OutputFormat, WhatIsNotWrittenIsRefusedByName) {
  EXPECT_THAT(Refusal("CREATE TABLE t WITH (format = 'AVRO') AS SELECT 1 AS a"), HasSubstr("NOT_SUPPORTED: format = 'AVRO'"));
  EXPECT_THAT(Refusal("CREATE TABLE t WITH (format = 'ORC', orc_compression = 'LZO') AS SELECT 1 AS a"),
              HasSubstr("ORC is written with NONE, SNAPPY, ZLIB, ZSTD or LZ4"));
  EXPECT_THAT(Refusal("UNLOAD (SELECT 1 AS a) TO 's3://b/' WITH (format = 'AVRO')"), HasSubstr("NOT_SUPPORTED: format = 'AVRO'"));
  EXPECT_THAT(Refusal("CREATE TABLE t WITH (bucketed_by = ARRAY['a'], bucket_count = 2) AS SELECT 1 AS a"),
              HasSubstr("bucketed_by"));
  EXPECT_THAT(Refusal("CREATE TABLE t WITH (table_type = 'ICEBERG') AS SELECT 1 AS a"), HasSubstr("ICEBERG"));
  EXPECT_THAT(Refusal("CREATE TABLE t WITH (colour = 'red') AS SELECT 1 AS a"), HasSubstr("'colour' does not exist"));
  EXPECT_THAT(Refusal("CREATE TABLE t WITH (format = 'JSON', write_compression = 'ZSTD') AS SELECT 1 AS a"),
              HasSubstr("NONE or GZIP"));
  EXPECT_THAT(Refusal("UNLOAD (SELECT 1 AS a) TO 's3://b/'"), HasSubstr("format"));
  EXPECT_EQ(Refusal("CREATE TABLE t WITH (format='TEXTFILE', field_delimiter = ',') AS SELECT 1 AS a"), "none");
}

TEST(OutputFormat, OrcIsWrittenWithZlibWhereNothingIsSaid) {
  const WriteStatement create = ParsedWrite("CREATE TABLE t WITH (format = 'ORC') AS SELECT 1 AS a");
  auto plan = PlanOf(create);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->compression, "zlib");
  EXPECT_EQ(ExtensionOf(*plan), ".orc");
  auto table = TableOf(create, *plan, {{"a", "int"}}, "s3://b/t/");
  EXPECT_EQ(table.storage_descriptor->serde_info->serialization_library, "org.apache.hadoop.hive.ql.io.orc.OrcSerde");
  EXPECT_EQ((*table.parameters)["classification"], "orc");
  EXPECT_EQ(PlanOf(ParsedWrite("CREATE TABLE t WITH (format = 'ORC', orc_compression = 'ZSTD') AS SELECT 1 AS a"))->compression,
            "zstd");
  EXPECT_EQ(PlanOf(ParsedWrite("UNLOAD (SELECT 1 AS a) TO 's3://b/' WITH (format = 'ORC', compression = 'SNAPPY')"))->compression,
            "snappy");
  EXPECT_EQ(PlanOf(ParsedWrite("INSERT INTO t SELECT 1"),
                   {.format = engine::DataFormat::kOrc, .serde = {{"orc.compress", "LZ4"}}, .columns = {{"a", "int"}}})
                ->compression,
            "lz4");
}

TEST(OutputFormat, ATableIsAsItsFilesAre) {
  WriteStatement create = ParsedWrite(
      "CREATE TABLE t COMMENT 'why' WITH (format='TEXTFILE', field_delimiter='|', partitioned_by=ARRAY['K']) AS SELECT 1");
  auto plan = PlanOf(create);
  ASSERT_TRUE(plan);
  EXPECT_EQ(ExtensionOf(*plan), ".gz");
  auto table = TableOf(create, *plan, {{"a", "int"}, {"k", "string"}}, "s3://b/t/");
  EXPECT_EQ(table.storage_descriptor->columns->size(), 1u);
  EXPECT_EQ(table.partition_keys->front().name, "k");
  EXPECT_EQ((*table.storage_descriptor->serde_info->parameters)["field.delim"], "|");
  EXPECT_EQ(table.description, "why");
}

TEST(OutputFormat, AnInsertFillsColumnsThatAreThere) {
  QueryOutput::Target target{.columns = {{"Id", "bigint"}, {"k", "string"}}, .keys = {"k"}};
  auto all = PlanOf(ParsedWrite("INSERT INTO t SELECT 1, 'a'"), target);
  ASSERT_TRUE(all);
  EXPECT_THAT(all->filled, ElementsAre("id", "k"));
  EXPECT_FALSE(PlanOf(ParsedWrite("INSERT INTO t (nothing) SELECT 1"), target));
  EXPECT_FALSE(PlanOf(ParsedWrite("INSERT INTO t (id, ID) SELECT 1, 2"), target));
}

}  // namespace
}  // namespace hanse::query
