#include "catalog/connection.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "catalog/classifier.h"
#include "catalog/test_lake.h"
#include "catalog/test_warehouses.h"

namespace hanse::catalog {
namespace {

// Keys that are told apart by their ARN; `disabled`: none opens.
class TestKeys final : public ConnectionKeys {
 public:
  bool disabled = false;
  Result<std::string> Domain(store::Transaction&, const AccountId& account, const std::string&, TimeMs) override {
    return "domain of " + account;
  }
  Result<std::string> Wrap(store::Transaction&, const std::string& arn, const crypto::Key& key,
                           const std::string& context) override {
    return Hex(arn + "|" + context + "|" + std::string(key.bytes()));
  }
  Result<crypto::Key> Unwrap(store::Transaction&, const std::string& arn, const std::string& wrapped,
                             const std::string& context) override {
    std::string bytes;
    const std::string head = arn + "|" + context + "|";
    if (disabled || !UnHex(wrapped, &bytes) || !bytes.starts_with(head)) return Fail(ErrorCode::kConflict, "the key is disabled");
    return crypto::Key::FromBytes(std::string_view(bytes).substr(head.size()));
  }
  Result<std::string> Encrypt(const gate::Call& call, const std::string& key_id, const std::string& text) override {
    TRY(call.Require({.action = "kms:Encrypt", .resource = "arn:aws:kms:us-east-1:111111111111:key/" + key_id, .owner = {}}));
    return Hex(text);
  }
};

class ConnectionTest : public testing::Test {
 protected:
  template <class Op>
  auto Run(std::string_view who, const Op& op) {
    return world.gate.Run(world.As(who), op, connections);
  }
  auto Make(const std::string& password) {
    CreateConnection create;
    create.in.connection_input = wire::glue::ConnectionInput{
        .name = "warehouse",
        .connection_type = "JDBC",
        .connection_properties = std::map<std::string, std::string>{{"USERNAME", "u"}, {"PASSWORD", password}}};
    return Run("admin", create);
  }
  std::string Read(const std::string& property, bool hide = false) {
    GetConnection get;
    get.in = {.name = "warehouse", .hide_password = hide};
    auto got = Run("admin", get);
    if (!got) return "refused";
    auto found = got->connection->connection_properties->find(property);
    return found == got->connection->connection_properties->end() ? "" : found->second;
  }
  // Everything that is kept of connections and of what was recorded.
  std::string Kept() {
    auto tx = *world.store->BeginRead();
    std::string all;
    for (const char* sql :
         {"SELECT definition FROM catalog_connections", "SELECT passwords FROM catalog_connections", "SELECT record FROM outbox"}) {
      auto rows = tx->Query(sql).value();
      for (const store::Row& row : rows) all += row.Text(0) + "\n";
    }
    return all + Join(world.journal.records, "\n");
  }

