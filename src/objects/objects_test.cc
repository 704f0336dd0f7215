#include "objects/objects.h"

#include <gtest/gtest.h>

#include "objects/test_world.h"

namespace hanse::objects {
namespace {

constexpr const char* kBucket = "b-1";

class ObjectsTest : public testing::Test {
 protected:
  void SetUp() override { world_.MakeBucket(kBucket); }
  std::string Put(const std::string& key, const std::string& body) {
    auto put = world_.Run(World::Put(kBucket, key, body));
    return put ? put->version_id.value_or("null") : put.error().name;
  }
  std::string Get(const std::string& key, std::optional<std::string> version = {}) {
    return world_.Get(world_.admin, kBucket, key, std::move(version));
  }
  void SetVersioning(const std::string& status) {
    PutBucketVersioning op;
    op.in.bucket = kBucket;
    op.in.versioning_configuration.emplace().status = status;
    ASSERT_TRUE(world_.Run(op));
  }
  World world_;
};

TEST_F(ObjectsTest, AnObjectComesBackWithWhatWasSaidAboutIt) {
  PutObject put = World::Put(kBucket, "k", "0123456789");
  put.in.content_type = "text/x";
  put.in.content_encoding = "aws-chunked,gzip";
  put.in.cache_control = "no-cache";
  put.in.metadata = std::map<std::string, std::string>{{"who", "me"}};
  put.in.tagging = "team=a+b&pii=no";
  auto answer = world_.Run(put);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->e_tag, "\"781e5e245d69b566979b86e28d23f2c7\"");
  EXPECT_EQ(answer->server_side_encryption, "aws:kms");
  EXPECT_EQ(answer->ssekms_key_id, "arn:aws:kms:us-east-1:111122223333:key/domain");
  EXPECT_FALSE(answer->version_id);
  auto head = world_.Run(World::Of<HeadObject>(kBucket, "k"));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->content_length, 10);
  EXPECT_EQ(head->content_type, "text/x");
  EXPECT_EQ(head->content_encoding, "gzip");
  EXPECT_EQ(head->metadata, put.in.metadata);
  EXPECT_EQ(head->tag_count, 2);
  EXPECT_EQ(Get("k"), "0123456789");
}

TEST_F(ObjectsTest, RangesAndConditions) {
  Put("k", "0123456789");
  GetObject get = World::Of<GetObject>(kBucket, "k");
  get.in.range = "bytes=2-4";
  auto part = world_.Run(get);
  ASSERT_TRUE(part);
  EXPECT_EQ(World::Text(*part), "234");
  EXPECT_EQ(part->content_range, "bytes 2-4/10");
  get.in.range = "bytes=10-";
  EXPECT_EQ(world_.Refused(world_.admin, get), "InvalidRange");
  get.in.range.reset();
  get.in.if_match = "\"other\"";
  EXPECT_EQ(world_.Refused(world_.admin, get), "PreconditionFailed");
  get.in.if_match.reset();
  get.in.if_none_match = "\"781e5e245d69b566979b86e28d23f2c7\"";
  EXPECT_EQ(world_.Refused(world_.admin, get), "NotModified");
  get.in.if_none_match.reset();
  get.in.if_modified_since = wire::Timestamp{world_.clock.NowMs()};
  EXPECT_EQ(world_.Refused(world_.admin, get), "NotModified");
  get.in.if_modified_since = wire::Timestamp{1'577'836'800'000};
  EXPECT_EQ(world_.Refused(world_.admin, get), "");
  get.in.if_unmodified_since = wire::Timestamp{1'577'836'800'000};
  EXPECT_EQ(world_.Refused(world_.admin, get), "PreconditionFailed");
}

