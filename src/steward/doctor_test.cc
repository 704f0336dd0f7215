#include "steward/doctor.h"

#include <gtest/gtest.h>

#include "steward/steward_lab.h"

namespace hanse::steward {
namespace {

using governance::Lab;

class Memory final : public PastReads {
 public:
  Result<std::vector<PastRead>> Of(const AccountId&, const std::string&, TimeMs) override { return reads; }
  Result<bool> Acted(const store::Principal&, const std::string&, TimeMs) override { return active; }
  std::vector<PastRead> reads;
  bool active = true;
};

// Tables with values of their own, read by those whom the test lets.
class Shelf final : public Samples {
 public:
  Result<void> Take(const gate::Context& as, const store::TableRow& table, const std::vector<std::string>& columns,
                    const Visit& visit) override {
    readers.push_back(as.caller.principal_arn);
    if (shut) return Fail(ErrorCode::kAccessDenied, "Required Select on " + table.name);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      for (const std::string& value : values[columns[i]]) visit(i, value);
    }
    return {};
  }
  std::map<std::string, std::vector<std::string>> values;  // By column.
  std::vector<std::string> readers;
  bool shut = false;
};

class DoctorTest : public testing::Test, public StewardLab {
 protected:
  DoctorTest() {
    admin_ = lab.Governed(kOwner);
    analyst_ = lab.Role(kOwner, "analyst");
    database_ = lab.Database(admin_, "sales");
  }
  // "KIND subject" of each finding of one kind.
  std::vector<std::string> Found(const std::string& kind) {
    DiagnoseMesh op;
    op.in.catalog_ids = {{kOwner}};
    auto answer = Call(admin_, op, doctor_);
    if (!answer) return {answer.error().message};
    std::vector<std::string> found;
    for (const auto& finding : *answer->findings) {
      EXPECT_FALSE(finding.command->empty());
      if (finding.kind == kind) found.push_back(*finding.subject);
    }
    return found;
  }
  using Texts = std::vector<std::string>;

