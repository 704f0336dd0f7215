#include "catalog/table.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "catalog/database.h"
#include "catalog/partition.h"
#include "catalog/query_table.h"
#include "catalog/search.h"
#include "catalog/tags.h"
#include "catalog/test_lake.h"
#include "catalog/version.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using wire::glue::Column;
using wire::glue::TableInput;

class TableTest : public testing::Test {
 protected:
  template <class Op, class Service>
  auto Run(const gate::Context& context, const Op& op, const Service& service) {
    return world.gate.Run(context, op, service);
  }
  void MakeDatabase(const std::string& name, std::string_view account = kOwner, std::string_view by = "admin") {
    CreateDatabase op{.in = {.database_input = wire::glue::DatabaseInput{.name = name}}};
    auto made = Run(world.As(by, account), op, databases);
    ASSERT_TRUE(made) << made.error().message;
  }
  static TableInput Input(const std::string& name, std::vector<std::string> columns, const std::string& location = "s3://lake/t/") {
    TableInput input{.name = name, .table_type = "EXTERNAL_TABLE"};
    input.storage_descriptor = wire::glue::StorageDescriptor{.columns = std::vector<Column>(), .location = location};
    for (std::string& column : columns) input.storage_descriptor->columns->push_back({.name = column, .type = "string"});
    return input;
  }
  auto Create(std::string_view who, const std::string& database, const TableInput& input, std::string_view account = kOwner) {
    return Run(world.As(who, account), CreateTable{.in = {.database_name = database, .table_input = input}}, tables);
  }
  auto Get(std::string_view who, const std::string& database, const std::string& name, std::string_view account = kOwner) {
    return Run(world.As(who, account), GetTable{.in = {.database_name = database, .name = name}}, tables);
  }
  std::vector<std::string> List(std::string_view who, const std::string& database, std::string_view account = kOwner) {
    auto answer = Run(world.As(who, account), GetTables{.in = {.database_name = database}}, tables);
    std::vector<std::string> names;
    if (answer) {
      for (const auto& table : *answer->table_list) names.push_back(*table.name);
    }
    return names;
  }
  static std::vector<std::string> ColumnsOf(const wire::glue::Table& table) {
    std::vector<std::string> names;
    if (!table.storage_descriptor) return names;
    for (const Column& column : *table.storage_descriptor->columns) names.push_back(*column.name);
    return names;
  }
  // A table "sales.orders" of the owner, and in the consumer's account a link "here" to its database.
  void Share() {
    MakeDatabase("sales");
    ASSERT_TRUE(Create("admin", "sales", Input("orders", {"id", "email"})));
    CreateDatabase op{
        .in = {.database_input = wire::glue::DatabaseInput{.name = "here",
                                                           .target_database = wire::glue::DatabaseIdentifier{
                                                               .catalog_id = std::string(kOwner), .database_name = "sales"}}}};
    ASSERT_TRUE(Run(world.As("admin", kConsumer), op, databases));
  }

  TestWorld world;
  Databases databases{world.access, world.pages};
  Tables tables{world.access, world.pages, world.views};
  TableVersions versions{world.access, world.pages};
  Partitions partitions{world.access, world.pages};
  Search search{world.access, world.pages};
  QueryTables query_tables{world.access, world.views};
};

