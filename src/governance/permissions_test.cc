#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "governance/governance_lab.h"
#include "governance/managed_permissions.h"

namespace hanse::governance {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
namespace ram = wire::ram;

constexpr std::string_view kRead = R"({"Effect":"Allow","Action":["glue:GetTable"]})";
const std::string kDefault = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionGlueTable";

class PermissionTest : public testing::Test {
 protected:
  Lab lab;
  Caller owner = lab.Governed("111111111111");
  Caller stranger = lab.Governed("222222222222");
  const std::string table = "arn:aws:glue:us-east-1:111111111111:table/sales/orders";

  Result<CreatePermission::Answer> Make(const std::string& name, std::string_view text = kRead,
                                        const std::string& type = "glue:Table") {
    CreatePermission op;
    op.in = {.name = name, .resource_type = type, .policy_template = std::string(text)};
    return lab.Run(owner, op, lab.permissions_);
  }
  template <class Op, class Service>
  auto About(const Caller& who, const std::string& arn, Service& service, std::optional<std::int32_t> version = {}) {
    Op op;
    op.in.permission_arn = arn;
    if constexpr (requires { op.in.permission_version; }) op.in.permission_version = version;
    return lab.Run(who, op, service);
  }
  std::string Share(std::vector<std::string> resources, std::vector<std::string> permissions = {}) {
    CreateResourceShare op;
    op.in = {.name = "s", .resource_arns = std::move(resources), .permission_arns = std::move(permissions)};
    return *lab.Run(owner, op, lab.shares_)->resource_share->resource_share_arn;
  }
  std::vector<ram::ResourceSharePermissionSummary> Held(const std::string& share) {
    ListResourceSharePermissions op;
    op.in.resource_share_arn = share;
    return *lab.Run(owner, op, lab.share_permissions_)->permissions;
  }
  Result<AssociateResourceSharePermission::Answer> Associate(const std::string& share, const std::string& permission,
                                                             bool replace) {
    AssociateResourceSharePermission op;
    op.in = {.resource_share_arn = share, .permission_arn = permission, .replace = replace};
    return lab.Run(owner, op, lab.share_permissions_);
  }
};

TEST_F(PermissionTest, AwsManagesSomeThatAreReadWithTheirVersions) {
  ListSharePermissions list;
  list.in = {.resource_type = "glue:Table", .permission_type = "AWS_MANAGED"};
  auto shown = *lab.Run(owner, list, lab.permissions_)->permissions;
  EXPECT_THAT(shown, Not(IsEmpty()));
  for (const auto& one : shown) EXPECT_EQ(one.resource_type, "glue:Table");
  list.in.permission_type = "CUSTOMER_MANAGED";
  EXPECT_THAT(*lab.Run(owner, list, lab.permissions_)->permissions, IsEmpty());
  EXPECT_THAT(*About<ListPermissionVersions>(owner, kDefault, lab.permissions_)->permissions, SizeIs(2));
  EXPECT_THAT(*About<GetPermission>(owner, kDefault, lab.permissions_)->permission->permission, HasSubstr("SearchTables"));
  EXPECT_THAT(*About<GetPermission>(owner, kDefault, lab.permissions_, 1)->permission->permission, Not(HasSubstr("SearchTables")));
  EXPECT_EQ(About<GetPermission>(owner, kDefault, lab.permissions_, 9).error().name, "UnknownResourceException");
  EXPECT_EQ(About<DeletePermission>(owner, kDefault, lab.permissions_).error().name, "OperationNotPermittedException");
  EXPECT_THAT(*lab.Run(owner, ListResourceTypes(), lab.permissions_)->resource_types, SizeIs(3));
}

TEST_F(PermissionTest, AnAccountsOwnHasVersionsAndIsNobodyElses) {
  std::string arn = *Make("mine")->permission->arn;
  EXPECT_EQ(Make("mine").error().name, "PermissionAlreadyExistsException");
  EXPECT_EQ(About<GetPermission>(stranger, arn, lab.permissions_).error().name, "UnknownResourceException");
  CreatePermissionVersion next;
  next.in = {.permission_arn = arn, .policy_template = R"({"Effect":"Allow","Action":"glue:GetTables"})"};
  EXPECT_EQ(lab.Run(owner, next, lab.permissions_)->permission->version, "2");
  EXPECT_THAT(*About<GetPermission>(owner, arn, lab.permissions_)->permission->permission, HasSubstr("GetTables"));
  EXPECT_FALSE(About<DeletePermissionVersion>(owner, arn, lab.permissions_, 2)) << "the default version";
  ASSERT_TRUE(About<SetDefaultPermissionVersion>(owner, arn, lab.permissions_, 1));
  EXPECT_FALSE(About<SetDefaultPermissionVersion>(owner, arn, lab.permissions_, 7));
  ASSERT_TRUE(About<DeletePermissionVersion>(owner, arn, lab.permissions_, 2));
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(lab.Run(owner, next, lab.permissions_));
  EXPECT_EQ(lab.Run(owner, next, lab.permissions_).error().name, "PermissionVersionsLimitExceededException");
  EXPECT_FALSE(About<DeletePermission>(stranger, arn, lab.permissions_));
  ASSERT_TRUE(About<DeletePermission>(owner, arn, lab.permissions_));
  EXPECT_FALSE(About<GetPermission>(owner, arn, lab.permissions_));
}

TEST_F(PermissionTest, ATemplateAllowsActionsOfItsTypeAndNamesNothingElse) {
  for (const char* text :
       {"", "[]", R"({"Effect":"Deny","Action":"glue:GetTable"})", R"({"Effect":"Allow"})", R"({"Effect":"Allow","Action":[]})",
        R"({"Effect":"Allow","Action":"s3:GetObject"})", R"({"Effect":"Allow","Action":"glue:GetTable","Resource":"*"})"}) {
    EXPECT_FALSE(Make("odd", text)) << text;
  }
  EXPECT_EQ(Make("odd", kRead, "ec2:Subnet").error().name, "InvalidParameterException");
  EXPECT_TRUE(Make("even"));
}

TEST_F(PermissionTest, AShareHasOnePermissionForEachTypeOfItsResources) {
  std::string mine = *Make("mine")->permission->arn;
  std::string share = Share({table});
  ASSERT_THAT(Held(share), SizeIs(1));
  EXPECT_EQ(Held(share)[0].arn, kDefault);
  EXPECT_FALSE(Associate(share, mine, false)) << "it has one for tables";
  ASSERT_TRUE(Associate(share, mine, true));
  EXPECT_EQ(Held(share)[0].arn, mine);
  EXPECT_FALSE(About<DeletePermission>(owner, mine, lab.permissions_)) << "it is in use";
  DisassociateResourceSharePermission cut;
  cut.in = {.resource_share_arn = share, .permission_arn = mine};
  EXPECT_FALSE(lab.Run(owner, cut, lab.share_permissions_)) << "there are tables in the share";
  std::string empty = Share({}, {mine});
  cut.in.resource_share_arn = empty;
  EXPECT_THAT(Held(empty), SizeIs(1));
  ASSERT_TRUE(lab.Run(owner, cut, lab.share_permissions_));
  EXPECT_THAT(Held(empty), IsEmpty());
  ListResourceSharePermissions look;
  look.in.resource_share_arn = share;
  EXPECT_FALSE(lab.Run(stranger, look, lab.share_permissions_));
  UpdatePermission deprecate;
  deprecate.in = {.permission_arn = mine, .status = "DEPRECATED"};
  ASSERT_TRUE(lab.Run(owner, deprecate, lab.permissions_));
  EXPECT_FALSE(Associate(empty, mine, true));
}

TEST_F(PermissionTest, AReplacementReachesEveryShareAndIsRemembered) {
  std::string mine = *Make("mine")->permission->arn;
  std::string one = Share({table}), two = Share({table});
  ReplacePermissionAssociations op;
  op.in = {.from_permission_arn = kDefault, .to_permission_arn = mine};
  auto work = *lab.Run(owner, op, lab.share_permissions_)->replace_permission_associations_work;
  EXPECT_EQ(Held(one)[0].arn, mine);
  EXPECT_EQ(Held(two)[0].arn, mine);
  ListReplacePermissionAssociationsWork list;
  list.in.work_ids = {{*work.id}};
  EXPECT_THAT(*lab.Run(owner, list, lab.share_permissions_)->replace_permission_associations_works, SizeIs(1));
  EXPECT_THAT(*lab.Run(stranger, list, lab.share_permissions_)->replace_permission_associations_works, IsEmpty());
  ListPermissionAssociations who;
  who.in.permission_arn = mine;
  EXPECT_THAT(*lab.Run(owner, who, lab.share_permissions_)->permissions, SizeIs(2));
}

TEST_F(PermissionTest, APolicyIsShownForWhatIsShared) {
  lab.EnableSharing();
  store::DatabaseRow sales = lab.Database(owner, "sales");
  store::TableRow orders = lab.Table(owner, sales, "orders", {"id"});
  GetSharedResourcePolicies get;
  get.in.resource_arns = {{table}};
  EXPECT_THAT(*lab.Run(owner, get, lab.share_permissions_)->policies, IsEmpty());
  ASSERT_TRUE(lab.Grant(owner, "222222222222", Lab::On(orders), {"SELECT"}));
  auto policies = *lab.Run(owner, get, lab.share_permissions_)->policies;
  ASSERT_THAT(policies, SizeIs(1));
  EXPECT_THAT(policies[0], HasSubstr("222222222222"));
  EXPECT_THAT(policies[0], HasSubstr("glue:GetTable"));
  EXPECT_EQ(lab.Run(stranger, get, lab.share_permissions_).error().name, "ResourceArnNotFoundException");
  ASSERT_TRUE(lab.Revoke(owner, "222222222222", Lab::On(orders), {"SELECT"}));
  EXPECT_THAT(*lab.Run(owner, get, lab.share_permissions_)->policies, IsEmpty());
}

}  // namespace
}  // namespace hanse::governance
