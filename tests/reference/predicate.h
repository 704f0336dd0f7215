#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

// Row expressions of data cells filters as trees, and the few rows on which they are tried: each combination of a, b, c in
// {NULL, 1, 2} and the partition key k in {1, 2}. Values; pure.
namespace hanse::reference {

inline constexpr int kRows = 54;
using RowSet = std::uint64_t;  // Bit i: row i.
inline constexpr RowSet kAllRows = (RowSet{1} << kRows) - 1;

// Nothing: NULL.
std::optional<int> ValueOf(int row, const std::string& column);

enum class Shape { kEqual, kUnequal, kLess, kIn, kNotIn, kBetween, kIsNull, kIsNotNull, kAnd, kOr, kNot };

struct Predicate {
  Shape shape = Shape::kEqual;
  std::string column;
  std::vector<int> values;
  std::vector<Predicate> parts;
};

// In the grammar of lakeformation.md, section 4.2.
std::string TextOf(const Predicate& predicate);
std::set<std::string> ColumnsOf(const Predicate& predicate);
// The rows for which it is true: neither false nor unknown.
RowSet RowsOf(const Predicate& predicate);

}  // namespace hanse::reference
