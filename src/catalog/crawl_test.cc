#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <semaphore>
#include <thread>

#include <fmt/format.h>

#include "catalog/test_crawl.h"

namespace hanse::catalog {
namespace {

// Keeps who asks until the test lets him go, and refuses.
class SlowRoles final : public RoleSessions {
 public:
  std::atomic<std::size_t> asked{0};
  std::counting_semaphore<> asks{0}, go{0};
  Result<Caller> Assume(store::Transaction&, std::string_view, std::string_view) override {
    ++asked;
    asks.release();
    go.acquire();
    return Fail(ErrorCode::kAccessDenied, "not trusted");
  }
};

TEST_F(CrawlTest, ARoleWithoutRightsMakesNothing) {
  storage.files = {{"orders/a.csv", "id,name\n1,a\n2,b\n"}};
  ASSERT_TRUE(Create());
  CrawlSummary summary = Crawl();
  EXPECT_EQ(summary.end, CrawlEnd::kFailed);
  EXPECT_TRUE(summary.message.starts_with("AccessDeniedException")) << summary.message;
  LetCrawl();
  summary = Crawl();
  EXPECT_EQ(summary.end, CrawlEnd::kSucceeded) << summary.message;
  EXPECT_EQ(summary.tables_created, 1);
}

TEST_F(CrawlTest, ACustomClassifierComesFirstAndIsReadAsTheRole) {
  LetCrawl();
  storage.files = {{"orders/a.txt", "id;text\n1;'a, b'\n2;'c'\n"}};
  EXPECT_EQ(Create({"semicolon"}).error().code, ErrorCode::kNotFound);
  CreateClassifier make;
  make.in.csv_classifier = wire::glue::CreateCsvClassifierRequest{
      .name = "semicolon", .delimiter = ";", .quote_symbol = "'", .contains_header = "PRESENT"};
  ASSERT_TRUE(world.gate.Run(world.As("admin"), make, classifiers));
  ASSERT_TRUE(Create({"semicolon"}));
  world.policies.denied = {"glue:GetClassifier"};
  EXPECT_EQ(Crawl().end, CrawlEnd::kFailed);
  world.policies.denied.clear();
  ASSERT_EQ(Crawl().end, CrawlEnd::kSucceeded);
  auto found = world.gate.Run(world.As("crawler"), GetTable{.in = {.database_name = "sales", .name = "orders"}}, tables);
  ASSERT_TRUE(found);
  const auto& storage_of = *found->table->storage_descriptor;
  ASSERT_EQ(storage_of.columns->size(), 2u);
  EXPECT_EQ(storage_of.columns->back().name, "text");
  EXPECT_EQ(storage_of.serde_info->parameters->at("quoteChar"), "'");
}

TEST_F(CrawlTest, WhatGoesBetweenListingAndOpeningIsLeftOutAndNothingElse) {
  LetCrawl();
  const int count = 2 * static_cast<int>(TestStorage::kOpenAtOnce) + 1;
  for (int i = 0; i < count; ++i) storage.files[fmt::format("orders/day={:03}/a.csv", i)] = fmt::format("id,column_{}\n1,a\n", i);
  storage.gone = {"orders/day=000/a.csv", "orders/day=250/a.csv", fmt::format("orders/day={:03}/a.csv", count - 1)};
  ASSERT_TRUE(Create());
  const CrawlSummary summary = Crawl();
  ASSERT_EQ(summary.end, CrawlEnd::kSucceeded) << summary.message;
  EXPECT_EQ(storage.opened.size(), storage.files.size() - storage.gone.size());
  EXPECT_TRUE(std::ranges::is_sorted(storage.opened));
  for (const std::string& key : storage.gone) EXPECT_EQ(std::ranges::count(storage.opened, key), 0);
  auto found = world.gate.Run(world.As("crawler"), GetTable{.in = {.database_name = "sales", .name = "orders"}}, tables);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->table->storage_descriptor->columns->size(), 1 + storage.opened.size());
}

TEST_F(CrawlTest, PartitionsAndNewColumnsArrive) {
  LetCrawl();
  storage.files = {{"orders/country=France/a.csv", "id,name\n1,a\n"}, {"orders/country=EIRE/a.csv", "id,name\n2,b\n"}};
  ASSERT_TRUE(Create());
  ASSERT_EQ(Crawl().end, CrawlEnd::kSucceeded);
  storage.files["orders/country=Spain/a.csv"] = "id,name,score\n3,c,0.5\n";
  CrawlSummary again = Crawl();
  EXPECT_EQ(again.end, CrawlEnd::kSucceeded) << again.message;
  EXPECT_EQ(again.tables_updated, 1);
  auto found =
      world.gate.Run(world.As("crawler"), GetPartitions{.in = {.database_name = "sales", .table_name = "orders"}}, partitions);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->partitions->size(), 3u);
  EXPECT_EQ(Crawl().tables_updated, 0);
}

