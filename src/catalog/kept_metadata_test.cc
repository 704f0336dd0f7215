// What is kept beside databases and tables: functions, partition indexes, column statistics.
#include <gtest/gtest.h>

#include "catalog/column_statistics.h"
#include "catalog/database.h"
#include "catalog/function.h"
#include "catalog/partition.h"
#include "catalog/partition_index.h"
#include "catalog/table.h"
#include "catalog/test_lake.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using wire::glue::Column;

constexpr std::int64_t kSecret = 987'654;

class KeptMetadataTest : public testing::Test {
 protected:
  template <class Op, class Service>
  auto Run(std::string_view who, const Op& op, const Service& service) {
    return world.gate.Run(world.As(who), op, service);
  }
  template <class Op, class Service>
  ErrorCode Refused(std::string_view who, const Op& op, const Service& service) {
    auto done = Run(who, op, service);
    EXPECT_FALSE(done);
    return done ? ErrorCode::kInternal : done.error().code;
  }
  // sales.orders (id, pay) in partitions by day and hour.
  KeptMetadataTest() {
    CreateDatabase database{.in = {.database_input = wire::glue::DatabaseInput{.name = "sales"}}};
    EXPECT_TRUE(Run("admin", database, databases));
    MakeTable({"id", "pay"});
  }
  wire::glue::TableInput Input(const std::vector<std::string>& columns) {
    wire::glue::TableInput input{.name = "orders",
                                 .partition_keys = {{{.name = "day", .type = "string"}, {.name = "hour", .type = "int"}}}};
    input.storage_descriptor = wire::glue::StorageDescriptor{.columns = std::vector<Column>(), .location = "s3://lake/t/"};
    for (const std::string& column : columns) input.storage_descriptor->columns->push_back({.name = column, .type = "bigint"});
    return input;
  }
  void MakeTable(const std::vector<std::string>& columns) {
    CreateTable create{{.database_name = "sales", .table_input = Input(columns)}};
    auto made = Run("admin", create, tables);
    ASSERT_TRUE(made) << made.error().message;
  }
  void Reshape(const std::vector<std::string>& columns) {
    UpdateTable update{{.database_name = "sales", .table_input = Input(columns)}};
    ASSERT_TRUE(Run("admin", update, tables));
  }

  auto AddIndex(std::string_view who, const std::string& name, const std::vector<std::string>& keys) {
    CreatePartitionIndex create;
    create.in = {.database_name = "sales", .table_name = "orders"};
    create.in.partition_index = wire::glue::PartitionIndex{.keys = keys, .index_name = name};
    return Run(who, create, indexes);
  }
  std::size_t Indexes(std::string_view who) {
    GetPartitionIndexes get;
    get.in = {.database_name = "sales", .table_name = "orders"};
    return Run(who, get, indexes).value().partition_index_descriptor_list->size();
  }

  static std::vector<wire::glue::ColumnStatistics> Measured(const std::vector<std::string>& columns) {
    std::vector<wire::glue::ColumnStatistics> list;
    for (const std::string& column : columns) {
      wire::glue::ColumnStatisticsData data{.type = "LONG"};
      data.long_column_statistics_data = wire::glue::LongColumnStatisticsData{.maximum_value = kSecret};
      list.push_back({.column_name = column, .column_type = "bigint", .statistics_data = data});
    }
    return list;
  }
  auto Measure(std::string_view who, const std::vector<std::string>& columns) {
    UpdateColumnStatisticsForTable update;
    update.in = {.database_name = "sales", .table_name = "orders", .column_statistics_list = Measured(columns)};
    return Run(who, update, statistics);
  }
  // How many of the columns the caller is told statistics of.
  int Told(std::string_view who, const std::vector<std::string>& columns) {
    GetColumnStatisticsForTable get;
    get.in = {.database_name = "sales", .table_name = "orders", .column_names = columns};
    auto answer = Run(who, get, statistics);
    if (!answer) return -1;
    EXPECT_EQ(answer->column_statistics_list->size() + answer->errors->size(), columns.size());
    return static_cast<int>(answer->column_statistics_list->size());
  }

