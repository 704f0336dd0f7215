#include "governance/expressions.h"

#include "governance/expression_rows.h"
#include "governance/grantee.h"
#include "governance/office.h"
#include "governance/page.h"
#include "governance/refusals.h"
#include "governance/rights.h"
#include "governance/settings_rows.h"
#include "governance/visibility.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using policy::PermissionSet;

// Saved expressions do not cross accounts.
Result<bool> Holds(const gate::Call& call, const AccountId& account, Id expression, PermissionSet any_of) {
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), account, call.info().region));
  if (office == Office::kAdmin || (office == Office::kReader && any_of.Has(Permission::kDescribe))) return true;
  TRY_ASSIGN(PermissionSet held,
             RightsOnExpression(call.tx(), call.caller(), account, call.info().region, expression, Which::kHeld));
  return !(held & any_of).empty();
}

PermissionSet Any() {
  return PermissionSet(Permission::kDescribe) | Permission::kAlter | Permission::kDrop | Permission::kGrantWithLfTagExpression;
}

// An expression that the caller may see, and `needed` on it.
Result<ExpressionRow> Find(const gate::Call& call, const std::optional<std::string>& catalog_id, const std::string& name,
                           PermissionSet needed, std::string_view text) {
  TRY_ASSIGN(AccountId account, OwnCatalog(call, catalog_id));
  TRY_ASSIGN(auto found, FindExpression(call.tx(), account, call.info().region, name));
  if (!found) return NoSuch(kNoEntity);
  TRY_ASSIGN(bool sees, Holds(call, account, found->id, Any()));
  if (!sees) return NoSuch(kNoEntity);
  TRY_ASSIGN(bool may, Holds(call, account, found->id, needed));
  if (!may) return Insufficient(text);
  return std::move(*found);
}

// Who saves an expression must be able to grant by each of its pairs.
Result<std::string> ReadTerms(const gate::Call& call, const AccountId& account,
                              const std::optional<std::vector<wire::lakeformation::LFTag>>& in) {
  auto terms = ReadExpression(call.tx(), account, call.info().region, in.value_or(std::vector<wire::lakeformation::LFTag>()));
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), account, call.info().region));
  bool admin = office == Office::kAdmin;
  if (!terms) {
    if (terms.error().code == ErrorCode::kNotFound && !admin) return NotYours();
    return std::unexpected(std::move(terms).error());
  }
  for (const policy::TagTerm& term : *terms) {
    for (const std::string& value : term.values) {
      if (admin) break;
      TagRow tag{term.tag, account, call.info().region, term.key};
      TRY_ASSIGN(PermissionSet held, RightsOnTag(call.tx(), call.caller(), tag, value, Which::kHeld));
      if (!held.Has(Permission::kGrantWithLfTagExpression)) return NotYours();
    }
  }
  return policy::EncodeExpression(std::move(*terms));
}

Result<void> GiveCreator(const gate::Call& call, const AccountId& account, Id expression) {
  const Caller& caller = call.caller();
  if (caller.principal == 0) return {};
  GrantRow row;
  row.keeper = row.owner = account;
  row.region = call.info().region;
  row.principal = PrincipalKey(caller.principal);
  row.principal_id = caller.principal;
  row.shown = row.updated_by = caller.principal_arn;
  row.kind = GrantKind::kExpression;
  row.object = row.expression = expression;
  row.resource_key = "expression:" + std::to_string(expression);
  row.permissions = row.grantable = Any();
  row.updated_ms = call.now_ms();
  return AddGrant(call.tx(), std::move(row));
}

}  // namespace

