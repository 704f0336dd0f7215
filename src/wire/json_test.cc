#include "wire/json.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "wire/glue.h"
#include "wire/iam.h"
#include "wire/json_codec.h"
#include "wire/s3.h"
#include "wire/sts.h"

namespace hanse::wire {
namespace {

glue::Table TableOf(int columns) {
  glue::Table table{.name = "orders", .database_name = "sales", .create_time = Timestamp{1'700'000'000'123}};
  table.storage_descriptor.emplace();
  table.storage_descriptor->columns.emplace();
  for (int i = 0; i < columns; ++i) {
    table.storage_descriptor->columns->push_back(
        {.name = "column_" + std::to_string(i), .type = "decimal(18,2)", .comment = "what it is"});
  }
  table.storage_descriptor->location = "s3://bucket/orders/";
  table.parameters = {{"classification", "parquet"}, {"EXTERNAL", "TRUE"}};
  return table;
}

template <class T>
std::string ParseProblem(std::string_view json) {
  const auto read = FromJson<T>(json);
  return read ? "" : read.error().name + ": " + read.error().message;
}

TEST(Json, KeepsAbsentAndEmptyApart) {
  const glue::StorageDescriptor absent{};
  const glue::StorageDescriptor empty{.columns = std::vector<glue::Column>{}, .location = "", .parameters = {{}}};
  EXPECT_EQ(ToJson(absent), "{}");
  EXPECT_EQ(ToJson(empty), R"({"Columns":[],"Location":"","Parameters":{}})");
  EXPECT_EQ(FromJson<glue::StorageDescriptor>(ToJson(absent)), absent);
  EXPECT_EQ(FromJson<glue::StorageDescriptor>(ToJson(empty)), empty);
  EXPECT_NE(absent, empty);
}

TEST(Json, RoundTripIsExact) {
  glue::Table table = TableOf(30);
  table.retention = -7;
  table.description = std::string("tab\t quote\" backslash\\ \u20ac \U0001F4A9 \x7f nul") + '\0';
  EXPECT_EQ(FromJson<glue::Table>(ToJson(table)), table);
  for (const TimeMs ms : {0LL, 1LL, -1LL, -1500LL, 999LL, 1'700'000'000'010LL, 253'402'300'799'999LL}) {
    table.update_time = Timestamp{ms};
    EXPECT_EQ(FromJson<glue::Table>(ToJson(table)), table) << ms;
  }
  const s3::Object object{.size = std::numeric_limits<std::int64_t>::max()};
  EXPECT_EQ(FromJson<s3::Object>(ToJson(object)), object);
}

TEST(Json, BoxesAreDeep) {
  glue::Table table = TableOf(1);
  table.status.emplace().details.emplace().requested_change.emplace(glue::Table{.name = "inner"});
  const glue::Table copy = table;
  (*table.status->details->requested_change)->name = "changed";
  EXPECT_EQ((*copy.status->details->requested_change)->name, "inner");
  EXPECT_EQ(FromJson<glue::Table>(ToJson(table)), table);
}

TEST(Json, UnknownMembersAndNullsAreNothing) {
  const auto read = FromJson<glue::Column>(R"( {"Later":{"a":[1,{"b":null}]},"Name":null,"Type":"int"} )");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (glue::Column{.type = "int"}));
}

TEST(Json, SaysWhichMemberIsWrong) {
  EXPECT_EQ(ParseProblem<glue::Column>(R"({"Name":5})"), "SerializationException: 'Name' must be a string");
  EXPECT_EQ(ParseProblem<glue::TableInput>(R"({"StorageDescriptor":{"Columns":[{"Name":"a"},{"Name":true}]}})"),
            "SerializationException: 'StorageDescriptor.Columns[1].Name' must be a string");
  EXPECT_EQ(ParseProblem<glue::TableInput>(R"({"Retention":1.5})"), "SerializationException: 'Retention' must be a whole number");
  EXPECT_EQ(ParseProblem<glue::TableInput>(R"({"Retention":2147483648})"),
            "SerializationException: 'Retention' must be between -2147483648 and 2147483647");
  EXPECT_EQ(ParseProblem<glue::TableInput>(R"({"Parameters":{"k":{}}})"),
            "SerializationException: 'Parameters.k' must be a string");
  EXPECT_EQ(ParseProblem<glue::TableInput>(R"([])"), "SerializationException: The body must be an object");
  EXPECT_EQ(ParseProblem<glue::TableInput>(R"({} x)"), "SerializationException: The body is followed by something else");
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text :
       {"", "{", "{\"Name\"", "{\"Name\":", "{\"Name\":\"a", "{\"Name\":\"a\"", "{\"Name\":\"a\",}", "{\"X\":01}", "{\"X\":+1}",
        "{\"X\":tru}", "{\"Name\":\"\\x\"}", "{\"Name\":\"\\ud800\"}", "{\"Name\":\"\\udc00\"}", "{\"Name\":\"\x01\"}",
        "{\"Name\":\"\xc0\x80\"}", "{\"Name\":\"\xed\xa0\x80\"}", "{\"Name\":\"\xff\"}", "{'Name':1}", "{\"X\":[1,]}"}) {
    EXPECT_FALSE(FromJson<glue::Column>(text)) << text;
  }
}

