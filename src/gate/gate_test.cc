#include "gate/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "gate/test_world.h"

namespace hanse::gate {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST_F(GateTest, WhatIsAllowedActsAndIsRecorded) {
  EXPECT_EQ(Run<Look>().value(), 2);
  EXPECT_EQ(acted_, 1);
  ASSERT_THAT(journal_.records, SizeIs(1));
  EXPECT_THAT(journal_.records[0], HasSubstr(R"("eventName":"Act")"));
  EXPECT_THAT(journal_.records[0], HasSubstr(R"({"colour":"red"})"));
  EXPECT_THAT(journal_.records[0], HasSubstr("inline:test/Yes"));
  EXPECT_THAT(journal_.records[0], HasSubstr("noted"));
  EXPECT_THAT(journal_.records[0], Not(HasSubstr("errorCode")));
  EXPECT_EQ(journal_.last, audit::Durability::kWritten);
}

TEST_F(GateTest, WhatIsDeniedDoesNotActAndIsRecordedOnDisk) {
  policies_.statements["ana"] = "";
  EXPECT_EQ(Refused<Look>(), ErrorCode::kAccessDenied);
  EXPECT_EQ(Refused<Change>(), ErrorCode::kAccessDenied);
  EXPECT_EQ(Refused<Upload>(), ErrorCode::kAccessDenied);
  EXPECT_EQ(acted_ + received_, 0);
  ASSERT_THAT(journal_.records, SizeIs(3));
  for (const std::string& record : journal_.records) EXPECT_THAT(record, HasSubstr(R"("errorCode":"AccessDenied")"));
  EXPECT_EQ(journal_.last, audit::Durability::kSynced);
  EXPECT_FALSE(Changed());
}

TEST_F(GateTest, ADenialSaysWhichSideIsMissing) {
  auto said = [&] { return Run<Look>().error().message; };
  policies_.statements["ana"] = "";
  EXPECT_THAT(said(), HasSubstr("because no identity-based policy allows the s3:GetObject action"));
  policies_.Allow("ana", R"("s3:GetObject")");
  EXPECT_TRUE(Run<Look>());
  buckets_.owner = "444455556666";
  EXPECT_THAT(said(), HasSubstr("because no resource-based policy allows the s3:GetObject action"));
  buckets_.statement = R"({"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"})";
  EXPECT_THAT(said(), HasSubstr("with an explicit deny in a resource-based policy"));
  buckets_.statement = R"({"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"})";
  EXPECT_TRUE(Run<Look>());
  policies_.statements["ana"] += R"(,{"Effect":"Deny","Action":"*","Resource":"*"})";
  EXPECT_THAT(said(), HasSubstr("with an explicit deny in an identity-based policy"));
}

TEST_F(GateTest, ARevokeCountsForTheVeryNextRequest) {
  EXPECT_TRUE(Run<Look>());
  policies_.Allow("ana", R"("s3:PutObject")");
  EXPECT_EQ(Refused<Look>(), ErrorCode::kAccessDenied);
  policies_.Allow("ana", R"("s3:GetObject")");
  EXPECT_TRUE(Run<Look>());
  EXPECT_EQ(policies_.asked, 3);
}

TEST_F(GateTest, EveryNeedMustBeAllowed) {
  EXPECT_EQ(Refused<Look>({.actions = {"s3:GetObject", "s3:PutObject"}}), ErrorCode::kAccessDenied);
  EXPECT_EQ(acted_, 0);
  policies_.Allow("ana", R"(["s3:GetObject","s3:PutObject"])");
  EXPECT_TRUE(Run<Look>({.actions = {"s3:GetObject", "s3:PutObject"}}));
}

TEST_F(GateTest, AnOperationThatNamesNoNeedIsShut) {
  policies_.Allow("ana", R"("*")");
  EXPECT_EQ(Refused<Look>({.actions = {}}), ErrorCode::kAccessDenied);
  EXPECT_EQ(Refused<Change>({.actions = {}}), ErrorCode::kAccessDenied);
  EXPECT_EQ(Refused<Upload>({.actions = {}}), ErrorCode::kAccessDenied);
  EXPECT_EQ(acted_ + received_, 0);
  GetCallerIdentity open;
  open.actions = {};
  policies_.statements["ana"] = "";
  EXPECT_TRUE(Run(open));
}

TEST_F(GateTest, WhoIsGoneMayNothing) {
  policies_.statements.clear();
  EXPECT_EQ(Refused<Look>(), ErrorCode::kUnauthenticated);
  EXPECT_EQ(acted_, 0);
  EXPECT_EQ(journal_.last, audit::Durability::kSynced);
}

TEST_F(GateTest, WhatCannotBeRecordedIsRefused) {
  journal_.down = true;
  EXPECT_EQ(Refused<Look>(), ErrorCode::kUnavailable);
  policies_.statements["ana"] = "";
  EXPECT_EQ(Refused<Look>(), ErrorCode::kUnavailable);
  EXPECT_EQ(Refused<Change>(), ErrorCode::kUnavailable);
  EXPECT_FALSE(Changed());
}

TEST_F(GateTest, AChangeCommitsWithItsRecord) {
  EXPECT_EQ(Run<Change>().value(), 2);
  EXPECT_TRUE(Changed());
  EXPECT_EQ(Queued(), 1);
  EXPECT_EQ(journal_.woken, 1);
  EXPECT_THAT(journal_.records, IsEmpty());  // The outbox's mover writes it there.
  EXPECT_TRUE(seen_after_commit_);
}

TEST_F(GateTest, AFailedActChangesNothing) {
  act_fails_ = true;
  EXPECT_EQ(Refused<Change>(), ErrorCode::kConflict);
  EXPECT_EQ(acted_, 1);
  EXPECT_FALSE(Changed());
  EXPECT_EQ(Queued(), 0);
  EXPECT_FALSE(seen_after_commit_);
  ASSERT_THAT(journal_.records, SizeIs(1));
  EXPECT_THAT(journal_.records[0], HasSubstr(R"("errorCode":"ConflictException")"));
}

TEST_F(GateTest, AFailedCommitIsNoSuccessAndNothingFollowsIt) {
  store_.broken = true;
  EXPECT_EQ(Refused<Change>(), ErrorCode::kUnavailable);
  EXPECT_EQ(acted_, 1);
  EXPECT_FALSE(Changed());
  EXPECT_EQ(Queued(), 0);
  EXPECT_EQ(journal_.woken, 0);
  EXPECT_FALSE(seen_after_commit_);
  store_.broken = false;
  EXPECT_TRUE(Run<Change>());
}

TEST_F(GateTest, AChangeWhoseRecordCannotBeQueuedIsRefused) {
  auto tx = store_.BeginWrite().value();
  ASSERT_TRUE(tx->Execute("DROP TABLE outbox"));
  ASSERT_TRUE(tx->Commit());
  tx.reset();
  EXPECT_FALSE(Run<Change>());
  EXPECT_EQ(acted_, 1);
  EXPECT_FALSE(Changed());
}

TEST_F(GateTest, AnUploadIsDecidedBeforeItsBytesAndBeforeItsAct) {
  EXPECT_EQ(Run<Upload>().value(), 42);
  EXPECT_TRUE(Changed());
  EXPECT_EQ(Queued(), 1);
  EXPECT_EQ(policies_.asked, 2);
}

TEST_F(GateTest, ARightRevokedWhileTheBytesCameIsGone) {
  on_receive_ = [this] { policies_.statements["ana"] = ""; };
  EXPECT_EQ(Refused<Upload>(), ErrorCode::kAccessDenied);
  EXPECT_EQ(received_, 1);
  EXPECT_EQ(acted_, 0);
  EXPECT_FALSE(Changed());
  ASSERT_THAT(journal_.records, SizeIs(1));
}

TEST_F(GateTest, NoTransactionIsOpenWhileTheBytesCome) {
  on_receive_ = [this] { EXPECT_TRUE((*store_.BeginWrite())->Commit()); };
  EXPECT_TRUE(Run<Upload>());
}

TEST_F(GateTest, BytesThatNeverCameAreRecordedAndNotActedOn) {
  receive_fails_ = true;
  EXPECT_EQ(Refused<Upload>(), ErrorCode::kTimeout);
  EXPECT_EQ(acted_, 0);
  ASSERT_THAT(journal_.records, SizeIs(1));
  EXPECT_THAT(journal_.records[0], HasSubstr(R"("errorCode":"RequestTimeout")"));
}

TEST_F(GateTest, AFurtherDenialUndoesTheActAndIsRecordedWithIt) {
  further_ = "s3:PutObject";
  EXPECT_EQ(Refused<Change>(), ErrorCode::kAccessDenied);
  EXPECT_FALSE(Changed());
  ASSERT_THAT(journal_.records, SizeIs(1));
  EXPECT_THAT(journal_.records[0], HasSubstr("s3:PutObject"));
  further_ = "s3:GetObject";
  EXPECT_TRUE(Run<Change>());
}

TEST_F(GateTest, ReadsOfDataAreOnDiskBeforeTheAnswer) {
  EXPECT_TRUE(Run<LookAtData>());
  EXPECT_EQ(journal_.last, audit::Durability::kSynced);
  EXPECT_TRUE(Run<Look>());
  EXPECT_EQ(journal_.last, audit::Durability::kWritten);
  also_ = true;
  EXPECT_TRUE(Run<Look>());
  EXPECT_EQ(journal_.last, audit::Durability::kSynced);
  EXPECT_THAT(journal_.records, SizeIs(4));
  EXPECT_TRUE(Run<Change>());
  EXPECT_EQ(Queued(), 2);
}

TEST_F(GateTest, AnotherAccountsBucketNeedsBothSides) {
  buckets_.owner = "444455556666";
  EXPECT_EQ(Refused<Look>(), ErrorCode::kAccessDenied);
  buckets_.statement =
      R"({"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b"})";
  EXPECT_TRUE(Run<Look>());
  policies_.statements["ana"] = "";
  EXPECT_EQ(Refused<Look>(), ErrorCode::kAccessDenied);
}

// The keys of a request are put together where a document reads one: the caller's or the resource's, a condition or a variable.
TEST_F(GateTest, WhateverDocumentReadsAKeyIsGivenIt) {
  auto allowed = [&] { return Run<Look>().has_value(); };
  auto both = [&](auto change, auto undo) {
    change();
    EXPECT_FALSE(allowed());
    undo();
    EXPECT_TRUE(allowed());
  };
  context_.info.source_ip = "10.0.0.1";
  auto away = [&] { context_.info.source_ip = "11.0.0.1"; };
  auto home = [&] { context_.info.source_ip = "10.0.0.1"; };
  const std::string at_home = R"("Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}})";
  policies_.statements["ana"] = R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"*",)" + at_home;
  both(away, home);
  policies_.Allow("ana", R"("s3:PutObject")");
  buckets_.statement = R"({"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*",)" + at_home;
  both(away, home);
  buckets_.statement.clear();
  policies_.statements["ana"] = R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${aws:username}"})";
  context_.caller.name = "ana";
  const std::string bucket = std::string(kBucket).substr(std::string_view("arn:aws:s3:::").size());
  policies_.statements[bucket] = policies_.statements["ana"];
  both([] {}, [&] { context_.caller.name = bucket; });
}

