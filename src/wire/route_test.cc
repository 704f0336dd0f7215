#include "wire/route.h"

#include <gtest/gtest.h>

#include "wire/parse.h"
#include "wire/protocol.h"
#include "wire/s3.h"
#include "wire/sts.h"

namespace hanse::wire {
namespace {

// The name of what is found, "!" before what is not built, or the error's name.
std::string Found(std::string_view service, const RawRequest& request) {
  const auto routed = Route(*FindService(service), request);
  if (!routed) return routed.error().name;
  return (routed->operation == nullptr ? "!" : "") + std::string(routed->name);
}

TEST(Route, JsonByTarget) {
  EXPECT_EQ(Found("glue", {.method = "POST", .path = "/", .headers = {{"x-amz-target", "AWSGlue.GetTable"}}}), "GetTable");
  EXPECT_EQ(Found("glue", {.method = "POST", .path = "/", .headers = {{"x-amz-target", "AWSGlue.CreateJob"}}}), "!CreateJob");
  EXPECT_EQ(Found("glue", {.method = "POST", .path = "/", .headers = {{"x-amz-target", "AWSGlue.Frobnicate"}}}),
            "UnknownOperationException");
  EXPECT_EQ(Found("glue", {.method = "POST", .path = "/", .headers = {{"x-amz-target", "Other.GetTable"}}}),
            "UnknownOperationException");
  EXPECT_EQ(Found("glue", {.method = "GET", .path = "/", .headers = {{"x-amz-target", "AWSGlue.GetTable"}}}),
            "UnknownOperationException");
}

TEST(Route, QueryByAction) {
  EXPECT_EQ(Found("sts", {.method = "POST", .path = "/", .body = "Action=GetCallerIdentity&Version=2011-06-15"}),
            "GetCallerIdentity");
  EXPECT_EQ(Found("sts", {.method = "GET", .path = "/", .query = {{"Action", "GetCallerIdentity"}}}), "GetCallerIdentity");
  EXPECT_EQ(Found("sts", {.method = "POST", .path = "/", .body = "Action=GetCallerIdentity&Version=2001-01-01"}), "InvalidAction");
  EXPECT_EQ(Found("sts", {.method = "POST", .path = "/", .body = "Action=AssumeRoot&Version=2011-06-15"}), "!AssumeRoot");
  EXPECT_EQ(Found("sts", {.method = "POST", .path = "/", .body = "Version=2011-06-15"}), "MissingAction");
  EXPECT_EQ(Found("sts", {.method = "POST", .path = "/", .body = "Action=%zz"}), "MalformedQueryString");
}

TEST(Route, S3BySelectors) {
  const auto s3 = [](std::string method, std::string path, Pairs query = {}, Pairs headers = {}) {
    return Found("s3",
                 {.method = std::move(method), .path = std::move(path), .query = std::move(query), .headers = std::move(headers)});
  };
  EXPECT_EQ(s3("GET", "/"), "ListBuckets");
  EXPECT_EQ(s3("GET", "/b"), "ListObjects");
  EXPECT_EQ(s3("GET", "/b/"), "ListObjects");
  EXPECT_EQ(s3("GET", "/b", {{"list-type", "2"}}), "ListObjectsV2");
  EXPECT_EQ(s3("GET", "/b/k"), "GetObject");
  EXPECT_EQ(s3("GET", "/b/k", {{"uploadId", "u"}}), "ListParts");
  EXPECT_EQ(s3("PUT", "/b/k"), "PutObject");
  EXPECT_EQ(s3("PUT", "/b/k", {}, {{"x-amz-copy-source", "a/b"}}), "CopyObject");
  EXPECT_EQ(s3("PUT", "/b/k", {{"uploadId", "u"}, {"partNumber", "1"}}), "UploadPart");
  EXPECT_EQ(s3("PUT", "/b/k", {{"uploadId", "u"}, {"partNumber", "1"}}, {{"x-amz-copy-source", "a/b"}}), "UploadPartCopy");
  EXPECT_EQ(s3("POST", "/b/k", {{"uploads", ""}}), "CreateMultipartUpload");
  EXPECT_EQ(s3("POST", "/b/k", {{"uploadId", "u"}}), "CompleteMultipartUpload");
  EXPECT_EQ(s3("DELETE", "/b/k", {{"uploadId", "u"}}), "AbortMultipartUpload");
  EXPECT_EQ(s3("PATCH", "/b/k"), "MethodNotAllowed");
}

// Were the selector not seen, a request to change an access list would store an object, and one to set rules would make a bucket.
TEST(Route, WhatS3DoesNotHaveIsNeverTakenForSomethingElse) {
  EXPECT_EQ(Found("s3", {.method = "PUT", .path = "/b/k", .query = {{"acl", ""}}}), "!PutObjectAcl");
  EXPECT_EQ(Found("s3", {.method = "PUT", .path = "/b", .query = {{"lifecycle", ""}}}), "!PutBucketLifecycle");
  EXPECT_EQ(Found("s3", {.method = "DELETE", .path = "/b", .query = {{"lifecycle", ""}}}), "!DeleteBucketLifecycle");
  EXPECT_EQ(Found("s3", {.method = "GET", .path = "/b/k", .query = {{"torrent", ""}}}), "!GetObjectTorrent");
}

TEST(Route, KeysKeepTheirSlashes) {
  const auto key = [](std::string path, Pairs headers = {}) {
    const auto routed = Route(*FindService("s3"), {.method = "GET", .path = std::move(path), .headers = std::move(headers)});
    return routed && routed->labels.size() == 2 ? routed->labels[0].second + "|" + routed->labels[1].second : "";
  };
  EXPECT_EQ(key("/b/a//b/../c"), "b|a//b/../c");
  EXPECT_EQ(key("/b//k"), "b|/k");
  EXPECT_EQ(key("/b/k/"), "b|k/");
  EXPECT_EQ(key("/b/a%2Fb+c"), "b|a/b+c");
  EXPECT_EQ(key("/b/%zz"), "");
  EXPECT_EQ(key("/k/x", {{"host", "b.s3.localhost:7700"}}), "b|k/x");
}

TEST(Query, NestingAndNumbersAreBounded) {
  sts::AssumeRoleRequest input;
  std::string deep = "Tags";
  for (int i = 0; i < 100; ++i) deep += ".member.1";
  EXPECT_FALSE(ParseQuery(input.WireShape(), {{deep, "x"}}, &input));
  EXPECT_FALSE(ParseQuery(input.WireShape(), {{"DurationSeconds", "many"}}, &input));
  EXPECT_FALSE(ParseQuery(input.WireShape(), {{"DurationSeconds.member.1", "5"}}, &input));
  ASSERT_TRUE(ParseQuery(input.WireShape(), {{"TransitiveTagKeys.member.10", "b"}, {"TransitiveTagKeys.member.9", "a"}}, &input));
  EXPECT_EQ(input.transitive_tag_keys, (std::vector<std::string>{"a", "b"}));
}

TEST(Xml, RefusesWhatIsNotOurs) {
  const auto problem = [](std::string_view xml) {
    s3::Delete value;
    const auto read = ParseXml(value.WireShape(), xml, "Delete", &value);
    return read ? "" : read.error().name;
  };
  EXPECT_EQ(problem("<Delete><Object><Key>k</Key></Object></Delete>"), "");
  EXPECT_EQ(problem("<a:Delete xmlns:a=\"x\"><a:Object><a:Key>k</a:Key></a:Object></a:Delete>"), "");
  EXPECT_EQ(problem("<Delete><Object><Key>k</Key></Object>"), "MalformedXML");
  EXPECT_EQ(problem("<Other/>"), "MalformedXML");
  EXPECT_EQ(problem(""), "MalformedXML");
  EXPECT_EQ(problem("<Delete><Quiet>perhaps</Quiet></Delete>"), "MalformedXML");
  EXPECT_EQ(problem("<Delete><Object><Key><b/></Key></Object></Delete>"), "MalformedXML");
}

// What is kept and recorded is JSON, and PostgreSQL's text is UTF-8: anything else could be taken but never be read again.
TEST(Text, OtherThanUtf8IsRefusedInEveryProtocol) {
  sts::AssumeRoleRequest role;
  EXPECT_TRUE(ParseQuery(role.WireShape(), {{"RoleSessionName", "\xc3\xbc"}}, &role));
  EXPECT_FALSE(ParseQuery(role.WireShape(), {{"RoleSessionName", "\xff"}}, &role));
  s3::Delete value;
  EXPECT_FALSE(ParseXml(value.WireShape(), "<Delete><Object><Key>\xff</Key></Object></Delete>", "Delete", &value));
  EXPECT_FALSE(ParseXml(value.WireShape(), "<Delete><Object><Key>&#xD800;</Key></Object></Delete>", "Delete", &value));
  const auto problem = [](std::string path, Pairs headers, std::string body = "") -> std::string {
    RawRequest request{.method = "PUT", .path = std::move(path), .headers = std::move(headers), .body = std::move(body)};
    if (!request.body.empty()) request.query = {{"policy", ""}};
    const auto routed = Route(*FindService("s3"), request);
    if (!routed || routed->operation == nullptr) return "not routed";
    const AnyInput input = routed->operation->make_input();
    const auto read = Parse(*FindService("s3"), *routed, request, input.get());
    return read ? "" : read.error().name + "!";
  };
  EXPECT_EQ(problem("/b/%C3%BC", {{"x-amz-meta-colour", "gr\xc3\xbcn"}}), "");
  EXPECT_EQ(problem("/b/%FF", {}), "InvalidURI!");
  EXPECT_EQ(problem("/b/k", {{"x-amz-meta-colour", "gr\xfcn"}}), "!");
  EXPECT_EQ(problem("/b/k", {{"x-amz-meta-\xfc", "v"}}), "!");
  EXPECT_EQ(problem("/b/k", {{"x-amz-website-redirect-location", "/\xfc"}}), "!");
  EXPECT_EQ(problem("/b", {}, "{}"), "");
  EXPECT_EQ(problem("/b", {}, "{\"\xff\"}"), "!");
}

TEST(Xml, NeverExpandsEntitiesOfTheRequest) {
  s3::Delete value;
  const auto read =
      ParseXml(value.WireShape(),
               "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]><Delete><Object><Key>&a;&f;</Key>"
               "</Object></Delete>",
               "Delete", &value);
  if (!read) return;
  EXPECT_EQ(value.objects->at(0).key, "&a;&f;");
}

}  // namespace
}  // namespace hanse::wire