TEST_F(TableTest, WhatIsHiddenReadsAsWhatIsMissing) {
  MakeDatabase("sales");
  ASSERT_TRUE(Create("admin", "sales", Input("orders", {"id"})));
  auto hidden = Get("stranger", "sales", "orders"), missing = Get("stranger", "sales", "orders2");
  ASSERT_FALSE(hidden);
  ASSERT_FALSE(missing);
  EXPECT_EQ(hidden.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(hidden.error().message, missing.error().message);
  world.Grant("stranger", "sales.lines", Permission::kSelect);  // Something else in the database: now the database is there.
  hidden = Get("stranger", "sales", "orders"), missing = Get("stranger", "sales", "orderz");
  EXPECT_EQ(hidden.error().message, "Table orders not found.");
  EXPECT_EQ(missing.error().message, "Table orderz not found.");
  world.Grant("stranger", "sales.orders", Permission::kDescribe);
  EXPECT_TRUE(Get("stranger", "sales", "orders"));
  world.lake.grants.erase({TestWorld::ArnOf("stranger"), "sales.orders"});
  EXPECT_FALSE(Get("stranger", "sales", "orders"));
}

// lakeformation.md 2.13: a list of another account's catalog leaves out what the caller may not see, the database itself included.
TEST_F(TableTest, AForeignListIsEmptyWhereNothingMayBeSeen) {
  Share();
  world.lake.shared = true;
  const auto list = [&](const std::string& database) {
    GetTables op{.in = {.catalog_id = std::string(kOwner), .database_name = database}};
    auto answer = Run(world.As("admin", kConsumer), op, tables);
    return answer ? static_cast<int>(answer->table_list->size()) : -1;
  };
  EXPECT_EQ(list("sales"), 0);
  EXPECT_EQ(list("missing"), 0);
  world.Grant("admin", std::string(kOwner) + ":sales.orders", Permission::kSelect, kConsumer);
  EXPECT_EQ(list("sales"), 1);
  world.lake.grants.erase({TestWorld::ArnOf("admin", kConsumer), std::string(kOwner) + ":sales.orders"});
  EXPECT_EQ(list("sales"), 0);
  GetTables own{.in = {.database_name = "missing"}};
  EXPECT_EQ(Run(world.As("admin", kConsumer), own, tables).error().code, ErrorCode::kNotFound);
}

TEST_F(TableTest, BothDoorsMustBeOpen) {
  MakeDatabase("sales");
  ASSERT_TRUE(Create("admin", "sales", Input("orders", {"id"})));
  ASSERT_TRUE(Get("admin", "sales", "orders"));
  world.policies.denied = {"glue:GetTable"};
  auto refused = Get("admin", "sales", "orders");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAccessDenied);
}

TEST_F(TableTest, NamesFoldAndDefaultsAreThere) {
  MakeDatabase("Sales");
  ASSERT_TRUE(Create("admin", "SALES", Input("OrderLines", {"OrderId"})));
  auto found = Get("admin", "sales", "ORDERLINES");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(*found->table->name, "orderlines");
  EXPECT_EQ(ColumnsOf(*found->table), std::vector<std::string>{"orderid"});
  EXPECT_TRUE(found->table->partition_keys && found->table->parameters);
  auto twice = Create("admin", "sales", Input("orderlines", {"x"}));
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, ErrorCode::kAlreadyExists);
}

TEST_F(TableTest, APartialReaderIsNotToldHiddenColumnsAnywhere) {
  MakeDatabase("sales");
  TableInput input = Input("orders", {"id", "email"});
  input.parameters = {{"spark.sql.sources.schema.part.0", "{}"}, {"note", "the EMAIL of people"}, {"owner", "ann"}};
  input.storage_descriptor->bucket_columns = {"email"};
  input.storage_descriptor->serde_info =
      wire::glue::SerDeInfo{.parameters = std::map<std::string, std::string>{{"paths", "id,email"}}};
  ASSERT_TRUE(Create("admin", "sales", input));
  world.lake.columns[{TestWorld::ArnOf("reader"), "sales.orders"}] = {"id"};
  auto shown = Get("reader", "sales", "orders");
  ASSERT_TRUE(shown);
  EXPECT_EQ(ColumnsOf(*shown->table), std::vector<std::string>{"id"});
  EXPECT_EQ(shown->table->parameters->size(), 1u);
  EXPECT_TRUE(shown->table->storage_descriptor->bucket_columns->empty());
  EXPECT_TRUE(shown->table->storage_descriptor->serde_info->parameters->empty());
  auto found = Run(world.As("reader"), SearchTables{.in = {.search_text = "email"}}, search);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->table_list->empty());
  found = Run(world.As("admin"), SearchTables{.in = {.search_text = "email"}}, search);
  EXPECT_EQ(found->table_list->size(), 1u);
}

