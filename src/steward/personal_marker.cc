#include "steward/personal_marker.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "governance/tag_rows.h"

namespace hanse::steward {
namespace {

namespace lake = governance;

constexpr std::int64_t kMarkersRead = 10'000;

// Parts of names of columns that hold personal data more often than not.
constexpr std::string_view kPersonal[] = {"email",      "e_mail",    "phone",      "mobile",   "ssn",         "social_security",
                                          "passport",   "birth",     "dob",        "iban",     "card_number", "salary",
                                          "first_name", "last_name", "surname",    "address",  "tax_id",      "national_id",
                                          "gender",     "religion",  "ip_address", "diagnosis"};
// Values by which taxonomies mark such data.
constexpr std::string_view kGuarded[] = {"pii", "personal", "confidential", "restricted", "sensitive", "secret", "private"};

}  // namespace

bool LooksPersonal(std::string_view column) {
  return std::ranges::any_of(kPersonal, [&](std::string_view part) { return column.find(part) != std::string_view::npos; });
}

Result<std::optional<Marker>> FindMarker(const Examined& examined) {
  TRY_ASSIGN(auto tags, lake::ListTags(examined.tx, examined.account, examined.now.region, "", kMarkersRead));
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

std::string MarkColumns(const store::TableRow& table, const std::vector<std::string>& columns, const Marker& marker) {
  return fmt::format(
      "aws lakeformation add-lf-tags-to-resource --resource '{{\"TableWithColumns\":{{\"DatabaseName\":\"{}\",\"Name\":\"{}\","
      "\"ColumnNames\":[\"{}\"]}}}}' --lf-tags TagKey={},TagValues={}",
      table.database_name, table.name, Join(columns, "\",\""), marker.key, marker.value);
}

Result<std::vector<std::string>> UnmarkedColumns(const Examined& examined, const store::TableRow& table,
                                                 const std::optional<Marker>& marker) {
  if (!marker) return table.columns;
  TRY_ASSIGN(lake::TableTags carried, lake::TagsOfTable(examined.tx, table));
  policy::Tags whole = policy::Overlay(carried.table, carried.database);
  std::vector<std::string> unmarked;
  for (const std::string& column : table.columns) {
    policy::Tags all = policy::Overlay(carried.columns[column], whole);
    auto value = all.find(marker->tag);
    if (value == all.end() || !marker->known.contains(value->second)) unmarked.push_back(column);
  }
  return unmarked;
}

}  // namespace hanse::steward
