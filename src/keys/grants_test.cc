#include "keys/grants.h"

#include <gtest/gtest.h>

#include "keys/test_world.h"

namespace hanse::keys {
namespace {

class GrantsTest : public testing::Test {
 protected:
  wk::CreateGrantRequest To(const Caller& grantee, std::vector<std::string> operations) const {
    return {.key_id = key_, .grantee_principal = grantee.arn, .operations = std::move(operations)};
  }
  std::string Grant(const wk::CreateGrantRequest& in) { return *world_.Run<CreateGrant>(world_.admin, in).value().grant_id; }
  std::string MayEncrypt(std::map<std::string, std::string> context = {}) {
    return world_.MayEncrypt(world_.worker, key_, std::move(context));
  }

  World world_;
  const std::string key_ = world_.Key();
};

TEST_F(GrantsTest, AGrantOpensAndItsEndClosesAtOnce) {
  EXPECT_EQ(MayEncrypt(), "AccessDenied");
  auto in = To(world_.worker, {"Encrypt"});
  in.name = "loader";
  const std::string grant = Grant(in);
  EXPECT_EQ(Grant(in), grant);  // The same request twice is one grant.
  EXPECT_EQ(MayEncrypt(), "");
  EXPECT_EQ(world_.Refused<GenerateDataKey>(world_.worker, {.key_id = key_, .key_spec = "AES_256"}), "AccessDenied");
  auto listed = world_.Run<ListGrants>(world_.admin, {.key_id = key_})->grants;
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().grantee_principal, world_.worker.arn);
  EXPECT_EQ(world_.Refused<RevokeGrant>(world_.worker, {.key_id = key_, .grant_id = grant}), "AccessDenied");
  EXPECT_EQ(world_.Refused<RevokeGrant>(world_.admin, {.key_id = key_, .grant_id = grant}), "");
  EXPECT_EQ(MayEncrypt(), "AccessDenied");
  EXPECT_EQ(world_.Refused<RevokeGrant>(world_.admin, {.key_id = key_, .grant_id = grant}), "NotFoundException");
}

TEST_F(GrantsTest, ADenyOfThePolicyWins) {
  Grant(To(world_.worker, {"Encrypt"}));
  EXPECT_EQ(MayEncrypt(), "");
  const std::string deny =
      R"({"Effect":"Deny","Principal":{"AWS":")" + world_.worker.arn + R"("},"Action":"kms:Encrypt","Resource":"*"})";
  ASSERT_EQ(world_.SetPolicy(key_, {deny}), "");
  EXPECT_EQ(MayEncrypt(), "AccessDenied");
}

TEST_F(GrantsTest, AnotherAccountNeedsItsOwnYesToo) {
  Grant(To(world_.stranger, {"Encrypt"}));
  EXPECT_EQ(world_.MayEncrypt(world_.stranger, key_), "AccessDenied");
  world_.policies.Allow(world_.stranger, R"("kms:Encrypt")");
  EXPECT_EQ(world_.MayEncrypt(world_.stranger, key_), "");
}

TEST_F(GrantsTest, AGrantIsRetiredByWhomItNames) {
  const Caller retiring = World::User(World::kCity, "retiring");
  world_.Enrol(retiring);
  auto in = To(world_.worker, {"Encrypt"});
  in.retiring_principal = retiring.arn;
  auto made = world_.Run<CreateGrant>(world_.admin, in).value();
  const std::string other = Grant(To(world_.worker, {"Decrypt"}));
  EXPECT_EQ(world_.Refused<RetireGrant>(world_.worker, {.key_id = key_, .grant_id = made.grant_id}), "AccessDenied");
  EXPECT_EQ(world_.Refused<RetireGrant>(retiring, {.key_id = key_, .grant_id = other}), "AccessDenied");
  EXPECT_EQ(world_.Run<ListRetirableGrants>(world_.admin, {.retiring_principal = retiring.arn})->grants->size(), 1u);
  EXPECT_EQ(world_.Refused<RetireGrant>(retiring, {.grant_token = "nonsense"}), "InvalidGrantTokenException");
  EXPECT_EQ(world_.Refused<RetireGrant>(retiring, {.grant_token = made.grant_token}), "");
  EXPECT_EQ(MayEncrypt(), "AccessDenied");
}

TEST_F(GrantsTest, AGrantMayBeBoundToAContext) {
  auto in = To(world_.worker, {"Encrypt"});
  in.constraints.emplace().encryption_context_subset = {{{"table", "orders"}}};
  const std::string subset = Grant(in);
  EXPECT_EQ(MayEncrypt({{"table", "orders"}, {"column", "email"}}), "");
  EXPECT_EQ(MayEncrypt({{"table", "people"}}), "AccessDenied");
  EXPECT_EQ(MayEncrypt(), "AccessDenied");
  ASSERT_EQ(world_.Refused<RevokeGrant>(world_.admin, {.key_id = key_, .grant_id = subset}), "");
  in.constraints = wk::GrantConstraints{.encryption_context_equals = {{{"table", "orders"}}}};
  Grant(in);
  EXPECT_EQ(MayEncrypt({{"table", "orders"}}), "");
  EXPECT_EQ(MayEncrypt({{"table", "orders"}, {"column", "email"}}), "AccessDenied");
}

TEST_F(GrantsTest, AGranteePassesOnNoMoreThanItHas) {
  const Caller last = World::User(World::kCity, "last");
  world_.Enrol(last);
  EXPECT_EQ(world_.Refused<CreateGrant>(world_.worker, To(last, {"Encrypt"})), "AccessDenied");
  auto in = To(world_.worker, {"Encrypt", "CreateGrant"});
  in.constraints.emplace().encryption_context_subset = {{{"table", "orders"}}};
  Grant(in);
  EXPECT_EQ(world_.Refused<CreateGrant>(world_.worker, To(last, {"Encrypt"})), "AccessDenied");  // Without the constraint.
  auto passed = To(last, {"Encrypt", "Decrypt"});
  passed.constraints = in.constraints;
  EXPECT_EQ(world_.Refused<CreateGrant>(world_.worker, passed), "AccessDenied");
  passed.operations = {{"Encrypt"}};
  EXPECT_EQ(world_.Refused<CreateGrant>(world_.worker, passed), "");
  EXPECT_EQ(world_.MayEncrypt(last, key_, {{"table", "orders"}}), "");
  EXPECT_EQ(world_.MayEncrypt(last, key_), "AccessDenied");
}

TEST_F(GrantsTest, ANamesakeIsSomebodyElse) {
  Grant(To(world_.worker, {"Encrypt"}));
  world_.Leave(world_.worker);
  Caller again = World::User(World::kCity, "worker");
  again.unique_id = World::UniqueId("worker", 'B');
  world_.Enrol(again);
  EXPECT_EQ(world_.MayEncrypt(again, key_), "AccessDenied");
}

TEST_F(GrantsTest, WhatIsNoGrantIsRefused) {
  EXPECT_EQ(world_.Refused<CreateGrant>(world_.admin, To(World::User(World::kCity, "nobody"), {"Encrypt"})), "InvalidArnException");
  EXPECT_EQ(world_.Refused<CreateGrant>(world_.admin, To(world_.worker, {"Sign"})), "ValidationException");
  EXPECT_EQ(world_.Refused<CreateGrant>(world_.admin, To(world_.worker, {})), "ValidationException");
}

}  // namespace
}  // namespace hanse::keys
