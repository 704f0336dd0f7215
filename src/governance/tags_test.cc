#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "governance/governance_lab.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using testing::ElementsAre;
using testing::IsEmpty;

class LFTagsTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(lab.Tag(admin, "Domain", {"Sales", "finance"}));
    ASSERT_TRUE(lab.Tag(admin, "sensitivity", {"public", "pii"}));
  }
  void Put(const Lab::Resource& on, const std::string& key, const std::string& value) {
    auto failures = lab.Assign(admin, on, key, value);
    ASSERT_TRUE(failures);
    ASSERT_THAT(*failures, IsEmpty());
  }
  Lab::Resource Public() { return Lab::Policy("111111111111", "TABLE", {{"domain", {"sales"}}, {"sensitivity", {"public"}}}); }

  Lab lab;
  Caller admin = lab.Governed("111111111111");
  store::DatabaseRow shop = lab.Database(admin, "shop");
  store::TableRow orders = lab.Table(admin, shop, "orders", {"id", "amount", "email"});
  Caller role = lab.Role("111111111111", "analyst");
};

TEST_F(LFTagsTest, APolicyFollowsTheTagsAtOnceBothWays) {
  ASSERT_TRUE(lab.Grant(admin, role.principal_arn, Public(), {"SELECT", "DROP"}));
  EXPECT_FALSE(lab.Sees(role, orders).visible);
  Put(Lab::On(shop), "domain", "sales");
  Put(Lab::On(orders), "sensitivity", "public");
  EXPECT_TRUE(lab.Sees(role, orders).permissions.Has(Permission::kDrop));
  EXPECT_TRUE(lab.Sees(role, shop).visible);
  Put(Lab::Columns(orders, {"email"}), "sensitivity", "pii");
  EXPECT_THAT(lab.Sees(role, orders).columns, ElementsAre("id", "amount"));
  EXPECT_THAT(lab.Sees(role, orders).described_columns, ElementsAre("id", "amount"));
  EXPECT_FALSE(lab.Sees(role, orders).permissions.Has(Permission::kDrop));
  Put(Lab::On(orders), "sensitivity", "pii");
  EXPECT_FALSE(lab.Sees(role, orders).visible);
  EXPECT_FALSE(lab.Sees(role, shop).visible);
}

// Section 3.3 and 2.6.10: the tag vanishes; policies that name it match nothing, also after a namesake is made.
TEST_F(LFTagsTest, ARecreatedTagOpensNothing) {
  ASSERT_TRUE(lab.Grant(admin, role.principal_arn, Public(), {"SELECT"}));
  Put(Lab::On(orders), "domain", "sales");
  Put(Lab::On(orders), "sensitivity", "public");
  EXPECT_TRUE(lab.Sees(role, orders).readable);
  DeleteLFTag drop;
  drop.in.tag_key = "domain";
  ASSERT_TRUE(lab.Run(admin, drop, lab.tags_));
  EXPECT_FALSE(lab.Sees(role, orders).visible);
  ASSERT_TRUE(lab.Tag(admin, "domain", {"sales"}));
  Put(Lab::On(orders), "domain", "sales");
  EXPECT_FALSE(lab.Sees(role, orders).visible);
}

TEST_F(LFTagsTest, ARecreatedValueOpensNothing) {
  ASSERT_TRUE(lab.Grant(admin, role.principal_arn, Public(), {"SELECT"}));
  UpdateLFTag update;
  update.in.tag_key = "sensitivity";
  update.in.tag_values_to_delete = std::vector<std::string>{"public"};
  ASSERT_TRUE(lab.Run(admin, update, lab.tags_));
  update.in.tag_values_to_add = update.in.tag_values_to_delete;
  update.in.tag_values_to_delete.reset();
  ASSERT_TRUE(lab.Run(admin, update, lab.tags_));
  Put(Lab::On(orders), "domain", "sales");
  Put(Lab::On(orders), "sensitivity", "public");
  EXPECT_FALSE(lab.Sees(role, orders).visible);
}

