#include "steward/access_review.h"

#include <gtest/gtest.h>

#include "steward/steward_lab.h"

namespace hanse::steward {
namespace {

using governance::Lab;

class AccessReviewTest : public testing::Test, public StewardLab {
 protected:
  AccessReviewTest() {
    admin_ = lab.Governed(kOwner);
    consumer_admin_ = lab.Governed(kConsumer);
    analyst_ = lab.Role(kOwner, "analyst");
    clerk_ = lab.Role(kOwner, "clerk");
    guest_ = lab.Role(kConsumer, "guest");
    lab.EnableSharing();
    database_ = lab.Database(admin_, "sales");
    orders_ = lab.Table(admin_, database_, "orders", {"id", "amount", "email"}, {"day"});
    lab.Table(admin_, database_, "secret", {"id"});
    (void)lab.Tag(admin_, "sensitivity", {"internal", "pii"}).value();
    (void)lab.Assign(admin_, Lab::On(database_), "sensitivity", "internal").value();
    (void)lab.Assign(admin_, Lab::Columns(orders_, {"email"}), "sensitivity", "pii").value();
  }
  Result<void> GrantInternal(const std::string& to) {
    return lab.Grant(admin_, to, Lab::Policy(kOwner, "TABLE", {{"sensitivity", {"internal"}}}), {"SELECT", "DESCRIBE"});
  }
  static std::string VerdictOf(const ExplainAccess::Answer& answer, const std::string& name) {
    for (const auto& column : *answer.columns) {
      if (column.name == name) return *column.verdict;
    }
    return "none";
  }
  static std::vector<std::string> Names(const ListWhoCan::Answer& answer) {
    std::vector<std::string> names;
    for (const auto& one : *answer.principals) names.push_back(one.arn->substr(one.arn->rfind('/') + 1));
    return names;
  }

