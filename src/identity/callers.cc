#include "identity/callers.h"

#include <fmt/format.h>

#include "base/text.h"
#include "identity/definition.h"
#include "identity/managed.h"
#include "identity/service_linked_roles.h"
#include "model/arn.h"

namespace hanse::identity {
namespace {

// The provider that a session began with, if it is still that one.
Result<store::SamlProvider> StandingProvider(store::Transaction& tx, const SamlUser& user) {
  TRY_ASSIGN(auto provider, store::FindSamlProviderById(tx, user.provider));
  if (!provider || provider->unique_id != user.provider_id) return InvalidToken();
  return *std::move(provider);
}

}  // namespace

Result<Caller> Callers::Base(store::Transaction& tx, const store::Principal& principal) const {
  TRY_ASSIGN(policy::Placement placement, placement_(tx, principal.account));
  if (!placement.active) return InvalidToken();
  Caller caller;
  caller.kind = CallerKind::kUser;
  caller.account = principal.account;
  caller.arn = caller.principal_arn = principal.arn;
  caller.unique_id = principal.unique_id;
  caller.principal = principal.id;
  caller.name = principal.name;
  caller.principal_tags = Definition::FromJson(principal.definition).tags;
  caller.organization = std::move(placement.organization);
  caller.organization_path = std::move(placement.path);
  return caller;
}

Result<Caller> Callers::OfUser(store::Transaction& tx, Id user, std::string_view access_key) const {
  TRY_ASSIGN(auto principal, store::FindPrincipalById(tx, user));
  if (!principal) return InvalidToken();
  TRY_ASSIGN(Caller caller, Base(tx, *principal));
  caller.access_key = access_key;
  return caller;
}

Result<Caller> Callers::OfSamlUser(store::Transaction& tx, SamlUser user) const {
  TRY_ASSIGN(store::SamlProvider provider, StandingProvider(tx, user));
  TRY_ASSIGN(policy::Placement placement, placement_(tx, provider.account));
  if (!placement.active) return InvalidToken();
  Caller caller;
  caller.kind = CallerKind::kSamlUser;
  caller.account = provider.account;
  caller.arn = caller.principal_arn = user.provider_arn = provider.arn;
  caller.unique_id = provider.unique_id;
  caller.name = user.subject;
  caller.saml = std::make_shared<const SamlUser>(std::move(user));
  return caller;
}

Result<Caller> Callers::OfSession(store::Transaction& tx, const Session& session) const {
  TRY_ASSIGN(auto principal, store::FindPrincipalById(tx, session.principal));
  if (!principal || principal->unique_id != session.unique_id) return InvalidToken();
  TRY_ASSIGN(Caller caller, Base(tx, *principal));
  caller.access_key = session.access_key;
  caller.session_issued_ms = session.issued_ms;
  caller.session_policies = session.policies;
  caller.source_identity = session.source_identity;
  if (session.reader) {
    TRY_ASSIGN(Caller reader, OfSession(tx, *session.reader));
    caller.vended = std::make_shared<const Vended>(Vended{std::move(reader), session.grounds});
  }
  if (session.kind == SessionKind::kUser) return caller;  // The user, with less time.
  caller.kind = CallerKind::kSession;
  caller.session_name = session.name;
  caller.session_tags = session.tags;
  caller.transitive_tag_keys = session.transitive_tag_keys;
  if (session.saml) {
    TRY_ASSIGN(store::SamlProvider provider, StandingProvider(tx, *session.saml));
    auto user = std::make_shared<SamlUser>(*session.saml);
    user->provider_arn = provider.arn;
    caller.saml = std::move(user);
  }
  caller.principal_tags = Overlay(std::move(caller.principal_tags), session.tags);
  if (session.kind == SessionKind::kFederated) {
    caller.arn = fmt::format("arn:aws:sts::{}:federated-user/{}", caller.account, session.name);
    caller.unique_id = fmt::format("{}:{}", caller.account, session.name);
  } else {
    caller.arn = AssumedRoleArn(caller.account, principal->name, session.name);
    caller.unique_id = fmt::format("{}:{}", principal->unique_id, session.name);
  }
  return caller;
}

Result<std::vector<policy::NamedDocument>> Callers::AttachedPolicies(store::Transaction& tx, const store::Principal& principal,
                                                                     std::optional<policy::NamedDocument>* boundary) {
  std::vector<policy::NamedDocument> documents;
  auto parse = [&](std::string id, std::string_view text, policy::DocumentKind kind) -> Result<policy::NamedDocument> {
    TRY_ASSIGN(policy::DocumentPtr document, documents_.Parse(text, kind));
    return policy::NamedDocument{std::move(id), std::move(document)};
  };
  constexpr std::string_view kOfGroups = "SELECT group_id FROM iam_group_members WHERE user_id = ?";
  TRY_ASSIGN(
      auto inlined,
      tx.Recall(fmt::format("SELECT name, document FROM iam_inline_policies WHERE principal = ? OR principal IN ({})", kOfGroups),
                {principal.id, principal.id}));
  for (const store::Row& row : inlined) {
    TRY_ASSIGN(auto one, parse("inline:" + row.Text(0), row.Text(1), policy::DocumentKind::kIdentity));
    documents.push_back(std::move(one));
  }
  TRY_ASSIGN(auto attached,
             tx.Recall(fmt::format("SELECT a.policy_arn, a.usage, v.document FROM iam_attachments a "
                                   "LEFT JOIN iam_policies p ON p.arn = a.policy_arn "
                                   "LEFT JOIN iam_policy_versions v ON v.policy = p.id AND v.version = p.default_version "
                                   "WHERE a.principal = ? OR a.principal IN ({})",
                                   kOfGroups),
                       {principal.id, principal.id}));
  for (const store::Row& row : attached) {
    const ManagedPolicy* provided = FindProvided(row.Text(0));
    if (provided == nullptr && row.null(2)) {
      // Somebody was given a policy that cannot be read: it may hold a Deny, so nothing can be decided without it.
      return Fail(ErrorCode::kUnavailable, fmt::format("policy {} cannot be read", row.Text(0)));
    }
    std::string_view text = provided != nullptr ? std::string_view(provided->document) : std::string_view(row.Text(2));
    const bool bounds = row.Text(1) == "boundary";
    TRY_ASSIGN(auto one, parse(row.Text(0), text, bounds ? policy::DocumentKind::kBoundary : policy::DocumentKind::kIdentity));
    if (bounds)
      *boundary = std::move(one);
    else
      documents.push_back(std::move(one));
  }
  return documents;
}

Result<std::shared_ptr<const Callers::Standing>> Callers::StandingOf(store::Transaction& tx, const Caller& caller) {
  const bool root = caller.kind == CallerKind::kRoot;
  const std::string key = caller.account + '/' + (root ? "root" : std::to_string(caller.principal));
  if (auto known = standings_.Find(tx, key)) return known;
  Standing standing;
  TRY_ASSIGN(standing.placement, placement_(tx, caller.account));
  if (!standing.placement.active) return InvalidToken();
  if (!root) {
    TRY_ASSIGN(auto principal, store::FindPrincipalById(tx, caller.principal));
    if (!principal || principal->account != caller.account) return InvalidToken();
    standing.tags = Definition::FromJson(principal->definition).tags;
    TRY_ASSIGN(standing.identity, AttachedPolicies(tx, *principal, &standing.boundary));
    // A service's own role does what the service must; guardrails do not hold it (Organizations User Guide, "SCP effects").
    if (principal->path.starts_with(kServiceRolePath)) standing.placement.service_control.clear();
  }
  return standings_.Keep(key, std::move(standing), tx.basis());
}

Result<policy::Facts> Callers::FactsOf(store::Transaction& tx, const Caller& caller) {
  policy::Facts facts{.caller = caller};
  if (caller.kind == CallerKind::kAnonymous || caller.kind == CallerKind::kService) return facts;
  if (caller.kind == CallerKind::kSamlUser) {  // It has a provider, and no policies: what a role's trust gives to that is all.
    if (!caller.saml) return InvalidToken();
    TRY_ASSIGN(facts.caller, OfSamlUser(tx, *caller.saml));
    return facts;
  }
  TRY_ASSIGN(std::shared_ptr<const Standing> standing, StandingOf(tx, caller));
  facts.caller.organization = standing->placement.organization;
  facts.caller.organization_path = standing->placement.path;
  facts.service_control = standing->placement.service_control;
  facts.identity = standing->identity;
  facts.boundary = standing->boundary;
  if (!caller.session_policies.empty()) {
    facts.session.emplace();
    for (const std::string& text : caller.session_policies) {
      TRY_ASSIGN(policy::DocumentPtr document, documents_.Parse(text, policy::DocumentKind::kSession));
      facts.session->push_back({"session", std::move(document)});
    }
  }
  if (caller.kind != CallerKind::kRoot) facts.caller.principal_tags = Overlay(standing->tags, caller.session_tags);
  return facts;
}

Result<std::optional<gate::ResourcePolicySource::Found>> Callers::PolicyOf(store::Transaction& tx, const Caller&,
                                                                           std::string_view action, std::string_view resource_arn) {
  constexpr std::string_view kAsked[] = {"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"};
  if (!Contains(kAsked, action)) return std::optional<Found>();
  std::optional<Arn> arn = ParseArn(resource_arn);
  Found found;
  found.delegation = policy::Delegation::kResource;
  found.owner = arn ? arn->account : AccountId();
  TRY_ASSIGN(auto role, store::FindPrincipalByArn(tx, resource_arn));
  if (!role || role->kind != "role") return std::optional(std::move(found));
  TRY_ASSIGN(policy::Placement placement, placement_(tx, role->account));
  if (!placement.active) return std::optional(std::move(found));
  TRY_ASSIGN(policy::DocumentPtr document, documents_.Parse(role->trust, policy::DocumentKind::kTrust));
  found.document = policy::NamedDocument{"trust of " + role->arn, std::move(document)};
  return std::optional(std::move(found));
}

Result<bool> Callers::TrustsService(store::Transaction& tx, std::string_view role_arn, std::string_view service, TimeMs now_ms) {
  Caller caller;
  caller.kind = CallerKind::kService;
  caller.name = service;
  TRY_ASSIGN(auto found, PolicyOf(tx, caller, "sts:AssumeRole", role_arn));
  if (!found || !found->document) return false;
  RequestInfo request;
  request.now_ms = now_ms;
  policy::Context context = policy::GlobalContext(caller, request);
  policy::AddResourceContext(found->owner, {}, &context);
  // The account on whose behalf the service acts is the role's own: a trust may ask for it (the confused deputy).
  context["aws:sourceaccount"] = {found->owner};
  policy::Question question{.action = "sts:AssumeRole",
                            .resource = role_arn,
                            .context = context,
                            .owner = found->owner,
                            .resource_policy = &*found->document,
                            .delegation = policy::Delegation::kResource};
  return policy::Decide({.caller = caller}, question).allowed();
}

Result<Caller> Callers::AssumeForService(store::Transaction& tx, std::string_view role_arn, std::string_view service,
                                         std::string_view session_name, TimeMs now_ms) {
  TRY_ASSIGN(bool trusts, TrustsService(tx, role_arn, service, now_ms));
  if (!trusts) {
    return Fail(ErrorCode::kAccessDenied,
                fmt::format("{} is not authorized to perform: sts:AssumeRole on resource: {}", service, role_arn));
  }
  TRY_ASSIGN(auto role, store::FindPrincipalByArn(tx, role_arn));
  Session session{.kind = SessionKind::kRole,
                  .account = role->account,
                  .principal = role->id,
                  .unique_id = role->unique_id,
                  .name = std::string(session_name),
                  .issued_ms = now_ms};
  TRY_ASSIGN(Caller caller, OfSession(tx, session));
  caller.invoked_by = service;
  return caller;
}

}  // namespace hanse::identity
