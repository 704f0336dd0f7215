#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "governance/governance_lab.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
namespace lf = wire::lakeformation;

constexpr std::string_view kUs = "((\"region\" = 'US'))", kEu = "((\"region\" = 'EU'))";

class RowPolicyTest : public testing::Test {
 protected:
  Lab lab;
  Caller admin = lab.Governed("111111111111");
  Caller reader = lab.Role("111111111111", "reader");
  Caller other = lab.Role("111111111111", "other");
  store::DatabaseRow shop = lab.Database(admin, "shop");
  store::TableRow orders = lab.Table(admin, shop, "orders", {"id", "region"});
  store::TableRow plain = lab.Table(admin, shop, "plain", {"id"});

  Result<CreateRLSPolicy::Answer> Make(const Caller& by, const std::string& name, const std::string& rows) {
    CreateRLSPolicy op;
    op.in = {.name = name, .attachment_columns = {{{.name = "Region", .type = "string"}}}, .filter_expression = rows};
    return lab.Run(by, op, lab.row_policies_);
  }
  template <class In>
  static void Say(In* in, const std::string& name, Lab::Resource on, const std::string& to, const std::string& condition) {
    in->name = name;
    in->resource = std::move(on);
    if (!to.empty()) in->principal = lf::DataLakePrincipal{.data_lake_principal_identifier = to};
    if (!condition.empty()) in->condition = lf::Condition{.expression = condition};
  }
  Result<AttachRLSPolicy::Answer> Attach(const Caller& by, const std::string& name, Lab::Resource on, const std::string& to = {},
                                         const std::string& condition = {}) {
    AttachRLSPolicy op;
    Say(&op.in, name, std::move(on), to, condition);
    if (to.empty()) op.in.set_default = true;
    return lab.Run(by, op, lab.row_attachments_);
  }
  Result<DetachRLSPolicy::Answer> Detach(const Caller& by, const std::string& name, Lab::Resource on, const std::string& to = {}) {
    DetachRLSPolicy op;
    Say(&op.in, name, std::move(on), to, {});
    if (to.empty()) op.in.remove_default = true;
    return lab.Run(by, op, lab.row_attachments_);
  }
  std::vector<lf::RLSPolicyAttachment> Listed(const Caller& who) {
    return *lab.Run(who, ListRLSPolicyAttachments(), lab.row_attachments_)->rls_policy_attachments;
  }
  std::string Rows(const Caller& who) { return lab.Sees(who, orders).row_filter; }
  static Lab::Resource Policy(const std::string& name) { return {.rls_policy = lf::RLSPolicyResource{.name = name}}; }

  void SetUp() override {
    ASSERT_TRUE(Make(admin, "us", "region = 'US'"));
    ASSERT_TRUE(Make(admin, "eu", "region = 'EU'"));
    for (const Caller& who : {reader, other}) ASSERT_TRUE(lab.Grant(admin, who.principal_arn, Lab::On(orders), {"SELECT"}));
  }
};

TEST_F(RowPolicyTest, BindsWhomItNamesUntilItIsDetached) {
  ASSERT_TRUE(Attach(admin, "us", Lab::On(orders), reader.principal_arn));
  EXPECT_EQ(Rows(reader), "(" + std::string(kUs) + ")");
  EXPECT_THAT(lab.Sees(reader, orders).reasons.back().what, HasSubstr("row policy us"));
  EXPECT_EQ(Rows(other), "");
  EXPECT_FALSE(Attach(admin, "us", Lab::On(orders), reader.principal_arn)) << "it is attached already";
  ASSERT_TRUE(Attach(admin, "eu", Lab::On(orders), "111111111111"));
  EXPECT_EQ(Rows(reader), "(" + std::string(kUs) + ") AND (" + std::string(kEu) + ")") << "all must hold";
  EXPECT_EQ(Rows(other), "(" + std::string(kEu) + ")") << "its account is named";
  EXPECT_EQ(Rows(admin), "(" + std::string(kEu) + ")") << "an administrator is not exempt";
  ASSERT_TRUE(Detach(admin, "eu", Lab::On(orders), "111111111111"));
  ASSERT_TRUE(Detach(admin, "us", Lab::On(orders), reader.principal_arn));
  EXPECT_EQ(Rows(reader), "");
  EXPECT_EQ(Detach(admin, "us", Lab::On(orders), reader.principal_arn).error().code, ErrorCode::kNotFound);
}

TEST_F(RowPolicyTest, TheDefaultBindsWhomNoneNames) {
  ASSERT_TRUE(Attach(admin, "eu", Lab::On(orders)));
  ASSERT_TRUE(Attach(admin, "us", Lab::On(orders), reader.principal_arn));
  EXPECT_EQ(Rows(reader), "(" + std::string(kUs) + ")");
  EXPECT_EQ(Rows(other), "(" + std::string(kEu) + ")");
  EXPECT_FALSE(Attach(admin, "us", Lab::On(orders))) << "one default a resource";
  ASSERT_TRUE(Attach(admin, "us", Lab::AllIn(shop)));
  EXPECT_EQ(Rows(reader), "(" + std::string(kUs) + ") AND (" + std::string(kUs) + ")") << "the database's default is its own";
  ASSERT_TRUE(Detach(admin, "us", Lab::AllIn(shop)));
  ASSERT_TRUE(Detach(admin, "eu", Lab::On(orders)));
  EXPECT_EQ(Rows(other), "");
}

