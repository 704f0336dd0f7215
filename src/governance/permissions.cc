#include "governance/permissions.h"

#include <algorithm>

#include <boost/json.hpp>

#include "governance/managed_permissions.h"
#include "governance/page.h"
#include "governance/shown_permissions.h"

namespace hanse::governance {
namespace {

namespace ram = wire::ram;

constexpr std::int64_t kMaxPermissions = 100;  // Of an account.

std::unexpected<Error> Barred(std::string message) {
  return FailAs(ErrorCode::kAccessDenied, "OperationNotPermittedException", std::move(message));
}
std::unexpected<Error> BadParameter(std::string message) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterException", std::move(message));
}
std::unexpected<Error> BadTemplate(std::string message) {
  return FailAs(ErrorCode::kInvalidArgument, "MalformedPolicyTemplateException", std::move(message));
}

// {"Effect":"Allow","Action":"glue:…" or […]}: a template names neither resources nor principals; the share does.
Result<void> CheckTemplate(const std::string& text, const std::string& type) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(text, error);
  if (error || !value.is_object()) return BadTemplate("The policy template must be a JSON object");
  const boost::json::object& object = value.as_object();
  for (const auto& [key, member] : object) {
    if (key != "Effect" && key != "Action" && key != "Condition")
      return BadTemplate("The policy template may not have " + std::string(key));
  }
  const boost::json::value* effect = object.if_contains("Effect");
  const boost::json::value* action = object.if_contains("Action");
  if (!effect || *effect != "Allow" || !action) return BadTemplate("The policy template must allow actions");
  boost::json::array actions = action->is_array() ? action->as_array() : boost::json::array{*action};
  std::string service = type.substr(0, type.find(':') + 1);
  bool fits = !actions.empty() && std::ranges::all_of(actions, [&](const boost::json::value& one) {
    return one.is_string() && std::string_view(one.as_string()).starts_with(service);
  });
  return fits ? Result<void>() : BadTemplate("Every action must be one of " + service);
}

Result<SharePermission> FindOwnPermission(const gate::Call& call, const std::optional<std::string>& arn) {
  TRY_ASSIGN(SharePermission permission, FindPermission(call.tx(), call.caller().account, arn));
  if (permission.managed()) return Barred("AWS manages this permission.");
  return permission;
}

// A share that stands has the version; version 0: any.
Result<bool> InUse(store::Transaction& tx, const SharePermission& permission, std::int64_t version) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT p.share_id FROM ram_share_permissions p JOIN ram_shares s ON s.id = p.share_id "
                                "WHERE p.arn = ? AND s.status = 'ACTIVE' AND (? = 0 OR p.version = ?) LIMIT 1",
                                {permission.arn, version, version}));
  return row != nullptr;
}

Result<void> AddVersion(const gate::Call& call, const SharePermission& permission, std::int64_t version, const std::string& text) {
  TRY(call.tx().Execute("INSERT INTO ram_permission_versions (permission_id, version, template, created_ms) VALUES (?, ?, ?, ?)",
                        {permission.id, version, text, call.now_ms()}));
  return {};
}

Result<void> SetDefault(const gate::Call& call, SharePermission* permission, std::int64_t version) {
  permission->default_version = version;
  permission->updated_ms = call.now_ms();
  TRY(call.tx().Execute("UPDATE ram_permissions SET default_version = ?, updated_ms = ? WHERE id = ?",
                        {version, permission->updated_ms, permission->id}));
  return {};
}

template <class T>
std::vector<T> Slice(std::vector<T> all, std::size_t from, std::size_t most) {
  from = std::min(from, all.size());
  std::size_t to = std::min(all.size(), from + most);
  return {std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(from)),
          std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(to))};
}

}  // namespace