  TestWorld world;
  Databases databases{world.access, world.pages};
  Tables tables{world.access, world.pages, world.views};
  Partitions partitions{world.access, world.pages};
  Functions functions{world.access, world.pages};
  PartitionIndexes indexes{world.access};
  ColumnStatistics statistics{world.access};
};

TEST_F(KeptMetadataTest, FunctionsAreOfWhoSeesTheDatabaseAndChangedWithAlter) {
  CreateUserDefinedFunction create;
  create.in = {.database_name = "sales", .function_input = wire::glue::UserDefinedFunctionInput{.function_name = "Mask"}};
  GetUserDefinedFunction get;
  get.in = {.database_name = "sales", .function_name = "mask"};
  DeleteUserDefinedFunction drop;
  drop.in = {.database_name = "sales", .function_name = "mask"};
  GetUserDefinedFunctions all;
  all.in.pattern = "m.*";
  EXPECT_EQ(Refused("stranger", create, functions), ErrorCode::kNotFound);
  ASSERT_TRUE(Run("admin", create, functions));
  EXPECT_EQ(Refused("admin", create, functions), ErrorCode::kAlreadyExists);
  EXPECT_EQ(Refused("stranger", get, functions), ErrorCode::kNotFound);
  EXPECT_TRUE(Run("stranger", all, functions).value().user_defined_functions->empty());

  world.Grant("stranger", "sales", Permission::kDescribe);
  EXPECT_TRUE(Run("stranger", get, functions));
  EXPECT_EQ(Run("stranger", all, functions).value().user_defined_functions->size(), 1u);
  EXPECT_EQ(Refused("stranger", drop, functions), ErrorCode::kAccessDenied);
  world.Grant("stranger", "sales", Permission::kAlter);
  EXPECT_TRUE(Run("stranger", drop, functions));
  EXPECT_EQ(Refused("admin", get, functions), ErrorCode::kNotFound);
}

TEST_F(KeptMetadataTest, FunctionsComeInPages) {
  for (const char* name : {"a", "b", "c"}) {
    CreateUserDefinedFunction create;
    create.in = {.database_name = "sales", .function_input = wire::glue::UserDefinedFunctionInput{.function_name = name}};
    ASSERT_TRUE(Run("admin", create, functions));
  }
  GetUserDefinedFunctions list;
  list.in = {.database_name = "sales", .pattern = ".*", .max_results = 2};
  std::string names;
  do {
    auto page = Run("admin", list, functions).value();
    for (const auto& function : *page.user_defined_functions) names += *function.function_name;
    list.in.next_token = page.next_token;
  } while (list.in.next_token);
  EXPECT_EQ(names, "abc");
}

