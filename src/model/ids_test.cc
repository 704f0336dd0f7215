#include "model/ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/arn.h"

namespace hanse {
namespace {

using testing::MatchesRegex;

// The patterns are those of the service models (organizations, iam, sts).
TEST(Ids, LookAsTheServicesModelsSay) {
  SeededRandom random(7);
  for (int i = 0; i < 200; ++i) {
    EXPECT_THAT(NewIamId(random, "AKIA"), MatchesRegex("[A-Z0-9]{20}"));
    EXPECT_THAT(NewIamId(random, "AROA"), MatchesRegex("AROA[A-Z2-7]{17}"));
    EXPECT_THAT(NewAccessKeySecret(random), MatchesRegex("[A-Za-z0-9+/]{40}"));
    EXPECT_THAT(NewOrganizationId(random), MatchesRegex("o-[a-z0-9]{10,32}"));
    std::string root = NewRootId(random);
    EXPECT_THAT(root, MatchesRegex("r-[0-9a-z]{4,32}"));
    EXPECT_THAT(NewUnitId(random, root), MatchesRegex("ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}"));
    EXPECT_THAT(NewCreateAccountRequestId(random), MatchesRegex("car-[a-z0-9]{8,32}"));
    EXPECT_THAT(NewAccountId(random), MatchesRegex("[1-9][0-9]{11}"));
    EXPECT_THAT(NewRequestId(random), MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  }
}

TEST(Arn, ReadsAndWrites) {
  auto arn = ParseArn("arn:aws:glue:us-east-1:111111111111:table/sales/orders");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->service, "glue");
  EXPECT_EQ(arn->resource, "table/sales/orders");
  EXPECT_EQ(arn->Text(), "arn:aws:glue:us-east-1:111111111111:table/sales/orders");
  EXPECT_EQ(ParseArn("arn:aws:s3:::bucket/a:b")->resource, "bucket/a:b");
  EXPECT_FALSE(ParseArn("arn:aws:glue"));
  EXPECT_FALSE(ParseArn("urn:aws:s3:::b"));
  EXPECT_EQ(RoleArn("111111111111", "/hanse/", "lake"), "arn:aws:iam::111111111111:role/hanse/lake");
  EXPECT_EQ(S3Arn("b"), "arn:aws:s3:::b");
  EXPECT_EQ(S3Arn("b", "k/x"), "arn:aws:s3:::b/k/x");
}

}  // namespace
}  // namespace hanse
