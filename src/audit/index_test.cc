#include "audit/index.h"

#include <gmock/gmock.h>

#include "audit/event.h"
#include "audit/segment_journal.h"
#include "audit/test_folder.h"

namespace hanse::audit {
namespace {

using testing::ElementsAre;

constexpr TimeMs kStart = 1'767'225'600'000;

Event Made(int number) {
  Event event;
  event.id = "id-" + std::to_string(number);
  event.time_ms = kStart + number * 1000;
  event.source = number % 2 ? "glue.amazonaws.com" : "s3.amazonaws.com";
  event.name = number % 2 ? "GetTable" : "CreateBucket";
  event.region = "us-east-1";
  event.recipient_account = "111122223333";
  event.read_only = number % 2;
  event.identity = R"({"type":"IAMUser","userName":"ana","accessKeyId":"AKIA1"})";
  event.resources = {{"AWS::S3::Bucket", "arn:aws:s3:::b" + std::to_string(number)}};
  return event;
}

class IndexTest : public testing::Test {
 protected:
  void SetUp() override {
    journal_ = std::move(*SegmentJournal::Open({.folder = folder_.journal(), .segment_bytes = 3000}, clock_));
    Reopen();
  }
  void Reopen() {
    index_.reset();
    auto opened = Index::Open(folder_.journal());
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    index_ = std::move(*opened);
  }
  void Put(const Event& event) { ASSERT_TRUE(journal_->Append(event.ToJson(), Durability::kSynced).has_value()); }
  std::vector<std::string> Ids(Lookup lookup) {
    lookup.account = "111122223333";
    lookup.region = "us-east-1";
    auto found = index_->Search(lookup, 10'000);
    EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
    std::vector<std::string> ids;
    for (const Found& one : *found) ids.push_back(one.event_id);
    return ids;
  }
  std::vector<std::string> Ids(Lookup::Attribute attribute, std::string value) {
    return Ids(Lookup{.attribute = attribute, .value = std::move(value)});
  }

  TestFolder folder_;
  SystemClock clock_;
  std::unique_ptr<SegmentJournal> journal_;
  std::unique_ptr<Index> index_;
};

TEST_F(IndexTest, FindsByEveryAttributeNewestFirst) {
  using enum Lookup::Attribute;
  for (int i = 1; i <= 4; ++i) Put(Made(i));
  EXPECT_THAT(Ids(kNone, ""), ElementsAre("id-4", "id-3", "id-2", "id-1"));
  EXPECT_THAT(Ids(kEventId, "id-2"), ElementsAre("id-2"));
  EXPECT_THAT(Ids(kEventName, "GetTable"), ElementsAre("id-3", "id-1"));
  EXPECT_THAT(Ids(kEventSource, "s3.amazonaws.com"), ElementsAre("id-4", "id-2"));
  EXPECT_THAT(Ids(kReadOnly, "true"), ElementsAre("id-3", "id-1"));
  EXPECT_THAT(Ids(kReadOnly, "false"), ElementsAre("id-4", "id-2"));
  EXPECT_EQ(Ids(kUsername, "ana").size(), 4u);
  EXPECT_THAT(Ids(kUsername, "eva"), ElementsAre());
  EXPECT_EQ(Ids(kAccessKeyId, "AKIA1").size(), 4u);
  EXPECT_THAT(Ids(kResourceName, "arn:aws:s3:::b3"), ElementsAre("id-3"));
  EXPECT_EQ(Ids(kResourceType, "AWS::S3::Bucket").size(), 4u);
}

TEST_F(IndexTest, ShowsNothingOfOtherAccountsAndRegionsAndNoDataEvents) {
  Event other = Made(1), elsewhere = Made(2), data = Made(3);
  other.recipient_account = "999900001111";
  elsewhere.region = "eu-west-1";
  data.category = "Data";
  for (const Event& event : {other, elsewhere, data}) Put(event);
  EXPECT_THAT(Ids(Lookup::Attribute::kNone, ""), ElementsAre());
  EXPECT_THAT(Ids(Lookup::Attribute::kEventId, "id-1"), ElementsAre());
}

TEST_F(IndexTest, GivesThePeriodThePageAndTheRecordItself) {
  for (int i = 1; i <= 6; ++i) Put(Made(i));
  EXPECT_THAT(Ids(Lookup{.from_ms = kStart + 2000, .until_ms = kStart + 4000}), ElementsAre("id-4", "id-3", "id-2"));
  Lookup lookup{.account = "111122223333", .region = "us-east-1", .limit = 4};
  auto page = *index_->Search(lookup, 10'000);
  ASSERT_EQ(page.size(), 4u);
  EXPECT_EQ(page[0].json, Made(6).ToJson());
  EXPECT_EQ(page[0].username, "ana");
  EXPECT_THAT(page[0].resources, ElementsAre(std::pair<std::string, std::string>("AWS::S3::Bucket", "arn:aws:s3:::b6")));
  EXPECT_THAT(Ids(Lookup{.after = page[3].place}), ElementsAre("id-2", "id-1"));
}

TEST_F(IndexTest, FollowsManySegmentsAndGoesOnAfterARestart) {
  for (int i = 1; i <= 20; ++i) Put(Made(i));
  EXPECT_EQ(Ids(Lookup::Attribute::kUsername, "ana").size(), 20u);
  Reopen();
  Put(Made(21));
  EXPECT_EQ(Ids(Lookup::Attribute::kUsername, "ana").size(), 21u);
}

TEST_F(IndexTest, IsMadeAnewWhereItIsLostOrNoIndex) {
  for (int i = 1; i <= 5; ++i) Put(Made(i));
  EXPECT_EQ(Ids(Lookup::Attribute::kUsername, "ana").size(), 5u);
  index_.reset();
  std::filesystem::remove(folder_.journal() + "/index.db");
  Reopen();
  EXPECT_EQ(Ids(Lookup::Attribute::kUsername, "ana").size(), 5u);
  index_.reset();
  Overwrite(folder_.journal() + "/index.db", std::string(50'000, 'x'));
  Reopen();
  EXPECT_EQ(Ids(Lookup::Attribute::kUsername, "ana").size(), 5u);
}

}  // namespace
}  // namespace hanse::audit