TEST_F(TableTest, AnUpdateTakesAlterAndTheVersionThatWasRead) {
  MakeDatabase("sales");
  ASSERT_TRUE(Create("admin", "sales", Input("orders", {"id"})));
  auto update = [&](std::string_view who, std::optional<std::string> version) {
    UpdateTable op{
        .in = {.database_name = "sales", .table_input = Input("orders", {"id", "more"}), .version_id = std::move(version)}};
    return Run(world.As(who), op, tables);
  };
  world.Grant("reader", "sales.orders", Permission::kSelect);
  auto refused = update("reader", {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "Insufficient Lake Formation permission(s): Required Alter on orders");
  world.Grant("reader", "sales.orders", Permission::kAlter);
  ASSERT_TRUE(update("reader", "0"));
  auto stale = update("reader", "0");
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().name, "ConcurrentModificationException");
  auto list = Run(world.As("admin"), GetTableVersions{.in = {.database_name = "sales", .table_name = "orders"}}, versions);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->table_versions->size(), 2u);
  EXPECT_EQ(ColumnsOf(*(*list->table_versions)[1].table), std::vector<std::string>{"id"});
}

TEST_F(TableTest, NoSpellingOfAPlaceWalksPastARegisteredLocation) {
  MakeDatabase("sales");
  world.lake.registered = {"s3://lake"};
  world.Grant("maker", "sales", Permission::kCreateTable);
  for (const char* place : {"s3://lake/t", "s3a://lake/t", "S3N://lake/t", " s3://lake/t"}) {
    auto refused = Create("maker", "sales", Input("t", {"id"}, place));
    ASSERT_FALSE(refused) << place;
    EXPECT_EQ(refused.error().code, ErrorCode::kAccessDenied) << place;
  }
  TableInput more = Input("t", {"id"}, "s3://free/t");
  more.storage_descriptor->additional_locations = {"s3://lake/other"};
  EXPECT_FALSE(Create("maker", "sales", more));
  world.lake.locations = {{TestWorld::ArnOf("maker"), "s3://lake"}};
  EXPECT_TRUE(Create("maker", "sales", Input("t", {"id"}, "s3a://lake/t")));
}

TEST_F(TableTest, ADeletedDatabaseTakesItsTablesAndPartitions) {
  MakeDatabase("sales");
  TableInput input = Input("t", {"id"});
  input.partition_keys = std::vector<Column>{{.name = "k", .type = "string"}};
  ASSERT_TRUE(Create("admin", "sales", input));
  CreatePartition part{.in = {.database_name = "sales",
                              .table_name = "t",
                              .partition_input = wire::glue::PartitionInput{.values = std::vector<std::string>{"1"}}}};
  ASSERT_TRUE(Run(world.As("admin"), part, partitions));
  ASSERT_TRUE(Run(world.As("admin"), DeleteDatabase{.in = {.name = "sales"}}, databases));
  MakeDatabase("sales");
  EXPECT_TRUE(List("admin", "sales").empty());
  ASSERT_TRUE(Create("admin", "sales", input));
  auto found = Run(world.As("admin"), GetPartitions{.in = {.database_name = "sales", .table_name = "t"}}, partitions);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->partitions->empty());
}

TEST_F(TableTest, ALinkTakesARightOnItAndOneOnItsTarget) {
  Share();
  const std::string target = std::string(kOwner) + ":sales.orders";
  EXPECT_TRUE(List("admin", "here", kConsumer).empty());
  world.Grant("analyst", target, Permission::kSelect, kConsumer);
  EXPECT_EQ(Get("analyst", "here", "orders", kConsumer).error().message, "Database here not found.");  // Not on the link yet.
  world.Grant("analyst", "here", Permission::kDescribe, kConsumer);
  auto found = Get("analyst", "here", "orders", kConsumer);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(List("analyst", "here", kConsumer), std::vector<std::string>{"orders"});
  world.lake.grants.erase({TestWorld::ArnOf("analyst", kConsumer), target});
  found = Get("analyst", "here", "orders", kConsumer);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kNotFound);
}

