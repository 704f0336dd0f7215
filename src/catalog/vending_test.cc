#include "catalog/vending.h"

#include <gtest/gtest.h>

#include "catalog/database.h"
#include "catalog/partition.h"
#include "catalog/table.h"
#include "catalog/test_lake.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using wire::glue::Column;

class LastOrder final : public CredentialIssuer {
 public:
  Result<Credentials> Issue(store::Transaction&, const Order& order) override {
    last = order;
    return Credentials{"ASIA", "secret-key", "token", order.now_ms + order.duration_s * 1000};
  }
  Order last;
};

const std::string kTableArn = TableArn("us-east-1", kOwner, "sales", "orders");

// sales.orders of the owner at s3://lake/orders/, registered; its settings give full tables to engines outside.
class VendingTest : public testing::Test {
 protected:
  VendingTest() {
    world.lake.registered = {"s3://lake"};
    world.lake.locations = {{TestWorld::ArnOf("admin"), "s3://lake"}};
    world.lake.outside.full_tables = true;
    CreateDatabase database{.in = {.database_input = wire::glue::DatabaseInput{.name = "sales"}}};
    EXPECT_TRUE(world.gate.Run(world.As("admin"), database, databases));
    Create("orders", "s3://lake/orders/");
  }
  void Create(const std::string& name, const std::string& location, std::map<std::string, std::string> parameters = {}) {
    wire::glue::TableInput input{.name = name, .table_type = "EXTERNAL_TABLE", .parameters = std::move(parameters)};
    input.storage_descriptor = wire::glue::StorageDescriptor{
        .columns = std::vector<Column>{{.name = "id", .type = "string"}, {.name = "email", .type = "string"}},
        .location = location};
    input.partition_keys = std::vector<Column>{{.name = "dt", .type = "string"}};
    auto made = world.gate.Run(world.As("admin"), CreateTable{.in = {.database_name = "sales", .table_input = input}}, tables);
    ASSERT_TRUE(made) << made.error().message;
  }
  void Move(const std::string& location) {
    auto tx = world.store->BeginWrite().value();
    ASSERT_TRUE(tx->Execute("UPDATE catalog_tables SET location = ? WHERE name = 'orders'", {location}));
    ASSERT_TRUE(tx->Commit());
  }
  void AddPartition(const std::string& value, std::optional<std::string> location = {}) {
    wire::glue::PartitionInput input{.values = std::vector<std::string>{value}};
    if (location) input.storage_descriptor = wire::glue::StorageDescriptor{.location = location};
    CreatePartition op{.in = {.database_name = "sales", .table_name = "orders", .partition_input = input}};
    ASSERT_TRUE(world.gate.Run(world.As("admin"), op, partitions));
  }
  auto Vend(std::string_view who, GetTemporaryGlueTableCredentials op = {}, std::string_view account = kOwner) {
    if (!op.in.table_arn) op.in.table_arn = kTableArn;
    return world.gate.Run(world.As(who, account), op, vending);
  }
  auto VendPartition(std::string_view who, const std::string& value) {
    GetTemporaryGluePartitionCredentials op{};
    op.in.table_arn = kTableArn;
    op.in.partition = wire::lakeformation::PartitionValueList{.values = std::vector<std::string>{value}};
    return world.gate.Run(world.As(who), op, vending);
  }
  auto VendPlace(std::string_view who, std::vector<std::string> places, const std::string& scope = "READ") {
    GetTemporaryDataLocationCredentials op{};
    op.in.data_locations = std::move(places);
    op.in.credentials_scope = scope;
    return world.gate.Run(world.As(who), op, vending);
  }
  // Whether the credentials that were given last still stand, as the gate asks at their use.
  bool Stand() {
    Caller vended;
    vended.kind = CallerKind::kSession;
    vended.principal_arn = issuer.last.role_arn;
    vended.vended = std::make_shared<const Vended>(issuer.last.for_whom);
    auto tx = world.store->BeginRead().value();
    auto stand = vending.Stand(*tx, vended, world.As("admin").info);
    EXPECT_TRUE(stand);
    return stand && *stand;
  }
  void Grant(std::string_view who, Permission permission) { world.Grant(who, "sales.orders", permission); }
  void Revoke(std::string_view who) { world.lake.grants.erase({TestWorld::ArnOf(who), "sales.orders"}); }
  int Accesses() const {
    return static_cast<int>(std::ranges::count_if(world.journal.records, [](const std::string& one) {
      return one.find(R"("eventName":"GetDataAccess")") != std::string::npos;
    }));
  }
  template <class Answer>
  static std::string NameOf(const Result<Answer>& refused) {
    if (refused) return "given";
    return refused.error().name.empty() ? std::to_string(static_cast<int>(refused.error().code)) : refused.error().name;
  }
  static std::string Code(ErrorCode code) { return std::to_string(static_cast<int>(code)); }
  const std::string kDenied = Code(ErrorCode::kAccessDenied), kAbsent = Code(ErrorCode::kNotFound),
                    kInvalid = Code(ErrorCode::kInvalidArgument), kMismatch = "PermissionTypeMismatchException";
  bool Reaches(const std::string& part) const { return issuer.last.policy.find(part) != std::string::npos; }

