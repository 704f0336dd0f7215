#include "server/past_moments.h"

#include <gtest/gtest.h>

#include <thread>

#include "server/history_keeper.h"
#include "steward/steward_lab.h"

// The time machine: what is said of a past moment is what the doors then decided.
namespace hanse::server {
namespace {

using governance::Lab;

class TimeMachine : public testing::Test, public steward::StewardLab {
 protected:
  TimeMachine() {
    store::KeepHistory(*lab.store_).value();
    lab.clock_.Advance(clock_.NowMs() - lab.clock_.NowMs() + 3'600'000);
    admin_ = lab.Governed(kOwner);
    analyst_ = lab.Role(kOwner, "analyst");
    database_ = lab.Database(admin_, "sales");
    orders_ = lab.Table(admin_, database_, "orders", {"id", "amount", "email"});
    (void)lab.Tag(admin_, "sensitivity", {"internal", "pii"}).value();
    (void)lab.Assign(admin_, Lab::On(database_), "sensitivity", "internal").value();
  }
  // A moment that lies after all that was done and before all that will be.
  TimeMs Now() {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    TimeMs now = clock_.NowMs();
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    return now;
  }
  Result<steward::ExplainAccess::Answer> ExplainAt(TimeMs at, const Caller& by, const Caller& who) {
    steward::ExplainAccess op;
    op.in = {.principal_arn = who.principal_arn, .catalog_id = kOwner, .database_name = "sales", .table_name = "orders"};
    op.in.as_of = wire::Timestamp{at};
    return Call(by, op, past_review_);
  }
  std::vector<std::string> WhoAt(TimeMs at) {
    steward::ListWhoCan op;
    op.in = {.catalog_id = kOwner, .database_name = "sales", .table_name = "orders"};
    op.in.as_of = wire::Timestamp{at};
    auto answer = Call(admin_, op, past_review_);
    std::vector<std::string> seen;
    if (!answer) return {answer.error().message};
    for (const auto& one : *answer->principals) {
      seen.push_back(one.arn->substr(one.arn->rfind('/') + 1) + ":" + Join(*one.columns, ","));
    }
    return seen;
  }
  std::string ColumnsNow() { return Join(lab.Sees(analyst_, orders_).columns, ","); }

  SystemClock clock_;
  PastMoments moments_{lab.store_.directory()};
  steward::AccessReview past_review_{{gate, people, lab.lake_}, moments_};
  Caller admin_, analyst_;
  store::DatabaseRow database_;
  store::TableRow orders_;
};

TEST_F(TimeMachine, EveryMomentAnswersAsItWasThenDecided) {
  auto policy = Lab::Policy(kOwner, "TABLE", {{"sensitivity", {"internal"}}});
  std::vector<std::pair<TimeMs, std::string>> decided;  // What the doors decided for the analyst, and when.
  auto note = [&] { decided.emplace_back(Now(), ColumnsNow()); };
  note();
  ASSERT_TRUE(lab.Grant(admin_, analyst_.principal_arn, policy, {"SELECT", "DESCRIBE"}));
  note();
  (void)lab.Assign(admin_, Lab::Columns(orders_, {"email"}), "sensitivity", "pii").value();
  note();
  ASSERT_TRUE(lab.Grant(admin_, analyst_.principal_arn, Lab::Columns(orders_, {"email"}), {"SELECT"}));
  note();
  ASSERT_TRUE(lab.Revoke(admin_, analyst_.principal_arn, policy, {"SELECT", "DESCRIBE"}));
  note();
  lab.Drop(orders_.id);
  note();
  lab.Drop(analyst_.principal);
  EXPECT_EQ(decided[1].second, "id,amount,email");
  EXPECT_EQ(decided[2].second, "id,amount");
  EXPECT_EQ(decided[4].second, "email");
  for (std::size_t i = 0; i + 1 < decided.size(); ++i) {
    const auto& [at, columns] = decided[i];
    std::vector<std::string> expected = {"Admin:id,amount,email"};
    if (!columns.empty()) expected.push_back("analyst:" + columns);
    EXPECT_EQ(WhoAt(at), expected) << "moment " << i;
    auto explained = ExplainAt(at, admin_, analyst_);
    ASSERT_TRUE(explained) << i << explained.error().message;
    EXPECT_EQ(explained->as_of->ms, at);
    EXPECT_EQ(*explained->verdict, columns.empty() ? "NOTHING" : columns == "id,amount,email" ? "READS_ALL" : "READS_SOME") << i;
  }
  EXPECT_EQ(WhoAt(decided.back().first), std::vector<std::string>{"Table sales.orders not found."});
}

TEST_F(TimeMachine, WhatIsForgottenIsSaidToBe) {
  TimeMs at = Now();
  HistoryKeeper for_ever(*lab.store_, lab.clock_, 0), for_a_day(*lab.store_, lab.clock_, 1);
  lab.clock_.Advance(at + 2LL * 24 * 60 * 60 * 1000 - lab.clock_.NowMs());
  ASSERT_TRUE(for_ever.Run());
  EXPECT_TRUE(ExplainAt(at, admin_, analyst_));
  ASSERT_TRUE(for_a_day.Run());
  auto forgotten = ExplainAt(at, admin_, analyst_);
  ASSERT_FALSE(forgotten);
  EXPECT_EQ(forgotten.error().code, ErrorCode::kNotFound);
  EXPECT_NE(forgotten.error().message.find("history begins at"), std::string::npos) << forgotten.error().message;
  EXPECT_TRUE(ExplainAt(lab.clock_.NowMs() - 1000, admin_, analyst_));
}

TEST_F(TimeMachine, OnlyTodaysOverseersAskAndNotBeyondHistory) {
  TimeMs now = Now();
  EXPECT_TRUE(ExplainAt(now, admin_, analyst_));
  EXPECT_EQ(ExplainAt(1000, admin_, analyst_).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ExplainAt(lab.clock_.NowMs() + 1, admin_, analyst_).error().code, ErrorCode::kInvalidArgument);
  Caller stranger = lab.Governed(kConsumer);
  EXPECT_EQ(ExplainAt(now, stranger, analyst_).error().code, ErrorCode::kAccessDenied);
}

}  // namespace
}  // namespace hanse::server
