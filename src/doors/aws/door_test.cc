#include "doors/aws/door.h"

#include <gtest/gtest.h>

#include <map>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/sigv4.h"
#include "model/wrong_region.h"
#include "store/test_store.h"
#include "wire/glue.h"
#include "wire/s3.h"
#include "wire/sts.h"

namespace hanse::aws {
namespace {

constexpr TimeMs kNow = 1'767'323'045'000;  // 2026-01-02T03:04:05Z
constexpr std::string_view kDate = "20260102T030405Z", kKey = "AKIAEXAMPLEEXAMPLE12", kSecret = "a secret";

template <class W, gate::Record kHow>
struct Ask {
  static constexpr gate::Rule kRule{W::kService, W::kName, kHow};
  using Wire = W;
  using Answer = typename W::Output;
  typename W::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const {
    return std::vector<gate::Need>{{.action = std::string(W::kService) + ":" + std::string(W::kName), .resource = "*"}};
  }
};
using GetDatabase = Ask<wire::glue::op::GetDatabase, gate::Record::kRead>;
using DeleteDatabase = Ask<wire::glue::op::DeleteDatabase, gate::Record::kWrite>;
using PutObject = Ask<wire::s3::op::PutObject, gate::Record::kUpload>;
using AssumeRoleWithSAML = Ask<wire::sts::op::AssumeRoleWithSAML, gate::Record::kRead>;
using GetCallerIdentity = Ask<wire::sts::op::GetCallerIdentity, gate::Record::kRead>;
using HeadObject = Ask<wire::s3::op::HeadObject, gate::Record::kRead>;

// Remembers what reached it.
struct World {
  int acted = 0;
  std::string bytes;
  gate::Context context;

  Result<GetDatabase::Answer> Do(const gate::Authorized<GetDatabase>& call) {
    ++acted;
    context = call.context();
    return GetDatabase::Answer{.database = wire::glue::Database{.name = call->in.name}};
  }
  Result<DeleteDatabase::Answer> Do(const gate::Authorized<DeleteDatabase>&) {
    ++acted;
    return Fail(ErrorCode::kNotFound, "Database not found.");
  }
  Result<std::string> Receive(const PutObject& op, const gate::Context&) { return http::ReadWhole(**op.in.body, 1000); }
  Result<PutObject::Answer> Do(const gate::Authorized<PutObject>&, std::string received) {
    ++acted;
    bytes = std::move(received);
    return PutObject::Answer{.e_tag = "\"e\""};
  }
  Result<void> Prove(AssumeRoleWithSAML* op, gate::Context* who) const {
    if (op->in.saml_assertion != "word") return FailAs(ErrorCode::kUnauthenticated, "InvalidIdentityToken", "not signed");
    who->caller = Caller{.kind = CallerKind::kUser, .account = "111111111111", .name = "bea"};
    return {};
  }
  Result<AssumeRoleWithSAML::Answer> Do(const gate::Authorized<AssumeRoleWithSAML>& call) {
    ++acted;
    context = call.context();
    return AssumeRoleWithSAML::Answer{.subject = call.caller().name};
  }
  Result<GetCallerIdentity::Answer> Do(const gate::Authorized<GetCallerIdentity>&) {
    ++acted;
    return GetCallerIdentity::Answer{};
  }
  Result<HeadObject::Answer> Do(const gate::Authorized<HeadObject>& call) {
    if (call->in.key == "none") return FailAs(ErrorCode::kNotFound, "NoSuchKey", "The specified key does not exist.");
    if (call->in.key == "abroad") return WrongRegion("us-east-1", "eu-west-1");
    return HeadObject::Answer{.content_length = 7};
  }
};

class OneKey final : public gate::Authenticator {
 public:
  Result<Secret> Find(std::string_view access_key, std::string_view token) override {
    if (access_key != kKey || !token.empty()) return Fail(ErrorCode::kUnauthenticated, "unknown");
    Caller caller{.kind = CallerKind::kUser, .account = "111111111111", .name = "ana"};
    caller.arn = caller.principal_arn = "arn:aws:iam::111111111111:user/ana";
    return Secret{std::string(kSecret), caller};
  }
};

class OnePolicy final : public gate::PolicySource {
 public:
  std::string action = "*";
  Result<policy::Facts> FactsOf(store::Transaction&, const Caller& caller) override {
    policy::Facts facts;
    facts.caller = caller;
    if (caller.kind == CallerKind::kAnonymous) return facts;
    TRY_ASSIGN(auto document, policy::ParseDocument(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":")" +
                                                        action + R"(","Resource":"*"}]})",
                                                    policy::DocumentKind::kIdentity));
    facts.identity.push_back({"inline:test", document});
    return facts;
  }
};

