#include <gtest/gtest.h>

#include "identity/test_world.h"

namespace hanse::identity {
namespace {

constexpr char kList[] = "s3:ListBucket";

TEST(Sts, ASessionMayWhatItsRoleMayAndNoMore) {
  World world;
  const std::string role = world.Role(world.city, "reader", World::Allow(kList));
  Caller worker = world.Become(world.city, role).value();
  EXPECT_EQ(worker.arn, "arn:aws:sts::111122223333:assumed-role/reader/worker");
  EXPECT_TRUE(world.May(worker, kList));
  EXPECT_FALSE(world.May(worker, "s3:PutObject"));
  ASSERT_TRUE(world.Run<DeleteRolePolicy>(world.city, {.role_name = "reader", .policy_name = "inline"}));
  EXPECT_FALSE(world.May(worker, kList));
}

TEST(Sts, BothSidesOfATrustMustAgreeAcrossAccounts) {
  World world;
  const std::string open = world.Role(world.city, "open", World::Allow(kList), World::Trusts("arn:aws:iam::444455556666:root"));
  const std::string shut = world.Role(world.city, "shut", World::Allow(kList));
  EXPECT_TRUE(world.Become(world.foreign, open));
  for (const std::string& role : {shut, std::string("arn:aws:iam::111122223333:role/missing")}) {
    auto refused = world.Become(world.foreign, role);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kAccessDenied);
  }
  // The caller's own side counts too.
  const std::string weak = world.Role(world.foreign, "weak", World::Allow(kList));
  Caller worker = world.Become(world.foreign, weak).value();
  EXPECT_FALSE(world.Become(worker, open));
  ASSERT_TRUE(world.Run<PutRolePolicy>(
      world.foreign,
      {.role_name = "weak", .policy_name = "more", .policy_document = World::Document(World::Allow("sts:AssumeRole"))}));
  EXPECT_TRUE(world.Become(worker, open));
}

TEST(Sts, WhoComesFromAnotherAccountIsRecordedInBoth) {
  World world;
  const std::string open = world.Role(world.city, "open", World::Allow(kList), World::Trusts("arn:aws:iam::444455556666:root"));
  world.journal.records.clear();
  ASSERT_TRUE(world.Become(world.foreign, open, "visit"));
  ASSERT_EQ(world.journal.records.size(), 2u);
  const auto has = [&](std::size_t i, const std::string& part) { return world.journal.records[i].find(part) != std::string::npos; };
  for (std::size_t i : {0u, 1u}) {
    EXPECT_TRUE(has(i, R"("eventName":"AssumeRole")") && has(i, "visit") && has(i, open) && has(i, "sharedEventID"));
  }
  EXPECT_TRUE(has(0, R"("recipientAccountId":"111122223333")") && has(0, R"("type":"AWSAccount")"));
  EXPECT_TRUE(has(1, R"("recipientAccountId":"444455556666")"));
  EXPECT_FALSE(has(0, world.foreign.arn));  // Whoever it was is the other account's business.
  const auto shared = [&](std::size_t i) {
    const std::string& record = world.journal.records[i];
    return record.substr(record.find("sharedEventID"), 52);
  };
  EXPECT_EQ(shared(0), shared(1));
  world.journal.records.clear();
  const std::string own = world.Role(world.city, "own", World::Allow(kList));
  world.journal.records.clear();
  ASSERT_TRUE(world.Become(world.city, own));
  EXPECT_EQ(world.journal.records.size(), 1u);
}

TEST(Sts, TheExternalIdKeepsTheDeputyHonest) {
  World world;
  const std::string trust = R"({"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole",)"
                            R"("Condition":{"StringEquals":{"sts:ExternalId":"n-42"}}})";
  const std::string role = world.Role(world.city, "partner", World::Allow(kList), trust);
  auto assume = [&](std::optional<std::string> id) {
    return world.Run<AssumeRole>(world.foreign, {.role_arn = role, .role_session_name = "s2", .external_id = std::move(id)})
        .has_value();
  };
  EXPECT_TRUE(assume("n-42"));
  EXPECT_FALSE(assume("n-43"));
  EXPECT_FALSE(assume(std::nullopt));
}

// security-and-reliability 8.7 (11): delete and recreate must not revive anything.
TEST(Sts, ADeletedRoleEndsItsSessionsAndItsNamesakeInheritsNothing) {
  World world;
  const std::string role = world.Role(world.city, "reader", World::Allow("*"));
  const std::string trusting = world.Role(world.city, "trusting", World::Allow(kList), World::Trusts(role));
  auto made = world.Run<AssumeRole>(world.city, {.role_arn = role, .role_session_name = "s2"}).value();
  Caller worker = world.SignedIn(*made.credentials).value();
  EXPECT_TRUE(world.Become(worker, trusting));
  ASSERT_TRUE(world.Run<DeleteRolePolicy>(world.city, {.role_name = "reader", .policy_name = "inline"}));
  ASSERT_TRUE(world.Run<DeleteRole>(world.city, {.role_name = "reader"}));
  EXPECT_FALSE(world.SignedIn(*made.credentials));
  EXPECT_FALSE(world.May(worker, kList));
  ASSERT_EQ(world.Role(world.city, "reader", World::Allow("*")), role);
  EXPECT_FALSE(world.SignedIn(*made.credentials));
  EXPECT_FALSE(world.May(worker, kList));
  Caller namesake = world.Become(world.city, role).value();
  EXPECT_TRUE(world.May(namesake, kList));
  EXPECT_FALSE(world.Become(namesake, trusting));
  const auto shown = world.Run<GetRole>(world.city, {.role_name = "trusting"}).value();
  EXPECT_NE(shown.role->assume_role_policy_document->find("AROA"), std::string::npos);
}

TEST(Sts, ATokenBelongsToItsKeyAndEnds) {
  World world;
  const std::string role = world.Role(world.city, "reader", World::Allow(kList));
  auto one = *world.Run<AssumeRole>(world.city, {.role_arn = role, .role_session_name = "s2", .duration_seconds = 900})
                  .value()
                  .credentials;
  auto other = *world.Run<AssumeRole>(world.city, {.role_arn = role, .role_session_name = "s2"}).value().credentials;
  EXPECT_TRUE(world.SignedIn(one));
  EXPECT_FALSE(world.SignedIn(*one.access_key_id, *other.session_token));
  EXPECT_FALSE(world.SignedIn(*one.access_key_id));
  EXPECT_FALSE(world.SignedIn(*one.access_key_id, one.session_token->substr(0, one.session_token->size() - 8)));
  EXPECT_FALSE(world.SignedIn(world.city.access_key, *one.session_token));
  world.clock.Advance(899'000);
  EXPECT_TRUE(world.SignedIn(one));
  world.clock.Advance(1'000);
  auto ended = world.SignedIn(one);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().name, "ExpiredToken");
}

TEST(Sts, SessionPoliciesCutAndAreUnited) {
  World world;
  const std::string role = world.Role(world.city, "wide", World::Allow("s3:*"));
  auto session = [&](std::optional<std::string> policy, std::optional<std::vector<wire::sts::PolicyDescriptorType>> arns) {
    auto made =
        world.Run<AssumeRole>(world.city, {.role_arn = role, .role_session_name = "s2", .policy_arns = arns, .policy = policy});
    return world.SignedIn(*made.value().credentials).value();
  };
  Caller narrow =
      session(World::Document(World::Allow("s3:GetObject")),
              std::vector<wire::sts::PolicyDescriptorType>{{.arn = "arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess"}});
  EXPECT_TRUE(world.May(narrow, "s3:GetObject"));
  EXPECT_FALSE(world.May(narrow, "s3:PutObject"));
  EXPECT_FALSE(world.May(narrow, "cloudtrail:LookupEvents"));  // The role has it not.
  EXPECT_TRUE(world.May(session(std::nullopt, std::nullopt), "s3:PutObject"));
  EXPECT_FALSE(world.Run<AssumeRole>(world.city, {.role_arn = role, .role_session_name = "s2", .policy = "{not json"}));
}

TEST(Sts, AChainLastsAnHourAndARoleSaysHowLong) {
  World world;
  const std::string first = world.Role(world.city, "first", World::Allow("sts:AssumeRole")),
                    second = world.Role(world.city, "second", "");
  for (const char* name : {"first", "second"})
    ASSERT_TRUE(world.Run<UpdateRole>(world.city, {.role_name = name, .max_session_duration = 7200}));
  auto assume = [&](const Caller& caller, const std::string& role, std::int32_t seconds) {
    return world.Run<AssumeRole>(caller, {.role_arn = role, .role_session_name = "s2", .duration_seconds = seconds}).has_value();
  };
  EXPECT_TRUE(assume(world.city, first, 7200));
  EXPECT_FALSE(assume(world.city, first, 7201));
  Caller worker = world.Become(world.city, first).value();
  EXPECT_TRUE(assume(worker, second, 3600));
  EXPECT_FALSE(assume(worker, second, 3601));
}

TEST(Sts, TagsOfASessionNeedARightAndTransitiveOnesStay) {
  World world;
  const std::string both = R"({"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["sts:AssumeRole","sts:TagSession"]})";
  const std::string seen = R"({"Effect":"Allow","Action":"s3:ListBucket","Resource":"*",)"
                           R"("Condition":{"StringEquals":{"aws:PrincipalTag/team":"retail"}}})";
  const std::vector<wire::sts::Tag> retail = {{.key = "team", .value = "retail"}}, sales = {{.key = "team", .value = "sales"}};
  const std::string plain = world.Role(world.city, "plain", seen),
                    first = world.Role(world.city, "first", World::Allow("sts:*"), both);
  const std::string second = world.Role(world.city, "second", seen, both);
  EXPECT_FALSE(world.Run<AssumeRole>(world.city, {.role_arn = plain, .role_session_name = "s2", .tags = retail}));
  auto enter = [&](const Caller& caller, const std::string& role, std::optional<std::vector<wire::sts::Tag>> tags,
                   std::optional<std::vector<std::string>> lasting) {
    auto made =
        world.Run<AssumeRole>(caller, {.role_arn = role, .role_session_name = "s2", .tags = tags, .transitive_tag_keys = lasting});
    return made ? world.SignedIn(*made->credentials) : Result<Caller>(std::unexpected(made.error()));
  };
  Caller lasting = enter(world.city, first, retail, std::vector<std::string>{"team"}).value(),
         passing = enter(world.city, first, retail, std::nullopt).value();
  EXPECT_TRUE(world.May(enter(lasting, second, std::nullopt, std::nullopt).value(), kList));
  EXPECT_FALSE(world.May(enter(passing, second, std::nullopt, std::nullopt).value(), kList));
  EXPECT_FALSE(enter(lasting, second, sales, std::nullopt));
  EXPECT_TRUE(enter(passing, second, sales, std::nullopt));
}

