#include "steward/mesh_plan.h"

#include <gtest/gtest.h>

#include "crypto/key.h"
#include "steward/steward_lab.h"

namespace hanse::steward {
namespace {

using governance::Lab;

// A new account gets the role by which the management account enters it, as the server gives it.
class AccessRole final : public organisation::Baseline {
 public:
  Result<void> Lay(store::Transaction& tx, const AccountId& account, const std::string& role, const AccountId&, TimeMs) override {
    TRY_ASSIGN(Id id, store::NewThing(tx, "role"));
    TRY(tx.Execute(
        "INSERT INTO principals (id, account, kind, name, name_lower, path, arn, unique_id, created_ms, trust, definition) "
        "VALUES (?, ?, 'role', ?, ?, '/', ?, ?, 0, '{}', '{}')",
        {id, account, role, Lower(role), RoleArn(account, "/", role), "AROA" + std::to_string(id)}));
    return {};
  }
};

class Remembered final : public PastReads {
 public:
  Result<std::vector<PastRead>> Of(const AccountId&, const std::string&, TimeMs) override { return reads; }
  Result<bool> Acted(const store::Principal&, const std::string&, TimeMs) override { return true; }
  std::vector<PastRead> reads;
};

constexpr const char* kHead = R"(mesh: 1
catalogs:
  - account: "111122223333"
    tags: {sensitivity: [internal, pii]}
    assignments:
      sales: {sensitivity: internal}
      sales.orders.email: {sensitivity: pii}
)";
constexpr const char* kGrant = R"(    grants:
      - {to: role/analyst, tables: {sensitivity: [internal]}, can: [SELECT, DESCRIBE]}
)";
constexpr const char* kNoGrants = "    grants: []\n";

class MeshPlanTest : public testing::Test, public StewardLab {
 protected:
  MeshPlanTest() {
    admin_ = lab.Governed(kOwner);
    analyst_ = lab.Role(kOwner, "analyst");
    orders_ = lab.Table(admin_, lab.Database(admin_, "sales"), "orders", {"id", "email"});
  }
  Result<PlanMesh::Answer> Plan(const Caller& by, const std::string& document) {
    PlanMesh op;
    op.in.document = document;
    return Call(by, op, plans_);
  }
  Result<ApplyMesh::Answer> Apply(const Caller& by, const std::string& document) {
    ApplyMesh op;
    op.in.document = document;
    return Call(by, op, plans_);
  }
  Result<std::string> Export(const Caller& by, std::vector<std::string> accounts) {
    ExportMesh op;
    if (!accounts.empty()) op.in.catalog_ids = std::move(accounts);
    TRY_ASSIGN(auto answer, Call(by, op, plans_));
    return *answer.document;
  }
  std::vector<std::string> Columns() { return lab.Sees(analyst_, orders_).columns; }
  std::int64_t Count(const std::string& sql) { return (*lab.store_->BeginRead())->One(sql).value().Int(0); }

  AccessRole baseline_;
  organisation::Organisation organisation_{{crypto::Key::Draw(lab.random_), lab.random_, baseline_}};
  Remembered past_;
  MeshPlan plans_{{gate, people, lab.lake_}, {people, organisation_, lab.random_}, past_};
  Caller admin_, analyst_;
  store::TableRow orders_;
};

