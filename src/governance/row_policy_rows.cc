#include "governance/row_policy_rows.h"

#include <algorithm>

#include "base/text.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

constexpr std::string_view kSelectPolicy = "SELECT id, account, region, name, columns, row_expression FROM lf_row_policies ";
constexpr std::string_view kSelectAttachment =
    "SELECT a.id, a.policy_id, a.keeper, a.owner, a.region, a.kind, a.resource_key, a.object, a.link_id, a.expression_id, "
    "a.detail, "
    "a.principal, a.principal_id, a.shown, a.condition, p.name, p.columns, p.row_expression, e.expression "
    "FROM lf_row_attachments a JOIN lf_row_policies p ON p.id = a.policy_id LEFT JOIN lf_expressions e ON e.id = a.expression_id ";

policy::RowPolicy Decoded(const std::string& columns, const std::string& rows) {
  policy::RowPolicy policy{{}, rows};
  for (const std::string& line : Split(columns, '\n')) {
    std::size_t tab = line.find('\t');
    policy.columns.push_back({line.substr(0, tab), tab == std::string::npos ? "" : line.substr(tab + 1)});
  }
  return policy;
}

std::string Encoded(const std::vector<policy::PolicyColumn>& columns) {
  std::vector<std::string> lines;
  for (const policy::PolicyColumn& column : columns) lines.push_back(column.name + "\t" + column.type);
  return Join(lines, "\n");
}

Result<std::vector<RowPolicyRow>> Policies(store::Transaction& tx, std::string_view where,
                                           std::span<const store::Value> parameters) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelectPolicy) + std::string(where), parameters));
  std::vector<RowPolicyRow> policies;
  for (const store::Row& row : rows) {
    policies.push_back({row.Int(0), row.Text(1), row.Text(2), row.Text(3), Decoded(row.Text(4), row.Text(5))});
  }
  return policies;
}

Result<std::optional<RowPolicyRow>> OnlyPolicy(Result<std::vector<RowPolicyRow>> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  if (rows->empty()) return std::optional<RowPolicyRow>();
  return std::optional<RowPolicyRow>(std::move(rows->front()));
}

GrantKind AttachedTo(const std::string& kind) {
  for (GrantKind one : {GrantKind::kTable, GrantKind::kAllTables}) {
    if (KindName(one) == kind) return one;
  }
  return GrantKind::kTablesByTag;
}

AttachmentRow ReadAttachment(const store::Row& row) {
  AttachmentRow one;
  one.id = row.Int(0);
  one.policy = row.Int(1);
  one.keeper = row.Text(2);
  one.owner = row.Text(3);
  one.region = row.Text(4);
  one.kind = AttachedTo(row.Text(5));
  one.resource_key = row.Text(6);
  one.object = row.Int(7);
  one.link = row.Int(8);
  one.expression = row.Int(9);
  one.detail = row.Text(10);
  one.principal = row.Text(11);
  one.principal_id = row.Int(12);
  one.shown = row.Text(13);
  one.condition = row.Text(14);
  one.policy_name = row.Text(15);
  one.rows = Decoded(row.Text(16), row.Text(17));
  one.saved_expression = row.Text(18);
  return one;
}

Result<std::vector<AttachmentRow>> Attachments(store::Transaction& tx, std::string_view where,
                                               std::span<const store::Value> parameters) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelectAttachment) + std::string(where), parameters));
  std::vector<AttachmentRow> attachments;
  for (const store::Row& row : rows) attachments.push_back(ReadAttachment(row));
  return attachments;
}

store::Value IdOrNull(Id id) { return id == 0 ? store::Value() : store::Value(id); }

}  // namespace

policy::TagExpression AttachmentRow::tags() const {
  return policy::DecodeExpression(expression != 0 ? saved_expression : detail).value_or(policy::TagExpression());
}

Result<std::optional<RowPolicyRow>> FindRowPolicy(store::Transaction& tx, std::string_view account, std::string_view region,
                                                  std::string_view name) {
  store::Value parameters[] = {std::string(account), std::string(region), std::string(name)};
  return OnlyPolicy(Policies(tx, "WHERE account = ? AND region = ? AND name = ?", parameters));
}

Result<std::optional<RowPolicyRow>> FindRowPolicyById(store::Transaction& tx, Id id) {
  store::Value parameters[] = {id};
  return OnlyPolicy(Policies(tx, "WHERE id = ?", parameters));
}

