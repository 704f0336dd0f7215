#include "policy/condition.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::policy {
namespace {

bool Compare(Relation relation, double actual, double wanted) {
  switch (relation) {
    case Relation::kEquals: return actual == wanted;
    case Relation::kLess: return actual < wanted;
    case Relation::kLessEquals: return actual <= wanted;
    case Relation::kGreater: return actual > wanted;
    case Relation::kGreaterEquals: return actual >= wanted;
  }
  return false;
}

std::optional<double> ReadNumber(Comparison comparison, std::string_view text) {
  switch (comparison) {
    case Comparison::kNumeric: return ParseNumber(text);
    case Comparison::kDate: return ParseMoment(text);
    default: return ParseTruth(text);
  }
}

bool SamePrefix(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b, int bits) {
  for (int i = 0; i < 16 && bits > 0; ++i, bits -= 8) {
    std::uint8_t mask = bits >= 8 ? 0xFF : static_cast<std::uint8_t>(0xFF << (8 - bits));
    if ((a[i] & mask) != (b[i] & mask)) return false;
  }
  return true;
}

}  // namespace

Result<Condition> Condition::Make(Operator op, std::string_view key, const std::vector<std::string>& values,
                                  PatternSyntax::Variables variables) {
  Condition made;
  made.op_ = op;
  made.key_ = Lower(key);
  made.texts_ = values;
  for (const std::string& value : values) TRY(made.Read(value, variables));
  return made;
}

Result<void> Condition::Read(std::string_view value, PatternSyntax::Variables variables) {
  auto wrong = [&](std::string_view what) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{}: \"{}\" is not {}", key_, value, what));
  };
  using Syntax = PatternSyntax;
  switch (op_.comparison) {
    case Comparison::kString:
    case Comparison::kStringIgnoreCase:
    case Comparison::kStringLike: {
      Syntax syntax{.wildcards = op_.comparison == Comparison::kStringLike ? Syntax::Wildcards::kRead : Syntax::Wildcards::kText,
                    .variables = variables,
                    .letters = op_.comparison == Comparison::kStringIgnoreCase ? Syntax::Case::kFolded : Syntax::Case::kKept};
      TRY_ASSIGN(Pattern pattern, Pattern::Compile(value, syntax));
      patterns_.push_back(std::move(pattern));
      return {};
    }
    case Comparison::kArn: {
      TRY_ASSIGN(ArnPattern arn, ArnPattern::Compile(value, variables, ArnPattern::Shape::kAnyText));
      arns_.push_back(std::move(arn));
      return {};
    }
    case Comparison::kNumeric:
    case Comparison::kDate:
    case Comparison::kBool:
    case Comparison::kNull: {
      std::optional<double> number = ReadNumber(op_.comparison, value);
      if (!number) {
        return wrong(op_.comparison == Comparison::kNumeric ? "a number"
                     : op_.comparison == Comparison::kDate  ? "a date"
                                                            : "true or false");
      }
      numbers_.push_back(*number);
      return {};
    }
    case Comparison::kIpAddress: {
      std::optional<IpNetwork> network = ParseIpNetwork(value);
      if (!network) return wrong("an IP address or a network in CIDR form");
      networks_.push_back(*network);
      return {};
    }
    case Comparison::kBinary: {
      std::string bytes;
      if (!UnBase64(value, &bytes)) return wrong("base64");
      binaries_.push_back(std::move(bytes));
      return {};
    }
  }
  return {};
}

bool Condition::AnyValueMatches(std::string_view actual, const Context& context) const {
  switch (op_.comparison) {
    case Comparison::kString:
    case Comparison::kStringIgnoreCase:
    case Comparison::kStringLike:
      return std::ranges::any_of(patterns_, [&](const Pattern& p) { return p.Matches(actual, context); });
    case Comparison::kArn:
      return std::ranges::any_of(arns_, [&](const ArnPattern& p) { return p.Match(actual, context) == Pattern::Answer::kYes; });
    case Comparison::kNumeric:
    case Comparison::kDate:
    case Comparison::kBool: {
      std::optional<double> number = ReadNumber(op_.comparison, actual);
      return number && std::ranges::any_of(numbers_, [&](double wanted) { return Compare(op_.relation, *number, wanted); });
    }
    case Comparison::kIpAddress: {
      std::optional<IpNetwork> address = ParseIpNetwork(actual);
      return address && std::ranges::any_of(networks_, [&](const IpNetwork& n) {
               return address->bits >= n.bits && SamePrefix(address->address, n.address, n.bits);
             });
    }
    case Comparison::kBinary: {
      std::string bytes;
      return UnBase64(std::string(actual), &bytes) && std::ranges::find(binaries_, bytes) != binaries_.end();
    }
    case Comparison::kNull: return false;
  }
  return false;
}

bool Condition::Holds(const Context& context) const {
  auto found = context.find(key_);
  const bool missing = found == context.end() || found->second.empty();
  if (op_.comparison == Comparison::kNull) {
    return std::ranges::any_of(numbers_, [&](double wanted) { return (wanted != 0) == missing; });
  }
  if (missing) {
    if (op_.if_exists) return true;
    if (op_.quantifier != Quantifier::kNone) return op_.quantifier == Quantifier::kForAllValues;
    return op_.negated;
  }
  auto one = [&](const std::string& actual) { return One(actual, context); };
  switch (op_.quantifier) {
    case Quantifier::kForAllValues: return std::ranges::all_of(found->second, one);
    case Quantifier::kForAnyValue: return std::ranges::any_of(found->second, one);
    case Quantifier::kNone: break;
  }
  // Without a quantifier several values count as one set: any of them may match, none of them may where it is negated.
  return op_.negated ? std::ranges::all_of(found->second, one) : std::ranges::any_of(found->second, one);
}

void Condition::AddKeys(std::vector<std::string>* keys) const {
  keys->push_back(key_);
  for (const Pattern& pattern : patterns_) pattern.AddKeys(keys);
  for (const ArnPattern& arn : arns_) arn.AddKeys(keys);
}

}  // namespace hanse::policy
