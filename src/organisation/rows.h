#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/directory.h"

// The organisation's tree as it is kept: one root, units below it, accounts below either (tables of 0003_organisation.sql).
namespace hanse::organisation {

inline constexpr std::string_view kFullAccess = "p-FullAWSAccess";
inline constexpr std::string_view kServiceControl = "SERVICE_CONTROL_POLICY";

struct OrganizationRow {
  std::string id, root;
  AccountId management_account;
  TimeMs created_ms = 0;

  std::string Arn() const;
  std::string RootArn() const;
  std::string AccountArn(std::string_view account) const;
  std::string UnitArn(std::string_view unit) const;
  std::string PolicyArn(std::string_view policy) const;
};
// AWSOrganizationsNotInUseException where there is none.
Result<OrganizationRow> ReadOrganization(store::Transaction& tx);

struct NewAccount {
  AccountId account;
  std::string name, email, joined_method;  // "CREATED" or "INVITED".
};
// The account's row, at the root.
Result<void> InsertAccount(store::Transaction& tx, const OrganizationRow& organization, const NewAccount& account, TimeMs now_ms);

struct UnitRow {
  std::string id, name, parent, arn;
};
Result<std::optional<UnitRow>> FindUnit(store::Transaction& tx, std::string_view id);

// From the root down to `node` (a root's or unit's id), both included; empty where `node` is neither.
Result<std::vector<std::string>> PathTo(store::Transaction& tx, const OrganizationRow& organization, std::string_view node);

// r-…, ou-… from the root down to the unit that holds the account: Caller::organization_path. kUnavailable where one is missing.
Result<std::vector<std::string>> PathOf(store::Transaction& tx, const AccountId& account);

enum class NodeKind { kRoot, kUnit, kAccount };
struct Node {
  NodeKind kind = NodeKind::kRoot;
  std::string id, arn, name, parent;
};
// The root, unit or account of that id; nothing for all else.
Result<std::optional<Node>> FindNode(store::Transaction& tx, const OrganizationRow& organization, std::string_view id);
std::string_view WireName(NodeKind kind);  // "ROOT", "ORGANIZATIONAL_UNIT", "ACCOUNT"

std::unexpected<Error> Refuse(ErrorCode code, std::string name, std::string message);

}  // namespace hanse::organisation
