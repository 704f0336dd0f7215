#pragma once
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "audit/event.h"
#include "audit/journal.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "gate/lake.h"
#include "gate/operation.h"
#include "gate/sources.h"
#include "model/caller.h"
#include "policy/evaluate.h"
#include "store/store.h"
#include "wire/json.h"

// THE SECURITY RULE. The domain acts only on a gate::Authorized<Operation>, and only the gate makes one: after the caller's
// policies allowed every Need of the operation, inside the transaction in which the operation then acts, so that nothing can change
// between the decision and the act. Every decision and outcome is recorded; what cannot be recorded is refused. A second decision
// that needs the thing itself (Lake Formation, iam:PassRole, the source of a copy) is asked for through the same Authorized<>.
namespace hanse::gate {

class Gate;
class Call;

// An operation under way without its type, as the gate carries it; TypedStep gives it one. There are hundreds of operations: what
// must know their types is little.
class Step {
 public:
  Step(const Step&) = delete;
  const Rule& rule() const { return rule_; }
  const Context& context() const { return context_; }
  // The answer after Act() went well, of the wire's struct; nullptr of an operation without one.
  const void* output() const { return output_; }

 protected:
  Step(const Rule& rule, const Context& context) : rule_(rule), context_(context) {}
  ~Step() = default;
  const void* output_ = nullptr;

 private:
  friend class Gate;  // Who takes the steps: nobody else acts.
  friend class Call;
  virtual std::string Parameters() const = 0;  // requestParameters of the record.
  virtual Result<std::vector<Need>> Needs(store::Transaction& tx) const = 0;
  virtual Result<void> Receive() { return {}; }           // Of a kUpload: the bytes, before the transaction.
  virtual Result<std::string> Act(const Call& call) = 0;  // responseElements of the record, or the error.

  const Rule& rule_;
  const Context& context_;
};
template <Operation Op, class Service>
class TypedStep;

// One request inside the gate: its transaction and its further questions. Lives as long as the act; one thread.
class Call {
 public:
  const Context& context() const { return context_; }
  const Caller& caller() const { return context_.caller; }
  const RequestInfo& info() const { return context_.info; }
  store::Transaction& tx() const { return *tx_; }
  TimeMs now_ms() const { return context_.info.now_ms; }

  // A further question to the same policies; a denial is recorded with the operation and returned as kAccessDenied.
  Result<void> Require(const Need& need) const;
  Result<bool> Allowed(const Need& need) const;

  struct State;  // gate/state.h: what this request has gathered.

  // Details for this operation's record.
  void NoteResource(std::string type, std::string arn) const;
  void NoteAdditional(std::string json) const;  // additionalEventData, a JSON object.
  void NoteReason(std::string reason) const;
  // Another record that must be durable with this operation's own (GetDataAccess, copies in other accounts).
  void AlsoRecord(audit::Event event) const;
  // A step of this operation that is an operation itself: what it needs is asked, it acts in this transaction, and its record is
  // kept with this one's, under its own name. `as`: this call's caller, or a role that it was found to be allowed to assume. Of a
  // kWrite or a rehearsal.
  template <Operation Op, class Service>
  Result<typename Op::Answer> Perform(const Caller& as, const Op& op, Service& service) const;
  // Runs after the commit and the record, before the answer; must not fail. For kWrite and kUpload.
  void AfterCommit(std::function<void()> action) const;
  // An event of this request, filled in but for name and parameters.
  audit::Event NewEvent() const;

 private:
  friend class Gate;
  Result<void> PerformStep(Step& step) const;
  Call(const Gate& gate, const Context& context, store::Transaction* tx, State& state)
      : gate_(gate), context_(context), tx_(tx), state_(state) {}
  const Gate& gate_;
  const Context& context_;
  store::Transaction* tx_;
  State& state_;
};

template <Operation Op>
class Authorized : public Call {
 public:
  const Op* operator->() const { return &op_; }
  const Op& op() const { return op_; }

 private:
  template <Operation, class>
  friend class TypedStep;
  Authorized(const Call& call, const Op& op) : Call(call), op_(op) {}
  const Op& op_;
};

// The only road from a door to the domain. One in the program; any thread.
class Gate {
 public:
  struct Parts {
    store::Store& store;
    audit::Journal& journal;
    const Clock& clock;
    Random& random;
    PolicySource& policies;
    std::map<std::string, ResourcePolicySource*> resource_policies;  // By service: "s3", "glue", …
    VendedSource* vended = nullptr;                                  // Without it no vended credentials stand.
  };
  explicit Gate(Parts parts) : parts_(std::move(parts)) {}