TEST_F(MeshPlanTest, APlanSaysWhoGainsAndChangesNothing) {
  const std::string document = std::string(kHead) + kGrant;
  auto plan = Plan(admin_, document);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->steps->size(), 4u);  // The tag, two things that carry it, the grant.
  ASSERT_EQ(plan->effects->size(), 1u);
  const auto& effect = plan->effects->front();
  EXPECT_EQ(*effect.principal_arn, analyst_.principal_arn);
  EXPECT_EQ(*effect.table, "111122223333/sales.orders");
  EXPECT_EQ(*effect.gains, std::vector<std::string>{"id"});
  EXPECT_EQ(*plan->blast_radius->principals_gaining, 1);
  EXPECT_EQ(*plan->blast_radius->principals_losing, 0);
  EXPECT_EQ(Columns(), std::vector<std::string>());
  EXPECT_EQ(Count("SELECT count(*) FROM lf_tags"), 0);
  EXPECT_EQ(Count("SELECT count(*) FROM outbox WHERE record LIKE '%CreateLFTag%'"), 0);

  ASSERT_TRUE(Apply(admin_, document));
  EXPECT_EQ(Columns(), std::vector<std::string>{"id"});
  // Each step is in the journal under its own name.
  EXPECT_EQ(Count("SELECT count(*) FROM outbox WHERE record LIKE '%\"CreateLFTag\"%'"), 1);
  EXPECT_EQ(Count("SELECT count(*) FROM outbox WHERE record LIKE '%\"ApplyMesh\"%'"), 1);
}

TEST_F(MeshPlanTest, ApplyingTwiceChangesNothing) {
  const std::string document = std::string(kHead) + kGrant;
  ASSERT_TRUE(Apply(admin_, document));
  auto again = Apply(admin_, document);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->steps->empty()) << *again->steps->front().change;
  auto plan = Plan(admin_, document);
  EXPECT_TRUE(plan->steps->empty());
  EXPECT_TRUE(plan->effects->empty());
}

TEST_F(MeshPlanTest, WhatTheDocumentDropsIsLostAndOldQueriesSaySo) {
  ASSERT_TRUE(Apply(admin_, std::string(kHead) + kGrant));
  past_.reads = {{"q1", analyst_.principal_arn, "111122223333/sales.orders", 5},
                 {"q2", admin_.principal_arn, "111122223333/sales.orders", 6}};
  auto plan = Plan(admin_, std::string(kHead) + kNoGrants);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(*plan->effects->front().loses, std::vector<std::string>{"id"});
  EXPECT_EQ(*plan->blast_radius->principals_losing, 1);
  ASSERT_EQ(plan->queries->size(), 1u);
  EXPECT_EQ(*plan->queries->front().outcome, "REFUSED");
  EXPECT_EQ(*plan->queries->front().query_execution_id, "q1");
  EXPECT_EQ(Columns(), std::vector<std::string>{"id"});
  ASSERT_TRUE(Apply(admin_, std::string(kHead) + kNoGrants));
  EXPECT_EQ(Columns(), std::vector<std::string>());
}

TEST_F(MeshPlanTest, AllOrNothing) {
  auto failed = Apply(admin_, std::string(kHead) + "    grants:\n      - {to: role/nobody, database: sales, can: [DESCRIBE]}\n");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Count("SELECT count(*) FROM lf_tags"), 0);
  EXPECT_EQ(Count("SELECT count(*) FROM lf_assignments"), 0);
}

TEST_F(MeshPlanTest, AnExportAppliedChangesNothing) {
  (void)lab.Filter(admin_, orders_, "small", "id < 10", {"id"}).value();
  ASSERT_TRUE(lab.Grant(admin_, analyst_.principal_arn, Lab::Cells(orders_, "small"), {"SELECT"}));
  ASSERT_TRUE(lab.Grant(admin_, std::string(kOwner) + ":IAMPrincipals", Lab::On(lab.Database(admin_, "open")), {"DESCRIBE"}));
  ASSERT_TRUE(Apply(admin_, std::string(kHead)));
  auto document = Export(admin_, {kOwner});
  ASSERT_TRUE(document) << document.error().message;
  auto plan = Plan(admin_, *document);
  ASSERT_TRUE(plan) << plan.error().message << *document;
  EXPECT_TRUE(plan->steps->empty()) << *plan->steps->front().change << *document;
  // And it says enough to give back what was lost.
  ASSERT_TRUE(lab.Revoke(admin_, analyst_.principal_arn, Lab::Cells(orders_, "small"), {"SELECT"}));
  ASSERT_TRUE(Apply(admin_, *document));
  EXPECT_EQ(Columns(), std::vector<std::string>{"id"});
}

