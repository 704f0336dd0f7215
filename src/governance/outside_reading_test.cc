#include "governance/outside_reading.h"

#include <gtest/gtest.h>

#include "governance/governance_lab.h"

namespace hanse::governance {
namespace {

constexpr const char* kProducer = "111122223333";
constexpr const char* kConsumer = "444455556666";

class OutsideReadingTest : public testing::Test {
 protected:
  void Put(const Caller& admin, std::vector<std::string> engines, std::vector<std::string> accounts, bool filtering, bool full) {
    PutDataLakeSettings put;
    wire::lakeformation::DataLakeSettings settings;
    settings.data_lake_admins.emplace();
    settings.data_lake_admins->push_back({.data_lake_principal_identifier = admin.principal_arn});
    settings.allow_external_data_filtering = filtering;
    settings.allow_full_table_external_data_access = full;
    settings.authorized_session_tag_value_list = std::move(engines);
    settings.external_data_filtering_allow_list.emplace();
    for (const std::string& account : accounts) {
      settings.external_data_filtering_allow_list->push_back({.data_lake_principal_identifier = account});
    }
    put.in.data_lake_settings = settings;
    ASSERT_TRUE(lab.Run(admin, put, lab.settings_));
  }
  gate::OutsideReading Of(const Caller& caller, std::string_view account = kProducer) {
    auto tx = *lab.store_->BeginRead();
    return lab.lake_.OutsideReadingOf(*tx, caller, account, kTestRegion).value();
  }
  static Caller Tagged(Caller caller, const std::string& value) {
    caller.session_tags[std::string(kAuthorizedCaller)] = value;
    return caller;
  }

  Lab lab;
  Caller admin = lab.Governed(kProducer);
  Caller reader = lab.Role(kProducer, "reader");
};

TEST_F(OutsideReadingTest, NothingIsOpenUntilTheSettingsSaySo) {
  EXPECT_FALSE(Of(Tagged(reader, "engine")).filters || Of(reader).full_tables);
  Put(admin, {}, {}, false, true);
  EXPECT_TRUE(Of(reader).full_tables);
  EXPECT_FALSE(Of(Tagged(reader, "engine")).filters);
  Put(admin, {}, {}, false, false);
  EXPECT_FALSE(Of(reader).full_tables);
}

TEST_F(OutsideReadingTest, AnEngineTakesTheFlagItsAccountAndTheTagOfItsSession) {
  Put(admin, {"engine"}, {kProducer}, true, false);
  EXPECT_TRUE(Of(Tagged(reader, "engine")).filters);
  EXPECT_FALSE(Of(Tagged(reader, "another")).filters);
  EXPECT_FALSE(Of(reader).filters);
  Caller by_role = reader;  // A tag of the role is no tag of the session.
  by_role.principal_tags[std::string(kAuthorizedCaller)] = "engine";
  EXPECT_FALSE(Of(by_role).filters);
  Put(admin, {"engine"}, {kProducer}, false, false);
  EXPECT_FALSE(Of(Tagged(reader, "engine")).filters);
  Put(admin, {"engine"}, {kConsumer}, true, false);
  EXPECT_FALSE(Of(Tagged(reader, "engine")).filters);
  Put(admin, {"another"}, {kProducer}, true, false);
  EXPECT_FALSE(Of(Tagged(reader, "engine")).filters);
}

TEST_F(OutsideReadingTest, AcrossAccountsBothMustSayYes) {
  Caller other_admin = lab.Governed(kConsumer);
  Caller analyst = Tagged(lab.Role(kConsumer, "analyst"), "engine");
  Put(admin, {"engine"}, {kConsumer}, true, true);
  EXPECT_FALSE(Of(analyst).filters || Of(analyst).full_tables);
  Put(other_admin, {"engine"}, {kConsumer}, true, true);
  EXPECT_TRUE(Of(analyst).filters && Of(analyst).full_tables);
  Put(admin, {"engine"}, {kProducer}, true, false);
  EXPECT_FALSE(Of(analyst).filters || Of(analyst).full_tables);
}

}  // namespace
}  // namespace hanse::governance
