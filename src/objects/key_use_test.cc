#include "objects/key_use.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "objects/test_world.h"

// Who may have bytes sealed and opened: the key decides besides the bucket.
namespace hanse::objects {
namespace {

constexpr const char* kSealedBucket = "b-1";
constexpr const char* kForeignKey = "arn:aws:kms:us-east-1:444455556666:key/theirs";

class KeyUseTest : public testing::Test {
 protected:
  void SetUp() override {
    world_.MakeBucket(kSealedBucket);
    ASSERT_TRUE(world_.Run(World::Put(kSealedBucket, "k", "x")));
    world_.Enrol(world_.stranger);
    PutBucketPolicy op;
    op.in.bucket = kSealedBucket;
    op.in.policy = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},
        "Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b-1/*"}]})";
    ASSERT_TRUE(world_.Run(op));
  }
  // The key's policy: these actions to this principal.
  void OpenKey(const std::string& principal, const std::string& actions, const std::string& more = "") {
    world_.key_policies.statement =
        R"({"Effect":"Allow","Principal":{"AWS":")" + principal + R"("},"Action":)" + actions + R"(,"Resource":"*")" + more + "}";
  }
  std::string PutAs(const Caller& caller) { return world_.Refused(caller, World::Put(kSealedBucket, "new", "y")); }

  World world_;
};

TEST_F(KeyUseTest, AcrossAccountsTheKeyAndTheReadersOwnPoliciesMustAgree) {
  world_.Allow(world_.stranger, R"("s3:GetObject","kms:Decrypt")");
  EXPECT_EQ(world_.Get(world_.stranger, kSealedBucket, "k"), "[AccessDenied]");
  OpenKey("444455556666", R"("kms:Decrypt")");
  EXPECT_EQ(world_.Get(world_.stranger, kSealedBucket, "k"), "x");
  world_.Allow(world_.stranger, R"("s3:GetObject")");
  EXPECT_EQ(world_.Get(world_.stranger, kSealedBucket, "k"), "[AccessDenied]");
  world_.Allow(world_.stranger, R"("s3:GetObject","kms:Decrypt")");
  OpenKey("111122223333", R"("kms:Decrypt")");
  EXPECT_EQ(world_.Get(world_.stranger, kSealedBucket, "k"), "[AccessDenied]");
}

TEST_F(KeyUseTest, ReadingAndWritingAreRightsOfTheirOwn) {
  world_.Allow(world_.guest, R"("s3:GetObject","s3:PutObject")");
  world_.Enrol(world_.guest);
  OpenKey(world_.guest.arn, R"("kms:Decrypt")");
  EXPECT_EQ(world_.Get(world_.guest, kSealedBucket, "k"), "x");
  EXPECT_EQ(PutAs(world_.guest), "AccessDenied");
  OpenKey(world_.guest.arn, R"("kms:GenerateDataKey")");
  EXPECT_EQ(world_.Get(world_.guest, kSealedBucket, "k"), "[AccessDenied]");
  EXPECT_EQ(PutAs(world_.guest), "");
}

TEST_F(KeyUseTest, WorkInsideTheServerAsksTheKeyToo) {
  world_.Allow(world_.stranger, R"("s3:GetObject","kms:Decrypt")");
  EXPECT_EQ(world_.Refused(world_.stranger, OpenObjects{kSealedBucket, {"k"}}), "AccessDenied");
  OpenKey("444455556666", R"("kms:Decrypt")");
  EXPECT_EQ(world_.Refused(world_.stranger, OpenObjects{kSealedBucket, {"k"}}), "");
}

TEST_F(KeyUseTest, ACopyOpensItsSourceAndSealsItsTarget) {
  CopyObject copy;
  copy.in.bucket = kSealedBucket;
  copy.in.key = "copy";
  copy.in.copy_source = "b-1/k";
  OpenKey("111122223333", R"("kms:GenerateDataKey")");
  world_.Allow(world_.admin, R"("s3:*","kms:*")");
  EXPECT_EQ(world_.Refused(world_.admin, copy), "AccessDenied");
  OpenKey("111122223333", R"("kms:Decrypt")");
  EXPECT_EQ(world_.Refused(world_.admin, copy), "AccessDenied");
  OpenKey("111122223333", R"(["kms:Decrypt","kms:GenerateDataKey"])");
  EXPECT_EQ(world_.Refused(world_.admin, copy), "");
}