TEST_F(GateTest, AShareOpensTheOwnersSideAloneAndYieldsToItsDeny) {
  buckets_.owner = "444455556666";
  buckets_.open = true;
  EXPECT_TRUE(Run<Look>());
  buckets_.statement = R"({"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b"})";
  EXPECT_EQ(Refused<Look>(), ErrorCode::kAccessDenied);
  buckets_.statement = "";
  policies_.statements["ana"] = "";
  EXPECT_EQ(Refused<Look>(), ErrorCode::kAccessDenied);
}

TEST_F(GateTest, APolicyThatCannotBeReadStopsTheDecision) {
  buckets_.statement = R"({"Effect":"Perhaps"})";
  EXPECT_FALSE(Run<Look>());
  EXPECT_EQ(acted_, 0);
}

TEST_F(GateTest, VendedCredentialsStandOnlyAsLongAsTheirGroundsDo) {
  struct Grounds final : VendedSource {
    Result<bool> Stand(store::Transaction&, const Caller& vended, const RequestInfo&) override {
      ++asked;
      return vended.vended->grounds == held;
    }
    std::string held = "select on t";
    int asked = 0;
  } grounds;
  const Gate gate({store_, journal_, clock_, random_, policies_, {{"s3", &buckets_}}, &grounds});
  context_.info.operation = "reads";
  EXPECT_TRUE(gate.Run(context_, Look{}, *this));
  EXPECT_EQ(grounds.asked, 0);  // Everybody else's requests have no such question.
  context_.caller.vended = std::make_shared<const Vended>(Vended{Caller{}, "select on t"});
  EXPECT_TRUE(gate.Run(context_, Look{}, *this));
  EXPECT_EQ(Refused<Look>(), ErrorCode::kAccessDenied);  // Nobody tells this gate what stands.
  acted_ = 0;
  grounds.held.clear();
  EXPECT_FALSE(gate.Run(context_, Look{}, *this));
  EXPECT_FALSE(gate.Run(context_, GetCallerIdentity{}, *this));  // Also what everybody may.
  EXPECT_FALSE(gate.Run(context_, Upload{}, *this));
  EXPECT_EQ(acted_ + received_, 0);
  EXPECT_THAT(journal_.records.back(), HasSubstr("vended"));
}

