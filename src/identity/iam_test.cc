#include <gtest/gtest.h>

#include "identity/managed.h"
#include "identity/test_world.h"

namespace hanse::identity {
namespace {

template <class T>
std::string NameOf(const Result<T>& result) {
  return result ? "ok" : result.error().name;
}

TEST(Iam, AKeyWorksUntilItIsSwitchedOffAndItsSecretIsNotInTheStore) {
  World world;
  ASSERT_TRUE(world.Run<CreateUser>(world.city, {.user_name = "zoe"}));
  auto made = *world.Run<CreateAccessKey>(world.city, {.user_name = "zoe"}).value().access_key;
  auto found = world.sign_in.Find(*made.access_key_id, "");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->secret_key, *made.secret_access_key);
  auto tx = world.store->BeginRead().value();
  EXPECT_EQ(tx->One("SELECT secret FROM iam_access_keys WHERE access_key = ?", {*made.access_key_id})
                ->Text(0)
                .find(*made.secret_access_key),
            std::string::npos);
  for (const std::string& record : world.journal.records) EXPECT_EQ(record.find(*made.secret_access_key), std::string::npos);
  tx.reset();
  ASSERT_TRUE(
      world.Run<UpdateAccessKey>(world.city, {.user_name = "zoe", .access_key_id = made.access_key_id, .status = "Inactive"}));
  EXPECT_EQ(NameOf(world.SignedIn(*made.access_key_id)), "InvalidClientTokenId");
  ASSERT_TRUE(
      world.Run<UpdateAccessKey>(world.city, {.user_name = "zoe", .access_key_id = made.access_key_id, .status = "Active"}));
  EXPECT_TRUE(world.SignedIn(*made.access_key_id));
  world.Close(World::kCity);
  EXPECT_EQ(NameOf(world.SignedIn(*made.access_key_id)), "InvalidClientTokenId");
}

// A row that was copied to another key opens for nobody.
TEST(Iam, ASealedSecretIsTiedToItsKey) {
  World world;
  ASSERT_TRUE(world.Run<CreateUser>(world.city, {.user_name = "zoe"}));
  auto made = *world.Run<CreateAccessKey>(world.city, {.user_name = "zoe"}).value().access_key;
  auto tx = world.store->BeginWrite().value();
  ASSERT_TRUE(tx->Execute(
      "UPDATE iam_access_keys SET secret = (SELECT secret FROM iam_access_keys WHERE access_key = ?) WHERE access_key = ?",
      {world.city.access_key, *made.access_key_id}));
  ASSERT_TRUE(tx->Commit());
  EXPECT_FALSE(world.SignedIn(*made.access_key_id));
}

TEST(Iam, GroupsGiveAndTakeAtOnce) {
  World world;
  ASSERT_TRUE(world.Run<CreateUser>(world.city, {.user_name = "zoe"}));
  ASSERT_TRUE(world.Run<CreateGroup>(world.city, {.group_name = "team"}));
  ASSERT_TRUE(world.Run<PutGroupPolicy>(
      world.city, {.group_name = "team", .policy_name = "p", .policy_document = World::Document(World::Allow("s3:*"))}));
  auto key = *world.Run<CreateAccessKey>(world.city, {.user_name = "zoe"}).value().access_key;
  Caller zoe = world.SignedIn(*key.access_key_id).value();
  EXPECT_FALSE(world.May(zoe, "s3:ListBucket"));
  ASSERT_TRUE(world.Run<AddUserToGroup>(world.city, {.group_name = "team", .user_name = "zoe"}));
  EXPECT_TRUE(world.May(zoe, "s3:ListBucket"));
  EXPECT_EQ(NameOf(world.Run<DeleteUser>(world.city, {.user_name = "zoe"})), "DeleteConflict");
  ASSERT_TRUE(world.Run<RemoveUserFromGroup>(world.city, {.group_name = "team", .user_name = "zoe"}));
  EXPECT_FALSE(world.May(zoe, "s3:ListBucket"));
  EXPECT_EQ(NameOf(world.Run<DeleteUser>(world.city, {.user_name = "zoe"})), "DeleteConflict");  // Its key.
  ASSERT_TRUE(world.Run<DeleteAccessKey>(world.city, {.user_name = "zoe", .access_key_id = key.access_key_id}));
  EXPECT_EQ(NameOf(world.Run<DeleteUser>(world.city, {.user_name = "zoe"})), "ok");
  EXPECT_EQ(NameOf(world.Run<DeleteUser>(world.city, {.user_name = "zoe"})), "NoSuchEntity");
}

TEST(Iam, NamesDifferByMoreThanCaseAndAccountsDoNotSeeEachOther) {
  World world;
  ASSERT_TRUE(world.Run<CreateUser>(world.city, {.user_name = "zoe"}));
  EXPECT_EQ(NameOf(world.Run<CreateUser>(world.city, {.user_name = "ZOE"})), "EntityAlreadyExists");
  EXPECT_EQ(NameOf(world.Run<GetUser>(world.foreign, {.user_name = "zoe"})), "NoSuchEntity");
  EXPECT_EQ(NameOf(world.Run<CreateUser>(world.foreign, {.user_name = "zoe"})), "ok");
}

TEST(Iam, AManagedPolicyHasFiveVersionsAndItsDefaultCountsAtOnce) {
  World world;
  const std::string role = world.Role(world.city, "reader", "");
  Caller worker = world.Become(world.city, role).value();
  const std::string arn =
      *world.Run<CreatePolicy>(world.city, {.policy_name = "p", .policy_document = World::Document(World::Allow("s3:ListBucket"))})
           .value()
           .policy->arn;
  ASSERT_TRUE(world.Run<AttachRolePolicy>(world.city, {.role_name = "reader", .policy_arn = arn}));
  EXPECT_TRUE(world.May(worker, "s3:ListBucket"));
  auto version = [&](const std::string& action, bool set) {
    return world.Run<CreatePolicyVersion>(
        world.city, {.policy_arn = arn, .policy_document = World::Document(World::Allow(action)), .set_as_default = set});
  };
  EXPECT_EQ(*version("glue:*", false).value().policy_version->version_id, "v2");
  EXPECT_TRUE(world.May(worker, "s3:ListBucket"));
  ASSERT_TRUE(world.Run<SetDefaultPolicyVersion>(world.city, {.policy_arn = arn, .version_id = "v2"}));
  EXPECT_FALSE(world.May(worker, "s3:ListBucket"));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(version("s3:*", false));
  EXPECT_EQ(NameOf(version("s3:*", false)), "LimitExceeded");
  EXPECT_EQ(NameOf(world.Run<DeletePolicyVersion>(world.city, {.policy_arn = arn, .version_id = "v2"})), "DeleteConflict");
  ASSERT_TRUE(world.Run<DeletePolicyVersion>(world.city, {.policy_arn = arn, .version_id = "v1"}));
  EXPECT_EQ(*version("s3:*", false).value().policy_version->version_id, "v6");  // Numbers are not used twice.
  EXPECT_EQ(NameOf(world.Run<DeletePolicy>(world.city, {.policy_arn = arn})), "DeleteConflict");
}

TEST(Iam, ABoundaryHoldsAndADelegateCannotStepOverIt) {
  World world;
  const std::string fence = *world
                                 .Run<CreatePolicy>(world.city, {.policy_name = "fence",
                                                                 .policy_document = World::Document(World::Allow("s3:ListBucket"))})
                                 .value()
                                 .policy->arn;
  const std::string maker = world.Role(
      world.city, "maker",
      R"({"Effect":"Allow","Action":"iam:CreateRole","Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":")" +
          fence + R"("}}})");
  Caller worker = world.Become(world.city, maker).value();
  const std::string trust = World::Document(World::Trusts("arn:aws:iam::111122223333:root"));
  EXPECT_FALSE(world.Run<CreateRole>(worker, {.role_name = "made", .assume_role_policy_document = trust}));
  EXPECT_FALSE(world.Run<CreateRole>(
      worker,
      {.role_name = "made", .assume_role_policy_document = trust, .permissions_boundary = std::string(kAdministratorAccess)}));
  auto made =
      world.Run<CreateRole>(worker, {.role_name = "made", .assume_role_policy_document = trust, .permissions_boundary = fence});
  ASSERT_TRUE(made);
  ASSERT_TRUE(world.Run<AttachRolePolicy>(world.city, {.role_name = "made", .policy_arn = std::string(kAdministratorAccess)}));
  Caller child = world.Become(world.city, *made->role->arn).value();
  EXPECT_TRUE(world.May(child, "s3:ListBucket"));
  EXPECT_FALSE(world.May(child, "s3:PutObject"));
  EXPECT_EQ(NameOf(world.Run<DeletePolicy>(world.city, {.policy_arn = fence})), "DeleteConflict");
}