  // Decides, records and acts.
  Result<void> Run(Step& step) const;
  template <Operation Op, class Service>
  Result<typename Op::Answer> Run(const Context& context, const Op& op, Service& service) const;

  // Whether the caller would be allowed: for previews and simulations. Records nothing, opens nothing.
  Result<bool> WouldAllow(store::Transaction& tx, const Context& context, const Need& need) const;
  // What would be decided of each need, and why. As WouldAllow.
  Result<std::vector<policy::Decision>> Explain(store::Transaction& tx, const Context& context, std::span<const Need> needs) const;
  // A change tried out: `act` performs its steps in a write transaction that is never committed. Records nothing: the operation
  // that rehearses is what is recorded.
  Result<void> Rehearse(const Context& context, const std::function<Result<void>(const Call&)>& act) const;

 private:
  friend class Call;
  Result<void> Upload(Step& step) const;
  Result<void> RequireStanding(store::Transaction& tx, const Context& context, Call::State& state) const;
  Result<policy::Decision> Judge(store::Transaction& tx, const Context& context, const Need& need, Call::State& state) const;
  Result<void> RequireOne(store::Transaction& tx, const Context& context, const Need& need, Call::State& state) const;
  Result<void> RequireAll(store::Transaction& tx, const Step& step, Call::State& state) const;
  Result<void> RecordRead(const Rule& rule, audit::Event event, const Call::State& state) const;
  std::unexpected<Error> RecordFailure(audit::Event event, Error error) const;
  Result<void> Queue(store::Transaction& tx, const audit::Event& event) const;

  Parts parts_;
};

// What Receive() gives.
template <Operation Op, class Service>
struct ReceivedBy {
  using Type = std::monostate;
};
template <Operation Op, class Service>
  requires(Op::kRule.record == Record::kUpload)
struct ReceivedBy<Op, Service> {
  using Type =
      typename decltype(std::declval<Service&>().Receive(std::declval<const Op&>(), std::declval<const Context&>()))::value_type;
};

// Acts by service.Do(const Authorized<Op>&), or for kUpload by service.Receive(const Op&, const Context&) -> Result<Received> and
// then service.Do(const Authorized<Op>&, Received). `op`, `context` and `service` outlive it.
template <Operation Op, class Service>
class TypedStep final : public Step {
 public:
  using Answer = Result<typename Op::Answer>;

  TypedStep(const Context& context, const Op& op, Service& service) : Step(Op::kRule, context), op_(op), service_(service) {}
  ~TypedStep() {
    if (acted_) std::destroy_at(&answer_);
  }
  // After Act().
  Answer Take() { return std::move(answer_); }

 private:
  std::string Parameters() const override {
    if constexpr (requires { op_.Parameters(); }) {
      return op_.Parameters();
    } else {
      return wire::ToRecord(op_.in);
    }
  }
  Result<std::vector<Need>> Needs(store::Transaction& tx) const override { return op_.On(context(), tx); }
  Result<void> Receive() override {
    if constexpr (kUpload) {
      TRY_ASSIGN(auto received, service_.Receive(op_, context()));
      received_.emplace(std::move(received));
    }
    return {};
  }
  Result<std::string> Act(const Call& call) override {
    const Authorized<Op> authorized(call, op_);
    if constexpr (kUpload) {
      new (&answer_) Answer(service_.Do(authorized, *std::move(received_)));
    } else {
      new (&answer_) Answer(service_.Do(authorized));
    }
    acted_ = true;
    if (!answer_) return std::unexpected(answer_.error());
    if constexpr (requires { typename Op::Wire; }) {
      output_ = &*answer_;
      if constexpr (kUpload || Op::kRule.record == Record::kWrite) return wire::ToRecord(*answer_);
    }
    return "null";
  }

  static constexpr bool kUpload = Op::kRule.record == Record::kUpload;
  const Op& op_;
  Service& service_;
  std::optional<typename ReceivedBy<Op, Service>::Type> received_;
  bool acted_ = false;
  union {
    Answer answer_;
  };
};

template <Operation Op, class Service>
Result<typename Op::Answer> Gate::Run(const Context& context, const Op& op, Service& service) const {
  TypedStep<Op, Service> step(context, op, service);
  TRY(Run(step));
  return step.Take();
}

template <Operation Op, class Service>
Result<typename Op::Answer> Call::Perform(const Caller& as, const Op& op, Service& service) const {
  static_assert(Op::kRule.record != Record::kUpload, "bytes come before a transaction");
  Context context{as, context_.info};
  context.info.service = Op::kRule.service;
  context.info.operation = Op::kRule.name;
  TypedStep<Op, Service> step(context, op, service);
  TRY(PerformStep(step));
  return step.Take();
}

}  // namespace hanse::gate