TEST_F(ObjectsTest, WhatIsNotWhatWasAnnouncedIsRefusedAndLeavesNothing) {
  PutObject wrong = World::Put(kBucket, "k", "body");
  wrong.in.content_md5 = "1B2M2Y8AsgTpgAmY7PhCfg==";
  EXPECT_EQ(world_.Refused(world_.admin, wrong), "BadDigest");
  wrong = World::Put(kBucket, "k", "body");
  wrong.in.content_md5 = "short";
  EXPECT_EQ(world_.Refused(world_.admin, wrong), "InvalidDigest");
  wrong = World::Put(kBucket, "k", "123456780");
  wrong.in.checksum_crc32_c = "4waSgw==";
  EXPECT_EQ(world_.Refused(world_.admin, wrong), "BadDigest");
  wrong.in.checksum_crc32 = "4waSgw==";
  EXPECT_EQ(world_.Refused(world_.admin, wrong), "InvalidRequest");
  EXPECT_EQ(world_.blobs.count(), 0u);
  EXPECT_EQ(Get("k"), "[NoSuchKey]");
  PutObject right = World::Put(kBucket, "k", "123456789");
  right.in.checksum_crc32_c = "4waSgw==";
  ASSERT_TRUE(world_.Run(right));
  HeadObject head = World::Of<HeadObject>(kBucket, "k");
  EXPECT_FALSE(world_.Run(head)->checksum_crc32_c);
  head.in.checksum_mode = "ENABLED";
  EXPECT_EQ(world_.Run(head)->checksum_crc32_c, "4waSgw==");
}

TEST_F(ObjectsTest, AFullDiskAndAJournalThatIsDownLoseNothing) {
  Put("k", "kept");
  world_.blobs.SetDisk(blob::MemoryBlobs::Disk::kFull);
  EXPECT_EQ(world_.Run(World::Put(kBucket, "k", "x")).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Get("k"), "kept");
  world_.blobs.SetDisk(blob::MemoryBlobs::Disk::kFree);
  world_.journal.down = true;
  EXPECT_EQ(world_.Run(World::Of<GetObject>(kBucket, "k")).error().code, ErrorCode::kUnavailable);
}

TEST_F(ObjectsTest, UnbuiltFeaturesAreRefusedByName) {
  PutObject put = World::Put(kBucket, "k", "x");
  put.in.object_lock_mode = "COMPLIANCE";
  EXPECT_EQ(world_.Refused(world_.admin, put), "NotImplemented");
  put = World::Put(kBucket, "k", "x");
  put.in.sse_customer_algorithm = "AES256";
  EXPECT_EQ(world_.Refused(world_.admin, put), "NotImplemented");
  put = World::Put(kBucket, "k", "x");
  put.in.acl = "public-read";
  EXPECT_EQ(world_.Refused(world_.admin, put), "AccessControlListNotSupported");
  EXPECT_EQ(world_.Refused(world_.admin, World::Put(kBucket, std::string(1025, 'x'), "")), "KeyTooLongError");
  EXPECT_EQ(world_.Refused(world_.admin, World::Put(kBucket, "\xff", "")), "InvalidURI");
}

TEST_F(ObjectsTest, ConditionalWrites) {
  auto put = [](const std::string& key, const char* body, std::optional<std::string> if_match,
                std::optional<std::string> if_none_match) {
    PutObject op = World::Put(kBucket, key, body);
    op.in.if_match = std::move(if_match);
    op.in.if_none_match = std::move(if_none_match);
    return op;
  };
  auto etag = world_.Run(put("k", "one", {}, "*"))->e_tag;
  EXPECT_EQ(world_.Refused(world_.admin, put("k", "x", {}, "*")), "PreconditionFailed");
  EXPECT_EQ(world_.Refused(world_.admin, put("k", "two", etag, {})), "");
  EXPECT_EQ(world_.Refused(world_.admin, put("k", "three", etag, {})), "PreconditionFailed");
  EXPECT_EQ(world_.Refused(world_.admin, put("none", "x", etag, {})), "NoSuchKey");
  DeleteObject gone = World::Of<DeleteObject>(kBucket, "k");
  gone.in.if_match = etag;
  EXPECT_EQ(world_.Refused(world_.admin, gone), "PreconditionFailed");
  EXPECT_EQ(Get("k"), "two");
  EXPECT_EQ(world_.blobs.count(), 2u);  // The present one, and the one before it, in the trash: no refused write left any.
}