TEST(Iam, MalformedDocumentsAndTrustsAreRefused) {
  World world;
  const std::string role = world.Role(world.city, "reader", "");
  for (const char* text : {"{", "[]", R"({"Version":"2012-10-17"})"}) {
    EXPECT_EQ(NameOf(world.Run<PutRolePolicy>(world.city, {.role_name = "reader", .policy_name = "p", .policy_document = text})),
              "MalformedPolicyDocument");
    EXPECT_EQ(NameOf(world.Run<CreatePolicy>(world.city, {.policy_name = "p", .policy_document = text})),
              "MalformedPolicyDocument");
  }
  for (const char* who : {"arn:aws:iam::999999999999:role/nobody", "zoe", "arn:aws:iam::999999999999:role/*"}) {
    EXPECT_EQ(NameOf(world.Run<UpdateAssumeRolePolicy>(
                  world.city, {.role_name = "reader", .policy_document = World::Document(World::Trusts(who))})),
              "MalformedPolicyDocument");
  }
}

TEST(Iam, MarkersCannotBeForgedOrUsedElsewhere) {
  World world;
  for (const char* name : {"a", "b", "c"}) world.Role(world.city, name, "");
  auto first = world.Run<ListRoles>(world.city, {.max_items = 2}).value();
  EXPECT_EQ(first.roles->size(), 2u);
  ASSERT_TRUE(*first.is_truncated);
  auto rest = world.Run<ListRoles>(world.city, {.marker = first.marker, .max_items = 2}).value();
  EXPECT_EQ(*rest.roles->at(0).role_name, "c");
  EXPECT_FALSE(world.Run<ListRoles>(world.city, {.marker = "forged"}));
  EXPECT_FALSE(world.Run<ListUsers>(world.city, {.marker = first.marker}));
  EXPECT_FALSE(world.Run<ListRoles>(world.foreign, {.marker = first.marker}));
}

