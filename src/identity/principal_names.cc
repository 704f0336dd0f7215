#include "identity/principal_names.h"

#include <fmt/format.h>

#include "base/text.h"
#include "gate/principal_lookup.h"
#include "model/arn.h"

namespace hanse::identity {
namespace {

store::Principal ReadPrincipal(const store::Row& row) {
  return {row.Int(0),  row.Text(1), row.Text(2), row.Text(3), row.Text(4),
          row.Text(5), row.Text(6), row.Int(7),  row.Text(8), row.Text(9)};
}

constexpr std::string_view kPrincipalColumns =
    "SELECT id, account, kind, name, path, arn, unique_id, created_ms, trust, definition FROM principals ";

std::string Capital(std::string_view kind) {
  std::string text(kind);
  if (!text.empty()) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

constexpr std::string_view kSessionPrefix = "assumed-role/";

}  // namespace

Result<store::Principal> FindNamed(store::Transaction& tx, std::string_view account, std::string_view kind, std::string_view name) {
  TRY_ASSIGN(auto found, store::FindPrincipalByName(tx, account, kind, name));
  if (!found) {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("The {} with name {} cannot be found.", kind, name));
  }
  return *std::move(found);
}

Result<std::vector<store::Principal>> ListNamed(store::Transaction& tx, std::string_view account, std::string_view kind,
                                                std::string_view path_prefix, std::string_view after, std::int64_t limit) {
  // A path has none of the pattern's characters but "_", which substr does not know.
  TRY_ASSIGN(auto rows, tx.Query(std::string(kPrincipalColumns) + "WHERE account = ? AND kind = ? AND name_lower > ? AND "
                                                                  "substr(path, 1, ?) = ? ORDER BY name_lower LIMIT ?",
                                 {std::string(account), std::string(kind), std::string(after),
                                  static_cast<std::int64_t>(path_prefix.size()), std::string(path_prefix), limit}));
  std::vector<store::Principal> principals;
  for (const store::Row& row : rows) principals.push_back(ReadPrincipal(row));
  return principals;
}

policy::PrincipalLookup IdOf(store::Transaction& tx) {
  return [&tx](std::string_view text) -> Result<std::optional<std::string>> {
    std::optional<Arn> arn = ParseArn(text);
    if (!arn) return std::nullopt;
    if (arn->service == "sts" && arn->resource.starts_with(kSessionPrefix)) {
      std::string_view rest = std::string_view(arn->resource).substr(kSessionPrefix.size());
      std::size_t slash = rest.find('/');
      if (slash == std::string_view::npos) return std::nullopt;
      TRY_ASSIGN(auto role, store::FindPrincipalByName(tx, arn->account, "role", rest.substr(0, slash)));
      if (!role) return std::nullopt;
      return std::optional(role->unique_id + ":" + std::string(rest.substr(slash + 1)));
    }
    if (arn->service == "sts") return std::optional(std::string(text));  // A federated user has no id but its ARN.
    return gate::PrincipalIds(tx)(text);
  };
}

policy::PrincipalLookup ArnOf(store::Transaction& tx) {
  return [&tx](std::string_view text) -> Result<std::optional<std::string>> {
    std::size_t colon = text.find(':');
    TRY_ASSIGN(auto row,
               tx.Maybe("SELECT account, name, arn FROM principals WHERE unique_id = ?", {std::string(text.substr(0, colon))}));
    if (!row) return gate::PrincipalArns(tx)(text);
    if (colon == std::string_view::npos) return std::optional(row->Text(2));
    return std::optional(AssumedRoleArn(row->Text(0), row->Text(1), text.substr(colon + 1)));
  };
}

Result<std::string> ShownDocument(store::Transaction& tx, std::string_view kept) {
  TRY_ASSIGN(std::string shown, policy::ShowPrincipals(kept, ArnOf(tx)));
  return PercentEncode(shown);
}

Result<store::Principal> InsertPrincipal(store::Transaction& tx, store::Principal principal) {
  TRY_ASSIGN(auto taken, store::FindPrincipalByName(tx, principal.account, principal.kind, principal.name));
  if (taken) {
    return FailAs(ErrorCode::kAlreadyExists, "EntityAlreadyExists",
                  fmt::format("{} with name {} already exists.", Capital(principal.kind), principal.name));
  }
  TRY_ASSIGN(principal.id, store::NewThing(tx, principal.kind));
  TRY(tx.Execute(
      "INSERT INTO principals (id, account, kind, name, name_lower, path, arn, unique_id, created_ms, trust, definition) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {principal.id, principal.account, principal.kind, principal.name, Lower(principal.name), principal.path, principal.arn,
       principal.unique_id, principal.created_ms, principal.trust, principal.definition}));
  return principal;
}

Result<void> UpdatePrincipal(store::Transaction& tx, const store::Principal& principal) {
  TRY(tx.Execute(
      "UPDATE principals SET name = ?, name_lower = ?, path = ?, arn = ?, trust = ?, definition = ? WHERE id = ?",
      {principal.name, Lower(principal.name), principal.path, principal.arn, principal.trust, principal.definition, principal.id}));
  return {};
}

}  // namespace hanse::identity