TEST_F(TableTest, DroppingThroughALinkTakesDropOnTheTargetAndALinkAloneGoes) {
  Share();
  world.lake.shared = true;
  const std::string target = std::string(kOwner) + ":sales.orders";
  world.Grant("admin", target, Permission::kSelect, kConsumer);
  DeleteTable drop{.in = {.database_name = "here", .name = "orders"}};
  auto refused = Run(world.As("admin", kConsumer), drop, tables);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "Insufficient Lake Formation permission(s): Required Drop on orders");
  ASSERT_TRUE(Run(world.As("admin", kConsumer), DeleteDatabase{.in = {.name = "here"}}, databases));
  EXPECT_TRUE(Get("admin", "sales", "orders"));
}

TEST_F(TableTest, AShareInTheLakeIsNoneInTheOwnersTags) {
  Share();
  world.lake.shared = true;
  world.Grant("admin", std::string(kOwner) + ":sales.orders", Permission::kSelect, kConsumer);
  Tags tags(world.access);
  TagResource op{.in = {.resource_arn = TableArn("us-east-1", kOwner, "sales", "orders"),
                        .tags_to_add = std::map<std::string, std::string>{{"team", "ours"}}}};
  EXPECT_FALSE(Run(world.As("admin", kConsumer), op, tags));
  EXPECT_TRUE(Run(world.As("admin"), op, tags));
  auto read = Run(world.As("admin"), GetTags{.in = {.resource_arn = op.in.resource_arn}}, tags);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->tags->at("team"), "ours");
}

TEST_F(TableTest, ATableLinkShowsItsTargetUnderItsOwnNameOrNothingOfIt) {
  Share();
  MakeDatabase("mine", kConsumer);
  TableInput link{
      .name = "alias",
      .target_table = wire::glue::TableIdentifier{.catalog_id = std::string(kOwner), .database_name = "sales", .name = "orders"}};
  ASSERT_TRUE(Create("admin", "mine", link, kConsumer));
  auto bare = Get("admin", "mine", "alias", kConsumer);
  ASSERT_TRUE(bare);
  EXPECT_FALSE(bare->table->storage_descriptor);
  world.lake.columns[{TestWorld::ArnOf("admin", kConsumer), std::string(kOwner) + ":sales.orders"}] = {"id"};
  auto followed = Get("admin", "mine", "alias", kConsumer);
  ASSERT_TRUE(followed);
  EXPECT_EQ(*followed->table->name, "alias");
  EXPECT_EQ(*followed->table->catalog_id, kConsumer);
  EXPECT_EQ(ColumnsOf(*followed->table), std::vector<std::string>{"id"});
  world.policies.denied = {"glue:GetTable"};
  EXPECT_FALSE(Get("admin", "mine", "alias", kConsumer));
}

TEST_F(TableTest, ALinkToALinkIsFollowedOneHopOnly) {
  Share();
  world.Grant("admin", std::string(kOwner) + ":sales.orders", Permission::kSelect, kConsumer);
  CreateDatabase op{
      .in = {.database_input = wire::glue::DatabaseInput{.name = "further",
                                                         .target_database = wire::glue::DatabaseIdentifier{
                                                             .catalog_id = std::string(kConsumer), .database_name = "here"}}}};
  ASSERT_TRUE(Run(world.As("admin", kConsumer), op, databases));
  EXPECT_TRUE(Get("admin", "here", "orders", kConsumer));
  EXPECT_FALSE(Get("admin", "further", "orders", kConsumer));
}

TEST_F(TableTest, APageTokenIsGoodForItsListAlone) {
  MakeDatabase("sales");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Create("admin", "sales", Input("t" + std::to_string(i), {"id"})));
  auto first = Run(world.As("admin"), GetTables{.in = {.database_name = "sales", .max_results = 2}}, tables);
  ASSERT_TRUE(first && first->next_token);
  auto second = Run(world.As("admin"), GetTables{.in = {.database_name = "sales", .next_token = first->next_token}}, tables);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->table_list->size(), 1u);
  MakeDatabase("other");
  EXPECT_FALSE(Run(world.As("admin"), GetTables{.in = {.database_name = "other", .next_token = first->next_token}}, tables));
  EXPECT_FALSE(Run(world.As("admin"), GetTables{.in = {.database_name = "sales", .next_token = "forged"}}, tables));
}

