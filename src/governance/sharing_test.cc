#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "governance/governance_lab.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using testing::ElementsAre;
using testing::IsEmpty;

class SharingTest : public testing::Test {
 protected:
  Lab lab;
  Caller producer = lab.Governed("111111111111");
  Caller consumer = lab.Governed("222222222222");
  Caller reader = lab.Role("222222222222", "reader");
  store::DatabaseRow sales = lab.Database(producer, "sales");
  store::TableRow orders = lab.Table(producer, sales, "orders", {"id", "region", "email"});
  store::TableRow lines = lab.Table(producer, sales, "lines", {"id"});

  std::vector<wire::ram::ResourceShare> Shares(const Caller& who, const std::string& owner) {
    GetResourceShares get;
    get.in.resource_owner = owner;
    return *lab.Run(who, get, lab.share_listing_)->resource_shares;
  }
};

TEST_F(SharingTest, TheOwnersGrantIsACeilingOverTheConsumersOwn) {
  lab.EnableSharing();
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::On(orders), {"SELECT"}, {"SELECT"}));
  EXPECT_TRUE(lab.Sees(consumer, orders).readable) << "the administrator is covered by the account's grant";
  EXPECT_FALSE(lab.Sees(reader, orders).visible);
  EXPECT_FALSE(lab.Grant(consumer, reader.principal_arn, Lab::On(orders), {"INSERT"}));
  EXPECT_FALSE(lab.Grant(consumer, reader.principal_arn, Lab::On(lines), {"SELECT"}));
  EXPECT_FALSE(lab.Grant(consumer, "111111111111", Lab::On(orders), {"SELECT"}));
  EXPECT_FALSE(lab.Grant(consumer, std::string(kIamAllowedPrincipals), Lab::On(orders), {"ALL"}));
  ASSERT_TRUE(lab.Grant(consumer, reader.principal_arn, Lab::On(orders), {"SELECT"}));
  EXPECT_TRUE(lab.Sees(reader, orders).readable);
  EXPECT_TRUE(lab.Sees(reader, sales).visible);
  EXPECT_FALSE(lab.Sees(reader, lines).visible);
  ASSERT_TRUE(lab.Revoke(producer, "222222222222", Lab::On(orders), {"SELECT"}, {"SELECT"}));
  EXPECT_FALSE(lab.Sees(reader, orders).visible) << "the consumer's row remains and gives nothing";
  EXPECT_FALSE(lab.Sees(consumer, orders).visible);
}

TEST_F(SharingTest, WithoutTheGrantOptionItStaysWithTheAdministrator) {
  lab.EnableSharing();
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::On(orders), {"SELECT"}));
  EXPECT_TRUE(lab.Sees(consumer, orders).readable);
  EXPECT_FALSE(lab.Grant(consumer, reader.principal_arn, Lab::On(orders), {"SELECT"}));
}

TEST_F(SharingTest, OutsideOrganisationSharingAShareWaitsForItsInvitation) {
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::On(orders), {"SELECT"}, {"SELECT"}));
  EXPECT_FALSE(lab.Sees(consumer, orders).visible);
  EXPECT_THAT(Shares(consumer, "OTHER-ACCOUNTS"), IsEmpty());
  GetResourceShareInvitations get;
  auto waiting = *lab.Run(consumer, get, lab.invitations_)->resource_share_invitations;
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting.front().status, "PENDING");
  AcceptResourceShareInvitation accept;
  accept.in.resource_share_invitation_arn = waiting.front().resource_share_invitation_arn;
  EXPECT_FALSE(lab.Run(producer, accept, lab.invitations_)) << "not the producer's to accept";
  ASSERT_TRUE(lab.Run(consumer, accept, lab.invitations_));
  EXPECT_TRUE(lab.Sees(consumer, orders).readable);
  EXPECT_EQ(lab.Run(consumer, accept, lab.invitations_).error().name, "ResourceShareInvitationAlreadyAcceptedException");
}