Result<ListSharePermissions::Answer> Permissions::Do(const gate::Authorized<ListSharePermissions>& call) {
  const auto& in = call->in;
  std::size_t most = PageSize(in.max_results, 500);
  TRY_ASSIGN(std::string cursor, PageCursor("ListPermissions", in.next_token));
  TRY_ASSIGN(Id from, CursorId(cursor));
  TRY_ASSIGN(auto all, PermissionsFor(call.tx(), call.caller().account, call.info().region));
  std::string kind = in.permission_type.value_or("ALL");
  std::erase_if(all, [&](const SharePermission& one) {
    bool fits = (!in.resource_type || *in.resource_type == one.type) &&
                (!in.permission_status || *in.permission_status == one.status) &&
                (kind == "ALL" || (kind == "AWS_MANAGED") == one.managed());
    return !fits;
  });
  std::size_t start = static_cast<std::size_t>(from);
  ListSharePermissions::Answer answer;
  answer.permissions.emplace();
  if (start + most < all.size()) answer.next_token = PageToken("ListPermissions", std::to_string(start + most));
  for (const SharePermission& one : Slice(std::move(all), start, most)) {
    answer.permissions->push_back(ShownPermission(one, one.default_version));
  }
  return answer;
}

Result<GetPermission::Answer> Permissions::Do(const gate::Authorized<GetPermission>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(SharePermission permission, FindPermission(call.tx(), call.caller().account, in.permission_arn));
  TRY_ASSIGN(auto shown, PermissionInFull(call.tx(), permission, in.permission_version.value_or(permission.default_version)));
  return GetPermission::Answer{.permission = std::move(shown)};
}

Result<ListPermissionVersions::Answer> Permissions::Do(const gate::Authorized<ListPermissionVersions>& call) {
  TRY_ASSIGN(SharePermission permission, FindPermission(call.tx(), call.caller().account, call->in.permission_arn));
  TRY_ASSIGN(auto versions, VersionsOf(call.tx(), permission));
  ListPermissionVersions::Answer answer;
  answer.permissions.emplace();
  for (std::int64_t version : versions) answer.permissions->push_back(ShownPermission(permission, version));
  return answer;
}

Result<ListResourceTypes::Answer> Permissions::Do(const gate::Authorized<ListResourceTypes>& call) {
  ListResourceTypes::Answer answer;
  answer.resource_types.emplace();
  if (call->in.resource_region_scope == "GLOBAL") return answer;
  for (std::string_view type : SharedTypes()) {
    answer.resource_types->push_back({.resource_type = std::string(type),
                                      .service_name = std::string(type.substr(0, type.find(':'))),
                                      .resource_region_scope = "REGIONAL"});
  }
  return answer;
}

Result<CreatePermission::Answer> Permissions::Do(const gate::Authorized<CreatePermission>& call) {
  const auto& in = call->in;
  if (in.permission_template_parameters && !in.permission_template_parameters->empty())
    return Fail(ErrorCode::kUnsupported, "CreatePermission with permissionTemplateParameters");
  if (in.tags && !in.tags->empty()) return Fail(ErrorCode::kUnsupported, "CreatePermission with tags");
  std::string type = in.resource_type.value_or("");
  if (!DefaultPermission(type)) return BadParameter("Resources of this type cannot be shared: " + type);
  TRY(CheckTemplate(in.policy_template.value_or(""), type));
  SharePermission permission;
  permission.account = call.caller().account;
  permission.name = in.name.value_or("");
  permission.arn = "arn:aws:ram:" + call.info().region + ":" + permission.account + ":permission/" + permission.name;
  permission.type = std::move(type);
  permission.created_ms = permission.updated_ms = call.now_ms();
  TRY_ASSIGN(auto there, call.tx().Maybe("SELECT id FROM ram_permissions WHERE arn = ?", {permission.arn}));
  if (there || FindManagedPermission("arn:aws:ram::aws:permission/" + permission.name)) {
    return FailAs(ErrorCode::kAlreadyExists, "PermissionAlreadyExistsException", "Permission already exists: " + permission.name);
  }
  TRY_ASSIGN(store::Row count, call.tx().One("SELECT count(*) FROM ram_permissions WHERE account = ?", {permission.account}));
  if (count.Int(0) >= kMaxPermissions)
    return FailAs(ErrorCode::kLimitExceeded, "PermissionLimitExceededException", "At most 100 permissions are allowed");
  TRY_ASSIGN(permission.id, call.tx().NewId());
  TRY(
      call.tx().Execute("INSERT INTO ram_permissions (id, arn, account, region, name, resource_type, status, default_version, "
                        "created_ms, updated_ms) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
                        {permission.id, permission.arn, permission.account, call.info().region, permission.name, permission.type,
                         permission.status, permission.created_ms, permission.updated_ms}));
  TRY(AddVersion(call, permission, 1, *in.policy_template));
  return CreatePermission::Answer{.permission = ShownPermission(permission, 1), .client_token = in.client_token};
}

