#include "identity/shapes.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "identity/principal_names.h"

namespace hanse::identity {

std::string VersionName(std::int64_t version) { return fmt::format("v{}", version); }

std::optional<std::int64_t> ParseVersionName(std::string_view name) {
  if (!name.starts_with('v')) return std::nullopt;
  std::int64_t version = 0;
  auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), version);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return version;
}

std::vector<wire::iam::Tag> ToTags(const Tags& tags) {
  std::vector<wire::iam::Tag> made;
  for (const auto& [key, value] : tags) made.push_back({.key = key, .value = value});
  return made;
}

std::vector<std::pair<std::string, std::string>> FromTags(const std::optional<std::vector<wire::iam::Tag>>& tags) {
  std::vector<std::pair<std::string, std::string>> made;
  if (!tags) return made;
  for (const wire::iam::Tag& tag : *tags) made.emplace_back(tag.key.value_or(""), tag.value.value_or(""));
  return made;
}

Result<std::optional<wire::iam::AttachedPermissionsBoundary>> BoundaryOf(store::Transaction& tx, Id principal) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT policy_arn FROM iam_attachments WHERE principal = ? AND usage = 'boundary'", {principal}));
  if (!row) return std::optional<wire::iam::AttachedPermissionsBoundary>();
  return std::optional(wire::iam::AttachedPermissionsBoundary{.permissions_boundary_type = "PermissionsBoundaryPolicy",
                                                              .permissions_boundary_arn = row->Text(0)});
}

Result<std::vector<wire::iam::AttachedPolicy>> AttachedTo(store::Transaction& tx, const store::Principal& principal) {
  TRY_ASSIGN(auto rows,
             tx.Query("SELECT policy_arn FROM iam_attachments WHERE principal = ? AND usage = 'attached' ORDER BY policy_arn",
                      {principal.id}));
  std::vector<wire::iam::AttachedPolicy> made;
  for (const store::Row& row : rows) {
    std::string arn = row.Text(0);
    made.push_back({.policy_name = arn.substr(arn.rfind('/') + 1), .policy_arn = arn});
  }
  return made;
}

Result<std::vector<wire::iam::PolicyDetail>> InlineOf(store::Transaction& tx, Id principal) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT name, document FROM iam_inline_policies WHERE principal = ? ORDER BY name", {principal}));
  std::vector<wire::iam::PolicyDetail> made;
  for (const store::Row& row : rows) made.push_back({.policy_name = row.Text(0), .policy_document = PercentEncode(row.Text(1))});
  return made;
}

Result<wire::iam::User> ToUser(store::Transaction& tx, const store::Principal& row, Detail detail) {
  wire::iam::User user{.path = row.path,
                       .user_name = row.name,
                       .user_id = row.unique_id,
                       .arn = row.arn,
                       .create_date = wire::Timestamp{row.created_ms}};
  if (detail == Detail::kListed) return user;
  TRY_ASSIGN(user.permissions_boundary, BoundaryOf(tx, row.id));
  Tags tags = Definition::FromJson(row.definition).tags;
  if (!tags.empty()) user.tags = ToTags(tags);
  return user;
}

Result<wire::iam::Role> ToRole(store::Transaction& tx, const store::Principal& row, Detail detail) {
  Definition definition = Definition::FromJson(row.definition);
  wire::iam::Role role{.path = row.path,
                       .role_name = row.name,
                       .role_id = row.unique_id,
                       .arn = row.arn,
                       .create_date = wire::Timestamp{row.created_ms}};
  TRY_ASSIGN(role.assume_role_policy_document, ShownDocument(tx, row.trust));
  if (!definition.description.empty()) role.description = definition.description;
  role.max_session_duration = definition.max_session_s;
  if (detail == Detail::kListed) return role;
  TRY_ASSIGN(role.permissions_boundary, BoundaryOf(tx, row.id));
  if (!definition.tags.empty()) role.tags = ToTags(definition.tags);
  role.role_last_used.emplace();
  return role;
}

wire::iam::Group ToGroup(const store::Principal& row) {
  return {.path = row.path,
          .group_name = row.name,
          .group_id = row.unique_id,
          .arn = row.arn,
          .create_date = wire::Timestamp{row.created_ms}};
}

Result<wire::iam::Policy> ToPolicy(store::Transaction& tx, const ManagedPolicy& row, Detail detail) {
  wire::iam::Policy policy{.policy_name = row.name,
                           .policy_id = row.unique_id,
                           .arn = row.arn,
                           .path = row.path,
                           .default_version_id = VersionName(row.default_version),
                           .is_attachable = true,
                           .create_date = wire::Timestamp{row.created_ms},
                           .update_date = wire::Timestamp{row.updated_ms}};
  TRY_ASSIGN(std::int64_t attached, UsageCount(tx, row.arn, "attached"));
  TRY_ASSIGN(std::int64_t bounding, UsageCount(tx, row.arn, "boundary"));
  policy.attachment_count = static_cast<std::int32_t>(attached);
  policy.permissions_boundary_usage_count = static_cast<std::int32_t>(bounding);
  if (detail == Detail::kListed) return policy;
  if (!row.description.empty()) policy.description = row.description;
  if (!row.tags.empty()) policy.tags = ToTags(row.tags);
  return policy;
}

wire::iam::PolicyVersion ToVersion(const ManagedPolicy& policy, const PolicyVersionRow& row, Detail detail) {
  wire::iam::PolicyVersion version{.version_id = VersionName(row.version),
                                   .is_default_version = row.version == policy.default_version,
                                   .create_date = wire::Timestamp{row.created_ms}};
  if (detail == Detail::kFull) version.document = PercentEncode(row.document);
  return version;
}

}  // namespace hanse::identity