TEST_F(CrawlTest, APartitionsColumnsFollowItsFilesUnlessChangesAreOnlyLogged) {
  LetCrawl();
  storage.files = {{"orders/country=France/a.csv", "id,name\n1,a\n"}, {"orders/country=EIRE/a.csv", "id,name\n2,b\n"}};
  ASSERT_TRUE(Create());
  ASSERT_EQ(Crawl().end, CrawlEnd::kSucceeded);
  auto columns_of = [&](const std::string& country) {
    GetPartition get{.in = {.database_name = "sales", .table_name = "orders"}};
    get.in.partition_values = std::vector<std::string>{country};
    return world.gate.Run(world.As("crawler"), get, partitions)->partition->storage_descriptor->columns->size();
  };
  auto update = [&](const std::string& behavior, const std::string& configuration) {
    UpdateCrawler change{.in = {.name = "c", .configuration = configuration}};
    change.in.schema_change_policy = wire::glue::SchemaChangePolicy{.update_behavior = behavior};
    ASSERT_TRUE(world.gate.Run(world.As("admin"), change, crawlers));
    CrawlSummary summary = Crawl();
    ASSERT_EQ(summary.end, CrawlEnd::kSucceeded) << summary.message;
  };
  storage.files["orders/country=France/a.csv"] = "id,name,score\n3,c,0.5\n";
  update("LOG", "{}");
  EXPECT_EQ(columns_of("France"), 2u);
  update("UPDATE_IN_DATABASE", "{}");
  EXPECT_EQ(columns_of("France"), 3u);
  EXPECT_EQ(columns_of("EIRE"), 2u);
  update("UPDATE_IN_DATABASE", R"({"CrawlerOutput":{"Partitions":{"AddOrUpdateBehavior":"InheritFromTable"}}})");
  EXPECT_EQ(columns_of("EIRE"), 3u);
}