TEST_F(GateTest, APreviewRecordsNothing) {
  auto tx = store_.BeginRead().value();
  EXPECT_TRUE(gate_.WouldAllow(*tx, context_, {.action = "s3:GetObject", .resource = kBucket, .owner = {}, .context = {}}).value());
  EXPECT_FALSE(
      gate_.WouldAllow(*tx, context_, {.action = "s3:PutObject", .resource = kBucket, .owner = {}, .context = {}}).value());
  EXPECT_THAT(journal_.records, IsEmpty());
}

// An operation made of others.
struct Whole {
  static constexpr Rule kRule{"s3", "Whole", Record::kWrite};
  using Answer = std::int64_t;
  std::string step_needs = "s3:GetObject";
  bool fails = false;
  std::string Parameters() const { return "{}"; }
  Result<std::vector<Need>> On(const Context&, store::Transaction&) const {
    return std::vector<Need>{{.action = "s3:GetObject", .resource = kBucket, .owner = {}, .context = {}}};
  }
};
class InSteps {
 public:
  explicit InSteps(GateTest& steps) : steps_(steps) {}
  Result<std::int64_t> Do(const Authorized<Whole>& call) {
    Change step{.actions = {call->step_needs}};
    TRY_ASSIGN(std::int64_t done, call.Perform(call.caller(), step, steps_));
    if (call->fails) return Fail(ErrorCode::kConflict, "at last");
    return done;
  }

