#include "steward/subject.h"

#include <fmt/format.h>

#include "base/text.h"
#include "model/arn.h"

namespace hanse::steward {
namespace {

// arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION -> the role, whose ARN has its path.
Result<std::optional<store::Principal>> FindRoleOfSession(store::Transaction& tx, const Arn& arn) {
  std::vector<std::string> parts = Split(arn.resource, '/');
  if (parts.size() < 2 || parts[0] != "assumed-role") return std::optional<store::Principal>();
  return store::FindPrincipalByName(tx, arn.account, "role", parts[1]);
}

Result<std::vector<std::string>> GroupsOf(store::Transaction& tx, Id user) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT p.arn FROM principals p JOIN iam_group_members m ON m.group_id = p.id "
                                 "WHERE m.user_id = ? ORDER BY p.arn",
                                 {user}));
  std::vector<std::string> groups;
  for (const store::Row& row : rows) groups.push_back(row.Text(0));
  return groups;
}

}  // namespace

Result<Subject> FindSubject(store::Transaction& tx, gate::PolicySource& policies, std::string_view text) {
  std::optional<Arn> arn = ParseArn(text);
  std::optional<store::Principal> found;
  if (arn && arn->service == "sts") {
    TRY_ASSIGN(found, FindRoleOfSession(tx, *arn));
  } else if (arn) {
    TRY_ASSIGN(found, store::FindPrincipalByArn(tx, text));
  }
  if (!found || found->kind == "group") return Fail(ErrorCode::kNotFound, fmt::format("There is no user or role {}.", text));
  return SubjectOf(tx, policies, std::move(*found));
}

Result<Subject> SubjectOf(store::Transaction& tx, gate::PolicySource& policies, store::Principal principal) {
  Subject subject{.principal = std::move(principal)};
  const store::Principal& who = subject.principal;
  Caller& caller = subject.caller;
  caller.kind = who.kind == "role" ? CallerKind::kSession : CallerKind::kUser;
  caller.account = who.account;
  caller.arn = caller.principal_arn = who.arn;
  caller.unique_id = who.unique_id;
  caller.principal = who.id;
  caller.name = who.name;
  if (who.kind == "role") {
    caller.session_name = "any";
    caller.arn = AssumedRoleArn(who.account, who.name, caller.session_name);
    caller.unique_id += ":any";
  } else {
    TRY_ASSIGN(subject.groups, GroupsOf(tx, who.id));
  }
  auto facts = policies.FactsOf(tx, caller);
  if (facts) {
    caller = std::move(facts->caller);
  } else if (facts.error().code == ErrorCode::kUnauthenticated) {
    subject.active = false;
  } else {
    return std::unexpected(std::move(facts).error());
  }
  return subject;
}

Result<std::vector<store::Principal>> ListSubjects(store::Transaction& tx, std::string_view account, Id after, std::int64_t limit) {
  std::string narrowed = account.empty() ? "" : "AND account = ? ";
  std::vector<store::Value> parameters = {after};
  if (!account.empty()) parameters.emplace_back(std::string(account));
  parameters.emplace_back(limit);
  TRY_ASSIGN(auto rows, tx.Query("SELECT id FROM principals WHERE id > ? AND kind <> 'group' " + narrowed + "ORDER BY id LIMIT ?",
                                 parameters));
  std::vector<store::Principal> principals;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto principal, store::FindPrincipalById(tx, row.Int(0)));
    if (principal) principals.push_back(std::move(*principal));
  }
  return principals;
}

Result<bool> Oversees(store::Transaction& tx, const Caller& caller, std::string_view account) {
  if (caller.account == account) return true;
  TRY_ASSIGN(auto organization, tx.Maybe("SELECT management_account FROM organizations"));
  TRY_ASSIGN(auto member, store::FindAccount(tx, account));
  if (!organization || !member || member->parent.empty()) return false;
  if (organization->Text(0) == caller.account) return true;
  TRY_ASSIGN(auto delegated, tx.Maybe("SELECT 1 FROM delegated_administrators d JOIN accounts a ON a.account = d.account "
                                      "WHERE d.account = ? AND a.parent <> '' AND d.service IN ('hanse.amazonaws.com', "
                                      "'lakeformation.amazonaws.com')",
                                      {caller.account}));
  return delegated != nullptr;
}

}  // namespace hanse::steward