TEST_F(RowPolicyTest, AConditionChoosesByTheTagsOfThePrincipal) {
  ASSERT_TRUE(Attach(admin, "us", Lab::On(orders), "111111111111:IAMPrincipals",
                     R"(context.iam.principalTags.hasTag("desk") && context.iam.principalTags.getTag("desk") == "us")"));
  EXPECT_EQ(Rows(reader), "");
  reader.principal_tags["desk"] = "us";
  EXPECT_EQ(Rows(reader), "(" + std::string(kUs) + ")");
  EXPECT_FALSE(Attach(admin, "eu", Lab::On(orders), "111111111111:IAMPrincipals", "true")) << "no condition that can be read";
}

TEST_F(RowPolicyTest, AWildcardReachesTablesThatDoNotFitAndClosesThem) {
  ASSERT_TRUE(lab.Grant(admin, reader.principal_arn, Lab::On(plain), {"SELECT"}));
  EXPECT_TRUE(lab.Sees(reader, plain).readable);
  EXPECT_FALSE(Attach(admin, "us", Lab::On(plain), reader.principal_arn)) << "the table has no such column";
  ASSERT_TRUE(Attach(admin, "us", Lab::AllIn(shop), "111111111111"));
  EXPECT_FALSE(lab.Sees(reader, plain).readable);
  EXPECT_TRUE(lab.Sees(reader, plain).visible);
  EXPECT_EQ(lab.Sees(reader, plain).broken, "") << "only who may mend it is told";
  EXPECT_THAT(lab.Sees(admin, plain).broken, HasSubstr("has no column region"));
  EXPECT_EQ(Rows(reader), "(" + std::string(kUs) + ")");
}

TEST_F(RowPolicyTest, ByTagItReachesWhatCarriesTheTagAndTheTagStays) {
  ASSERT_TRUE(lab.Tag(admin, "class", {"regional", "free"}));
  Lab::Resource tagged = Lab::Policy("111111111111", "TABLE", {{"class", {"regional"}}});
  ASSERT_TRUE(Attach(admin, "us", tagged, "111111111111"));
  EXPECT_EQ(Rows(reader), "");
  ASSERT_TRUE(lab.Assign(admin, Lab::Columns(orders, {"id"}), "class", "regional"));
  EXPECT_EQ(Rows(reader), "(" + std::string(kUs) + ")") << "one column is enough to take";
  DeleteLFTag drop;
  drop.in.tag_key = "class";
  EXPECT_FALSE(lab.Run(admin, drop, lab.tags_)) << "its deletion would open the table";
  ASSERT_TRUE(Detach(admin, "us", tagged, "111111111111"));
  EXPECT_TRUE(lab.Run(admin, drop, lab.tags_));
  EXPECT_EQ(Rows(reader), "");
}

TEST_F(RowPolicyTest, AttachingTakesAlterOnTheTableAndDescribeOnThePolicy) {
  Caller steward = lab.Role("111111111111", "steward");
  ASSERT_TRUE(lab.Grant(admin, steward.principal_arn, Lab::On(orders), {"ALTER"}));
  EXPECT_EQ(Attach(steward, "us", Lab::On(orders), reader.principal_arn).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Attach(steward, "none", Lab::On(orders), reader.principal_arn).error().message,
            Attach(steward, "us", Lab::On(orders), reader.principal_arn).error().message)
      << "hidden and missing read the same";
  ASSERT_TRUE(lab.Grant(admin, steward.principal_arn, Policy("us"), {"DESCRIBE"}));
  ASSERT_TRUE(Attach(steward, "us", Lab::On(orders), reader.principal_arn));
  EXPECT_THAT(Listed(steward), SizeIs(1));
  EXPECT_THAT(Listed(reader), IsEmpty());
  ASSERT_TRUE(lab.Revoke(admin, steward.principal_arn, Lab::On(orders), {"ALTER"}));
  EXPECT_FALSE(Detach(steward, "us", Lab::On(orders), reader.principal_arn));
  ASSERT_TRUE(lab.Grant(admin, steward.principal_arn, Lab::On(orders), {"DESCRIBE"}));
  EXPECT_EQ(Detach(steward, "us", Lab::On(orders), reader.principal_arn).error().code, ErrorCode::kAccessDenied);
  EXPECT_TRUE(Detach(admin, "us", Lab::On(orders), reader.principal_arn));
}

