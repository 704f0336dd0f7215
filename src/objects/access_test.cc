#include <gtest/gtest.h>

#include "objects/test_world.h"

// Who may: on both sides of every line.
namespace hanse::objects {
namespace {

constexpr const char* kB = "b-1";

class AccessTest : public testing::Test {
 protected:
  void SetUp() override {
    world_.MakeBucket(kB);
    ASSERT_TRUE(world_.Run(World::Put(kB, "open/k", "x")));
    ASSERT_TRUE(world_.Run(World::Put(kB, "shut/k", "y")));
    world_.Enrol(world_.stranger);
    world_.Enrol(world_.guest);
  }
  void SetPolicy(const std::string& statement) {
    PutBucketPolicy op;
    op.in.bucket = kB;
    op.in.policy = R"({"Version":"2012-10-17","Statement":[)" + statement + "]}";
    auto done = world_.Run(op);
    ASSERT_TRUE(done) << done.error().message;
  }
  World world_;
};

TEST_F(AccessTest, TheAccountsPolicyAllowsAndIsRevoked) {
  EXPECT_EQ(world_.Get(world_.guest, kB, "open/k"), "[AccessDenied]");
  world_.Allow(world_.guest, R"("s3:GetObject")");
  EXPECT_EQ(world_.Get(world_.guest, kB, "open/k"), "x");
  world_.Allow(world_.guest, R"("s3:PutObject")");
  EXPECT_EQ(world_.Get(world_.guest, kB, "open/k"), "[AccessDenied]");
}

TEST_F(AccessTest, TheBucketsPolicyNamesAUserOfTheAccount) {
  SetPolicy(
      R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/guest"},
          "Action":"s3:GetObject","Resource":"arn:aws:s3:::b-1/open/*"})");
  EXPECT_EQ(world_.Get(world_.guest, kB, "open/k"), "x");
  EXPECT_EQ(world_.Get(world_.guest, kB, "shut/k"), "[AccessDenied]");
  GetBucketPolicy shown;
  shown.in.bucket = kB;
  EXPECT_NE(world_.Run(shown)->policy->find("user/guest"), std::string::npos);
  DeleteBucketPolicy gone;
  gone.in.bucket = kB;
  ASSERT_TRUE(world_.Run(gone));
  EXPECT_EQ(world_.Get(world_.guest, kB, "open/k"), "[AccessDenied]");
}

TEST_F(AccessTest, AnotherAccountNeedsTheBucketsPolicyItsOwnAndTheKey) {
  EXPECT_EQ(world_.Get(world_.stranger, kB, "open/k"), "[AccessDenied]");
  SetPolicy(
      R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},
          "Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::b-1","arn:aws:s3:::b-1/open/*"]})");
  HeadObject head = World::Of<HeadObject>(kB, "open/k");
  EXPECT_EQ(world_.Refused(world_.stranger, head), "");
  EXPECT_EQ(world_.Get(world_.stranger, kB, "open/k"), "[AccessDenied]");  // The bytes lie under the owner's own key.
  EXPECT_EQ(world_.Get(world_.stranger, kB, "shut/k"), "[AccessDenied]");
  world_.Allow(world_.stranger, R"("s3:PutObject")");
  EXPECT_EQ(world_.Refused(world_.stranger, head), "AccessDenied");
}

TEST_F(AccessTest, MissingIsToldOnlyToThoseWhoMayList) {
  world_.Allow(world_.guest, R"("s3:GetObject")");
  EXPECT_EQ(world_.Get(world_.guest, kB, "none"), "[AccessDenied]");
  world_.Allow(world_.guest, R"("s3:GetObject","s3:ListBucket")");
  EXPECT_EQ(world_.Get(world_.guest, kB, "none"), "[NoSuchKey]");
  CopyObject copy;
  copy.in.bucket = kB;
  copy.in.key = "copy";
  copy.in.copy_source = "b-1/none";
  world_.Allow(world_.guest, R"("s3:GetObject","s3:PutObject")");
  EXPECT_EQ(world_.Refused(world_.guest, copy), "AccessDenied");
  world_.Allow(world_.guest, R"("s3:GetObject","s3:PutObject","s3:ListBucket")");
  EXPECT_EQ(world_.Refused(world_.guest, copy), "NoSuchKey");
}

TEST_F(AccessTest, AMissingBucketIsToldOnlyToThoseWhoMay) {
  EXPECT_EQ(world_.Get(world_.admin, "no-such", "k"), "[NoSuchBucket]");
  EXPECT_EQ(world_.Get(world_.guest, "no-such", "k"), "[AccessDenied]");
  EXPECT_EQ(world_.Refused(world_.admin, World::Put("no-such", "k", "x")), "NoSuchBucket");
  EXPECT_EQ(world_.Refused(world_.guest, World::Put("no-such", "k", "x")), "AccessDenied");
}

