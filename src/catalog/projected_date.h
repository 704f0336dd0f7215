#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Moments as projected partitions write them: a pattern of Java's DateTimeFormatter of yyyy, MM, dd, HH, mm, ss and text around
// them ("yyyy/MM/dd", "yyyy-MM-dd'T'HH"). UTC, seconds since 1970. Pure. (Athena User Guide, "Partition projection: date type")
namespace hanse::catalog {

// Whether the pattern has nothing else.
bool IsDatePattern(std::string_view pattern);
// The length of what the pattern writes.
std::size_t DateLength(std::string_view pattern);
std::optional<std::int64_t> ParseDate(std::string_view pattern, std::string_view text);
// The moment at the precision of the pattern.
std::int64_t TruncateDate(std::string_view pattern, std::int64_t seconds);
// "NOW", "NOW-3YEARS", "NOW+1DAY", or a moment as the pattern writes it.
std::optional<std::int64_t> ParseDateBound(std::string_view pattern, std::string_view text, std::int64_t now);
// "DAYS" and the like in seconds, or in months where they are no fixed time; nothing for what is none.
struct DateStep {
  std::int64_t count = 1;
  bool months = false;
};
std::optional<DateStep> DateUnit(std::string_view name);
// Months between the beginnings of the months of two moments.
std::int64_t MonthsBetween(std::int64_t first, std::int64_t last);

}  // namespace hanse::catalog
