#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "steward/doctor.h"

// How a catalog's taxonomy says that a column holds personal data, and which columns it says so of.
namespace hanse::steward {

// Whether columns of that name hold personal data more often than not.
bool LooksPersonal(std::string_view column);

struct Marker {
  Id tag = 0;
  std::string key;
  std::string value;            // What to put on personal columns.
  std::set<std::string> known;  // All guarded values of the tag.
};
// Nothing where the taxonomy has no such tag.
Result<std::optional<Marker>> FindMarker(const Examined& examined);
// The columns of which it does not say so; without a marker all.
Result<std::vector<std::string>> UnmarkedColumns(const Examined& examined, const store::TableRow& table,
                                                 const std::optional<Marker>& marker);

// The commands that mend it.
std::string MarkColumns(const store::TableRow& table, const std::vector<std::string>& columns, const Marker& marker);
inline constexpr std::string_view kMakeMarker =
    "aws lakeformation create-lf-tag --tag-key sensitivity --tag-values public internal confidential pii";

}  // namespace hanse::steward
