#include <gtest/gtest.h>

#include <algorithm>

#include "wire/athena.h"
#include "wire/glue.h"
#include "wire/iam.h"
#include "wire/lakeformation.h"
#include "wire/protocol.h"
#include "wire/s3.h"
#include "wire/sts.h"

namespace hanse::wire {
namespace {

const AnswerIds kIds{.request_id = "id-1", .host_id = "host"};

template <class Op>
RawResponse Answer(const typename Op::Output& output) {
  return Write(*FindService(Op::kService), Op::Descriptor(), &output, kIds);
}

std::string HeaderOf(const RawResponse& response, std::string_view name) {
  const auto found = std::ranges::find_if(response.headers, [name](const auto& header) { return header.first == name; });
  return found == response.headers.end() ? "(none)" : found->second;
}

TEST(Answers, Json) {
  const RawResponse response =
      Answer<glue::op::GetDatabase>({.database = glue::Database{.name = "d", .create_time = Timestamp{1500}}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"Database":{"Name":"d","CreateTime":1.5}})");
  EXPECT_EQ(HeaderOf(response, "Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(HeaderOf(response, "x-amzn-RequestId"), "id-1");
  EXPECT_EQ(Answer<glue::op::DeleteDatabase>({}).body, "{}");
}

TEST(Answers, RestJson) {
  const RawResponse response = Answer<lakeformation::op::GrantPermissions>({});
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(HeaderOf(response, "Content-Type"), "application/json");
}

TEST(Answers, Query) {
  EXPECT_EQ(
      Answer<sts::op::GetCallerIdentity>({.user_id = "A", .account = "1", .arn = "a<b>&"}).body,
      "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><UserId>A</UserId>"
      "<Account>1</Account><Arn>a&lt;b&gt;&amp;</Arn></GetCallerIdentityResult><ResponseMetadata><RequestId>id-1</RequestId>"
      "</ResponseMetadata></GetCallerIdentityResponse>");
  EXPECT_EQ(Answer<iam::op::DeleteUser>({}).body,
            "<DeleteUserResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ResponseMetadata><RequestId>id-1</RequestId>"
            "</ResponseMetadata></DeleteUserResponse>");
  const RawResponse groups = Answer<iam::op::ListGroups>(
      {.groups = std::vector<iam::Group>{{.group_name = "g", .create_date = Timestamp{0}}}, .is_truncated = false});
  EXPECT_NE(
      groups.body.find("<Groups><member><GroupName>g</GroupName><CreateDate>1970-01-01T00:00:00Z</CreateDate></member></Groups>"
                       "<IsTruncated>false</IsTruncated>"),
      std::string::npos)
      << groups.body;
}

TEST(Answers, S3Lists) {
  const RawResponse response =
      Answer<s3::op::ListObjectsV2>({.contents = std::vector<s3::Object>{{.key = "a", .size = 5}, {.key = "b"}},
                                     .name = "bucket",
                                     .common_prefixes = {{{.prefix = "p/"}}}});
  EXPECT_EQ(response.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult "
            "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Contents><Key>a"
            "</Key><Size>5</Size></Contents><Contents><Key>b</Key></Contents><Name>bucket</Name><CommonPrefixes><Prefix>p/</Prefix>"
            "</CommonPrefixes></ListBucketResult>");
  EXPECT_EQ(HeaderOf(response, "x-amz-request-id"), "id-1");
  EXPECT_EQ(HeaderOf(response, "x-amz-id-2"), "host");
}

TEST(Answers, S3LocationIsBare) {
  EXPECT_EQ(
      Answer<s3::op::GetBucketLocation>({.location_constraint = "eu-west-1"}).body,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">eu-west-1"
      "</LocationConstraint>");
}

TEST(Answers, S3HeadersAndRanges) {
  const RawResponse response = Answer<s3::op::GetObject>({.last_modified = Timestamp{1'767'323'045'000},
                                                          .content_length = 5,
                                                          .e_tag = "\"e\"",
                                                          .content_range = "bytes 0-4/10",
                                                          .metadata = {{{"colour", "blue\r\nx-evil: 1"}}}});
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(HeaderOf(response, "Last-Modified"), "Fri, 02 Jan 2026 03:04:05 GMT");
  EXPECT_EQ(HeaderOf(response, "ETag"), "\"e\"");
  EXPECT_EQ(HeaderOf(response, "x-amz-meta-colour"), "blue  x-evil: 1");
  EXPECT_EQ(Answer<s3::op::PutObject>({.e_tag = "\"e\""}).body, "");
  EXPECT_EQ(Answer<s3::op::DeleteObject>({}).status, 204);
}

TEST(Answers, ErrorsOfEveryProtocol) {
  const WireError error{.code = "EntityNotFoundException", .message = "Table \"t\" not found.", .status = 400};
  EXPECT_EQ(WriteError(*FindService("glue"), error, kIds).body,
            R"({"__type":"EntityNotFoundException","message":"Table \"t\" not found.","Message":"Table \"t\" not found."})");
  EXPECT_EQ(HeaderOf(WriteError(*FindService("lakeformation"), error, kIds), "x-amzn-ErrorType"), "EntityNotFoundException");
  EXPECT_EQ(WriteError(*FindService("iam"), {.code = "NoSuchEntity", .message = "m", .status = 404}, kIds).body,
            "<ErrorResponse "
            "xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>m"
            "</Message></Error><RequestId>id-1</RequestId></ErrorResponse>");
  EXPECT_EQ(
      WriteError(*FindService("s3"), {.code = "NoSuchKey", .message = "m", .status = 404, .details = {{"Key", "a&b"}}}, kIds).body,
      "<?xml version=\"1.0\" "
      "encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>m</Message><Key>a&amp;b</Key><RequestId>id-1"
      "</RequestId><HostId>host</HostId></Error>");
  EXPECT_EQ(WriteError(*FindService("s3"), {.code = "NoSuchKey", .status = 404}, kIds, ErrorBody::kHead).body, "");
}

TEST(Answers, XmlHasNoControlCharacters) {
  EXPECT_NE(Answer<sts::op::GetCallerIdentity>({.arn = std::string("a\0b", 3)})
                .body.find("a\xEF\xBF\xBD"
                           "b"),
            std::string::npos);
}

}  // namespace
}  // namespace hanse::wire
