#include "server/table_format.h"

#include <gtest/gtest.h>

namespace hanse::server {
namespace {

wire::glue::Table With(const std::string& serde) {
  wire::glue::StorageDescriptor storage{.serde_info = wire::glue::SerDeInfo{.serialization_library = serde}};
  return {.storage_descriptor = storage, .parameters = {{{"skip.header.line.count", "1"}}}};
}

TEST(TableFormat, FollowsTheSerDe) {
  EXPECT_EQ(*FormatOf(With("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe")), engine::DataFormat::kParquet);
  EXPECT_EQ(*FormatOf(With("org.apache.hadoop.hive.serde2.OpenCSVSerde")), engine::DataFormat::kQuotedCsv);
  EXPECT_EQ(*FormatOf(With("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe")), engine::DataFormat::kDelimitedText);
  EXPECT_EQ(*FormatOf(With("org.openx.data.jsonserde.JsonSerDe")), engine::DataFormat::kJson);
  EXPECT_EQ(*FormatOf(With("org.apache.hadoop.hive.serde2.avro.AvroSerDe")), engine::DataFormat::kAvro);
  EXPECT_EQ(*FormatOf(With("org.apache.hadoop.hive.ql.io.orc.OrcSerde")), engine::DataFormat::kOrc);
  EXPECT_EQ(*FormatOf(wire::glue::Table{.parameters = {{{"classification", "avro"}}}}), engine::DataFormat::kAvro);
}

TEST(TableFormat, WhatIsNotReadIsRefusedByName) {
  auto lines = FormatOf(With("com.amazonaws.glue.serde.GrokSerDe"));
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(lines.error().message.find("GrokSerDe"), std::string::npos);
}

TEST(TableFormat, IcebergIsToldByTheTablesType) {
  wire::glue::Table iceberg{.parameters = {{{"table_type", "ICEBERG"}}}};
  EXPECT_EQ(*FormatOf(iceberg), engine::DataFormat::kIceberg);
  auto columns = ColumnsOf({{{.name = "a", .type = "int", .parameters = {{{"iceberg.field.current", "true"}}}},
                             {.name = "gone", .type = "int", .parameters = {{{"iceberg.field.current", "false"}}}}}});
  ASSERT_EQ(columns.size(), 1u);
  EXPECT_EQ(columns[0].name, "a");
}

TEST(TableFormat, SerDeParametersStandOverTheTables) {
  wire::glue::Table table = With("org.openx.data.jsonserde.JsonSerDe");
  table.storage_descriptor->serde_info->parameters = {{{"skip.header.line.count", "2"}, {"x", "y"}}};
  auto parameters = SerdeParametersOf(table);
  EXPECT_EQ(parameters["skip.header.line.count"], "2");
  EXPECT_EQ(parameters["x"], "y");
}

}  // namespace
}  // namespace hanse::server