// Tables by name and some that nobody asked for, as the compiled snapshot tells of them.
class SomeReached final : public gate::ReachedTables {
 public:
  explicit SomeReached(gate::Lake& lake) : lake_(lake) {}
  std::set<std::string> names;
  Result<std::optional<std::vector<Id>>> Reached(store::Transaction& tx, const Caller&, const store::DatabaseRow& database,
                                                 std::string_view after, std::size_t limit) const override {
    std::vector<Id> ids;
    for (auto name = names.upper_bound(std::string(after)); name != names.end() && ids.size() < limit; ++name) {
      TRY_ASSIGN(auto table, store::FindTable(tx, database.id, *name));
      if (table) ids.push_back(table->id);
    }
    return std::optional(std::move(ids));
  }
  Result<std::vector<policy::TableAccess>> OnTables(store::Transaction& tx, const Caller& caller, const store::DatabaseRow&,
                                                    std::span<const store::TableRow> tables) const override {
    std::vector<policy::TableAccess> all;
    for (const store::TableRow& table : tables) all.push_back(lake_.OnTable(tx, caller, table).value());
    return all;
  }

 private:
  gate::Lake& lake_;
};

TEST_F(TableTest, ListsByReachedTablesAreThoseThatAskAboutEach) {
  MakeDatabase("sales");
  MakeDatabase("stock");
  SomeReached reached(world.lake);
  for (int i = 0; i < 9; ++i) {
    const std::string name = "t" + std::to_string(i);
    ASSERT_TRUE(Create("admin", "sales", Input(name, {"id"})));
    if (i % 2 == 0) world.Grant("analyst", "sales." + name, Permission::kSelect);
    if (i % 2 == 0 || i == 5) reached.names.insert(name);
  }
  world.Grant("analyst", "sales", Permission::kDescribe);
  Access access(world.lake, &reached);
  Tables fast(access, world.pages, world.views);
  Search found(access, world.pages);
  auto names = [](const auto& answer) {
    std::vector<std::string> all;
    for (const auto& table : *answer->table_list) all.push_back(*table.name);
    return all;
  };
  using Names = std::vector<std::string>;
  for (const Tables* service : {&tables, &fast}) {
    GetTables ask{.in = {.database_name = "sales", .max_results = 2}};
    auto first = Run(world.As("analyst"), ask, *service);
    ASSERT_TRUE(first && first->next_token);
    EXPECT_EQ(names(first), (Names{"t0", "t2"}));
    ask.in.next_token = first->next_token;
    auto second = Run(world.As("analyst"), ask, service == &tables ? fast : tables);
    ASSERT_TRUE(second && second->next_token) << "a token of the one is good for the other";
    EXPECT_EQ(names(second), (Names{"t4", "t6"}));
    ask.in.next_token = second->next_token;
    auto third = Run(world.As("analyst"), ask, *service);
    ASSERT_TRUE(third);
    EXPECT_EQ(names(third), Names{"t8"});
    EXPECT_FALSE(third->next_token);
  }
  auto all = Run(world.As("analyst"), SearchTables{.in = {.search_text = "t"}}, found);
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(names(all), (Names{"t0", "t2", "t4", "t6", "t8"}));
  // What went between two pages is missed, what came is found.
  GetTables ask{.in = {.database_name = "sales", .max_results = 2}};
  auto first = Run(world.As("analyst"), ask, fast);
  ASSERT_TRUE(Run(world.As("admin"), DeleteTable{.in = {.database_name = "sales", .name = "t2"}}, tables));
  ASSERT_TRUE(Create("admin", "sales", Input("t3a", {"id"})));
  world.Grant("analyst", "sales.t3a", Permission::kSelect);
  reached.names.insert("t3a");
  ask.in.next_token = first->next_token;
  EXPECT_EQ(names(Run(world.As("analyst"), ask, fast)), (Names{"t3a", "t4"}));
}

