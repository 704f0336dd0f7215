#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "governance/grant_rows.h"
#include "governance/tag_rows.h"
#include "steward/doctor.h"
#include "steward/personal_marker.h"

namespace hanse::steward {
namespace {

namespace lake = governance;

constexpr std::int64_t kGrantsRead = 1'000'000;
constexpr std::int64_t kTagsRead = 10'000;

std::string TableJson(const store::TableRow& table) {
  return fmt::format(R"({{"Table":{{"DatabaseName":"{}","Name":"{}"}}}})", table.database_name, table.name);
}

// The tags by which grants decide: a table without one of them is out of their reach, or nobody has said what it is.
Result<std::set<Id>> TagsThatDecide(const Examined& examined) {
  std::set<Id> tags;
  TRY_ASSIGN(auto rows, lake::GrantsIn(examined.tx, examined.account, examined.now.region, 0, kGrantsRead));
  for (const lake::GrantRow& row : rows) {
    if (row.kind != lake::GrantKind::kTablesByTag) continue;
    for (const policy::TagTerm& term : row.tags()) tags.insert(term.tag);
  }
  return tags;
}

}  // namespace

Result<void> CheckTags(Examined* examined) {
  TRY_ASSIGN(auto tags, lake::ListTags(examined->tx, examined->account, examined->now.region, "", kTagsRead));
  TRY_ASSIGN(std::set<Id> decide, TagsThatDecide(*examined));
  TRY_ASSIGN(auto marker, FindMarker(*examined));
  bool personal = false;
  for (const store::TableRow& table : examined->tables) {
    TRY_ASSIGN(lake::TableTags carried, lake::TagsOfTable(examined->tx, table));
    policy::Tags whole = policy::Overlay(carried.table, carried.database);
    std::string name = fmt::format("{}.{}", table.database_name, table.name);
    for (const lake::TagRow& tag : tags) {
      if (!decide.contains(tag.id) || whole.contains(tag.id)) continue;
      TRY_ASSIGN(auto values, lake::TagValues(examined->tx, tag.id));
      examined->Add("TAG_MISSING", "MEDIUM", name, fmt::format("Grants decide by {}, and the table does not carry it.", tag.key),
                    fmt::format("aws lakeformation add-lf-tags-to-resource --resource '{}' --lf-tags TagKey={},TagValues={}",
                                TableJson(table), tag.key, values.empty() ? "VALUE" : values.front()));
    }
    if (std::ranges::none_of(table.columns, LooksPersonal)) continue;
    personal = true;
    if (!marker) continue;
    TRY_ASSIGN(auto unmarked, UnmarkedColumns(*examined, table, marker));
    std::erase_if(unmarked, [](const std::string& column) { return !LooksPersonal(column); });
    if (unmarked.empty()) continue;
    examined->Add("PERSONAL_COLUMN", "HIGH", name,
                  fmt::format("By their names these columns hold personal data, and {} does not say so: {}.", marker->key,
                              Join(unmarked, ", ")),
                  MarkColumns(table, unmarked, *marker));
  }
  if (personal && !marker) {
    examined->Add("NO_TAG_FOR_PERSONAL_DATA", "MEDIUM", "taxonomy", "Columns look personal, and no tag has a value that says so.",
                  std::string(kMakeMarker));
  }
  return {};
}

}  // namespace hanse::steward
