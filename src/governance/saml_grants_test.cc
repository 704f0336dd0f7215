#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "governance/governance_lab.h"
#include "governance/grantee.h"
#include "governance/lake_keeper.h"

namespace hanse::governance {
namespace {

using policy::Permission;

constexpr const char* kAccount = "111111111111";

// Users and groups of a SAML provider in grants (lakeformation.md, section 2.4).
class SamlGrantsTest : public testing::Test {
 protected:
  Lab lab;
  Caller admin = lab.Governed(kAccount);
  store::DatabaseRow sales = lab.Database(admin, "sales");
  store::TableRow orders = lab.Table(admin, sales, "orders", {"id", "amount", "email"});
  Caller role = lab.Role(kAccount, "analyst");
  Id idp = lab.SamlProvider(kAccount, "idp");
  const std::string ana = "arn:aws:iam::111111111111:saml-provider/idp:user/ana";
  const std::string analysts = "arn:aws:iam::111111111111:saml-provider/idp:group/analysts";

  std::vector<wire::lakeformation::PrincipalResourcePermissions> Listed(const Caller& by, const std::string& who) {
    ListPermissions list;
    list.in.principal = wire::lakeformation::DataLakePrincipal{.data_lake_principal_identifier = who};
    return *lab.Run(by, list, lab.listing_)->principal_resource_permissions;
  }
  // A session of the role that is decorated as somebody.
  Caller As(Id provider, const std::string& user, const std::vector<std::string>& groups) {
    Caller session = role;
    session.saml = std::make_shared<const SamlUser>(SamlUser{.provider = provider, .user = user, .groups = groups});
    return session;
  }
};

TEST_F(SamlGrantsTest, AGroupReadsFromTheGrantUntilTheRevoke) {
  const Caller member = As(idp, "ana", {"analysts", "finance"}), other = As(idp, "bob", {"finance"});
  EXPECT_FALSE(lab.Sees(member, orders).visible);
  ASSERT_TRUE(lab.Grant(admin, analysts, Lab::On(orders), {"SELECT"}));
  EXPECT_TRUE(lab.Sees(member, orders).permissions.Has(Permission::kSelect));
  EXPECT_TRUE(lab.Sees(member, sales).visible);
  EXPECT_FALSE(lab.Sees(other, orders).visible);
  EXPECT_FALSE(lab.Sees(role, orders).visible) << "the role alone is not in the group";
  EXPECT_FALSE(lab.Sees(As(idp, "analysts", {}), orders).visible) << "a user is no group of that name";
  ASSERT_TRUE(lab.Revoke(admin, analysts, Lab::On(orders), {"SELECT"}));
  EXPECT_FALSE(lab.Sees(member, orders).visible);
}

TEST_F(SamlGrantsTest, RoleUserAndGroupsAreUnited) {
  ASSERT_TRUE(lab.Grant(admin, role.principal_arn, Lab::Columns(orders, {"id"}), {"SELECT"}));
  ASSERT_TRUE(lab.Grant(admin, ana, Lab::Columns(orders, {"amount"}), {"SELECT"}));
  ASSERT_TRUE(lab.Grant(admin, analysts, Lab::Columns(orders, {"email"}), {"SELECT"}));
  EXPECT_THAT(lab.Sees(role, orders).columns, testing::ElementsAre("id"));
  EXPECT_THAT(lab.Sees(As(idp, "ana", {}), orders).columns, testing::ElementsAre("id", "amount"));
  EXPECT_THAT(lab.Sees(As(idp, "ana", {"analysts"}), orders).columns, testing::ElementsAre("id", "amount", "email"));
}

TEST_F(SamlGrantsTest, AnotherProviderOfTheSameNameHasNothing) {
  ASSERT_TRUE(lab.Grant(admin, analysts, Lab::On(orders), {"SELECT"}));
  const Id other = lab.SamlProvider(kAccount, "idp2");
  EXPECT_FALSE(lab.Sees(As(other, "ana", {"analysts"}), orders).visible);
  lab.Drop(idp);
  EXPECT_FALSE(lab.Sees(As(idp, "ana", {"analysts"}), orders).visible);
  const Id again = lab.SamlProvider(kAccount, "idp");
  EXPECT_FALSE(lab.Sees(As(again, "ana", {"analysts"}), orders).visible);
  EXPECT_TRUE(Listed(admin, analysts).empty());
  ASSERT_TRUE(lab.Grant(admin, analysts, Lab::On(orders), {"SELECT"}));
  EXPECT_TRUE(lab.Sees(As(again, "ana", {"analysts"}), orders).visible);
}

TEST_F(SamlGrantsTest, OnlyUsersAndGroupsOfProvidersThatAreThere) {
  for (const char* who :
       {"arn:aws:iam::111111111111:saml-provider/none:user/ana", "arn:aws:iam::111111111111:saml-provider/idp",
        "arn:aws:iam::111111111111:saml-provider/idp:user/", "arn:aws:iam::111111111111:saml-provider/idp:role/ana",
        "arn:aws:iam::222222222222:saml-provider/idp:user/ana"}) {
    auto refused = lab.Grant(admin, who, Lab::On(orders), {"SELECT"});
    ASSERT_FALSE(refused) << who;
    EXPECT_EQ(refused.error().message, "Invalid principal, arn: " + std::string(who));
  }
  // They administer nothing.
  PutDataLakeSettings put;
  put.in.data_lake_settings.emplace();
  put.in.data_lake_settings->data_lake_admins = {{{.data_lake_principal_identifier = ana}}};
  EXPECT_FALSE(lab.Run(admin, put, lab.settings_));
}

TEST_F(SamlGrantsTest, TheyAreShownAsTheyWereGranted) {
  ASSERT_TRUE(lab.Grant(admin, ana, Lab::On(orders), {"SELECT"}));
  EXPECT_THAT(Listed(admin, ana), testing::Not(testing::IsEmpty()));
  EXPECT_THAT(Listed(admin, analysts), testing::IsEmpty());
  // Who is that user sees its own grants; the role alone does not.
  EXPECT_THAT(Listed(As(idp, "ana", {}), ana), testing::Not(testing::IsEmpty()));
  EXPECT_THAT(Listed(role, ana), testing::IsEmpty());
}

TEST_F(SamlGrantsTest, TheCompiledSnapshotSaysTheSame) {
  LakeKeeper keeper;
  ASSERT_TRUE(lab.store_.Follow(keeper));
  LakeSource compiled(lab.clock_, &keeper);
  const Caller member = As(idp, "ana", {"finance", "analysts"}), other = As(idp, "bob", {"finance"});
  auto sees = [&](const Caller& caller) {
    auto tx = *lab.store_->BeginRead();
    keeper.Settle();
    EXPECT_NE(keeper.At(*tx), nullptr);
    const bool table = compiled.OnTable(*tx, caller, orders)->visible;
    EXPECT_EQ(compiled.OnDatabase(*tx, caller, sales)->visible, table);
    return table;
  };
  EXPECT_FALSE(sees(member));
  ASSERT_TRUE(lab.Grant(admin, analysts, Lab::On(orders), {"SELECT"}));
  EXPECT_TRUE(sees(member));
  EXPECT_FALSE(sees(other));
  ASSERT_TRUE(lab.Revoke(admin, analysts, Lab::On(orders), {"SELECT"}));
  EXPECT_FALSE(sees(member));
}

TEST_F(SamlGrantsTest, WhoOptedInIsGoverned) {
  const store::DatabaseRow open = lab.Database(admin, "open", true);
  const store::TableRow table = lab.Table(admin, open, "t", {"id"});
  ASSERT_TRUE(lab.Sees(As(idp, "ana", {}), table).by_iam);
  CreateLakeFormationOptIn opt_in;
  opt_in.in.principal = wire::lakeformation::DataLakePrincipal{.data_lake_principal_identifier = ana};
  opt_in.in.resource = Lab::On(table);
  ASSERT_TRUE(lab.Run(admin, opt_in, lab.opt_ins_));
  EXPECT_FALSE(lab.Sees(As(idp, "ana", {}), table).by_iam);
  EXPECT_TRUE(lab.Sees(As(idp, "bob", {}), table).by_iam);
}

}  // namespace
}  // namespace hanse::governance
