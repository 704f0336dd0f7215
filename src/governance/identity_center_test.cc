#include <gtest/gtest.h>

#include "governance/governance_lab.h"

namespace hanse::governance {
namespace {

TEST(IdentityCenterTest, TheConnectionIsItsAdministratorsAlone) {
  Lab lab;
  Caller owner = lab.Governed("111111111111");
  Caller stranger = lab.Governed("222222222222");
  CreateLakeFormationIdentityCenterConfiguration make;
  make.in.instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef";
  Caller other = lab.Role("111111111111", "other");
  EXPECT_EQ(lab.Run(other, make, lab.identity_center_).error().code, ErrorCode::kAccessDenied);
  std::string application = *lab.Run(owner, make, lab.identity_center_)->application_arn;
  EXPECT_EQ(lab.Run(owner, make, lab.identity_center_).error().code, ErrorCode::kAlreadyExists);
  UpdateLakeFormationIdentityCenterConfiguration update;
  update.in.share_recipients = {{{.data_lake_principal_identifier = "222222222222"}}};
  ASSERT_TRUE(lab.Run(owner, update, lab.identity_center_));
  update.in.share_recipients = {{{.data_lake_principal_identifier = owner.principal_arn}}};
  EXPECT_EQ(lab.Run(owner, update, lab.identity_center_).error().code, ErrorCode::kInvalidArgument);
  DescribeLakeFormationIdentityCenterConfiguration look;
  auto shown = lab.Run(owner, look, lab.identity_center_);
  EXPECT_EQ(shown->application_arn, application);
  EXPECT_EQ(shown->share_recipients->front().data_lake_principal_identifier, "222222222222");
  EXPECT_FALSE(lab.Run(other, look, lab.identity_center_));
  ASSERT_TRUE(lab.Run(owner, DeleteLakeFormationIdentityCenterConfiguration(), lab.identity_center_));
  EXPECT_EQ(lab.Run(owner, look, lab.identity_center_).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace hanse::governance