TEST(Iam, GuardrailsHoldTheAdministratorToo) {
  World world;
  EXPECT_TRUE(world.May(world.city, "kms:ListKeys"));
  auto deny = policy::ParseDocument(World::Document(R"({"Effect":"Deny","Action":"kms:*","Resource":"*"})"),
                                    policy::DocumentKind::kServiceControl)
                  .value();
  auto all = policy::ParseDocument(World::Document(World::Allow("*")), policy::DocumentKind::kServiceControl).value();
  world.Hold({{{"p-full", all}, {"p-deny", deny}}});
  EXPECT_FALSE(world.May(world.city, "kms:ListKeys"));
  EXPECT_TRUE(world.May(world.city, "s3:ListBucket"));
}

TEST(Iam, AWriterSeesItsOwnPoliciesAndOthersTheirs) {
  World world;
  auto inlined = [&](store::Transaction& tx) { return world.callers.FactsOf(tx, world.city).value().identity.size(); };
  auto reads = [&] { return inlined(*world.store->BeginRead().value()); };
  const std::size_t before = reads();
  auto old = world.store->BeginRead().value();
  {
    auto tx = world.store->BeginWrite().value();
    EXPECT_EQ(inlined(*tx), before);
    ASSERT_TRUE(tx->Execute("INSERT INTO iam_inline_policies (principal, name, document) VALUES (?, 'more', ?)",
                            {world.city.principal, World::Document(World::Allow("*"))}));
    EXPECT_EQ(inlined(*tx), before + 1);
    EXPECT_EQ(reads(), before);
    ASSERT_TRUE(tx->Commit());
  }
  EXPECT_EQ(reads(), before + 1);
  EXPECT_EQ(inlined(*old), before);
}

TEST(Iam, EveryProvidedPolicyIsAPolicy) {
  EXPECT_GT(ProvidedPolicies().size(), 20u);
  for (const ManagedPolicy& one : ProvidedPolicies())
    EXPECT_TRUE(policy::ParseDocument(one.document, policy::DocumentKind::kIdentity)) << one.name;
}

TEST(Iam, AStrangerIsDeniedEveryOperation) {
  World world;
  const std::string role = world.Role(world.city, "bare", "");
  Caller bare = world.Become(world.city, role).value();
  EXPECT_FALSE(world.Run<ListRoles>(bare, {}));
  EXPECT_FALSE(world.Run<GetRole>(bare, {.role_name = "bare"}));
  auto missing = world.Run<GetRole>(bare, {.role_name = "missing"}), there = world.Run<GetRole>(bare, {.role_name = "bare"});
  EXPECT_EQ(missing.error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(there.error().code, ErrorCode::kAccessDenied);
  EXPECT_TRUE(world.Run<GetCallerIdentity>(bare, {}));
}

}  // namespace
}  // namespace hanse::identity