TEST_F(SharingTest, AnInvitationExpiresAfterTwelveHours) {
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::On(orders), {"SELECT"}));
  GetResourceShareInvitations get;
  AcceptResourceShareInvitation accept;
  accept.in.resource_share_invitation_arn =
      lab.Run(consumer, get, lab.invitations_)->resource_share_invitations->front().resource_share_invitation_arn;
  lab.clock_.Advance(kInvitationLifeMs + 1);
  EXPECT_EQ(lab.Run(consumer, accept, lab.invitations_).error().name, "ResourceShareInvitationExpiredException");
  EXPECT_FALSE(lab.Sees(consumer, orders).visible);
  // Revoke and grant again: a new invitation.
  ASSERT_TRUE(lab.Revoke(producer, "222222222222", Lab::On(orders), {"SELECT"}));
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::On(orders), {"SELECT"}));
  accept.in.resource_share_invitation_arn =
      lab.Run(consumer, get, lab.invitations_)->resource_share_invitations->back().resource_share_invitation_arn;
  EXPECT_TRUE(lab.Run(consumer, accept, lab.invitations_));
  EXPECT_TRUE(lab.Sees(consumer, orders).readable);
}

TEST_F(SharingTest, AGrantAppearsAsAShareAndGoesWithTheLastRevoke) {
  lab.EnableSharing();
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::On(orders), {"SELECT"}));
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::On(lines), {"SELECT"}));
  auto seen = Shares(consumer, "OTHER-ACCOUNTS");
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_TRUE(seen.front().name->starts_with("LakeFormation"));
  EXPECT_EQ(Shares(producer, "SELF").front().resource_share_arn, seen.front().resource_share_arn);
  ListSharedResources list;
  list.in.resource_owner = "OTHER-ACCOUNTS";
  EXPECT_EQ(lab.Run(consumer, list, lab.share_listing_)->resources->size(), 2u);
  ASSERT_TRUE(lab.Revoke(producer, "222222222222", Lab::On(orders), {"SELECT"}));
  EXPECT_EQ(lab.Run(consumer, list, lab.share_listing_)->resources->size(), 1u);
  ASSERT_TRUE(lab.Revoke(producer, "222222222222", Lab::On(lines), {"SELECT"}));
  EXPECT_THAT(Shares(consumer, "OTHER-ACCOUNTS"), IsEmpty());
  EXPECT_THAT(Shares(producer, "SELF"), IsEmpty());
}

// lakeformation.md 5.2: cutting the share in RAM cuts access although the grant remains.
TEST_F(SharingTest, DisassociatingTheShareCutsAccess) {
  lab.EnableSharing();
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::On(orders), {"SELECT"}));
  DisassociateResourceShare cut;
  cut.in.resource_share_arn = Shares(producer, "SELF").front().resource_share_arn;
  cut.in.principals = std::vector<std::string>{"222222222222"};
  EXPECT_FALSE(lab.Run(consumer, cut, lab.shares_)) << "not the consumer's share";
  ASSERT_TRUE(lab.Run(producer, cut, lab.shares_));
  EXPECT_FALSE(lab.Sees(consumer, orders).visible);
}

TEST_F(SharingTest, APolicyIsPassedOnIdenticallyOrByWhoMayDescribeItsTags) {
  lab.EnableSharing();
  ASSERT_TRUE(lab.Tag(producer, "domain", {"sales", "hr"}));
  ASSERT_THAT(*lab.Assign(producer, Lab::On(orders), "domain", "sales"), IsEmpty());
  ASSERT_THAT(*lab.Assign(producer, Lab::On(lines), "domain", "hr"), IsEmpty());
  Lab::Resource held = Lab::Policy("111111111111", "TABLE", {{"domain", {"sales"}}});
  Lab::Resource broader = Lab::Policy("111111111111", "TABLE", {{"domain", {"hr", "sales"}}});
  ASSERT_TRUE(lab.Grant(producer, "222222222222", held, {"SELECT", "DESCRIBE"}, {"SELECT", "DESCRIBE"}));
  EXPECT_FALSE(lab.Grant(consumer, reader.principal_arn, broader, {"SELECT"}));
  ASSERT_TRUE(lab.Grant(consumer, reader.principal_arn, held, {"SELECT", "DESCRIBE"}));
  EXPECT_TRUE(lab.Sees(reader, orders).readable);
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::Tag("111111111111", "domain", {"sales", "hr"}), {"DESCRIBE"}, {"DESCRIBE"}));
  ASSERT_TRUE(lab.Grant(consumer, reader.principal_arn, broader, {"SELECT"}));
  EXPECT_FALSE(lab.Sees(reader, lines).visible) << "below the ceiling";
  ASSERT_TRUE(lab.Revoke(producer, "222222222222", held, {"SELECT", "DESCRIBE"}));
  EXPECT_FALSE(lab.Sees(reader, orders).visible);
}

