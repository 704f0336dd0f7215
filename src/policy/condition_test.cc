#include "policy/policy_lab.h"

namespace hanse::policy {
namespace {

using lab::ContextOf;
using lab::Say;
using lab::Simulate;
using Entries = std::vector<std::pair<std::string, std::vector<std::string>>>;

struct Case {
  const char* condition;
  Entries context;
  bool holds;
};

// IAM User Guide, "Condition operators" and "Set operators for multivalued context keys".
const Case kCases[] = {
    {R"({"StringEquals":{"aws:PrincipalTag/team":"retail"}})", {{"aws:principaltag/team", {"retail"}}}, true},
    {R"({"StringEquals":{"aws:PrincipalTag/team":"Retail"}})", {{"aws:principaltag/team", {"retail"}}}, false},
    {R"({"StringEquals":{"aws:PrincipalTag/team":"ret*"}})", {{"aws:principaltag/team", {"retail"}}}, false},
    {R"({"StringEquals":{"aws:PrincipalTag/team":["sales","retail"]}})", {{"aws:principaltag/team", {"retail"}}}, true},
    {R"({"StringEquals":{"aws:PrincipalTag/team":"retail"}})", {}, false},
    {R"({"StringEquals":{"AWS:principaltag/team":"retail"}})", {{"aws:principaltag/team", {"retail"}}}, true},
    {R"({"StringNotEquals":{"aws:PrincipalTag/team":"sales"}})", {{"aws:principaltag/team", {"retail"}}}, true},
    {R"({"StringNotEquals":{"aws:PrincipalTag/team":["sales","retail"]}})", {{"aws:principaltag/team", {"retail"}}}, false},
    {R"({"StringNotEquals":{"aws:PrincipalTag/team":"sales"}})", {}, true},
    {R"({"StringEqualsIgnoreCase":{"aws:PrincipalTag/team":"RETAIL"}})", {{"aws:principaltag/team", {"retail"}}}, true},
    {R"({"StringNotEqualsIgnoreCase":{"aws:PrincipalTag/team":"RETAIL"}})", {{"aws:principaltag/team", {"retail"}}}, false},
    {R"({"StringLike":{"aws:PrincipalTag/team":"re?a*"}})", {{"aws:principaltag/team", {"retail"}}}, true},
    {R"({"StringLike":{"aws:PrincipalTag/team":"RE*"}})", {{"aws:principaltag/team", {"retail"}}}, false},
    {R"({"StringLike":{"aws:PrincipalTag/team":"*"}})", {}, false},
    {R"({"StringNotLike":{"aws:PrincipalTag/team":"re*"}})", {{"aws:principaltag/team", {"retail"}}}, false},
    {R"({"StringNotLike":{"aws:PrincipalTag/team":"re*"}})", {}, true},
    {R"({"StringEqualsIfExists":{"aws:PrincipalTag/team":"sales"}})", {}, true},
    {R"({"StringEqualsIfExists":{"aws:PrincipalTag/team":"sales"}})", {{"aws:principaltag/team", {"retail"}}}, false},
    {R"({"NumericEquals":{"s3:max-keys":"10"}})", {{"s3:max-keys", {"10"}}}, true},
    {R"({"NumericEquals":{"s3:max-keys":10}})", {{"s3:max-keys", {"10"}}}, true},
    {R"({"NumericNotEquals":{"s3:max-keys":"10"}})", {{"s3:max-keys", {"10"}}}, false},
    {R"({"NumericLessThan":{"s3:max-keys":"10"}})", {{"s3:max-keys", {"9"}}}, true},
    {R"({"NumericLessThan":{"s3:max-keys":"10"}})", {{"s3:max-keys", {"10"}}}, false},
    {R"({"NumericLessThanEquals":{"s3:max-keys":"10"}})", {{"s3:max-keys", {"10"}}}, true},
    {R"({"NumericGreaterThan":{"s3:max-keys":"9"}})", {{"s3:max-keys", {"10"}}}, true},
    {R"({"NumericGreaterThanEquals":{"s3:max-keys":"10"}})", {{"s3:max-keys", {"9"}}}, false},
    {R"({"NumericLessThan":{"s3:max-keys":"10"}})", {}, false},
    {R"({"NumericLessThanIfExists":{"s3:max-keys":"10"}})", {}, true},
    {R"({"DateGreaterThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"}})",
     {{"aws:tokenissuetime", {"2026-06-01T00:00:00Z"}}},
     true},
    {R"({"DateLessThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"}})",
     {{"aws:tokenissuetime", {"2026-06-01T00:00:00Z"}}},
     false},
    {R"({"DateEquals":{"aws:TokenIssueTime":"2026-06-01T00:00:00Z"}})", {{"aws:tokenissuetime", {"2026-06-01T00:00:00Z"}}}, true},
    {R"({"DateLessThanEquals":{"aws:TokenIssueTime":"2026-06-01T02:00:00+02:00"}})",
     {{"aws:tokenissuetime", {"2026-06-01T00:00:00Z"}}},
     true},
    {R"({"Bool":{"aws:SecureTransport":"true"}})", {{"aws:securetransport", {"true"}}}, true},
    {R"({"Bool":{"aws:SecureTransport":true}})", {{"aws:securetransport", {"true"}}}, true},
    {R"({"Bool":{"aws:SecureTransport":"false"}})", {{"aws:securetransport", {"true"}}}, false},
    {R"({"Bool":{"aws:MultiFactorAuthPresent":"false"}})", {}, false},
    {R"({"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}})", {}, true},
    {R"({"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", {{"aws:sourceip", {"203.0.113.77"}}}, true},
    {R"({"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", {{"aws:sourceip", {"203.0.114.1"}}}, false},
    {R"({"IpAddress":{"aws:SourceIp":"203.0.113.77"}})", {{"aws:sourceip", {"203.0.113.77"}}}, true},
    {R"({"IpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::/32"]}})", {{"aws:sourceip", {"2001:db8:1::5"}}}, true},
    {R"({"IpAddress":{"aws:SourceIp":"2001:db8::/32"}})", {{"aws:sourceip", {"2001:db9::1"}}}, false},
    {R"({"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", {{"aws:sourceip", {"203.0.114.1"}}}, true},
    {R"({"NotIpAddress":{"aws:SourceIp":["203.0.113.0/24","203.0.114.0/24"]}})", {{"aws:sourceip", {"203.0.114.1"}}}, false},
    {R"({"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/etl"}})",
     {{"aws:principalarn", {"arn:aws:iam::111122223333:role/etl"}}},
     true},
    {R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/et?"}})",
     {{"aws:principalarn", {"arn:aws:iam::111122223333:role/etl"}}},
     true},
    {R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"}})",
     {{"aws:principalarn", {"arn:aws:iam::111122223333:role/etl"}}},
     false},
    {R"({"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/et*"}})",
     {{"aws:principalarn", {"arn:aws:iam::111122223333:role/etl"}}},
     false},
    {R"({"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/etl"}})", {}, true},
    {R"({"Null":{"aws:PrincipalTag/team":"true"}})", {}, true},
    {R"({"Null":{"aws:PrincipalTag/team":"true"}})", {{"aws:principaltag/team", {"retail"}}}, false},
    {R"({"Null":{"aws:PrincipalTag/team":"false"}})", {{"aws:principaltag/team", {"retail"}}}, true},
    {R"({"Null":{"aws:PrincipalTag/team":"false"}})", {}, false},
    {R"({"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}})", {{"aws:tagkeys", {"a"}}}, true},
    {R"({"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}})", {{"aws:tagkeys", {"a", "c"}}}, false},
    {R"({"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}})", {}, true},
    {R"({"ForAllValues:StringLike":{"aws:TagKeys":"cost-*"}})", {{"aws:tagkeys", {"cost-a", "cost-b"}}}, true},
    {R"({"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}})", {{"aws:tagkeys", {"c", "b"}}}, true},
    {R"({"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}})", {{"aws:tagkeys", {"c"}}}, false},
    {R"({"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}})", {}, false},
    {R"({"ForAnyValue:StringNotEquals":{"aws:TagKeys":["a"]}})", {{"aws:tagkeys", {"a", "c"}}}, true},
    {R"({"ForAllValues:StringNotEquals":{"aws:TagKeys":["a"]}})", {{"aws:tagkeys", {"a", "c"}}}, false},
    {R"({"StringEquals":{"aws:PrincipalTag/team":"retail","aws:RequestedRegion":"eu-west-1"}})",
     {{"aws:principaltag/team", {"retail"}}, {"aws:requestedregion", {"eu-west-1"}}},
     true},
    {R"({"StringEquals":{"aws:PrincipalTag/team":"retail","aws:RequestedRegion":"us-east-1"}})",
     {{"aws:principaltag/team", {"retail"}}, {"aws:requestedregion", {"eu-west-1"}}},
     false},
    {R"({"StringEquals":{"aws:PrincipalTag/team":"retail"},"StringLike":{"aws:RequestedRegion":"us-*"}})",
     {{"aws:principaltag/team", {"retail"}}, {"aws:requestedregion", {"eu-west-1"}}},
     false},
    {R"({"StringEquals":{"aws:PrincipalTag/team":"retail"},"StringLike":{"aws:RequestedRegion":"eu-*"}})",
     {{"aws:principaltag/team", {"retail"}}, {"aws:requestedregion", {"eu-west-1"}}},
     true},
    {R"({"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}})",
     {{"aws:principaltag/team", {"retail"}}, {"aws:resourcetag/team", {"retail"}}},
     true},
    {R"({"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}})",
     {{"aws:principaltag/team", {"retail"}}, {"aws:resourcetag/team", {"sales"}}},
     false},
    {R"({"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}})", {{"aws:resourcetag/team", {""}}}, false},
    {R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}})",
     {{"aws:principalarn", {"arn:aws:iam::1:role/y:role/x"}}},
     false},
    {R"({"StringEquals":{"aws:PrincipalTag/team":"${*}"}})", {{"aws:principaltag/team", {"*"}}}, true},
    {R"({"BinaryEquals":{"app:key":"QmlnVG9w"}})", {{"app:key", {"QmlnVG9w"}}}, true},
    {R"({"BinaryEquals":{"app:key":"QmlnVG9w"}})", {{"app:key", {"QmlnVG9x"}}}, false},
    {R"({"NumericEquals":{"s3:max-keys":"10"}})", {{"s3:max-keys", {"ten"}}}, false},
    {R"({"NumericNotEquals":{"s3:max-keys":"10"}})", {{"s3:max-keys", {"ten"}}}, true},
    {R"({"StringEquals":{"aws:TagKeys":"a"}})", {{"aws:tagkeys", {"b", "a"}}}, true},
    {R"({"StringNotEquals":{"aws:TagKeys":"a"}})", {{"aws:tagkeys", {"b", "a"}}}, false},
    {R"({"StringEquals":{"aws:PrincipalTag/team":[]}})", {{"aws:principaltag/team", {"retail"}}}, false},
    {R"({"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}})", {{"aws:sourceip", {"::ffff:10.1.2.3"}}}, true},
    {R"({"DateLessThan":{"aws:CurrentTime":"1700000000"}})", {{"aws:currenttime", {"2023-11-14T22:13:19Z"}}}, true},
    {R"({"DateLessThan":{"aws:CurrentTime":"1700000000"}})", {{"aws:currenttime", {"2023-11-14T22:13:20Z"}}}, false},
};