TEST_F(TableTest, AQueryTakesSelectAndGetDataAccessAndIsRecordedInBothAccounts) {
  Share();
  world.lake.registered = {"s3://lake"};
  const std::string target = std::string(kOwner) + ":sales.orders";
  world.Grant("analyst", "here", Permission::kDescribe, kConsumer);
  world.Grant("analyst", target, Permission::kDescribe, kConsumer);
  OpenForQuery open{.database = "here", .table = "orders", .query_id = "q-1"};
  auto described = Run(world.As("analyst", kConsumer), open, query_tables);
  ASSERT_FALSE(described);
  EXPECT_EQ(described.error().code, ErrorCode::kAccessDenied);
  world.Grant("analyst", target, Permission::kSelect, kConsumer);
  world.journal.records.clear();
  auto governed = Run(world.As("analyst", kConsumer), open, query_tables);
  ASSERT_TRUE(governed) << governed.error().message;
  EXPECT_EQ(governed->table.account, kOwner);
  ASSERT_TRUE(governed->registered);
  int accesses = 0;
  for (const std::string& record : world.journal.records) accesses += record.find("GetDataAccess") != std::string::npos ? 1 : 0;
  EXPECT_EQ(accesses, 2);
  world.policies.denied = {"lakeformation:GetDataAccess"};
  EXPECT_FALSE(Run(world.As("analyst", kConsumer), open, query_tables));
}

TEST_F(TableTest, ATableInAWarehouseTakesARightToItsConnectionToBeLedThere) {
  MakeDatabase("sales");
  TableInput input = Input("orders", {"id"});
  input.parameters = std::map<std::string, std::string>{{"classification", "postgresql"}, {"connectionName", "warehouse"}};
  input.storage_descriptor->location = "shop.public.orders";
  world.policies.denied = {"glue:GetConnection"};
  EXPECT_EQ(Create("admin", "sales", input).error().code, ErrorCode::kAccessDenied);
  world.policies.denied.clear();
  ASSERT_TRUE(Create("admin", "sales", input));
  world.policies.denied = {"glue:GetConnection"};
  auto update = [&] {
    return Run(world.As("admin"), UpdateTable{.in = {.database_name = "sales", .table_input = input}}, tables).has_value();
  };
  input.description = "All of them";
  EXPECT_TRUE(update());
  input.storage_descriptor->location = "shop.public.salaries";
  EXPECT_FALSE(update());
  input.storage_descriptor->location = "shop.public.orders";
  (*input.parameters)["connectionName"] = "another";
  EXPECT_FALSE(update());
  // A table of files becomes none of a warehouse either.
  ASSERT_TRUE(Create("admin", "sales", Input("lines", {"id"})));
  input.name = "lines";
  EXPECT_FALSE(update());
  world.policies.denied.clear();
  EXPECT_TRUE(update());
}

TEST_F(TableTest, ATableInAWarehouseIsReadByItsGrantsAndRecorded) {
  MakeDatabase("sales");
  TableInput input = Input("orders", {"id"});
  input.parameters = std::map<std::string, std::string>{{"classification", "postgresql"}, {"connectionName", "warehouse"}};
  input.storage_descriptor->location = "shop.public.orders";
  ASSERT_TRUE(Create("admin", "sales", input));
  world.Grant("analyst", "sales.orders", Permission::kSelect);
  OpenForQuery open{.database = "sales", .table = "orders", .query_id = "q-1"};
  world.policies.denied = {"glue:GetConnection"};  // Whom Lake Formation shows it needs nothing of the connection.
  world.journal.records.clear();
  auto governed = Run(world.As("analyst"), open, query_tables);
  ASSERT_TRUE(governed) << governed.error().message;
  EXPECT_EQ(governed->warehouse(), (WarehousePlace{"warehouse", "shop.public.orders"}));
  EXPECT_NE(Join(world.journal.records, "").find("GetDataAccess"), std::string::npos);
  world.policies.denied = {"lakeformation:GetDataAccess"};
  EXPECT_FALSE(Run(world.As("analyst"), open, query_tables));
  // Whom IAM alone lets in needs the connection instead.
  world.lake.by_iam = true;
  EXPECT_TRUE(Run(world.As("analyst"), open, query_tables));
  world.policies.denied = {"glue:GetConnection"};
  EXPECT_EQ(Run(world.As("analyst"), open, query_tables).error().code, ErrorCode::kAccessDenied);
}

}  // namespace
}  // namespace hanse::catalog
