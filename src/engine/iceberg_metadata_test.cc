#include "engine/iceberg_metadata.h"

#include <gmock/gmock.h>

namespace hanse::engine {
namespace {

using testing::HasSubstr;

constexpr const char* kSales = R"json({
  "format-version": 2, "current-schema-id": 1, "current-snapshot-id": 20,
  "schemas": [
    {"type": "struct", "schema-id": 0, "fields": [{"id": 1, "name": "old", "required": true, "type": "int"}]},
    {"type": "struct", "schema-id": 1, "fields": [
      {"id": 1, "name": "id", "required": true, "type": "long"},
      {"id": 2, "name": "price", "required": false, "type": "decimal(8, 2)"
},
      {"id": 3, "name": "at", "required": false, "type": "timestamptz"},
      {"id": 4, "name": "tags", "required": false,
       "type": {"type": "list", "element-id": 5, "element-required": false, "element": "string"}},
      {"id": 6, "name": "who", "required": false, "type": {"type": "struct", "fields": [
        {"id": 7, "name": "ages", "required": false, "type": {"type": "map", "key-id": 8, "key": "string", "value-id": 9,
         "value-required": false, "value": "int"}}]}}]
}],
  "partition-specs": [{"spec-id": 0, "fields": []},
    {"spec-id": 1, "fields": [{"name": "id", "transform": "identity", "source-id": 1, "field-id": 1000},
                              {"name": "at_day", "transform": "day", "source-id": 3, "field-id": 1001}]}],
  "snapshots": [{"snapshot-id": 10, "timestamp-ms": 1000, "manifest-list": "s3://lake/a.avro"},
                {"snapshot-id": 20, "timestamp-ms": 2000, "manifest-list": "s3://lake/b.avro"}],
  "snapshot-log": [{"snapshot-id": 10, "timestamp-ms": 1000}, {"snapshot-id": 20, "timestamp-ms": 2000}]
})json";

std::string Replaced(std::string text, const std::string& what, const std::string& with) {
  auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

std::string RefusalOf(const std::string& text) {
  auto parsed = ParseIcebergMetadata(text);
  return parsed ? "" : parsed.error().message;
}

TEST(IcebergMetadata, TheCurrentSchemaWithItsIds) {
  auto table = ParseIcebergMetadata(kSales);
  ASSERT_TRUE(table) << table.error().message;
  ASSERT_EQ(table->columns.size(), 5u);
  EXPECT_EQ(table->columns[0].name, "id");
  EXPECT_EQ(table->columns[0].type, duckdb::LogicalType::BIGINT);
  EXPECT_EQ(table->columns[1].type, duckdb::LogicalType::DECIMAL(8, 2));
  EXPECT_EQ(table->columns[2].type, duckdb::LogicalType::TIMESTAMP_TZ);
  EXPECT_EQ(table->columns[3].children[0].id, 5);
  EXPECT_EQ(table->columns[4].children[0].children[1].id, 9);
  EXPECT_EQ(table->columns[4].type.ToString(), "STRUCT(ages MAP(VARCHAR, INTEGER))");
}

TEST(IcebergMetadata, SnapshotsAndWhenTheyWereCurrent) {
  auto table = ParseIcebergMetadata(kSales);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->current_snapshot, 20);
  EXPECT_EQ(table->snapshots.at(10).manifest_list, "s3://lake/a.avro");
  EXPECT_EQ(table->SnapshotAt(999), std::nullopt);
  EXPECT_EQ(table->SnapshotAt(1999), 10);
  EXPECT_EQ(table->SnapshotAt(5000), 20);
  ASSERT_EQ(table->specs.at(1).size(), 2u);
  EXPECT_EQ(table->specs.at(1)[0].transform, IcebergTransform::kIdentity);
  EXPECT_EQ(table->specs.at(1)[1].transform, IcebergTransform::kDay);
  EXPECT_EQ(table->refs.at("main").snapshot, 20);
  auto empty = ParseIcebergMetadata(Replaced(kSales, "\"current-snapshot-id\": 20", "\"current-snapshot-id\": -1"));
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->current_snapshot, std::nullopt);
}

TEST(IcebergMetadata, VersionOneHasOneSchemaAndOneSpec) {
  auto table = ParseIcebergMetadata(R"({"format-version": 1, "current-snapshot-id": null,
      "schema": {"type": "struct", "fields": [{"id": 1, "name": "a", "required": true, "type": "date"}]},
      "partition-spec": [{"name": "a", "transform": "identity", "source-id": 1, "field-id": 1000}]})");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->columns[0].type, duckdb::LogicalType::DATE);
  EXPECT_EQ(table->specs.at(0)[0].source, 1);
}

TEST(IcebergMetadata, WhatIsNotReadIsRefusedByName) {
  EXPECT_THAT(RefusalOf(Replaced(kSales, "\"format-version\": 2", "\"format-version\": 3")),
              HasSubstr("NOT_SUPPORTED: Iceberg tables of"));
  EXPECT_THAT(RefusalOf(Replaced(kSales, "timestamptz", "geometry")), HasSubstr("NOT_SUPPORTED: Iceberg columns of type geometry"));
  EXPECT_THAT(RefusalOf(Replaced(kSales, "\"name\": \"price\"", "\"name\": \"ID\"")), HasSubstr("differ in case alone"));
}

TEST(IcebergMetadata, BrokenMetadataIsRefused) {
  EXPECT_THAT(RefusalOf("{"), HasSubstr("ICEBERG_INVALID_METADATA"));
  EXPECT_THAT(RefusalOf("[]"), HasSubstr("ICEBERG_INVALID_METADATA"));
  EXPECT_THAT(RefusalOf(Replaced(kSales, "\"current-schema-id\": 1", "\"current-schema-id\": 7")), HasSubstr("no current schema"));
  EXPECT_THAT(RefusalOf(Replaced(kSales, "\"current-snapshot-id\": 20", "\"current-snapshot-id\": 30")),
              HasSubstr("snapshot is missing"));
  EXPECT_THAT(RefusalOf(Replaced(kSales, "\"id\": 2,", "\"id\": \"2\",")), HasSubstr("no id"));
}

}  // namespace
}  // namespace hanse::engine