// One of everything that a document has a word for.
constexpr const char* kEverything = R"(mesh: 1
catalogs:
  - account: "111122223333"
    tags: {layer: [raw], sensitivity: [internal, pii]}
    assignments:
      sales: {sensitivity: internal}
      sales.orders.email: {sensitivity: pii}
    expressions:
      shown: {layer: [raw], sensitivity: [internal]}
    filters:
      - {table: sales.orders, name: few, rows: "id < 10", columns: [id]}
      - {table: sales.orders, name: most, except: [email]}
    row_policies:
      - name: small
        columns: {id: string}
        rows: id < 100
        attached:
          - {all_tables: sales}
          - {to: role/analyst, table: sales.orders}
          - {to: role/analyst, tables: {sensitivity: [internal]}, condition: 'context.iam.principalTags.getTag("team") == "a"'}
          - {to: everyone in 111122223333, tables_expression: shown}
    opt_ins:
      - {to: role/analyst, database: sales}
      - {to: role/analyst, table: sales.orders, condition: 'context.iam.principalTags.getTag("team") == "a"'}
      - {to: role/analyst, all_tables: sales}
    grants:
      - {to: role/analyst, catalog: true, can: CREATE_DATABASE}
      - {to: role/analyst, database: sales, can: DESCRIBE, pass_on: DESCRIBE}
      - {to: role/analyst, all_tables: sales, can: DESCRIBE}
      - {to: role/third, table: sales.orders, can: [ALTER, INSERT]}
      - {to: role/analyst, table: sales.orders, columns: [id], can: SELECT}
      - {to: role/other, table: sales.orders, except: [email], can: SELECT}
      - to: everyone in 111122223333
        filter: sales.orders/few
        can: SELECT
        condition: 'context.iam.principalTags.getTag("team") == "a"'
      - {to: role/other, filter: sales.orders/most, can: SELECT}
      - {to: role/other, location: "s3://lake/", can: DATA_LOCATION_ACCESS}
      - {to: role/other, tables: {sensitivity: [internal]}, can: [SELECT, DESCRIBE]}
      - {to: role/other, databases: {layer: [raw]}, can: DESCRIBE}
      - {to: role/other, tables_expression: shown, can: SELECT}
      - {to: role/other, databases_expression: shown, can: DESCRIBE}
      - {to: role/other, tag: {sensitivity: [pii]}, can: [DESCRIBE, ASSOCIATE], pass_on: DESCRIBE}
      - {to: role/other, expression: shown, can: DESCRIBE}
      - {to: role/other, row_policy: small, can: DESCRIBE}
      - {to: everyone in 111122223333, database: sales, can: DESCRIBE}
      - {to: IAM_ALLOWED_PRINCIPALS, all_tables: sales, can: ALL}
)";
constexpr const char* kNothing = R"(mesh: 1
catalogs:
  - {account: "111122223333", tags: {}, assignments: {}, expressions: {}, filters: [], row_policies: [], opt_ins: [], grants: []}
)";

TEST_F(MeshPlanTest, OneOfEverythingGoesOutAndComesBack) {
  for (const char* name : {"other", "third"}) lab.Role(kOwner, name);
  lab.Write(
      "INSERT INTO lf_locations (id, account, region, arn, path, federation, hybrid, privileged, owner_account, modified_ms) "
      "VALUES (77, '111122223333', 'us-east-1', 'arn:aws:s3:::lake', 'lake/', 0, 0, 0, '', 0)");
  const std::string empty = Export(admin_, {kOwner}).value();
  auto applied = Apply(admin_, kEverything);
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_TRUE(Apply(admin_, kEverything)->steps->empty());
  const std::string document = Export(admin_, {kOwner}).value();
  auto nothing = Apply(admin_, kNothing);
  ASSERT_TRUE(nothing) << nothing.error().message;
  EXPECT_EQ(Export(admin_, {kOwner}).value(), empty);
  auto again = Apply(admin_, document);
  ASSERT_TRUE(again) << again.error().message << document;
  EXPECT_EQ(again->steps->size(), applied->steps->size());
  EXPECT_EQ(Export(admin_, {kOwner}).value(), document);
}

