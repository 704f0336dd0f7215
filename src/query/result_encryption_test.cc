#include "query/result_encryption.h"

#include <gtest/gtest.h>

namespace hanse::query {
namespace {

namespace athena = wire::athena;

athena::ResultConfiguration With(const char* option, const char* key = nullptr) {
  athena::EncryptionConfiguration encryption{.encryption_option = option};
  if (key != nullptr) encryption.kms_key = key;
  return {.encryption_configuration = encryption};
}

athena::WorkGroupConfiguration Group(std::optional<athena::ResultConfiguration> own, bool minimum, bool enforced = false) {
  return {.result_configuration = std::move(own),
          .enforce_work_group_configuration = enforced,
          .enable_minimum_encryption_configuration = minimum};
}

std::string OptionOf(const athena::WorkGroupConfiguration& group, const std::optional<athena::ResultConfiguration>& asked) {
  auto encryption = EncryptionOf(group, asked);
  if (!encryption) return "refused";
  return *encryption ? (*encryption)->encryption_option.value_or("") : "none";
}

TEST(ResultEncryption, NobodyGetsLessThanTheMinimum) {
  auto kms = Group(With("SSE_KMS", "k"), true), s3 = Group(With("SSE_S3"), true);
  EXPECT_EQ(OptionOf(kms, With("SSE_S3")), "refused");
  EXPECT_EQ(OptionOf(kms, With("SSE_KMS", "other")), "SSE_KMS");
  EXPECT_EQ(OptionOf(kms, std::nullopt), "SSE_KMS");
  EXPECT_EQ(OptionOf(kms, athena::ResultConfiguration{}), "SSE_KMS");
  EXPECT_EQ(OptionOf(s3, With("SSE_S3")), "SSE_S3");
  EXPECT_EQ(OptionOf(s3, With("SSE_KMS", "k")), "SSE_KMS");
  EXPECT_EQ(OptionOf(Group(With("SSE_KMS", "k"), false), With("SSE_S3")), "SSE_S3");
}

TEST(ResultEncryption, WhatIsEnforcedIsAskedOfNobody) {
  auto group = Group(With("SSE_S3"), true, true);
  EXPECT_EQ(OptionOf(group, With("SSE_KMS", "k")), "SSE_S3");
  EXPECT_EQ(KmsKeyOf(With("SSE_KMS", "k")), "k");
  EXPECT_EQ(KmsKeyOf(With("SSE_S3")), std::nullopt);
  EXPECT_EQ(KmsKeyOf(std::nullopt), std::nullopt);
}

TEST(ResultEncryption, WhatCannotBeIsRefused) {
  EXPECT_FALSE(CheckEncryption(Group(std::nullopt, true)));
  EXPECT_FALSE(CheckEncryption(Group(athena::ResultConfiguration{}, true)));
  EXPECT_TRUE(CheckEncryption(Group(With("SSE_S3"), true)));
  for (const auto& broken : {With("CSE_KMS", "k"), With("SSE_KMS"), With("SSE_S3", "k")}) {
    EXPECT_FALSE(CheckEncryption(Group(broken, false)));
    EXPECT_EQ(OptionOf(Group(std::nullopt, false), broken), "refused");
  }
}

}  // namespace
}  // namespace hanse::query