TEST_F(ObjectsTest, VersionsAreKeptAndADeleteIsAMarker) {
  Put("k", "zero");
  SetVersioning("Enabled");
  std::string one = Put("k", "one"), two = Put("k", "two");
  EXPECT_EQ(Get("k"), "two");
  EXPECT_EQ(Get("k", one), "one");
  EXPECT_EQ(Get("k", "null"), "zero");
  auto gone = world_.Run(World::Of<DeleteObject>(kBucket, "k"));
  ASSERT_TRUE(gone && gone->delete_marker.value_or(false));
  EXPECT_EQ(Get("k"), "[NoSuchKey]");
  EXPECT_EQ(Get("k", gone->version_id), "[MethodNotAllowed]");
  EXPECT_EQ(Get("k", "none"), "[NoSuchVersion]");
  ASSERT_TRUE(world_.Run(World::Of<DeleteObject>(kBucket, "k", gone->version_id)));
  EXPECT_EQ(Get("k"), "two");
  ASSERT_TRUE(world_.Run(World::Of<DeleteObject>(kBucket, "k", two)));
  EXPECT_EQ(Get("k"), "one");
}

TEST_F(ObjectsTest, SuspendedVersioningWritesTheNullVersion) {
  SetVersioning("Enabled");
  std::string kept = Put("k", "kept");
  SetVersioning("Suspended");
  EXPECT_EQ(Put("k", "a"), "null");
  Put("k", "b");
  EXPECT_EQ(Get("k", kept), "kept");
  EXPECT_EQ(Get("k", "null"), "b");
  EXPECT_EQ(Get("k"), "b");
  ListObjectVersions list;
  list.in.bucket = kBucket;
  EXPECT_EQ(world_.Run(list)->versions->size(), 2u);
}

TEST_F(ObjectsTest, ACopyKeepsOrReplacesWhatIsSaid) {
  PutObject put = World::Put(kBucket, "ä/source?", "body");
  put.in.metadata = std::map<std::string, std::string>{{"a", "b"}};
  put.in.tagging = "t=1";
  ASSERT_TRUE(world_.Run(put));
  CopyObject copy;
  copy.in.bucket = kBucket;
  copy.in.key = "copy";
  copy.in.copy_source = "/b-1/%C3%A4/source%3F";
  auto done = world_.Run(copy);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(Get("copy"), "body");
  EXPECT_EQ(world_.Run(World::Of<HeadObject>(kBucket, "copy"))->metadata, put.in.metadata);
  EXPECT_EQ(world_.Run(World::Of<GetObjectTagging>(kBucket, "copy"))->tag_set->size(), 1u);
  copy.in.metadata_directive = copy.in.tagging_directive = "REPLACE";
  copy.in.metadata = std::map<std::string, std::string>{{"c", "d"}};
  ASSERT_TRUE(world_.Run(copy));
  EXPECT_EQ(world_.Run(World::Of<HeadObject>(kBucket, "copy"))->metadata, copy.in.metadata);
  EXPECT_TRUE(world_.Run(World::Of<GetObjectTagging>(kBucket, "copy"))->tag_set->empty());
  copy.in.copy_source = "b-1/none";
  EXPECT_EQ(world_.Refused(world_.admin, copy), "NoSuchKey");
  CopyObject itself;
  itself.in.bucket = kBucket;
  itself.in.key = "copy";
  itself.in.copy_source = "b-1/copy";
  EXPECT_EQ(world_.Refused(world_.admin, itself), "InvalidRequest");
}

TEST_F(ObjectsTest, ADisabledKeyShutsItsObjectsAtOnce) {
  Put("k", "x");
  world_.keys.disabled = true;
  EXPECT_EQ(Get("k"), "[KMS.DisabledException]");
  EXPECT_EQ(Put("b", "x"), "KMS.DisabledException");
  ListObjectsV2 list;
  list.in.bucket = kBucket;
  EXPECT_EQ(world_.Run(list)->contents->size(), 1u);  // Names are metadata.
  world_.keys.disabled = false;
  EXPECT_EQ(Get("k"), "x");
}

