#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "governance/governance_lab.h"

namespace hanse::governance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
namespace lf = wire::lakeformation;

class OptInTest : public testing::Test {
 protected:
  Lab lab;
  Caller admin = lab.Governed("111111111111");
  Caller legacy = lab.Role("111111111111", "legacy");
  Caller modern = lab.Role("111111111111", "modern");
  store::DatabaseRow shop = lab.Database(admin, "shop", true);
  store::TableRow orders = lab.Table(admin, shop, "orders", {"id", "email"});

  template <class Op>
  Result<typename Op::Answer> Say(const Caller& by, const std::string& who, Lab::Resource on, const std::string& condition = {}) {
    Op op;
    op.in.principal = lf::DataLakePrincipal{.data_lake_principal_identifier = who};
    op.in.resource = std::move(on);
    if (!condition.empty()) op.in.condition = lf::Condition{.expression = condition};
    return lab.Run(by, op, lab.opt_ins_);
  }
  auto In(const Caller& by, const std::string& who, Lab::Resource on, const std::string& condition = {}) {
    return Say<CreateLakeFormationOptIn>(by, who, std::move(on), condition);
  }
  auto Out(const Caller& by, const std::string& who, Lab::Resource on) {
    return Say<DeleteLakeFormationOptIn>(by, who, std::move(on));
  }
  std::vector<lf::LakeFormationOptInsInfo> Listed(const Caller& who) {
    return *lab.Run(who, ListLakeFormationOptIns(), lab.opt_ins_)->lake_formation_opt_ins_info_list;
  }
};

TEST_F(OptInTest, WhoOptedInIsGovernedAndNobodyElse) {
  ASSERT_TRUE(lab.Grant(admin, modern.principal_arn, Lab::Columns(orders, {"id"}), {"SELECT"}));
  EXPECT_THAT(lab.Sees(modern, orders).columns, ElementsAre("id", "email"));
  EXPECT_TRUE(lab.Sees(modern, orders).by_iam);
  ASSERT_TRUE(In(admin, modern.principal_arn, Lab::On(orders)));
  EXPECT_THAT(lab.Sees(modern, orders).columns, ElementsAre("id"));
  EXPECT_FALSE(lab.Sees(modern, orders).by_iam);
  EXPECT_TRUE(lab.Sees(legacy, orders).by_iam);
  EXPECT_THAT(lab.Sees(legacy, orders).columns, ElementsAre("id", "email"));
  ASSERT_TRUE(In(admin, legacy.principal_arn, Lab::On(orders)));
  EXPECT_FALSE(lab.Sees(legacy, orders).visible) << "governed, and nothing granted";
  ASSERT_TRUE(Out(admin, legacy.principal_arn, Lab::On(orders)));
  EXPECT_TRUE(lab.Sees(legacy, orders).readable);
  EXPECT_FALSE(Out(admin, legacy.principal_arn, Lab::On(orders)));
}

TEST_F(OptInTest, ForADatabaseOrAllItsTables) {
  ASSERT_TRUE(lab.Grant(admin, std::string(kIamAllowedPrincipals), Lab::On(shop), {"ALL"}));
  EXPECT_TRUE(lab.Sees(legacy, shop).visible);
  ASSERT_TRUE(In(admin, "111111111111", Lab::AllIn(shop)));
  EXPECT_FALSE(lab.Sees(legacy, orders).visible);
  EXPECT_TRUE(lab.Sees(legacy, shop).visible) << "its tables, not the database itself";
  ASSERT_TRUE(Out(admin, "111111111111", Lab::AllIn(shop)));
  ASSERT_TRUE(In(admin, legacy.principal_arn, Lab::On(shop)));
  EXPECT_FALSE(lab.Sees(legacy, orders).visible);
  EXPECT_FALSE(lab.Sees(legacy, shop).visible);
  EXPECT_TRUE(lab.Sees(modern, orders).visible);
}

TEST_F(OptInTest, AConditionAndAProjectsTagGovernToo) {
  ASSERT_TRUE(In(admin, "111111111111:IAMPrincipals", Lab::On(orders), R"(context.iam.principalTags.hasTag("new"))"));
  EXPECT_TRUE(lab.Sees(legacy, orders).visible);
  legacy.principal_tags["new"] = "";
  EXPECT_FALSE(lab.Sees(legacy, orders).visible);
  modern.principal_tags["AmazonDataZoneProject"] = "p";
  EXPECT_FALSE(lab.Sees(modern, orders).visible);
}

TEST_F(OptInTest, OnlyAnAdministratorOptsInAndOnlyToDatabasesAndTables) {
  EXPECT_EQ(In(modern, modern.principal_arn, Lab::On(orders)).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(lab.Run(modern, ListLakeFormationOptIns(), lab.opt_ins_).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(In(admin, modern.principal_arn, Lab::Catalog()).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(In(admin, modern.principal_arn, Lab::Columns(orders, {"id"})).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(In(admin, std::string(kIamAllowedPrincipals), Lab::On(orders)).error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(In(admin, modern.principal_arn, Lab::On(orders)));
  ASSERT_TRUE(In(admin, modern.principal_arn, Lab::On(orders))) << "twice is once";
  ASSERT_THAT(Listed(admin), SizeIs(1));
  EXPECT_EQ(Listed(admin)[0].resource->table->name, "orders");
  lab.Drop(modern.principal);
  EXPECT_THAT(Listed(admin), IsEmpty());
}

TEST_F(OptInTest, AbroadItSaysWithWhoseRightsAHybridLocationIsRead) {
  lab.EnableSharing();
  Caller consumer = lab.Governed("222222222222");
  EXPECT_FALSE(lab.Grant(admin, "222222222222", Lab::On(orders), {"SELECT"}, {"SELECT"})) << "open to IAM, and not hybrid";
  lab.Write(
      "INSERT INTO lf_locations (id, account, region, arn, path, federation, hybrid, privileged, owner_account, modified_ms) "
      "VALUES (900001, '111111111111', 'us-east-1', 'arn:aws:s3:::lake', 'lake/', 0, 1, 0, '', 0)");
  ASSERT_TRUE(lab.Grant(admin, "222222222222", Lab::On(orders), {"SELECT"}, {"SELECT"}));
  EXPECT_TRUE(lab.Sees(consumer, orders).readable);
  EXPECT_TRUE(lab.Sees(consumer, orders).by_iam);
  ASSERT_TRUE(In(admin, "222222222222", Lab::On(orders)));
  EXPECT_FALSE(lab.Sees(consumer, orders).by_iam);
  ListLakeFormationOptIns list;
  list.in.principal = lf::DataLakePrincipal{.data_lake_principal_identifier = "222222222222"};
  EXPECT_FALSE(lab.Run(admin, list, lab.opt_ins_)) << "section 2.10";
}

}  // namespace
}  // namespace hanse::governance
