#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "governance/grant_rows.h"
#include "governance/tag_rows.h"
#include "steward/doctor.h"

namespace hanse::steward {
namespace {

namespace lake = governance;

constexpr std::int64_t kGrantsRead = 1'000'000;
constexpr std::int64_t kTagsRead = 10'000;

// Parts of names of columns that hold personal data more often than not.
constexpr std::string_view kPersonal[] = {"email",      "e_mail",    "phone",      "mobile",   "ssn",         "social_security",
                                          "passport",   "birth",     "dob",        "iban",     "card_number", "salary",
                                          "first_name", "last_name", "surname",    "address",  "tax_id",      "national_id",
                                          "gender",     "religion",  "ip_address", "diagnosis"};
// Values by which taxonomies mark such data.
constexpr std::string_view kGuarded[] = {"pii", "personal", "confidential", "restricted", "sensitive", "secret", "private"};

bool LooksPersonal(std::string_view column) {
  return std::ranges::any_of(kPersonal, [&](std::string_view part) { return column.find(part) != std::string_view::npos; });
}

struct Marker {
  Id tag = 0;
  std::string key;
  std::string value;            // What to put on personal columns.
  std::set<std::string> known;  // All guarded values of the tag.
};

// The tag that marks personal data; nothing where the taxonomy has none.
Result<std::optional<Marker>> FindMarker(const Examined& examined, const std::vector<lake::TagRow>& tags) {
  for (const lake::TagRow& tag : tags) {
    TRY_ASSIGN(auto values, lake::TagValues(examined.tx, tag.id));
    Marker marker{.tag = tag.id, .key = tag.key};
    for (std::string_view guarded : kGuarded) {
      if (!Contains(values, guarded)) continue;
      if (marker.value.empty()) marker.value = guarded;
      marker.known.insert(std::string(guarded));
    }
    if (!marker.value.empty()) return std::optional(std::move(marker));
  }
  return std::optional<Marker>();
}

std::string TableJson(const store::TableRow& table) {
  return fmt::format(R"({{"Table":{{"DatabaseName":"{}","Name":"{}"}}}})", table.database_name, table.name);
}

std::string Mark(const store::TableRow& table, const std::vector<std::string>& columns, const Marker& marker) {
  return fmt::format(
      "aws lakeformation add-lf-tags-to-resource --resource '{{\"TableWithColumns\":{{\"DatabaseName\":\"{}\",\"Name\":\"{}\","
      "\"ColumnNames\":[\"{}\"]}}}}' --lf-tags TagKey={},TagValues={}",
      table.database_name, table.name, Join(columns, "\",\""), marker.key, marker.value);
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
  TRY_ASSIGN(auto marker, FindMarker(*examined, tags));
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
    std::vector<std::string> unmarked;
    for (const std::string& column : table.columns) {
      if (!LooksPersonal(column)) continue;
      personal = true;
      if (!marker) continue;
      policy::Tags all = policy::Overlay(carried.columns[column], whole);
      auto value = all.find(marker->tag);
      if (value == all.end() || !marker->known.contains(value->second)) unmarked.push_back(column);
    }
    if (unmarked.empty()) continue;
    examined->Add("PERSONAL_COLUMN", "HIGH", name,
                  fmt::format("By their names these columns hold personal data, and {} does not say so: {}.", marker->key,
                              Join(unmarked, ", ")),
                  Mark(table, unmarked, *marker));
  }
  if (personal && !marker) {
    examined->Add("NO_TAG_FOR_PERSONAL_DATA", "MEDIUM", "taxonomy", "Columns look personal, and no tag has a value that says so.",
                  "aws lakeformation create-lf-tag --tag-key sensitivity --tag-values public internal confidential pii");
  }
  return {};
}

}  // namespace hanse::steward