  Caller admin_, consumer_admin_, analyst_, clerk_, guest_;
  store::DatabaseRow database_;
  store::TableRow orders_;
};

TEST_F(AccessReviewTest, ATagGrantIsExplainedAndGoneOnceRevoked) {
  ASSERT_TRUE(GrantInternal(analyst_.principal_arn));
  auto shown = Explain(admin_, analyst_, "orders");
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(*shown->verdict, "READS_SOME");
  EXPECT_EQ(VerdictOf(*shown, "amount"), "SHOWN");
  EXPECT_EQ(VerdictOf(*shown, "email"), "HIDDEN");
  ASSERT_EQ(shown->grants->size(), 1u);
  const auto& grant = shown->grants->front();
  EXPECT_TRUE(*grant.counts);
  EXPECT_EQ(*grant.expression, "sensitivity=internal");
  EXPECT_EQ(*grant.through, "itself");
  EXPECT_EQ(*grant.granted_by, admin_.principal_arn);
  auto email = Explain(admin_, analyst_, "orders", "Email");
  ASSERT_TRUE(email);
  ASSERT_EQ(email->columns->size(), 1u);
  EXPECT_EQ(email->columns->front().tags->at("sensitivity"), "pii");

  ASSERT_TRUE(lab.Revoke(admin_, analyst_.principal_arn, Lab::Policy(kOwner, "TABLE", {{"sensitivity", {"internal"}}}),
                         {"SELECT", "DESCRIBE"}));
  auto after = Explain(admin_, analyst_, "orders");
  ASSERT_TRUE(after);
  EXPECT_EQ(*after->verdict, "NOTHING");
  EXPECT_TRUE(after->grants->empty());
}

TEST_F(AccessReviewTest, PoliciesThatBarAreNamed) {
  ASSERT_TRUE(GrantInternal(analyst_.principal_arn));
  people.barred.insert("analyst");
  auto shown = Explain(admin_, analyst_, "orders");
  ASSERT_TRUE(shown);
  EXPECT_EQ(*shown->verdict, "NOTHING");
  EXPECT_FALSE(*shown->first_door->front().allowed);
  EXPECT_NE(shown->sentence->find("policies bar"), std::string::npos);
  EXPECT_EQ(VerdictOf(*shown, "amount"), "HIDDEN");
  people.barred.clear();
  EXPECT_EQ(*Explain(admin_, analyst_, "orders")->verdict, "READS_SOME");
}

TEST_F(AccessReviewTest, FiltersAndMasksAreShown) {
  (void)lab.Filter(admin_, orders_, "small", "amount < 10", {"id", "amount"}).value();
  ASSERT_TRUE(lab.Grant(admin_, analyst_.principal_arn, Lab::Cells(orders_, "small"), {"SELECT"}));
  auto shown = Explain(admin_, analyst_, "orders");
  ASSERT_TRUE(shown);
  EXPECT_EQ(*shown->verdict, "READS_SOME");
  EXPECT_EQ(*shown->row_filter, lab.Sees(analyst_, orders_).row_filter);
  EXPECT_EQ(*shown->grants->front().filter_rows, "amount < 10");
  EXPECT_EQ(*shown->grants->front().resource, "filter small of sales.orders");
  ASSERT_TRUE(lab.Grant(admin_, analyst_.principal_arn, Lab::Columns(orders_, {"id"}), {"SELECT"}));
  auto wider = Explain(admin_, analyst_, "orders");
  EXPECT_FALSE(wider->row_filter);
  EXPECT_EQ(VerdictOf(*wider, "amount"), "MASKED");
  EXPECT_EQ(VerdictOf(*wider, "id"), "SHOWN");
}

TEST_F(AccessReviewTest, WhoCanSaysWhatTheDoorsDecideOfEverybody) {
  ASSERT_TRUE(GrantInternal(analyst_.principal_arn));
  ASSERT_TRUE(lab.Grant(admin_, clerk_.principal_arn, Lab::Columns(orders_, {"email"}), {"SELECT"}));
  auto all = WhoCan(admin_, "orders");
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(Names(*all), (std::vector<std::string>{"Admin", "analyst", "clerk"}));
  for (const auto& one : *all->principals) {
    for (const Caller& caller : {admin_, analyst_, clerk_}) {
      if (caller.principal_arn != one.arn) continue;
      EXPECT_EQ(*one.columns, lab.Sees(caller, orders_).columns) << *one.arn;
    }
  }
  EXPECT_EQ(Names(*WhoCan(admin_, "orders", "email")), (std::vector<std::string>{"Admin", "clerk"}));
  ASSERT_TRUE(lab.Revoke(admin_, clerk_.principal_arn, Lab::Columns(orders_, {"email"}), {"SELECT"}));
  EXPECT_EQ(Names(*WhoCan(admin_, "orders", "email")), (std::vector<std::string>{"Admin"}));
  EXPECT_EQ(WhoCan(admin_, "orders", "colour").error().code, ErrorCode::kNotFound);
}

TEST_F(AccessReviewTest, WhatCanListsTablesWhileTheGrantStands) {
  EXPECT_TRUE(WhatCan(admin_, analyst_)->tables->empty());
  ASSERT_TRUE(lab.Grant(admin_, analyst_.principal_arn, Lab::Columns(orders_, {"id"}), {"SELECT"}));
  auto tables = WhatCan(admin_, analyst_);
  ASSERT_EQ(tables->tables->size(), 1u);
  EXPECT_EQ(*tables->tables->front().columns, (std::vector<std::string>{"id", "day"}));
  EXPECT_EQ(*tables->tables->front().hidden, (std::vector<std::string>{"amount", "email"}));
  ASSERT_TRUE(lab.Revoke(admin_, analyst_.principal_arn, Lab::Columns(orders_, {"id"}), {"SELECT"}));
  EXPECT_TRUE(WhatCan(admin_, analyst_)->tables->empty());
}

// Who sees a table himself learns why somebody of his account does not.
TEST_F(AccessReviewTest, AConsumersAdministratorIsToldWhyHisOwnSeeNothing) {
  ASSERT_TRUE(lab.Grant(admin_, kConsumer, Lab::Columns(orders_, {"id", "amount"}), {"SELECT"}, {"SELECT"}));
  auto shown = Explain(consumer_admin_, guest_, "orders");
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(*shown->verdict, "NOTHING");
  EXPECT_EQ(VerdictOf(*shown, "id"), "HIDDEN");
  EXPECT_EQ(VerdictOf(*shown, "email"), "none") << "which he sees no more than they";
  ASSERT_FALSE(shown->grants->empty());
  EXPECT_EQ(*shown->grants->front().side, "CEILING");
  ASSERT_TRUE(lab.Revoke(admin_, kConsumer, Lab::Columns(orders_, {"id", "amount"}), {"SELECT"}));
  EXPECT_EQ(Explain(consumer_admin_, guest_, "orders").error().code, ErrorCode::kNotFound);
}

// What the asker may learn nothing of reads the same as what is not there.
TEST_F(AccessReviewTest, AStrangerLearnsNotWhetherTheTableIsThere) {
  ASSERT_TRUE(GrantInternal(analyst_.principal_arn));
  auto hidden = Explain(consumer_admin_, analyst_, "orders"), missing = Explain(consumer_admin_, analyst_, "nothing");
  ASSERT_FALSE(hidden);
  EXPECT_EQ(hidden.error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(hidden.error().message, missing.error().message);
  EXPECT_EQ(WhatCan(consumer_admin_, analyst_).error().code, ErrorCode::kAccessDenied);

  auto blind = Explain(consumer_admin_, guest_, "orders"), gone = Explain(consumer_admin_, guest_, "nothing");
  ASSERT_FALSE(blind);
  EXPECT_EQ(blind.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(blind.error().message, "Table sales.orders not found.");
  EXPECT_EQ(gone.error().message, "Table sales.nothing not found.");
  EXPECT_EQ(WhoCan(consumer_admin_, "orders").error().message, blind.error().message);
  EXPECT_EQ(WhoCan(consumer_admin_, "nothing").error().message, gone.error().message);
}

TEST_F(AccessReviewTest, AConsumerSeesItsOwnSideAndNoHiddenColumn) {
  ASSERT_TRUE(lab.Grant(admin_, kConsumer, Lab::Columns(orders_, {"id", "amount"}), {"SELECT"}, {"SELECT"}));
  ASSERT_TRUE(lab.Grant(consumer_admin_, guest_.principal_arn, Lab::Columns(orders_, {"id"}), {"SELECT"}));
  auto shown = Explain(consumer_admin_, guest_, "orders");
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(VerdictOf(*shown, "id"), "SHOWN");
  EXPECT_EQ(VerdictOf(*shown, "email"), "none");
  std::set<std::string> sides;
  for (const auto& grant : *shown->grants) sides.insert(*grant.side);
  EXPECT_EQ(sides, (std::set<std::string>{"CEILING", "LOCAL"}));
  for (const auto& column : *shown->columns) EXPECT_FALSE(column.tags);
  // The owner sees the consumer's people on its table, but not their policies.
  auto owners = Explain(admin_, guest_, "orders");
  ASSERT_TRUE(owners);
  EXPECT_EQ(VerdictOf(*owners, "email"), "HIDDEN");
  EXPECT_FALSE(owners->first_door->front().why);
  EXPECT_TRUE(Contains(Names(*WhoCan(admin_, "orders")), "guest"));
  // Once the owner takes it back, the consumer's grant gives nothing, and the table is gone for it.
  ASSERT_TRUE(lab.Revoke(admin_, kConsumer, Lab::Columns(orders_, {"id", "amount"}), {"SELECT"}));
  EXPECT_EQ(Explain(consumer_admin_, guest_, "orders").error().code, ErrorCode::kNotFound);
}

TEST_F(AccessReviewTest, TheManagementAccountOverseesTheOrganisationUnlessPoliciesSayNo) {
  ASSERT_TRUE(GrantInternal(analyst_.principal_arn));
  Caller auditor = lab.Role("999999999999", "auditor");
  EXPECT_TRUE(Explain(auditor, analyst_, "orders"));
  people.barred.insert("auditor");
  EXPECT_EQ(Explain(auditor, analyst_, "orders").error().code, ErrorCode::kAccessDenied);
  // A member's own auditor, once the management account delegates it.
  EXPECT_EQ(Explain(consumer_admin_, analyst_, "orders").error().code, ErrorCode::kAccessDenied);
  lab.Write(
      "INSERT INTO delegated_administrators (account, service, enabled_ms) VALUES ('444455556666', 'hanse.amazonaws.com', 0)");
  EXPECT_TRUE(Explain(consumer_admin_, analyst_, "orders"));
  lab.Write("DELETE FROM delegated_administrators");
  EXPECT_EQ(Explain(consumer_admin_, analyst_, "orders").error().code, ErrorCode::kAccessDenied);
}

// A grant to a group of a SAML provider reaches people: those who take on a role that trusts the provider, decorated as the group.
TEST_F(AccessReviewTest, GroupsOfSamlProvidersAreFoundAndExplained) {
  const Id idp = lab.SamlProvider(kOwner, "idp");
  const std::string group = "arn:aws:iam::111122223333:saml-provider/idp:group/analysts";
  Caller asked = analyst_;
  asked.principal_arn = group;
  ASSERT_TRUE(GrantInternal(group));
  EXPECT_FALSE(Explain(admin_, asked, "orders")) << "no role trusts the provider";
  EXPECT_EQ(Names(*WhoCan(admin_, "orders")), std::vector<std::string>{"Admin"});
  lab.Write("UPDATE principals SET trust = 'SAMLP" + std::to_string(idp) + "' WHERE id = " + std::to_string(analyst_.principal));

  auto shown = Explain(admin_, asked, "orders");
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(*shown->verdict, "READS_SOME");
  EXPECT_EQ(*shown->principal->kind, "SAML group");
  EXPECT_EQ(*shown->grants->front().through, "the SAML user or group that it is decorated as");
  EXPECT_EQ(*Explain(admin_, analyst_, "orders")->verdict, "NOTHING") << "the role alone is in no group";
  auto who = WhoCan(admin_, "orders");
  ASSERT_EQ(Names(*who), (std::vector<std::string>{"Admin", "analysts"}));
  EXPECT_EQ(*who->principals->back().arn, group);
  EXPECT_EQ(who->principals->back().reasons->back(), "as a session of " + analyst_.principal_arn);
  EXPECT_EQ(WhatCan(admin_, asked)->tables->size(), 2u);

  people.barred.insert("analyst");
  EXPECT_EQ(*Explain(admin_, asked, "orders")->verdict, "NOTHING") << "the role's policies count";
  people.barred.clear();
  ASSERT_TRUE(lab.Revoke(admin_, group, Lab::Policy(kOwner, "TABLE", {{"sensitivity", {"internal"}}}), {"SELECT", "DESCRIBE"}));
  EXPECT_EQ(Names(*WhoCan(admin_, "orders")), std::vector<std::string>{"Admin"});
  EXPECT_EQ(*Explain(admin_, asked, "orders")->verdict, "NOTHING");
}

}  // namespace
}  // namespace hanse::steward