TEST_F(KeptMetadataTest, IndexesTakeAlterAndAreNoMoreThanThree) {
  world.Grant("reader", "sales.orders", Permission::kSelect);
  EXPECT_EQ(AddIndex("reader", "one", {"day"}).error().code, ErrorCode::kAccessDenied);
  ASSERT_TRUE(AddIndex("admin", "one", {"day"}));
  EXPECT_EQ(AddIndex("admin", "again", {"day"}).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(AddIndex("admin", "none", {"pay"}).error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(AddIndex("admin", "two", {"hour"}));
  ASSERT_TRUE(AddIndex("admin", "three", {"day", "hour"}));
  EXPECT_EQ(AddIndex("admin", "four", {"hour", "day"}).error().name, "ResourceNumberLimitExceededException");
  EXPECT_EQ(Indexes("reader"), 3u);
  world.lake.columns[{TestWorld::ArnOf("reader"), "sales.orders"}] = {"id", "day"};
  EXPECT_EQ(Indexes("reader"), 1u);
}

TEST_F(KeptMetadataTest, StatisticsAreOfWhoReadsTheColumnWhole) {
  world.Grant("reader", "sales.orders", Permission::kDescribe);
  EXPECT_EQ(Measure("reader", {"id"}).error().code, ErrorCode::kAccessDenied);
  ASSERT_TRUE(Measure("admin", {"id", "pay"}));
  EXPECT_EQ(Told("admin", {"id", "pay"}), 2);
  EXPECT_EQ(Told("stranger", {"id"}), -1);
  EXPECT_EQ(Told("reader", {"id"}), 0);  // To describe is not to read.
  world.Grant("reader", "sales.orders", Permission::kSelect);
  EXPECT_EQ(Told("reader", {"id", "pay"}), 2);
  world.lake.columns[{TestWorld::ArnOf("reader"), "sales.orders"}] = {"id"};
  EXPECT_EQ(Told("reader", {"id", "pay"}), 1);
  world.lake.rows[{TestWorld::ArnOf("reader"), "sales.orders"}] = "id > 1";
  EXPECT_EQ(Told("reader", {"id", "pay"}), 0);
}

TEST_F(KeptMetadataTest, HiddenStatisticsReadAsMissingOnes) {
  ASSERT_TRUE(Measure("admin", {"pay"}));
  world.lake.columns[{TestWorld::ArnOf("reader"), "sales.orders"}] = {"id"};
  GetColumnStatisticsForTable get;
  get.in = {.database_name = "sales", .table_name = "orders", .column_names = {{"pay", "nix"}}};
  auto errors = *Run("reader", get, statistics).value().errors;
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].error->error_code, errors[1].error->error_code);
  EXPECT_EQ(errors[0].error->error_message, "Column statistics of pay not found.");
  EXPECT_EQ(errors[1].error->error_message, "Column statistics of nix not found.");
}

TEST_F(KeptMetadataTest, AColumnOrPartitionThatComesAgainInheritsNoStatistics) {
  ASSERT_TRUE(Measure("admin", {"id", "pay"}));
  Reshape({"id"});
  Reshape({"id", "pay"});
  EXPECT_EQ(Told("admin", {"id", "pay"}), 1);

  CreatePartition create{{.database_name = "sales", .table_name = "orders"}};
  create.in.partition_input = wire::glue::PartitionInput{.values = {{"mon", "1"}}};
  UpdateColumnStatisticsForPartition update;
  update.in = {.database_name = "sales", .table_name = "orders", .partition_values = {{"mon", "1"}}};
  update.in.column_statistics_list = Measured({"id"});
  GetColumnStatisticsForPartition get;
  get.in = {.database_name = "sales", .table_name = "orders", .partition_values = {{"mon", "1"}}, .column_names = {{"id"}}};
  EXPECT_EQ(Refused("admin", update, statistics), ErrorCode::kNotFound);
  ASSERT_TRUE(Run("admin", create, partitions));
  ASSERT_TRUE(Run("admin", update, statistics));
  EXPECT_EQ(Run("admin", get, statistics).value().column_statistics_list->size(), 1u);
  DeletePartition gone{{.database_name = "sales", .table_name = "orders", .partition_values = {{"mon", "1"}}}};
  ASSERT_TRUE(Run("admin", gone, partitions));
  ASSERT_TRUE(Run("admin", create, partitions));
  EXPECT_TRUE(Run("admin", get, statistics).value().column_statistics_list->empty());
}

TEST_F(KeptMetadataTest, StatisticsAreCheckedOneByOne) {
  auto list = Measured({"id", "nix", "pay"});
  list[2].statistics_data->type = "STRING";
  UpdateColumnStatisticsForTable update;
  update.in = {.database_name = "sales", .table_name = "orders", .column_statistics_list = list};
  auto errors = Run("admin", update, statistics).value().errors.value();
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].error->error_code, "EntityNotFoundException");
  EXPECT_EQ(errors[1].error->error_code, "InvalidInputException");
  EXPECT_EQ(Told("admin", {"id", "pay"}), 1);
  DeleteColumnStatisticsForTable drop;
  drop.in = {.database_name = "sales", .table_name = "orders", .column_name = "id"};
  ASSERT_TRUE(Run("admin", drop, statistics));
  EXPECT_EQ(Refused("admin", drop, statistics), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace hanse::catalog
