#include "governance/tags.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "governance/grantee.h"
#include "governance/office.h"
#include "governance/page.h"
#include "governance/refusals.h"
#include "governance/row_policy_rows.h"
#include "governance/settings_rows.h"
#include "governance/tag_sight.h"
#include "governance/visibility.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using policy::PermissionSet;

Result<std::string> Folded(std::string_view member, std::string_view text) {
  // The model's pattern allows none of these; expressions are kept with them.
  if (text.empty() || text == "*" || text.find_first_of("|;,\n") != std::string_view::npos) {
    return Invalid(std::string(member) + " is not a tag's: " + std::string(text));
  }
  return Lower(text);
}

Result<std::set<std::string>> Folded(std::string_view member, const std::optional<std::vector<std::string>>& values) {
  std::set<std::string> folded;
  for (const std::string& value : values.value_or(std::vector<std::string>())) {
    TRY_ASSIGN(std::string one, Folded(member, value));
    folded.insert(std::move(one));
  }
  return folded;
}

// A tag of the caller's sight. Missing and hidden read the same.
Result<TagRow> Find(const gate::Call& call, const std::optional<std::string>& catalog_id, const std::optional<std::string>& key) {
  TRY_ASSIGN(auto tag, FindTag(call.tx(), catalog_id.value_or(call.caller().account), call.info().region, Lower(key.value_or(""))));
  if (!tag) return NoSuch(kNoTag);
  TRY_ASSIGN(auto seen, SeenValues(call.tx(), call.caller(), *tag));
  if (seen.empty()) {
    TRY_ASSIGN(bool whole, SeesValue(call.tx(), call.caller(), *tag, "*"));
    if (!whole) return NoSuch(kNoTag);
  }
  return std::move(*tag);
}

// A right on the key itself; administrators have it on their own account's tags.
Result<void> Demand(const gate::Call& call, const TagRow& tag, Permission needed, std::string_view text) {
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), tag.account, tag.region));
  if (office == Office::kAdmin) return {};
  TRY_ASSIGN(PermissionSet held, RightsOnTag(call.tx(), call.caller(), tag, "*", Which::kHeld));
  return held.Has(needed) ? Result<void>() : Insufficient(text);
}

Result<void> GiveCreator(const gate::Call& call, const TagRow& tag) {
  const Caller& caller = call.caller();
  if (caller.principal == 0) return {};
  GrantRow row;
  row.keeper = row.owner = tag.account;
  row.region = tag.region;
  row.principal = PrincipalKey(caller.principal);
  row.principal_id = caller.principal;
  row.shown = row.updated_by = caller.principal_arn;
  row.kind = GrantKind::kTag;
  row.object = tag.id;
  row.detail = "*";
  row.resource_key = "tag:" + std::to_string(tag.id) + ":*";
  row.permissions = row.grantable = PermissionSet(Permission::kAlter) | Permission::kDrop | Permission::kDescribe |
                                    Permission::kAssociate | Permission::kGrantWithLfTagExpression;
  row.updated_ms = call.now_ms();
  return AddGrant(call.tx(), std::move(row));
}

Result<void> AddValues(store::Transaction& tx, Id tag, const std::set<std::string>& values) {
  for (const std::string& value : values) {
    TRY(tx.Execute("INSERT INTO lf_tag_values (tag_id, tag_value) VALUES (?, ?)", {tag, value}));
  }
  return {};
}

