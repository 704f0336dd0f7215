#include "audit/event.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "audit/json_text.h"

namespace hanse::audit {
namespace {

namespace json = boost::json;

Caller Session() {
  Caller caller;
  caller.kind = CallerKind::kSession;
  caller.account = "222233334444";
  caller.arn = "arn:aws:sts::222233334444:assumed-role/analyst/alice";
  caller.principal_arn = "arn:aws:iam::222233334444:role/team/analyst";
  caller.unique_id = "AROAEXAMPLE:alice";
  caller.name = "analyst";
  caller.session_name = "alice";
  caller.access_key = "ASIAEXAMPLE";
  caller.session_issued_ms = 1'767'225'600'000;
  return caller;
}

json::object Parsed(const std::string& text) { return json::parse(text).as_object(); }

TEST(Event, HasCloudTrailsFieldsInItsOrder) {
  Event event;
  event.id = "e-1";
  event.time_ms = 1'767'225'600'123;
  event.source = "glue.amazonaws.com";
  event.name = "CreateDatabase";
  event.identity = IdentityJson(Session());
  event.request = R"({"databaseInput":{"name":"d"}})";
  event.read_only = false;
  event.resources = {{"AWS::Glue::Database", "arn:aws:glue:us-east-1:111122223333:database/d"}};
  event.reasons = {"inline/allow"};
  std::string text = event.ToJson();
  EXPECT_EQ(text.find('\n'), std::string::npos);
  json::object record = Parsed(text);
  std::vector<std::string> names;
  for (const auto& member : record) names.emplace_back(member.key());
  EXPECT_THAT(names, testing::ElementsAre("eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion",
                                          "sourceIPAddress", "userAgent", "requestParameters", "responseElements", "requestID",
                                          "eventID", "readOnly", "resources", "eventType", "managementEvent", "recipientAccountId",
                                          "eventCategory", "hanseDecision"));
  EXPECT_EQ(record["eventTime"], "2026-01-01T00:00:00Z");
  EXPECT_EQ(record["responseElements"], nullptr);
  EXPECT_EQ(record["readOnly"], false);
  EXPECT_EQ(record["resources"].as_array()[0].at("accountId"), "111122223333");
  EXPECT_EQ(record["requestParameters"].at("databaseInput").at("name"), "d");
}

TEST(Event, AnErrorHasNoResponse) {
  Event event;
  event.error_code = "AccessDenied";
  event.error_message = "no";
  event.response = R"({"secret":1})";
  json::object record = Parsed(event.ToJson());
  EXPECT_EQ(record["errorCode"], "AccessDenied");
  EXPECT_EQ(record["responseElements"], nullptr);
}

TEST(Event, WhatIsTooLongIsLeftOutByName) {
  Event event;
  event.request = "\"" + std::string(300'000, 'x') + "\"";
  EXPECT_EQ(Parsed(event.ToJson())["requestParameters"].at("originalSize"), 300'002);
}

TEST(Event, AnythingAClientSendsStaysOneLineOfJson) {
  Event event;
  event.user_agent = std::string("a\"b\\c\n\x01\xff\xc3(\xed\xa0\x80 ü \xf0\x9f\x9c\x81", 22);
  std::string text = event.ToJson();
  EXPECT_EQ(text.find('\n'), std::string::npos);
  std::string agent(Parsed(text)["userAgent"].as_string());
  EXPECT_TRUE(agent.starts_with("a\"b\\c\n\x01\xEF\xBF\xBD\xEF\xBF\xBD(")) << agent;
}

TEST(Identity, OfASessionNamesTheRoleBehindIt) {
  json::object who = Parsed(IdentityJson(Session()));
  EXPECT_EQ(who["type"], "AssumedRole");
  EXPECT_EQ(who["principalId"], "AROAEXAMPLE:alice");
  EXPECT_EQ(who["sessionContext"].at("sessionIssuer").at("arn"), "arn:aws:iam::222233334444:role/team/analyst");
  EXPECT_EQ(who["sessionContext"].at("sessionIssuer").at("principalId"), "AROAEXAMPLE");
  EXPECT_EQ(who["sessionContext"].at("attributes").at("creationDate"), "2026-01-01T00:00:00Z");
  EXPECT_FALSE(who.contains("invokedBy"));
}

TEST(Identity, OfUsersRootsServicesAndStrangers) {
  Caller user;
  user.kind = CallerKind::kUser;
  user.name = "ana";
  EXPECT_EQ(Parsed(IdentityJson(user))["userName"], "ana");
  Caller root;
  root.kind = CallerKind::kRoot;
  EXPECT_EQ(Parsed(IdentityJson(root))["type"], "Root");
  Caller service;
  service.kind = CallerKind::kService;
  service.name = "glue.amazonaws.com";
  EXPECT_EQ(Parsed(IdentityJson(service))["invokedBy"], "glue.amazonaws.com");
  EXPECT_EQ(Parsed(IdentityJson(Caller()))["accountId"], "anonymous");
  Caller own_session = Session();
  own_session.principal_arn = "arn:aws:iam::222233334444:user/ana";
  EXPECT_EQ(Parsed(IdentityJson(own_session))["type"], "IAMUser");
}

TEST(Identity, OfACopyInAnotherAccountHasNoArn) {
  json::object who = Parsed(ForeignIdentityJson(Session()));
  EXPECT_EQ(who["type"], "AWSAccount");
  EXPECT_EQ(who["accountId"], "222233334444");
  EXPECT_FALSE(who.contains("arn"));
}

}  // namespace
}  // namespace hanse::audit