class Records final : public audit::Journal {
 public:
  std::vector<std::string> all;
  bool full = false;
  Result<void> Append(std::string_view record, audit::Durability) override {
    if (full) return Fail(ErrorCode::kUnavailable, "no space");
    all.emplace_back(record);
    return {};
  }
  void OutboxHasRows() override {}
};

class DoorTest : public testing::Test {
 protected:
  DoorTest()
      : gate_(gate::Gate::Parts{*store_, journal_, clock_, random_, policies_, {}}),
        door_({gate_, keys_, clock_, random_, journal_, {}}) {
    door_.Serve(world_, gate::List<GetDatabase, DeleteDatabase, PutObject, HeadObject, AssumeRoleWithSAML, GetCallerIdentity>{});
  }

  http::Response Send(std::string service, std::string method, std::string target, std::string body, http::Headers headers = {},
                      std::string_view secret = kSecret) {
    http::Request request{.method = method, .target = target, .headers = headers, .remote_address = "127.0.0.1", .loopback = true};
    const std::string hash = crypto::Sha256Hex(body);
    request.body = std::move(body);
    request.headers.Add("Host", "h");
    request.headers.Add("X-Amz-Date", std::string(kDate));
    if (service == "s3") request.headers.Add("x-amz-content-sha256", hash);
    std::map<std::string, std::string> signed_headers;
    for (const http::Header& header : request.headers)
      signed_headers[Lower(header.name)] = crypto::CanonicalHeaderValue(header.value);
    std::string path, query, names;
    EXPECT_TRUE(
        crypto::CanonicalPath(request.path(), service == "s3" ? crypto::PathRule::kAsIs : crypto::PathRule::kNormalised, &path));
    EXPECT_TRUE(crypto::CanonicalQuery(request.query(), "", &query));
    for (const auto& [name, value] : signed_headers) names += (names.empty() ? "" : ";") + name;
    const crypto::SigV4Scope scope{std::string(kDate.substr(0, 8)), "us-east-1", service};
    const std::string canonical =
        crypto::CanonicalRequest({request.method, path, query, {signed_headers.begin(), signed_headers.end()}, hash});
    request.headers.Add(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=" + std::string(kKey) + "/" + scope.text() + ", SignedHeaders=" + names +
            ", Signature=" + crypto::Signature(crypto::SigningKey(secret, scope), crypto::StringToSign(kDate, scope, canonical)));
    return door_.Handle(request);
  }
  http::Response Glue(std::string_view operation, std::string body, std::string_view secret = kSecret) {
    http::Headers headers;
    headers.Add("X-Amz-Target", "AWSGlue." + std::string(operation));
    return Send("glue", "POST", "/", std::move(body), std::move(headers), secret);
  }

  store::TestStore store_;
  Records journal_;
  ManualClock clock_{kNow};
  SeededRandom random_{1};
  OneKey keys_;
  OnePolicy policies_;
  World world_;
  gate::Gate gate_;
  Door door_;
};

TEST_F(DoorTest, AnOperationGoesThroughTheGateAndBack) {
  const http::Response response = Glue("GetDatabase", R"({"Name":"sales"})");
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.body, R"({"Database":{"Name":"sales"}})");
  EXPECT_EQ(response.headers.Get("x-amzn-RequestId"), world_.context.info.id);
  EXPECT_EQ(world_.context.caller.name, "ana");
  EXPECT_EQ(world_.context.info.service + ":" + world_.context.info.operation, "glue:GetDatabase");
  EXPECT_EQ(world_.context.info.region, "us-east-1");
}

TEST_F(DoorTest, WhatThePoliciesDoNotAllowIsNotDone) {
  policies_.action = "glue:GetTable";
  const http::Response response = Glue("GetDatabase", R"({"Name":"sales"})");
  EXPECT_EQ(response.headers.Get("x-amzn-ErrorType"), "AccessDeniedException");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(world_.acted, 0);
}

