#include "governance/shown_tags.h"

#include "governance/tag_sight.h"

namespace hanse::governance {

Result<std::optional<std::vector<wire::lakeformation::LFTagPair>>> ShownTags::Pairs(const policy::Tags& tags) {
  std::vector<wire::lakeformation::LFTagPair> pairs;
  for (const auto& [id, value] : tags) {
    auto known = known_.find(id);
    if (known == known_.end()) {
      TRY_ASSIGN(auto tag, FindTagById(tx_, id));
      known = known_.emplace(id, std::move(tag)).first;
    }
    if (!known->second) continue;
    auto seen = seen_.find({id, value});
    if (seen == seen_.end()) {
      TRY_ASSIGN(bool sees, SeesValue(tx_, caller_, *known->second, value));
      seen = seen_.emplace(std::pair(id, value), sees).first;
    }
    if (seen->second) {
      pairs.push_back({.catalog_id = known->second->account, .tag_key = known->second->key, .tag_values = std::vector{value}});
    }
  }
  if (pairs.empty()) return std::optional<std::vector<wire::lakeformation::LFTagPair>>();
  return std::optional(std::move(pairs));
}

Result<std::optional<std::vector<wire::lakeformation::ColumnLFTag>>> ShownTags::Columns(
    const std::vector<std::pair<std::string, policy::Tags>>& columns) {
  std::vector<wire::lakeformation::ColumnLFTag> shown;
  for (const auto& [name, tags] : columns) {
    TRY_ASSIGN(auto pairs, Pairs(tags));
    if (pairs) shown.push_back({.name = name, .lf_tags = std::move(*pairs)});
  }
  if (shown.empty()) return std::optional<std::vector<wire::lakeformation::ColumnLFTag>>();
  return std::optional(std::move(shown));
}

std::vector<std::pair<std::string, policy::Tags>> ColumnTags(const store::TableRow& table, const TableTags& tags,
                                                             Inheritance inheritance) {
  std::vector<std::pair<std::string, policy::Tags>> columns;
  policy::Tags of_table = policy::Overlay(tags.table, tags.database);
  for (const auto* names : {&table.columns, &table.keys}) {
    for (const std::string& name : *names) {
      auto found = tags.columns.find(name);
      policy::Tags own = found == tags.columns.end() ? policy::Tags() : found->second;
      columns.emplace_back(name, inheritance == Inheritance::kAssigned ? own : policy::Overlay(own, of_table));
    }
  }
  return columns;
}

}  // namespace hanse::governance
