#include "catalog/unfiltered.h"

#include <gtest/gtest.h>

#include "catalog/database.h"
#include "catalog/partition.h"
#include "catalog/table.h"
#include "catalog/test_lake.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using wire::glue::Column;

const std::vector<std::string> kBoth = {"COLUMN_PERMISSION", "CELL_FILTER_PERMISSION"};

// sales.orders of the owner, with two partitions; the caller is a trusted engine.
class UnfilteredTest : public testing::Test {
 protected:
  UnfilteredTest() {
    world.lake.outside.filters = true;
    CreateDatabase database{.in = {.database_input = wire::glue::DatabaseInput{.name = "sales"}}};
    EXPECT_TRUE(world.gate.Run(world.As("admin"), database, databases));
    wire::glue::TableInput input{.name = "orders", .table_type = "EXTERNAL_TABLE"};
    input.storage_descriptor = wire::glue::StorageDescriptor{
        .columns = std::vector<Column>{{.name = "id", .type = "string"}, {.name = "email", .type = "string"}},
        .location = "s3://lake/orders/"};
    input.partition_keys = std::vector<Column>{{.name = "dt", .type = "string"}};
    EXPECT_TRUE(world.gate.Run(world.As("admin"), CreateTable{.in = {.database_name = "sales", .table_input = input}}, tables));
    for (const char* value : {"d1", "d2"}) {
      wire::glue::PartitionInput part{.values = std::vector<std::string>{value}, .storage_descriptor = input.storage_descriptor};
      CreatePartition op{.in = {.database_name = "sales", .table_name = "orders", .partition_input = part}};
      EXPECT_TRUE(world.gate.Run(world.As("admin"), op, partitions));
    }
  }
  auto Table(std::string_view who, GetUnfilteredTableMetadata op = {}, std::string_view account = kOwner) {
    op.in.catalog_id = op.in.catalog_id.value_or(std::string(kOwner));
    op.in.database_name = op.in.database_name.value_or("sales");
    op.in.name = "orders";
    if (!op.in.supported_permission_types) op.in.supported_permission_types = kBoth;
    return world.gate.Run(world.As(who, account), op, unfiltered);
  }
  auto Parts(std::string_view who, const std::string& expression) {
    GetUnfilteredPartitionsMetadata op{};
    op.in.catalog_id = std::string(kOwner);
    op.in.database_name = "sales";
    op.in.table_name = "orders";
    op.in.expression = expression;
    op.in.supported_permission_types = kBoth;
    return world.gate.Run(world.As(who), op, unfiltered);
  }
  void OnlyId(std::string_view who) { world.lake.columns[{TestWorld::ArnOf(who), "sales.orders"}] = {"id"}; }

  TestWorld world;
  Databases databases{world.access, world.pages};
  Tables tables{world.access, world.pages, world.views};
  Partitions partitions{world.access, world.pages};
  QueryAuthorizations authorizations{crypto::Key::Draw(world.random), world.random};
  Unfiltered unfiltered{world.access, world.pages, authorizations};
};

TEST_F(UnfilteredTest, ATrustedEngineIsToldTheWholeTableAndWhatToApply) {
  EXPECT_EQ(Table("reader").error().code, ErrorCode::kNotFound);
  OnlyId("reader");
  world.lake.rows[{TestWorld::ArnOf("reader"), "sales.orders"}] = "\"id\" = '1'";
  auto told = Table("reader");
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_EQ(told->table->storage_descriptor->columns->size(), 2u);
  EXPECT_EQ(*told->authorized_columns, std::vector<std::string>{"id"});
  EXPECT_EQ(*told->row_filter, "\"id\" = '1'");
  ASSERT_EQ(told->cell_filters->size(), 1u);
  EXPECT_EQ(*told->cell_filters->front().column_name, "id");
  EXPECT_EQ(*told->permissions, std::vector<std::string>{"SELECT"});
  EXPECT_FALSE(*told->is_registered_with_lake_formation);
  EXPECT_EQ(*told->resource_arn, TableArn("us-east-1", kOwner, "sales", "orders"));
  world.lake.registered = {"s3://lake"};
  told = Table("reader");
  EXPECT_TRUE(*told->is_registered_with_lake_formation && *told->table->is_registered_with_lake_formation);
  // What it was told comes back with the next question, as long as nothing has changed.
  GetUnfilteredTableMetadata again{};
  again.in.query_session_context = wire::glue::QuerySessionContext{.query_authorization_id = told->query_authorization_id};
  EXPECT_TRUE(Table("reader", again));
  world.lake.rows[{TestWorld::ArnOf("reader"), "sales.orders"}] = "\"id\" = '2'";
  EXPECT_EQ(Table("reader", again).error().code, ErrorCode::kAccessDenied);
  world.lake.columns.clear();
  world.lake.rows.clear();
  EXPECT_EQ(Table("reader").error().code, ErrorCode::kNotFound);
}