TEST_F(DoorTest, ASignatureThatIsWrongEndsItBeforeAnythingIsRead) {
  const http::Response response = Glue("Frobnicate", "{", "another secret");
  EXPECT_EQ(response.headers.Get("x-amzn-ErrorType"), "InvalidSignatureException");
  EXPECT_EQ(world_.acted, 0);
}

TEST_F(DoorTest, StrangersReachOnlyS3AndNothingThere) {
  http::Request glue{.method = "POST", .target = "/", .loopback = true};
  glue.headers.Add("Host", "h");
  glue.headers.Add("X-Amz-Target", "AWSGlue.GetDatabase");
  EXPECT_EQ(door_.Handle(glue).headers.Get("x-amzn-ErrorType"), "MissingAuthenticationTokenException");
  http::Request s3{.method = "HEAD", .target = "/b/k", .loopback = true};
  s3.headers.Add("Host", "h");
  EXPECT_EQ(door_.Handle(s3).status, 403);
  EXPECT_EQ(world_.acted, 0);
}

// An operation whose input proves who asks needs no signature; nothing else of its service does without.
TEST_F(DoorTest, WhatProvesItsCallerNeedsNoSignature) {
  auto say = [&](std::string body) {
    http::Request request{.method = "POST", .target = "/", .loopback = true};
    request.headers.Add("Host", "h");
    request.headers.Add("Content-Type", "application/x-www-form-urlencoded");
    request.body = std::move(body);
    return door_.Handle(request);
  };
  const std::string role = "&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2Fr&PrincipalArn=" +
                           std::string("arn%3Aaws%3Aiam%3A%3A111111111111%3Asaml-provider%2Fp&SAMLAssertion=");
  const http::Response good = say("Action=AssumeRoleWithSAML" + role + "word");
  EXPECT_EQ(good.status, 200) << good.body;
  EXPECT_NE(good.body.find("<Subject>bea</Subject>"), std::string::npos) << good.body;
  EXPECT_EQ(world_.context.caller.name, "bea");
  EXPECT_EQ(world_.acted, 1);
  const http::Response wrong = say("Action=AssumeRoleWithSAML" + role + "lies");
  EXPECT_EQ(wrong.status, 400) << wrong.body;
  EXPECT_NE(wrong.body.find("InvalidIdentityToken"), std::string::npos) << wrong.body;
  for (const char* body :
       {"Action=GetCallerIdentity&Version=2011-06-15", "Action=Nothing", "", "Action=AssumeRole&Version=2011-06-15"}) {
    EXPECT_GE(say(body).status, 400) << body;
  }
  EXPECT_NE(say("Action=GetCallerIdentity&Version=2011-06-15").body.find("MissingAuthenticationToken"), std::string::npos);
  EXPECT_EQ(world_.acted, 1);
  // Whoever signs it too is still whom the assertion proves.
  http::Headers form;
  form.Add("Content-Type", "application/x-www-form-urlencoded");
  EXPECT_EQ(Send("sts", "POST", "/", "Action=AssumeRoleWithSAML" + role + "word", form).status, 200);
  EXPECT_EQ(world_.context.caller.name, "bea");
  EXPECT_EQ(Send("sts", "POST", "/", "Action=AssumeRoleWithSAML" + role + "word", form, "another secret").status, 403);
}

TEST_F(DoorTest, BadInputNamesTheMemberAndChangesNothing) {
  const http::Response missing = Glue("GetDatabase", "{}");
  EXPECT_EQ(missing.headers.Get("x-amzn-ErrorType"), "InvalidInputException");
  EXPECT_NE(missing.body.find("'name' failed to satisfy constraint: Member must not be null"), std::string::npos) << missing.body;
  EXPECT_EQ(Glue("GetDatabase", R"({"Name":5})").headers.Get("x-amzn-ErrorType"), "SerializationException");
  EXPECT_EQ(world_.acted, 0);
}

TEST_F(DoorTest, ErrorsOfTheDomainCarryTheServicesCode) {
  EXPECT_EQ(Glue("DeleteDatabase", R"({"Name":"none"})").headers.Get("x-amzn-ErrorType"), "EntityNotFoundException");
}

