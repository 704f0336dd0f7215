#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/test_journal.h"
#include "gate/gate.h"
#include "policy/document.h"
#include "store/test_store.h"

// For the tests of this folder: a gate over a store, with a journal, policies and a service that do as the test says.
namespace hanse::gate {

inline constexpr const char* kAccount = "111122223333";
inline constexpr const char* kBucket = "arn:aws:s3:::b";

// Identity policies by user name; who has none here is gone.
class TestPolicies final : public PolicySource {
 public:
  Result<policy::Facts> FactsOf(store::Transaction&, const Caller& caller) override {
    ++asked;
    auto at = statements.find(caller.name);
    if (at == statements.end()) return Fail(ErrorCode::kUnauthenticated, "gone");
    policy::Facts facts;
    facts.caller = caller;
    if (at->second.empty()) return facts;
    TRY_ASSIGN(auto document, policy::ParseDocument(R"({"Version":"2012-10-17","Statement":[)" + at->second + "]}",
                                                    policy::DocumentKind::kIdentity));
    facts.identity.push_back({"inline:test", std::move(document)});
    return facts;
  }
  void Allow(const std::string& name, const std::string& actions) {
    statements[name] = R"({"Sid":"Yes","Effect":"Allow","Action":)" + actions + R"(,"Resource":"*"})";
  }
  std::map<std::string, std::string> statements;
  int asked = 0;
};

// The bucket belongs to somebody; its policy and whether it is shared are what the test says.
class TestBucketPolicies final : public ResourcePolicySource {
 public:
  Result<std::optional<Found>> PolicyOf(store::Transaction&, const Caller&, std::string_view, std::string_view) override {
    Found found{.owner = owner, .document = {}, .open_to_caller = open};
    if (!statement.empty()) {
      TRY_ASSIGN(auto document, policy::ParseDocument(R"({"Version":"2012-10-17","Statement":[)" + statement + "]}",
                                                      policy::DocumentKind::kResource));
      found.document = policy::NamedDocument{"bucket policy", std::move(document)};
    }
    return std::optional(found);
  }
  std::string owner = kAccount, statement;
  bool open = false;
};

// A store whose commits fail when the test says so.
class BrittleTransaction final : public store::Transaction {
 public:
  BrittleTransaction(std::unique_ptr<Transaction> inner, const bool& broken) : inner_(std::move(inner)), broken_(broken) {}
  Result<std::vector<store::Row>> Query(std::string_view sql, std::span<const store::Value> parameters) override {
    return inner_->Query(sql, parameters);
  }
  Result<std::int64_t> Execute(std::string_view sql, std::span<const store::Value> parameters) override {
    return inner_->Execute(sql, parameters);
  }
  Result<void> Commit() override { return broken_ ? Fail(ErrorCode::kUnavailable, "the disk is full") : inner_->Commit(); }

 private:
  std::unique_ptr<Transaction> inner_;
  const bool& broken_;
};
class BrittleStore final : public store::Store {
 public:
  Result<std::unique_ptr<store::Transaction>> BeginRead() override { return inner_->BeginRead(); }
  Result<std::unique_ptr<store::Transaction>> BeginWrite() override {
    TRY_ASSIGN(auto tx, inner_->BeginWrite());
    return std::unique_ptr<store::Transaction>(std::make_unique<BrittleTransaction>(std::move(tx), broken));
  }
  bool broken = false;

 private:
  store::TestStore inner_;
};

template <Record kRecord>
struct Act {
  static constexpr Rule kRule{"s3", "Act", kRecord};
  using Answer = std::int64_t;
  std::vector<std::string> actions = {"s3:GetObject"};
  std::string Parameters() const { return R"({"colour":"red"})"; }
  Result<std::vector<Need>> On(const Context&, store::Transaction&) const {
    std::vector<Need> needs;
    for (const std::string& action : actions) needs.push_back({.action = action, .resource = kBucket, .owner = {}, .context = {}});
    return needs;
  }
};
using Look = Act<Record::kRead>;
using LookAtData = Act<Record::kDataAccess>;
using Change = Act<Record::kWrite>;
using Upload = Act<Record::kUpload>;
struct GetCallerIdentity : Act<Record::kRead> {
  static constexpr Rule kRule{"sts", "GetCallerIdentity"};
};

class GateTest : public testing::Test {
 protected:
  GateTest() : gate_({store_, journal_, clock_, random_, policies_, {{"s3", &buckets_}}}) {
    context_.caller.kind = CallerKind::kUser;
    context_.caller.account = kAccount;
    context_.caller.name = "ana";
    context_.caller.arn = context_.caller.principal_arn = "arn:aws:iam::111122223333:user/ana";
    context_.info.region = "us-east-1";
    policies_.Allow("ana", R"("s3:GetObject")");
  }

 public:
  // The service: what it did can be counted, and stays where it is committed.
  template <Record kRecord>
  Result<std::int64_t> Do(const Authorized<Act<kRecord>>& call) {
    return DoAny(call);
  }
  Result<std::int64_t> Do(const Authorized<GetCallerIdentity>& call) { return DoAny(call); }
  Result<std::int64_t> Do(const Authorized<Upload>& call, int received) {
    TRY_ASSIGN(std::int64_t done, DoAny(call));
    return done + received;
  }
  Result<int> Receive(const Upload&, const Context&) {
    ++received_;
    if (on_receive_) on_receive_();
    if (receive_fails_) return Fail(ErrorCode::kTimeout, "the bytes never came");
    return 40;
  }

 protected:
  Result<std::int64_t> DoAny(const Call& call) {
    ++acted_;
    if (call.info().operation != "reads")
      TRY(call.tx().Execute("INSERT INTO counters (name, value) VALUES (?, 1)", {std::string("changed")}));
    call.NoteReason("noted");
    if (also_) call.AlsoRecord(call.NewEvent());
    call.AfterCommit([this] { seen_after_commit_ = Changed(); });
    if (!further_.empty()) TRY(call.Require({.action = further_, .resource = kBucket, .owner = {}, .context = {}}));
    if (act_fails_) return Fail(ErrorCode::kConflict, "in use");
    return 2;
  }
  template <class Op>
  Result<std::int64_t> Run(Op op = {}) {
    context_.info.operation = Op::kRule.record == Record::kWrite || Op::kRule.record == Record::kUpload ? "writes" : "reads";
    return gate_.Run(context_, op, *this);
  }
  template <class Op>
  ErrorCode Refused(Op op = {}) {
    auto done = Run(op);
    EXPECT_FALSE(done);
    return done ? ErrorCode::kInternal : done.error().code;
  }
  std::int64_t CountOf(const char* sql) { return (*store_.BeginRead())->One(sql).value().Int(0); }
  bool Changed() { return CountOf("SELECT count(*) FROM counters WHERE name = 'changed'") == 1; }
  std::int64_t Queued() { return CountOf("SELECT count(*) FROM outbox"); }

  BrittleStore store_;
  audit::TestJournal journal_;
  ManualClock clock_;
  SeededRandom random_{7};
  TestPolicies policies_;
  TestBucketPolicies buckets_;
  Gate gate_;
  Context context_;
  std::function<void()> on_receive_;
  std::string further_;
  int acted_ = 0, received_ = 0;
  bool act_fails_ = false, receive_fails_ = false, also_ = false, seen_after_commit_ = false;
};

}  // namespace hanse::gate
