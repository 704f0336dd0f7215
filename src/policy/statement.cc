#include "policy/statement.h"

#include <algorithm>

#include "base/text.h"
#include "model/arn.h"

namespace hanse::policy {
namespace {

Closeness ClosenessOf(const NamedPrincipal& named, const Caller& caller) {
  using Kind = NamedPrincipal::Kind;
  const bool lives_in_account =
      caller.kind == CallerKind::kRoot || caller.kind == CallerKind::kUser || caller.kind == CallerKind::kSession;
  // The user itself: its own key, and no session that somebody narrowed.
  const bool is_user = caller.kind == CallerKind::kUser;
  switch (named.kind) {
    case Kind::kEveryone: return Closeness::kEveryone;
    case Kind::kAccount:
      if (!lives_in_account || caller.account != named.value) return Closeness::kNone;
      return caller.kind == CallerKind::kRoot ? Closeness::kCaller : Closeness::kAccount;
    case Kind::kArn:
      if (!lives_in_account) return Closeness::kNone;
      if (caller.arn == named.value) return Closeness::kCaller;
      if (caller.principal_arn == named.value) return is_user ? Closeness::kCaller : Closeness::kRole;
      return Closeness::kNone;
    case Kind::kUniqueId:
      if (!lives_in_account || caller.unique_id.empty()) return Closeness::kNone;
      if (caller.unique_id == named.value) return Closeness::kCaller;
      if (caller.unique_id.substr(0, caller.unique_id.find(':')) == named.value) return Closeness::kRole;
      return Closeness::kNone;
    case Kind::kService:
      return caller.kind == CallerKind::kService && caller.name == named.value ? Closeness::kCaller : Closeness::kNone;
    case Kind::kFederated:
      // By the provider's id: an ARN that was kept as such names nobody.
      return caller.kind == CallerKind::kSamlUser && !caller.unique_id.empty() && caller.unique_id == named.value
                 ? Closeness::kCaller
                 : Closeness::kNone;
    case Kind::kCanonicalUser: return Closeness::kNone;
  }
  return Closeness::kNone;
}

// NotPrincipal spares a caller only where every layer of it is listed: its account, its role, the session itself (IAM User Guide,
// "NotPrincipal": naming the account alone spares its root user alone).
bool Spared(const std::vector<NamedPrincipal>& listed, const Caller& caller) {
  auto lists = [&](Closeness wanted) {
    return std::ranges::any_of(listed, [&](const NamedPrincipal& one) { return ClosenessOf(one, caller) == wanted; });
  };
  if (lists(Closeness::kEveryone)) return true;
  const CallerKind kind = caller.kind;
  if (kind == CallerKind::kRoot || kind == CallerKind::kService || kind == CallerKind::kSamlUser) return lists(Closeness::kCaller);
  if (!lists(Closeness::kAccount)) return false;
  if (caller.kind == CallerKind::kUser) return lists(Closeness::kCaller);
  return lists(Closeness::kRole) && lists(Closeness::kCaller);
}

bool IsAccount(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool LooksLikeUniqueId(std::string_view text) {
  if (text.size() < 16 || !(text.starts_with("AIDA") || text.starts_with("AROA"))) return false;
  std::string_view id = text.substr(0, text.find(':'));
  return std::ranges::all_of(id, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

std::optional<NamedPrincipal> ParsePrincipal(std::string_view type, std::string_view value) {
  using Kind = NamedPrincipal::Kind;
  if (value.empty()) return std::nullopt;
  if (type == "AWS") {
    if (value == "*") return NamedPrincipal{Kind::kEveryone, "*"};
    if (IsAccount(value)) return NamedPrincipal{Kind::kAccount, std::string(value)};
    if (LooksLikeUniqueId(value)) return NamedPrincipal{Kind::kUniqueId, std::string(value)};
    std::optional<Arn> arn = ParseArn(value);
    if (!arn || !IsAccount(arn->account) || value.find_first_of("*?") != std::string_view::npos) return std::nullopt;
    if (arn->service == "iam" && arn->resource == "root") return NamedPrincipal{Kind::kAccount, arn->account};
    const bool of_iam = arn->service == "iam" && (arn->resource.starts_with("user/") || arn->resource.starts_with("role/"));
    const bool of_sts =
        arn->service == "sts" && (arn->resource.starts_with("assumed-role/") || arn->resource.starts_with("federated-user/"));
    if (!of_iam && !of_sts) return std::nullopt;
    return NamedPrincipal{Kind::kArn, std::string(value)};
  }
  if (type == "Service") {
    if (value.find('.') == std::string_view::npos || value.find_first_of("*?:/ ") != std::string_view::npos) return std::nullopt;
    return NamedPrincipal{Kind::kService, std::string(value)};
  }
  if (type == "Federated") return NamedPrincipal{Kind::kFederated, std::string(value)};
  if (type == "CanonicalUser") return NamedPrincipal{Kind::kCanonicalUser, std::string(value)};
  return std::nullopt;
}

bool Statement::CoversAction(std::string_view action) const {
  static const Context kNone;  // Actions know no variables.
  const bool listed = std::ranges::any_of(actions, [&](const Pattern& one) { return one.Matches(action, kNone); });
  return listed == (action_sense == Sense::kListed);
}

bool Statement::CoversResource(std::string_view resource, const Context& context) const {
  if (resources.empty()) return true;
  bool unknown = false;
  for (const ArnPattern& one : resources) {
    Pattern::Answer answer = one.Match(resource, context);
    if (answer == Pattern::Answer::kYes) return resource_sense == Sense::kListed;
    if (answer == Pattern::Answer::kNoValue) unknown = true;
  }
  if (resource_sense == Sense::kListed) return false;
  // "All but" something that cannot be told: an Allow gives nothing, a Deny takes everything.
  return !unknown || effect == Effect::kDeny;
}

bool Statement::ConditionsHold(const Context& context) const {
  return std::ranges::all_of(conditions, [&](const Condition& one) { return one.Holds(context); });
}

Closeness Statement::Names(const Caller& caller) const {
  // Whom a provider vouches for has what a statement gives to that provider by name; "everybody" is not for it to be.
  const bool by_name_alone = caller.kind == CallerKind::kSamlUser && effect == Effect::kAllow;
  if (by_name_alone && principal_sense == Sense::kAllBut) return Closeness::kNone;
  if (principal_sense == Sense::kAllBut) {
    if (effect == Effect::kDeny) return Spared(principals, caller) ? Closeness::kNone : Closeness::kEveryone;
    const bool any =
        std::ranges::any_of(principals, [&](const NamedPrincipal& one) { return ClosenessOf(one, caller) != Closeness::kNone; });
    return any ? Closeness::kNone : Closeness::kEveryone;
  }
  Closeness closest = Closeness::kNone;
  for (const NamedPrincipal& one : principals) closest = std::max(closest, ClosenessOf(one, caller));
  if (by_name_alone && closest != Closeness::kCaller) return Closeness::kNone;
  return closest;
}

}  // namespace hanse::policy
