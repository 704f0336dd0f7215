#include <algorithm>
#include <set>

#include "base/text.h"
#include "governance/tag_rows.h"
#include "steward/mesh_names.h"
#include "steward/mesh_step.h"

// The taxonomy of a catalog, and what carries which tag.
namespace hanse::steward {
namespace {

namespace lf = wire::lakeformation;
using Carried = std::map<std::string, std::map<std::string, std::string>>;  // "DB[.TABLE[.COLUMN]]" -> tag -> value

constexpr std::int64_t kTagsMost = 10'000;

std::vector<std::string> Folded(std::vector<std::string> texts) {
  for (std::string& text : texts) text = Lower(text);
  std::ranges::sort(texts);
  return texts;
}

std::vector<std::string> Without(const std::vector<std::string>& all, const std::vector<std::string>& less) {
  std::vector<std::string> left;
  std::ranges::set_difference(all, less, std::back_inserter(left));
  return left;
}

// What the document says must be sayable with its own taxonomy: a value that is dropped would otherwise take grants along unseen.
Result<void> CheckTerms(const Terms& taxonomy, const Terms& used, std::string_view where) {
  for (const auto& [key, values] : used) {
    auto tag = std::ranges::find_if(taxonomy, [&](const auto& one) { return EqualsIgnoreCase(one.first, key); });
    for (const std::string& value : values) {
      bool known = tag != taxonomy.end() && (value == "*" || Contains(Folded(tag->second), Lower(value)));
      if (!known) return Fail(ErrorCode::kInvalidArgument, fmt::format("{}: tags has no {}={}", where, key, value));
    }
  }
  return {};
}

Result<void> CheckTaxonomy(const WrittenCatalog& written) {
  if (!written.tags) return {};
  for (const auto& [thing, tags] : written.assignments.value_or(Carried())) {
    for (const auto& [key, value] : tags) TRY(CheckTerms(*written.tags, {{key, {value}}}, "assignments of " + thing));
  }
  for (const WrittenGrant& grant : written.grants.value_or(std::vector<WrittenGrant>())) {
    for (const auto* terms : {&grant.tables, &grant.databases, &grant.tag}) {
      if (*terms) TRY(CheckTerms(*written.tags, **terms, "grant to " + grant.to));
    }
  }
  for (const auto& [name, terms] : written.expressions.value_or(std::map<std::string, Terms>())) {
    TRY(CheckTerms(*written.tags, terms, "expression " + name));
  }
  for (const WrittenRowPolicy& policy : written.row_policies.value_or(std::vector<WrittenRowPolicy>())) {
    for (const WrittenGrant& place : policy.attached) {
      if (place.tables) TRY(CheckTerms(*written.tags, *place.tables, "row policy " + policy.name));
    }
  }
  return {};
}

Result<Carried> CarriedIn(store::Transaction& tx, const AccountId& account, const std::string& region) {
  constexpr std::string_view kTag = "JOIN lf_tags g ON g.id = a.tag_id WHERE t.account = ? AND t.region = ?";
  Carried carried;
  TRY_ASSIGN(auto databases, tx.Query("SELECT t.name, g.tag_key, a.tag_value FROM lf_assignments a JOIN catalog_databases t "
                                      "ON t.id = a.thing_id " +
                                          std::string(kTag),
                                      {account, region}));
  for (const store::Row& row : databases) carried[row.Text(0)][row.Text(1)] = row.Text(2);
  TRY_ASSIGN(auto tables, tx.Query("SELECT t.database_name, t.name, a.column_name, g.tag_key, a.tag_value FROM lf_assignments a "
                                   "JOIN catalog_tables t ON t.id = a.thing_id " +
                                       std::string(kTag),
                                   {account, region}));
  for (const store::Row& row : tables) {
    std::string thing = row.Text(0) + "." + row.Text(1) + (row.Text(2).empty() ? "" : "." + row.Text(2));
    carried[thing][row.Text(3)] = row.Text(4);
  }
  return carried;
}

Result<void> Whole(const std::optional<std::vector<lf::LFTagError>>& failures, const std::string& thing) {
  if (!failures || failures->empty()) return {};
  const lf::LFTagError& first = failures->front();
  return Fail(ErrorCode::kInvalidArgument, fmt::format("{}: {}: {}", thing, *first.lf_tag->tag_key, *first.error->error_message));
}

std::string InWords(const std::vector<lf::LFTagPair>& pairs) {
  std::string text;
  for (const lf::LFTagPair& pair : pairs) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", *pair.tag_key, pair.tag_values->front());
  }
  return text;
}

}  // namespace

