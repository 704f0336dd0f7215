// Resource links in every operation that follows them (lakeformation.md, section 5.5).
#include <gtest/gtest.h>

#include "catalog/database.h"
#include "catalog/partition.h"
#include "catalog/query_table.h"
#include "catalog/search.h"
#include "catalog/table.h"
#include "catalog/test_lake.h"
#include "catalog/version.h"
#include "catalog/write_table.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using wire::glue::Column;
using wire::glue::TableInput;

const std::string kTargetTable = std::string(kOwner) + ":sales.orders";
const std::string kTargetDatabase = std::string(kOwner) + ":sales";

// The owner's sales.orders with two partitions; in the consumer's account the link `here` to its database, and `alias` in `mine` to
// the table. The analyst there may see both links and, until a test grants it, nothing of their targets.
class LinksTest : public testing::Test {
 protected:
  LinksTest() {
    world.lake.shared = true;
    MakeDatabase({.name = "sales"}, kOwner);
    MakeDatabase({.name = "mine"}, kConsumer);
    MakeDatabase({.name = "here", .target_database = Target()}, kConsumer);
    EXPECT_TRUE(Create("admin", "sales", Input("orders"), kOwner));
    for (const char* value : {"d1", "d2"}) {
      wire::glue::PartitionInput part{.values = std::vector<std::string>{value}};
      CreatePartition op{.in = {.database_name = "sales", .table_name = "orders", .partition_input = part}};
      EXPECT_TRUE(world.gate.Run(world.As("admin"), op, partitions));
    }
    EXPECT_TRUE(Create("admin", "mine", LinkTo("orders"), kConsumer));
    for (const char* link : {"here", "mine", "mine.alias"}) world.Grant("analyst", link, Permission::kDescribe, kConsumer);
  }
  static wire::glue::DatabaseIdentifier Target() { return {.catalog_id = std::string(kOwner), .database_name = "sales"}; }
  static TableInput LinkTo(const std::string& table) {
    return {
        .name = "alias",
        .target_table = wire::glue::TableIdentifier{.catalog_id = std::string(kOwner), .database_name = "sales", .name = table}};
  }
  static TableInput Input(const std::string& name, const std::string& description = "") {
    TableInput input{.name = name, .description = description, .table_type = "EXTERNAL_TABLE"};
    input.storage_descriptor = wire::glue::StorageDescriptor{.columns = std::vector<Column>{{.name = "id", .type = "string"}},
                                                             .location = "s3://lake/orders/"};
    input.partition_keys = std::vector<Column>{{.name = "dt", .type = "string"}};
    return input;
  }
  void MakeDatabase(wire::glue::DatabaseInput input, std::string_view account) {
    CreateDatabase op{.in = {.database_input = std::move(input)}};
    EXPECT_TRUE(world.gate.Run(world.As("admin", account), op, databases));
  }
  template <class Op, class Service>
  auto Run(std::string_view who, const Op& op, const Service& service) {
    return world.gate.Run(world.As(who, kConsumer), op, service);
  }
  Result<CreateTable::Answer> Create(std::string_view who, const std::string& database, const TableInput& input,
                                     std::string_view account) {
    return world.gate.Run(world.As(who, account), CreateTable{.in = {.database_name = database, .table_input = input}}, tables);
  }
  void Give(Permission permission, const std::string& what = kTargetTable) { world.Grant("analyst", what, permission, kConsumer); }
  void Take(const std::string& what = kTargetTable) { world.lake.grants.erase({TestWorld::ArnOf("analyst", kConsumer), what}); }
  std::string DescriptionAtHome() {
    GetTable op{.in = {.database_name = "sales", .name = "orders"}};
    return world.gate.Run(world.As("admin"), op, tables)->table->description.value_or("");
  }
  // Values of the partitions that are seen through database and table; -1: refused.
  int PartitionsThrough(const std::string& database, const std::string& table) {
    auto found = Run("analyst", GetPartitions{.in = {.database_name = database, .table_name = table}}, partitions);
    return found ? static_cast<int>(found->partitions->size()) : -1;
  }

