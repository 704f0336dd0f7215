#include "catalog/file_schema.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "catalog/avro_header.h"
#include "catalog/crawl_plan.h"
#include "catalog/crawl_table.h"
#include "catalog/schedule.h"
#include "catalog/test_crawl.h"
#include "orc/test_input.h"

namespace hanse::catalog {
namespace {

using Columns = std::vector<InferredColumn>;

TEST(CsvTest, AHeaderOverTypedColumnsIsOne) {
  auto found = InferCsv("id,name,height,born,ok\n1,Ann,1.70,2001-02-03,true\n2,Bob,1.80,1999-12-31,false\n", Sample::kWhole);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->header);
  EXPECT_EQ(found->columns,
            (Columns{{"id", "bigint"}, {"name", "string"}, {"height", "double"}, {"born", "date"}, {"ok", "boolean"}}));
}

TEST(CsvTest, TextOverTextIsNoHeader) {
  auto found = InferCsv("a,b\nc,d\n", Sample::kWhole);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->header);
  EXPECT_EQ(found->columns, (Columns{{"col0", "string"}, {"col1", "string"}}));
}

TEST(CsvTest, QuotesHoldDelimitersAndALineThatWasCutDoesNotCount) {
  auto found = InferCsv("id;text\n1;\"a;b\"\n2;\"c\nd\"\n3;cu", Sample::kCut);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->delimiter, ';');
  EXPECT_TRUE(found->quoted);
  EXPECT_EQ(found->columns, (Columns{{"id", "bigint"}, {"text", "string"}}));
  EXPECT_FALSE(InferCsv("one line only", Sample::kWhole));
}

TEST(JsonTest, LinesWithNesting) {
  auto found = InferJson(
      "{\"id\": 1, \"who\": {\"name\": \"Ann\"}, \"tags\": [\"x\"]}\n{\"id\": 2.5, \"who\": {\"name\": null}, \"tags\": []}\n",
      Sample::kWhole);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->columns, (Columns{{"id", "double"}, {"who", "struct<name:string>"}, {"tags", "array<string>"}}));
  EXPECT_FALSE(InferJson("{\"id\": ", Sample::kWhole));
  EXPECT_FALSE(InferJson("[1, 2]", Sample::kWhole));
}

std::string AvroHeader(std::string schema) {
  std::string head(
      "Obj\x01\x02\x16"
      "avro.schema",
      17);
  for (std::size_t size = 2 * schema.size(); size > 0; size >>= 7)
    head += static_cast<char>((size & 0x7f) | (size > 0x7f ? 0x80 : 0));
  return head + schema + '\0';
}

TEST(AvroTest, TheHeaderSaysTheColumns) {
  const std::string head = AvroHeader(R"({"type": "record", "name": "shop.sale", "fields": [
      {"name": "Id", "type": "long"}, {"name": "price", "type": ["null", {"type": "bytes", "logicalType": "decimal",
       "precision": 8, "scale": 2}]}, {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
      {"name": "tags", "type": {"type": "array", "items": "string"}}, {"name": "kind", "type": {"type": "enum", "name": "kind",
       "symbols": ["a"]}}, {"name": "who", "type": {"type": "record", "name": "who", "fields": [{"name": "age", "type": "int"}]}},
      {"name": "other", "type": ["who", "null"]}, {"name": "more", "type": {"type": "map", "values": "shop.sale"}},
      {"name": "any", "type": ["int", "string"]}]})");
  auto columns = ReadAvroHeader(head + "what follows");
  ASSERT_TRUE(columns);
  EXPECT_EQ(*columns, (Columns{{"id", "bigint"},
                               {"price", "decimal(8,2)"},
                               {"at", "timestamp"},
                               {"tags", "array<string>"},
                               {"kind", "string"},
                               {"who", "struct<age:int>"},
                               {"other", "struct<age:int>"},
                               {"more", "map<string,string>"},
                               {"any", "string"}}));
  for (std::size_t size = 0; size < head.size(); ++size) EXPECT_FALSE(ReadAvroHeader(std::string_view(head).substr(0, size)));
  EXPECT_FALSE(ReadAvroHeader(AvroHeader("\"long\""))) << "values that are no records";
}

TEST(AvroTest, ASchemaThatGrowsWithoutEndIsCut) {
  std::string schema = R"({"type": "record", "name": "r0", "fields": [{"name": "a", "type": "int"}]})";
  for (int i = 1; i < 18; ++i) {
    schema = R"({"type": "record", "name": "r)" + std::to_string(i) + R"(", "fields": [{"name": "a", "type": )" + schema +
             R"(}, {"name": "b", "type": "r)" + std::to_string(i - 1) + R"("}]})";
  }
  auto columns = ReadAvroHeader(AvroHeader(schema));
  ASSERT_TRUE(columns);
  EXPECT_LT(columns->at(0).type.size(), 1'000'000u);
}

