#include <tuple>

#include "policy/policy_lab.h"
#include "policy/statement.h"

namespace hanse::policy {
namespace {

using lab::Say;
using lab::Simulate;
using lab::Whole;

TEST(Actions, HaveWildcardsAndNoCase) {
  const std::tuple<const char*, const char*, bool> cases[] = {{"s3:GetObject", "s3:GetObject", true},
                                                              {"S3:getobject", "s3:GetObject", true},
                                                              {"s3:Get*", "s3:GetObject", true},
                                                              {"s3:*Object", "s3:GetObject", true},
                                                              {"*", "s3:GetObject", true},
                                                              {"s3:Get?bject", "s3:GetObject", true},
                                                              {"s3:GetObject?", "s3:GetObject", false},
                                                              {"s3:GetObject*", "s3:GetObject", true},
                                                              {"s3:GetObject", "s3:GetObjectAcl", false},
                                                              {"s3:Put*", "s3:GetObject", false},
                                                              {"glue:*", "s3:GetObject", false}};
  for (const auto& [granted, asked, expected] : cases) {
    EXPECT_EQ(Simulate(Say("Allow", granted), asked, "arn:aws:s3:::lake/a") == "allowed", expected) << granted;
  }
}

TEST(Resources, HaveWildcardsAndCase) {
  const std::tuple<const char*, const char*, bool> cases[] = {
      {"arn:aws:s3:::lake/raw/*", "arn:aws:s3:::lake/raw/2026/a", true},
      {"arn:aws:s3:::lake/raw/*", "arn:aws:s3:::lake/raw", false},
      {"arn:aws:s3:::lake/RAW/*", "arn:aws:s3:::lake/raw/a", false},
      {"arn:aws:s3:::lake/?.csv", "arn:aws:s3:::lake/a.csv", true},
      {"arn:aws:s3:::lake/?.csv", "arn:aws:s3:::lake/ab.csv", false},
      {"arn:aws:s3:::lake/?.csv", "arn:aws:s3:::lake/\xC3\xA4.csv", true},  // One character of two bytes.
      {"arn:aws:s3:::*", "arn:aws:s3:::lake/raw/a", true},
      {"arn:aws:s3:::lake*", "arn:aws:s3:::lake2/a", true},
      {"arn:aws:s3:::lake/*", "arn:aws:s3:::lake2/a", false},
      {"*", "*", true},
      {"arn:aws:s3:::lake/*", "*", false},
      {"arn:aws:s3:::lake/a[b]", "arn:aws:s3:::lake/ab", false},
      {"arn:aws:s3:::lake/${*}", "arn:aws:s3:::lake/anything", false},
      {"arn:aws:s3:::lake/${*}", "arn:aws:s3:::lake/*", true}};
  for (const auto& [granted, asked, expected] : cases) {
    EXPECT_EQ(Simulate(Say("Allow", "s3:GetObject", granted), "s3:GetObject", asked) == "allowed", expected)
        << granted << " " << asked;
  }
}

// A star in the region must not swallow colons: a table called "x:111122223333:table/…" would reach into another account.
TEST(Resources, AStarEndsAtTheColonOfItsPart) {
  const char* granted = "arn:aws:glue:*:111122223333:table/*";
  EXPECT_EQ(Simulate(Say("Allow", "glue:GetTable", granted), "glue:GetTable", "arn:aws:glue:us-east-1:111122223333:table/a/b"),
            "allowed");
  EXPECT_EQ(Simulate(Say("Allow", "glue:GetTable", granted), "glue:GetTable",
                     "arn:aws:glue:us-east-1:999988887777:table/a/x:111122223333:table/y"),
            "implicitDeny");
}

TEST(Elements, NotActionAndNotResource) {
  const std::string all_but_iam = R"({"Effect":"Allow","NotAction":"iam:*","Resource":"*"})";
  EXPECT_EQ(Simulate(all_but_iam, "s3:GetObject", "arn:aws:s3:::lake/a"), "allowed");
  EXPECT_EQ(Simulate(all_but_iam, "iam:CreateUser", "*"), "implicitDeny");
  const std::string all_but_pii = R"({"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::lake/pii/*"})";
  EXPECT_EQ(Simulate(all_but_pii, "s3:GetObject", "arn:aws:s3:::lake/raw/a"), "allowed");
  EXPECT_EQ(Simulate(all_but_pii, "s3:GetObject", "arn:aws:s3:::lake/pii/a"), "implicitDeny");
  const std::string fence = Say("Allow", "*") + R"(,{"Effect":"Deny","NotAction":"s3:*","Resource":"*"})";
  EXPECT_EQ(Simulate(fence, "glue:GetTable", "*"), "explicitDeny");
  EXPECT_EQ(Simulate(fence, "s3:GetObject", "*"), "allowed");
}

TEST(Variables, AreValuesAndNeverPatterns) {
  const Context alice = lab::ContextOf({{"aws:username", {"alice"}}});
  const std::string home = Say("Allow", "s3:GetObject", "arn:aws:s3:::lake/home/${AWS:UserName}/*");
  EXPECT_EQ(Simulate(home, "s3:GetObject", "arn:aws:s3:::lake/home/alice/a", alice), "allowed");
  EXPECT_EQ(Simulate(home, "s3:GetObject", "arn:aws:s3:::lake/home/bob/a", alice), "implicitDeny");
  EXPECT_EQ(Simulate(home, "s3:GetObject", "arn:aws:s3:::lake/home//a"), "implicitDeny");
  EXPECT_EQ(Simulate(home, "s3:GetObject", "arn:aws:s3:::lake/home/alice/a", alice, "2008-10-17"), "implicitDeny");
  const std::string team = Say("Allow", "s3:GetObject", "arn:aws:s3:::lake/${aws:PrincipalTag/team, 'public'}/*");
  const Context star = lab::ContextOf({{"aws:principaltag/team", {"*"}}});
  EXPECT_EQ(Simulate(team, "s3:GetObject", "arn:aws:s3:::lake/public/a"), "allowed");
  EXPECT_EQ(Simulate(team, "s3:GetObject", "arn:aws:s3:::lake/public/a", star), "implicitDeny");
}

TEST(Variables, AllButAnUnknownPlaceGivesNothingAndTakesEverything) {
  const std::string home = R"("Action":"s3:*","NotResource":"arn:aws:s3:::lake/home/${aws:username}/*"})";
  EXPECT_EQ(Simulate(R"({"Effect":"Allow",)" + home, "s3:GetObject", "arn:aws:s3:::lake/x"), "implicitDeny");
  EXPECT_EQ(Simulate(Say("Allow", "*") + R"(,{"Effect":"Deny",)" + home, "s3:GetObject", "arn:aws:s3:::lake/x"), "explicitDeny");
}

TEST(Documents, MalformedOnesAreRefused) {
  const char* texts[] = {"",
                         "{",
                         "[]",
                         "null",
                         R"({"Version":"2012-10-17"})",
                         R"({"Version":"2020-01-01","Statement":[]})",
                         R"({"Version":"2012-10-17","Statement":[]})",
                         R"({"Colour":1,"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})"};
  for (const char* text : texts) {
    auto parsed = ParseDocument(text, DocumentKind::kIdentity);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().name, "MalformedPolicyDocument");
  }
  const char* statements[] = {
      R"({"Effect":"allow","Action":"s3:*","Resource":"*"})",
      R"({"Action":"s3:*","Resource":"*"})",
      R"({"Effect":"Allow","Resource":"*"})",
      R"({"Effect":"Allow","Action":"s3:*"})",
      R"({"Effect":"Allow","Action":"s3:*","NotAction":"iam:*","Resource":"*"})",
      R"({"Effect":"Allow","Action":"s3:*","Resource":"*","NotResource":"*"})",
      R"({"Effect":"Allow","Action":"s3","Resource":"*"})",
      R"({"Effect":"Allow","Action":"s3:*","Resource":"lake/*"})",
      R"({"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3"})",
      R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEqual":{"aws:username":"x"}}})",
      R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":"x"}})",
      R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}}})",
      R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"soon"}}})",
      R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Sid":"not allowed!"})",
      R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Colour":"red"})",
      R"({"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"})",
      R"({"Sid":"same","Effect":"Allow","Action":"s3:*","Resource":"*"},
         {"Sid":"same","Effect":"Allow","Action":"s3:*","Resource":"*"})"};
  for (const char* statement : statements) {
    for (DocumentKind kind :
         {DocumentKind::kIdentity, DocumentKind::kSession, DocumentKind::kBoundary, DocumentKind::kServiceControl}) {
      EXPECT_FALSE(ParseDocument(Whole(statement), kind)) << statement;
    }
  }
  EXPECT_TRUE(ParseDocument(R"({"Statement":{"Effect":"Allow","Action":["s3:*"],"Resource":["*"]}})", DocumentKind::kIdentity));
  EXPECT_FALSE(ParseDocument(Whole(Say("Allow", "s3:*")) + std::string(kMaxDocumentBytes, ' '), DocumentKind::kIdentity));
}

TEST(Documents, TrustNamesPrincipalsAndOnlySts) {
  auto trusts = [](const std::string& statement) { return ParseDocument(Whole(statement), DocumentKind::kTrust).has_value(); };
  EXPECT_TRUE(trusts(R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"sts:AssumeRole"})"));
  EXPECT_TRUE(trusts(R"({"Effect":"Allow","Principal":{"Service":["glue.amazonaws.com"]},"Action":["sts:AssumeRole"]})"));
  EXPECT_TRUE(trusts(R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"})"));
  EXPECT_FALSE(trusts(R"({"Effect":"Allow","Action":"sts:AssumeRole"})"));
  EXPECT_FALSE(trusts(R"({"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"})"));
  EXPECT_FALSE(trusts(R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject"})"));
  EXPECT_FALSE(trusts(R"({"Effect":"Allow","Principal":{"AWS":"zoe"},"Action":"sts:AssumeRole"})"));
  EXPECT_FALSE(trusts(R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:role/*"},"Action":"sts:AssumeRole"})"));
}

TEST(Documents, KeepTheirTextAndNameTheirKeys) {
  const std::string text =
      Whole(Say("Allow", "s3:*", "arn:aws:s3:::lake/${aws:username}/*", R"("Condition":{"Bool":{"aws:SecureTransport":true}})"));
  auto parsed = ParseDocument(text, DocumentKind::kIdentity);
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)->text(), text);
  EXPECT_EQ((*parsed)->ContextKeys(), (std::vector<std::string>{"aws:securetransport", "aws:username"}));
}

TEST(Documents, PublicIsWhatNothingNarrows) {
  auto open = [](const std::string& principal, const std::string& condition) {
    const std::string statement = R"({"Effect":"Allow","Principal":)" + principal + R"(,"Action":"s3:GetObject","Resource":"*")" +
                                  (condition.empty() ? "" : R"(,"Condition":)" + condition) + "}";
    auto parsed = ParseDocument(Whole(statement), DocumentKind::kResource);
    EXPECT_TRUE(parsed) << statement;
    return parsed && IsPublic(**parsed);
  };
  EXPECT_TRUE(open(R"("*")", ""));
  EXPECT_TRUE(open(R"({"AWS":"*"})", ""));
  EXPECT_FALSE(open(R"({"AWS":"111122223333"})", ""));
  EXPECT_FALSE(open(R"("*")", R"({"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}})"));
  EXPECT_TRUE(open(R"("*")", R"({"StringNotEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}})"));
  EXPECT_TRUE(open(R"("*")", R"({"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-abcdefghij"}})"));
  EXPECT_TRUE(open(R"("*")", R"({"StringLike":{"aws:PrincipalAccount":"*"}})"));
  EXPECT_TRUE(open(R"("*")", R"({"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}})"));
  EXPECT_FALSE(open(R"("*")", R"({"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}})"));
  EXPECT_TRUE(open(R"("*")", R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}})"));
  EXPECT_TRUE(open(R"("*")", R"({"ArnLike":{"aws:PrincipalArn":"arn:*"}})"));
  EXPECT_TRUE(open(R"("*")", R"({"Bool":{"aws:SecureTransport":"true"}})"));
}

}  // namespace
}  // namespace hanse::policy