TEST_F(KeyUseTest, PartsAreSealedAndTheWholeIsOpened) {
  world_.Allow(world_.admin, R"("s3:*","kms:*")");
  CreateMultipartUpload begin;
  begin.in.bucket = kSealedBucket;
  begin.in.key = "big";
  auto begun = world_.Run(begin);
  ASSERT_TRUE(begun);
  auto part = [&] {
    UploadPart op;
    op.in.bucket = kSealedBucket;
    op.in.key = "big";
    op.in.upload_id = begun->upload_id;
    op.in.part_number = 1;
    op.in.body = std::make_shared<TextSource>("part");
    return op;
  };
  OpenKey("111122223333", R"("kms:Decrypt")");
  EXPECT_EQ(world_.Refused(world_.admin, part()), "AccessDenied");
  OpenKey("111122223333", R"("kms:GenerateDataKey")");
  auto sent = world_.Run(part());
  ASSERT_TRUE(sent);
  CompleteMultipartUpload end;
  end.in.bucket = kSealedBucket;
  end.in.key = "big";
  end.in.upload_id = begun->upload_id;
  end.in.multipart_upload.emplace().parts = {{s3::CompletedPart{.e_tag = sent->e_tag, .part_number = 1}}};
  EXPECT_EQ(world_.Refused(world_.admin, end), "AccessDenied");
  OpenKey("111122223333", R"(["kms:Decrypt","kms:GenerateDataKey"])");
  EXPECT_EQ(world_.Refused(world_.admin, end), "");
}

TEST_F(KeyUseTest, ThePolicyOfAKeyReadsThroughWhomItIsUsed) {
  world_.Allow(world_.admin, R"("s3:*","kms:*")");
  auto via = [](const char* service) {
    return fmt::format(R"(,"Condition":{{"StringEquals":{{"kms:ViaService":"{}"}}}})", service);
  };
  OpenKey("111122223333", R"("kms:Decrypt")", via("s3.us-east-1.amazonaws.com"));
  EXPECT_EQ(world_.Get(world_.admin, kSealedBucket, "k"), "x");
  OpenKey("111122223333", R"("kms:Decrypt")", via("athena.us-east-1.amazonaws.com"));
  EXPECT_EQ(world_.Get(world_.admin, kSealedBucket, "k"), "[AccessDenied]");
  OpenKey("111122223333", R"("kms:Decrypt")",
          R"(,"Condition":{"StringEquals":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::b-1"}})");
  EXPECT_EQ(world_.Get(world_.admin, kSealedBucket, "k"), "x");
}

TEST_F(KeyUseTest, WhoNamesAKeyOfAnotherAccountDoesNotLearnWhetherItIsThere) {
  PutObject put = World::Put(kSealedBucket, "named", "y");
  put.in.server_side_encryption = "aws:kms";
  put.in.ssekms_key_id = kForeignKey;
  EXPECT_EQ(world_.Refused(world_.admin, put), "AccessDenied");
  PutBucketEncryption set;
  set.in.bucket = kSealedBucket;
  s3::ServerSideEncryptionRule rule;
  rule.apply_server_side_encryption_by_default = {.sse_algorithm = "aws:kms", .kms_master_key_id = kForeignKey};
  set.in.server_side_encryption_configuration.emplace().rules = {rule};
  EXPECT_EQ(world_.Refused(world_.admin, set), "");
  EXPECT_EQ(PutAs(world_.admin), "AccessDenied");
  OpenKey("111122223333", R"("kms:GenerateDataKey")");
  world_.Allow(world_.admin, R"("s3:*","kms:*")");
  EXPECT_EQ(PutAs(world_.admin), "");
}

}  // namespace
}  // namespace hanse::objects
