#include <gtest/gtest.h>

#include <fmt/format.h>

#include "catalog/iceberg_metadata.h"
#include "catalog/test_crawl.h"

namespace hanse::catalog {
namespace {

std::string Metadata(const std::string& more_fields = "", std::int64_t updated_ms = 1) {
  return fmt::format(
      R"({{"format-version":2,"last-updated-ms":{},"current-schema-id":1,"schemas":[{{"schema-id":0,"fields":[]}},
          {{"schema-id":1,"type":"struct","fields":[{{"id":1,"name":"Id","required":true,"type":"long"}}{}]}}]}})",
      updated_ms, more_fields);
}

TEST(IcebergMetadataTest, ColumnsOfTheCurrentSchemaWithTheirTypes) {
  auto read = ReadIcebergMetadata(Metadata(R"j(,{"id":2,"name":"price","required":false,"type":"decimal(9, 2)","doc":"net"},
      {"id":3,"name":"tags","type":{"type":"list","element-id":4,"element":"uuid"}},
      {"id":5,"name":"m","type":{"type":"map","key":"string","value":{"type":"struct",
          "fields":[{"name":"A","type":"timestamptz"}]}}})j"));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->columns.size(), 4u);
  EXPECT_EQ(read->columns[0].name, "id");
  EXPECT_EQ(read->columns[0].type, "bigint");
  EXPECT_EQ(read->columns[0].parameters->at("iceberg.field.optional"), "false");
  EXPECT_EQ(read->columns[1].type, "decimal(9,2)");
  EXPECT_EQ(read->columns[1].comment, "net");
  EXPECT_EQ(read->columns[2].type, "array<string>");
  EXPECT_EQ(read->columns[3].type, "map<string,struct<a:timestamp>>");
  auto first = ReadIcebergMetadata(R"({"format-version":1,"schema":{"fields":[{"id":1,"name":"x","type":"int"}]}})");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->columns[0].type, "int");
}

TEST(IcebergMetadataTest, AnyTextIsReadOrRefused) {
  const std::string whole = Metadata(R"(,{"id":2,"name":"t","type":{"type":"list","element":"int"}})");
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(ReadIcebergMetadata(whole.substr(0, size))) << size;
  for (const char* text :
       {"{}", "[]", "null", R"({"format-version":9})", R"({"format-version":2,"schemas":[],"current-schema-id":3})",
        R"({"format-version":1,"schema":{"fields":[1]}})", R"({"format-version":1,"schema":{"fields":{}}})"}) {
    EXPECT_EQ(ReadIcebergMetadata(text).error().code, ErrorCode::kInvalidArgument) << text;
  }
  EXPECT_EQ(ReadIcebergMetadata(Metadata(R"(,{"id":2,"name":"v","type":"variant"})")).error().code, ErrorCode::kUnsupported);
  std::string deep = R"("int")";
  for (int i = 0; i < 40; ++i) deep = R"({"type":"list","element":)" + deep + "}";
  EXPECT_FALSE(ReadIcebergMetadata(Metadata(R"(,{"id":2,"name":"d","type":)" + deep + "}")));
}

TEST(IcebergMetadataTest, TheVersionIsInTheFilesName) {
  EXPECT_EQ(IcebergVersionOf("00012-3c4d.metadata.json"), 12);
  EXPECT_EQ(IcebergVersionOf("v7.metadata.json"), 7);
  for (const char* name :
       {"snap-1.avro", "metadata.json", ".metadata.json", "x1.metadata.json", "00012x.metadata.json", "-1.metadata.json"}) {
    EXPECT_EQ(IcebergVersionOf(name), -1) << name;
  }
}

class CrawlIcebergTest : public CrawlTest {
 protected:
  CrawlIcebergTest() {
    LetCrawl();
    storage.files = {{"ice/shop/orders/metadata/00000-a.metadata.json", Metadata()},
                     {"ice/shop/orders/metadata/snap-1.avro", "x"},
                     {"ice/shop/orders/data/1.parquet", "x"},
                     {"ice/tmp/old/metadata/v1.metadata.json", Metadata()}};
  }
  static CreateCrawler Iceberg(std::int32_t depth = 5) {
    CreateCrawler op = Plain();
    op.in.targets = wire::glue::CrawlerTargets{};
    op.in.targets->iceberg_targets = std::vector<wire::glue::IcebergTarget>{{.paths = std::vector<std::string>{"s3://lake/ice"},
                                                                             .exclusions = std::vector<std::string>{"tmp"},
                                                                             .maximum_traversal_depth = depth}};
    return op;
  }
};