TEST_F(RowPolicyTest, MakingAndChangingTakeRights) {
  EXPECT_EQ(Make(reader, "mine", "region = 'US'").error().code, ErrorCode::kAccessDenied);
  ASSERT_TRUE(lab.Grant(admin, reader.principal_arn, Lab::On(shop), {"CREATE_TABLE"}, {"CREATE_TABLE"}));
  ASSERT_TRUE(Make(reader, "mine", "region = 'US'"));
  EXPECT_EQ(Make(reader, "mine", "region = 'US'").error().code, ErrorCode::kAlreadyExists);
  UpdateRLSPolicy update;
  update.in = {.name = "mine", .filter_expression = "region = 'EU'"};
  EXPECT_TRUE(lab.Run(reader, update, lab.row_policies_)) << "its creator has all on it";
  EXPECT_EQ(lab.Run(other, update, lab.row_policies_).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(lab.Grant(reader, other.principal_arn, Policy("mine"), {"DESCRIBE"}));
  EXPECT_EQ(lab.Run(other, update, lab.row_policies_).error().code, ErrorCode::kAccessDenied);
  EXPECT_FALSE(lab.Grant(admin, other.principal_arn, Policy("mine"), {"SELECT"}));
  EXPECT_FALSE(lab.Grant(admin, "222222222222", Policy("mine"), {"DESCRIBE"}));
  update.in.filter_expression = "id > 1";
  EXPECT_FALSE(lab.Run(reader, update, lab.row_policies_)) << "none of its columns";
  DeleteRLSPolicy drop;
  drop.in.name = "mine";
  EXPECT_FALSE(lab.Run(other, drop, lab.row_policies_));
  EXPECT_TRUE(lab.Run(reader, drop, lab.row_policies_));
}

TEST_F(RowPolicyTest, AnUpdateAndADeletionReachEveryAttachmentAndANewTableIsFree) {
  ASSERT_TRUE(Attach(admin, "us", Lab::On(orders), reader.principal_arn));
  UpdateRLSPolicy update;
  update.in = {.name = "us", .filter_expression = "region = 'EU'"};
  ASSERT_TRUE(lab.Run(admin, update, lab.row_policies_));
  EXPECT_EQ(Rows(reader), "(" + std::string(kEu) + ")");
  lab.Drop(orders.id);
  EXPECT_THAT(Listed(admin), IsEmpty());
  orders = lab.Table(admin, shop, "orders", {"id", "region"});
  ASSERT_TRUE(lab.Grant(admin, reader.principal_arn, Lab::On(orders), {"SELECT"}));
  EXPECT_EQ(Rows(reader), "");
  ASSERT_TRUE(Attach(admin, "us", Lab::On(orders), reader.principal_arn));
  DeleteRLSPolicy drop;
  drop.in.name = "us";
  ASSERT_TRUE(lab.Run(admin, drop, lab.row_policies_));
  EXPECT_EQ(Rows(reader), "");
}

TEST_F(RowPolicyTest, AcrossAccountsTheOwnersBindsAndTheConsumersOwnToo) {
  lab.EnableSharing();
  Caller consumer = lab.Governed("222222222222");
  Caller analyst = lab.Role("222222222222", "analyst");
  ASSERT_TRUE(lab.Grant(admin, "222222222222", Lab::On(orders), {"SELECT"}, {"SELECT"}));
  ASSERT_TRUE(lab.Grant(consumer, analyst.principal_arn, Lab::On(orders), {"SELECT"}));
  store::DatabaseRow link = lab.Database(consumer, "here");
  lab.Write("UPDATE catalog_databases SET target_account = '111111111111', target_database = 'shop' WHERE id = " +
            std::to_string(link.id));
  Lab::Resource there = {.table = lf::TableResource{.database_name = "here", .name = "orders"}};
  ASSERT_TRUE(Attach(admin, "us", Lab::On(orders), "222222222222"));
  EXPECT_EQ(Rows(analyst), "(" + std::string(kUs) + ")");
  EXPECT_EQ(Rows(reader), "");
  ASSERT_TRUE(Make(consumer, "eu", "region = 'EU'"));
  EXPECT_FALSE(Attach(consumer, "eu", there, "111111111111")) << "for its own principals only";
  EXPECT_FALSE(Attach(consumer, "eu", Lab::On(orders), analyst.principal_arn)) << "only at its own link";
  EXPECT_FALSE(Attach(analyst, "eu", there, analyst.principal_arn));
  ASSERT_TRUE(Attach(consumer, "eu", there, analyst.principal_arn));
  EXPECT_THAT(Rows(analyst), HasSubstr(std::string(kUs)));
  EXPECT_THAT(Rows(analyst), HasSubstr("\"region\" = 'EU'"));
  EXPECT_EQ(Rows(reader), "") << "nobody of the owner's";
  auto listed = Listed(consumer);
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0].resource->table->database_name, "here");
  lab.Drop(link.id);
  EXPECT_EQ(Rows(analyst), "(" + std::string(kUs) + ")") << "it went with the link";
}

}  // namespace
}  // namespace hanse::governance