TEST_F(SharingTest, AFilterOfTheOwnerIsPassedOn) {
  lab.EnableSharing();
  ASSERT_TRUE(lab.Filter(producer, orders, "eu", "region = 'EU'", {"id", "region"}));
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::Cells(orders, "eu"), {"SELECT"}, {"SELECT"}));
  ASSERT_TRUE(lab.Grant(consumer, reader.principal_arn, Lab::Cells(orders, "eu"), {"SELECT"}));
  policy::TableAccess access = lab.Sees(reader, orders);
  EXPECT_THAT(access.columns, ElementsAre("id", "region"));
  EXPECT_THAT(access.row_filter, testing::HasSubstr("'EU'"));
  // The consumer's own filter may not name what the owner does not show, and cannot tell it from what is not there.
  auto hidden = lab.Filter(consumer, orders, "probe", "email = 'x'"),
       missing = lab.Filter(consumer, orders, "probe", "emajl = 'x'");
  ASSERT_FALSE(hidden || missing);
  EXPECT_EQ(hidden.error().code, missing.error().code);
}

TEST_F(SharingTest, WhatCannotCrossTheBorderOfAnAccount) {
  lab.EnableSharing();
  EXPECT_FALSE(lab.Grant(producer, "222222222222", Lab::On(sales), {"DROP"}));
  EXPECT_FALSE(lab.Grant(producer, "222222222222", Lab::On(sales), {"ALL"}));
  EXPECT_FALSE(lab.Grant(producer, "222222222222", Lab::Catalog(), {"CREATE_DATABASE"}));
  EXPECT_FALSE(lab.Grant(producer, reader.principal_arn, Lab::On(orders), {"SELECT"}, {"SELECT"}));
  ASSERT_TRUE(lab.Grant(producer, reader.principal_arn, Lab::On(orders), {"SELECT"}));
  EXPECT_TRUE(lab.Sees(reader, orders).readable);
  EXPECT_FALSE(lab.Sees(consumer, orders).visible) << "a grant straight to a role is its alone";
  ASSERT_TRUE(lab.Grant(producer, std::string(kIamAllowedPrincipals), Lab::On(lines), {"ALL"}));
  EXPECT_FALSE(lab.Grant(producer, "222222222222", Lab::On(lines), {"SELECT"})) << "open to IAM";
}

TEST_F(SharingTest, MembershipOfAUnitIsEvaluatedAtAccess) {
  lab.EnableSharing();
  ASSERT_TRUE(
      lab.Grant(producer, "arn:aws:organizations::999999999999:ou/o-lab/ou-lab-1", Lab::On(orders), {"SELECT"}, {"SELECT"}));
  EXPECT_FALSE(lab.Sees(consumer, orders).visible);
  consumer.organization_path.push_back("ou-lab-1");
  EXPECT_TRUE(lab.Sees(consumer, orders).readable);
  EXPECT_FALSE(lab.Grant(producer, "arn:aws:organizations::999999999999:organization/o-other", Lab::On(orders), {"SELECT"}));
}

// A stranger's table over somebody's registered data must not be read with the owner's role.
TEST_F(SharingTest, AStrangersTableNeverBorrowsTheOwnersRole) {
  Caller location = lab.Role("111111111111", "Location");
  RegisterResource put;
  put.in.resource_arn = "arn:aws:s3:::lake";
  put.in.role_arn = location.principal_arn;
  ASSERT_TRUE(lab.Run(producer, put, lab.locations_));
  EXPECT_FALSE(lab.Run(producer, put, lab.locations_)) << "registered once";
  auto tx = *lab.store_->BeginRead();
  EXPECT_EQ(lab.lake_.LocationOf(*tx, "111111111111", kTestRegion, "s3://lake/sales/orders/").value()->role_arn,
            location.principal_arn);
  EXPECT_FALSE(lab.lake_.LocationOf(*tx, "111111111111", kTestRegion, "s3://lakeside/x").value());
  EXPECT_FALSE(lab.lake_.LocationOf(*tx, "222222222222", kTestRegion, "s3://lake/sales/orders/").value());
  EXPECT_FALSE(*lab.lake_.MayUseLocation(*tx, consumer, "222222222222", kTestRegion, "s3://lake/sales", nullptr));
  EXPECT_TRUE(*lab.lake_.MayUseLocation(*tx, producer, "111111111111", kTestRegion, "s3://lake/sales", nullptr));
  EXPECT_FALSE(
      *lab.lake_.MayUseLocation(*tx, lab.Role("111111111111", "maker"), "111111111111", kTestRegion, "s3://lake/x", nullptr));
}