  TestWorld world;
  Databases databases{world.access, world.pages};
  Tables tables{world.access, world.pages, world.views};
  TableVersions versions{world.access, world.pages};
  Partitions partitions{world.access, world.pages};
  Search search{world.access, world.pages};
  QueryTables query_tables{world.access, world.views};
  TableWrites writes{world.access};
};

TEST_F(LinksTest, PartitionsAreReachedThroughOneLink) {
  EXPECT_EQ(PartitionsThrough("here", "orders"), -1);
  EXPECT_EQ(PartitionsThrough("mine", "alias"), -1);
  Give(Permission::kDescribe);
  EXPECT_EQ(PartitionsThrough("here", "orders"), 2);
  EXPECT_EQ(PartitionsThrough("mine", "alias"), 2);
  GetPartition one{.in = {.database_name = "here", .table_name = "orders", .partition_values = std::vector<std::string>{"d1"}}};
  auto got = Run("analyst", one, partitions);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got->partition->values, std::vector<std::string>{"d1"});
  BatchGetPartition batch{
      .in = {.database_name = "mine",
             .table_name = "alias",
             .partitions_to_get = std::vector<wire::glue::PartitionValueList>{{.values = std::vector<std::string>{"d2"}}}}};
  EXPECT_EQ(Run("analyst", batch, partitions)->partitions->size(), 1u);
  Take();
  EXPECT_EQ(PartitionsThrough("here", "orders"), -1);
  EXPECT_FALSE(Run("analyst", one, partitions));
  EXPECT_FALSE(Run("analyst", batch, partitions));
}

TEST_F(LinksTest, ThroughALinkAPartitionIsWrittenByAlterOnTheTarget) {
  Give(Permission::kSelect);
  CreatePartition add{.in = {.database_name = "here",
                             .table_name = "orders",
                             .partition_input = wire::glue::PartitionInput{.values = std::vector<std::string>{"d3"}}}};
  auto refused = Run("analyst", add, partitions);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAccessDenied);
  Give(Permission::kAlter);
  ASSERT_TRUE(Run("analyst", add, partitions));
  EXPECT_EQ(PartitionsThrough("mine", "alias"), 3);
  DeletePartition gone{.in = {.database_name = "mine", .table_name = "alias", .partition_values = std::vector<std::string>{"d3"}}};
  ASSERT_TRUE(Run("analyst", gone, partitions));
  EXPECT_EQ(PartitionsThrough("here", "orders"), 2);
  Take();
  EXPECT_FALSE(Run("analyst", add, partitions));
}

// A link to the owner's database in which a link to another of its tables stands.
TEST_F(LinksTest, ThroughTwoLinksAtOnceNothingIsReachedOrWritten) {
  MakeDatabase({.name = "vault"}, kOwner);
  ASSERT_TRUE(Create("admin", "vault", LinkTo("orders"), kOwner));
  MakeDatabase({.name = "far",
                .target_database = wire::glue::DatabaseIdentifier{.catalog_id = std::string(kOwner), .database_name = "vault"}},
               kConsumer);
  world.Grant("analyst", "far", Permission::kDescribe, kConsumer);
  Give(Permission::kAll);
  Give(Permission::kDescribe, std::string(kOwner) + ":vault.alias");
  EXPECT_EQ(PartitionsThrough("here", "orders"), 2);
  EXPECT_EQ(PartitionsThrough("far", "alias"), 0);
  auto old = Run("analyst", GetTableVersions{.in = {.database_name = "far", .table_name = "alias"}}, versions);
  ASSERT_TRUE(old);
  EXPECT_TRUE(old->table_versions->empty());
  auto bare = Run("analyst", GetTable{.in = {.database_name = "far", .name = "alias"}}, tables);
  ASSERT_TRUE(bare);
  EXPECT_FALSE(bare->table->storage_descriptor);
  EXPECT_FALSE(Run("analyst", UpdateTable{.in = {.database_name = "far", .table_input = Input("alias", "no")}}, tables));
  CreatePartition add{.in = {.database_name = "far",
                             .table_name = "alias",
                             .partition_input = wire::glue::PartitionInput{.values = std::vector<std::string>{"d3"}}}};
  EXPECT_FALSE(Run("analyst", add, partitions));
  EXPECT_FALSE(Run("analyst", OpenForQuery{.database = "far", .table = "alias"}, query_tables));
  EXPECT_EQ(DescriptionAtHome(), "");
}