TEST(Json, NestingIsBounded) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "[";
  EXPECT_FALSE(FromJson<glue::Column>("{\"Unknown\":" + deep));
  std::string tables = "{}";
  for (int i = 0; i < 100; ++i) tables = R"({"Status":{"Details":{"RequestedChange":)" + tables + "}}}";
  EXPECT_FALSE(FromJson<glue::Table>(tables));
}

TEST(Json, EveryPrefixOfGoodInputIsHandled) {
  const std::string whole = ToJson(TableOf(3));
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(FromJson<glue::Table>(whole.substr(0, size)));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    for (const char c : {'"', '{', '}', '[', '\\', '\xff', '0'}) {
      changed[at] = c;
      (void)FromJson<glue::Table>(changed);  // Must end, and under sanitizers without complaint.
    }
  }
}

TEST(Json, RecordHidesWhatIsSensitive) {
  const iam::CreateAccessKeyResponse made{.access_key = iam::AccessKey{.access_key_id = "AKIA", .secret_access_key = "secret"}};
  EXPECT_EQ(ToRecord(made), R"({"accessKey":{"accessKeyId":"AKIA","secretAccessKey":"HIDDEN_DUE_TO_SECURITY_REASONS"}})");
  const s3::PutObjectRequest put{.body = std::shared_ptr<ByteSource>(), .bucket = "b"};
  EXPECT_EQ(ToRecord(put), R"({"body":"HIDDEN_DUE_TO_SECURITY_REASONS","bucket":"b"})");
  EXPECT_EQ(ToJson(put), R"({"Bucket":"b"})");
}

TEST(Json, RecordCutsLongTextAtACharacter) {
  const glue::Column column{.comment = std::string(kRecordStringMax - 1, 'a') + "\u20ac and more"};
  EXPECT_EQ(ToRecord(column), "{\"comment\":\"" + std::string(kRecordStringMax - 1, 'a') + "\"}");
}

TEST(Json, WireLeavesOutWhatStandsElsewhere) {
  std::string out;
  const s3::PutObjectRequest put{.bucket = "b", .key = "k"};
  WriteJson(put.WireShape(), &put, JsonStyle::kWire, out);
  EXPECT_EQ(out, "{}");
}

TEST(Json, DoublesAndWholeNumbers) {
  EXPECT_EQ(FromJson<glue::TableInput>(R"({"Retention":5.0})")->retention, 5);
  EXPECT_EQ(FromJson<glue::TableInput>(R"({"Retention":-0})")->retention, 0);
  EXPECT_EQ(ParseProblem<glue::TableInput>(R"({"Retention":99999999999999999999})"),
            "SerializationException: 'Retention' must be a whole number");
}

TEST(Json, IsFast) {
  const std::string json = ToJson(TableOf(30));
  const auto from = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(FromJson<glue::Table>(json));
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - from).count();
  RecordProperty("microseconds_a_table", static_cast<int>(micros / 1000));
  EXPECT_LT(micros / 1000, 2000);  // Far above what it takes; a debug build on a busy machine passes.
}

}  // namespace
}  // namespace hanse::wire
