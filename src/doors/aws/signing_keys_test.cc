#include "doors/aws/signing_keys.h"

#include <gtest/gtest.h>

namespace hanse::aws {
namespace {

const crypto::SigV4Scope kToday{"20260102", "eu-central-1", "glue"};

TEST(SigningKeys, AreThoseOfTheSecretAndTheScopeThatAreGiven) {
  SigningKeys keys;
  const crypto::SigV4Scope tomorrow{"20260103", "eu-central-1", "glue"}, elsewhere{"20260102", "us-east-1", "glue"},
      other{"20260102", "eu-central-1", "s3"};
  for (int round = 0; round < 2; ++round) {
    for (const crypto::SigV4Scope& scope : {kToday, tomorrow, elsewhere, other, kToday}) {
      for (const char* secret : {"one", "another", "one"}) EXPECT_EQ(keys.Of("AKIA1", secret, scope), SigningKey(secret, scope));
    }
  }
  EXPECT_EQ(keys.count(), 1u);
}

TEST(SigningKeys, GoWithTheirCredentialAndAreBounded) {
  SigningKeys keys;
  const std::string first = keys.Of("AKIA0", "secret", kToday);
  keys.Forget("AKIA0");
  EXPECT_EQ(keys.count(), 0u);
  EXPECT_EQ(keys.Of("AKIA0", "secret", kToday), first);
  for (std::size_t i = 0; i < 3 * SigningKeys::kCountMax; ++i) keys.Of("AKIA" + std::to_string(i), "secret", kToday);
  EXPECT_LE(keys.count(), SigningKeys::kCountMax);
}

}  // namespace
}  // namespace hanse::aws
