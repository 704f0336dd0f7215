#include "insight/cloudtrail.h"

#include <gmock/gmock.h>

#include "audit/segment_journal.h"
#include "insight/test_policy.h"
#include "store/test_store.h"

namespace hanse::insight {
namespace {

using testing::ElementsAre;

constexpr std::string_view kManagement = "111111111111", kMember = "222222222222";
constexpr std::string_view kTrail = "arn:aws:cloudtrail:us-east-1:111111111111:trail/hanse-organization-trail";

class CloudTrailTest : public testing::Test {
 protected:
  CloudTrailTest() {
    journal_ = std::move(*audit::SegmentJournal::Open({.folder = store_.directory() + "/journal"}, clock_));
    outbox_ = std::make_unique<audit::Outbox>(*store_, *journal_);
    index_ = std::move(*audit::Index::Open(journal_->folder()));
    trail_ = std::make_unique<CloudTrail>(*index_, *outbox_);
    gate_ = std::make_unique<gate::Gate>(gate::Gate::Parts{*store_, *journal_, clock_, random_, policies_, {}});
    auto tx = *store_->BeginWrite();
    (void)tx->Execute("INSERT INTO organizations (id, root, management_account, created_ms) VALUES ('o-1', 'r-1', ?, 1000)",
                      {std::string(kManagement)});
    for (std::string_view account : {kManagement, kMember}) {
      (void)tx->Execute(
          "INSERT INTO accounts (account, name, email, arn, status, joined_ms, joined_method, parent) "
          "VALUES (?, 'n', 'e', 'a', 'ACTIVE', 0, 'CREATED', 'r-1')",
          {std::string(account)});
    }
    EXPECT_TRUE(tx->Commit().has_value());
  }

  gate::Context As(std::string_view account) {
    gate::Context context;
    context.caller.kind = CallerKind::kUser;
    context.caller.account = account;
    context.caller.name = "ana";
    context.caller.arn = context.caller.principal_arn = "arn:aws:iam::" + std::string(account) + ":user/ana";
    context.info.id = random_.Uuid();
    context.info.service = "cloudtrail";
    context.info.region = "us-east-1";
    context.info.now_ms = clock_.NowMs();
    return context;
  }
  void Record(int number, std::string_view account) {
    audit::Event event;
    event.id = "id-" + std::to_string(number);
    event.name = "GetTable";
    event.source = "glue.amazonaws.com";
    event.region = "us-east-1";
    event.recipient_account = account;
    event.time_ms = 1'767'225'600'000 + number * 1000;
    ASSERT_TRUE(journal_->Append(event.ToJson(), audit::Durability::kSynced).has_value());
  }
  Result<LookupEvents::Answer> Look(std::string_view account, wire::cloudtrail::LookupEventsRequest in) {
    return gate_->Run(As(account), LookupEvents{std::move(in)}, *trail_);
  }
  static wire::cloudtrail::LookupEventsRequest By(std::string key, std::string value) {
    wire::cloudtrail::LookupEventsRequest in;
    in.lookup_attributes = {{std::move(key), std::move(value)}};
    return in;
  }
  static std::vector<std::string> Ids(const Result<LookupEvents::Answer>& answer) {
    EXPECT_TRUE(answer.has_value()) << (answer ? "" : answer.error().message);
    std::vector<std::string> ids;
    if (answer)
      for (const auto& event : *answer->events) ids.push_back(*event.event_id);
    return ids;
  }

  store::TestStore store_;
  SystemClock clock_;
  SeededRandom random_{1};
  OnePolicy policies_;
  std::unique_ptr<audit::SegmentJournal> journal_;
  std::unique_ptr<audit::Outbox> outbox_;
  std::unique_ptr<audit::Index> index_;
  std::unique_ptr<CloudTrail> trail_;
  std::unique_ptr<gate::Gate> gate_;
};

TEST_F(CloudTrailTest, LooksUpTheCallersOwnAccountAlone) {
  Record(1, kMember);
  Record(2, kManagement);
  EXPECT_THAT(Ids(Look(kMember, By("EventName", "GetTable"))), ElementsAre("id-1"));
  EXPECT_THAT(Ids(Look(kManagement, By("EventName", "GetTable"))), ElementsAre("id-2"));
  EXPECT_THAT(Ids(Look(kMember, By("EventId", "id-2"))), ElementsAre());
}

TEST_F(CloudTrailTest, WhoMayNotLookIsRefusedAndThatIsRecorded) {
  policies_.action = "cloudtrail:Describe*";
  auto refused = Look(kMember, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kAccessDenied);
  policies_.action = "cloudtrail:*";
  auto seen = Look(kMember, By("EventName", "LookupEvents"));
  ASSERT_EQ(Ids(seen).size(), 1u);
  EXPECT_THAT(*seen->events->front().cloud_trail_event, testing::HasSubstr("AccessDenied"));
}

TEST_F(CloudTrailTest, PagesDoNotOverlapAndTokensBelongToTheirQuestion) {
  for (int i = 1; i <= 5; ++i) Record(i, kMember);
  auto in = By("EventName", "GetTable");
  in.max_results = 2;
  auto first = Look(kMember, in);
  EXPECT_THAT(Ids(first), ElementsAre("id-5", "id-4"));
  in.next_token = first->next_token;
  auto second = Look(kMember, in);
  EXPECT_THAT(Ids(second), ElementsAre("id-3", "id-2"));
  EXPECT_EQ(*second->events->front().read_only, "true");
  EXPECT_EQ(Look(kManagement, in).error().name, "InvalidNextTokenException");
  in.next_token = "forged";
  EXPECT_EQ(Look(kMember, in).error().name, "InvalidNextTokenException");
}

TEST_F(CloudTrailTest, WhatCannotBeLookedUpIsNamed) {
  auto backwards = By("EventName", "x");
  backwards.start_time = wire::Timestamp{2000};
  backwards.end_time = wire::Timestamp{1000};
  EXPECT_EQ(Look(kMember, backwards).error().name, "InvalidTimeRangeException");
  EXPECT_EQ(Look(kMember, By("Colour", "x")).error().name, "InvalidLookupAttributesException");
  EXPECT_EQ(Look(kMember, By("ReadOnly", "perhaps")).error().name, "InvalidLookupAttributesException");
  auto many = By("EventName", "x");
  many.lookup_attributes->push_back({"EventId", "y"});
  EXPECT_EQ(Look(kMember, many).error().name, "InvalidLookupAttributesException");
}

TEST_F(CloudTrailTest, EveryMemberSeesTheOrganisationsTrail) {
  for (std::string_view account : {kManagement, kMember}) {
    auto trails = gate_->Run(As(account), DescribeTrails{}, *trail_);
    ASSERT_EQ(trails->trail_list->size(), 1u);
    EXPECT_EQ(*trails->trail_list->front().trail_arn, kTrail);
    wire::cloudtrail::GetTrailStatusRequest in;
    in.name = kTrail;
    EXPECT_EQ(gate_->Run(As(account), GetTrailStatus{in}, *trail_)->is_logging, true);
    in.name = "other";
    EXPECT_EQ(gate_->Run(As(account), GetTrailStatus{in}, *trail_).error().name, "TrailNotFoundException");
  }
  EXPECT_EQ(gate_->Run(As("333333333333"), DescribeTrails{}, *trail_)->trail_list->size(), 0u);
}

}  // namespace
}  // namespace hanse::insight
