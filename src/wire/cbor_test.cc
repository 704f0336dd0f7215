#include "wire/cbor.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "wire/cloudwatch.h"
#include "wire/protocol.h"

namespace hanse::wire {
namespace {

std::string FromHex(std::string_view hex) {
  std::string bytes;
  EXPECT_TRUE(UnHex(std::string(hex), &bytes));
  return bytes;
}

cloudwatch::PutMetricDataInput Input() {
  cloudwatch::MetricDatum datum{
      .metric_name = "Rows", .timestamp = Timestamp{1'767'225'600'500}, .value = -2.5, .storage_resolution = 60};
  datum.dimensions = std::vector<cloudwatch::Dimension>{{.name = "Table", .value = "o\xC3\xBC"}};
  datum.counts = std::vector<double>{};
  return {.namespace_ = "Lake", .metric_data = std::vector<cloudwatch::MetricDatum>{datum}, .strict_entity_validation = true};
}

Result<cloudwatch::PutMetricDataInput> Read(std::string_view cbor) {
  cloudwatch::PutMetricDataInput input;
  TRY(ReadCbor(cloudwatch::PutMetricDataInput::WireShape(), cbor, &input));
  return input;
}

std::string Written(const cloudwatch::PutMetricDataInput& input) {
  std::string out;
  WriteCbor(cloudwatch::PutMetricDataInput::WireShape(), &input, out);
  return out;
}

TEST(Cbor, RoundTripIsExact) {
  auto read = Read(Written(Input()));
  ASSERT_TRUE(read);
  EXPECT_TRUE(*read == Input());
  EXPECT_TRUE(*Read("\xA0") == cloudwatch::PutMetricDataInput());
}

TEST(Cbor, EveryWayToWriteAValueIsRead) {
  // {_ "Namespace": (_ "La", "ke"), "MetricData": [_ {"MetricName": "R", "Value": 1.5 (half), "StorageResolution": 60.0 (single),
  //  "Timestamp": 1(1000)}], "More": [{1(2): …}] …} with lengths that are not told, and members that nobody knows.
  auto read =
      Read(FromHex("bf"
                   "694e616d657370616365"
                   "7f62"
                   "4c61"
                   "62"
                   "6b65"
                   "ff"
                   "6a4d657472696344617461"
                   "9f"
                   "a4"
                   "6a4d65747269634e616d65"
                   "6152"
                   "6556616c7565"
                   "f93e00"
                   "7153746f726167655265736f6c7574696f6e"
                   "fa42700000"
                   "6954696d657374616d70"
                   "c11903e8"
                   "ff"
                   "644d6f7265"
                   "82"
                   "a1617801"
                   "c243010203"
                   "70456e746974794d657472696344617461"
                   "f6"
                   "ff"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->namespace_, "Lake");
  const auto& datum = read->metric_data->front();
  EXPECT_TRUE(datum.value == 1.5 && datum.storage_resolution == 60 && datum.timestamp == Timestamp{1'000'000});
  EXPECT_FALSE(read->entity_metric_data);
}

TEST(Cbor, BrokenBytesEndInAnError) {
  const std::string whole = Written(Input());
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(Read(whole.substr(0, size))) << size;
  EXPECT_FALSE(Read(whole + "\xA0"));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string broken = whole;
      broken[at] = static_cast<char>(broken[at] ^ (1 << bit));
      (void)Read(broken);  // Ends, whatever comes out: the sanitizers look on.
    }
  }
  EXPECT_FALSE(Read(FromHex("a1694e616d65737061636501")));      // A number for a text.
  EXPECT_FALSE(Read(FromHex("a1694e616d65737061636562fffe")));  // No UTF-8.
  EXPECT_FALSE(
      Read(FromHex("a1694e616d657370616365"
                   "7bffffffffffffffff61")));  // Longer than there is.
  EXPECT_FALSE(Read(FromHex("bbffffffffffffffff")));
  EXPECT_FALSE(Read(FromHex("a1614dff")));
  EXPECT_FALSE(Read(FromHex("a1614d") + std::string(10'000, '\x81')));
  EXPECT_FALSE(Read(FromHex("a16178") + std::string(10'000, '\x81') + "\x01"));
  EXPECT_FALSE(Read(FromHex("a16178") + std::string(10'000, '\xC1') + "\x01"));
}

RawRequest Request(std::string path, Pairs headers, std::string body) {
  return {.method = "POST", .path = std::move(path), .headers = std::move(headers), .body = std::move(body)};
}

TEST(Cbor, OneOperationIsSpokenInThreeProtocols) {
  const Service& service = *FindService("monitoring");
  RawRequest requests[] = {
      Request("/service/GraniteServiceVersion20100801/operation/PutMetricData", {{"smithy-protocol", "rpc-v2-cbor"}},
              FromHex("a1694e616d65737061636564"
                      "4c616b65")),
      Request("/",
              {{"x-amz-target", "GraniteServiceVersion20100801.PutMetricData"}, {"content-type", "application/x-amz-json-1.0"}},
              R"({"Namespace":"Lake"})"),
      Request("/", {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}},
              "Action=PutMetricData&Version=2010-08-01&Namespace=Lake")};
  for (RawRequest& request : requests) {
    auto routed = Route(service, request);
    ASSERT_TRUE(routed) << routed.error().message;
    EXPECT_EQ(routed->name, "PutMetricData");
    cloudwatch::PutMetricDataInput input;
    ASSERT_TRUE(Parse(service, *routed, request, &input));
    EXPECT_EQ(input.namespace_, "Lake");
  }
  EXPECT_EQ(
      Route(service, Request("/service/GraniteServiceVersion20100801/operation/Nothing", {{"smithy-protocol", "rpc-v2-cbor"}}, ""))
          .error()
          .name,
      "UnknownOperationException");
  auto alarm = Route(service, Request("/service/GraniteServiceVersion20100801/operation/PutMetricAlarm",
                                      {{"smithy-protocol", "rpc-v2-cbor"}}, ""));
  ASSERT_TRUE(alarm);
  EXPECT_EQ(alarm->operation, nullptr);
  // A service whose model has no form of query is not spoken to in it.
  EXPECT_FALSE(
      Route(*FindService("glue"), Request("/", {{"content-type", "application/x-www-form-urlencoded"}}, "Action=GetTable")));
}

TEST(Cbor, AnswersAndErrorsInTheProtocolOfTheRequest) {
  const Service& service = *FindService("monitoring");
  const AnswerIds ids{.request_id = "id-1", .host_id = {}};
  const cloudwatch::ListMetricsOutput output{.next_token = "7"};
  const Operation& operation = cloudwatch::op::ListMetrics::Descriptor();
  EXPECT_EQ(Hex(Write(service, operation, &output, ids, Spoken::kCbor).body), "a1694e657874546f6b656e6137");
  EXPECT_EQ(Write(service, operation, &output, ids).body, R"({"NextToken":"7"})");
  EXPECT_NE(Write(service, operation, &output, ids, Spoken::kQuery).body.find("<ListMetricsResult><NextToken>7</NextToken>"),
            std::string::npos);
  const WireError error{.code = "Bad", .message = "m", .status = 400};
  RawResponse told = WriteError(service, error, ids, ErrorBody::kWhole, Spoken::kCbor);
  EXPECT_EQ(Hex(told.body), "a2665f5f7479706563426164676d657373616765616d");
  EXPECT_NE(std::ranges::find(told.headers, std::pair<std::string, std::string>("x-amzn-query-error", "Bad;Sender")),
            told.headers.end());
  EXPECT_TRUE(WriteError(service, error, ids, ErrorBody::kWhole, Spoken::kQuery).body.starts_with("<ErrorResponse"));
}

}  // namespace
}  // namespace hanse::wire
