#include <gtest/gtest.h>

#include <fmt/format.h>

#include "catalog/test_crawl.h"

namespace hanse::catalog {
namespace {

constexpr const char* kQueue = "arn:aws:sqs:us-east-1:111111111111:events";

class CrawlEventsTest : public CrawlTest {
 protected:
  CrawlEventsTest() { LetCrawl(); }
  CreateCrawler Events(const std::string& name = "c") {
    CreateCrawler op = Plain(name);
    op.in.recrawl_policy = wire::glue::RecrawlPolicy{.recrawl_behavior = "CRAWL_EVENT_MODE"};
    op.in.schema_change_policy =
        wire::glue::SchemaChangePolicy{.update_behavior = "UPDATE_IN_DATABASE", .delete_behavior = "DELETE_FROM_DATABASE"};
    op.in.targets->s3_targets->front().event_queue_arn = kQueue;
    return op;
  }
  // What a crawl that succeeds opens.
  std::string Opens() {
    storage.opened.clear();
    CrawlSummary summary = Crawl();
    EXPECT_EQ(summary.end, CrawlEnd::kSucceeded) << summary.message;
    return Join(storage.opened, ",");
  }
  // Tables of a database with their columns and partitions.
  std::string Catalogued(const std::string& database) {
    std::string text;
    auto list = world.gate.Run(world.As("crawler"), GetTables{.in = {.database_name = database}}, tables);
    EXPECT_TRUE(list);
    for (const auto& table : *list->table_list) {
      text += *table.name + "(";
      for (const auto& column : *table.storage_descriptor->columns) text += *column.name + " " + *column.type + ",";
      text += ")[";
      GetPartitions get{.in = {.database_name = database, .table_name = table.name}};
      auto found = world.gate.Run(world.As("crawler"), get, partitions);
      for (const auto& partition : *found->partitions) {
        text += Join(*partition.values, "/") + ":" + std::to_string(partition.storage_descriptor->columns->size()) + " ";
      }
      text += "]\n";
    }
    return text;
  }
};

TEST_F(CrawlEventsTest, TheFirstRunReadsAllAndTheNextOnlyFoldersThatChanged) {
  storage.Put("orders/country=France/a.csv", "id,name\n1,a\n");
  storage.Put("orders/country=EIRE/a.csv", "id,name\n2,b\n");
  ASSERT_TRUE(Make(Events()));
  EXPECT_EQ(Opens(), "orders/country=EIRE/a.csv,orders/country=France/a.csv");
  EXPECT_EQ(Opens(), "");
  storage.Put("orders/country=Spain/a.csv", "id,name,score\n3,c,0.5\n");
  storage.Put("orders/country=EIRE/b.csv", "id,name\n4,d\n");
  EXPECT_EQ(Opens(), "orders/country=EIRE/a.csv,orders/country=EIRE/b.csv,orders/country=Spain/a.csv");
  EXPECT_EQ(TableOf("orders")->storage_descriptor->columns->size(), 3u);
  storage.Delete("orders/country=France/a.csv");
  EXPECT_EQ(Opens(), "");
  EXPECT_EQ(Catalogued("sales"), "orders(id bigint,name string,score double,)[EIRE:2 Spain:3 ]\n");
}

TEST_F(CrawlEventsTest, WhatARunThatFailedHadSeenIsSeenAgain) {
  storage.Put("orders/country=France/a.csv", "id,name\n1,a\n");
  storage.Put("orders/country=EIRE/a.csv", "id,name\n2,b\n");
  ASSERT_TRUE(Make(Events()));
  world.policies.denied = {"glue:BatchCreatePartition"};
  EXPECT_EQ(Crawl().end, CrawlEnd::kFailed);
  world.policies.denied.clear();
  EXPECT_EQ(Opens(), "orders/country=EIRE/a.csv,orders/country=France/a.csv");
  storage.Put("orders/country=Spain/a.csv", "id,name\n3,c\n");
  world.policies.denied = {"glue:BatchCreatePartition"};
  EXPECT_EQ(Crawl().end, CrawlEnd::kFailed);
  world.policies.denied.clear();
  EXPECT_EQ(Opens(), "orders/country=Spain/a.csv");
  EXPECT_EQ(Opens(), "");
}

TEST_F(CrawlEventsTest, AHistoryThatIsCutOffOrAChangedCrawlerReadsAllAgain) {
  storage.Put("orders/a/a.csv", "id,name\n1,a\n");
  storage.Put("orders/b/a.csv", "id,name\n1,a\n");
  ASSERT_TRUE(Make(Events()));
  EXPECT_EQ(Opens(), "orders/a/a.csv,orders/b/a.csv");
  storage.files.erase("orders/b/a.csv");  // Nobody says so.
  EXPECT_EQ(Opens(), "");
  storage.forgets = true;
  EXPECT_EQ(Opens(), "orders/a/a.csv");
  storage.forgets = false;
  EXPECT_EQ(Opens(), "");
  ASSERT_TRUE(world.gate.Run(world.As("admin"), UpdateCrawler{.in = {.name = "c", .description = "anew"}}, crawlers));
  EXPECT_EQ(Opens(), "orders/a/a.csv");
}

// Random changes, with crawls that fail among them: a crawl that follows changes leaves what one of everything leaves.
TEST_F(CrawlEventsTest, WhatItLeavesIsWhatACrawlOfEverythingLeaves) {
  ASSERT_TRUE(world.gate.Run(world.As("admin"),
                             CreateDatabase{.in = {.database_input = wire::glue::DatabaseInput{.name = "whole"}}}, databases));
  world.Grant("crawler", "whole", policy::Permission::kCreateTable);
  ASSERT_TRUE(Make(Events()));
  CreateCrawler whole = Events("w");
  whole.in.database_name = "whole";
  whole.in.recrawl_policy.reset();
  ASSERT_TRUE(Make(whole));
  const std::string bodies[] = {"id,name\n1,a\n2,b\n", "id,name,score\n1,a,0.5\n2,b,1.5\n", "{\"x\":1}\n{\"x\":2}\n",
                                "who;when\n1;2\n3;4\n"};
  SeededRandom dice(7);
  auto below = [&](std::uint64_t n) { return dice.Next() % n; };
  for (int round = 0; round < 60; ++round) {
    for (std::uint64_t i = below(4); i > 0; --i) {
      const std::string key = fmt::format("orders/t{}/year={}/{}", below(2), below(3), below(2));
      if (storage.files.contains(key) && below(2) == 0) {
        storage.Delete(key);
      } else {
        storage.Put(key, bodies[below(std::size(bodies))]);
      }
    }
    if (below(4) == 0) {
      world.policies.denied = {"glue:UpdateTable", "glue:BatchCreatePartition", "glue:DeleteTable"};
      Crawl();
      world.policies.denied.clear();
    }
    ASSERT_EQ(Crawl().end, CrawlEnd::kSucceeded);
    ASSERT_EQ(Crawl("w").end, CrawlEnd::kSucceeded);
    ASSERT_EQ(Catalogued("sales"), Catalogued("whole")) << "round " << round;
  }
}

TEST_F(CrawlEventsTest, AQueueIsNamedByAnArnOfSqs) {
  for (const char* arn : {"events", "arn:aws:sns:us-east-1:111111111111:events", "arn:aws:sqs:us-east-1:1:events",
                          "arn:aws:sqs:us-east-1:111111111111:"}) {
    CreateCrawler op = Events();
    op.in.targets->s3_targets->front().event_queue_arn = arn;
    EXPECT_EQ(Make(op).error().code, ErrorCode::kInvalidArgument) << arn;
    op = Events();
    op.in.targets->s3_targets->front().dlq_event_queue_arn = arn;
    EXPECT_EQ(Make(op).error().code, ErrorCode::kInvalidArgument) << arn;
  }
  ASSERT_TRUE(Make(Events()));
  auto shown = world.gate.Run(world.As("admin"), GetCrawler{.in = {.name = "c"}}, crawlers);
  EXPECT_EQ(shown->crawler->targets->s3_targets->front().event_queue_arn, kQueue);
}

class CrawlCatalogTest : public CrawlEventsTest {
 protected:
  CrawlCatalogTest() {
    storage.Put("orders/eu/a.csv", "id,name\n1,a\n2,b\n");
    storage.Put("orders/us/a.csv", "id,name\n3,c\n4,d\n");
    CreateTable make{.in = {.database_name = "sales"}};
    make.in.table_input = wire::glue::TableInput{.name = "mine", .description = "by hand"};
    make.in.table_input->storage_descriptor = wire::glue::StorageDescriptor{
        .columns = std::vector<wire::glue::Column>{{.name = "id", .type = "bigint", .comment = "kept"}},
        .location = "s3://lake/orders"};
    make.in.table_input->partition_keys = std::vector<wire::glue::Column>{{.name = "part", .type = "string"}};
    EXPECT_TRUE(world.gate.Run(world.As("admin"), make, tables));
    world.Grant("crawler", "sales.mine", policy::Permission::kAll);
  }
  CreateCrawler Named(std::vector<std::string> names) {
    CreateCrawler op = Plain();
    op.in.database_name.reset();
    op.in.targets = wire::glue::CrawlerTargets{};
    op.in.targets->catalog_targets = std::vector<wire::glue::CatalogTarget>{{.database_name = "sales", .tables = std::move(names)}};
    return op;
  }
};

TEST_F(CrawlCatalogTest, ATableThatTheCatalogNamesKeepsItsNamePlaceAndKeys) {
  ASSERT_TRUE(Make(Named({"mine"})));
  CrawlSummary summary = Crawl();
  ASSERT_EQ(summary.end, CrawlEnd::kSucceeded) << summary.message;
  EXPECT_EQ(summary.tables_created, 0);
  auto table = TableOf("mine");
  EXPECT_EQ(table->description, "by hand");
  EXPECT_EQ(table->storage_descriptor->location, "s3://lake/orders");
  ASSERT_EQ(table->storage_descriptor->columns->size(), 2u);
  EXPECT_EQ(table->storage_descriptor->columns->front().comment, "kept");
  EXPECT_EQ(table->partition_keys->front().name, "part");
  auto found =
      world.gate.Run(world.As("crawler"), GetPartitions{.in = {.database_name = "sales", .table_name = "mine"}}, partitions);
  EXPECT_EQ(found->partitions->size(), 2u);
}

TEST_F(CrawlCatalogTest, InEventModeItReadsWhatChangedThere) {
  CreateCrawler op = Named({"mine"});
  op.in.recrawl_policy = wire::glue::RecrawlPolicy{.recrawl_behavior = "CRAWL_EVENT_MODE"};
  op.in.targets->catalog_targets->front().event_queue_arn = kQueue;
  ASSERT_TRUE(Make(op));
  EXPECT_EQ(Opens(), "orders/eu/a.csv,orders/us/a.csv");
  storage.Put("orders/us/b.csv", "id,name\n5,c\n6,d\n");
  EXPECT_EQ(Opens(), "orders/us/a.csv,orders/us/b.csv");
}

TEST_F(CrawlCatalogTest, WhatItMayNotSeeOrChangeFailsTheCrawl) {
  world.lake.grants.erase({TestWorld::ArnOf("crawler"), "sales.mine"});
  ASSERT_TRUE(Make(Named({"mine"})));
  CrawlSummary hidden = Crawl();
  EXPECT_EQ(hidden.end, CrawlEnd::kFailed);
  EXPECT_EQ(hidden.message, "EntityNotFoundException: Table sales.mine not found.");
  world.Grant("crawler", "sales.mine", policy::Permission::kDescribe);
  EXPECT_TRUE(Crawl().message.starts_with("AccessDeniedException"));
  world.Grant("crawler", "sales.mine", policy::Permission::kAll);
  storage.Put("orders/us/west/a.csv", "id,name\n5,c\n6,d\n");
  EXPECT_EQ(Crawl().message, "InvalidInputException: The folder of table sales.mine holds more than one table.");
}

TEST_F(CrawlCatalogTest, ItStandsAloneAndDeletesNothing) {
  CreateCrawler op = Named({"mine"});
  op.in.schema_change_policy = wire::glue::SchemaChangePolicy{.delete_behavior = "DELETE_FROM_DATABASE"};
  EXPECT_EQ(Make(op).error().code, ErrorCode::kInvalidArgument);
  op = Named({"mine"});
  op.in.targets->s3_targets = Plain().in.targets->s3_targets;
  EXPECT_EQ(Make(op).error().code, ErrorCode::kInvalidArgument);
  op = Named({"mine"});
  op.in.targets->catalog_targets->front().connection_name = "net";
  EXPECT_EQ(Make(op).error().message, "Targets.CatalogTargets.ConnectionName");
}

}  // namespace
}  // namespace hanse::catalog
