#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "governance/grant_rows.h"
#include "policy/lake_row_policy.h"
#include "store/store.h"

// Row-level security policies and what they are attached to, in the store (lakeformation-2026.md).
namespace hanse::governance {

struct RowPolicyRow {
  Id id = 0;
  AccountId account;
  std::string region, name;
  policy::RowPolicy policy;
};

struct AttachmentRow {
  Id id = 0, policy = 0;
  AccountId keeper, owner;  // Whose policy it is; whose catalog the tables are in.
  std::string region;
  GrantKind kind = GrantKind::kTable;  // kTable, kAllTables or kTablesByTag.
  std::string resource_key;
  Id object = 0, link = 0;  // The table or database; the consumer's resource link, through which it was named.
  Id expression = 0;
  std::string detail;
  std::string principal;  // A key as grantee.h writes it; empty: the resource's default.
  Id principal_id = 0;
  std::string shown, condition;
  std::string policy_name;
  policy::RowPolicy rows;        // Of its policy.
  std::string saved_expression;  // Of the saved expression that it names.

  bool is_default() const { return principal.empty(); }
  policy::TagExpression tags() const;
};

Result<std::optional<RowPolicyRow>> FindRowPolicy(store::Transaction& tx, std::string_view account, std::string_view region,
                                                  std::string_view name);
Result<std::optional<RowPolicyRow>> FindRowPolicyById(store::Transaction& tx, Id id);
// In the order of names, after `after`, at most `limit`.
Result<std::vector<RowPolicyRow>> ListRowPolicies(store::Transaction& tx, std::string_view account, std::string_view region,
                                                  std::string_view after, std::int64_t limit);
// Makes the row where its id is 0, or writes its expression.
Result<void> StoreRowPolicy(store::Transaction& tx, RowPolicyRow* row);

// Whether anything is attached to anything in a region, in whose catalog ever.
Result<bool> AnyAttachment(store::Transaction& tx, std::string_view region);
// Kept by one of `keepers`: on one of `objects` in `owner`'s catalog (0: by tag).
Result<std::vector<AttachmentRow>> AttachmentsOn(store::Transaction& tx, std::string_view owner, std::string_view region,
                                                 const std::vector<std::string>& keepers, const std::vector<Id>& objects);
// All that `keeper` keeps, in the order of ids after `after`, at most `limit`.
Result<std::vector<AttachmentRow>> AttachmentsOf(store::Transaction& tx, std::string_view keeper, std::string_view region, Id after,
                                                 std::int64_t limit);
// Those on the very resource.
Result<std::vector<AttachmentRow>> AttachmentsAt(store::Transaction& tx, std::string_view keeper, std::string_view resource_key);
Result<void> AddAttachment(store::Transaction& tx, const AttachmentRow& row);
Result<void> DropAttachment(store::Transaction& tx, Id id);
// Whether a policy is attached by an expression with this tag (and value, unless it is empty): without it the policy would let go
// of tables unseen.
Result<bool> AttachedByTag(store::Transaction& tx, std::string_view account, std::string_view region, Id tag,
                           std::string_view value);

}  // namespace hanse::governance
