#include <random>

#include "policy/policy_lab.h"

// What must hold for any documents: an Allow more never takes, a Deny more never gives, a layer that narrows never widens.
namespace hanse::policy {
namespace {

constexpr int kRounds = 3000;

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int Below(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }
  template <std::size_t N>
  std::string Pick(const char* const (&from)[N]) {
    return from[Below(N)];
  }

 private:
  std::mt19937 engine_;
};

constexpr const char* kActions[] = {"s3:GetObject", "s3:Get*", "s3:*", "*", "glue:*", "s3:Put*"};
constexpr const char* kResources[] = {"*", "arn:aws:s3:::lake/*", "arn:aws:s3:::lake/a", "arn:aws:s3:::other/*",
                                      "arn:aws:s3:::lake/${aws:username}"};
constexpr const char* kMembers[] = {"Action", "NotAction"};
constexpr const char* kConditions[] = {R"({"StringEquals":{"aws:username":"ana"}})",
                                       R"({"StringNotEquals":{"aws:username":"ana"}})", R"({"Null":{"aws:username":"true"}})",
                                       R"({"ForAllValues:StringLike":{"aws:TagKeys":"a*"}})"};
constexpr const char* kPrincipals[] = {R"("*")", R"({"AWS":"arn:aws:iam::111122223333:root"})", R"({"AWS":"AIDAAAAAAAAAAAAAAAAA"})",
                                       R"({"AWS":"arn:aws:iam::444455556666:root"})"};

std::string Statement(Dice& dice, const char* effect, bool names) {
  std::string text = std::string(R"({"Effect":")") + effect + R"(",")" + dice.Pick(kMembers) + R"(":")" + dice.Pick(kActions) +
                     R"(","Resource":")" + dice.Pick(kResources) + R"(")";
  if (names) text += R"(,"Principal":)" + dice.Pick(kPrincipals);
  if (dice.Below(2) == 0) text += R"(,"Condition":)" + dice.Pick(kConditions);
  return text + "}";
}

struct World {
  std::vector<std::string> identity, resource, boundary, session;
  bool has_resource = false, has_boundary = false, has_session = false, cross = false;
  Context context;

  bool Allowed() const {
    auto doc = [](const std::vector<std::string>& statements, DocumentKind kind) {
      std::string text;
      for (const std::string& one : statements) text += (text.empty() ? "" : ",") + one;
      return lab::Doc(text, kind);
    };
    Facts facts{.caller = lab::UserOf("111122223333")};
    if (!identity.empty()) facts.identity = {doc(identity, DocumentKind::kIdentity)};
    if (has_boundary) facts.boundary = doc(boundary, DocumentKind::kBoundary);
    if (has_session) facts.session = {doc(session, DocumentKind::kSession)};
    NamedDocument policy;
    if (has_resource) policy = doc(resource, DocumentKind::kResource);
    Question question{.action = "s3:GetObject",
                      .resource = "arn:aws:s3:::lake/a",
                      .context = context,
                      .owner = cross ? "444455556666" : "111122223333",
                      .resource_policy = has_resource ? &policy : nullptr};
    return Decide(facts, question).allowed();
  }
};

World Roll(Dice& dice) {
  auto effect = [&] { return dice.Below(5) == 0 ? "Deny" : "Allow"; };
  World world;
  for (int n = dice.Below(3); n > 0; --n) world.identity.push_back(Statement(dice, effect(), false));
  world.has_resource = dice.Below(2) == 0;
  world.has_boundary = dice.Below(3) == 0;
  world.has_session = dice.Below(3) == 0;
  world.cross = dice.Below(3) == 0;
  if (world.has_resource) world.resource.push_back(Statement(dice, effect(), true));
  if (world.has_boundary) world.boundary.push_back(Statement(dice, effect(), false));
  if (world.has_session) world.session.push_back(Statement(dice, effect(), false));
  if (dice.Below(2) == 0) world.context["aws:username"] = {"ana"};
  return world;
}

TEST(Property, AnAllowMoreNeverTakesAndADenyMoreNeverGives) {
  Dice dice(20261122);
  int allowed = 0;
  for (int round = 0; round < kRounds; ++round) {
    World world = Roll(dice);
    const bool before = world.Allowed();
    allowed += before;
    World more = world, less = world;
    std::vector<std::string>* lists[] = {&more.identity, &more.resource, &more.boundary, &more.session};
    std::vector<std::string>* fewer[] = {&less.identity, &less.resource, &less.boundary, &less.session};
    const bool there[] = {true, world.has_resource, world.has_boundary, world.has_session};
    const int layer = dice.Below(4);
    if (!there[layer]) continue;
    lists[layer]->push_back(Statement(dice, "Allow", layer == 1));
    fewer[layer]->push_back(Statement(dice, "Deny", layer == 1));
    EXPECT_TRUE(!before || more.Allowed()) << "an Allow took something away in round " << round;
    EXPECT_TRUE(before || !less.Allowed()) << "a Deny gave something in round " << round;
  }
  EXPECT_GT(allowed, kRounds / 20);  // The worlds are no desert.
  EXPECT_LT(allowed, kRounds * 19 / 20);
}

TEST(Property, ABoundaryOrASessionPolicyNeverGives) {
  Dice dice(7);
  for (int round = 0; round < kRounds; ++round) {
    World world = Roll(dice);
    world.has_boundary = world.has_session = false;
    const bool before = world.Allowed();
    world.has_boundary = dice.Below(2) == 0;
    world.has_session = !world.has_boundary;
    (world.has_boundary ? world.boundary : world.session) = {Statement(dice, "Allow", false)};
    EXPECT_TRUE(before || !world.Allowed()) << round;
  }
}

}  // namespace
}  // namespace hanse::policy