TEST_F(CrawlIcebergTest, AFolderWithMetadataIsATableAndFollowsIt) {
  ASSERT_TRUE(Make(Iceberg()));
  CrawlSummary summary = Crawl();
  ASSERT_EQ(summary.end, CrawlEnd::kSucceeded) << summary.message;
  EXPECT_EQ(summary.tables_created, 1);
  EXPECT_EQ(Join(storage.opened, ","), "ice/shop/orders/metadata/00000-a.metadata.json");
  auto table = TableOf("orders");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->parameters->at("table_type"), "ICEBERG");
  EXPECT_EQ(table->parameters->at("metadata_location"), "s3://lake/ice/shop/orders/metadata/00000-a.metadata.json");
  EXPECT_EQ(table->storage_descriptor->location, "s3://lake/ice/shop/orders");
  EXPECT_EQ(Crawl().tables_updated, 0);
  storage.files["ice/shop/orders/metadata/00001-b.metadata.json"] = Metadata(R"(,{"id":2,"name":"x","type":"int"})", 5);
  storage.files["ice/shop/orders/metadata/00001-c.metadata.json"] = Metadata("", 4);
  EXPECT_EQ(Crawl().tables_updated, 1);
  table = TableOf("orders");
  EXPECT_EQ(table->parameters->at("metadata_location"), "s3://lake/ice/shop/orders/metadata/00001-b.metadata.json");
  EXPECT_EQ(table->parameters->at("previous_metadata_location"), "s3://lake/ice/shop/orders/metadata/00000-a.metadata.json");
  EXPECT_EQ(table->storage_descriptor->columns->size(), 2u);
}

TEST_F(CrawlIcebergTest, ItLooksNoDeeperThanItIsTold) {
  ASSERT_TRUE(Make(Iceberg(1)));
  EXPECT_EQ(Crawl().tables_created, 0);
  UpdateCrawler deeper{.in = {.name = "c"}};
  deeper.in.targets = Iceberg(2).in.targets;
  ASSERT_TRUE(world.gate.Run(world.As("admin"), deeper, crawlers));
  EXPECT_EQ(Crawl().tables_created, 1);
}

TEST_F(CrawlIcebergTest, WithoutRightsItMakesNothingAndGoneTablesFollowThePolicy) {
  world.lake.grants.erase({TestWorld::ArnOf("crawler"), "sales"});
  ASSERT_TRUE(Make(Iceberg()));
  EXPECT_TRUE(Crawl().message.starts_with("AccessDeniedException"));
  LetCrawl();
  ASSERT_EQ(Crawl().end, CrawlEnd::kSucceeded);
  storage.files.erase("ice/shop/orders/metadata/00000-a.metadata.json");
  ASSERT_EQ(Crawl().end, CrawlEnd::kSucceeded);
  EXPECT_TRUE(TableOf("orders")->parameters->contains("DEPRECATED_BY_CRAWLER"));
  storage.files["ice/shop/orders/metadata/00000-a.metadata.json"] = Metadata();
  ASSERT_EQ(Crawl().end, CrawlEnd::kSucceeded);
  EXPECT_FALSE(TableOf("orders")->parameters->contains("DEPRECATED_BY_CRAWLER"));
}

TEST_F(CrawlIcebergTest, ATableThatTheCatalogNamesIsRefreshed) {
  ASSERT_TRUE(Make(Iceberg()));
  ASSERT_EQ(Crawl().end, CrawlEnd::kSucceeded);
  CreateCrawler named = Plain("n");
  named.in.targets = wire::glue::CrawlerTargets{};
  named.in.targets->catalog_targets =
      std::vector<wire::glue::CatalogTarget>{{.database_name = "sales", .tables = std::vector<std::string>{"orders"}}};
  ASSERT_TRUE(Make(named));
  EXPECT_EQ(Crawl("n").tables_updated, 0);
  storage.files["ice/shop/orders/metadata/00001-b.metadata.json"] = Metadata();
  EXPECT_EQ(Crawl("n").tables_updated, 1);
}

TEST_F(CrawlIcebergTest, WhatItCannotDoIsRefusedByName) {
  CreateCrawler op = Iceberg();
  op.in.targets->iceberg_targets->front().connection_name = "net";
  EXPECT_EQ(Make(op).error().message, "Targets.IcebergTargets.ConnectionName");
  EXPECT_EQ(Make(Iceberg(0)).error().code, ErrorCode::kInvalidArgument);
  op = Iceberg();
  op.in.recrawl_policy = wire::glue::RecrawlPolicy{.recrawl_behavior = "CRAWL_EVENT_MODE"};
  EXPECT_EQ(Make(op).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace hanse::catalog
