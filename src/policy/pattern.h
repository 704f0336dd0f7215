#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "policy/context.h"

namespace hanse::policy {

// How a text of a policy is read.
struct PatternSyntax {
  enum class Wildcards { kRead, kText };  // "*" any run, "?" any one character.
  enum class Variables { kRead, kText };  // "${key}", "${key, 'default'}", "${*}"; text before Version 2012-10-17.
  enum class Case { kKept, kFolded };
  Wildcards wildcards = Wildcards::kRead;
  Variables variables = Variables::kRead;
  Case letters = Case::kKept;
};

// A text with wildcards and policy variables. The value of a variable is text, never a pattern. Immutable; matching is linear in
// practice and allocates only where there are variables.
class Pattern {
 public:
  // Fails on a "${" that is not closed.
  static Result<Pattern> Compile(std::string_view text, PatternSyntax syntax);

  enum class Answer { kNo, kYes, kNoValue };  // kNoValue: a variable has no value (or several) in this request.
  Answer Match(std::string_view text, const Context& context) const;
  bool Matches(std::string_view text, const Context& context) const { return Match(text, context) == Answer::kYes; }

  bool any() const { return any_; }  // "*"
  bool plain() const { return variables_.empty() && !wild_; }
  const std::string& source() const { return source_; }
  void AddKeys(std::vector<std::string>* keys) const;

 private:
  struct Variable {
    std::size_t at = 0;  // In code_, where its value goes.
    std::string key;     // Lower case.
    std::string fallback;
    bool has_fallback = false;
  };
  std::string source_;
  std::string literal_;  // The text itself where it is plain.
  std::u16string code_;  // Bytes, and the codes of the wildcards.
  std::vector<Variable> variables_;
  bool wild_ = false, any_ = false, folded_ = false;
};

// An ARN with wildcards: matched part by part, so that "*" in one of the first five parts ends at the next colon and no name that a
// caller chooses can reach over into another account. "*" alone matches everything, also what has no ARN.
class ArnPattern {
 public:
  enum class Shape { kArnOrAny, kAnyText };  // kAnyText: what a condition compares, which need not look like an ARN.
  static Result<ArnPattern> Compile(std::string_view text, PatternSyntax::Variables variables, Shape shape);

  Pattern::Answer Match(std::string_view arn, const Context& context) const;
  bool any() const { return parts_.size() == 1 && parts_[0].any(); }
  const std::string& source() const { return source_; }
  void AddKeys(std::vector<std::string>* keys) const;

 private:
  std::string source_;
  std::vector<Pattern> parts_;  // Six, or one for the whole.
};

}  // namespace hanse::policy
