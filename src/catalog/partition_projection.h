#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "wire/glue.h"

namespace hanse::catalog {

// Partitions that no one registers: the parameters of a table say which values its keys have and where the files of each lie
// (Athena User Guide, "Partition projection"; lakeformation.md 7.1). Instead of making every partition that there could be and
// looking for its files, what lies below the common place is listed once, and each file's path says which partition it is in; a
// path whose values are not among the projected ones is in none. Pure.
class PartitionProjection {
 public:
  // Whether a table asks for it: then registered partitions do not count.
  static bool Enabled(const wire::glue::Table& table);
  // kInvalidArgument where the parameters are broken or leave a key out.
  static Result<PartitionProjection> Of(const wire::glue::Table& table, TimeMs now_ms);

  // "s3://bucket/folder/": all partitions lie below it.
  const std::string& common_place() const { return common_place_; }
  // The values, in the order of the keys, of the partition that the file at "s3://bucket/key" is in.
  std::optional<std::vector<std::string>> ValuesOf(std::string_view s3_path) const;

 private:
  enum class Kind { kEnum, kInteger, kDate, kInjected };
  enum class Unit { kSeconds, kMonths };
  // The values of one key.
  struct Domain {
    Kind kind = Kind::kInjected;
    std::set<std::string> values;                    // kEnum
    std::int64_t first = 0, last = 0, interval = 1;  // kInteger; kDate: seconds since 1970.
    std::size_t digits = 0;                          // kInteger: padded with zeros to so many; 0: not padded.
    std::string format;                              // kDate
    Unit unit = Unit::kSeconds;                      // kDate: of the interval.
  };
  // A part of the template: a text, or a key's value.
  struct Part {
    std::string text;
    std::optional<std::size_t> key;
  };

  static Result<Domain> DomainOf(const wire::glue::Table& table, const std::string& key, TimeMs now_ms);
  static Result<Domain> IntegerDomain(const wire::glue::Table& table, const std::string& key);
  static Result<Domain> DateDomain(const wire::glue::Table& table, const std::string& key, TimeMs now_ms);
  static bool Holds(const Domain& domain, std::string_view value);
  static bool HoldsDate(const Domain& domain, std::string_view value);
  Result<void> ReadTemplate(std::string_view text, const std::vector<std::string>& keys);
  bool MatchFrom(std::size_t part, std::string_view rest, std::vector<std::string>* values) const;

  std::vector<Domain> domains_;  // Of the keys, in their order.
  std::vector<Part> parts_;
  std::string common_place_;
};

}  // namespace hanse::catalog
