#include "keys/key_policy.h"

#include <gtest/gtest.h>

#include "keys/test_world.h"

namespace hanse::keys {
namespace {

class KeyPolicyTest : public testing::Test {
 protected:
  bool MayThrough(const Caller& caller, const std::string& arn, const std::string& service) {
    auto tx = world_.store->BeginRead().value();
    gate::Need need{.action = "kms:Decrypt", .resource = arn};
    need.context["kms:calleraccount"] = {caller.account};
    if (!service.empty()) need.context["kms:viaservice"] = {service};
    return world_.gate.WouldAllow(*tx, {caller, {}}, need).value();
  }
  std::string DomainKey() {
    auto tx = world_.store->BeginWrite().value();
    std::string arn = world_.domain_keys.Domain(*tx, World::kCity, World::kRegion, 1).value().arn;
    EXPECT_TRUE(tx->Commit());
    return arn;
  }

  World world_;
};

TEST_F(KeyPolicyTest, APolicyGivesAndTakesAtOnce) {
  const std::string key = world_.Key();
  EXPECT_EQ(world_.MayEncrypt(world_.worker, key), "AccessDenied");
  EXPECT_EQ(world_.SetPolicy(key, {World::Grants(world_.worker.arn, R"("kms:Encrypt")")}), "");
  EXPECT_EQ(world_.MayEncrypt(world_.worker, key), "");
  EXPECT_EQ(world_.Refused<DescribeKey>(world_.worker, {.key_id = key}), "AccessDenied");
  EXPECT_EQ(world_.SetPolicy(key, {}), "");
  EXPECT_EQ(world_.MayEncrypt(world_.worker, key), "AccessDenied");
}

TEST_F(KeyPolicyTest, TheAccountsOwnPoliciesCountOnlyWhereTheKeyLeavesItToThem) {
  world_.policies.Allow(world_.worker, R"("kms:*")");
  EXPECT_EQ(world_.MayEncrypt(world_.worker, world_.Key()), "");
  const std::string closed = R"({"Version":"2012-10-17","Statement":[)" + World::Grants(world_.worker.arn, R"("kms:Put*")") + "]}";
  const std::string key = *world_.Run<CreateKey>(world_.worker, {.policy = closed}).value().key_metadata->arn;
  EXPECT_EQ(world_.MayEncrypt(world_.worker, key), "AccessDenied");
  EXPECT_EQ(world_.Refused<DescribeKey>(world_.admin, {.key_id = key}), "AccessDenied");
}

TEST_F(KeyPolicyTest, AcrossAccountsBothSidesMustAgree) {
  const std::string key = world_.Key({World::Grants("arn:aws:iam::444455556666:root", R"("kms:Decrypt")")});
  const std::string blob = world_.Sealed(key, "secret");
  EXPECT_EQ(world_.Opened(world_.stranger, blob), "[AccessDenied]");
  world_.policies.Allow(world_.stranger, R"("kms:Decrypt","kms:Encrypt","kms:EnableKey")");
  EXPECT_EQ(world_.Opened(world_.stranger, blob), "secret");
  EXPECT_EQ(world_.MayEncrypt(world_.stranger, key), "AccessDenied");
  EXPECT_EQ(world_.SetPolicy(key, {}), "");
  EXPECT_EQ(world_.Opened(world_.stranger, blob), "[AccessDenied]");
  // Whatever the policy says: a key is ruled from its own account.
  EXPECT_EQ(world_.SetPolicy(key, {World::Grants("arn:aws:iam::444455556666:root", R"("kms:*")")}), "");
  EXPECT_EQ(world_.Refused<EnableKey>(world_.stranger, {.key_id = key}), "AccessDenied");
}

TEST_F(KeyPolicyTest, AStrangerCannotTellAMissingKeyFromAClosedOne) {
  world_.policies.Allow(world_.stranger, R"("kms:*")");
  const std::string key = world_.Key();
  ASSERT_EQ(world_.Refused<CreateAlias>(world_.admin, {.alias_name = "alias/there", .target_key_id = key}), "");
  auto message = [&](const std::string& name) {
    auto done = world_.Run<Encrypt>(world_.stranger, {.key_id = name, .plaintext = "x"});
    EXPECT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kAccessDenied);
    std::string text = done.error().message;
    if (auto at = text.find(name); at != std::string::npos) text.replace(at, name.size(), "THIS");
    return text;
  };
  EXPECT_EQ(message(key), message("arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000"));
  EXPECT_EQ(message("arn:aws:kms:us-east-1:111122223333:alias/there"), message("arn:aws:kms:us-east-1:111122223333:alias/other"));
  EXPECT_EQ(world_.MayEncrypt(world_.stranger, key.substr(key.rfind('/') + 1)), "NotFoundException");
  EXPECT_EQ(world_.MayEncrypt(world_.worker, "alias/none"), "AccessDenied");
  EXPECT_EQ(world_.MayEncrypt(world_.admin, "alias/none"), "NotFoundException");
}

TEST_F(KeyPolicyTest, NobodyLocksHimselfOutByMistake) {
  const std::string key = world_.Key();
  const std::string locked =
      R"({"Version":"2012-10-17","Statement":[)" + World::Grants(world_.worker.arn, R"("kms:Encrypt")") + "]}";
  constexpr const char* kMalformed = "MalformedPolicyDocumentException";
  EXPECT_EQ(world_.Refused<PutKeyPolicy>(world_.admin, {.key_id = key, .policy = locked}), kMalformed);
  EXPECT_EQ(world_.Refused<CreateKey>(world_.admin, {.policy = locked}), kMalformed);
  EXPECT_EQ(world_.Refused<DescribeKey>(world_.admin, {.key_id = key}), "");
  EXPECT_EQ(
      world_.Refused<PutKeyPolicy>(world_.admin, {.key_id = key, .policy = locked, .bypass_policy_lockout_safety_check = true}),
      "");
  EXPECT_EQ(world_.Refused<DescribeKey>(world_.admin, {.key_id = key}), "AccessDenied");
  EXPECT_EQ(world_.MayEncrypt(world_.worker, key), "");
}

TEST_F(KeyPolicyTest, WhatIsNoPolicyIsRefused) {
  for (const std::string& policy :
       {std::string("{"),
        std::string(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]})"),
        world_.Policy({World::Grants("arn:aws:iam::999999999999:role/nobody", R"("kms:*")")})}) {
    EXPECT_EQ(world_.Refused<CreateKey>(world_.admin, {.policy = policy}), "MalformedPolicyDocumentException") << policy;
  }
  EXPECT_EQ(world_.Refused<CreateKey>(world_.admin, {.policy = world_.Policy() + std::string(33'000, ' ')}),
            "LimitExceededException");
}

TEST_F(KeyPolicyTest, ANamesakeIsSomebodyElse) {
  const std::string key = world_.Key({World::Grants(world_.worker.arn, R"("kms:Encrypt")")});
  EXPECT_NE(world_.Run<GetKeyPolicy>(world_.admin, {.key_id = key})->policy->find(world_.worker.arn), std::string::npos);
  world_.Leave(world_.worker);
  Caller again = World::User(World::kCity, "worker");
  again.unique_id = World::UniqueId("worker", 'B');
  world_.Enrol(again);
  EXPECT_EQ(world_.MayEncrypt(again, key), "AccessDenied");
  EXPECT_EQ(world_.SetPolicy(key, {World::Grants(again.arn, R"("kms:Encrypt")")}), "");
  EXPECT_EQ(world_.MayEncrypt(again, key), "");
}

TEST_F(KeyPolicyTest, ConditionsReadTheEncryptionContext) {
  const std::string only = R"(,"Condition":{"StringEquals":{"kms:EncryptionContext:table":"orders"}})";
  const std::string key = world_.Key({World::Grants(world_.worker.arn, R"("kms:Encrypt")", only)});
  EXPECT_EQ(world_.MayEncrypt(world_.worker, key, {{"table", "orders"}}), "");
  EXPECT_EQ(world_.MayEncrypt(world_.worker, key, {{"table", "people"}}), "AccessDenied");
  EXPECT_EQ(world_.MayEncrypt(world_.worker, key), "AccessDenied");
  const std::string other = R"(,"Condition":{"StringEquals":{"kms:CallerAccount":"444455556666"}})";
  EXPECT_EQ(world_.SetPolicy(key, {World::Grants(world_.worker.arn, R"("kms:Encrypt")", other)}), "");
  EXPECT_EQ(world_.MayEncrypt(world_.worker, key), "AccessDenied");
}

TEST_F(KeyPolicyTest, TheDomainKeyServesItsAccountThroughServicesAlone) {
  const std::string key = DomainKey();
  EXPECT_TRUE(MayThrough(world_.worker, key, "s3.us-east-1.amazonaws.com"));
  EXPECT_TRUE(MayThrough(world_.worker, key, "secretsmanager.us-east-1.amazonaws.com"));
  EXPECT_FALSE(MayThrough(world_.worker, key, ""));
  EXPECT_FALSE(MayThrough(world_.worker, key, "s3.eu-west-1.amazonaws.com"));
  world_.policies.Allow(world_.stranger, R"("kms:*")");
  EXPECT_FALSE(MayThrough(world_.stranger, key, "s3.us-east-1.amazonaws.com"));
  EXPECT_TRUE(MayThrough(world_.admin, key, ""));
  // Its owner may open it to others.
  EXPECT_EQ(world_.SetPolicy(key, {World::Grants("arn:aws:iam::444455556666:root", R"("kms:Decrypt")")}), "");
  EXPECT_TRUE(MayThrough(world_.stranger, key, "s3.us-east-1.amazonaws.com"));
  EXPECT_FALSE(MayThrough(world_.worker, key, "s3.us-east-1.amazonaws.com"));
}

}  // namespace
}  // namespace hanse::keys
