#include <gmock/gmock.h>

#include "base/text.h"
#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

class TextScanTest : public testing::Test {
 protected:
  TextScanTest() : tables(objects) {}

  // Table shop.t over one object of `bytes`, everything visible.
  TableSource& Table(DataFormat format, std::vector<ColumnSource> columns, const std::string& bytes,
                     std::map<std::string, std::string> serde = {}) {
    TableSource table;
    table.database = "shop";
    table.name = "t";
    table.format = format;
    table.serde = std::move(serde);
    for (const ColumnSource& column : columns) table.visible.push_back(column.name);
    table.columns = std::move(columns);
    table.files = {objects.Put(bytes)};
    return tables.Add(std::move(table));
  }
  std::string Text(const std::string& sql) { return Ask(tables, sql).Text(); }
  TestObjects objects;
  TestTables tables;
};

TEST_F(TextScanTest, DelimitedFieldsHaveTheirTypes) {
  Table(DataFormat::kDelimitedText,
        {{"a", "int"},
         {"b", "bigint"},
         {"c", "double"},
         {"d", "boolean"},
         {"e", "date"},
         {"f", "timestamp"},
         {"g", "decimal(6,2)"},
         {"h", "string"}},
        "1,9223372036854775807,1.5,true,2024-02-29,2024-02-29 12:34:56.789,12.30,x\n"
        "-7,-1,1e3,FALSE,1969-12-31,1969-12-31 23:59:59,-0.01,\n",
        {{"field.delim", ","}});
  EXPECT_EQ(Text("SELECT * FROM t ORDER BY a DESC"),
            "1|9223372036854775807|1.5|true|2024-02-29|2024-02-29 12:34:56.789|12.30|x\n"
            "-7|-1|1000.0|false|1969-12-31|1969-12-31 23:59:59.000|-0.01|\n");
  EXPECT_EQ(Text("SELECT sum(b), sum(c), count(*) FROM t WHERE e < DATE '2000-01-01'"), "-1|1000.0|1\n");
}

TEST_F(TextScanTest, WhatDoesNotParseIsNullAndNeverAnError) {
  Table(DataFormat::kDelimitedText, {{"a", "int"}, {"b", "double"}, {"c", "date"}, {"d", "boolean"}, {"e", "string"}},
        "x,y,z,w,v\n"
        "3000000000,1,2024-02-30,1,\\N\n"
        "1\n"
        "\n"
        "2,2,2024-01-01,true,e,too,many\n",
        {{"field.delim", ","}});
  EXPECT_EQ(Text("SELECT * FROM t"),
            "NULL|NULL|NULL|NULL|v\n"
            "NULL|1.0|NULL|NULL|NULL\n"
            "1|NULL|NULL|NULL|NULL\n"
            "NULL|NULL|NULL|NULL|NULL\n"
            "2|2.0|2024-01-01|true|e\n");
}

TEST_F(TextScanTest, DelimitersNullsAndEscapesAreTheTables) {
  std::vector<ColumnSource> columns = {
      {"a", "string"}, {"b", "array<int>"}, {"c", "map<string,int>"}, {"d", "struct<x:int,y:string>"}};
  Table(DataFormat::kDelimitedText, columns,
        std::string("one\x01"
                    "1\x02"
                    "2\x01k\x03"
                    "5\x02l\x03"
                    "6\x01"
                    "7\x02seven\n"));
  EXPECT_EQ(Text("SELECT * FROM t"), "one|[1, 2]|{k=5, l=6}|{x=7, y=seven}\n");
  Table(DataFormat::kDelimitedText, columns, "a\\;b;1,x;k:1;,\nnone;none;none;none\n",
        {{"field.delim", ";"},
         {"collection.delim", ","},
         {"mapkey.delim", ":"},
         {"escape.delim", "\\"},
         {"serialization.null.format", "none"}});
  EXPECT_EQ(Text("SELECT * FROM t"), "a;b|[1, null]|{k=1}|{x=null, y=}\nNULL|NULL|NULL|NULL\n");
  Table(DataFormat::kDelimitedText, {{"a", "int"}, {"b", "int"}}, "1\t2\n", {{"field.delim", "\\t"}});
  EXPECT_EQ(Text("SELECT * FROM t"), "1|2\n");
  Table(DataFormat::kDelimitedText, {{"a", "int"}, {"b", "int"}}, "1\t2\n", {{"serialization.format", "9"}});
  EXPECT_EQ(Text("SELECT * FROM t"), "1|2\n");
}