TEST_F(CrawlTest, WhatStillWaitsIsNotBegunWhenTheRunnerStops) {
  constexpr int kWaiting = 3;
  ASSERT_TRUE(Create());
  const Id id = (*FindCrawler(**world.store->BeginRead(), kOwner, "us-east-1", "c"))->id;
  SlowRoles slow;
  CrawlRunner runner(*world.store, slow, Parts());
  ASSERT_TRUE(runner.Start());
  for (std::size_t i = 0; i < CrawlRunner::kThreads + kWaiting; ++i) runner.Enqueue(id);
  for (std::size_t i = 0; i < CrawlRunner::kThreads; ++i) slow.asks.acquire();
  std::thread stopping([&] { runner.Stop(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  slow.go.release(CrawlRunner::kThreads + kWaiting);
  stopping.join();
  EXPECT_EQ(slow.asked, CrawlRunner::kThreads);
}

TEST_F(CrawlTest, OneRunAtATimeAndARestartEndsIt) {
  ASSERT_TRUE(Create());
  StartCrawler start{.in = {.name = "c"}};
  ASSERT_TRUE(world.gate.Run(world.As("admin"), start, control));
  EXPECT_EQ(world.gate.Run(world.As("admin"), start, control).error().name, "CrawlerRunningException");
  EXPECT_EQ(queue.waiting.size(), 1u);
  auto tx = *world.store->BeginWrite();
  ASSERT_TRUE(EndInterruptedCrawls(*tx, 1));
  ASSERT_TRUE(tx->Commit());
  auto shown = world.gate.Run(world.As("admin"), GetCrawler{.in = {.name = "c"}}, crawlers);
  ASSERT_TRUE(shown);
  EXPECT_EQ(*shown->crawler->state, "READY");
  EXPECT_EQ(*shown->crawler->last_crawl->status, "FAILED");
  EXPECT_EQ(world.gate.Run(world.As("admin"), StopCrawler{.in = {.name = "c"}}, control).error().name,
            "CrawlerNotRunningException");
}

TEST_F(CrawlTest, RunsAreListedByTheirStateIdAndTime) {
  LetCrawl();
  storage.files = {{"orders/a.csv", "id,name\n1,a\n2,b\n"}};
  ASSERT_TRUE(Create());
  world.policies.denied = {"glue:CreateTable"};
  ASSERT_EQ(Crawl().end, CrawlEnd::kFailed);
  world.policies.denied.clear();
  world.clock.Advance(10'000);
  const TimeMs second = world.clock.NowMs();
  ASSERT_EQ(Crawl().end, CrawlEnd::kSucceeded);
  auto listed = [&](std::vector<wire::glue::CrawlsFilter> filters) {
    ListCrawls list{.in = {.crawler_name = "c", .filters = std::move(filters)}};
    auto answer = world.gate.Run(world.As("admin"), list, control);
    return answer ? static_cast<int>(answer->crawls->size()) : -1;
  };
  EXPECT_EQ(listed({}), 2);
  EXPECT_EQ(listed({{.field_name = "STATE", .filter_operator = "EQ", .field_value = "COMPLETED"}}), 1);
  EXPECT_EQ(listed({{.field_name = "STATE", .filter_operator = "NE", .field_value = "COMPLETED"}}), 1);
  EXPECT_EQ(listed({{.field_name = "CRAWL_ID", .filter_operator = "EQ", .field_value = "nobody's"}}), 0);
  EXPECT_EQ(listed({{.field_name = "START_TIME", .filter_operator = "GE", .field_value = std::to_string(second)}}), 1);
  EXPECT_EQ(listed({{.field_name = "START_TIME", .filter_operator = "LT", .field_value = std::to_string(second)},
                    {.field_name = "STATE", .filter_operator = "EQ", .field_value = "COMPLETED"}}),
            0);
  EXPECT_EQ(listed({{.field_name = "START_TIME", .filter_operator = "GT", .field_value = "yesterday"}}), -1);
  EXPECT_EQ(listed({{.field_name = "STATE", .filter_operator = "GT", .field_value = "FAILED"}}), -1);
}

TEST_F(CrawlTest, WhatAnXmlClassifierFindsIsCatalogued) {
  LetCrawl();
  storage.files = {{"orders/a.xml", "<all><row id=\"1\"><name>a</name></row></all>"}};
  CreateClassifier make;
  make.in.xml_classifier = wire::glue::CreateXMLClassifierRequest{.classification = "bills", .name = "x", .row_tag = "row"};
  ASSERT_TRUE(world.gate.Run(world.As("admin"), make, classifiers));
  ASSERT_TRUE(Create({"x"}));
  ASSERT_EQ(Crawl().end, CrawlEnd::kSucceeded);
  auto found = world.gate.Run(world.As("crawler"), GetTable{.in = {.database_name = "sales", .name = "orders"}}, tables);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->table->parameters->at("classification"), "bills");
  EXPECT_EQ(found->table->storage_descriptor->serde_info->parameters->at("rowTag"), "row");
  UpdateClassifier update;
  update.in.xml_classifier = wire::glue::UpdateXMLClassifierRequest{.name = "x", .row_tag = "line"};
  ASSERT_TRUE(world.gate.Run(world.As("admin"), update, classifiers));
  auto kept = world.gate.Run(world.As("admin"), GetClassifier{{.in = {.name = "x"}}}, classifiers);
  EXPECT_EQ(kept->classifier->xml_classifier->classification, "bills");
  EXPECT_EQ(kept->classifier->xml_classifier->row_tag, "line");
  EXPECT_EQ(kept->classifier->xml_classifier->version, 2);
  UpdateClassifier other;
  other.in.json_classifier = wire::glue::UpdateJsonClassifierRequest{.name = "x", .json_path = "$"};
  EXPECT_EQ(world.gate.Run(world.As("admin"), other, classifiers).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(CrawlTest, MakingACrawlerTakesPassRoleAndARoleThatTrustsTheService) {
  roles.trusts = false;
  EXPECT_FALSE(Create());
  roles.trusts = true;
  world.policies.denied = {"iam:PassRole"};
  auto refused = Create();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAccessDenied);
  world.policies.denied.clear();
  EXPECT_TRUE(Create());
}

}  // namespace
}  // namespace hanse::catalog
