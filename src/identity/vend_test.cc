#include <gtest/gtest.h>

#include "identity/test_world.h"

namespace hanse::identity {
namespace {

constexpr char kGet[] = "s3:GetObject";
constexpr char kObject[] = "arn:aws:s3:::lake/t/part";

// A gate that is told whether the grounds hold.
class Grounds final : public gate::VendedSource {
 public:
  Result<bool> Stand(store::Transaction&, const Caller& vended, const RequestInfo&) override {
    asked = vended.vended->grounds;
    reader = vended.vended->reader.principal_arn;
    return hold;
  }
  bool hold = true;
  std::string asked, reader;
};

// An operation that needs what the test says, and does nothing.
struct Ask {
  static constexpr gate::Rule kRule{"s3", "GetObject"};
  using Answer = void;
  std::string action, resource;
  std::string Parameters() const { return "{}"; }
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const {
    return std::vector<gate::Need>{{.action = action, .resource = resource, .owner = {}, .context = {}}};
  }
};
struct Served {
  Result<void> Do(const gate::Authorized<Ask>&) const { return {}; }
};

class Vend : public testing::Test {
 protected:
  Vend() : gate_({*world_.store, world_.journal, world_.clock, world_.random, world_.callers, {}, &grounds_}) {
    location_ =
        world_.Role(world_.city, "location", World::Allow("s3:*"),
                    R"({"Effect":"Allow","Principal":{"Service":"lakeformation.amazonaws.com"},"Action":"sts:AssumeRole"})");
    const std::string trust =
        R"({"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["sts:AssumeRole","sts:TagSession"]})";
    auto tagged = world_.Run<AssumeRole>(
        world_.city, {.role_arn = world_.Role(world_.city, "reader", "", trust),
                      .role_session_name = "worker",
                      .tags = std::vector<wire::sts::Tag>{{.key = "LakeFormationAuthorizedCaller", .value = "engine"}}});
    reader_ = world_.SignedIn(*tagged.value().credentials).value();
  }
  Result<wire::sts::Credentials> Give(const Caller& reader) {
    auto tx = world_.store->BeginRead().value();
    TRY_ASSIGN(Caller assumed,
               world_.callers.AssumeForService(*tx, location_, "lakeformation.amazonaws.com", "AWSLF-00", world_.clock.NowMs()));
    return world_.sts.Vend(assumed, {reader, R"({"table":1})"}, World::Document(World::Allow(kGet, "arn:aws:s3:::lake/t/*")),
                           world_.clock.NowMs(), 900);
  }
  bool May(const Caller& caller, const std::string& action, const std::string& resource = kObject) {
    Served served;
    gate::Context context{caller, {}};
    context.info.now_ms = world_.clock.NowMs();
    return gate_.Run(context, Ask{action, resource}, served).has_value();
  }

  World world_;
  Grounds grounds_;
  gate::Gate gate_;
  std::string location_;
  Caller reader_;
};

TEST_F(Vend, CredentialsReachAsFarAsTheirPolicyAndNoFurther) {
  Caller vended = world_.SignedIn(Give(reader_).value()).value();
  EXPECT_EQ(vended.principal_arn, location_);
  EXPECT_TRUE(May(vended, kGet));
  EXPECT_FALSE(May(vended, kGet, "arn:aws:s3:::lake/t2/part"));
  EXPECT_FALSE(May(vended, "s3:PutObject"));
  EXPECT_FALSE(May(vended, "glue:GetTable", "*"));
  EXPECT_FALSE(May(reader_, kGet));  // The reader itself has nothing of this.
}

TEST_F(Vend, TheyStandOnlyWhileTheirGroundsDo) {
  Caller vended = world_.SignedIn(Give(reader_).value()).value();
  ASSERT_TRUE(May(vended, kGet));
  EXPECT_EQ(grounds_.asked, R"({"table":1})");
  EXPECT_EQ(grounds_.reader, reader_.principal_arn);
  // The reader is judged as the session that asked: by its tags, and by when it was issued (a policy may shut older ones).
  EXPECT_EQ(vended.vended->reader.session_tags, reader_.session_tags);
  EXPECT_EQ(vended.vended->reader.principal_tags.at("LakeFormationAuthorizedCaller"), "engine");
  EXPECT_EQ(vended.vended->reader.session_issued_ms, reader_.session_issued_ms);
  EXPECT_EQ(vended.vended->reader.arn, reader_.arn);
  grounds_.hold = false;
  EXPECT_FALSE(May(vended, kGet));
  EXPECT_NE(world_.journal.records.back().find("no longer holds"), std::string::npos);
  grounds_.hold = true;
  EXPECT_TRUE(May(vended, kGet));
  // A gate that knows nothing of grounds lets none through.
  gate::Gate blind({*world_.store, world_.journal, world_.clock, world_.random, world_.callers, {}});
  gate::Context context{vended, {}};
  Sts& sts = world_.sts;
  EXPECT_FALSE(blind.Run(context, GetCallerIdentity{}, sts));
}

TEST_F(Vend, TheyEndInTimeAndWithRoleOrReader) {
  auto made = Give(reader_).value();
  ASSERT_TRUE(world_.SignedIn(made));
  world_.clock.Advance(900'000);
  auto late = world_.SignedIn(made);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().name, "ExpiredToken");

  made = Give(reader_).value();
  Caller vended = world_.SignedIn(made).value();
  ASSERT_TRUE(world_.Run<DeleteRolePolicy>(world_.city, {.role_name = "location", .policy_name = "inline"}));
  EXPECT_FALSE(May(vended, kGet));  // The role's own policies are looked at on every use.
  ASSERT_TRUE(world_.Run<DeleteRole>(world_.city, {.role_name = "reader"}));
  EXPECT_FALSE(world_.SignedIn(made));
  world_.Role(world_.city, "reader", "");
  EXPECT_FALSE(world_.SignedIn(made));  // A namesake inherits nothing.
}

TEST_F(Vend, NobodyVendsOnAndNobodyUnknownIsVendedTo) {
  Caller vended = world_.SignedIn(Give(reader_).value()).value();
  EXPECT_FALSE(Give(vended));
  Caller root;
  root.kind = CallerKind::kRoot;
  root.account = World::kCity;
  EXPECT_FALSE(Give(root));
  EXPECT_TRUE(Give(world_.city));  // A user.
}

}  // namespace
}  // namespace hanse::identity