  TestWorld world;
  TestKeys keys;
  TestWarehouses warehouses;
  Connections connections{keys, warehouses, world.random, world.pages};
  Classifiers classifiers{world.pages};
};

TEST_F(ConnectionTest, APasswordIsKeptSealedAndNotJournalled) {
  ASSERT_TRUE(Make("p4ss-w0rd"));
  EXPECT_EQ(Read("PASSWORD"), "p4ss-w0rd");
  EXPECT_EQ(Read("USERNAME", true), "u");
  EXPECT_EQ(Read("PASSWORD", true), "");
  EXPECT_NE(Kept().find("warehouse"), std::string::npos);
  EXPECT_EQ(Kept().find("p4ss-w0rd"), std::string::npos);
  keys.disabled = true;
  EXPECT_EQ(Read("PASSWORD"), "refused");
  EXPECT_EQ(Read("USERNAME", true), "u");
}

TEST_F(ConnectionTest, SettingsMakeItsCiphertextTheOnlyThingThatIsKept) {
  PutDataCatalogEncryptionSettings put;
  put.in.data_catalog_encryption_settings.emplace();
  auto& own = put.in.data_catalog_encryption_settings->connection_password_encryption;
  own = wire::glue::ConnectionPasswordEncryption{.return_connection_password_encrypted = true};
  EXPECT_EQ(Run("admin", put).error().code, ErrorCode::kInvalidArgument);
  own->aws_kms_key_id = "k";
  ASSERT_TRUE(Run("admin", put));
  world.policies.denied = {"kms:Encrypt"};
  EXPECT_EQ(Make("p4ss").error().code, ErrorCode::kAccessDenied);
  world.policies.denied.clear();
  ASSERT_TRUE(Make("p4ss"));
  EXPECT_EQ(Read("ENCRYPTED_PASSWORD"), Hex("p4ss"));
  EXPECT_EQ(Read("ENCRYPTED_PASSWORD", true), "");
  EXPECT_EQ(Read("PASSWORD"), "");
}

TEST_F(ConnectionTest, EachTakesItsActionAndDeletedOnesAreGone) {
  ASSERT_TRUE(Make("x"));
  EXPECT_EQ(Make("y").error().code, ErrorCode::kAlreadyExists);
  GetConnections list;
  list.in.filter = wire::glue::GetConnectionsFilter{.connection_type = "KAFKA"};
  EXPECT_TRUE(Run("admin", list)->connection_list->empty());
  list.in.filter->connection_type = "JDBC";
  EXPECT_EQ(Run("admin", list)->connection_list->size(), 1u);
  world.policies.denied = {"glue:GetConnection", "glue:DeleteConnection"};
  EXPECT_EQ(Read("USERNAME"), "refused");
  DeleteConnection drop;
  drop.in.connection_name = "warehouse";
  EXPECT_EQ(Run("admin", drop).error().code, ErrorCode::kAccessDenied);
  world.policies.denied.clear();
  EXPECT_EQ(Run("admin", list)->connection_list->size(), 1u);
  BatchDeleteConnection batch;
  batch.in.connection_name_list = std::vector<std::string>{"warehouse", "nix"};
  auto done = Run("admin", batch);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->succeeded->size(), 1u);
  EXPECT_EQ(done->errors->count("nix"), 1u);
  EXPECT_EQ(Run("admin", drop).error().code, ErrorCode::kNotFound);
}

TEST_F(ConnectionTest, ASecretIsNamedByWhoMayReadItAndOfTheOwnAccount) {
  CreateConnection create;
  create.in.connection_input =
      wire::glue::ConnectionInput{.name = "warehouse",
                                  .connection_type = "JDBC",
                                  .connection_properties = std::map<std::string, std::string>{{"SECRET_ID", "login"}}};
  world.policies.denied = {"secretsmanager:GetSecretValue"};
  EXPECT_EQ(Run("admin", create).error().code, ErrorCode::kAccessDenied);
  world.policies.denied.clear();
  auto& properties = *create.in.connection_input->connection_properties;
  properties["SECRET_ID"] = "arn:aws:secretsmanager:us-east-1:222222222222:secret:login-abcdef";
  EXPECT_EQ(Run("admin", create).error().code, ErrorCode::kInvalidArgument);
  properties["SECRET_ID"] = "login";
  ASSERT_TRUE(Run("admin", create));
  UpdateConnection update;  // Elsewhere with the same secret.
  update.in.name = "warehouse";
  update.in.connection_input = create.in.connection_input;
  (*update.in.connection_input->connection_properties)["HOST"] = "elsewhere";
  world.policies.denied = {"secretsmanager:GetSecretValue"};
  EXPECT_EQ(Run("admin", update).error().code, ErrorCode::kAccessDenied);
  TestConnection test;
  test.in.connection_name = "warehouse";
  ASSERT_TRUE(Run("admin", test));  // The service reads it.
  EXPECT_EQ(warehouses.logins.back().secret, "login");
  test.in.connection_name.reset();
  test.in.test_connection_input = wire::glue::TestConnectionInput{.connection_type = "JDBC", .connection_properties = properties};
  EXPECT_EQ(Run("admin", test).error().code, ErrorCode::kAccessDenied);
}

TEST_F(ConnectionTest, IsTestedWithItsPasswordWhichIsNotJournalled) {
  ASSERT_TRUE(Make("p4ss-w0rd"));
  TestConnection test;
  test.in.connection_name = "warehouse";
  ASSERT_TRUE(Run("admin", test));
  EXPECT_EQ(warehouses.logins.back().properties.at("PASSWORD"), "p4ss-w0rd");
  test.in.test_connection_input.emplace();
  EXPECT_EQ(Run("admin", test).error().code, ErrorCode::kInvalidArgument);  // One of both.
  test.in.connection_name.reset();
  test.in.test_connection_input = wire::glue::TestConnectionInput{
      .connection_type = "JDBC",
      .connection_properties = std::map<std::string, std::string>{{"USERNAME", "u"}, {"PASSWORD", "an0ther"}}};
  ASSERT_TRUE(Run("admin", test));
  EXPECT_EQ(Kept().find("an0ther"), std::string::npos);
  warehouses.answer = Fail(ErrorCode::kUnavailable, "no answer");
  EXPECT_EQ(Run("admin", test).error().message, "no answer");
  world.policies.denied = {"glue:TestConnection"};
  EXPECT_EQ(Run("admin", test).error().code, ErrorCode::kAccessDenied);
}

TEST_F(ConnectionTest, ClassifiersAreOfOneKindAndTakeTheirAction) {
  auto run = [&](const auto& op) { return world.gate.Run(world.As("admin"), op, classifiers); };
  CreateClassifier make;
  make.in.grok_classifier =
      wire::glue::CreateGrokClassifierRequest{.classification = "log", .name = "g", .grok_pattern = "%{NIX:a}"};
  EXPECT_EQ(run(make).error().code, ErrorCode::kInvalidArgument);
  make.in.grok_classifier->grok_pattern = "%{WORD:a}";
  ASSERT_TRUE(run(make));
  EXPECT_EQ(run(make).error().code, ErrorCode::kAlreadyExists);
  UpdateClassifier update;
  update.in.json_classifier = wire::glue::UpdateJsonClassifierRequest{.name = "g", .json_path = "$"};
  EXPECT_EQ(run(update).error().code, ErrorCode::kInvalidArgument);
  update.in.json_classifier.reset();
  update.in.grok_classifier = wire::glue::UpdateGrokClassifierRequest{.name = "g", .grok_pattern = "%{INT:a}"};
  ASSERT_TRUE(run(update));
  GetClassifier get;
  get.in.name = "g";
  EXPECT_EQ(run(get)->classifier->grok_classifier->version, 2);
  EXPECT_EQ(run(GetClassifiers())->classifiers->size(), 1u);
  DeleteClassifier drop;
  drop.in.name = "g";
  world.policies.denied = {"glue:DeleteClassifier"};
  EXPECT_EQ(run(drop).error().code, ErrorCode::kAccessDenied);
  world.policies.denied.clear();
  ASSERT_TRUE(run(drop));
  EXPECT_EQ(run(get).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace hanse::catalog