TEST(AvroTest, LongNamesThatComeAgainAreCut) {
  const std::string name(200'000, 'n');
  std::string schema =
      R"({"type": "record", "name": "r", "fields": [{"name": "a", "type": {"type": "record", "name": "s", "fields": [)";
  schema += R"({"name": ")" + name + R"(", "type": "int"}]}})";
  for (int i = 0; i < 1000; ++i) schema += fmt::format(R"(, {{"name": "f{}", "type": "s"}})", i);
  auto columns = ReadAvroHeader(AvroHeader(schema + "]}"));
  ASSERT_TRUE(columns);
  ASSERT_EQ(columns->size(), 1001u);
  EXPECT_EQ(columns->at(1).type, "struct<" + name + ":int>");
  EXPECT_EQ(columns->back().type, "string");
  std::size_t bytes = 0;
  for (const InferredColumn& column : *columns) bytes += column.type.size();
  EXPECT_LT(bytes, 5'000'000u);
}

TEST(AvroTest, ItsTableIsReadByTheAvroSerDe) {
  auto storage = CrawledStorage("s3://lake/t/", {.classification = "avro"}, {{"id", "bigint"}});
  EXPECT_EQ(storage.serde_info->serialization_library, "org.apache.hadoop.hive.serde2.avro.AvroSerDe");
  EXPECT_EQ(storage.columns->at(0).type, "bigint");
}

TEST(OrcTest, TheTailSaysTheColumnsAndTheTableIsReadByName) {
  const std::string whole = orc::TestFile(HANSE_SOURCE_DIR, "stripes");
  TextFile file(whole);
  auto found = ReadFileSchema(file);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->classification, "orc");
  EXPECT_EQ((*found)->columns, (Columns{{"a", "bigint"}, {"b", "string"}}));
  EXPECT_EQ((*found)->rows, 6000);
  auto storage = CrawledStorage("s3://lake/t/", **found, (*found)->columns);
  EXPECT_EQ(storage.serde_info->serialization_library, "org.apache.hadoop.hive.ql.io.orc.OrcSerde");
  EXPECT_EQ(storage.serde_info->parameters->at("orc.column.index.access"), "false");
  TextFile cut(whole.substr(0, whole.size() - 1));
  EXPECT_FALSE(*ReadFileSchema(cut)) << "what is no whole file is of no known kind";
  TextFile text("ORCHID,kind\nred,1\nblue,2\n");
  EXPECT_EQ((*ReadFileSchema(text))->classification, "csv") << "text that begins alike";
}

// A Parquet footer by hand: root with a required INT64 "Id", an optional UTF8 "name" and an optional DECIMAL(10,2) over INT32.
std::string Footer() {
  std::string f;
  f += "\x15\x02";                                                                   // 1: version = 1
  f += "\x19\x4c";                                                                   // 2: list of 4 structs
  f += std::string("\x48\x04root\x15\x06\x00", 9);                                   // 4: name "root", 5: three children
  f += std::string("\x15\x04\x25\x00\x18\x02Id\x00", 9);                             // 1: INT64, 3: required, 4: name
  f += std::string("\x15\x0c\x25\x02\x18\x04name\x25\x00\x00", 13);                  // BYTE_ARRAY, optional, 6: UTF8
  f += std::string("\x15\x02\x25\x02\x18\x01\x64\x25\x0a\x15\x04\x15\x14\x00", 14);  // INT32, "d", DECIMAL, scale 2, precision 10
  f += std::string("\x16\x0e\x00", 3);                                               // 3: seven rows
  return f;
}

TEST(ParquetFooterTest, TypesAreHives) {
  auto schema = ReadParquetFooter(Footer());
  ASSERT_TRUE(schema) << schema.error().message;
  EXPECT_EQ(schema->columns, (Columns{{"id", "bigint"}, {"name", "string"}, {"d", "decimal(10,2)"}}));
  EXPECT_EQ(schema->rows, 7);
}

TEST(ParquetFooterTest, AnyBytesAreRefusedOrRead) {
  const std::string whole = Footer();
  for (std::size_t cut = 0; cut < whole.size(); ++cut) (void)ReadParquetFooter(whole.substr(0, cut));
  SeededRandom random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole;
    for (int flips = 0; flips < 4; ++flips) bytes[random.Next() % bytes.size()] = static_cast<char>(random.Next());
    (void)ReadParquetFooter(bytes);
    (void)ReadParquetFooter(random.Bytes(random.Next() % 200));
  }
  // Was a real hole: a map of 2^60 truth values, which took no bytes and so no end.
  EXPECT_FALSE(ReadParquetFooter(std::string("\x1b\xff\xff\xff\xff\xff\xff\xff\xff\x0f\x11", 11)));
  EXPECT_FALSE(ReadParquetFooter(""));
  EXPECT_FALSE(ParquetFooterBytes("\xff\xff\xff\xffPAR1"));
}

