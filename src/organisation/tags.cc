#include <fmt/format.h>

#include "base/text.h"
#include "organisation/organisation.h"

namespace hanse::organisation {
namespace {

constexpr std::int64_t kMaxTags = 50;

// The thing that is tagged: a root, unit, account or policy.
Result<void> CheckTarget(store::Transaction& tx, const std::string& id) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(tx));
  TRY_ASSIGN(auto node, FindNode(tx, organization, id));
  if (node) return {};
  TRY_ASSIGN(auto policy, tx.Maybe("SELECT id FROM organization_policies WHERE id = ?", {id}));
  if (policy) return {};
  return Refuse(ErrorCode::kNotFound, "TargetNotFoundException",
                "We can't find a root, OU, account or policy with the ID that you specified.");
}

}  // namespace

Result<TagResource::Answer> Organisation::Do(const gate::Authorized<TagResource>& call) {
  const std::string& id = *call->in.resource_id;
  TRY(CheckTarget(call.tx(), id));
  for (const wire::organizations::Tag& tag : *call->in.tags) {
    if (Lower(*tag.key).starts_with("aws:")) {
      return Refuse(ErrorCode::kInvalidArgument, "InvalidInputException", "Tag keys that begin with aws: are reserved.");
    }
    TRY(
        call.tx().Execute("INSERT INTO organization_tags (resource, tag_key, tag_value) VALUES (?, ?, ?) "
                          "ON CONFLICT (resource, tag_key) DO UPDATE SET tag_value = excluded.tag_value",
                          {id, *tag.key, *tag.value}));
  }
  TRY_ASSIGN(auto count, call.tx().One("SELECT count(*) FROM organization_tags WHERE resource = ?", {id}));
  if (count.Int(0) > kMaxTags) {
    return Refuse(ErrorCode::kLimitExceeded, "ConstraintViolationException",
                  fmt::format("A resource has at most {} tags.", kMaxTags));
  }
  return TagResource::Answer{};
}

Result<UntagResource::Answer> Organisation::Do(const gate::Authorized<UntagResource>& call) {
  TRY(CheckTarget(call.tx(), *call->in.resource_id));
  for (const std::string& key : *call->in.tag_keys) {
    TRY(call.tx().Execute("DELETE FROM organization_tags WHERE resource = ? AND tag_key = ?", {*call->in.resource_id, key}));
  }
  return UntagResource::Answer{};
}

Result<ListTagsForResource::Answer> Organisation::Do(const gate::Authorized<ListTagsForResource>& call) {
  TRY(CheckTarget(call.tx(), *call->in.resource_id));
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT tag_key, tag_value FROM organization_tags WHERE resource = ? ORDER BY tag_key",
                                        {*call->in.resource_id}));
  ListTagsForResource::Answer answer;
  answer.tags.emplace();
  for (const store::Row& row : rows) answer.tags->push_back({.key = row.Text(0), .value = row.Text(1)});
  return answer;
}

}  // namespace hanse::organisation