// Policies by expression name values by text: one that is gone must not come back with a namesake.
Result<void> ForgetValue(store::Transaction& tx, const TagRow& tag, const std::string& value) {
  TRY(tx.Execute("DELETE FROM lf_tag_values WHERE tag_id = ? AND tag_value = ?", {tag.id, value}));
  TRY(tx.Execute("DELETE FROM lf_grants WHERE kind = 'tag' AND object = ? AND detail = ?", {tag.id, value}));
  auto without = [&](const std::string& text) -> std::optional<std::string> {
    auto expression = policy::DecodeExpression(text);
    if (!expression) return std::nullopt;
    bool changed = false;
    for (policy::TagTerm& term : *expression) changed = (term.tag == tag.id && std::erase(term.values, value) > 0) || changed;
    if (!changed) return std::nullopt;
    return policy::EncodeExpression(std::move(*expression));
  };
  TRY_ASSIGN(auto grants, tx.Query("SELECT id, detail FROM lf_grants WHERE owner = ? AND region = ? AND expression_id IS NULL AND "
                                   "kind IN ('databases_by_tag', 'tables_by_tag')",
                                   {tag.account, tag.region}));
  for (const store::Row& row : grants) {
    if (auto left = without(row.Text(1))) TRY(tx.Execute("UPDATE lf_grants SET detail = ? WHERE id = ?", {*left, row.Int(0)}));
  }
  TRY_ASSIGN(auto saved,
             tx.Query("SELECT id, expression FROM lf_expressions WHERE account = ? AND region = ?", {tag.account, tag.region}));
  for (const store::Row& row : saved) {
    if (auto left = without(row.Text(1)))
      TRY(tx.Execute("UPDATE lf_expressions SET expression = ? WHERE id = ?", {*left, row.Int(0)}));
  }
  return {};
}

// A deletion must not open tables: a policy that is attached by the tag would let go of them.
Result<void> CheckUnattached(const gate::Call& call, const TagRow& tag, std::string_view value) {
  TRY_ASSIGN(bool attached, AttachedByTag(call.tx(), tag.account, tag.region, tag.id, value));
  return attached ? Invalid("A row-level security policy is attached by the tag: detach it first") : Result<void>();
}

wire::lakeformation::LFTagPair Shown(const TagRow& tag, std::vector<std::string> values) {
  return {.catalog_id = tag.account, .tag_key = tag.key, .tag_values = std::move(values)};
}

}  // namespace

Result<CreateLFTag::Answer> LFTags::Do(const gate::Authorized<CreateLFTag>& call) {
  const AccountId& account = call.caller().account;
  if (call->in.catalog_id && *call->in.catalog_id != account) return NotYours();
  TRY_ASSIGN(std::string key, Folded("TagKey", call->in.tag_key.value_or("")));
  TRY_ASSIGN(auto values, Folded("TagValues", call->in.tag_values));
  if (values.empty()) return Invalid("TagValues must have 1 to 50 values");
  TRY_ASSIGN(PermissionSet held, AccessToCatalog(call.tx(), call.caller(), account, call.info().region));
  if (!held.Has(Permission::kCreateLfTag)) return Insufficient("create tag on catalog");
  TRY_ASSIGN(auto there, FindTag(call.tx(), account, call.info().region, key));
  if (there) return Invalid("Tag key already exists: " + key);
  TRY_ASSIGN(store::Row count,
             call.tx().One("SELECT count(*) FROM lf_tags WHERE account = ? AND region = ?", {account, call.info().region}));
  if (count.Int(0) >= static_cast<std::int64_t>(kMaxTags)) return Fail(ErrorCode::kLimitExceeded, "At most 1000 tags are allowed");
  TRY(KeepDefaults(call.tx(), account, call.info().region, call.now_ms()));
  TRY_ASSIGN(Id id, store::NewThing(call.tx(), "lf_tag"));
  TagRow tag{id, account, call.info().region, key};
  TRY(call.tx().Execute("INSERT INTO lf_tags (id, account, region, tag_key) VALUES (?, ?, ?, ?)", {id, account, tag.region, key}));
  TRY(AddValues(call.tx(), id, values));
  TRY(GiveCreator(call, tag));
  return CreateLFTag::Answer();
}

Result<GetLFTag::Answer> LFTags::Do(const gate::Authorized<GetLFTag>& call) {
  TRY_ASSIGN(TagRow tag, Find(call, call->in.catalog_id, call->in.tag_key));
  TRY_ASSIGN(auto values, SeenValues(call.tx(), call.caller(), tag));
  return GetLFTag::Answer{.catalog_id = tag.account, .tag_key = tag.key, .tag_values = std::move(values)};
}