TEST_F(MeshPlanTest, ARowPolicyBindsWhenItIsAppliedAndNoLongerWhenItIsGone) {
  ASSERT_TRUE(Apply(admin_, std::string(kHead) + kGrant));
  EXPECT_EQ(lab.Sees(analyst_, orders_).row_filter, "");
  std::string policy = R"(    row_policies:
      - {name: small, columns: {id: ""}, rows: "id < 100", attached: [{to: role/analyst, table: sales.orders}]}
)";
  auto plan = Plan(admin_, kHead + policy);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->effects->size(), 1u);
  EXPECT_TRUE(plan->effects->front().rows);
  ASSERT_TRUE(Apply(admin_, kHead + policy));
  EXPECT_NE(lab.Sees(analyst_, orders_).row_filter.find("100"), std::string::npos);
  policy.replace(policy.find("100"), 3, "500");
  auto changed = Apply(admin_, kHead + policy).value();
  ASSERT_EQ(changed.steps->size(), 1u);
  EXPECT_EQ(*changed.steps->front().operation, "lakeformation:UpdateRLSPolicy");
  EXPECT_NE(lab.Sees(analyst_, orders_).row_filter.find("500"), std::string::npos);
  ASSERT_TRUE(Apply(admin_, std::string(kHead) + "    row_policies: []\n"));
  EXPECT_EQ(lab.Sees(analyst_, orders_).row_filter, "");
  people.barred.insert("Admin");
  EXPECT_EQ(Apply(admin_, kHead + policy).error().code, ErrorCode::kAccessDenied);
}

TEST_F(MeshPlanTest, AFilterThatChangesIsShownByItsRows) {
  std::string filter = R"(    filters:
      - {table: sales.orders, name: few, rows: "id < 10", columns: [id]}
    grants:
      - {to: role/analyst, filter: sales.orders/few, can: SELECT}
)";
  ASSERT_TRUE(Apply(admin_, kHead + filter));
  EXPECT_EQ(lab.Sees(analyst_, orders_).row_filter, R"((("id" < 10)))");
  filter.replace(filter.find("10"), 2, "99");
  auto plan = Plan(admin_, kHead + filter);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->steps->size(), 1u);
  EXPECT_EQ(*plan->steps->front().sign, "~");
  EXPECT_NE(plan->effects->front().rows->find("99"), std::string::npos);
  auto dropped = Apply(admin_, std::string(kHead) + "    filters: []\n    grants: []\n");
  ASSERT_TRUE(dropped) << dropped.error().message;
  EXPECT_EQ(Columns(), std::vector<std::string>());
}

