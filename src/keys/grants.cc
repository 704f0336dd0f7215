#include "keys/grants.h"

#include <algorithm>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"
#include "keys/errors.h"
#include "model/arn.h"
#include "store/directory.h"
#include "wire/json.h"

namespace hanse::keys {
namespace {

namespace json = boost::json;

constexpr std::string_view kSelectGrant = "SELECT key, grant_id, grantee, retiring, created_ms, definition FROM key_grants ";

Result<KeyGrant> ReadGrant(const store::Row& row) {
  TRY_ASSIGN(auto told, wire::FromJson<wire::kms::GrantListEntry>(row.Text(5)));
  return KeyGrant{row.Int(0), row.Text(1), row.Text(2), row.Text(3), row.Int(4), std::move(told)};
}

Result<std::vector<KeyGrant>> ReadGrants(const std::vector<store::Row>& rows) {
  std::vector<KeyGrant> grants;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(KeyGrant grant, ReadGrant(row));
    grants.push_back(std::move(grant));
  }
  return grants;
}

json::string Text(std::string_view text) { return json::string(json::string_view(text.data(), text.size())); }

// Named after the grant and the first of its actions.
json::object Statement(std::string_view grant_id, std::string_view principal, json::array actions, json::object condition) {
  const json::string first = actions.front().get_string();
  json::object made{{"Sid", Text(fmt::format("grant {} {} {}", grant_id, principal, std::string_view(first.data(), first.size())))},
                    {"Effect", "Allow"},
                    {"Principal", json::object{{"AWS", Text(principal)}}},
                    {"Action", std::move(actions)},
                    {"Resource", "*"}};
  if (!condition.empty()) made["Condition"] = std::move(condition);
  return made;
}

// "EncryptionContextSubset" and "…Equals" as conditions on the context of the request; of a further grant, on its constraints.
json::object ContextCondition(const std::optional<wire::kms::GrantConstraints>& constraints) {
  json::object condition;
  if (!constraints) return condition;
  json::object equal;
  for (const auto& context : {constraints->encryption_context_subset, constraints->encryption_context_equals}) {
    if (!context) continue;
    for (const auto& [name, value] : *context) equal["kms:EncryptionContext:" + name] = Text(value);
  }
  if (!equal.empty()) condition["StringEquals"] = std::move(equal);
  if (constraints->encryption_context_equals) {
    json::array names;
    for (const auto& [name, value] : *constraints->encryption_context_equals) names.push_back(Text(name));
    condition["ForAllValues:StringEquals"] = json::object{{"kms:EncryptionContextKeys", std::move(names)}};
  }
  return condition;
}

// A grantee passes on no more than it has: the operations and the constraints of its own grant.
json::object PassingOn(const wire::kms::GrantListEntry& told) {
  json::object condition = ContextCondition(told.constraints);
  json::array operations;
  for (const std::string& one : told.operations.value_or(std::vector<std::string>())) operations.push_back(Text(one));
  json::object& within = condition["ForAllValues:StringEquals"].is_object()
                             ? condition["ForAllValues:StringEquals"].get_object()
                             : condition["ForAllValues:StringEquals"].emplace_object();
  within["kms:GrantOperations"] = std::move(operations);
  if (told.constraints && told.constraints->encryption_context_equals) {
    json::object& equal =
        condition["StringEquals"].is_object() ? condition["StringEquals"].get_object() : condition["StringEquals"].emplace_object();
    equal["kms:GrantConstraintType"] = "EncryptionContextEquals";
  }
  return condition;
}

void AddStatements(const KeyGrant& grant, json::array* statements) {
  json::array plain;
  const json::object this_one{{"StringEquals", json::object{{"kms:GrantId", Text(grant.id)}}}};
  for (const std::string& operation : grant.told.operations.value_or(std::vector<std::string>())) {
    json::array action{Text("kms:" + operation)};
    if (operation == "CreateGrant") {
      statements->push_back(Statement(grant.id, grant.grantee, std::move(action), PassingOn(grant.told)));
    } else if (operation == "RetireGrant") {
      statements->push_back(Statement(grant.id, grant.grantee, std::move(action), this_one));
    } else if (operation == "DescribeKey") {  // It has no encryption context.
      statements->push_back(Statement(grant.id, grant.grantee, std::move(action), {}));
    } else {
      plain.push_back(action.front());
    }
  }
  if (!plain.empty()) {
    statements->push_back(Statement(grant.id, grant.grantee, std::move(plain), ContextCondition(grant.told.constraints)));
  }
  if (!grant.retiring.empty()) statements->push_back(Statement(grant.id, grant.retiring, {"kms:RetireGrant"}, this_one));
}

}  // namespace

Result<std::optional<KeyGrant>> FindGrant(store::Transaction& tx, Id key, std::string_view grant_id) {
  TRY_ASSIGN(auto row, tx.Maybe(std::string(kSelectGrant) + "WHERE key = ? AND grant_id = ?", {key, std::string(grant_id)}));
  if (!row) return std::optional<KeyGrant>();
  TRY_ASSIGN(KeyGrant grant, ReadGrant(*row));
  return std::optional(std::move(grant));
}