Result<CreatePermissionVersion::Answer> Permissions::Do(const gate::Authorized<CreatePermissionVersion>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(SharePermission permission, FindOwnPermission(call, in.permission_arn));
  if (in.permission_template_parameters && !in.permission_template_parameters->empty())
    return Fail(ErrorCode::kUnsupported, "CreatePermissionVersion with permissionTemplateParameters");
  TRY(CheckTemplate(in.policy_template.value_or(""), permission.type));
  TRY_ASSIGN(auto versions, VersionsOf(call.tx(), permission));
  if (static_cast<std::int64_t>(versions.size()) >= kMaxPermissionVersions) {
    return FailAs(ErrorCode::kLimitExceeded, "PermissionVersionsLimitExceededException", "A permission has at most 5 versions");
  }
  // A number is not given twice while a later version stands; the newest is always the highest.
  std::int64_t version = std::max(versions.back(), permission.default_version) + 1;
  TRY(AddVersion(call, permission, version, *in.policy_template));
  TRY(SetDefault(call, &permission, version));
  TRY_ASSIGN(auto shown, PermissionInFull(call.tx(), permission, version));
  return CreatePermissionVersion::Answer{.permission = std::move(shown), .client_token = in.client_token};
}

Result<SetDefaultPermissionVersion::Answer> Permissions::Do(const gate::Authorized<SetDefaultPermissionVersion>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(SharePermission permission, FindOwnPermission(call, in.permission_arn));
  TRY(TemplateOf(call.tx(), permission, in.permission_version.value_or(0)));
  TRY(SetDefault(call, &permission, *in.permission_version));
  return SetDefaultPermissionVersion::Answer{.return_value = true, .client_token = in.client_token};
}

Result<UpdatePermission::Answer> Permissions::Do(const gate::Authorized<UpdatePermission>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(SharePermission permission, FindOwnPermission(call, in.permission_arn));
  TRY(call.tx().Execute("UPDATE ram_permissions SET status = ?, updated_ms = ? WHERE id = ?",
                        {in.status.value_or(permission.status), call.now_ms(), permission.id}));
  return UpdatePermission::Answer{.client_token = in.client_token, .permission_status = in.status};
}

Result<DeletePermission::Answer> Permissions::Do(const gate::Authorized<DeletePermission>& call) {
  TRY_ASSIGN(SharePermission permission, FindOwnPermission(call, call->in.permission_arn));
  TRY_ASSIGN(bool used, InUse(call.tx(), permission, 0));
  if (used) return Barred("The permission is associated with a resource share.");
  TRY(call.tx().Execute("DELETE FROM ram_permissions WHERE id = ?", {permission.id}));
  return DeletePermission::Answer{.return_value = true, .client_token = call->in.client_token, .permission_status = "DELETED"};
}

Result<DeletePermissionVersion::Answer> Permissions::Do(const gate::Authorized<DeletePermissionVersion>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(SharePermission permission, FindOwnPermission(call, in.permission_arn));
  std::int64_t version = in.permission_version.value_or(0);
  TRY(TemplateOf(call.tx(), permission, version));
  TRY_ASSIGN(bool used, InUse(call.tx(), permission, version));
  if (used || version == permission.default_version)
    return Barred("The version is the default one or associated with a resource share.");
  TRY(call.tx().Execute("DELETE FROM ram_permission_versions WHERE permission_id = ? AND version = ?", {permission.id, version}));
  return DeletePermissionVersion::Answer{.return_value = true, .client_token = in.client_token, .permission_status = "DELETED"};
}

// No permission here comes from a resource's own policy: there is nothing to promote.
Result<PromotePermissionCreatedFromPolicy::Answer> Permissions::Do(
    const gate::Authorized<PromotePermissionCreatedFromPolicy>& call) {
  TRY(FindOwnPermission(call, call->in.permission_arn));
  return Barred("The permission was not created from a policy.");
}

}  // namespace hanse::governance
