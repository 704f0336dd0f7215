#include <gmock/gmock.h>

#include "engine/test_files.h"

namespace hanse::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

class AvroScanTest : public FilesTest {
 protected:
  AvroScanTest() : FilesTest(DataFormat::kAvro) {}
  // Two records that another program wrote, under each codec (testdata/avro).
  static std::string AvroBytesOf(const std::string& codec) {
    return BytesOf(HANSE_SOURCE_DIR, "engine/testdata/avro/" + codec + ".avro");
  }
};

TEST_F(AvroScanTest, RecordsOfEachCodecHaveTheTablesTypes) {
  for (const char* codec : {"null", "deflate", "snappy"}) {
    Table({{"id", "bigint"},
           {"name", "string"},
           {"price", "decimal(8,2)"},
           {"day", "date"},
           {"at_ms", "timestamp"},
           {"at_us", "timestamp"},
           {"ok", "boolean"},
           {"score", "double"},
           {"color", "string"},
           {"missing", "int"}},
          {AvroBytesOf(codec)});
    EXPECT_EQ(Text("SELECT * FROM t ORDER BY score DESC"),
              "1|Müller|12.30|2024-02-29|2024-02-29 12:34:56.789|2024-02-29 12:34:56.789|true|1.5|GREEN|NULL\n"
              "-9223372036854775808|NULL|-0.01|1969-12-31|1969-12-31 23:59:59.000|NULL|false|-0.25|RED|NULL\n")
        << codec;
  }
}

TEST_F(AvroScanTest, NestedValuesAndNamedTypes) {
  Table({{"id", "bigint"},
         {"tags", "array<string>"},
         {"counts", "map<string,int>"},
         {"point", "struct<x:int,y:double,z:int>"},
         {"other", "struct<y:double>"}},
        {AvroBytesOf("null")});
  EXPECT_EQ(Text("SELECT cardinality(tags), tags[2], counts['k'], point.x, point.y, point.z, other.y FROM t WHERE id = 1"),
            "2|b|7|3|NULL|NULL|0.5\n");
  EXPECT_EQ(Text("SELECT cardinality(tags), cardinality(counts), point, other FROM t WHERE id < 0"), "0|0|NULL|NULL\n");
}

TEST_F(AvroScanTest, WhatDoesNotFitIsNullAndNeverAnError) {
  Table({{"id", "int"}, {"name", "bigint"}, {"price", "date"}, {"ok", "array<int>"}, {"tags", "string"}}, {AvroBytesOf("null")});
  EXPECT_EQ(Text("SELECT id, name, price, ok, tags FROM t ORDER BY id"), "1|NULL|NULL|NULL|NULL\nNULL|NULL|NULL|NULL|NULL\n");
}

TEST_F(AvroScanTest, RowsColumnsCellsAndPartitionsAreGoverned) {
  TableSource& table =
      Table({{"id", "bigint"}, {"name", "string"}, {"color", "string"}}, {AvroBytesOf("null"), AvroBytesOf("deflate")});
  table.keys = {{"k", "string"}};
  table.files[0].partition = {"a"};
  table.files[1].partition = {"b"};
  table.visible = {"id", "color", "k"};
  table.row_filter = "color = 'GREEN'";
  table.masks = {{"id", "k = 'b'"}};
  EXPECT_EQ(Text("SELECT id, color, k FROM t ORDER BY k"), "NULL|GREEN|a\n1|GREEN|b\n");
  EXPECT_EQ(Text("SELECT count(*) FROM t WHERE k = 'b'"), "1\n");
  EXPECT_THAT(Text("SELECT name FROM t"), HasSubstr("COLUMN_NOT_FOUND"));
  table.visible.clear();
  EXPECT_THAT(Text("SELECT count(*) FROM t"), HasSubstr("cannot be read"));
}

TEST_F(AvroScanTest, ABrokenFileSaysThatAndNoValue) {
  const std::string whole = AvroBytesOf("null");
  for (std::size_t size : {std::size_t{2}, std::size_t{40}, whole.size() - 30}) {
    Table({{"name", "string"}}, {whole.substr(0, size)});
    std::string said = Text("SELECT * FROM t");
    EXPECT_THAT(said, HasSubstr("HIVE_BAD_DATA")) << size;
    EXPECT_THAT(said, Not(HasSubstr("Müller")));
  }
  Table({{"name", "string"}}, {AvroBytesOf("bzip2")});
  EXPECT_THAT(Text("SELECT * FROM t"), HasSubstr("NOT_SUPPORTED: Avro files of a codec other than"));
}

}  // namespace
}  // namespace hanse::engine