Result<Carried> AssignmentsOf(store::Transaction& tx, const AccountId& account, const std::string& region) {
  return CarriedIn(tx, account, region);
}

Result<void> MeshChange::Taxonomy(const Site& site) {
  TRY(CheckTaxonomy(*site.written));
  if (!site.written->tags) return {};
  for (const auto& [key, values] : *site.written->tags) TRY(TagOf(site, Lower(key), Folded(values)));
  return {};
}

Result<void> MeshChange::TagOf(const Site& site, const std::string& key, const std::vector<std::string>& values) {
  TRY_ASSIGN(auto tag, governance::FindTag(call_.tx(), site.account, call_.info().region, key));
  if (!tag) {
    governance::CreateLFTag op;
    op.in.tag_key = key;
    op.in.tag_values = values;
    TRY(Step(site, op, tags_, '+', fmt::format("tag {}: {}", key, Join(values, ", "))));
    return {};
  }
  TRY_ASSIGN(auto there, governance::TagValues(call_.tx(), tag->id));
  std::vector<std::string> lacking = Without(values, there);
  if (lacking.empty()) return {};
  governance::UpdateLFTag op;
  op.in.tag_key = key;
  op.in.tag_values_to_add = lacking;
  TRY(Step(site, op, tags_, '+', fmt::format("values of tag {}: {}", key, Join(lacking, ", "))));
  return {};
}

// Last of all: grants that named what is dropped are gone or changed by then.
Result<void> MeshChange::DropTags(const Site& site) {
  if (!site.written->tags) return {};
  Terms wanted;
  for (const auto& [key, values] : *site.written->tags) wanted[Lower(key)] = Folded(values);
  TRY_ASSIGN(auto tags, governance::ListTags(call_.tx(), site.account, call_.info().region, "", kTagsMost));
  for (const governance::TagRow& tag : tags) {
    auto kept = wanted.find(tag.key);
    if (kept == wanted.end()) {
      governance::DeleteLFTag op;
      op.in.tag_key = tag.key;
      TRY(Step(site, op, tags_, '-', fmt::format("tag {}", tag.key)));
      continue;
    }
    TRY_ASSIGN(auto there, governance::TagValues(call_.tx(), tag.id));
    std::vector<std::string> dropped = Without(there, kept->second);
    if (dropped.empty()) continue;
    governance::UpdateLFTag op;
    op.in.tag_key = tag.key;
    op.in.tag_values_to_delete = dropped;
    TRY(Step(site, op, tags_, '-', fmt::format("values of tag {}: {}", tag.key, Join(dropped, ", "))));
  }
  return {};
}

Result<void> MeshChange::Assignments(const Site& site) {
  if (!site.written->assignments) return {};
  Carried wanted;
  for (const auto& [thing, tags] : *site.written->assignments) {
    for (const auto& [key, value] : tags) wanted[Lower(thing)][Lower(key)] = Lower(value);
  }
  TRY_ASSIGN(Carried there, CarriedIn(call_.tx(), site.account, call_.info().region));
  for (const auto& [thing, tags] : there) wanted[thing];  // What carries nothing any more.
  for (const auto& [thing, tags] : wanted) TRY(Assign(site, thing, tags, there[thing]));
  return {};
}

Result<void> MeshChange::Assign(const Site& site, const std::string& thing, const std::map<std::string, std::string>& tags,
                                const std::map<std::string, std::string>& there) {
  std::vector<lf::LFTagPair> add, remove;
  for (const auto& [key, value] : tags) {
    auto found = there.find(key);
    if (found == there.end() || found->second != value) add.push_back({.tag_key = key, .tag_values = std::vector{value}});
  }
  for (const auto& [key, value] : there) {
    if (!tags.contains(key)) remove.push_back({.tag_key = key, .tag_values = std::vector{value}});
  }
  if (add.empty() && remove.empty()) return {};
  TRY_ASSIGN(lf::Resource resource, ThingNamed(site.account, thing));
  if (!add.empty()) {
    governance::AddLFTagsToResource op;
    op.in.resource = resource;
    op.in.lf_tags = add;
    TRY_ASSIGN(auto answer, Step(site, op, assignment_, '+', fmt::format("{} carries {}", thing, InWords(add))));
    TRY(Whole(answer.failures, thing));
  }
  if (!remove.empty()) {
    governance::RemoveLFTagsFromResource op;
    op.in.resource = resource;
    op.in.lf_tags = remove;
    TRY_ASSIGN(auto answer, Step(site, op, assignment_, '-', fmt::format("{} carries {} no more", thing, InWords(remove))));
    TRY(Whole(answer.failures, thing));
  }
  return {};
}

}  // namespace hanse::steward