 private:
  GateTest& steps_;
};

TEST_F(GateTest, AStepIsDecidedActsAndIsRecordedUnderItsOwnName) {
  InSteps service(*this);
  context_.info.operation = "writes";
  EXPECT_TRUE(gate_.Run(context_, Whole{}, service));
  EXPECT_TRUE(Changed());
  EXPECT_EQ(Queued(), 2);
  EXPECT_EQ(CountOf("SELECT count(*) FROM outbox WHERE record LIKE '%\"eventName\":\"Act\"%'"), 1);
  EXPECT_TRUE(seen_after_commit_);
}

TEST_F(GateTest, AStepThatIsRefusedUndoesTheWhole) {
  InSteps service(*this);
  EXPECT_EQ(gate_.Run(context_, Whole{.step_needs = "s3:PutObject"}, service).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(acted_, 0);
  EXPECT_EQ(gate_.Run(context_, Whole{.fails = true}, service).error().code, ErrorCode::kConflict);
  EXPECT_EQ(acted_, 1);
  EXPECT_FALSE(Changed());
  EXPECT_EQ(Queued(), 0);
  EXPECT_THAT(journal_.records, SizeIs(2));
}

TEST_F(GateTest, ARehearsalDecidesActsAndLeavesNothing) {
  context_.info.operation = "writes";
  bool changed = false;
  auto rehearsed = gate_.Rehearse(context_, [&](const Call& call) -> Result<void> {
    TRY(call.Perform(call.caller(), Change{}, *this));
    TRY_ASSIGN(auto row, call.tx().One("SELECT count(*) FROM counters WHERE name = 'changed'"));
    changed = row.Int(0) == 1;
    return {};
  });
  EXPECT_TRUE(rehearsed);
  EXPECT_TRUE(changed);
  EXPECT_FALSE(Changed());
  EXPECT_FALSE(seen_after_commit_);
  EXPECT_EQ(Queued(), 0);
  auto refused = gate_.Rehearse(context_, [&](const Call& call) -> Result<void> {
    TRY(call.Perform(call.caller(), Change{.actions = {"s3:PutObject"}}, *this));
    return {};
  });
  EXPECT_EQ(refused.error().code, ErrorCode::kAccessDenied);
}

TEST_F(GateTest, AnExplanationIsTheDecisionItself) {
  auto tx = store_.BeginRead().value();
  const Need needs[] = {{.action = "s3:GetObject", .resource = kBucket, .owner = {}, .context = {}},
                        {.action = "s3:PutObject", .resource = kBucket, .owner = {}, .context = {}}};
  auto decisions = gate_.Explain(*tx, context_, needs).value();
  ASSERT_EQ(decisions.size(), 2u);
  EXPECT_TRUE(decisions[0].allowed());
  EXPECT_THAT(decisions[0].Text(), HasSubstr("inline:test"));
  EXPECT_FALSE(decisions[1].allowed());
  EXPECT_EQ(policies_.asked, 1);
  EXPECT_THAT(journal_.records, IsEmpty());
}

}  // namespace
}  // namespace hanse::gate