  Memory past_;
  Shelf shelf_;
  Doctor doctor_{{gate, people, lab.lake_}, past_, shelf_, lab.clock_};
  Caller admin_, analyst_;
  store::DatabaseRow database_;
};

TEST_F(DoctorTest, IamAllowedPrincipalsUntilItIsRevoked) {
  auto open = lab.Database(admin_, "open", true);
  auto table = lab.Table(admin_, open, "t", {"id"});
  EXPECT_EQ(Found("IAM_ALLOWED_PRINCIPALS"), Texts{"table open.t"});
  ASSERT_TRUE(lab.Revoke(admin_, "IAM_ALLOWED_PRINCIPALS", Lab::On(table), {"ALL"}));
  EXPECT_EQ(Found("IAM_ALLOWED_PRINCIPALS"), Texts());
}

TEST_F(DoctorTest, ManyGrantsOfOneTableEach) {
  std::vector<store::TableRow> tables;
  for (const char* name : {"a", "b", "c"}) tables.push_back(lab.Table(admin_, database_, name, {"id"}));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(lab.Grant(admin_, analyst_.principal_arn, Lab::On(tables[i]), {"SELECT"}));
  EXPECT_EQ(Found("GRANTS_PER_TABLE"), Texts());
  ASSERT_TRUE(lab.Grant(admin_, analyst_.principal_arn, Lab::On(tables[2]), {"SELECT"}));
  EXPECT_EQ(Found("GRANTS_PER_TABLE"), Texts{analyst_.principal_arn});
}

TEST_F(DoctorTest, TablesAndPersonalColumnsWithoutTheirTag) {
  auto people_table = lab.Table(admin_, database_, "people", {"id", "email"});
  EXPECT_EQ(Found("NO_TAG_FOR_PERSONAL_DATA"), Texts{"taxonomy"});
  (void)lab.Tag(admin_, "sensitivity", {"internal", "pii"}).value();
  EXPECT_EQ(Found("NO_TAG_FOR_PERSONAL_DATA"), Texts());
  EXPECT_EQ(Found("PERSONAL_COLUMN"), Texts{"sales.people"});
  EXPECT_EQ(Found("TAG_MISSING"), Texts());  // No grant decides by it yet.
  ASSERT_TRUE(lab.Grant(admin_, analyst_.principal_arn, Lab::Policy(kOwner, "TABLE", {{"sensitivity", {"internal"}}}), {"SELECT"}));
  EXPECT_EQ(Found("TAG_MISSING"), Texts{"sales.people"});
  (void)lab.Assign(admin_, Lab::On(database_), "sensitivity", "internal").value();
  (void)lab.Assign(admin_, Lab::Columns(people_table, {"email"}), "sensitivity", "pii").value();
  EXPECT_EQ(Found("PERSONAL_COLUMN"), Texts());
  EXPECT_EQ(Found("TAG_MISSING"), Texts());
}

TEST_F(DoctorTest, PersonalValuesInColumnsWhoseNamesSayNothing) {
  (void)lab.Tag(admin_, "sensitivity", {"internal", "pii"}).value();
  auto table = lab.Table(admin_, database_, "orders", {"id", "contact", "region"});
  shelf_.values = {{"contact", {"ada@nimbus.example", "bob@nimbus.example", "eve@nimbus.example", "none"}},
                   {"region", {"EMEA", "APAC", "EMEA", "EMEA"}},
                   {"email", {"ada@nimbus.example", "bob@nimbus.example", "eve@nimbus.example"}}};
  DiagnoseMesh op;
  op.in.catalog_ids = {{kOwner}};
  auto answer = Call(admin_, op, doctor_).value();
  ASSERT_EQ(Found("PERSONAL_VALUES"), Texts{"sales.orders"});
  const auto& finding = answer.findings->front();
  EXPECT_NE(finding.text->find("contact (75 % e-mail addresses)"), std::string::npos) << *finding.text;
  EXPECT_NE(finding.command->find(R"("ColumnNames":["contact"])"), std::string::npos) << *finding.command;
  EXPECT_EQ(wire::ToJson(answer).find("nimbus.example"), std::string::npos);
  EXPECT_EQ(*answer.tables_sampled, 1);
  EXPECT_EQ(shelf_.readers.front(), admin_.principal_arn);
  (void)lab.Assign(admin_, Lab::Columns(table, {"contact"}), "sensitivity", "pii").value();
  EXPECT_EQ(Found("PERSONAL_VALUES"), Texts());
}

TEST_F(DoctorTest, ValuesAreReadOnlyByWhoMayAndAsOftenAsAsked) {
  shelf_.values = {{"contact", {"ada@nimbus.example", "bob@nimbus.example", "eve@nimbus.example"}}};
  for (const char* name : {"a", "b", "c"}) lab.Table(admin_, database_, name, {"contact"});
  EXPECT_EQ(Found("PERSONAL_VALUES"), (Texts{"sales.a", "sales.b", "sales.c"}));
  DiagnoseMesh op;
  op.in.catalog_ids = {{kOwner}};
  for (auto [most, taken] : {std::pair(0, 0), std::pair(2, 2)}) {
    shelf_.readers.clear();
    op.in.sampled_tables = most;
    auto answer = Call(admin_, op, doctor_).value();
    EXPECT_EQ(*answer.tables_sampled, taken);
    EXPECT_EQ(shelf_.readers.size(), static_cast<std::size_t>(taken));
  }
  shelf_.shut = true;
  op.in.sampled_tables = 3;
  auto answer = Call(admin_, op, doctor_).value();
  EXPECT_EQ(*answer.tables_sampled, 0);
  EXPECT_EQ(*answer.tables_not_sampled, 3);
  EXPECT_EQ(Found("PERSONAL_VALUES"), Texts());
}

TEST_F(DoctorTest, InAnotherAccountValuesAreReadAsARoleThatMayBeAssumed) {
  lab.EnableSharing();
  Caller management = lab.Role("999999999999", "steward");
  shelf_.values = {{"contact", {"ada@nimbus.example", "bob@nimbus.example", "eve@nimbus.example"}}};
  lab.Table(admin_, database_, "a", {"contact"});
  Caller role = lab.Role(kOwner, "OrganizationAccountAccessRole");
  DiagnoseMesh op;
  op.in.catalog_ids = {{kOwner}};
  trust.trusted = kConsumer;  // The role does not trust the management account.
  auto answer = Call(management, op, doctor_).value();
  EXPECT_TRUE(shelf_.readers.empty());
  EXPECT_EQ(*answer.tables_not_sampled, 1);
  trust.trusted = "999999999999";
  answer = Call(management, op, doctor_).value();
  EXPECT_EQ(shelf_.readers, Texts{role.principal_arn});
  EXPECT_EQ(*answer.tables_sampled, 1);
}

TEST_F(DoctorTest, SharesAndAdministratorsThatAreIdle) {
  lab.Governed(kConsumer);
  lab.EnableSharing();
  auto table = lab.Table(admin_, database_, "orders", {"id"});
  ASSERT_TRUE(lab.Grant(admin_, kConsumer, Lab::On(table), {"SELECT"}));
  EXPECT_EQ(Found("SHARE_NEVER_USED").size(), 0u);  // It is young.
  lab.clock_.Advance(Doctor::kIdleMs + 1);
  EXPECT_EQ(Found("SHARE_NEVER_USED").size(), 1u);
  past_.reads = {{"q", "arn", std::string(kOwner) + "/sales.orders", 1}};
  EXPECT_EQ(Found("SHARE_NEVER_USED").size(), 0u);
  EXPECT_EQ(Found("STALE_ADMIN").size(), 0u);
  past_.active = false;
  EXPECT_EQ(Found("STALE_ADMIN"), Texts{admin_.principal_arn});
}

TEST_F(DoctorTest, WhoReadsRegisteredPlacesPastLakeFormation) {
  EXPECT_EQ(Found("BYPASS"), Texts());
  lab.Write(
      "INSERT INTO lf_locations (id, account, region, arn, path, federation, hybrid, privileged, owner_account, modified_ms) "
      "VALUES "
      "(77, '111122223333', 'us-east-1', 'arn:aws:s3:::lake', 'lake/', 0, 0, 0, '', 0)");
  EXPECT_EQ(Found("BYPASS"), (Texts{admin_.principal_arn, analyst_.principal_arn}));
  people.barred.insert("analyst");
  EXPECT_EQ(Found("BYPASS"), Texts{admin_.principal_arn});
}

TEST_F(DoctorTest, OnlyForThoseWhoOversee) {
  Caller stranger = lab.Governed(kConsumer);
  DiagnoseMesh op;
  op.in.catalog_ids = {{kOwner}};
  EXPECT_EQ(Call(stranger, op, doctor_).error().code, ErrorCode::kAccessDenied);
  EXPECT_TRUE(Call(admin_, op, doctor_));
  people.barred.insert("Admin");
  EXPECT_EQ(Call(admin_, op, doctor_).error().code, ErrorCode::kAccessDenied);
}

}  // namespace
}  // namespace hanse::steward