TEST_F(LFTagsTest, AValueInUseCannotBeDeleted) {
  Put(Lab::On(orders), "sensitivity", "public");
  UpdateLFTag update;
  update.in.tag_key = "sensitivity";
  update.in.tag_values_to_delete = std::vector<std::string>{"public"};
  auto refused = lab.Run(admin, update, lab.tags_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(LFTagsTest, TaggingTakesAssociateOnTheValueAndAuthorityOverTheObject) {
  ASSERT_TRUE(lab.Grant(admin, role.principal_arn, Lab::Tag("111111111111", "domain", {"sales"}), {"DESCRIBE", "ASSOCIATE"}));
  EXPECT_FALSE(lab.Assign(role, Lab::On(orders), "domain", "sales")) << "no authority over the table";
  ASSERT_TRUE(lab.Grant(admin, role.principal_arn, Lab::On(orders), {"ALL"}, {"ALL"}));
  auto done = lab.Assign(role, Lab::On(orders), "domain", "sales");
  ASSERT_TRUE(done);
  EXPECT_THAT(*done, IsEmpty());
  EXPECT_THAT(*lab.Assign(role, Lab::On(orders), "domain", "finance"), ElementsAre("EntityNotFoundException"))
      << "a value it may not see";
  EXPECT_THAT(*lab.Assign(role, Lab::On(orders), "domain", "nothing"), ElementsAre("EntityNotFoundException"));
  ASSERT_TRUE(lab.Revoke(admin, role.principal_arn, Lab::Tag("111111111111", "domain", {"sales"}), {"ASSOCIATE"}));
  EXPECT_THAT(*lab.Assign(role, Lab::On(orders), "domain", "sales"), ElementsAre("AccessDeniedException"));
}

TEST_F(LFTagsTest, TagsAreSeenByWhoMayDescribeThem) {
  ListLFTags list;
  EXPECT_THAT(*lab.Run(role, list, lab.tags_)->lf_tags, IsEmpty());
  ASSERT_TRUE(lab.Grant(admin, role.principal_arn, Lab::Tag("111111111111", "sensitivity", {"public"}), {"DESCRIBE"}));
  auto seen = lab.Run(role, list, lab.tags_);
  ASSERT_EQ(seen->lf_tags->size(), 1u);
  EXPECT_THAT(*seen->lf_tags->front().tag_values, ElementsAre("public"));
  GetLFTag get;
  get.in.tag_key = "domain";
  EXPECT_EQ(lab.Run(role, get, lab.tags_).error().code, ErrorCode::kNotFound);
}

TEST_F(LFTagsTest, GrantingByTagsTakesTheRightOnEveryPair) {
  Caller reader = lab.Role("111111111111", "reader");
  EXPECT_FALSE(lab.Grant(role, reader.principal_arn, Public(), {"SELECT"}));
  ASSERT_TRUE(
      lab.Grant(admin, role.principal_arn, Lab::Tag("111111111111", "domain", {"sales"}), {"GRANT_WITH_LF_TAG_EXPRESSION"}));
  EXPECT_FALSE(lab.Grant(role, reader.principal_arn, Public(), {"SELECT"}));
  ASSERT_TRUE(
      lab.Grant(admin, role.principal_arn, Lab::Tag("111111111111", "sensitivity", {"public"}), {"GRANT_WITH_LF_TAG_EXPRESSION"}));
  EXPECT_TRUE(lab.Grant(role, reader.principal_arn, Public(), {"SELECT"}));
}

TEST_F(LFTagsTest, ASavedExpressionActsOnTheGrantsThatNameIt) {
  CreateLFTagExpression create;
  create.in.name = "readable";
  create.in.expression = {{{.tag_key = "sensitivity", .tag_values = std::vector<std::string>{"public"}}}};
  ASSERT_TRUE(lab.Run(admin, create, lab.expressions_));
  Lab::Resource named{.lf_tag_policy =
                          wire::lakeformation::LFTagPolicyResource{.resource_type = "TABLE", .expression_name = "readable"}};
  ASSERT_TRUE(lab.Grant(admin, role.principal_arn, named, {"SELECT"}));
  Put(Lab::On(orders), "sensitivity", "pii");
  EXPECT_FALSE(lab.Sees(role, orders).visible);
  UpdateLFTagExpression update;
  update.in.name = "readable";
  update.in.expression = {{{.tag_key = "sensitivity", .tag_values = std::vector<std::string>{"pii"}}}};
  ASSERT_TRUE(lab.Run(admin, update, lab.expressions_));
  EXPECT_TRUE(lab.Sees(role, orders).readable);
  DeleteLFTagExpression drop;
  drop.in.name = "readable";
  ASSERT_TRUE(lab.Run(admin, drop, lab.expressions_));
  EXPECT_FALSE(lab.Sees(role, orders).visible);
  create.in.expression = update.in.expression;
  ASSERT_TRUE(lab.Run(admin, create, lab.expressions_));
  EXPECT_FALSE(lab.Sees(role, orders).visible);
}

TEST_F(LFTagsTest, ResourceTagsAreShownWithWhatTheyInherit) {
  Put(Lab::On(shop), "domain", "sales");
  Put(Lab::Columns(orders, {"email"}), "sensitivity", "pii");
  GetResourceLFTags get;
  get.in.resource = Lab::On(orders);
  auto effective = lab.Run(admin, get, lab.assignment_);
  ASSERT_TRUE(effective && effective->lf_tags_on_table);
  EXPECT_EQ(effective->lf_tags_on_columns->size(), 3u);
  get.in.show_assigned_lf_tags = true;
  auto assigned = lab.Run(admin, get, lab.assignment_);
  EXPECT_FALSE(assigned->lf_tags_on_table) << "absent, not empty";
  EXPECT_EQ(assigned->lf_tags_on_columns->size(), 1u);
  EXPECT_EQ(lab.Run(role, get, lab.assignment_).error().code, ErrorCode::kNotFound);
}

TEST_F(LFTagsTest, ASearchFindsWhatTheSearcherMaySee) {
  Put(Lab::On(orders), "sensitivity", "public");
  SearchTablesByLFTags search;
  search.in.expression = {{{.tag_key = "sensitivity", .tag_values = std::vector<std::string>{"public"}}}};
  EXPECT_EQ(lab.Run(admin, search, lab.search_)->table_list->size(), 1u);
  ASSERT_TRUE(lab.Grant(admin, role.principal_arn, Lab::Tag("111111111111", "sensitivity", {"public"}), {"DESCRIBE"}));
  EXPECT_THAT(*lab.Run(role, search, lab.search_)->table_list, IsEmpty());
  ASSERT_TRUE(lab.Grant(admin, role.principal_arn, Lab::On(orders), {"DESCRIBE"}));
  EXPECT_EQ(lab.Run(role, search, lab.search_)->table_list->size(), 1u);
}

}  // namespace
}  // namespace hanse::governance