TEST_F(TextScanTest, LinesEndInAnyWayAndHeadersAreSkipped) {
  std::map<std::string, std::string> serde{{"field.delim", ","}, {"skip.header.line.count", "2"}};
  std::vector<ColumnSource> columns = {{"a", "int"}, {"b", "string"}};
  Table(DataFormat::kDelimitedText, columns, "a,b\r\n-,-\r\n1,x\r\n2,y", serde);
  EXPECT_EQ(Text("SELECT * FROM t"), "1|x\n2|y\n");
  Table(DataFormat::kDelimitedText, columns, "a,b\n", serde);
  EXPECT_EQ(Text("SELECT count(*) FROM t"), "0\n");
  TableSource& empty = Table(DataFormat::kDelimitedText, columns, "", serde);
  EXPECT_EQ(Text("SELECT count(*) FROM t"), "0\n");
  empty.files = {objects.Put("h\nh\n1,x\n"), objects.Put("h\nh\n2,y\n")};
  EXPECT_EQ(Text("SELECT * FROM t ORDER BY a"), "1|x\n2|y\n");  // Of each object.
}

TEST_F(TextScanTest, LinesMayBeLongAndMany) {
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) bytes += std::to_string(i) + "," + std::to_string(i * 2) + "\n";
  bytes += "200000," + std::string(1 << 20, 'x') + "\n";
  Table(DataFormat::kDelimitedText, {{"a", "bigint"}, {"b", "string"}}, bytes, {{"field.delim", ","}});
  EXPECT_EQ(Text("SELECT count(*), sum(a), max(length(b)) FROM t"), "200001|20000100000|1048576\n");
  EXPECT_EQ(Text("SELECT b FROM t WHERE a = 123456"), "246912\n");
  Table(DataFormat::kDelimitedText, {{"a", "string"}}, std::string(18u << 20, 'x'));
  EXPECT_THAT(Text("SELECT count(a) FROM t"), HasSubstr("HIVE_BAD_DATA"));
}

TEST_F(TextScanTest, QuotedFieldsHoldSeparatorsQuotesAndEscapes) {
  std::vector<ColumnSource> columns = {{"a", "string"}, {"b", "int"}, {"c", "string"}};
  Table(DataFormat::kQuotedCsv, columns,
        "\"x, y\",\"1\",\"\"\n"
        "say \"\"hi\"\",2,\"a \\\"b\\\" \\\\ c\"\n"
        "\"d \"\"e\"\"\",,f\n"
        "\"open, to the end\n"
        "g\n");
  EXPECT_EQ(Text("SELECT * FROM t"),
            "x, y|1|\n"
            "say hi|2|a \"b\" \\ c\n"
            "d \"e\"|NULL|f\n"
            "open, to the end|NULL|NULL\n"
            "g|NULL|NULL\n");
  Table(DataFormat::kQuotedCsv, columns, "'x; y';3;'it''s'\n", {{"separatorChar", ";"}, {"quoteChar", "'"}});
  EXPECT_EQ(Text("SELECT * FROM t"), "x; y|3|it's\n");
}

TEST_F(TextScanTest, JsonMembersHaveTheirTypesAndBrokenLinesAreNull) {
  Table(DataFormat::kJson,
        {{"id", "bigint"},
         {"name", "string"},
         {"tags", "array<string>"},
         {"at", "struct<x:int,y:double>"},
         {"m", "map<string,int>"},
         {"ok", "boolean"}},
        R"({"id": 1, "Name": "a \"q\" ü", "tags": ["x", null], "at": {"y": 2.5, "X": 7, "z": 0}, "m": {"k": 1}, "ok": true})"
        "\n"
        R"({"ID": "2", "name": {"deep": [1]}, "tags": "no array", "at": [], "ok": null})"
        "\n{\"id\": 3,\n[4]\nnot json\n"
        R"({"id": "five", "name": 5.0})");
  EXPECT_EQ(Text("SELECT * FROM t"),
            "1|a \"q\" ü|[x, null]|{x=7, y=2.5}|{k=1}|true\n"
            "2|{\"deep\":[1]}|NULL|NULL|NULL|NULL\n"
            "NULL|NULL|NULL|NULL|NULL|NULL\n"
            "NULL|NULL|NULL|NULL|NULL|NULL\n"
            "NULL|NULL|NULL|NULL|NULL|NULL\n"
            "NULL|5.0|NULL|NULL|NULL|NULL\n");
}

TEST_F(TextScanTest, GzipIsUnpackedAndOnlyWhereTheCatalogSaysSo) {
  std::string packed;
  ASSERT_TRUE(UnHex("1f8b0800000000000203cb4cd1c94bcc4de532d449cccbe332d249ca4fe232d689f1e30200f5e689db19000000", &packed));
  TableSource& table = Table(DataFormat::kDelimitedText, {{"id", "int"}, {"name", "string"}}, packed,
                             {{"field.delim", ","}, {"skip.header.line.count", "1"}});
  EXPECT_THAT(Text("SELECT * FROM t"), Not(HasSubstr("ann")));
  table.files[0].gzip = true;
  EXPECT_EQ(Text("SELECT * FROM t"), "1|ann\n2|bob\n3|NULL\n");
}

