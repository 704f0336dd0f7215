#pragma once
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "audit/event.h"
#include "audit/journal.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "gate/lake.h"
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

enum class Record {
  kRead,        // A read transaction; written to the journal before the answer. Denials are synced.
  kWrite,       // The one write transaction; the outcome's record commits with the change.
  kUpload,      // Two steps: Receive() streams bytes with no transaction open, then as kWrite. Decided before each.
  kDataAccess,  // As kRead, but the record is synced before the answer.
};

// What an operation is called in policies and in the journal.
struct Rule {
  std::string_view service;  // "glue"
  std::string_view name;     // "GetTable"
  Record record = Record::kRead;
  std::string_view event_category = "Management";
};

// One thing that the caller must be allowed. All needs of an operation must be.
struct Need {
  std::string action;    // "glue:GetTable"
  std::string resource;  // The ARN; "*" where the action has none.
  AccountId owner;       // The account of the resource; empty: the caller's. Another one needs the resource's policy to agree.
  std::map<std::string, std::vector<std::string>> context = {};  // Further condition keys for this need alone, lower case.
  std::string shown = {};  // What a refusal calls the resource, where its ARN is not for everybody to know.
};

// A request on its way: who, and what the request says. A value.
struct Context {
  Caller caller;
  RequestInfo info;
};

// An operation is a struct: `struct GetTable { static constexpr gate::Rule kRule{…}; using Wire = wire::glue::op::GetTable;
// using Answer = Wire::Output; Wire::Input in; Result<std::vector<Need>> On(const Context&, store::Transaction&) const; };`
// On() lists what the caller needs; it may read the store to find the owner of a thing. An operation without Wire (inside the
// server) has a Parameters() that gives the journal its requestParameters. On() must give at least one need, except where
// every caller may (gate.cc lists them: GetCallerIdentity …).
template <class T>
concept Operation = requires(const T op, const Context& context, store::Transaction& tx) {
  { T::kRule } -> std::convertible_to<Rule>;
  typename T::Answer;
  { op.On(context, tx) } -> std::same_as<Result<std::vector<Need>>>;
};

template <Operation... Ops>
struct List {
  static constexpr Rule kRules[] = {Ops::kRule...};
};