TEST_F(UnfilteredTest, WhoIsNotTrustedOrCannotApplyItIsRefused) {
  OnlyId("reader");
  GetUnfilteredTableMetadata less{};
  less.in.supported_permission_types = std::vector<std::string>{"CELL_FILTER_PERMISSION"};
  EXPECT_EQ(Table("reader", less).error().name, "PermissionTypeMismatchException");
  world.lake.outside = {.full_tables = true};
  EXPECT_EQ(Table("reader").error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(Parts("reader", "").error().code, ErrorCode::kAccessDenied);
  world.Grant("whole", "sales.orders", Permission::kSelect);
  EXPECT_TRUE(Table("whole"));
  EXPECT_TRUE(Parts("whole", ""));
  world.lake.outside = {};
  EXPECT_FALSE(Table("whole"));
  EXPECT_FALSE(Parts("whole", ""));
}

TEST_F(UnfilteredTest, ADescriberIsAuthorizedForNoColumn) {
  world.Grant("reader", "sales.orders", Permission::kDescribe);
  auto access = Table("reader");
  ASSERT_TRUE(access);
  EXPECT_TRUE(access->permissions->empty() && access->authorized_columns->empty() && access->cell_filters->empty());
  EXPECT_TRUE(Parts("reader", "")->unfiltered_partitions->front().authorized_columns->empty());
  GetUnfilteredTableMetadata selects{};
  selects.in.permissions = std::vector<std::string>{"SELECT"};
  EXPECT_EQ(Table("reader", selects).error().code, ErrorCode::kAccessDenied);
  world.lake.outside = {.full_tables = true};
  EXPECT_FALSE(Table("reader"));
}

TEST_F(UnfilteredTest, PartitionsAreToldAsTheirTableIs) {
  OnlyId("reader");
  world.lake.registered = {"s3://lake"};
  auto told = Parts("reader", "dt = 'd2'");
  ASSERT_TRUE(told) << told.error().message;
  ASSERT_EQ(told->unfiltered_partitions->size(), 1u);
  const auto& part = told->unfiltered_partitions->front();
  EXPECT_EQ(*part.partition->values, std::vector<std::string>{"d2"});
  EXPECT_EQ(part.partition->storage_descriptor->columns->size(), 2u);
  EXPECT_EQ(*part.authorized_columns, std::vector<std::string>{"id"});
  EXPECT_TRUE(*part.is_registered_with_lake_formation);
  GetUnfilteredPartitionMetadata one{};
  one.in.catalog_id = std::string(kOwner);
  one.in.database_name = "sales";
  one.in.table_name = "orders";
  one.in.partition_values = std::vector<std::string>{"d1"};
  one.in.supported_permission_types = kBoth;
  EXPECT_TRUE(world.gate.Run(world.As("reader"), one, unfiltered));
  one.in.partition_values = std::vector<std::string>{"d3"};
  EXPECT_EQ(world.gate.Run(world.As("reader"), one, unfiltered).error().code, ErrorCode::kNotFound);
  world.lake.columns.clear();
  one.in.partition_values = std::vector<std::string>{"d1"};
  EXPECT_FALSE(world.gate.Run(world.As("reader"), one, unfiltered));
  EXPECT_FALSE(Parts("reader", ""));
}

TEST_F(UnfilteredTest, IamAndTheRegionAreAskedToo) {
  world.Grant("reader", "sales.orders", Permission::kSelect);
  GetUnfilteredTableMetadata elsewhere{};
  elsewhere.in.region = "eu-west-1";
  EXPECT_EQ(Table("reader", elsewhere).error().code, ErrorCode::kNotFound);
  elsewhere.in.region = "us-east-1";
  EXPECT_TRUE(Table("reader", elsewhere));
  world.policies.denied = {"glue:GetTable"};
  EXPECT_EQ(Table("reader").error().code, ErrorCode::kAccessDenied);
}

TEST_F(UnfilteredTest, ALinkIsFollowedToItsTarget) {
  CreateDatabase link{
      .in = {.database_input = wire::glue::DatabaseInput{
                 .name = "here",
                 .target_database = wire::glue::DatabaseIdentifier{.catalog_id = std::string(kOwner), .database_name = "sales"}}}};
  ASSERT_TRUE(world.gate.Run(world.As("admin", kConsumer), link, databases));
  GetUnfilteredTableMetadata through{};
  through.in.catalog_id = std::string(kConsumer);
  through.in.database_name = "here";
  world.Grant("analyst", "here", Permission::kDescribe, kConsumer);
  EXPECT_EQ(Table("analyst", through, kConsumer).error().code, ErrorCode::kNotFound);
  world.lake.shared = true;
  world.Grant("analyst", std::string(kOwner) + ":sales.orders", Permission::kSelect, kConsumer);
  auto told = Table("analyst", through, kConsumer);
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_EQ(*told->resource_arn, TableArn("us-east-1", kOwner, "sales", "orders"));
}

}  // namespace
}  // namespace hanse::catalog