TEST_F(TextScanTest, PartitionKeysAreColumnsAndPruneObjects) {
  TableSource& table = Table(DataFormat::kDelimitedText, {{"a", "int"}}, "1\n2\n");
  table.keys = {{"day", "date"}, {"shop", "string"}};
  table.visible = {"a", "day", "shop"};
  table.files.push_back(objects.Put("3\n"));
  table.files[0].partition = {"2024-01-01", "north"};
  table.files[1].partition = {"2024-01-02", std::nullopt};
  EXPECT_EQ(Text("SELECT * FROM t ORDER BY a"), "1|2024-01-01|north\n2|2024-01-01|north\n3|2024-01-02|NULL\n");
  tables.opened.clear();
  EXPECT_EQ(Text("SELECT a FROM t WHERE day > DATE '2024-01-01'"), "3\n");
  EXPECT_EQ(tables.opened, std::vector{table.files[1].object});
  table.row_filter = "shop = 'north'";
  tables.opened.clear();
  EXPECT_EQ(Text("SELECT count(*) FROM t"), "2\n");
  EXPECT_EQ(tables.opened, std::vector{table.files[0].object});
}

// The governed scan's rules hold over text as over Parquet: granted, filtered, revoked.
class GovernedTextTest : public TextScanTest, public testing::WithParamInterface<DataFormat> {
 protected:
  std::string Bytes() const {
    std::string bytes;
    for (int i = 0; i < 3000; ++i) {
      std::string n = std::to_string(i), text = i % 10 == 0 ? "secret_" + n : "public_" + n, kind = i % 10 == 0 ? "HIDDEN" : "OPEN";
      std::string denom = i % 10 == 0 ? "0" : n;
      bytes += GetParam() == DataFormat::kJson
                   ? R"({"id":)" + n + R"(,"txt":")" + text + R"(","cls":")" + kind + R"(","denom":)" + denom + "}\n"
                   : n + "," + text + "," + kind + "," + denom + "\n";
    }
    return bytes;
  }
  TableSource& Governed() {
    TableSource& table = Table(GetParam(), {{"id", "int"}, {"txt", "string"}, {"cls", "string"}, {"denom", "bigint"}}, Bytes(),
                               {{"field.delim", ","}});
    table.visible = {"id", "txt", "denom"};
    return table;
  }
};

TEST_P(GovernedTextTest, RowsColumnsAndCellsAreHidden) {
  TableSource& table = Governed();
  EXPECT_EQ(Text("SELECT count(*), count(txt), max(txt) FROM t"), "3000|3000|secret_990\n");
  EXPECT_THAT(Text("SELECT cls FROM t"), HasSubstr("COLUMN_NOT_FOUND"));
  table.row_filter = "cls = 'OPEN'";
  EXPECT_EQ(Text("SELECT count(*), max(txt), min(denom) FROM t"), "2700|public_999|1\n");
  EXPECT_EQ(Text("SELECT txt FROM t WHERE id IN (10, 11)"), "public_11\n");
  table.row_filter.clear();
  table.masks = {{"txt", "cls IN ('OPEN')"}};
  EXPECT_EQ(Text("SELECT count(*), count(txt), max(txt) FROM t"), "3000|2700|public_999\n");
  EXPECT_EQ(Text("SELECT txt FROM t WHERE id = 10"), "NULL\n");
  EXPECT_EQ(Text("SELECT count(*) FROM t WHERE txt LIKE 'secret%'"), "0\n");
}

TEST_P(GovernedTextTest, NoErrorTellsAHiddenRow) {
  Governed().row_filter = "cls = 'OPEN' AND id >= 0";
  for (const char* predicate : {"100 / denom >= 0", "ln(denom) >= 0", "CAST(replace(txt, 'public_', '') AS bigint) >= 0"}) {
    EXPECT_EQ(Text(std::string("SELECT count(*) FROM t WHERE ") + predicate), "2700\n") << predicate;
  }
}

TEST_P(GovernedTextTest, RevokedIsRefused) {
  TableSource& table = Governed();
  EXPECT_EQ(Text("SELECT count(*) FROM t"), "3000\n");
  table.visible.clear();
  EXPECT_THAT(Text("SELECT count(*) FROM t"), HasSubstr("cannot be read"));
  table.visible = {"id"};
  EXPECT_THAT(Text("SELECT txt FROM t"), HasSubstr("COLUMN_NOT_FOUND"));
}

INSTANTIATE_TEST_SUITE_P(Formats, GovernedTextTest,
                         testing::Values(DataFormat::kDelimitedText, DataFormat::kQuotedCsv, DataFormat::kJson));

}  // namespace
}  // namespace hanse::engine
