#include "identity/managed.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::identity {
namespace {

constexpr std::string_view kColumns =
    "SELECT id, account, name, path, arn, unique_id, description, default_version, next_version, created_ms, updated_ms, tags "
    "FROM iam_policies ";

ManagedPolicy Read(const store::Row& row) {
  ManagedPolicy policy;
  policy.id = row.Int(0);
  policy.account = row.Text(1);
  policy.name = row.Text(2);
  policy.path = row.Text(3);
  policy.arn = row.Text(4);
  policy.unique_id = row.Text(5);
  policy.description = row.Text(6);
  policy.default_version = row.Int(7);
  policy.next_version = row.Int(8);
  policy.created_ms = row.Int(9);
  policy.updated_ms = row.Int(10);
  policy.tags = TagsFromJson(row.Text(11));
  return policy;
}

}  // namespace

Result<ManagedPolicy> FindPolicy(store::Transaction& tx, std::string_view account, std::string_view arn) {
  if (const ManagedPolicy* provided = FindProvided(arn)) return *provided;
  TRY_ASSIGN(auto row, tx.Maybe(std::string(kColumns) + "WHERE arn = ? AND account = ?", {std::string(arn), std::string(account)}));
  if (!row) {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("Policy {} does not exist or is not attachable.", arn));
  }
  return Read(*row);
}

Result<std::optional<PolicyVersionRow>> FindVersion(store::Transaction& tx, const ManagedPolicy& policy, std::int64_t version) {
  if (policy.id == 0) {
    if (version != policy.default_version) return std::optional<PolicyVersionRow>();
    return std::optional(PolicyVersionRow{version, policy.document, policy.created_ms});
  }
  TRY_ASSIGN(auto row, tx.Maybe("SELECT document, created_ms FROM iam_policy_versions WHERE policy = ? AND version = ?",
                                {policy.id, version}));
  if (!row) return std::optional<PolicyVersionRow>();
  return std::optional(PolicyVersionRow{version, row->Text(0), row->Int(1)});
}

Result<std::string> DefaultDocument(store::Transaction& tx, const ManagedPolicy& policy) {
  TRY_ASSIGN(auto version, FindVersion(tx, policy, policy.default_version));
  if (!version) return Fail(ErrorCode::kInternal, fmt::format("{} has no default version", policy.arn));
  return std::move(version->document);
}

Result<std::vector<ManagedPolicy>> ListPolicyRows(store::Transaction& tx, std::string_view account, std::string_view after,
                                                  std::int64_t limit) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kColumns) + "WHERE account = ? AND name_lower > ? ORDER BY name_lower LIMIT ?",
                                 {std::string(account), std::string(after), limit}));
  std::vector<ManagedPolicy> policies;
  for (const store::Row& row : rows) policies.push_back(Read(row));
  return policies;
}

Result<std::int64_t> UsageCount(store::Transaction& tx, std::string_view arn, std::string_view usage) {
  TRY_ASSIGN(auto row, tx.One("SELECT count(*) FROM iam_attachments WHERE policy_arn = ? AND usage = ?",
                              {std::string(arn), std::string(usage)}));
  return row.Int(0);
}

}  // namespace hanse::identity
