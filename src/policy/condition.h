#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "policy/context.h"
#include "policy/pattern.h"
#include "policy/values.h"

namespace hanse::policy {

// What is compared, and how (IAM User Guide, "Condition operators").
enum class Comparison { kString, kStringIgnoreCase, kStringLike, kNumeric, kDate, kBool, kBinary, kIpAddress, kArn, kNull };
enum class Relation { kEquals, kLess, kLessEquals, kGreater, kGreaterEquals };
enum class Quantifier { kNone, kForAllValues, kForAnyValue };

struct Operator {
  Comparison comparison = Comparison::kString;
  Relation relation = Relation::kEquals;
  bool negated = false;
  bool if_exists = false;
  Quantifier quantifier = Quantifier::kNone;
};

// "ForAnyValue:StringNotLikeIfExists"; nothing where there is no such operator.
std::optional<Operator> ParseOperator(std::string_view text);

// One key of one operator with the values that it is compared with: any of them (none of them, where negated) must match.
class Condition {
 public:
  // A value that the operator cannot read (a date that is none, a network that is none) is refused: a Deny that never holds
  // would be worse than no policy.
  static Result<Condition> Make(Operator op, std::string_view key, const std::vector<std::string>& values,
                                PatternSyntax::Variables variables);

  bool Holds(const Context& context) const;

  const Operator& op() const { return op_; }
  const std::string& key() const { return key_; }  // Lower case.
  const std::vector<std::string>& values() const { return texts_; }
  void AddKeys(std::vector<std::string>* keys) const;

 private:
  Result<void> Read(std::string_view value, PatternSyntax::Variables variables);
  bool AnyValueMatches(std::string_view actual, const Context& context) const;
  bool One(std::string_view actual, const Context& context) const { return AnyValueMatches(actual, context) != op_.negated; }

  Operator op_;
  std::string key_;
  std::vector<std::string> texts_;
  // The values, as the comparison reads them; one of these is filled.
  std::vector<Pattern> patterns_;
  std::vector<ArnPattern> arns_;
  std::vector<double> numbers_;  // Numbers; dates in milliseconds; truth values as 0 and 1.
  std::vector<IpNetwork> networks_;
  std::vector<std::string> binaries_;
};

}  // namespace hanse::policy
