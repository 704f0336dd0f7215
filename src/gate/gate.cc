#include "gate/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "gate/state.h"

namespace hanse::gate {
namespace {

// The operations that may name no need: what everybody may who has signed in (STS API Reference), and the batch that asks for each
// of its keys as it goes. Any other one that names none is a mistake, and stays shut.
constexpr std::pair<std::string_view, std::string_view> kNeedNothing[] = {
    {"sts", "GetCallerIdentity"}, {"sts", "GetSessionToken"}, {"s3", "DeleteObjects"}};

using Outcome = Result<std::string>;

bool Reads(Record record) { return record == Record::kRead || record == Record::kDataAccess; }

bool OpenToAll(const Rule& rule) {
  return std::ranges::find(kNeedNothing, std::pair(rule.service, rule.name)) != std::end(kNeedNothing);
}

bool SameButKeys(const Need& a, const Need& b) { return a.action == b.action && a.resource == b.resource && a.owner == b.owner; }

void Fill(const Call::State& state, std::string parameters, audit::Event* event);

}  // namespace

const policy::Context& Call::State::KeysOf(const RequestInfo& info, const Need& need, const AccountId& owner) {
  if (need.context.empty() && keys_owner == owner) return keys;
  keys = policy::GlobalContext(facts->caller, info);
  for (const auto& [key, values] : need.context) keys[key] = values;
  policy::AddResourceContext(owner, {}, &keys);
  keys_owner = need.context.empty() ? std::optional(owner) : std::nullopt;
  return keys;
}

// The needs of one action's service decide which folder holds the resource's own policy.
Result<policy::Decision> Gate::Judge(store::Transaction& tx, const Context& context, const Need& need, Call::State& state) const {
  if (!state.facts) {
    TRY_ASSIGN(policy::Facts facts, parts_.policies.FactsOf(tx, context.caller));
    state.facts = std::move(facts);
    state.facts_ask_context = policy::AsksContext(*state.facts);
  }
  std::string service = need.action.substr(0, need.action.find(':'));
  std::optional<ResourcePolicySource::Found> found;
  if (auto source = parts_.resource_policies.find(service); source != parts_.resource_policies.end()) {
    TRY_ASSIGN(found, source->second->PolicyOf(tx, context.caller, need.action, need.resource));
  }
  const AccountId owner = found ? found->owner : need.owner;
  static const policy::Context kNone;
  state.asked_context = state.facts_ask_context || (found && found->document && policy::AsksContext(*found->document));
  const policy::Context& keys =
      state.asked_context ? state.KeysOf(context.info, need, owner.empty() ? context.caller.account : owner) : kNone;

  policy::Question question{.action = need.action, .resource = need.resource, .context = keys, .owner = owner};
  if (found && found->document) question.resource_policy = &*found->document;
  if (found) question.delegation = found->delegation;
  policy::Decision decision = policy::Decide(*state.facts, question);
  if (!decision.allowed() && !decision.explicit_deny() && found && found->open_to_caller) {
    // The owner's side is open by a share; what is left to ask is the caller's own side.
    question.owner = {};
    question.resource_policy = nullptr;
    decision = policy::Decide(*state.facts, question);
  }
  return decision;
}

Result<void> Gate::RequireOne(store::Transaction& tx, const Context& context, const Need& need, Call::State& state) const {
  TRY_ASSIGN(policy::Decision decision, Judge(tx, context, need, state));
  if (!decision.allowed()) {
    state.reasons.push_back(decision.Text());
    return std::unexpected(Denial(context.caller, need, decision));
  }
  for (const policy::Reason& reason : decision.reasons()) state.reasons.push_back(reason.policy + "/" + reason.statement);
  return {};
}

Result<void> Gate::RequireStanding(store::Transaction& tx, const Context& context, Call::State& state) const {
  if (!context.caller.vended) return {};
  bool stand = false;
  if (parts_.vended != nullptr) {
    TRY_ASSIGN(stand, parts_.vended->Stand(tx, context.caller, context.info));
  }
  if (stand) return {};
  state.reasons.emplace_back("what the credentials were vended on no longer holds");
  return Fail(ErrorCode::kAccessDenied, "The permission on which these credentials were vended no longer holds.");
}

Result<void> Gate::RequireAll(store::Transaction& tx, const Step& step, Call::State& state) const {
  TRY(RequireStanding(tx, step.context(), state));
  TRY_ASSIGN(std::vector<Need> all, step.Needs(tx));
  if (const Rule& rule = step.rule(); all.empty() && !OpenToAll(rule)) {
    return Fail(ErrorCode::kAccessDenied, fmt::format("{}:{} is open to nobody", rule.service, rule.name));
  }
  // Needs of one action on one resource differ in their condition keys alone: where nothing reads those, the first speaks for all.
  const Need* settled = nullptr;
  for (const Need& need : all) {
    if (settled && SameButKeys(*settled, need)) continue;
    TRY(RequireOne(tx, step.context(), need, state));
    settled = state.asked_context ? nullptr : &need;
  }
  return {};
}

Result<bool> Gate::WouldAllow(store::Transaction& tx, const Context& context, const Need& need) const {
  Call::State state;
  auto required = RequireOne(tx, context, need, state);
  if (required) return true;
  if (required.error().code == ErrorCode::kAccessDenied) return false;
  return std::unexpected(std::move(required).error());
}

Result<std::vector<policy::Decision>> Gate::Explain(store::Transaction& tx, const Context& context,
                                                    std::span<const Need> needs) const {
  Call::State state;
  std::vector<policy::Decision> decisions;
  for (const Need& need : needs) {
    TRY_ASSIGN(policy::Decision decision, Judge(tx, context, need, state));
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

Result<void> Gate::Rehearse(const Context& context, const std::function<Result<void>(const Call&)>& act) const {
  TRY_ASSIGN(auto tx, parts_.store.BeginWrite());
  Call::State state;
  return act(Call(*this, context, tx.get(), state));
}

Result<void> Gate::Run(Step& step) const {
  const Rule& rule = step.rule();
  if (rule.record == Record::kUpload) TRY(Upload(step));
  Call::State state;
  auto begun = Reads(rule.record) ? parts_.store.BeginRead() : parts_.store.BeginWrite();
  if (!begun) return std::unexpected(std::move(begun).error());
  std::unique_ptr<store::Transaction> tx = std::move(*begun);
  Call call(*this, step.context(), tx.get(), state);
  Result<void> allowed = RequireAll(*tx, step, state);
  Outcome outcome = allowed ? step.Act(call) : Outcome(std::unexpected(std::move(allowed).error()));

  audit::Event event = gate::NewEvent(rule, step.context(), parts_.random);
  Fill(state, step.Parameters(), &event);
  if (!outcome) {
    tx.reset();  // Nothing of a failed operation stays, and the writer is free before the journal is waited for.
    return RecordFailure(std::move(event), std::move(outcome).error());
  }
  event.response = std::move(*outcome);
  if (Reads(rule.record)) {
    tx.reset();
    return RecordRead(rule, std::move(event), state);
  }
  TRY(Queue(*tx, event));
  for (const audit::Event& more : state.more_events) TRY(Queue(*tx, more));
  TRY(tx->Commit());
  parts_.journal.OutboxHasRows();
  tx.reset();
  for (const auto& action : state.after_commit) action();
  return {};
}

Result<void> Call::PerformStep(Step& step) const {
  State state;
  Call call(gate_, step.context(), tx_, state);
  Result<void> allowed = gate_.RequireAll(*tx_, step, state);
  Outcome outcome = allowed ? step.Act(call) : Outcome(std::unexpected(std::move(allowed).error()));
  if (!outcome) {
    std::ranges::move(state.reasons, std::back_inserter(state_.reasons));  // Why the whole failed.
    return std::unexpected(std::move(outcome).error());
  }
  audit::Event event = gate::NewEvent(step.rule(), step.context(), gate_.parts_.random);
  Fill(state, step.Parameters(), &event);
  event.response = std::move(*outcome);
  state_.more_events.push_back(std::move(event));
  std::ranges::move(state.more_events, std::back_inserter(state_.more_events));
  std::ranges::move(state.after_commit, std::back_inserter(state_.after_commit));
  return {};
}

Result<void> Gate::RecordRead(const Rule& rule, audit::Event event, const Call::State& state) const {
  bool data = rule.record == Record::kDataAccess || !state.more_events.empty();
  auto durability = data ? audit::Durability::kSynced : audit::Durability::kWritten;
  for (const audit::Event& more : state.more_events) TRY(parts_.journal.Append(more.ToJson(), audit::Durability::kWritten));
  return parts_.journal.Append(event.ToJson(), durability);
}

std::unexpected<Error> Gate::RecordFailure(audit::Event event, Error error) const {
  event.error_code = ErrorName(error);
  event.error_message = error.message;
  bool denied = error.code == ErrorCode::kAccessDenied || error.code == ErrorCode::kUnauthenticated;
  auto recorded = parts_.journal.Append(event.ToJson(), denied ? audit::Durability::kSynced : audit::Durability::kWritten);
  if (!recorded) return std::unexpected(std::move(recorded).error());
  return std::unexpected(std::move(error));
}

Result<void> Gate::Queue(store::Transaction& tx, const audit::Event& event) const {
  TRY_ASSIGN(Id id, tx.NewId());
  TRY(tx.Execute("INSERT INTO outbox (id, record) VALUES (?, ?)", {id, event.ToJson()}));
  return {};
}

Result<void> Gate::Upload(Step& step) const {
  Call::State state;
  TRY_ASSIGN(auto tx, parts_.store.BeginRead());
  Result<void> done = RequireAll(*tx, step, state);
  tx.reset();
  if (done) done = step.Receive();
  if (done) return {};
  audit::Event event = gate::NewEvent(step.rule(), step.context(), parts_.random);
  Fill(state, step.Parameters(), &event);
  return RecordFailure(std::move(event), std::move(done).error());
}

namespace {

void Fill(const Call::State& state, std::string parameters, audit::Event* event) {
  event->request = std::move(parameters);
  event->additional = state.additional;
  event->resources = state.resources;
  // Copies of this very event in other accounts are known by the id that all of them have.
  for (const audit::Event& more : state.more_events) {
    if (more.name == event->name && more.source == event->source) event->shared_event_id = more.shared_event_id;
  }
  event->reasons = state.reasons;
  // The same statement often allows all the needs of an operation: once is enough.
  std::sort(event->reasons.begin(), event->reasons.end());
  event->reasons.erase(std::unique(event->reasons.begin(), event->reasons.end()), event->reasons.end());
}

}  // namespace
}  // namespace hanse::gate