TEST_F(AccessTest, ListingMayBeLimitedToAPrefix) {
  world_.Allow(world_.guest, R"("s3:ListBucket")", "*", R"({"StringLike":{"s3:prefix":"open/*"}})");
  ListObjectsV2 list;
  list.in.bucket = kB;
  EXPECT_EQ(world_.Refused(world_.guest, list), "AccessDenied");
  list.in.prefix = "ope";
  EXPECT_EQ(world_.Refused(world_.guest, list), "AccessDenied");
  list.in.prefix = "open/";
  EXPECT_EQ(world_.Run(world_.guest, list)->contents->size(), 1u);
}

TEST_F(AccessTest, ACopyNeedsTheRightToReadItsSource) {
  world_.policies.Set(world_.guest, R"({"Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::b-1/*"},
      {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b-1/open/*"}]})");
  CopyObject copy;
  copy.in.bucket = kB;
  copy.in.key = "open/2";
  copy.in.copy_source = "b-1/open/k";
  EXPECT_EQ(world_.Refused(world_.guest, copy), "");
  copy.in.copy_source = "b-1/shut/k";
  EXPECT_EQ(world_.Refused(world_.guest, copy), "AccessDenied");
}

TEST_F(AccessTest, ABatchDeleteAsksForEveryKey) {
  world_.Allow(world_.guest, R"("s3:DeleteObject")", "arn:aws:s3:::b-1/open/*");
  DeleteObjects batch;
  batch.in.bucket = kB;
  batch.in.delete_.emplace().objects = std::vector<s3::ObjectIdentifier>{{.key = "open/k"}, {.key = "shut/k"}};
  auto done = world_.Run(world_.guest, batch);
  ASSERT_TRUE(done);
  ASSERT_EQ(done->deleted->size(), 1u);
  EXPECT_EQ(done->deleted->front().key, "open/k");
  ASSERT_EQ(done->errors->size(), 1u);
  EXPECT_EQ(done->errors->front().code, "AccessDenied");
  EXPECT_EQ(world_.Get(world_.admin, kB, "shut/k"), "y");
  EXPECT_EQ(world_.Get(world_.admin, kB, "open/k"), "[NoSuchKey]");
}

TEST_F(AccessTest, TagsOfAnObjectDecide) {
  PutObject put = World::Put(kB, "pii", "x");
  put.in.tagging = "class=pii";
  ASSERT_TRUE(world_.Run(put));
  world_.policies.Set(world_.guest, R"({"Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},
      {"Effect":"Deny","Action":"s3:GetObject","Resource":"*",
       "Condition":{"StringEquals":{"s3:ExistingObjectTag/class":"pii"}}}]})");
  EXPECT_EQ(world_.Get(world_.guest, kB, "open/k"), "x");
  EXPECT_EQ(world_.Get(world_.guest, kB, "pii"), "[AccessDenied]");
}

TEST_F(AccessTest, BringingTagsNeedsItsOwnRight) {
  PutObject put = World::Put(kB, "k", "x");
  put.in.tagging = "a=b";
  world_.Allow(world_.guest, R"("s3:PutObject")");
  EXPECT_EQ(world_.Refused(world_.guest, put), "AccessDenied");
  world_.Allow(world_.guest, R"("s3:PutObject","s3:PutObjectTagging")");
  EXPECT_EQ(world_.Refused(world_.guest, put), "");
}

TEST_F(AccessTest, TheExpectedOwnerIsChecked) {
  GetObject get = World::Of<GetObject>(kB, "open/k");
  get.in.expected_bucket_owner = World::kOwner;
  EXPECT_EQ(world_.Refused(world_.admin, get), "");
  get.in.expected_bucket_owner = World::kFriend;
  EXPECT_EQ(world_.Refused(world_.admin, get), "AccessDenied");
}

TEST_F(AccessTest, EveryDecisionIsInTheJournal) {
  std::size_t before = world_.journal.records.size();
  EXPECT_EQ(world_.Get(world_.guest, kB, "open/k"), "[AccessDenied]");
  EXPECT_EQ(world_.Get(world_.admin, kB, "open/k"), "x");
  ASSERT_EQ(world_.journal.records.size(), before + 2);
  EXPECT_NE(world_.journal.records[before].find("AccessDenied"), std::string::npos);
  EXPECT_NE(world_.journal.records[before + 1].find("GetObject"), std::string::npos);
}

}  // namespace
}  // namespace hanse::objects