TEST_F(ObjectsTest, InsideTheServerBytesAreOpenedWithTheirOwnKey) {
  Put("t/1", "one");
  Put("t/2", "two");
  Put("u", "three");
  auto listed = world_.Run(ListPrefix{kBucket, "t/"});
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 2u);
  auto opened = world_.Run(OpenObjects{kBucket, {"t/1", "t/2"}});
  ASSERT_TRUE(opened);
  EXPECT_EQ((*opened)[1].size, 3u);
  EXPECT_NE((*opened)[0].key.bytes(), (*opened)[1].key.bytes());
  EXPECT_EQ(world_.Run(ListPrefix{kBucket, "t/", 1}).error().code, ErrorCode::kLimitExceeded);
  world_.Allow(world_.guest, R"("s3:GetObject")", "arn:aws:s3:::b-1/t/1");
  EXPECT_TRUE(world_.Run(world_.guest, OpenObjects{kBucket, {"t/1"}}));
  EXPECT_EQ(world_.Refused(world_.guest, OpenObjects{kBucket, {"t/1", "t/2"}}), "AccessDenied");
  EXPECT_EQ(world_.Refused(world_.guest, ListPrefix{kBucket, "t/"}), "AccessDenied");
}

TEST_F(ObjectsTest, FoldersAreListedTogetherAndJudgedEachByItself) {
  for (int i = 0; i < 200; ++i) Put(fmt::format("t/p=2/between-{}", i), "not asked for");
  for (const char* key : {"t/p=1/a", "t/p=1/b/c", "t/p=10/a", "t/p=3/a", "t/p=30/a", "u/p=1/a"}) Put(key, "x");
  auto keys = [](const Result<std::vector<ListedObject>>& listed) {
    std::vector<std::string> all;
    if (!listed) return std::vector<std::string>{"[" + listed.error().name + "]"};
    for (const ListedObject& object : *listed) all.push_back(object.key);
    return all;
  };
  using Keys = std::vector<std::string>;
  EXPECT_EQ(keys(world_.Run(ListPrefixes{kBucket, {"t/p=3/", "t/p=1/b/", "t/p=1/", "t/p=4/"}})),
            (Keys{"t/p=1/a", "t/p=1/b/c", "t/p=3/a"}));
  EXPECT_EQ(keys(world_.Run(ListPrefixes{kBucket, {"t/p=1/b/"}})), Keys{"t/p=1/b/c"});
  EXPECT_EQ(world_.Run(ListPrefixes{kBucket, {"t/p=1/", "t/p=3/"}, 2}).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(world_.Run(ListPrefixes{kBucket, {}}).error().code, ErrorCode::kInvalidArgument);

  const ListPrefixes both{kBucket, {"t/p=1/", "t/p=3/"}};
  const std::string allowed = R"({"Effect":"Allow","Action":"s3:ListBucket","Resource":"*",
                                  "Condition":{"StringEquals":{"s3:prefix":["t/p=1/","t/p=3/"]}}})";
  world_.policies.Set(world_.guest, R"({"Version":"2012-10-17","Statement":[)" + allowed + "]}");
  EXPECT_EQ(keys(world_.Run(world_.guest, both)), (Keys{"t/p=1/a", "t/p=1/b/c", "t/p=3/a"}));
  EXPECT_EQ(world_.Refused(world_.guest, ListPrefixes{kBucket, {"t/p=1/", "t/p=2/", "t/p=3/"}}), "AccessDenied");
  EXPECT_EQ(world_.Refused(world_.guest, ListPrefix{kBucket, "t/"}), "AccessDenied");
  const std::string denied = R"({"Effect":"Deny","Action":"s3:ListBucket","Resource":"*",
                                 "Condition":{"StringEquals":{"s3:prefix":"t/p=3/"}}})";
  world_.policies.Set(world_.guest, R"({"Version":"2012-10-17","Statement":[)" + allowed + "," + denied + "]}");
  EXPECT_EQ(world_.Refused(world_.guest, both), "AccessDenied");
}

}  // namespace
}  // namespace hanse::objects