TEST(Condition, EveryOperatorMatchesFailsAndMisses) {
  for (const Case& one : kCases) {
    const std::string statement = Say("Allow", "s3:ListBucket", "*", std::string(R"("Condition":)") + one.condition);
    EXPECT_EQ(Simulate(statement, "s3:ListBucket", lab::kBucket, ContextOf(one.context)) == "allowed", one.holds) << one.condition;
  }
}

TEST(Condition, ADenyWithAMissingKey) {
  auto ask = [](const std::string& condition, const Entries& context) {
    return Simulate(Say("Allow", "*") + "," + Say("Deny", "s3:*", "*", R"("Condition":)" + condition), "s3:ListBucket",
                    lab::kBucket, ContextOf(context));
  };
  const Entries region = {{"aws:requestedregion", {"eu-west-1"}}};
  EXPECT_EQ(ask(R"({"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}})", region), "explicitDeny");
  EXPECT_EQ(ask(R"({"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}})", {}), "explicitDeny");
  EXPECT_EQ(ask(R"({"StringNotEqualsIfExists":{"aws:RequestedRegion":"us-east-1"}})", {}), "explicitDeny");
  EXPECT_EQ(ask(R"({"StringEquals":{"aws:RequestedRegion":"us-east-1"}})", {}), "allowed");
  EXPECT_EQ(ask(R"({"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}})", {}), "explicitDeny");
  EXPECT_EQ(ask(R"({"Bool":{"aws:MultiFactorAuthPresent":"false"}})", {}), "allowed");
}