CrawledFile File(const std::string& path, Columns columns) {
  return {.path = path, .bytes = 1, .schema = {.classification = "parquet", .columns = std::move(columns)}};
}

TEST(PlanTest, FoldersBecomePartitionsNamedOrNumbered) {
  const Columns c = {{"id", "bigint"}, {"name", "string"}};
  auto named =
      PlanTables("orders", {File("country=France/a.parquet", c), File("country=Germany/a.parquet", c)}, Grouping::kSimilar);
  ASSERT_EQ(named.size(), 1u);
  EXPECT_EQ(named[0].name, "orders");
  EXPECT_EQ(named[0].keys, std::vector<std::string>{"country"});
  ASSERT_EQ(named[0].partitions.size(), 2u);
  EXPECT_EQ(named[0].partitions[1].values, std::vector<std::string>{"Germany"});
  EXPECT_EQ(named[0].partitions[1].path, "country=Germany/");
  auto plain = PlanTables("p", {File("2023/x/a", c), File("2024/y/b", c)}, Grouping::kSimilar);
  ASSERT_EQ(plain.size(), 1u);
  EXPECT_EQ(plain[0].keys, (std::vector<std::string>{"partition_0", "partition_1"}));
}

TEST(PlanTest, UnlikeFoldersBecomeTables) {
  auto tables = PlanTables("mixed",
                           {File("orders/a", {{"id", "bigint"}, {"name", "string"}}),
                            File("weather/a", {{"celsius", "double"}, {"station", "string"}, {"at", "string"}})},
                           Grouping::kSimilar);
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].name, "orders");
  EXPECT_EQ(tables[1].path, "weather/");
  EXPECT_TRUE(tables[1].keys.empty());
}

TEST(PlanTest, ATableLevelSaysWhereTablesLie) {
  const Columns c = {{"id", "bigint"}}, other = {{"celsius", "double"}};
  const std::vector<CrawledFile> files = {File("acme/sales/2024/a", c), File("acme/sales/2025/a", other),
                                          File("bolt/sales/2024/a", c)};
  auto tables = PlanTables("data", files, Grouping::kSimilar, 1);
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].path, "acme/");
  EXPECT_EQ(tables[0].keys.size(), 2u);
  EXPECT_EQ(tables[0].schema.columns.size(), 2u);
  EXPECT_EQ(tables[1].path, "bolt/");
  tables = PlanTables("data", files, Grouping::kSimilar, 2);
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].path, "acme/sales/");
  EXPECT_EQ(PlanTables("data", files, Grouping::kSimilar, 0).size(), 1u);
  EXPECT_EQ(PlanTables("data", files, Grouping::kSimilar).size(), 3u);
}

TEST(PlanTest, ColumnsOfAllFilesAreUnited) {
  auto tables =
      PlanTables("Typed-Data", {File("1", {{"id", "int"}, {"n", "string"}}), File("2", {{"id", "bigint"}, {"score", "double"}})},
                 Grouping::kSimilar);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].name, "typed_data");
  EXPECT_EQ(tables[0].schema.columns, (Columns{{"id", "bigint"}, {"n", "string"}, {"score", "double"}}));
}

TEST(ExclusionTest, OneStarStaysInItsFolder) {
  EXPECT_TRUE(Excluded({"**.tmp"}, "a/b/note.tmp"));
  EXPECT_FALSE(Excluded({"*.tmp"}, "a/note.tmp"));
  EXPECT_TRUE(Excluded({"*.{tmp,bak}"}, "x.bak"));
  EXPECT_FALSE(Excluded({"**.tmp"}, "good.parquet"));
}

TEST(ScheduleTest, FiresInItsMinutesAlone) {
  auto daily = Schedule::Parse("cron(15 12 * * ? *)");
  ASSERT_TRUE(daily);
  TimeMs at = 0;
  ASSERT_TRUE(ParseTime("2026-01-05T12:15:30Z", &at));  // A Monday.
  EXPECT_TRUE(daily->Fires(at));
  EXPECT_FALSE(daily->Fires(at + 60'000));
  auto weekdays = Schedule::Parse("cron(0/15 8-18 ? * MON-FRI *)");
  ASSERT_TRUE(weekdays);
  EXPECT_TRUE(weekdays->Fires(at));
  EXPECT_FALSE(weekdays->Fires(at - 86'400'000));
  for (const char* wrong :
       {"every now and then", "cron(60 * * * ? *)", "cron(* * * * *)", "cron(0 0 L * ? *)", "rate(5 minutes)"}) {
    EXPECT_FALSE(Schedule::Parse(wrong)) << wrong;
  }
  auto once = Schedule::Parse("cron(15/2147483647 12 * * ? *)");  // A step beyond the field is none.
  ASSERT_TRUE(once);
  EXPECT_TRUE(once->Fires(at));
  EXPECT_FALSE(once->Fires(at - 120'000));
  EXPECT_FALSE(once->Fires(at + 60'000));
}

}  // namespace
}  // namespace hanse::catalog