TEST_F(MeshPlanTest, AnotherAccountsCatalogOnlyAsARoleThatMayBeAssumed) {
  Caller consumer = lab.Governed(kConsumer);
  lab.Role(kOwner, "OrganizationAccountAccessRole");
  const std::string document = std::string(kHead) + kGrant;
  trust.trusted = "999999999999";
  EXPECT_EQ(Apply(consumer, document).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(Plan(consumer, document).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(Export(consumer, {kOwner}).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(Count("SELECT count(*) FROM lf_tags"), 0);
  // The management account may assume it; the role must then be allowed at the second door too.
  Caller management = lab.Role("999999999999", "platform");
  auto refused = Apply(management, document);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAccessDenied);
  lab.PutAdmins(admin_, {admin_.principal_arn, RoleArn(kOwner, "/", "OrganizationAccountAccessRole")});
  auto applied = Apply(management, document);
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(Columns(), std::vector<std::string>{"id"});
  EXPECT_EQ(Count("SELECT count(*) FROM outbox WHERE record LIKE '%OrganizationAccountAccessRole/hanse-apply%'"), 4);
}

TEST_F(MeshPlanTest, AnOrganisationFromNothing) {
  trust.trusted = "999999999999";
  lab.EnableSharing();
  lab.Write("UPDATE organizations SET root = 'r-root'");
  lab.Write("UPDATE accounts SET parent = 'r-root'");
  Caller management = lab.Role("999999999999", "platform");
  const std::string document = R"(mesh: 1
units: [Domains, Consumers/BI]
accounts:
  - {name: finance, email: finance@example.com, unit: Domains}
  - {name: bi, email: bi@example.com, unit: Consumers/BI}
catalogs:
  - account: finance
    admins: [role/OrganizationAccountAccessRole]
    open_to_iam: false
    tags: {sensitivity: [public]}
    grants:
      - {to: bi, tables: {sensitivity: [public]}, can: [SELECT, DESCRIBE], pass_on: [SELECT, DESCRIBE]}
)";
  auto plan = Plan(management, document);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(Count("SELECT count(*) FROM accounts WHERE name IN ('finance', 'bi')"), 0);
  auto applied = Apply(management, document);
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(plan->steps->size(), applied->steps->size());
  EXPECT_EQ(
      Count("SELECT count(*) FROM accounts a JOIN organizational_units u ON u.id = a.parent WHERE u.name IN ('Domains', 'BI')"), 2);
  EXPECT_EQ(Count("SELECT count(*) FROM lf_grants WHERE kind = 'tables_by_tag'"), 1);
  auto again = Apply(management, document);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->steps->empty()) << *again->steps->front().change;
}

TEST_F(MeshPlanTest, WhoMayNotAskIsRefused) {
  ASSERT_TRUE(Plan(admin_, kHead));
  people.barred.insert("Admin");
  EXPECT_EQ(Plan(admin_, kHead).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(Apply(admin_, kHead).error().code, ErrorCode::kAccessDenied);
}

TEST(MeshDocument, SaysWhereItIsWrong) {
  auto wrong = [](const std::string& text) {
    auto read = ReadMesh(text);
    return read ? std::string("fine") : read.error().message;
  };
  EXPECT_EQ(wrong("mesh: 1\ncatalogs:\n  - account: a\n    colour: red\n"), "mesh file, line 4: unknown key colour");
  EXPECT_NE(wrong("mesh: 1\nunits: &a [x]\naccounts: *a\n").find("aliases"), std::string::npos);
  EXPECT_NE(wrong("units: [x]\n").find("mesh: 1"), std::string::npos);
  EXPECT_NE(wrong("mesh: 1\ncatalogs:\n  - account: a\n    grants:\n      - {to: b, can: SELECT}\n").find("line 5"),
            std::string::npos);
  EXPECT_NE(wrong("mesh: [1").find("line"), std::string::npos);
  EXPECT_NE(wrong("mesh: 1\ncatalogs:\n  - account: a\n    tags: {a: {b: c}}\n").find("line 4"), std::string::npos);
  EXPECT_NE(wrong("mesh: 1\ncatalogs:\n  - account: a\n    opt_ins:\n      - {to: b, tables: {c: [d]}}\n").find("line 5"),
            std::string::npos);
  EXPECT_NE(wrong("mesh: 1\ncatalogs:\n  - account: a\n    row_policies:\n      - {name: b, rows: \"c\"}\n").find("line 5"),
            std::string::npos);
  EXPECT_EQ(wrong("mesh: 1\n"), "fine");
}

TEST_F(MeshPlanTest, ATagThatIsDroppedMayNotBeUsed) {
  auto used = Plan(admin_, R"(mesh: 1
catalogs:
  - account: "111122223333"
    tags: {layer: [raw]}
    grants:
      - {to: role/analyst, tables: {sensitivity: [internal]}, can: SELECT}
)");
  ASSERT_FALSE(used);
  EXPECT_NE(used.error().message.find("tags has no sensitivity=internal"), std::string::npos);
}

}  // namespace
}  // namespace hanse::steward
