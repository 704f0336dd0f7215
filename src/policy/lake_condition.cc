#include "policy/lake_condition.h"

#include <optional>
#include <vector>

#include "base/text.h"

namespace hanse::policy {
namespace {

// Cedar's three outcomes; kError is what a missing attribute gives.
enum class Truth { kFalse, kTrue, kError };

Truth Of(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

class Reader {
 public:
  Reader(std::string_view text, const std::map<std::string, std::string>& tags) : text_(text), tags_(tags) {}

  Result<Truth> Whole() {
    TRY_ASSIGN(Truth truth, Or(0));
    SkipSpace();
    if (at_ != text_.size()) return Wrong();
    return truth;
  }

 private:
  std::unexpected<Error> Wrong() const {
    return Fail(ErrorCode::kInvalidArgument, "Invalid Condition: unexpected text at position " + std::to_string(at_));
  }

  void SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }

  bool Take(std::string_view token) {
    SkipSpace();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  Result<Truth> Or(int depth) {
    if (depth > kMaxConditionDepth) return Fail(ErrorCode::kInvalidArgument, "Invalid Condition: nested too deeply");
    TRY_ASSIGN(Truth left, And(depth));
    while (Take("||")) {
      TRY_ASSIGN(Truth right, And(depth));
      if (left == Truth::kFalse) left = right;
    }
    return left;
  }

  Result<Truth> And(int depth) {
    TRY_ASSIGN(Truth left, Not(depth));
    while (Take("&&")) {
      TRY_ASSIGN(Truth right, Not(depth));
      if (left == Truth::kTrue) left = right;
    }
    return left;
  }

  Result<Truth> Not(int depth) {
    if (!Take("!")) return Primary(depth);
    TRY_ASSIGN(Truth inner, Primary(depth));
    return inner == Truth::kError ? inner : Of(inner == Truth::kFalse);
  }

  Result<Truth> Primary(int depth) {
    if (Take("(")) {
      TRY_ASSIGN(Truth inner, Or(depth + 1));
      if (!Take(")")) return Wrong();
      return inner;
    }
    if (Take("[")) return Contains();
    std::size_t start = at_;
    if (Take(kTags) && Take(".hasTag")) {
      TRY_ASSIGN(std::string key, Argument());
      return Of(tags_.contains(key));
    }
    at_ = start;
    TRY_ASSIGN(std::optional<std::string> left, Operand());
    bool equal = Take("==");
    if (!equal && !Take("!=")) return Wrong();
    TRY_ASSIGN(std::optional<std::string> right, Operand());
    if (!left || !right) return Truth::kError;
    return Of((*left == *right) == equal);
  }

  Result<Truth> Contains() {
    std::vector<std::string> values;
    do {
      TRY_ASSIGN(std::string value, Text());
      values.push_back(std::move(value));
    } while (Take(","));
    if (!Take("]") || !Take(".contains") || !Take("(")) return Wrong();
    TRY_ASSIGN(std::optional<std::string> wanted, Operand());
    if (!Take(")")) return Wrong();
    if (!wanted) return Truth::kError;
    for (const std::string& value : values) {
      if (value == *wanted) return Truth::kTrue;
    }
    return Truth::kFalse;
  }

  // A text, or a tag's value; nothing where the principal has no such tag.
  Result<std::optional<std::string>> Operand() {
    if (!Take(kTags)) {
      TRY_ASSIGN(std::string text, Text());
      return std::optional<std::string>(std::move(text));
    }
    if (!Take(".getTag")) return Wrong();
    TRY_ASSIGN(std::string key, Argument());
    auto found = tags_.find(key);
    return found == tags_.end() ? std::optional<std::string>() : std::optional<std::string>(found->second);
  }

  Result<std::string> Argument() {
    if (!Take("(")) return Wrong();
    TRY_ASSIGN(std::string text, Text());
    if (!Take(")")) return Wrong();
    return text;
  }

  Result<std::string> Text() {
    if (!Take("\"")) return Wrong();
    std::string text;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        ++at_;
        if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\\')) return Wrong();
      }
      text += text_[at_++];
    }
    if (at_ == text_.size()) return Wrong();
    ++at_;
    return text;
  }

  static constexpr std::string_view kTags = "context.iam.principalTags";
  std::string_view text_;
  const std::map<std::string, std::string>& tags_;
  std::size_t at_ = 0;
};

}  // namespace

Result<bool> ConditionHolds(std::string_view condition, const std::map<std::string, std::string>& tags) {
  if (condition.size() > kMaxConditionBytes) return Fail(ErrorCode::kInvalidArgument, "Invalid Condition: at most 3000 characters");
  TRY_ASSIGN(Truth truth, Reader(condition, tags).Whole());
  return truth == Truth::kTrue;
}

}  // namespace hanse::policy