Result<std::vector<KeyGrant>> GrantsOf(store::Transaction& tx, Id key, std::string_view grantee, std::string_view after,
                                       std::int64_t limit) {
  const std::string of(grantee);
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelectGrant) +
                                     "WHERE key = ? AND (? = '' OR grantee = ?) AND grant_id > ? ORDER BY grant_id LIMIT ?",
                                 {key, of, of, std::string(after), limit}));
  return ReadGrants(rows);
}

Result<std::vector<KeyGrant>> GrantsToRetire(store::Transaction& tx, std::string_view retiring, std::string_view after,
                                             std::int64_t limit) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelectGrant) + "WHERE retiring = ? AND grant_id > ? ORDER BY grant_id LIMIT ?",
                                 {std::string(retiring), std::string(after), limit}));
  return ReadGrants(rows);
}

Result<void> InsertGrant(store::Transaction& tx, const KeyGrant& grant) {
  TRY(tx.Execute("INSERT INTO key_grants (key, grant_id, grantee, retiring, created_ms, definition) VALUES (?, ?, ?, ?, ?, ?)",
                 {grant.key, grant.id, grant.grantee, grant.retiring, grant.created_ms, wire::ToJson(grant.told)}));
  return {};
}

Result<void> DeleteGrant(store::Transaction& tx, const KeyGrant& grant) {
  TRY(tx.Execute("DELETE FROM key_grants WHERE key = ? AND grant_id = ?", {grant.key, grant.id}));
  return {};
}

Result<std::string> KeptPrincipal(store::Transaction& tx, const std::string& arn) {
  std::optional<Arn> parsed = ParseArn(arn);
  if (parsed && parsed->service == "iam" && parsed->resource == "root") return parsed->account;
  constexpr std::string_view kSession = "assumed-role/";
  if (parsed && parsed->service == "sts" && parsed->resource.starts_with(kSession)) {
    const std::string_view rest = std::string_view(parsed->resource).substr(kSession.size());
    const std::size_t slash = rest.find('/');
    TRY_ASSIGN(auto role, store::FindPrincipalByName(tx, parsed->account, "role", rest.substr(0, slash)));
    if (role && slash != std::string_view::npos) return fmt::format("{}:{}", role->unique_id, rest.substr(slash + 1));
  }
  TRY_ASSIGN(auto found, store::FindPrincipalByArn(tx, arn));
  if (found && (found->kind == "user" || found->kind == "role")) return found->unique_id;
  return Refuse(ErrorCode::kInvalidArgument, "InvalidArnException", fmt::format("Invalid principal: {}", arn));
}

Result<std::string> ShownPrincipal(store::Transaction& tx, const std::string& kept) {
  if (kept.size() == 12 && kept.find_first_not_of("0123456789") == std::string::npos) return RootArn(kept);
  const std::size_t colon = kept.find(':');
  TRY_ASSIGN(auto row, tx.Maybe("SELECT account, name, arn FROM principals WHERE unique_id = ?", {kept.substr(0, colon)}));
  if (!row) return kept;  // It is gone.
  if (colon == std::string::npos) return row->Text(2);
  return AssumedRoleArn(row->Text(0), row->Text(1), kept.substr(colon + 1));
}

std::string WriteGrantToken(const GrantToken& token) { return Base64(token.key_arn + "|" + token.grant_id); }

Result<GrantToken> ReadGrantToken(std::string_view text) {
  std::string plain;
  std::size_t bar = UnBase64(text, &plain) ? plain.find('|') : std::string::npos;
  if (bar == std::string::npos) {
    return Refuse(ErrorCode::kInvalidArgument, "InvalidGrantTokenException", "The grant token is not valid.");
  }
  return GrantToken{plain.substr(0, bar), plain.substr(bar + 1)};
}

Result<std::string> WithGrants(store::Transaction& tx, Id key, const std::string& policy, const Caller& caller) {
  const std::string role = caller.unique_id.substr(0, caller.unique_id.find(':'));
  TRY_ASSIGN(auto rows, tx.Recall(std::string(kSelectGrant) +
                                      "WHERE key = ? AND (grantee IN (?, ?, ?) OR retiring IN (?, ?, ?)) ORDER BY grant_id",
                                  {key, caller.unique_id, role, caller.account, caller.unique_id, role, caller.account}));
  if (rows.empty()) return policy;
  TRY_ASSIGN(auto grants, ReadGrants(rows));
  json::error_code error;
  json::value whole = json::parse(json::string_view(policy.data(), policy.size()), error);
  json::value* had = error || !whole.is_object() ? nullptr : whole.get_object().if_contains("Statement");
  if (had == nullptr) return Fail(ErrorCode::kInternal, "a key policy is damaged");
  if (had->is_object()) *had = json::array{*had};
  for (const KeyGrant& grant : grants) AddStatements(grant, &had->get_array());
  return json::serialize(whole);
}

}  // namespace hanse::keys