TEST(GlobalContext, WhatARequestClaimsNeverStandsInForWhatIsKnown) {
  RequestInfo request;
  request.context = {{"aws:principalorgid", {"o-claimed000"}},
                     {"aws:principaltag/team", {"board"}},
                     {"aws:username", {"root"}},
                     {"s3:prefix", {"a"}}};
  request.source_ip = "127.0.0.1";
  Caller caller = lab::SessionOf("111122223333");
  caller.organization = "o-abcdefghij";
  caller.organization_path = {"r-abcd", "ou-abcd-11111111"};
  const Context context = GlobalContext(caller, request);
  EXPECT_EQ(context.at("aws:principalorgid").at(0), "o-abcdefghij");
  EXPECT_EQ(context.at("aws:principalorgpaths").at(0), "o-abcdefghij/r-abcd/ou-abcd-11111111/");
  EXPECT_EQ(context.at("aws:principalarn").at(0), "arn:aws:iam::111122223333:role/reader");
  EXPECT_FALSE(context.contains("aws:principaltag/team"));
  EXPECT_FALSE(context.contains("aws:username"));
  EXPECT_EQ(context.at("s3:prefix").at(0), "a");
  EXPECT_EQ(context.at("aws:sourceip").at(0), "127.0.0.1");
  caller.invoked_by = "athena.amazonaws.com";
  EXPECT_FALSE(GlobalContext(caller, request).contains("aws:sourceip"));
}

}  // namespace
}  // namespace hanse::policy