Result<UpdateLFTag::Answer> LFTags::Do(const gate::Authorized<UpdateLFTag>& call) {
  TRY_ASSIGN(TagRow tag, Find(call, call->in.catalog_id, call->in.tag_key));
  TRY(Demand(call, tag, Permission::kAlter, "alter tag on " + tag.key));
  TRY_ASSIGN(auto add, Folded("TagValuesToAdd", call->in.tag_values_to_add));
  TRY_ASSIGN(auto remove, Folded("TagValuesToDelete", call->in.tag_values_to_delete));
  if (add.empty() && remove.empty()) return Invalid("TagValuesToAdd or TagValuesToDelete must have a value");
  TRY_ASSIGN(auto now, TagValues(call.tx(), tag.id));
  for (const std::string& value : remove) {
    if (add.contains(value)) return Invalid("A value cannot be added and deleted at once: " + value);
    if (!std::ranges::binary_search(now, value)) return NoSuch(kNoTag);
    TRY_ASSIGN(auto used,
               call.tx().Maybe("SELECT thing_id FROM lf_assignments WHERE tag_id = ? AND tag_value = ? LIMIT 1", {tag.id, value}));
    if (used) return Invalid("Update not allowed: the value is assigned to a resource: " + value);
    TRY(CheckUnattached(call, tag, value));
  }
  for (const std::string& value : remove) TRY(ForgetValue(call.tx(), tag, value));
  for (const std::string& value : now) add.erase(value);
  if (now.size() + add.size() - remove.size() > kMaxValues) return Fail(ErrorCode::kLimitExceeded, "A tag has at most 1000 values");
  TRY(AddValues(call.tx(), tag.id, add));
  TRY_ASSIGN(auto left, TagValues(call.tx(), tag.id));
  if (left.empty()) return Invalid("A tag must keep a value");
  return UpdateLFTag::Answer();
}

Result<DeleteLFTag::Answer> LFTags::Do(const gate::Authorized<DeleteLFTag>& call) {
  TRY_ASSIGN(TagRow tag, Find(call, call->in.catalog_id, call->in.tag_key));
  TRY(Demand(call, tag, Permission::kDrop, "drop tag on " + tag.key));
  TRY(CheckUnattached(call, tag, ""));
  // Its assignments and the grants on it go along; policies that name it match nothing from now on, for they go by its id.
  TRY(store::DeleteThing(call.tx(), tag.id));
  return DeleteLFTag::Answer();
}

Result<ListLFTags::Answer> LFTags::Do(const gate::Authorized<ListLFTags>& call) {
  const auto& in = call->in;
  std::string type = in.resource_share_type.value_or(""), list = "ListLFTags/" + type;
  std::size_t most = PageSize(in.max_results, 1000);
  TRY_ASSIGN(std::string after, PageCursor(list, in.next_token));
  ListLFTags::Answer answer;
  answer.lf_tags.emplace();
  bool more = false;
  if (type != "FOREIGN") {
    TRY_ASSIGN(auto tags, ListTags(call.tx(), in.catalog_id.value_or(call.caller().account), call.info().region, after,
                                   static_cast<std::int64_t>(most)));
    for (const TagRow& tag : tags) {
      TRY_ASSIGN(auto values, SeenValues(call.tx(), call.caller(), tag));
      if (!values.empty()) answer.lf_tags->push_back(Shown(tag, std::move(values)));
    }
    more = tags.size() == most;
    if (more) answer.next_token = PageToken(list, tags.back().key);
  }
  if (type.empty() || more) return answer;
  TRY_ASSIGN(auto foreign, ForeignTags(call.tx(), call.caller(), call.info().region));
  for (const TagRow& tag : foreign) {
    TRY_ASSIGN(auto values, SeenValues(call.tx(), call.caller(), tag));
    if (!values.empty()) answer.lf_tags->push_back(Shown(tag, std::move(values)));
  }
  return answer;
}

}  // namespace hanse::governance
