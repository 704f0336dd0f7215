#include "objects/buckets.h"

#include <gtest/gtest.h>

#include "model/wrong_region.h"
#include "objects/test_world.h"

namespace hanse::objects {
namespace {

template <class Op>
Op On(const std::string& bucket) {
  Op op;
  op.in.bucket = bucket;
  return op;
}

class BucketsTest : public testing::Test {
 protected:
  void SetUp() override { world_.MakeBucket("b-1"); }
  PutBucketPolicy Policy(const std::string& statement) {
    auto op = On<PutBucketPolicy>("b-1");
    op.in.policy = R"({"Version":"2012-10-17","Statement":[)" + statement + "]}";
    return op;
  }
  World world_;
};

TEST_F(BucketsTest, NamesAreGlobalAndOnesOwnCanBeMadeAgain) {
  EXPECT_EQ(world_.Refused(world_.admin, On<CreateBucket>("b-1")), "");
  EXPECT_EQ(world_.Refused(world_.stranger, On<CreateBucket>("b-1")), "BucketAlreadyExists");
  auto elsewhere = On<CreateBucket>("b-1");
  elsewhere.in.create_bucket_configuration.emplace().location_constraint = "eu-west-1";
  EXPECT_EQ(world_.Refused(world_.admin, elsewhere), "BucketAlreadyOwnedByYou");
  for (const char* name : {"UPPER-case", "under_score", "192.168.1.1", "dot..dot", "-dash", "ab", "xn--x", "a-s3alias"}) {
    EXPECT_EQ(world_.Refused(world_.admin, On<CreateBucket>(name)), "InvalidBucketName") << name;
  }
}

TEST_F(BucketsTest, OnesOwnAreListedInPages) {
  for (const char* name : {"b-2", "b-3", "other"}) world_.MakeBucket(name);
  ListBuckets list;
  list.in.max_buckets = 2;
  list.in.prefix = "b-";
  auto page = world_.Run(list);
  ASSERT_TRUE(page && page->continuation_token);
  EXPECT_EQ(page->buckets->size(), 2u);
  list.in.continuation_token = page->continuation_token;
  auto rest = world_.Run(list);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->buckets->size(), 1u);
  EXPECT_EQ(rest->buckets->front().name, "b-3");
  EXPECT_FALSE(rest->continuation_token);
  EXPECT_EQ(world_.Refused(world_.stranger, list), "InvalidArgument");  // Another's token.
  EXPECT_TRUE(world_.Run(world_.stranger, ListBuckets())->buckets->empty());
  EXPECT_EQ(world_.Refused(world_.guest, ListBuckets()), "AccessDenied");
}

TEST_F(BucketsTest, OnlyAnEmptyBucketIsDeletedAndItsUploadsGoWithIt) {
  ASSERT_TRUE(world_.Run(World::Put("b-1", "k", "x")));
  EXPECT_EQ(world_.Refused(world_.admin, On<DeleteBucket>("b-1")), "BucketNotEmpty");
  DeleteObject gone;
  gone.in.bucket = "b-1";
  gone.in.key = "k";
  ASSERT_TRUE(world_.Run(gone));
  CreateMultipartUpload begin;
  begin.in.bucket = "b-1";
  begin.in.key = "k";
  UploadPart part;
  part.in.bucket = "b-1";
  part.in.key = "k";
  part.in.part_number = 1;
  part.in.upload_id = world_.Run(begin)->upload_id;
  part.in.body = std::make_shared<TextSource>("part");
  ASSERT_TRUE(world_.Run(part));
  ASSERT_TRUE(world_.Run(On<DeleteBucket>("b-1")));
  EXPECT_EQ(world_.Refused(world_.admin, On<HeadBucket>("b-1")), "NoSuchBucket");
  auto tx = world_.store->BeginRead().value();
  EXPECT_EQ(tx->One("SELECT count(*) FROM blob_trash")->Int(0), 2);  // The object's and the part's.
}

TEST_F(BucketsTest, ANamesakeInheritsNothing) {
  auto tags = On<PutBucketTagging>("b-1");
  tags.in.tagging.emplace().tag_set = std::vector<s3::Tag>{{"domain", "sales"}};
  ASSERT_TRUE(world_.Run(tags));
  ASSERT_TRUE(world_.Run(On<DeleteBucket>("b-1")));
  world_.MakeBucket("b-1");
  EXPECT_EQ(world_.Refused(world_.admin, On<GetBucketTagging>("b-1")), "NoSuchTagSet");
}

TEST_F(BucketsTest, ConfigurationsAreKeptAndTaken) {
  auto tags = On<PutBucketTagging>("b-1");
  tags.in.tagging.emplace().tag_set = std::vector<s3::Tag>{{"domain", "sales"}};
  ASSERT_TRUE(world_.Run(tags));
  EXPECT_EQ(world_.Run(On<GetBucketTagging>("b-1"))->tag_set, tags.in.tagging->tag_set);
  ASSERT_TRUE(world_.Run(On<DeleteBucketTagging>("b-1")));
  EXPECT_EQ(world_.Refused(world_.admin, On<GetBucketTagging>("b-1")), "NoSuchTagSet");

  EXPECT_FALSE(world_.Run(On<GetBucketVersioning>("b-1"))->status);
  auto versioning = On<PutBucketVersioning>("b-1");
  versioning.in.versioning_configuration.emplace().status = "Enabled";
  ASSERT_TRUE(world_.Run(versioning));
  EXPECT_EQ(world_.Run(On<GetBucketVersioning>("b-1"))->status, "Enabled");

  EXPECT_FALSE(world_.Run(On<GetBucketLocation>("b-1"))->location_constraint);
  EXPECT_EQ(world_.Run(On<HeadBucket>("b-1"))->bucket_region, "us-east-1");
  auto ownership = world_.Run(On<GetBucketOwnershipControls>("b-1"));
  EXPECT_EQ(ownership->ownership_controls->rules->front().object_ownership, "BucketOwnerEnforced");
}

// S3's clients go by the region that the refusal names.
TEST_F(BucketsTest, ABucketIsAskedInItsRegion) {
  ASSERT_TRUE(world_.Run(World::Put("b-1", "k", "x")));
  DeleteObjects batch;
  batch.in.bucket = "b-1";
  batch.in.delete_.emplace().objects = {{s3::ObjectIdentifier{.key = "k"}}};
  world_.region = "eu-west-1";
  auto asked = world_.Run(On<HeadBucket>("b-1"));
  ASSERT_FALSE(asked);
  EXPECT_EQ(HomeRegionOf(asked.error()), "us-east-1");
  EXPECT_EQ(world_.Get(world_.admin, "b-1", "k"), "[AuthorizationHeaderMalformed]");
  EXPECT_EQ(world_.Refused(world_.admin, batch), "AuthorizationHeaderMalformed");
  EXPECT_EQ(HomeRegionOf(world_.Run(On<HeadBucket>("none")).error()), "");
  world_.region = "us-east-1";
  EXPECT_EQ(world_.Get(world_.admin, "b-1", "k"), "x");
}

TEST_F(BucketsTest, EncryptionIsThereFromTheStart) {
  auto has = world_.Run(On<GetBucketEncryption>("b-1"));
  ASSERT_TRUE(has);
  const auto& how = has->server_side_encryption_configuration->rules->front().apply_server_side_encryption_by_default;
  EXPECT_EQ(how->sse_algorithm, "aws:kms");
  EXPECT_EQ(how->kms_master_key_id, "arn:aws:kms:us-east-1:111122223333:key/domain");
  auto put = On<PutBucketEncryption>("b-1");
  s3::ServerSideEncryptionRule rule;
  rule.apply_server_side_encryption_by_default = {.sse_algorithm = "aws:kms", .kms_master_key_id = "alias/none"};
  put.in.server_side_encryption_configuration.emplace().rules = {rule};
  EXPECT_EQ(world_.Refused(world_.admin, put), "KMS.NotFoundException");
}

TEST_F(BucketsTest, NothingIsPublic) {
  auto block = world_.Run(On<GetPublicAccessBlock>("b-1"))->public_access_block_configuration;
  EXPECT_TRUE(*block->block_public_acls && *block->block_public_policy && *block->restrict_public_buckets &&
              *block->ignore_public_acls);
  ASSERT_TRUE(world_.Run(World::Put("b-1", "k", "x")));
  const std::string open = R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b-1/*"})";
  EXPECT_EQ(world_.Refused(world_.admin, Policy(open)), "AccessDenied");
  Caller nobody;
  EXPECT_EQ(world_.Get(nobody, "b-1", "k"), "[AccessDenied]");

  // A policy that became public while the block was away counts for nobody outside once it is back.
  ASSERT_TRUE(world_.Run(On<DeletePublicAccessBlock>("b-1")));
  ASSERT_TRUE(world_.Run(Policy(open)));
  EXPECT_TRUE(*world_.Run(On<GetBucketPolicyStatus>("b-1"))->policy_status->is_public);
  auto restrict = On<PutPublicAccessBlock>("b-1");
  restrict.in.public_access_block_configuration.emplace().restrict_public_buckets = true;
  ASSERT_TRUE(world_.Run(restrict));
  EXPECT_EQ(world_.Get(nobody, "b-1", "k"), "[AccessDenied]");
  EXPECT_EQ(world_.Get(world_.stranger, "b-1", "k"), "[AccessDenied]");
}

TEST_F(BucketsTest, APolicyThatMakesNoSenseIsRefused) {
  auto raw = On<PutBucketPolicy>("b-1");
  for (const char* document :
       {"{", "[]", R"({"Version": "2012-10-17"})",
        R"({"Version": "2012-10-17", "Statement": [{"Effect": "Maybe", "Principal": "*", "Action": "s3:*"}]})"}) {
    raw.in.policy = document;
    EXPECT_EQ(world_.Refused(world_.admin, raw), "MalformedPolicy") << document;
  }
  EXPECT_EQ(world_.Refused(world_.admin,
                           Policy(R"({"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b-2/*"})")),
            "MalformedPolicy");
  EXPECT_EQ(
      world_.Refused(world_.admin, Policy(R"({"Effect":"Deny","Principal":"*","Action":"iam:*","Resource":"arn:aws:s3:::b-1/*"})")),
      "MalformedPolicy");
  EXPECT_EQ(world_.Refused(world_.admin, On<GetBucketPolicy>("b-1")), "NoSuchBucketPolicy");
}

TEST_F(BucketsTest, ADenialBindsTheOwnerTooButNeverLocksTheRootOut) {
  ASSERT_TRUE(world_.Run(World::Put("b-1", "k", "x")));
  EXPECT_EQ(world_.Get(world_.admin, "b-1", "k"), "x");
  ASSERT_TRUE(world_.Run(
      Policy(R"({"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b-1","arn:aws:s3:::b-1/*"]})")));
  EXPECT_EQ(world_.Get(world_.admin, "b-1", "k"), "[AccessDenied]");
  EXPECT_EQ(world_.Refused(world_.admin, On<DeleteBucketPolicy>("b-1")), "AccessDenied");
  Caller root = World::User(World::kOwner, "root");
  root.kind = CallerKind::kRoot;
  root.arn = root.principal_arn = "arn:aws:iam::111122223333:root";
  world_.Allow(root, R"("s3:*")");
  ASSERT_TRUE(world_.Run(root, On<DeleteBucketPolicy>("b-1")));
  EXPECT_EQ(world_.Get(world_.admin, "b-1", "k"), "x");
}

}  // namespace
}  // namespace hanse::objects