Result<CreateLFTagExpression::Answer> TagExpressions::Do(const gate::Authorized<CreateLFTagExpression>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, OwnCatalog(call, in.catalog_id));
  TRY_ASSIGN(PermissionSet held, AccessToCatalog(call.tx(), call.caller(), account, call.info().region));
  if (!held.Has(Permission::kCreateLfTagExpression)) return Insufficient("create LF-Tag expression on catalog");
  TRY_ASSIGN(std::string terms, ReadTerms(call, account, in.expression));
  TRY_ASSIGN(auto there, FindExpression(call.tx(), account, call.info().region, in.name.value_or("")));
  if (there) return Fail(ErrorCode::kAlreadyExists, "LF-Tag expression already exists");
  TRY_ASSIGN(store::Row count,
             call.tx().One("SELECT count(*) FROM lf_expressions WHERE account = ? AND region = ?", {account, call.info().region}));
  if (count.Int(0) >= kMaxExpressions) return Fail(ErrorCode::kLimitExceeded, "At most 1000 LF-Tag expressions are allowed");
  TRY(KeepDefaults(call.tx(), account, call.info().region, call.now_ms()));
  TRY_ASSIGN(Id id, store::NewThing(call.tx(), "lf_expression"));
  TRY(call.tx().Execute("INSERT INTO lf_expressions (id, account, region, name, description, expression) VALUES (?, ?, ?, ?, ?, ?)",
                        {id, account, call.info().region, in.name.value_or(""), in.description.value_or(""), terms}));
  TRY(GiveCreator(call, account, id));
  return CreateLFTagExpression::Answer();
}

Result<GetLFTagExpression::Answer> TagExpressions::Do(const gate::Authorized<GetLFTagExpression>& call) {
  TRY_ASSIGN(ExpressionRow found, Find(call, call->in.catalog_id, call->in.name.value_or(""), Any(), "Describe"));
  auto terms = policy::DecodeExpression(found.expression).value_or(policy::TagExpression());
  return GetLFTagExpression::Answer{.name = found.name,
                                    .description = found.description,
                                    .catalog_id = call.caller().account,
                                    .expression = ShownExpression(terms)};
}

Result<UpdateLFTagExpression::Answer> TagExpressions::Do(const gate::Authorized<UpdateLFTagExpression>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(ExpressionRow found,
             Find(call, in.catalog_id, in.name.value_or(""), Permission::kAlter, "Alter on LF-Tag expression"));
  TRY_ASSIGN(std::string terms, ReadTerms(call, call.caller().account, in.expression));
  TRY(call.tx().Execute("UPDATE lf_expressions SET expression = ?, description = ? WHERE id = ?",
                        {terms, in.description.value_or(found.description), found.id}));
  return UpdateLFTagExpression::Answer();
}

Result<DeleteLFTagExpression::Answer> TagExpressions::Do(const gate::Authorized<DeleteLFTagExpression>& call) {
  TRY_ASSIGN(ExpressionRow found,
             Find(call, call->in.catalog_id, call->in.name.value_or(""), Permission::kDrop, "Drop on LF-Tag expression"));
  TRY_ASSIGN(auto attached, call.tx().Maybe("SELECT id FROM lf_row_attachments WHERE expression_id = ? LIMIT 1", {found.id}));
  if (attached) return Invalid("A row-level security policy is attached by the expression: detach it first");
  TRY(store::DeleteThing(call.tx(), found.id));
  return DeleteLFTagExpression::Answer();
}

Result<ListLFTagExpressions::Answer> TagExpressions::Do(const gate::Authorized<ListLFTagExpressions>& call) {
  TRY_ASSIGN(AccountId account, OwnCatalog(call, call->in.catalog_id));
  TRY_ASSIGN(std::string after, PageCursor("ListLFTagExpressions", call->in.next_token));
  std::size_t most = PageSize(call->in.max_results, 1000);
  ListLFTagExpressions::Answer answer;
  answer.lf_tag_expressions.emplace();
  TRY_ASSIGN(auto rows, ListExpressions(call.tx(), account, call.info().region, after, static_cast<std::int64_t>(most)));
  for (const ExpressionRow& row : rows) {
    TRY_ASSIGN(bool sees, Holds(call, account, row.id, Any()));
    if (!sees) continue;
    auto terms = policy::DecodeExpression(row.expression).value_or(policy::TagExpression());
    answer.lf_tag_expressions->push_back(
        {.name = row.name, .description = row.description, .catalog_id = account, .expression = ShownExpression(terms)});
  }
  if (rows.size() == most) answer.next_token = PageToken("ListLFTagExpressions", rows.back().name);
  return answer;
}

}  // namespace hanse::governance