class Gate;

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
  using NeedsOf = std::function<Result<std::vector<Need>>(store::Transaction&)>;
  using Outcome = Result<std::string>;  // responseElements for the record, or the error.
  using ActOf = std::function<Outcome(const Call&)>;
  Result<void> PerformErased(const Rule& rule, const Context& context, const std::string& parameters, const NeedsOf& needs,
                             const ActOf& act) const;
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
  friend class Gate;
  friend class Call;
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

  // Decides, records and acts: service.Do(const Authorized<Op>&), or for kUpload service.Receive(const Op&, const Context&) ->
  // Result<Received> and then service.Do(const Authorized<Op>&, Received).
  template <Operation Op, class Service>
  Result<typename Op::Answer> Run(const Context& context, const Op& op, Service& service) const {
    if constexpr (Op::kRule.record == Record::kUpload) {
      TRY(Precheck(Op::kRule, context, Parameters(op), [&](store::Transaction& tx) { return op.On(context, tx); }));
      auto received = service.Receive(op, context);
      if (!received) return Refused(Op::kRule, context, Parameters(op), std::move(received).error());
      return Act<Op>(context, op, [&](const Authorized<Op>& call) { return service.Do(call, std::move(*received)); });
    } else {
      return Act<Op>(context, op, [&](const Authorized<Op>& call) { return service.Do(call); });
    }
  }

  // Whether the caller would be allowed: for previews and simulations. Records nothing, opens nothing.
  Result<bool> WouldAllow(store::Transaction& tx, const Context& context, const Need& need) const;
  // What would be decided of each need, and why. As WouldAllow.
  Result<std::vector<policy::Decision>> Explain(store::Transaction& tx, const Context& context, std::span<const Need> needs) const;
  // A change tried out: `act` performs its steps in a write transaction that is never committed. Records nothing: the operation
  // that rehearses is what is recorded.
  Result<void> Rehearse(const Context& context, const std::function<Result<void>(const Call&)>& act) const;

 private:
  friend class Call;
  using NeedsOf = Call::NeedsOf;
  using Outcome = Call::Outcome;
  using ActOf = Call::ActOf;

  template <Operation Op>
  static std::string Parameters(const Op& op) {
    if constexpr (requires { op.Parameters(); }) {
      return op.Parameters();
    } else {
      return wire::ToRecord(op.in);
    }
  }

  template <Operation Op, class Action>
  Result<typename Op::Answer> Act(const Context& context, const Op& op, Action action) const {
    Kept<Op> answer{};
    TRY(RunErased(
        Op::kRule, context, Parameters(op), [&](store::Transaction& tx) { return op.On(context, tx); },
        [&](const Call& call) { return Keep<Op>(action(Authorized<Op>(call, op)), &answer); }));
    return Given<Op>(&answer);
  }

  // An operation's answer on its way out of a function that knows no type.
  template <Operation Op>
  static constexpr bool kNone = std::is_void_v<typename Op::Answer>;
  template <Operation Op>
  using Kept =
      std::conditional_t<kNone<Op>, std::nullptr_t, std::optional<std::conditional_t<kNone<Op>, int, typename Op::Answer>>>;
  template <Operation Op>
  static Outcome Keep(Result<typename Op::Answer> done, Kept<Op>* answer) {
    if (!done) return std::unexpected(std::move(done).error());
    std::string response = "null";
    if constexpr (!kNone<Op>) {
      if constexpr (requires { typename Op::Wire; }) {
        if (Op::kRule.record == Record::kWrite || Op::kRule.record == Record::kUpload) response = wire::ToRecord(*done);
      }
      *answer = std::move(*done);
    }
    return response;
  }
  template <Operation Op>
  static Result<typename Op::Answer> Given(Kept<Op>* answer) {
    if constexpr (kNone<Op>) {
      return {};
    } else {
      return std::move(**answer);
    }
  }

  Result<void> RunErased(const Rule& rule, const Context& context, const std::string& parameters, const NeedsOf& needs,
                         const ActOf& act) const;
  Result<void> Precheck(const Rule& rule, const Context& context, const std::string& parameters, const NeedsOf& needs) const;
  std::unexpected<Error> Refused(const Rule& rule, const Context& context, const std::string& parameters, Error error) const;
  Result<void> RequireStanding(store::Transaction& tx, const Context& context, Call::State& state) const;
  Result<policy::Decision> Judge(store::Transaction& tx, const Context& context, const Need& need, Call::State& state) const;
  Result<void> RequireOne(store::Transaction& tx, const Context& context, const Need& need, Call::State& state) const;
  Result<void> RequireAll(store::Transaction& tx, const Context& context, const NeedsOf& needs, Call::State& state) const;
  Result<void> RecordRead(const Rule& rule, audit::Event event, const Call::State& state) const;
  std::unexpected<Error> RecordFailure(audit::Event event, Error error) const;
  Result<void> Queue(store::Transaction& tx, const audit::Event& event) const;

  Parts parts_;
};

template <Operation Op, class Service>
Result<typename Op::Answer> Call::Perform(const Caller& as, const Op& op, Service& service) const {
  static_assert(Op::kRule.record != Record::kUpload, "bytes come before a transaction");
  Context context{as, context_.info};
  context.info.service = Op::kRule.service;
  context.info.operation = Op::kRule.name;
  Gate::Kept<Op> answer{};
  TRY(PerformErased(
      Op::kRule, context, Gate::Parameters(op), [&](store::Transaction& tx) { return op.On(context, tx); },
      [&](const Call& call) { return Gate::Keep<Op>(service.Do(Authorized<Op>(call, op)), &answer); }));
  return Gate::Given<Op>(&answer);
}

}  // namespace hanse::gate