  TestWorld world;
  Databases databases{world.access, world.pages};
  Tables tables{world.access, world.pages, world.views};
  Partitions partitions{world.access, world.pages};
  QueryAuthorizations authorizations{crypto::Key::Draw(world.random), world.random};
  LastOrder issuer;
  Vending vending{{world.access, authorizations, world.gate, issuer, world.random}};
};

TEST_F(VendingTest, AFullReaderReadsOneFolderUntilItsGrantIsRevoked) {
  EXPECT_EQ(NameOf(Vend("reader")), kAbsent);
  Grant("reader", Permission::kDescribe);
  EXPECT_EQ(NameOf(Vend("reader")), kDenied);
  Grant("reader", Permission::kSelect);
  auto given = Vend("reader");
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(*given->vended_s3_path, std::vector<std::string>{"s3://lake/orders/"});
  EXPECT_EQ(given->expiration->ms, world.clock.NowMs() + 3'600'000);
  EXPECT_TRUE(Reaches(R"(["arn:aws:s3:::lake/orders/*"])") && Reaches(R"("s3:prefix":["orders/*"])"));
  EXPECT_TRUE(Reaches(R"(["s3:GetObject"])"));
  EXPECT_FALSE(Reaches("PutObject") || Reaches("DeleteObject") || Reaches("GenerateDataKey"));
  EXPECT_EQ(Accesses(), 1);
  EXPECT_EQ(world.journal.records.back().find("secret-key"), std::string::npos);
  EXPECT_TRUE(Stand());
  Revoke("reader");
  EXPECT_FALSE(Stand());
  EXPECT_EQ(NameOf(Vend("reader")), kAbsent);
  Grant("reader", Permission::kSelect);
  EXPECT_TRUE(Stand());
}

TEST_F(VendingTest, IamMustAllowTheAccessWhenItIsGivenAndWhenItIsUsed) {
  Grant("reader", Permission::kSelect);
  for (const char* action : {"lakeformation:GetDataAccess", "lakeformation:GetTemporaryGlueTableCredentials"}) {
    world.policies.denied = {action};
    EXPECT_EQ(NameOf(Vend("reader")), kDenied);
  }
  world.policies.denied = {};
  ASSERT_TRUE(Vend("reader"));
  EXPECT_TRUE(Stand());
  world.policies.denied = {"lakeformation:GetDataAccess"};
  EXPECT_FALSE(Stand());
}

TEST_F(VendingTest, TheSettingsAreAskedWhenItIsGivenAndWhenItIsUsed) {
  Grant("reader", Permission::kSelect);
  world.lake.outside = {};
  EXPECT_EQ(NameOf(Vend("reader")), kDenied);
  world.lake.outside.full_tables = true;
  ASSERT_TRUE(Vend("reader"));
  world.lake.outside = {};
  EXPECT_FALSE(Stand());
  world.lake.outside.filters = true;
  EXPECT_TRUE(Stand());
}

TEST_F(VendingTest, APartialReaderIsServedThroughAnEngineThatIsTrustedAndDeclaresEnough) {
  const auto who = std::pair(TestWorld::ArnOf("reader"), std::string("sales.orders"));
  world.lake.columns[who] = {"id"};
  auto declare = [&](std::vector<std::string> types) {
    GetTemporaryGlueTableCredentials op{};
    op.in.supported_permission_types = std::move(types);
    return NameOf(Vend("reader", op));
  };
  EXPECT_EQ(declare({"COLUMN_PERMISSION", "CELL_FILTER_PERMISSION"}), kDenied);  // A promise of anybody is worth nothing.
  world.lake.outside.filters = true;
  EXPECT_EQ(declare({"COLUMN_PERMISSION"}), "given");
  EXPECT_EQ(declare({"CELL_FILTER_PERMISSION"}), kMismatch);
  world.lake.rows[who] = "\"id\" = 1";
  EXPECT_EQ(declare({"COLUMN_PERMISSION"}), kMismatch);
  EXPECT_EQ(declare({"COLUMN_PERMISSION", "CELL_FILTER_PERMISSION"}), "given");
  EXPECT_TRUE(Stand());
  world.lake.outside.filters = false;
  EXPECT_FALSE(Stand());
}

// What takes rows from a full reader, a row policy for one, shuts what was vended before it.
TEST_F(VendingTest, AReaderWhoseRowsAreTakenHoldsTheFilesNoLonger) {
  Grant("reader", Permission::kSelect);
  ASSERT_TRUE(Vend("reader"));
  world.lake.rows[{TestWorld::ArnOf("reader"), "sales.orders"}] = "\"id\" = 1";
  EXPECT_FALSE(Stand());
  EXPECT_EQ(NameOf(Vend("reader")), kDenied);
}

TEST_F(VendingTest, AHybridLocationIsReadByTrustedEnginesOnly) {
  Grant("reader", Permission::kSelect);
  ASSERT_TRUE(Vend("reader"));
  world.lake.hybrid = true;
  EXPECT_FALSE(Stand());
  EXPECT_EQ(NameOf(Vend("reader")), kDenied);
  world.lake.outside.filters = true;
  EXPECT_EQ(NameOf(Vend("reader")), "given");
}

TEST_F(VendingTest, WritingTakesWhatIsAskedForAndReachesAsFar) {
  Grant("writer", Permission::kSelect);
  auto ask = [&](std::vector<std::string> permissions) {
    GetTemporaryGlueTableCredentials op{};
    op.in.permissions = std::move(permissions);
    return NameOf(Vend("writer", op));
  };
  EXPECT_EQ(ask({"SELECT", "INSERT"}), kDenied);
  Grant("writer", Permission::kInsert);
  EXPECT_EQ(ask({"SELECT", "INSERT"}), "given");
  EXPECT_TRUE(Reaches("s3:PutObject") && !Reaches("s3:DeleteObject"));
  EXPECT_EQ(ask({"DELETE"}), kDenied);
  EXPECT_EQ(ask({"ALL"}), kDenied);
  Grant("writer", Permission::kAll);
  EXPECT_EQ(ask({"ALL"}), "given");
  EXPECT_TRUE(Reaches("s3:PutObject") && Reaches("s3:DeleteObject"));
  Revoke("writer");
  Grant("writer", Permission::kSelect);
  EXPECT_FALSE(Stand());  // Reading alone is not what was vended.
  EXPECT_EQ(ask({"SELECT", "ALTER"}), kDenied);
  EXPECT_EQ(ask({"SELECT", "DESCRIBE"}), "given");
  EXPECT_EQ(ask({"DESCRIBE"}), kInvalid);
  EXPECT_EQ(ask({"CREATE_TABLE"}), kInvalid);
}

TEST_F(VendingTest, OnlyTheTablesOwnRegisteredFolderIsVended) {
  Grant("reader", Permission::kSelect);
  auto at = [&](const std::string& path) {
    GetTemporaryGlueTableCredentials op{};
    op.in.s3_path = path;
    return NameOf(Vend("reader", op));
  };
  EXPECT_EQ(at("s3://lake/orders/dt=1/"), "given");
  EXPECT_TRUE(Reaches(R"(["arn:aws:s3:::lake/orders/dt=1/*"])"));
  EXPECT_EQ(at("s3://lake/orders/part-0"), "given");
  EXPECT_TRUE(Reaches(R"(["arn:aws:s3:::lake/orders/part-0","arn:aws:s3:::lake/orders/part-0/*"])"));
  EXPECT_EQ(at("s3://lake/orders"), "given");
  EXPECT_TRUE(Reaches(R"(["arn:aws:s3:::lake/orders/*"])"));
  for (const char* path : {"s3://lake/orders2/", "s3://lake/", "s3://other/orders/", "s3://lake/orders/*",
                           "s3://lake/orders/${aws:userid}", "s3://lake/orders/?", "/orders", ""}) {
    EXPECT_EQ(at(path), kInvalid) << path;
  }
  ASSERT_TRUE(Vend("reader"));
  world.lake.registered = {};
  EXPECT_FALSE(Stand());
  EXPECT_EQ(NameOf(Vend("reader")), kInvalid);
}

TEST_F(VendingTest, ATablesMovesAndNamesakesShutWhatWasVended) {
  Grant("reader", Permission::kSelect);
  ASSERT_TRUE(Vend("reader"));
  Move("s3://lake/elsewhere/");
  EXPECT_FALSE(Stand());
  Move("s3://lake/orders/");
  EXPECT_TRUE(Stand());
  world.lake.role = "arn:aws:iam::1:role/another";
  EXPECT_FALSE(Stand());
  world.lake.role = issuer.last.role_arn;
  EXPECT_TRUE(Stand());
  ASSERT_TRUE(world.gate.Run(world.As("admin"), DeleteTable{.in = {.database_name = "sales", .name = "orders"}}, tables));
  EXPECT_FALSE(Stand());
  Create("orders", "s3://lake/orders/");
  EXPECT_FALSE(Stand());  // The grant of the test's lake goes by the name; the grounds do not.
  EXPECT_TRUE(Vend("reader"));
}

TEST_F(VendingTest, APartitionIsVendedAlone) {
  Grant("reader", Permission::kSelect);
  AddPartition("d1");
  AddPartition("far", "s3://lake/far/");
  ASSERT_EQ(NameOf(VendPartition("reader", "d1")), "given");
  EXPECT_TRUE(Reaches(R"(["arn:aws:s3:::lake/orders/dt=d1/*"])"));
  EXPECT_EQ(NameOf(VendPartition("reader", "d2")), kAbsent);
  EXPECT_EQ(NameOf(VendPartition("reader", "far")), kInvalid);
  EXPECT_EQ(NameOf(VendPartition("stranger", "d1")), kAbsent);
  EXPECT_TRUE(Stand());
  DeletePartition gone{
      .in = {.database_name = "sales", .table_name = "orders", .partition_values = std::vector<std::string>{"d1"}}};
  ASSERT_TRUE(world.gate.Run(world.As("admin"), gone, partitions));
  EXPECT_FALSE(Stand());
}

TEST_F(VendingTest, APlaceIsVendedByTheNearestTable) {
  Create("inner", "s3://lake/orders/inner");
  Grant("reader", Permission::kSelect);
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/orders/dt=1/"})), "given");
  EXPECT_TRUE(Reaches(R"(["arn:aws:s3:::lake/orders/dt=1/*"])"));
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/orders/inner/x/"})), kAbsent);  // Another table's.
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/orders2/"})), kAbsent);
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/"})), kAbsent);
  EXPECT_EQ(NameOf(VendPlace("reader", {})), kInvalid);
  std::string deep = "s3://lake/orders/";
  for (int level = 0; level < 64; ++level) deep += "a/";  // A table further in could not be looked for.
  EXPECT_EQ(NameOf(VendPlace("reader", {deep})), kInvalid);
  EXPECT_EQ(NameOf(VendPlace("stranger", {"s3://lake/orders/"})), kAbsent);
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/orders/"}, "READWRITE")), kDenied);
  Grant("reader", Permission::kInsert);
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/orders/"}, "READWRITE")), kDenied);
  Grant("reader", Permission::kAll);
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/orders/"}, "READWRITE")), "given");
  EXPECT_TRUE(Reaches("s3:DeleteObject") && Stand());
  world.lake.registered = {};
  EXPECT_FALSE(Stand());
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/orders/"})), kAbsent);
}

TEST_F(VendingTest, APlaceIsForWholeTablesAloneAndForOneOfThem) {
  world.lake.columns[{TestWorld::ArnOf("part"), "sales.orders"}] = {"id"};
  world.lake.outside.filters = true;
  EXPECT_EQ(NameOf(VendPlace("part", {"s3://lake/orders/"})), kDenied);
  Grant("reader", Permission::kSelect);
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/orders/"})), "given");
  world.lake.outside.full_tables = false;  // An engine that is trusted to filter is not one that is given places.
  EXPECT_FALSE(Stand());
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/orders/"})), kDenied);
  world.lake.outside.full_tables = true;
  Create("twin", "s3://lake/orders");
  EXPECT_EQ(NameOf(VendPlace("reader", {"s3://lake/orders/"})), "ConflictException");
  EXPECT_EQ(NameOf(VendPlace("stranger", {"s3://lake/orders/"})), kAbsent);
  Create("ice", "s3://lake/ice/", {{"table_type", "iceberg"}});
  EXPECT_EQ(NameOf(VendPlace("admin", {"s3://lake/ice/"})), kInvalid);
}

TEST_F(VendingTest, DurationsAreWhatIsAskedForWithinSixHours) {
  Grant("reader", Permission::kSelect);
  GetTemporaryGlueTableCredentials op{};
  op.in.duration_seconds = 900;
  EXPECT_EQ(Vend("reader", op)->expiration->ms, world.clock.NowMs() + 900'000);
  op.in.duration_seconds = 43'200;
  EXPECT_EQ(Vend("reader", op)->expiration->ms, world.clock.NowMs() + 21'600'000);
}

TEST_F(VendingTest, AConsumersAccessIsRecordedInBothAccountsByOneEvent) {
  const std::string target = std::string(kOwner) + ":sales.orders";
  EXPECT_EQ(NameOf(Vend("analyst", {}, kConsumer)), kAbsent);
  world.Grant("analyst", target, Permission::kSelect, kConsumer);
  GetTemporaryGlueTableCredentials op{};
  op.in.audit_context = wire::lakeformation::AuditContext{.additional_audit_context = "job 7"};
  world.journal.records.clear();
  ASSERT_TRUE(Vend("analyst", op, kConsumer));
  ASSERT_EQ(Accesses(), 2);
  const auto& records = world.journal.records;
  auto shared = [](const std::string& record) { return record.substr(record.find("sharedEventID"), 52); };
  EXPECT_EQ(shared(records[0]), shared(records[1]));
  EXPECT_NE(records[0].find(R"("recipientAccountId":"111111111111")"), std::string::npos);
  EXPECT_EQ(records[0].find("role/analyst"), std::string::npos);
  EXPECT_NE(records[1].find("job 7"), std::string::npos);
}

TEST_F(VendingTest, OtherArnsAreRefused) {
  Grant("reader", Permission::kSelect);
  for (const char* arn :
       {"arn:aws:glue:eu-west-1:111111111111:table/sales/orders", "arn:aws:glue:us-east-1:111111111111:database/sales",
        "arn:aws:glue:us-east-1:111111111111:table/sales/*", "orders", "arn:aws:s3:::lake"}) {
    GetTemporaryGlueTableCredentials op{};
    op.in.table_arn = arn;
    EXPECT_EQ(NameOf(Vend("reader", op)), kInvalid) << arn;
  }
}

TEST_F(VendingTest, AQueryAuthorizationIsOfOneReaderTableAndPolicyAndEnds) {
  Grant("reader", Permission::kSelect);
  auto tx = world.store->BeginRead().value();
  auto database = store::FindDatabase(*tx, kOwner, "us-east-1", "sales").value();
  auto table = store::FindTable(*tx, database->id, "orders").value();
  auto access = world.lake.OnTable(*tx, world.As("reader").caller, *table).value();
  const std::string id = authorizations.Give(world.As("reader").caller, table->id, access, world.clock.NowMs());
  EXPECT_LE(id.size(), 255u);
  GetTemporaryGlueTableCredentials op{};
  op.in.query_session_context = wire::lakeformation::QuerySessionContext{.query_authorization_id = id};
  EXPECT_EQ(NameOf(Vend("reader", op)), "given");
  Grant("reader", Permission::kInsert);
  EXPECT_EQ(NameOf(Vend("reader", op)), kDenied);  // The policy is another one now.
  Revoke("reader");
  Grant("reader", Permission::kSelect);
  EXPECT_EQ(NameOf(Vend("reader", op)), "given");
  world.clock.Advance(QueryAuthorizations::kLife_ms);
  EXPECT_EQ(NameOf(Vend("reader", op)), kDenied);
  op.in.query_session_context->query_authorization_id = "forged";
  EXPECT_EQ(NameOf(Vend("reader", op)), kDenied);
}

}  // namespace
}  // namespace hanse::catalog
