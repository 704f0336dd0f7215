#include "catalog/query_table.h"

#include <gmock/gmock.h>

#include "catalog/database.h"
#include "catalog/partition.h"
#include "catalog/table.h"
#include "catalog/test_lake.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using testing::ElementsAre;
using testing::SizeIs;

// sales.orders, by day and n.
class QueryTableTest : public testing::Test {
 protected:
  template <class Op, class Service>
  auto Run(std::string_view who, const Op& op, const Service& service) {
    return world.gate.Run(world.As(who), op, service);
  }
  QueryTableTest() {
    CreateDatabase database{.in = {.database_input = wire::glue::DatabaseInput{.name = "sales"}}};
    EXPECT_TRUE(Run("admin", database, databases));
    wire::glue::TableInput orders{.name = "orders", .table_type = "EXTERNAL_TABLE"};
    orders.storage_descriptor =
        wire::glue::StorageDescriptor{.columns = {{{.name = "id", .type = "string"}}}, .location = "s3://l/o/"};
    orders.partition_keys = {{{.name = "day", .type = "string"}, {.name = "n", .type = "int"}}};
    EXPECT_TRUE(Run("admin", CreateTable{.in = {.database_name = "sales", .table_input = orders}}, tables));
    for (const char* n : {"1", "2", "03"}) Add({"d'1", n});
    Add({"d2", "2"});
    world.Grant("analyst", "sales.orders", Permission::kSelect);
  }
  void Add(std::vector<std::string> values) {
    CreatePartition add{.in = {.database_name = "sales", .table_name = "orders"}};
    add.in.partition_input = wire::glue::PartitionInput{.values = std::move(values)};
    EXPECT_TRUE(Run("admin", add, partitions));
  }
  std::vector<std::string> Left(std::vector<NeededPartitions> needed) {
    OpenForQuery open{.database = "sales", .table = "orders", .needed = std::move(needed), .query_id = "q"};
    auto opened = Run("analyst", open, query_tables);
    if (!opened) return {opened.error().message};
    std::vector<std::string> left;
    for (const GovernedPartition& partition : opened->partitions) left.push_back(partition.values[0] + "/" + partition.values[1]);
    return left;
  }

  TestWorld world;
  Databases databases{world.access, world.pages};
  Tables tables{world.access, world.pages, world.views};
  Partitions partitions{world.access, world.pages};
  QueryTables query_tables{world.access, world.views};
};

TEST_F(QueryTableTest, PartitionsThatNobodyNeedsAreLeftOut) {
  EXPECT_THAT(Left({}), SizeIs(4));
  EXPECT_THAT(Left({{"day", "string", "= 'd''1'"}, {"n", "int", "IN (1, 3)"}}), ElementsAre("d'1/03", "d'1/1"));
  EXPECT_THAT(Left({{"n", "int", "> 2"}}), ElementsAre("d'1/03"));
  EXPECT_THAT(Left({{"day", "string", "= 'other'"}}), SizeIs(0));
}

TEST_F(QueryTableTest, WhatIsNoTestOfAKeyLeavesNoneOut) {
  EXPECT_THAT(Left({{"id", "string", "= 'x'"}}), SizeIs(4));
  EXPECT_THAT(Left({{"n", "string", "= '1'"}}), SizeIs(4));
  EXPECT_THAT(Left({{"day", "date", "= '2024-01-01'"}}), SizeIs(4));
  EXPECT_THAT(Left({{"n", "int", "= oops"}}), SizeIs(4));
  EXPECT_THAT(Left({{"n", "int", "= oops"}, {"n", "int", "= 2"}}), SizeIs(2));
}

TEST_F(QueryTableTest, AKeyThatIsHiddenOrMaskedLeavesNoneOut) {
  const std::pair orders(TestWorld::ArnOf("analyst"), std::string("sales.orders"));
  world.lake.columns[orders] = {"id", "n"};
  EXPECT_THAT(Left({{"day", "string", "= 'd2'"}}), SizeIs(4));
  EXPECT_THAT(Left({{"n", "int", "= 1"}}), SizeIs(1));
  world.lake.cells[orders] = {{"n", "id = 'x'"}};
  EXPECT_THAT(Left({{"n", "int", "= 1"}}), SizeIs(4));
}

TEST_F(QueryTableTest, AValueOfAnotherTypeLeavesThatToTheScan) {
  Add({"d3", "many"});
  EXPECT_THAT(Left({{"n", "int", "= 1"}}), SizeIs(5));
  EXPECT_THAT(Left({{"day", "string", "= 'd2'"}, {"n", "int", "= 2"}}), ElementsAre("d2/2"));
}

}  // namespace
}  // namespace hanse::catalog
