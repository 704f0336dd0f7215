#include "steward/saml_subjects.h"

#include <memory>

#include <fmt/format.h>

#include "governance/grantee.h"
#include "model/arn.h"

namespace hanse::steward {
namespace {

constexpr std::int64_t kNamedMax = 500;

bool Trusts(const store::Principal& role, const store::SamlProvider& provider) {
  return role.kind == "role" && role.account == provider.account && role.trust.find(provider.unique_id) != std::string::npos;
}

// `who`: "user/NAME" or "group/NAME".
Subject Decorated(const Subject& role, const store::SamlProvider& provider, std::string_view who) {
  Subject subject = role;
  const std::size_t slash = who.find('/');
  const bool user = who.substr(0, slash) == "user";
  auto saml = std::make_shared<SamlUser>();
  saml->provider = provider.id;
  saml->provider_id = provider.unique_id;
  saml->provider_arn = provider.arn;
  if (user) {
    saml->user = who.substr(slash + 1);
  } else {
    saml->groups = {std::string(who.substr(slash + 1))};
  }
  subject.caller.saml = std::move(saml);
  subject.principal.arn = fmt::format("{}:{}", provider.arn, who);
  subject.principal.kind = user ? "SAML user" : "SAML group";
  return subject;
}

}  // namespace

Result<std::vector<Subject>> FindSubjects(store::Transaction& tx, gate::PolicySource& policies, std::string_view text) {
  std::vector<Subject> subjects;
  std::optional<Arn> arn = ParseArn(text);
  if (!arn || arn->service != "iam" || !arn->resource.starts_with("saml-provider/")) {
    TRY_ASSIGN(Subject subject, FindSubject(tx, policies, text));
    subjects.push_back(std::move(subject));
    return subjects;
  }
  Caller nobody;
  TRY_ASSIGN(governance::Grantee grantee, governance::FindGrantee(tx, nobody, text));
  TRY_ASSIGN(auto provider, store::FindSamlProviderById(tx, grantee.principal));
  if (!provider) return Fail(ErrorCode::kNotFound, fmt::format("There is no SAML provider of {}.", text));
  const std::string who(text.substr(provider->arn.size() + 1));
  TRY_ASSIGN(auto rows, tx.Query("SELECT id FROM principals WHERE account = ? AND kind = 'role' ORDER BY id", {provider->account}));
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto role, store::FindPrincipalById(tx, row.Int(0)));
    if (!role || !Trusts(*role, *provider)) continue;
    TRY_ASSIGN(Subject subject, SubjectOf(tx, policies, *std::move(role)));
    subjects.push_back(Decorated(subject, *provider, who));
  }
  if (subjects.empty()) return Fail(ErrorCode::kNotFound, fmt::format("No role trusts the SAML provider of {}.", text));
  return subjects;
}

Result<std::vector<Subject>> DecoratedFrom(store::Transaction& tx, const Subject& role) {
  std::vector<Subject> decorated;
  TRY_ASSIGN(auto providers, tx.Recall("SELECT id FROM saml_providers WHERE account = ? ORDER BY id", {role.principal.account}));
  for (const store::Row& row : providers) {
    TRY_ASSIGN(auto provider, store::FindSamlProviderById(tx, row.Int(0)));
    if (!provider || !Trusts(role.principal, *provider)) continue;
    TRY_ASSIGN(auto named, tx.Query("SELECT DISTINCT shown FROM lf_grants WHERE principal_id = ? ORDER BY shown LIMIT ?",
                                    {provider->id, kNamedMax}));
    for (const store::Row& one : named) {
      decorated.push_back(Decorated(role, *provider, std::string_view(one.Text(0)).substr(provider->arn.size() + 1)));
    }
  }
  return decorated;
}

Result<Judged> DecideMost(const Doors& doors, store::Transaction& tx, const RequestInfo& now, const std::vector<Subject>& subjects,
                          const AskedTable& asked, Ask ask) {
  Judged most;
  for (const Subject& subject : subjects) {
    TRY_ASSIGN(Decided decided, Decide(doors, tx, now, subject, asked, ask));
    if (most.subject == nullptr || decided.verdict > most.decided.verdict) most = {&subject, std::move(decided)};
  }
  return most;
}

}  // namespace hanse::steward
