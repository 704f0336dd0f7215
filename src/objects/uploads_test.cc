#include "objects/uploads.h"

#include <gtest/gtest.h>

#include "objects/sweeper.h"
#include "objects/test_world.h"

namespace hanse::objects {
namespace {

constexpr const char* kUploads = "b-1";
constexpr std::size_t kFiveMib = 5 << 20;

class UploadsTest : public testing::Test {
 protected:
  void SetUp() override { world_.MakeBucket(kUploads); }
  template <class Op>
  Op Of(const std::string& id) {
    Op op;
    op.in.bucket = kUploads;
    op.in.key = "k";
    op.in.upload_id = id;
    return op;
  }
  std::string Begin(std::optional<std::string> algorithm = {}) {
    CreateMultipartUpload op;
    op.in.bucket = kUploads;
    op.in.key = "k";
    op.in.metadata = std::map<std::string, std::string>{{"a", "b"}};
    op.in.checksum_algorithm = std::move(algorithm);
    return world_.Run(op)->upload_id.value();
  }
  s3::CompletedPart Send(const std::string& id, std::int32_t number, const std::string& body) {
    auto op = Of<UploadPart>(id);
    op.in.part_number = number;
    op.in.body = std::make_shared<TextSource>(body);
    auto done = world_.Run(op);
    EXPECT_TRUE(done);
    s3::CompletedPart part{.e_tag = done->e_tag};
    part.part_number = number;
    return part;
  }
  CompleteMultipartUpload Complete(const std::string& id, std::vector<s3::CompletedPart> parts) {
    auto op = Of<CompleteMultipartUpload>(id);
    op.in.multipart_upload.emplace().parts = std::move(parts);
    return op;
  }
  std::string Get() { return world_.Get(world_.admin, kUploads, "k"); }
  World world_;
};

TEST_F(UploadsTest, PartsBecomeOneObject) {
  std::string id = Begin("SHA256"), first(kFiveMib, 'a');
  auto two = Send(id, 2, "end"), one = Send(id, 1, first);
  EXPECT_EQ(Get(), "[NoSuchKey]");
  auto done = world_.Run(Complete(id, {one, two}));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->e_tag->ends_with("-2\""));
  EXPECT_TRUE(done->checksum_sha256->ends_with("-2"));
  EXPECT_TRUE(Get() == first + "end");
  GetObject second = World::Of<GetObject>(kUploads, "k");
  second.in.part_number = 2;
  auto part = world_.Run(second);
  ASSERT_TRUE(part);
  EXPECT_EQ(World::Text(*part), "end");
  EXPECT_EQ(part->parts_count, 2);
  EXPECT_EQ(part->metadata, (std::map<std::string, std::string>{{"a", "b"}}));
  EXPECT_EQ(world_.Refused(world_.admin, Of<ListParts>(id)), "NoSuchUpload");
  auto tx = world_.store->BeginRead().value();
  EXPECT_EQ(tx->One("SELECT count(*) FROM blob_trash")->Int(0), 2);  // The parts' own blobs.
}

TEST_F(UploadsTest, OneSmallPartIsTheObjectItself) {
  std::string id = Begin();
  auto one = Send(id, 7, "only");
  ASSERT_TRUE(world_.Run(Complete(id, {one})));
  EXPECT_EQ(Get(), "only");
  EXPECT_EQ(world_.blobs.count(), 1u);
}

TEST_F(UploadsTest, APartSentAgainReplacesTheFirst) {
  std::string id = Begin();
  auto first = Send(id, 1, "first"), second = Send(id, 1, "second");
  EXPECT_EQ(world_.Refused(world_.admin, Complete(id, {first})), "InvalidPart");
  ASSERT_TRUE(world_.Run(Complete(id, {second})));
  EXPECT_EQ(Get(), "second");
}

TEST_F(UploadsTest, WrongListsAreRefusedAndTheUploadLivesOn) {
  std::string id = Begin();
  auto one = Send(id, 1, std::string(kFiveMib, 'a')), two = Send(id, 2, "b");
  EXPECT_EQ(world_.Refused(world_.admin, Complete(id, {two, one})), "InvalidPartOrder");
  EXPECT_EQ(world_.Refused(world_.admin, Complete(id, {})), "MalformedXML");
  auto none = two;
  none.part_number = 9;
  EXPECT_EQ(world_.Refused(world_.admin, Complete(id, {one, none})), "InvalidPart");
  auto sized = Complete(id, {one, two});
  sized.in.mpu_object_size = 7;
  EXPECT_EQ(world_.Refused(world_.admin, sized), "InvalidRequest");
  EXPECT_EQ(world_.Refused(world_.admin, Complete(id, {one, two})), "");
}

TEST_F(UploadsTest, OnlyTheLastPartMayBeSmall) {
  std::string id = Begin();
  auto one = Send(id, 1, "small"), two = Send(id, 2, "last");
  EXPECT_EQ(world_.Refused(world_.admin, Complete(id, {one, two})), "EntityTooSmall");
}

TEST_F(UploadsTest, AnAbortedUploadIsGoneWithItsBytes) {
  std::string id = Begin();
  auto one = Send(id, 1, "x");
  ListMultipartUploads list;
  list.in.bucket = kUploads;
  EXPECT_EQ(world_.Run(list)->uploads->size(), 1u);
  EXPECT_EQ(world_.Run(Of<ListParts>(id))->parts->front().size, 1);
  ASSERT_TRUE(world_.Run(Of<AbortMultipartUpload>(id)));
  EXPECT_EQ(world_.Refused(world_.admin, Of<ListParts>(id)), "NoSuchUpload");
  EXPECT_EQ(world_.Refused(world_.admin, Complete(id, {one})), "NoSuchUpload");
  EXPECT_TRUE(world_.Run(list)->uploads->empty());
}

TEST_F(UploadsTest, PartsAreCopiedFromObjects) {
  std::string body = std::string(kFiveMib, 's') + "0123456789";
  ASSERT_TRUE(world_.Run(World::Put(kUploads, "source", body)));
  std::string id = Begin();
  auto copy = Of<UploadPartCopy>(id);
  copy.in.copy_source = "b-1/source";
  copy.in.part_number = 1;
  auto one = world_.Run(copy);
  ASSERT_TRUE(one);
  copy.in.part_number = 2;
  copy.in.copy_source_range = "bytes=5242882-5242884";
  auto two = world_.Run(copy);
  ASSERT_TRUE(two);
  copy.in.copy_source_range = "bytes=0-99999999";
  EXPECT_EQ(world_.Refused(world_.admin, copy), "InvalidArgument");
  s3::CompletedPart first{.e_tag = one->copy_part_result->e_tag}, second{.e_tag = two->copy_part_result->e_tag};
  first.part_number = 1;
  second.part_number = 2;
  ASSERT_TRUE(world_.Run(Complete(id, {first, second})));
  EXPECT_TRUE(Get() == body + "234");
}

TEST_F(UploadsTest, AStrangerCannotTouchAnUpload) {
  std::string id = Begin();
  for (const std::string& refused :
       {world_.Refused(world_.stranger, Of<ListParts>(id)), world_.Refused(world_.stranger, Of<AbortMultipartUpload>(id)),
        world_.Refused(world_.stranger, Complete(id, {}))}) {
    EXPECT_EQ(refused, "AccessDenied");
  }
}

TEST_F(UploadsTest, BytesThatNoRowNamesAreSweptAndOthersStay) {
  Sweeper sweeper(*world_.store, world_.blobs, world_.clock);
  ASSERT_TRUE(world_.Run(World::Put(kUploads, "a", "old")));
  ASSERT_TRUE(world_.Run(World::Put(kUploads, "a", "new")));
  std::string id = Begin();
  Send(id, 1, "part");
  auto orphan = world_.blobs.Create(crypto::Key::Draw(world_.random)).value();  // As a crash before the commit leaves it.
  ASSERT_TRUE(orphan->Append("x") && orphan->Finish());
  EXPECT_EQ(world_.blobs.count(), 4u);
  EXPECT_EQ(*sweeper.EmptyTrash(), 0);  // Whoever reads the row of before still finds the bytes.
  world_.clock.Advance(Sweeper::kGraceMs);
  EXPECT_EQ(*sweeper.EmptyTrash(), 1);
  EXPECT_EQ(*sweeper.DeleteOrphans(world_.clock.NowMs()), 1);
  EXPECT_EQ(world_.blobs.count(), 2u);
  EXPECT_EQ(world_.Get(world_.admin, kUploads, "a"), "new");
}

}  // namespace
}  // namespace hanse::objects
