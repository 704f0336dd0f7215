#include "policy/evaluate.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/statement.h"

namespace hanse::policy {
namespace {

// What one layer says: the first Allow and the first Deny that apply.
struct Said {
  std::optional<Reason> allow, deny;
  Closeness closeness = Closeness::kNone;  // Of the closest Allow of a resource policy.
};

void Hear(Layer layer, const NamedDocument& named, const Question& question, const Caller* principal, Said* said) {
  for (const Statement& statement : named.document->statements()) {
    const bool denies = statement.effect == Effect::kDeny;
    if (denies && said->deny) continue;
    if (!denies && said->allow && principal == nullptr) continue;
    const Closeness closeness = principal != nullptr ? statement.Names(*principal) : Closeness::kEveryone;
    if (closeness == Closeness::kNone || (!denies && closeness <= said->closeness && said->allow)) continue;
    if (!statement.Applies(question.action, question.resource, question.context)) continue;
    Reason reason{layer, named.id, statement.label, statement.effect};
    if (denies) {
      said->deny = std::move(reason);
    } else {
      said->allow = std::move(reason);
      said->closeness = closeness;
    }
  }
}

Said HearAll(Layer layer, const std::vector<NamedDocument>& documents, const Question& question) {
  Said said;
  for (const NamedDocument& one : documents) Hear(layer, one, question, nullptr, &said);
  return said;
}

// All layers of one question.
struct Hearing {
  std::vector<Said> service_control;
  Said resource, identity, boundary, session;
  bool has_boundary = false, has_session = false;

  const Reason* Deny() const {
    for (const Said& level : service_control) {
      if (level.deny) return &*level.deny;
    }
    for (const Said* layer : {&resource, &identity, &boundary, &session}) {
      if (layer->deny) return &*layer->deny;
    }
    return nullptr;
  }
  bool GuardrailsAllow() const {
    return std::ranges::all_of(service_control, [](const Said& level) { return level.allow.has_value(); });
  }
  bool InsideBoundary() const { return !has_boundary || boundary.allow; }
  bool InsideSession() const { return !has_session || session.allow; }
};

Hearing HearEverybody(const Facts& facts, const Question& question) {
  Hearing heard;
  for (const std::vector<NamedDocument>& level : facts.service_control) {
    heard.service_control.push_back(HearAll(Layer::kServiceControl, level, question));
  }
  if (question.resource_policy != nullptr && question.resource_policy->document != nullptr) {
    Hear(Layer::kResource, *question.resource_policy, question, &facts.caller, &heard.resource);
  }
  heard.identity = HearAll(Layer::kIdentity, facts.identity, question);
  if (facts.boundary) {
    heard.has_boundary = true;
    Hear(Layer::kBoundary, *facts.boundary, question, nullptr, &heard.boundary);
  }
  if (facts.session) {
    heard.has_session = true;
    heard.session = HearAll(Layer::kSession, *facts.session, question);
  }
  // The root of an account may do everything in it that no layer above takes away.
  if (facts.caller.kind == CallerKind::kRoot && !heard.identity.allow) {
    heard.identity.allow = Reason{Layer::kAccountRoot, facts.caller.account, "root", Effect::kAllow};
  }
  return heard;
}

}  // namespace

bool AsksContext(const NamedDocument& one) { return one.document != nullptr && one.document->asks_context(); }

bool AsksContext(const Facts& facts) {
  auto any = [](const std::vector<NamedDocument>& documents) {
    return std::ranges::any_of(documents, [](const NamedDocument& one) { return AsksContext(one); });
  };
  return any(facts.identity) || (facts.boundary && AsksContext(*facts.boundary)) || (facts.session && any(*facts.session)) ||
         std::ranges::any_of(facts.service_control, any);
}

Decision Decide(const Facts& facts, const Question& question) {
  Decision decision;
  const Hearing heard = HearEverybody(facts, question);
  auto silent = [&](Layer layer) { decision.reasons_.push_back({layer, "", "", Effect::kDeny}); };
  if (const Reason* deny = heard.Deny()) {
    decision.explicit_deny_ = true;
    decision.reasons_ = {*deny};
    return decision;
  }
  if (!heard.GuardrailsAllow()) {
    silent(Layer::kServiceControl);
    return decision;
  }
  const Caller& caller = facts.caller;
  const Closeness named = heard.resource.closeness;
  const bool own = heard.identity.allow.has_value();
  const bool inside = heard.InsideBoundary() && heard.InsideSession();
  const bool same_account = question.owner.empty() || question.owner == caller.account;

  bool by_resource = false, by_both = false;
  if (same_account || caller.kind == CallerKind::kService || caller.kind == CallerKind::kAnonymous) {
    by_resource = named == Closeness::kCaller || ((named == Closeness::kRole || named == Closeness::kEveryone) && inside);
  }
  if (caller.kind == CallerKind::kSamlUser) {
    // It has no policies of its own: what a statement of its own account gives to it by its provider's name, and nothing else.
    by_resource = same_account && named == Closeness::kCaller;
  } else if (same_account) {
    // A key or a trust that does not name the account has not left the decision to the account's own policies.
    const bool left_to_account = question.delegation == Delegation::kEither || named != Closeness::kNone;
    by_both = own && inside && left_to_account;
  } else if (caller.kind != CallerKind::kService && caller.kind != CallerKind::kAnonymous) {
    by_both = own && inside && (named != Closeness::kNone || question.shared_by_owner);
  }
  decision.allowed_ = by_resource || by_both;
  if (decision.allowed_) {
    if (heard.resource.allow) decision.reasons_.push_back(*heard.resource.allow);
    if (by_both) decision.reasons_.push_back(*heard.identity.allow);
    return decision;
  }
  // The first says what is missing: without the resource's policy a key, a trust or a caller without policies gets nothing.
  const bool bare =
      caller.kind == CallerKind::kService || caller.kind == CallerKind::kAnonymous || caller.kind == CallerKind::kSamlUser;
  const bool resource_first = bare || (same_account && question.delegation == Delegation::kResource);
  if (named == Closeness::kNone && resource_first) silent(Layer::kResource);
  if (!own && !bare) silent(Layer::kIdentity);
  if (!heard.InsideBoundary()) silent(Layer::kBoundary);
  if (!heard.InsideSession()) silent(Layer::kSession);
  if (named == Closeness::kNone && !same_account && !bare) silent(Layer::kResource);
  return decision;
}

Decision Decision::Refused(std::string why) {
  Decision decision;
  decision.reasons_.push_back({Layer::kNone, std::move(why), "", Effect::kDeny});
  return decision;
}

std::string_view Name(Layer layer) {
  switch (layer) {
    case Layer::kServiceControl: return "service control policy";
    case Layer::kResource: return "resource policy";
    case Layer::kIdentity: return "identity policy";
    case Layer::kBoundary: return "permissions boundary";
    case Layer::kSession: return "session policy";
    case Layer::kAccountRoot: return "root of account";
    case Layer::kNone: return "gate";
  }
  return "gate";
}

std::string Decision::Text() const {
  std::string text;
  for (const Reason& reason : reasons_) {
    if (!text.empty()) text += "; ";
    if (reason.layer == Layer::kNone)
      text += reason.policy;
    else if (reason.statement.empty())
      text += fmt::format("no {} allows", Name(reason.layer));
    else
      text += fmt::format("{} {} {} by statement {}", Name(reason.layer), reason.policy,
                          reason.effect == Effect::kAllow ? "allows" : "denies", reason.statement);
  }
  return text;
}

}  // namespace hanse::policy
