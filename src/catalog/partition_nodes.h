#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/partition_expression.h"

// Inside of partition_expression.h: typed values and the compiled tree.
namespace hanse::catalog {

enum class KeyType { kText, kInteger, kDecimal, kDate, kTimestamp };

// A value of a key's type in a form whose order is that of the type.
struct KeyValue {
  std::int64_t number = 0;  // Integers; the sign of decimals.
  std::string text;         // Texts, dates, timestamps; the digits of decimals before the point without leading zeros.
  std::string fraction;     // Of decimals, without trailing zeros.
};

// kInvalidArgument "Unknown type : 'float'".
Result<KeyType> ParseKeyType(std::string_view type);
// "<v> is not an integer" and the like.
Result<KeyValue> ParseKeyValue(KeyType type, std::string_view text);
// Less than, equal to, greater than 0.
int Compare(KeyType type, const KeyValue& a, const KeyValue& b);
// SQL's LIKE: '%' any run, '_' one character.
bool LikeMatches(std::string_view pattern, std::string_view text);

enum class Test { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kLike, kIn, kBetween, kIsNull };

// The value that Hive writes for NULL.
inline constexpr std::string_view kHiveNull = "__HIVE_DEFAULT_PARTITION__";

struct PartitionExpression::Node {
  enum class Kind { kAnd, kOr, kTest } kind = Kind::kTest;
  std::vector<std::shared_ptr<const Node>> parts;  // kAnd, kOr.
  // kTest.
  std::size_t key = 0;
  KeyType type = KeyType::kText;
  Test test = Test::kEqual;
  bool negated = false;
  std::vector<KeyValue> literals;
};

}  // namespace hanse::catalog