TEST_F(LinksTest, UpdatesThroughALinkChangeTheTarget) {
  UpdateTable through_database{.in = {.database_name = "here", .table_input = Input("orders", "one")}};
  UpdateTable through_table{.in = {.database_name = "mine", .table_input = Input("alias", "two")}};
  EXPECT_FALSE(Run("analyst", through_database, tables));
  Give(Permission::kSelect);
  EXPECT_EQ(Run("analyst", through_table, tables).error().code, ErrorCode::kAccessDenied);
  Give(Permission::kAlter);
  ASSERT_TRUE(Run("analyst", through_database, tables));
  EXPECT_EQ(DescriptionAtHome(), "one");
  ASSERT_TRUE(Run("analyst", through_table, tables));
  EXPECT_EQ(DescriptionAtHome(), "two");
  auto seen = Run("analyst", GetTableVersions{.in = {.database_name = "mine", .table_name = "alias"}}, versions);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->table_versions->size(), 3u);
  EXPECT_TRUE(
      Run("analyst", GetTableVersion{.in = {.database_name = "here", .table_name = "orders", .version_id = "0"}}, versions));
  Take();
  EXPECT_FALSE(
      Run("analyst", GetTableVersion{.in = {.database_name = "here", .table_name = "orders", .version_id = "0"}}, versions));
  EXPECT_FALSE(Run("analyst", through_database, tables));
}

TEST_F(LinksTest, AnUpdateOfADatabaseLinkChangesItsTarget) {
  UpdateDatabase op{.in = {.name = "here", .database_input = wire::glue::DatabaseInput{.name = "here", .description = "theirs"}}};
  EXPECT_FALSE(Run("analyst", op, databases));
  Give(Permission::kDescribe, kTargetDatabase);
  EXPECT_EQ(Run("analyst", op, databases).error().code, ErrorCode::kAccessDenied);
  Give(Permission::kAlter, kTargetDatabase);
  ASSERT_TRUE(Run("analyst", op, databases));
  auto home = world.gate.Run(world.As("admin"), GetDatabase{.in = {.name = "sales"}}, databases);
  ASSERT_TRUE(home);
  EXPECT_EQ(*home->database->description, "theirs");
  auto link = Run("analyst", GetDatabase{.in = {.name = "here"}}, databases);
  ASSERT_TRUE(link);
  EXPECT_EQ(*link->database->target_database->database_name, "sales");
}

TEST_F(LinksTest, ATableMadeThroughADatabaseLinkStandsInTheTarget) {
  EXPECT_FALSE(Create("analyst", "here", Input("fresh"), kConsumer));
  Give(Permission::kCreateTable, kTargetDatabase);
  ASSERT_TRUE(Create("analyst", "here", Input("fresh"), kConsumer));
  EXPECT_TRUE(world.gate.Run(world.As("analyst", kConsumer),
                             GetTable{.in = {.catalog_id = std::string(kOwner), .database_name = "sales", .name = "fresh"}},
                             tables));
  auto link = Create("analyst", "here", LinkTo("orders"), kConsumer);
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().code, ErrorCode::kInvalidArgument);
  Take(kTargetDatabase);
  EXPECT_FALSE(Create("analyst", "here", Input("more"), kConsumer));
}

TEST_F(LinksTest, ListsFollowEachLinkAndASearchNone) {
  auto shown = [&](const std::string& database) {
    auto found = Run("analyst", GetTables{.in = {.database_name = database}}, tables);
    return found && found->table_list->size() == 1 && found->table_list->front().storage_descriptor.has_value();
  };
  EXPECT_FALSE(shown("mine"));
  EXPECT_FALSE(shown("here"));
  Give(Permission::kSelect);
  EXPECT_TRUE(shown("mine"));
  EXPECT_TRUE(shown("here"));
  auto found = Run("analyst", SearchTables{.in = {.search_text = "alias"}}, search);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->table_list->size(), 1u);
  EXPECT_FALSE(found->table_list->front().storage_descriptor);
  Take();
  EXPECT_FALSE(shown("mine"));
}