TEST(Sts, AUsersSessionMayNotChangeIdentities) {
  World world;
  auto token = world.Run<GetSessionToken>(world.city, {}).value();
  Caller session = world.SignedIn(*token.credentials).value();
  EXPECT_EQ(session.arn, world.city.arn);
  EXPECT_TRUE(world.May(session, kList));
  EXPECT_TRUE(world.May(world.city, "iam:ListUsers"));
  EXPECT_FALSE(world.May(session, "iam:ListUsers"));
  EXPECT_FALSE(world.Run<GetSessionToken>(session, {}));
}

TEST(Sts, AFederatedUserHasTheIntersection) {
  World world;
  auto with = world.Run<GetFederationToken>(world.city, {.name = "guest", .policy = World::Document(World::Allow("s3:*"))}).value();
  Caller guest = world.SignedIn(*with.credentials).value();
  EXPECT_EQ(guest.arn, "arn:aws:sts::111122223333:federated-user/guest");
  EXPECT_TRUE(world.May(guest, kList));
  EXPECT_FALSE(world.May(guest, "glue:GetTable"));
  Caller nobody = world.SignedIn(*world.Run<GetFederationToken>(world.city, {.name = "nobody"}).value().credentials).value();
  EXPECT_FALSE(world.May(nobody, kList));
}

TEST(Sts, AServiceTakesOnlyRolesThatTrustIt) {
  World world;
  const std::string trust = R"({"Effect":"Allow","Principal":{"Service":"glue.amazonaws.com"},"Action":"sts:AssumeRole"})";
  const std::string role = world.Role(world.city, "crawler", World::Allow("s3:GetObject"), trust);
  EXPECT_FALSE(world.Become(world.city, role));
  auto tx = world.store->BeginRead().value();
  auto caller = world.callers.AssumeForService(*tx, role, "glue.amazonaws.com", "crawl", world.clock.NowMs());
  ASSERT_TRUE(caller);
  EXPECT_TRUE(world.May(*caller, "s3:GetObject"));
  EXPECT_FALSE(world.callers.AssumeForService(*tx, role, "athena.amazonaws.com", "crawl", world.clock.NowMs()));
}

}  // namespace
}  // namespace hanse::identity
