#include "query/tagging.h"

#include <fmt/format.h>

#include "base/text.h"
#include "query/page.h"
#include "query/workgroup.h"
#include "wire/json.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

constexpr std::size_t kTagsMax = 50;
constexpr std::int64_t kTagsPage = 75;

using Tags = std::map<std::string, std::string>;

// A row with tags: of which table, under which name.
struct Tagged {
  std::string_view table;
  std::string name;
};

std::unexpected<Error> NoSuch(const std::string& arn) {
  return FailAs(ErrorCode::kNotFound, "ResourceNotFoundException", fmt::format("Resource {} is not found.", arn));
}

// The workgroup or data catalog that the ARN names. `primary` has a row from then on.
Result<Tagged> FindTagged(const gate::Call& call, const std::string& arn, bool to_change) {
  const std::string groups = WorkGroupArn(call.context(), ""), catalogs = DataCatalogArn(call.context(), "");
  if (arn.starts_with(groups) && arn.size() > groups.size()) {
    Tagged tagged{"workgroups", arn.substr(groups.size())};
    TRY(WorkGroups::Read(call.tx(), call.context(), tagged.name));
    if (to_change) TRY(WorkGroups::Settle(call.tx(), call.context(), tagged.name));
    return tagged;
  }
  if (!arn.starts_with(catalogs)) return NoSuch(arn);
  Tagged tagged{"data_catalogs", Lower(arn.substr(catalogs.size()))};
  TRY_ASSIGN(auto row, call.tx().Maybe("SELECT 1 FROM data_catalogs WHERE account = ? AND region = ? AND name = ?",
                                       {call.caller().account, call.info().region, tagged.name}));
  if (!row) return NoSuch(arn);
  return tagged;
}

Result<Tags> ReadTags(const gate::Call& call, const Tagged& tagged) {
  TRY_ASSIGN(auto row,
             call.tx().Maybe(fmt::format("SELECT tags FROM {} WHERE account = ? AND region = ? AND name = ?", tagged.table),
                             {call.caller().account, call.info().region, tagged.name}));
  Tags tags;
  if (!row) return tags;
  TRY_ASSIGN(auto kept, wire::FromJson<athena::TagResourceInput>(row->Text(0)));
  for (const athena::Tag& tag : kept.tags.value_or(std::vector<athena::Tag>{})) tags[tag.key.value_or("")] = tag.value.value_or("");
  return tags;
}

std::vector<athena::Tag> AsList(const Tags& tags) {
  std::vector<athena::Tag> list;
  for (const auto& [key, value] : tags) list.push_back({.key = key, .value = value});
  return list;
}

Result<void> StoreTags(const gate::Call& call, const Tagged& tagged, const Tags& tags) {
  TRY_ASSIGN(std::string kept, KeptTags(AsList(tags)));
  TRY(call.tx().Execute(fmt::format("UPDATE {} SET tags = ? WHERE account = ? AND region = ? AND name = ?", tagged.table),
                        {kept, call.caller().account, call.info().region, tagged.name}));
  return {};
}

}  // namespace

Result<std::string> KeptTags(const std::optional<std::vector<athena::Tag>>& tags) {
  Tags kept;
  for (const athena::Tag& tag : tags.value_or(std::vector<athena::Tag>{})) kept[tag.key.value_or("")] = tag.value.value_or("");
  if (kept.size() > kTagsMax) return Invalid(fmt::format("At most {} tags are allowed.", kTagsMax));
  return wire::ToJson(athena::TagResourceInput{.tags = AsList(kept)});
}

Result<std::vector<gate::Need>> TagResource::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{"athena:TagResource", *in.resource_arn, {}}};
}
Result<std::vector<gate::Need>> UntagResource::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{"athena:UntagResource", *in.resource_arn, {}}};
}
Result<std::vector<gate::Need>> ListTagsForResource::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{"athena:ListTagsForResource", *in.resource_arn, {}}};
}

Result<TagResource::Answer> Tagging::Do(const gate::Authorized<TagResource>& call) const {
  TRY_ASSIGN(Tagged tagged, FindTagged(call, *call->in.resource_arn, true));
  TRY_ASSIGN(Tags tags, ReadTags(call, tagged));
  for (const athena::Tag& tag : *call->in.tags) tags[tag.key.value_or("")] = tag.value.value_or("");
  TRY(StoreTags(call, tagged, tags));
  return TagResource::Answer{};
}

Result<UntagResource::Answer> Tagging::Do(const gate::Authorized<UntagResource>& call) const {
  TRY_ASSIGN(Tagged tagged, FindTagged(call, *call->in.resource_arn, true));
  TRY_ASSIGN(Tags tags, ReadTags(call, tagged));
  for (const std::string& key : *call->in.tag_keys) tags.erase(key);
  TRY(StoreTags(call, tagged, tags));
  return UntagResource::Answer{};
}

Result<ListTagsForResource::Answer> Tagging::Do(const gate::Authorized<ListTagsForResource>& call) const {
  TRY_ASSIGN(Tagged tagged, FindTagged(call, *call->in.resource_arn, false));
  TRY_ASSIGN(Tags tags, ReadTags(call, tagged));
  TRY_ASSIGN(auto page, PageOf(AsList(tags), call->in.next_token, call->in.max_results.value_or(kTagsPage)));
  return ListTagsForResource::Answer{.tags = std::move(page.items), .next_token = std::move(page.next_token)};
}

}  // namespace hanse::query