TEST_F(LinksTest, AQueryReadsTheTargetThroughEitherLink) {
  for (const auto& [database, table] : {std::pair("here", "orders"), std::pair("mine", "alias")}) {
    const OpenForQuery open{.database = database, .table = table, .query_id = "q"};
    Give(Permission::kDescribe);
    EXPECT_EQ(Run("analyst", open, query_tables).error().code, ErrorCode::kAccessDenied);
    Give(Permission::kSelect);
    auto opened = Run("analyst", open, query_tables);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->table.account, kOwner);
    EXPECT_EQ(opened->partitions.size(), 2u);
    Take();
    EXPECT_FALSE(Run("analyst", open, query_tables));
  }
}

TEST_F(LinksTest, RowsAreAddedToTheTargetThroughEitherLinkByInsertAlone) {
  world.lake.registered = {"s3://lake"};
  for (const auto& [database, table] : {std::pair("here", "orders"), std::pair("mine", "alias")}) {
    const OpenForWrite open{.database = database, .table = table, .partitions = {{"d1"}, {"d9"}}, .query_id = "q"};
    EXPECT_EQ(Run("analyst", open, writes).error().code, ErrorCode::kNotFound);
    Give(Permission::kSelect);
    Give(Permission::kAlter);
    EXPECT_EQ(Run("analyst", open, writes).error().code, ErrorCode::kAccessDenied);
    Give(Permission::kInsert);
    auto opened = Run("analyst", open, writes);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->table.account, kOwner);
    EXPECT_TRUE(opened->registered);
    EXPECT_EQ(opened->partitions.size(), 1u);
    world.policies.denied = {"lakeformation:GetDataAccess"};
    EXPECT_FALSE(Run("analyst", open, writes));
    world.policies.denied.clear();
    Take();
    EXPECT_FALSE(Run("analyst", open, writes));
  }
}

TEST_F(LinksTest, ANewTableThatIsWrittenWithARoleLiesInNoOtherTable) {
  auto open = [&](const std::string& place) {
    TableInput input = Input("fresh");
    input.storage_descriptor->location = place;
    EXPECT_TRUE(Create("admin", "sales", input, kOwner));
    auto opened = world.gate.Run(world.As("admin"), OpenForWrite{.database = "sales", .table = "fresh", .alone = true}, writes);
    EXPECT_TRUE(world.gate.Run(world.As("admin"), DeleteTable{.in = {.database_name = "sales", .name = "fresh"}}, tables));
    return opened ? std::string() : opened.error().message;
  };
  // orders lies at s3://lake/orders/.
  for (const char* place : {"s3://lake/orders/", "s3://lake/orders", "s3://lake/orders/deeper/", "s3://lake/"}) {
    EXPECT_EQ(open(place), "") << place;
  }
  world.lake.registered = {"s3://lake"};
  world.lake.locations = {{TestWorld::ArnOf("admin"), "s3://lake"}};
  for (const char* place : {"s3://lake/orders/", "s3://lake/orders", "s3://lake/orders/deeper/", "s3://lake/"}) {
    EXPECT_NE(open(place).find("HIVE_PATH_ALREADY_EXISTS"), std::string::npos) << place;
  }
  for (const char* place : {"s3://lake/orders2/", "s3://lake/order"}) EXPECT_EQ(open(place), "") << place;
}

TEST_F(LinksTest, ALinkToAnotherRegionLeadsNowhereHere) {
  TableInput link = LinkTo("orders");
  link.name = "abroad";
  link.target_table->region = "eu-west-1";
  ASSERT_TRUE(Create("admin", "mine", link, kConsumer));
  world.Grant("analyst", "mine.abroad", Permission::kDescribe, kConsumer);
  Give(Permission::kSelect);
  auto bare = Run("analyst", GetTable{.in = {.database_name = "mine", .name = "abroad"}}, tables);
  ASSERT_TRUE(bare);
  EXPECT_FALSE(bare->table->storage_descriptor);
}

}  // namespace
}  // namespace hanse::catalog
