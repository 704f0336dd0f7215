#include <tuple>

#include "policy/policy_lab.h"
#include "policy/principals.h"

// The tables of the IAM User Guide, "Policy evaluation logic", within one account and across two.
namespace hanse::policy {
namespace {

using lab::Doc;
using lab::Say;

constexpr char kHome[] = "111122223333", kAway[] = "444455556666";
const Context kNothing;

// "-" is a principal without policies; nullptr is no such layer.
std::vector<NamedDocument> Listing(const char* word) {
  std::string_view text = word;
  if (text == "-") return {};
  if (text == "allow") return {Doc(Say("Allow", "s3:ListBucket"))};
  if (text == "deny") return {Doc(Say("Allow", "s3:*") + "," + Say("Deny", "s3:ListBucket"))};
  return {Doc(Say("Allow", "s3:GetObject"))};
}

NamedDocument BucketPolicy(const std::string& principal, const std::string& effect = "Allow") {
  return Doc(R"({"Effect":")" + effect + R"(","Principal":{"AWS":")" + principal + R"("},"Action":"s3:ListBucket","Resource":"*"})",
             DocumentKind::kResource);
}

std::optional<NamedDocument> Bucket(const char* word, const Caller& caller) {
  if (word == nullptr) return std::nullopt;
  std::string text = word, effect = text.starts_with("deny ") ? "Deny" : "Allow";
  std::string who = effect == "Deny" ? text.substr(5) : text;
  if (who == "everybody") return BucketPolicy("*", effect);
  return BucketPolicy(who == "session" ? caller.arn
                      : who == "role"  ? caller.principal_arn
                                       : "arn:aws:iam::" + caller.account + ":root",
                      effect);
}

struct EvaluateCase {
  const char *own, *bucket, *boundary, *session;
  bool allowed;
};

bool Ask(const EvaluateCase& one, const Caller& caller, const char* owner, Delegation delegation = Delegation::kEither) {
  Facts facts{.caller = caller, .identity = Listing(one.own)};
  if (one.boundary != nullptr) facts.boundary = Listing(one.boundary).at(0);
  if (one.session != nullptr) facts.session = Listing(one.session);
  std::optional<NamedDocument> policy = Bucket(one.bucket, caller);
  Question question{.action = "s3:ListBucket",
                    .resource = lab::kBucket,
                    .context = kNothing,
                    .owner = owner,
                    .resource_policy = policy ? &*policy : nullptr,
                    .delegation = delegation};
  return Decide(facts, question).allowed();
}

std::string Print(const EvaluateCase& one) {
  auto text = [](const char* word) { return std::string(word == nullptr ? "none" : word); };
  return text(one.own) + " / " + text(one.bucket) + " / " + text(one.boundary) + " / " + text(one.session);
}

TEST(Evaluate, ARoleAndABucketOfOneAccount) {
  const EvaluateCase cases[] = {{"-", nullptr, nullptr, nullptr, false},
                                {"allow", nullptr, nullptr, nullptr, true},
                                {"other", nullptr, nullptr, nullptr, false},
                                {"deny", nullptr, nullptr, nullptr, false},
                                {"-", "role", nullptr, nullptr, true},
                                {"-", "account", nullptr, nullptr, false},
                                {"allow", "account", nullptr, nullptr, true},
                                {"deny", "role", nullptr, nullptr, false},
                                {"allow", "deny role", nullptr, nullptr, false},
                                {"allow", "deny session", nullptr, nullptr, false},
                                {"allow", "deny account", nullptr, nullptr, false},
                                {"allow", nullptr, "allow", nullptr, true},
                                {"allow", nullptr, "other", nullptr, false},
                                {"allow", nullptr, "deny", nullptr, false},
                                {"-", nullptr, "allow", nullptr, false},
                                {"-", "role", "other", nullptr, false},
                                {"-", "session", "other", nullptr, true},
                                {"-", "session", "deny", nullptr, false},
                                {"allow", nullptr, nullptr, "allow", true},
                                {"allow", nullptr, nullptr, "other", false},
                                {"allow", nullptr, nullptr, "deny", false},
                                {"-", nullptr, nullptr, "allow", false},
                                {"allow", nullptr, nullptr, "-", false},
                                {"-", "role", nullptr, "other", false},
                                {"-", "session", nullptr, "other", true},
                                {"-", "session", nullptr, "deny", false},
                                {"allow", nullptr, "allow", "other", false},
                                {"allow", nullptr, "other", "allow", false},
                                {"allow", nullptr, "allow", "allow", true},
                                {"-", "everybody", nullptr, nullptr, true},
                                {"-", "everybody", "other", nullptr, false}};
  for (const EvaluateCase& one : cases) EXPECT_EQ(Ask(one, lab::SessionOf(kHome), kHome), one.allowed) << Print(one);
}

TEST(Evaluate, ARoleOfAnotherAccountNeedsBothSides) {
  const EvaluateCase cases[] = {{"allow", nullptr, nullptr, nullptr, false},   {"-", "role", nullptr, nullptr, false},
                                {"-", "account", nullptr, nullptr, false},     {"allow", "role", nullptr, nullptr, true},
                                {"allow", "account", nullptr, nullptr, true},  {"allow", "session", nullptr, nullptr, true},
                                {"deny", "account", nullptr, nullptr, false},  {"allow", "deny role", nullptr, nullptr, false},
                                {"allow", "account", "other", nullptr, false}, {"allow", "session", "other", nullptr, false},
                                {"allow", "account", "allow", nullptr, true},  {"allow", "role", nullptr, "other", false},
                                {"allow", "account", nullptr, "allow", true}};
  for (const EvaluateCase& one : cases) EXPECT_EQ(Ask(one, lab::SessionOf(kAway), kHome), one.allowed) << Print(one);
}

TEST(Evaluate, AUserNamedByItsAccountIsNotHeldByItsBoundary) {
  const EvaluateCase cases[] = {{"-", "role", "other", nullptr, true},
                                {"-", "role", "deny", nullptr, false},
                                {"-", nullptr, "allow", nullptr, false},
                                {"allow", nullptr, "other", nullptr, false},
                                {"deny", "role", nullptr, nullptr, false}};
  for (const EvaluateCase& one : cases) EXPECT_EQ(Ask(one, lab::UserOf(kHome), kHome), one.allowed) << Print(one);
  EXPECT_FALSE(Ask({"allow", "role", "other", nullptr, false}, lab::UserOf(kAway), kHome));
}

TEST(Evaluate, AKeyOrATrustDecidesForItself) {
  const std::tuple<EvaluateCase, bool> cases[] = {
      {{"allow", "account", nullptr, nullptr, true}, false}, {{"allow", nullptr, nullptr, nullptr, false}, false},
      {{"-", "account", nullptr, nullptr, false}, false},    {{"-", "role", nullptr, nullptr, true}, false},
      {{"-", "role", "other", nullptr, false}, false},       {{"deny", "role", nullptr, nullptr, false}, false},
      {{"allow", "account", nullptr, nullptr, true}, true},  {{"-", "role", nullptr, nullptr, false}, true},
      {{"allow", "role", nullptr, nullptr, true}, true},     {{"allow", nullptr, nullptr, nullptr, false}, true}};
  for (const auto& [one, across] : cases) {
    EXPECT_EQ(Ask(one, lab::SessionOf(across ? kAway : kHome), kHome, Delegation::kResource), one.allowed) << Print(one) << across;
  }
}

TEST(Evaluate, EveryLevelOfGuardrailsMustAllow) {
  const NamedDocument full = Doc(Say("Allow", "*"), DocumentKind::kServiceControl),
                      deny = Doc(Say("Deny", "s3:*"), DocumentKind::kServiceControl);
  const NamedDocument other = Doc(Say("Allow", "glue:*"), DocumentKind::kServiceControl);
  auto ask = [&](std::vector<std::vector<NamedDocument>> levels, CallerKind kind = CallerKind::kSession) {
    Facts facts{.caller = lab::SessionOf(kHome), .identity = Listing("allow"), .service_control = std::move(levels)};
    facts.caller.kind = kind;
    const NamedDocument bucket = BucketPolicy(facts.caller.principal_arn);
    return lab::Word(Decide(
        facts,
        Question{
            .action = "s3:ListBucket", .resource = lab::kBucket, .context = kNothing, .owner = kHome, .resource_policy = &bucket}));
  };
  EXPECT_EQ(ask({{full}, {full}}), "allowed");
  EXPECT_EQ(ask({{full, other}, {full}}), "allowed");
  EXPECT_EQ(ask({{full}, {other}}), "implicitDeny");
  EXPECT_EQ(ask({{other}, {full}}), "implicitDeny");
  EXPECT_EQ(ask({{full, deny}, {full}}), "explicitDeny");
  EXPECT_EQ(ask({{full}, {full, deny}}, CallerKind::kRoot), "explicitDeny");
  EXPECT_EQ(ask({{full}, {}}), "implicitDeny");
}

TEST(Evaluate, NotPrincipalSparesOnlyWhoseEveryLayerIsListed) {
  const Caller keeper = lab::UserOf(kHome, "keeper"), other = lab::UserOf(kHome, "other", "AIDABBBBBBBBBBBBBBBBB");
  const NamedDocument policy =
      Doc(R"({"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111122223333:user/keeper","arn:aws:iam::111122223333:root"]},)"
          R"("Action":"s3:*","Resource":"*"})",
          DocumentKind::kResource);
  auto ask = [&](const Caller& who) {
    Facts facts{.caller = who, .identity = Listing("allow")};
    return Decide(facts, Question{.action = "s3:ListBucket",
                                  .resource = lab::kBucket,
                                  .context = kNothing,
                                  .owner = kHome,
                                  .resource_policy = &policy})
        .allowed();
  };
  EXPECT_TRUE(ask(keeper));
  EXPECT_FALSE(ask(other));
}

TEST(Evaluate, StrangersAndServices) {
  Caller anonymous;
  EXPECT_FALSE(Ask({"-", nullptr, nullptr, nullptr, false}, anonymous, kHome));
  EXPECT_TRUE(Ask({"-", "everybody", nullptr, nullptr, true}, anonymous, kHome));
  Caller service;
  service.kind = CallerKind::kService;
  service.name = "glue.amazonaws.com";
  const NamedDocument trust =
      Doc(R"({"Effect":"Allow","Principal":{"Service":"glue.amazonaws.com"},"Action":"sts:AssumeRole"})", DocumentKind::kTrust);
  Question question{.action = "sts:AssumeRole",
                    .resource = "arn:aws:iam::111122223333:role/r",
                    .context = kNothing,
                    .owner = kHome,
                    .resource_policy = &trust,
                    .delegation = Delegation::kResource};
  EXPECT_TRUE(Decide({.caller = service}, question).allowed());
  service.name = "athena.amazonaws.com";
  EXPECT_FALSE(Decide({.caller = service}, question).allowed());
  EXPECT_FALSE(Decide({.caller = lab::SessionOf(kHome), .identity = {Doc(Say("Allow", "*"))}}, question).allowed());
}

TEST(Evaluate, TheRootOfAnAccountIsHeldByWhatStandsAboveIt) {
  Caller root = lab::UserOf(kHome);
  root.kind = CallerKind::kRoot;
  root.arn = root.principal_arn = "arn:aws:iam::111122223333:root";
  root.unique_id = kHome;
  EXPECT_TRUE(Ask({"-", nullptr, nullptr, nullptr, true}, root, kHome));
  EXPECT_FALSE(Ask({"-", nullptr, nullptr, "other", false}, root, kHome));
  EXPECT_FALSE(Ask({"-", nullptr, nullptr, nullptr, false}, root, kAway));
  EXPECT_FALSE(Ask({"-", nullptr, nullptr, nullptr, false}, root, kHome, Delegation::kResource));
}

// security-and-reliability 8.7 (11): what is kept names ids, so that a namesake made later inherits nothing.
TEST(Evaluate, ABoundDocumentDoesNotMeanANamesake) {
  const std::string arn = "arn:aws:iam::111122223333:role/reader", id = "AROAAAAAAAAAAAAAAAAA";
  auto known = [&](std::string_view text) -> Result<std::optional<std::string>> {
    return text == arn ? std::optional(id) : std::nullopt;
  };
  const std::string given =
      R"({"Statement":{"Effect":"Allow","Principal":{"AWS":[")" + arn + R"("]},"Action":"s3:ListBucket","Resource":"*"}})";
  auto bound = BindPrincipals(given, known);
  ASSERT_TRUE(bound);
  EXPECT_EQ(bound->find(arn), std::string::npos);
  auto document = ParseDocument(*bound, DocumentKind::kResource);
  ASSERT_TRUE(document);
  const NamedDocument policy{"bucket", *document};
  Question question{
      .action = "s3:ListBucket", .resource = lab::kBucket, .context = kNothing, .owner = kHome, .resource_policy = &policy};
  EXPECT_TRUE(Decide({.caller = lab::SessionOf(kHome)}, question).allowed());
  EXPECT_FALSE(Decide({.caller = lab::SessionOf(kHome, "reader", "AROABBBBBBBBBBBBBBBBB")}, question).allowed());
  auto nobody = [](std::string_view) -> Result<std::optional<std::string>> { return std::nullopt; };
  EXPECT_FALSE(BindPrincipals(given, nobody));
  EXPECT_EQ(*ShowPrincipals(*bound, nobody), *bound);
  auto back = [&](std::string_view text) -> Result<std::optional<std::string>> {
    return text == id ? std::optional(arn) : std::nullopt;
  };
  EXPECT_NE(ShowPrincipals(*bound, back)->find(arn), std::string::npos);
}

TEST(Evaluate, ASessionIsBoundByItsRole) {
  const std::string role = "arn:aws:iam::111122223333:role/reader", id = "AROAAAAAAAAAAAAAAAAA";
  const std::string session = "arn:aws:sts::111122223333:assumed-role/reader/worker";
  auto id_of = [&](std::string_view text) -> Result<std::optional<std::string>> {
    return text == role ? std::optional(id) : std::nullopt;
  };
  auto arn_of = [&](std::string_view text) -> Result<std::optional<std::string>> {
    return text == id ? std::optional(role) : std::nullopt;
  };
  const std::string given =
      R"({"Statement":{"Effect":"Allow","Principal":{"AWS":")" + session + R"("},"Action":"s3:ListBucket","Resource":"*"}})";
  auto bound = BindPrincipals(given, id_of);
  ASSERT_TRUE(bound);
  EXPECT_NE(bound->find(id + ":worker"), std::string::npos);
  EXPECT_NE(ShowPrincipals(*bound, arn_of)->find(session), std::string::npos);
  const NamedDocument policy{"bucket", *ParseDocument(*bound, DocumentKind::kResource)};
  Question question{
      .action = "s3:ListBucket", .resource = lab::kBucket, .context = kNothing, .owner = kHome, .resource_policy = &policy};
  Caller worker = lab::SessionOf(kHome), other = worker;
  other.arn = "arn:aws:sts::111122223333:assumed-role/reader/other";
  other.unique_id = id + ":other";
  EXPECT_TRUE(Decide({.caller = worker}, question).allowed());
  EXPECT_FALSE(Decide({.caller = other}, question).allowed());
}

TEST(Evaluate, ReasonsNameTheStatementThatDecided) {
  Facts facts{.caller = lab::UserOf(kHome),
              .identity = {Doc(R"({"Sid":"Lists","Effect":"Allow","Action":"s3:List*","Resource":"*"})")}};
  Decision decision =
      Decide(facts, Question{.action = "s3:ListBucket", .resource = lab::kBucket, .context = kNothing, .owner = kHome});
  ASSERT_EQ(decision.reasons().size(), 1u);
  EXPECT_EQ(decision.Text(), "identity policy test allows by statement Lists");
  EXPECT_EQ(
      Decide({.caller = lab::UserOf(kHome)}, Question{.action = "s3:ListBucket", .resource = "*", .context = kNothing}).Text(),
      "no identity policy allows");
  EXPECT_FALSE(Decision::Refused("unknown").allowed());
}

// Who asks leaves the context out where nobody reads it: a layer that were forgotten here would be decided wrongly.
TEST(Evaluate, EveryLayerThatReadsTheContextSaysSo) {
  const NamedDocument mute = Doc(Say("Allow", "s3:*"));
  const NamedDocument asks =
      Doc(R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true}}})");
  const NamedDocument variable = Doc(R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}"})");
  EXPECT_FALSE(AsksContext(Facts{}));
  EXPECT_FALSE(AsksContext(Facts{.identity = {mute}, .boundary = mute, .session = {{mute}}, .service_control = {{mute}, {mute}}}));
  for (const NamedDocument& one : {asks, variable}) {
    EXPECT_TRUE(AsksContext(one));
    EXPECT_TRUE(AsksContext(Facts{.identity = {mute, one}}));
    EXPECT_TRUE(AsksContext(Facts{.boundary = one}));
    EXPECT_TRUE(AsksContext(Facts{.session = {{mute, one}}}));
    EXPECT_TRUE(AsksContext(Facts{.service_control = {{mute}, {mute, one}}}));
  }
}

}  // namespace
}  // namespace hanse::policy