// The chain of a mesh: bytes and their registration are a producer's, the table and its grants the hub's, the reader a consumer's.
// Each can end it, and none has more of it than its part.
TEST_F(SharingTest, AProducersPlaceTheHubsTableAndAConsumersReaderMakeAChain) {
  lab.EnableSharing();
  const Caller hub = lab.Governed("333333333333"), location = lab.Role("111111111111", "Location");
  RegisterResource put;
  put.in.resource_arn = "arn:aws:s3:::lake";
  put.in.role_arn = location.principal_arn;
  ASSERT_TRUE(lab.Run(producer, put, lab.locations_));
  const auto ledger = lab.Table(hub, lab.Database(hub, "finance"), "ledger", {"id", "salary"});
  auto role = [&] {
    auto tx = *lab.store_->BeginRead();
    auto found = lab.lake_.LocationOf(*tx, hub.account, kTestRegion, ledger.location).value();
    return found ? found->role_arn : std::string();
  };
  auto may_attach = [&] {
    auto tx = *lab.store_->BeginRead();
    return *lab.lake_.MayUseLocation(*tx, hub, hub.account, kTestRegion, ledger.location, nullptr);
  };
  EXPECT_EQ(role(), "");
  EXPECT_FALSE(may_attach());
  const Lab::Resource place{.data_location = wire::lakeformation::DataLocationResource{"111111111111", "arn:aws:s3:::lake"}};
  ASSERT_TRUE(lab.Grant(producer, hub.account, place, {"DATA_LOCATION_ACCESS"}));
  EXPECT_EQ(role(), location.principal_arn);
  EXPECT_TRUE(may_attach());

  ASSERT_TRUE(lab.Grant(hub, "222222222222", Lab::Columns(ledger, {"id"}), {"SELECT"}, {"SELECT"}));
  EXPECT_FALSE(lab.Sees(reader, ledger).visible);
  ASSERT_TRUE(lab.Grant(consumer, reader.principal_arn, Lab::Columns(ledger, {"id"}), {"SELECT"}));
  EXPECT_EQ(lab.Sees(reader, ledger).columns, std::vector<std::string>{"id"});
  EXPECT_FALSE(lab.Sees(producer, ledger).visible);  // Whose bytes they are sees nothing of the catalog for that.
  EXPECT_FALSE(lab.Grant(consumer, "111111111111", Lab::Columns(ledger, {"id"}), {"SELECT"}));  // It goes one hop from the owner.

  ASSERT_TRUE(lab.Revoke(hub, "222222222222", Lab::Columns(ledger, {"id"}), {"SELECT"}, {"SELECT"}));
  EXPECT_FALSE(lab.Sees(reader, ledger).visible);
  ASSERT_TRUE(lab.Revoke(producer, hub.account, place, {"DATA_LOCATION_ACCESS"}));
  EXPECT_EQ(role(), "");
}

TEST_F(SharingTest, SharedWithTellsWhetherAnythingIsOpen) {
  lab.EnableSharing();
  auto shared = [&](const Caller& who) {
    auto tx = *lab.store_->BeginRead();
    return *lab.lake_.SharedWith(*tx, "111111111111", kTestRegion, who);
  };
  EXPECT_FALSE(shared(reader));
  ASSERT_TRUE(lab.Grant(producer, "222222222222", Lab::On(orders), {"DESCRIBE"}));
  EXPECT_TRUE(shared(reader));
  EXPECT_FALSE(shared(producer));
}

TEST_F(SharingTest, TheOwnersCopyNamesAReaderOnlyWhereItsAccountTrustsTheOwner) {
  auto names = [&](const std::string& owner) {
    auto tx = *lab.store_->BeginRead();
    return lab.lake_.NamesReaderTo(*tx, reader, kTestRegion, owner).value();
  };
  EXPECT_FALSE(names("111111111111"));
  PutDataLakeSettings put;
  wire::lakeformation::DataLakeSettings& settings = put.in.data_lake_settings.emplace();
  settings.data_lake_admins.emplace().push_back({.data_lake_principal_identifier = consumer.principal_arn});
  settings.trusted_resource_owners.emplace().push_back("111111111111");
  ASSERT_TRUE(lab.Run(consumer, put, lab.settings_));
  EXPECT_TRUE(names("111111111111"));
  EXPECT_FALSE(names("333333333333"));
  settings.trusted_resource_owners->push_back("not an account");
  EXPECT_FALSE(lab.Run(consumer, put, lab.settings_));
}

}  // namespace
}  // namespace hanse::governance