TEST_F(DoorTest, WhatIsNotBuiltIsNamed) {
  for (const std::string_view name : {"ListDevEndpoints", "GetTables"}) {  // Not generated; generated but not served.
    const http::Response response = Glue(name, "{}");
    EXPECT_EQ(response.status, 501);
    EXPECT_NE(response.body.find(name), std::string::npos) << response.body;
  }
  EXPECT_EQ(Glue("Frobnicate", "{}").headers.Get("x-amzn-ErrorType"), "UnknownOperationException");
  http::Headers target;
  target.Add("X-Amz-Target", "DynamoDB_20120810.GetItem");
  EXPECT_EQ(Send("dynamodb", "POST", "/", "{}", target).status, 501);
  EXPECT_EQ(Send("dynamodb", "POST", "/", "Action=GetCallerIdentity").status, 400);
}

TEST_F(DoorTest, WhatNeverBecameAnOperationIsRecordedOfWhoeverIsKnown) {
  Glue("GetDatabase", R"({"Name":"a secret"})", "another secret");
  EXPECT_TRUE(journal_.all.empty());  // Whoever signs wrong is nobody.
  Glue("GetDatabase", "{}");
  Glue("ListDevEndpoints", R"({"NextToken":"a secret"})");
  ASSERT_EQ(journal_.all.size(), 2u);
  for (const char* part :
       {R"("eventName":"GetDatabase")", R"("errorCode":"InvalidInputException")", "user/ana", "glue.amazonaws.com"}) {
    EXPECT_NE(journal_.all[0].find(part), std::string::npos) << part << " in " << journal_.all[0];
  }
  EXPECT_NE(journal_.all[1].find(R"("eventName":"ListDevEndpoints")"), std::string::npos);
  EXPECT_NE(journal_.all[1].find(R"("errorCode":"NotImplemented")"), std::string::npos);
  EXPECT_EQ(journal_.all[1].find("a secret"), std::string::npos);
  Glue("GetDatabase", R"({"Name":"sales"})");
  EXPECT_EQ(journal_.all.size(), 3u);  // The gate's own, once.
  http::Request stranger{.method = "GET", .target = "/b?acl", .loopback = true};
  stranger.headers.Add("Host", "h");
  EXPECT_EQ(door_.Handle(stranger).status, 501);
  EXPECT_EQ(journal_.all.size(), 3u);
  journal_.full = true;
  EXPECT_EQ(Glue("ListDevEndpoints", "{}").status, 503);  // What cannot be recorded is told as such.
}

// The scope is what the signature covers: a request signed for one service must not be taken by another.
TEST_F(DoorTest, TheScopeChoosesTheService) {
  http::Headers target;
  target.Add("X-Amz-Target", "AWSGlue.GetDatabase");
  const http::Response response = Send("athena", "POST", "/", R"({"Name":"sales"})", target);
  EXPECT_EQ(response.headers.Get("x-amzn-ErrorType"), "UnknownOperationException");
  EXPECT_EQ(world_.acted, 0);
}

TEST_F(DoorTest, UploadsAreStreams) {
  const http::Response response = Send("s3", "PUT", "/b/k", "some bytes");
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.headers.Get("ETag"), "\"e\"");
  EXPECT_EQ(world_.bytes, "some bytes");
}

TEST_F(DoorTest, AnswersToHeadHaveNoBody) {
  const http::Response there = Send("s3", "HEAD", "/b/k", "");
  EXPECT_EQ(there.status, 200);
  EXPECT_EQ(there.headers.Get("Content-Length"), "7");
  const http::Response none = Send("s3", "HEAD", "/b/none", "");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.body, "");
  EXPECT_NE(none.headers.Get("x-amz-request-id"), "");
  const http::Response abroad = Send("s3", "HEAD", "/b/abroad", "");  // Clients ask again where the header says.
  EXPECT_EQ(abroad.status, 400);
  EXPECT_EQ(abroad.headers.Get("x-amz-bucket-region"), "eu-west-1");
  EXPECT_EQ(none.headers.Get("x-amz-bucket-region"), "");
}

}  // namespace
}  // namespace hanse::aws