Result<std::vector<RowPolicyRow>> ListRowPolicies(store::Transaction& tx, std::string_view account, std::string_view region,
                                                  std::string_view after, std::int64_t limit) {
  store::Value parameters[] = {std::string(account), std::string(region), std::string(after), limit};
  return Policies(tx, "WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?", parameters);
}

Result<void> StoreRowPolicy(store::Transaction& tx, RowPolicyRow* row) {
  if (row->id != 0) {
    TRY(tx.Execute("UPDATE lf_row_policies SET row_expression = ? WHERE id = ?", {row->policy.rows, row->id}));
    return {};
  }
  TRY_ASSIGN(row->id, store::NewThing(tx, "lf_row_policy"));
  TRY(tx.Execute("INSERT INTO lf_row_policies (id, account, region, name, columns, row_expression) VALUES (?, ?, ?, ?, ?, ?)",
                 {row->id, row->account, row->region, row->name, Encoded(row->policy.columns), row->policy.rows}));
  return {};
}

Result<bool> AnyAttachment(store::Transaction& tx, std::string_view region) {
  TRY_ASSIGN(auto any, tx.RecallMaybe("SELECT 1 FROM lf_row_attachments WHERE region = ? LIMIT 1", {std::string(region)}));
  return any != nullptr;
}

Result<std::vector<AttachmentRow>> AttachmentsOn(store::Transaction& tx, std::string_view owner, std::string_view region,
                                                 const std::vector<std::string>& keepers, const std::vector<Id>& objects) {
  TRY_ASSIGN(bool any, AnyAttachment(tx, region));
  if (!any) return std::vector<AttachmentRow>();
  std::string where = "WHERE a.owner = ? AND a.region = ? AND a.keeper IN (";
  std::vector<store::Value> parameters = {std::string(owner), std::string(region)};
  for (const std::string& keeper : keepers) {
    where += parameters.size() == 2 ? "?" : ", ?";
    parameters.emplace_back(keeper);
  }
  where += ") AND a.object IN (";
  for (std::size_t i = 0; i < objects.size(); ++i) {
    where += i == 0 ? "?" : ", ?";
    parameters.emplace_back(objects[i]);
  }
  return Attachments(tx, where + ") ORDER BY a.id", parameters);
}

Result<std::vector<AttachmentRow>> AttachmentsOf(store::Transaction& tx, std::string_view keeper, std::string_view region, Id after,
                                                 std::int64_t limit) {
  store::Value parameters[] = {std::string(keeper), std::string(region), after, limit};
  return Attachments(tx, "WHERE a.keeper = ? AND a.region = ? AND a.id > ? ORDER BY a.id LIMIT ?", parameters);
}

Result<std::vector<AttachmentRow>> AttachmentsAt(store::Transaction& tx, std::string_view keeper, std::string_view resource_key) {
  store::Value parameters[] = {std::string(keeper), std::string(resource_key)};
  return Attachments(tx, "WHERE a.keeper = ? AND a.resource_key = ? ORDER BY a.id", parameters);
}

Result<void> AddAttachment(store::Transaction& tx, const AttachmentRow& row) {
  TRY_ASSIGN(Id id, tx.NewId());
  TRY(tx.Execute(
      "INSERT INTO lf_row_attachments (id, policy_id, keeper, owner, region, kind, resource_key, object, thing_id, link_id, "
      "expression_id, detail, principal, principal_id, shown, condition) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id, row.policy, row.keeper, row.owner, row.region, std::string(KindName(row.kind)), row.resource_key, row.object,
       IdOrNull(row.object), IdOrNull(row.link), IdOrNull(row.expression), row.detail, row.principal, IdOrNull(row.principal_id),
       row.shown, row.condition}));
  return {};
}

Result<void> DropAttachment(store::Transaction& tx, Id id) {
  TRY(tx.Execute("DELETE FROM lf_row_attachments WHERE id = ?", {id}));
  return {};
}

Result<bool> AttachedByTag(store::Transaction& tx, std::string_view account, std::string_view region, Id tag,
                           std::string_view value) {
  store::Value parameters[] = {std::string(account), std::string(region)};
  TRY_ASSIGN(auto rows, Attachments(tx, "WHERE a.owner = ? AND a.region = ? AND a.object = 0", parameters));
  for (const AttachmentRow& row : rows) {
    for (const policy::TagTerm& term : row.tags()) {
      if (term.tag == tag && (value.empty() || std::ranges::find(term.values, value) != term.values.end())) return true;
    }
  }
  return false;
}

}  // namespace hanse::governance
