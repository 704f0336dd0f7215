#include "catalog/crawl_configuration.h"

#include <gtest/gtest.h>

#include "catalog/test_crawl.h"

namespace hanse::catalog {
namespace {

TEST(CrawlConfigurationTest, EveryMemberCountsOrIsRefused) {
  auto read = CheckConfiguration(
      R"({"Version":1.0,"CrawlerOutput":{"Partitions":{"AddOrUpdateBehavior":"InheritFromTable"},"Tables":
          {"AddOrUpdateBehavior":"MergeNewColumns","TableThreshold":4}},"Grouping":
          {"TableGroupingPolicy":"CombineCompatibleSchemas",
          "TableLevelConfiguration":3},"CreatePartitionIndex":true})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->tables == TableUpdate::kMergeNewColumns && read->partitions_inherit && read->partition_index);
  EXPECT_TRUE(read->grouping == Grouping::kAllCompatible && read->table_level == 3 && read->table_threshold == 4);
  EXPECT_TRUE(CheckConfiguration("") && CheckConfiguration("{}") && CheckConfiguration(std::nullopt));
  EXPECT_EQ(CheckConfiguration(R"({"CrawlerOutput":{"Tables":{"Sort":"x"}}})").error().message,
            "Configuration.CrawlerOutput.Tables.Sort");
  EXPECT_EQ(CheckConfiguration(R"({"Speed":1})").error().code, ErrorCode::kUnsupported);
  for (const char* json :
       {"[]", "{", R"({"Version":2.0})", R"({"CreatePartitionIndex":"true"})", R"({"Grouping":1})",
        R"({"Grouping":{"TableLevelConfiguration":0}})", R"({"Grouping":{"TableLevelConfiguration":"2"}})",
        R"({"Grouping":{"TableGroupingPolicy":"Combine"}})", R"({"CrawlerOutput":{"Tables":{"TableThreshold":-1}}})"}) {
    EXPECT_EQ(CheckConfiguration(json).error().code, ErrorCode::kInvalidArgument) << json;
  }
}

TEST_F(CrawlTest, MoreTablesThanTheThresholdAreNotWritten) {
  LetCrawl();
  storage.files = {{"orders/a/1.csv", "id,name\n1,a\n2,b\n"}, {"orders/b/1.csv", "x,y,z\n1,2,3\n4,5,6\n"}};
  CreateCrawler op = Plain();
  op.in.configuration = R"({"Version":1.0,"CrawlerOutput":{"Tables":{"TableThreshold":1}}})";
  ASSERT_TRUE(Make(op));
  EXPECT_EQ(Crawl().end, CrawlEnd::kFailed);
  EXPECT_FALSE(TableOf("a"));
  ASSERT_TRUE(world.gate.Run(world.As("admin"), UpdateCrawler{.in = {.name = "c", .configuration = "{}"}}, crawlers));
  EXPECT_EQ(Crawl().tables_created, 2);
}

TEST_F(CrawlTest, TablesWithPartitionsGetAnIndexWhereTheConfigurationSaysSo) {
  LetCrawl();
  storage.files = {{"orders/year=1/month=2/1.csv", "id,name\n1,a\n2,b\n"}, {"orders/year=2/month=2/1.csv", "id,name\n1,a\n2,b\n"}};
  CreateCrawler op = Plain();
  op.in.configuration = R"({"CreatePartitionIndex":true})";
  ASSERT_TRUE(Make(op));
  CrawlSummary summary = Crawl();
  ASSERT_EQ(summary.end, CrawlEnd::kSucceeded) << summary.message;
  GetPartitionIndexes get;
  get.in.database_name = "sales";
  get.in.table_name = "orders";
  auto found = world.gate.Run(world.As("crawler"), get, indexes);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->partition_index_descriptor_list->size(), 1u);
  EXPECT_EQ(found->partition_index_descriptor_list->front().keys->size(), 2u);
}

TEST_F(CrawlTest, WhatACrawlerDoesNotDoIsRefusedByName) {
  auto refused = [&](auto set) {
    CreateCrawler op = Plain();
    set(op.in);
    auto made = Make(op);
    return !made && made.error().code == ErrorCode::kUnsupported ? made.error().message : std::string("made");
  };
  EXPECT_EQ(
      refused([](auto& in) { in.lineage_configuration = wire::glue::LineageConfiguration{.crawler_lineage_settings = "ENABLE"}; }),
      "LineageConfiguration.CrawlerLineageSettings ENABLE");
  EXPECT_EQ(
      refused([](auto& in) { in.lineage_configuration = wire::glue::LineageConfiguration{.crawler_lineage_settings = "DISABLE"}; }),
      "made");
  ASSERT_TRUE(world.gate.Run(world.As("admin"), DeleteCrawler{.in = {.name = "c"}}, crawlers));
  EXPECT_EQ(refused([](auto& in) {
              in.lake_formation_configuration = wire::glue::LakeFormationConfiguration{.account_id = "222222222222"};
            }),
            "LakeFormationConfiguration.AccountId");
  EXPECT_EQ(refused([](auto& in) { in.crawler_security_configuration = "sealed"; }), "CrawlerSecurityConfiguration");
  EXPECT_EQ(refused([](auto& in) { in.targets->s3_targets->front().connection_name = "net"; }), "Targets.S3Targets.ConnectionName");
  EXPECT_EQ(refused([](auto& in) { in.targets->delta_targets = std::vector<wire::glue::DeltaTarget>(1); }), "Targets.DeltaTargets");
  EXPECT_EQ(refused([](auto& in) { in.configuration = R"({"Sampling":true})"; }), "Configuration.Sampling");
  EXPECT_EQ(refused([](auto& in) { in.catalog_id = "222222222222"; }), "a crawler of another account's catalog");
  ASSERT_TRUE(Create());
  UpdateCrawler move{.in = {.name = "c", .catalog_id = "222222222222"}};
  EXPECT_EQ(world.gate.Run(world.As("admin"), move, crawlers).error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace hanse::catalog
