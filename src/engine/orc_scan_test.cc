#include <gmock/gmock.h>

#include "engine/test_files.h"

namespace hanse::engine {
namespace {

using testing::HasSubstr;

const std::vector<ColumnSource> kAllTypes = {{"id", "bigint"},
                                             {"name", "string"},
                                             {"price", "decimal(8,2)"},
                                             {"big", "decimal(30,5)"},
                                             {"day", "date"},
                                             {"at", "timestamp"},
                                             {"ok", "boolean"},
                                             {"tiny", "tinyint"},
                                             {"small", "smallint"},
                                             {"num", "int"},
                                             {"single", "float"},
                                             {"score", "double"},
                                             {"raw", "binary"},
                                             {"code", "char(4)"},
                                             {"word", "varchar(6)"},
                                             {"tags", "array<string>"},
                                             {"counts", "map<string,int>"},
                                             {"point", "struct<x:int,y:double>"},
                                             {"missing", "int"}};

class OrcScanTest : public FilesTest {
 protected:
  OrcScanTest() : FilesTest(DataFormat::kOrc) {}
  // A file that another program wrote (orc/testdata).
  static std::string OrcBytesOf(const std::string& name) { return BytesOf(HANSE_SOURCE_DIR, "orc/testdata/" + name + ".orc"); }
};

TEST_F(OrcScanTest, RowsOfEachCodecHaveTheTablesTypes) {
  for (const char* codec : {"none", "zlib", "snappy", "lz4", "zstd"}) {
    Table(kAllTypes, {OrcBytesOf(codec)});
    EXPECT_EQ(
        Text("SELECT id, name, price, big, day, at, ok, tiny, small, num, single, score, to_hex(raw), code, word, missing FROM t"),
        "1|Müller|12.30|1234567890123456789012345.00001|2024-02-29|2024-02-29 12:34:56.789|true|-128|300|70000|0.5|1.5|00FF|ab  |"
        "word|NULL\n"
        "-9223372036854775808|NULL|-0.01|-0.00001|1969-12-31|1969-12-31 "
        "23:59:58.500|false|127|-300|-70000|-0.25|-0.25||wxyz||NULL\n"
        "NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL\n"
        "3|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|0.00|0.00000|9999-12-31|9999-12-31 23:59:59.000|NULL|0|0|0|0.0|0.0|72|a   |b|"
        "NULL\n")
        << codec;
    EXPECT_EQ(Text("SELECT tags, counts, point, point.y FROM t"),
              "[a, b]|{k=7}|{x=3, y=0.5}|0.5\n[]|{}|NULL|NULL\nNULL|NULL|NULL|NULL\n[null, c]|{a=null, b=2}|{x=null, y=1.0}|1.0\n")
        << codec;
  }
}

TEST_F(OrcScanTest, NumbersOfEveryKindOfRun) {
  for (const char* version : {"runs_first", "runs_second"}) {
    Table({{"same", "bigint"},
           {"count", "bigint"},
           {"down", "bigint"},
           {"wide", "bigint"},
           {"patched", "bigint"},
           {"steps", "bigint"},
           {"holes", "int"},
           {"word", "string"},
           {"text", "string"},
           {"list", "array<int>"}},
          {OrcBytesOf(version)});
    EXPECT_EQ(
        Text("SELECT sum(same), sum(count), sum(down), sum(CAST(wide AS decimal(38,0))), sum(patched), sum(steps), sum(holes), "
             "sum(reduce(list, 0, (a, b) -> a + b, a -> a)) FROM t"),
        "35000|12497500|-37492500|-7614065767334140525|52000245198|41649167500|4165833|5000\n")
        << version;
    EXPECT_EQ(Text("SELECT word, count(*), min(text), max(text) FROM t GROUP BY word ORDER BY word"),
              "blue|1666|text 1001|text 998\ngreen|1667|text 1|text 997\nred|1667|text 0|text 999\n")
        << version;
    EXPECT_EQ(
        Text("SELECT count(*) FROM t WHERE text <> 'text ' || CAST(count AS varchar) OR down <> -3 * count OR steps <> count * "
             "count - 1000 OR cardinality(list) <> count % 4 OR coalesce(holes, count) <> count"),
        "0\n")
        << version;
  }
}

TEST_F(OrcScanTest, TimestampsShowTheClockOfWhoWroteThem) {
  Table({{"at", "timestamp"}, {"utc", "timestamp"}}, {OrcBytesOf("berlin")});
  EXPECT_EQ(Text("SELECT * FROM t"),
            "2024-07-01 14:00:00.000|2024-07-01 12:00:00.000\n2024-01-01 13:00:00.000|2024-01-01 12:00:00.000\nNULL|NULL\n");
}

TEST_F(OrcScanTest, AZoneThatIsNotKnownIsAskedForByTimestampsAlone) {
  std::string bytes = OrcBytesOf("berlin");
  const std::string zone = "Europe/Berlin", none = "Europe/Nowher";
  for (auto at = bytes.find(zone); at != std::string::npos; at = bytes.find(zone)) bytes.replace(at, zone.size(), none);
  Table({{"at", "timestamp"}, {"utc", "timestamp"}}, {bytes});
  EXPECT_EQ(Text("SELECT count(utc), max(utc) FROM t"), "2|2024-07-01 12:00:00.000\n");
  EXPECT_EQ(Text("SELECT at FROM t"), "NOT_SUPPORTED: an ORC file was written in a time zone that is not known");
}

// By Apache ORC's Java writer, which has dictionaries and an index, in New York.
TEST_F(OrcScanTest, FilesOfTheJavaWriterAreRead) {
  Table({{"id", "bigint"},
         {"word", "string"},
         {"text", "string"},
         {"price", "decimal(8,2)"},
         {"at", "timestamp"},
         {"day", "date"},
         {"ok", "boolean"},
         {"tags", "array<string>"},
         {"who", "struct<x:int,y:double>"},
         {"wide", "bigint"},
         {"n", "int"}},
        {OrcBytesOf("java")});
  EXPECT_EQ(
      Text("SELECT count(*), sum(id), count(DISTINCT text), min(text), sum(price), count_if(ok), sum(who.y), sum(CAST(wide AS "
           "decimal(38,0))), sum(n), count(n), count_if(tags[1] = 'a3') FROM t"),
      "2000|1999000|2000|t10024213|999990.00|500|249875.0|50772754485622801116|399000|400|400\n");
  EXPECT_EQ(
      Text("SELECT date_format(at, '%H:%i:%s'), month(at), month(day), word, count(*) FROM t WHERE id < 9 GROUP BY 1, 2, 3, 4 "
           "ORDER BY 2"),
      "12:34:56|1|1|red|1\n12:34:56|2|2|green|1\n12:34:56|3|3|blue|1\n12:34:56|4|4|red|1\n12:34:56|5|5|green|1\n12:34:56|6|6|blue|"
      "1\n"
      "12:34:56|7|7|red|1\n12:34:56|8|8|green|1\n12:34:56|9|9|blue|1\n");
}

TEST_F(OrcScanTest, ColumnsAreFoundByPlaceOrWhereTheTableSaysSoByName) {
  TableSource& table = Table({{"b", "bigint"}, {"a", "string"}, {"c", "string"}}, {OrcBytesOf("stripes")});
  EXPECT_EQ(Text("SELECT sum(b), max(a), count(c), count(*) FROM t"), "17997000|text 999|0|6000\n");
  table.serde["orc.column.index.access"] = "false";
  table.columns = {{"B", "string"}, {"a", "bigint"}, {"c", "string"}};
  EXPECT_EQ(Text("SELECT max(b), sum(a), count(c) FROM t"), "text 999|17997000|0\n");
}

TEST_F(OrcScanTest, TypesWidenAndNeverNarrow) {
  const std::string bytes = OrcBytesOf("none");
  TableSource& table = Table({{"id", "decimal(20,0)"}, {"name", "binary"}, {"price", "decimal(12,4)"}}, {bytes});
  EXPECT_THAT(Text("SELECT id FROM t"), HasSubstr("HIVE_BAD_DATA: Malformed ORC file. Cannot read SQL type decimal(20,0) from ORC "
                                                  "stream .id of type LONG"));
  EXPECT_EQ(Text("SELECT to_hex(name), price FROM t WHERE price > 1"), "4DC3BC6C6C6572|12.3000\n");
  table.serde["orc.column.index.access"] = "false";
  table.columns = {
      {"tiny", "bigint"}, {"num", "double"}, {"single", "double"}, {"point", "struct<y:double,z:int>"}, {"small", "tinyint"}};
  table.visible = {"tiny", "num", "single", "point", "small"};
  EXPECT_EQ(Text("SELECT tiny, num, single, point FROM t WHERE tiny < 0"), "-128|70000.0|0.5|{y=0.5, z=null}\n");
  EXPECT_THAT(Text("SELECT small FROM t"), HasSubstr("Cannot read SQL type tinyint from ORC stream .small of type SHORT"));
  Table({{"a", "int"}, {"u", "string"}}, {OrcBytesOf("union")});
  EXPECT_EQ(Text("SELECT a FROM t"), "1\n2\n");
  EXPECT_THAT(Text("SELECT u FROM t"), HasSubstr("Cannot read SQL type varchar from ORC stream .u of type UNION"));
}

TEST_F(OrcScanTest, OnlyTheColumnsThatAreAskedForAreReadAndMetered) {
  const std::string bytes = OrcBytesOf("runs_second");
  TableSource& table = Table({{"same", "bigint"}, {"wide", "bigint"}}, {bytes});
  table.serde["orc.column.index.access"] = "false";
  const std::uint64_t none = Ask(tables, "SELECT count(*) FROM t").outcome.scanned_bytes;
  const std::uint64_t small = Ask(tables, "SELECT sum(same) FROM t").outcome.scanned_bytes;
  const std::uint64_t all = Ask(tables, "SELECT same, wide FROM t").outcome.scanned_bytes;
  EXPECT_GT(none, 0u);
  EXPECT_LT(small, all);
  EXPECT_LT(all, bytes.size());
}

TEST_F(OrcScanTest, RowsColumnsCellsAndPartitionsAreGoverned) {
  TableSource& table =
      Table({{"id", "bigint"}, {"name", "string"}, {"price", "decimal(8,2)"}}, {OrcBytesOf("none"), OrcBytesOf("zlib")});
  table.keys = {{"k", "string"}};
  table.files[0].partition = {"a"};
  table.files[1].partition = {"b"};
  table.visible = {"id", "name", "k"};
  table.row_filter = "price > 5";
  table.masks = {{"name", "k = 'b'"}};
  EXPECT_EQ(Text("SELECT id, name, k FROM t ORDER BY k"), "1|NULL|a\n1|Müller|b\n");
  EXPECT_EQ(Text("SELECT count(*) FROM t WHERE k = 'b'"), "1\n");
  EXPECT_EQ(Text("SELECT count(*) FROM t"), "2\n");
  EXPECT_THAT(Text("SELECT price FROM t"), HasSubstr("COLUMN_NOT_FOUND"));
  table.visible.clear();
  EXPECT_THAT(Text("SELECT count(*) FROM t"), HasSubstr("cannot be read"));
}

TEST_F(OrcScanTest, StripesAreReadOnceEachByHoweverManyThreads) {
  const std::string bytes = OrcBytesOf("stripes");
  Table({{"a", "bigint"}, {"b", "string"}}, {bytes, bytes, bytes});
  EXPECT_EQ(Text("SELECT count(*), sum(a), count(DISTINCT b) FROM t"), "18000|53991000|6000\n");
}

TEST_F(OrcScanTest, StripesThatCannotHoldARowAreNotRead) {
  TableSource& table = Table({{"a", "bigint"}, {"b", "string"}}, {OrcBytesOf("stripes")});
  const auto scanned = [&](const std::string& where) {
    auto answer = Ask(tables, "SELECT count(b), min(a), max(a) FROM t WHERE " + where);
    return std::pair(answer.Text(), answer.outcome.scanned_bytes);
  };
  const std::uint64_t all = scanned("a >= 0").second;
  for (const auto& [where, answer] : {std::pair("a = 700", "1|700|700\n"), std::pair("a < 100 AND b <> 'x'", "100|0|99\n"),
                                      std::pair("a > 5900 OR a = 3000", "100|3000|5999\n"),
                                      std::pair("b = 'text 5499'", "1|5499|5499\n"), std::pair("a > 9000", "0|NULL|NULL\n")}) {
    const auto [text, bytes] = scanned(where);
    EXPECT_EQ(text, answer) << where;
    EXPECT_LT(bytes, all) << where;
  }
  table.row_filter = "a >= 4000";
  EXPECT_EQ(scanned("a <> 3").first, "2000|4000|5999\n");
  EXPECT_LT(scanned("a <> 3").second, all);
  table.masks = {{"a", "b = 'text 5200'"}};
  EXPECT_EQ(scanned("a > 0").first, "1|5200|5200\n") << "what a mask hides decides nothing";
}

TEST_F(OrcScanTest, ABrokenFileSaysThatAndNoValue) {
  const std::string whole = OrcBytesOf("none");
  for (std::size_t size : {std::size_t{0}, std::size_t{2}, std::size_t{40}, whole.size() - 30, whole.size() - 1}) {
    Table({{"id", "bigint"}, {"name", "string"}}, {whole.substr(0, size)});
    EXPECT_EQ(Text("SELECT * FROM t"), "HIVE_BAD_DATA: an ORC file of table 'shop.t' cannot be read") << size;
  }
}

// Every answer is one of a table: no byte that is another makes a worker break, or tells what a file of another query held.
TEST_F(OrcScanTest, AnyByteMayBeAnother) {
  for (const char* name : {"none", "zlib", "snappy", "runs_first"}) {
    const std::string whole = OrcBytesOf(name);
    const std::size_t step = whole.size() / 60 + 1;
    for (std::size_t at = 0; at < whole.size(); at += step) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
      Table(kAllTypes, {changed});
      tables["shop.t"].serde["orc.column.index.access"] = "false";
      auto answer = Ask(tables, "SELECT * FROM t");
      EXPECT_NE(answer.outcome.type, "GENERIC_INTERNAL_ERROR") << name << " " << at << ": " << answer.outcome.message;
    }
  }
}

}  // namespace
}  // namespace hanse::engine
