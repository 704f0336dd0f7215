#include "policy/pattern.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::policy {
namespace {

constexpr char16_t kRun = 256, kOne = 257;
constexpr std::size_t kArnParts = 6;

char Fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool GlobCode(std::u16string_view code, std::string_view text, bool folded) {
  std::size_t p = 0, t = 0, star = std::u16string_view::npos, resume = 0;
  while (t < text.size()) {
    unsigned char c = static_cast<unsigned char>(folded ? Fold(text[t]) : text[t]);
    if (p < code.size() && code[p] == kRun) {
      star = p++;
      resume = t;
    } else if (p < code.size() && code[p] == kOne) {
      ++p;
      do ++t;  // One character may be several bytes.
      while (t < text.size() && Continues(text[t]));
    } else if (p < code.size() && code[p] == c) {
      ++p;
      ++t;
    } else if (star != std::u16string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < code.size() && code[p] == kRun) ++p;
  return p == code.size();
}

void Append(std::string_view text, bool folded, std::u16string* code) {
  for (char c : text) code->push_back(static_cast<unsigned char>(folded ? Fold(c) : c));
}

}  // namespace

Result<Pattern> Pattern::Compile(std::string_view text, PatternSyntax syntax) {
  Pattern made;
  made.source_ = text;
  made.folded_ = syntax.letters == PatternSyntax::Case::kFolded;
  const bool wild = syntax.wildcards == PatternSyntax::Wildcards::kRead;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (syntax.variables == PatternSyntax::Variables::kRead && text.substr(i).starts_with("${")) {
      std::size_t end = text.find('}', i);
      if (end == std::string_view::npos) return Fail(ErrorCode::kInvalidArgument, fmt::format("unclosed variable in {}", text));
      std::string_view inside = Trim(text.substr(i + 2, end - i - 2));
      if (inside == "*" || inside == "?" || inside == "$") {
        Append(inside, made.folded_, &made.code_);
      } else {
        Variable variable{.at = made.code_.size()};
        std::size_t comma = inside.find(',');
        variable.key = Lower(Trim(inside.substr(0, comma)));
        if (comma != std::string_view::npos) {
          std::string_view fallback = Trim(inside.substr(comma + 1));
          if (fallback.size() < 2 || fallback.front() != '\'' || fallback.back() != '\'') {
            return Fail(ErrorCode::kInvalidArgument, fmt::format("the default of a variable stands in quotes: {}", text));
          }
          variable.fallback = fallback.substr(1, fallback.size() - 2);
          variable.has_fallback = true;
        }
        if (variable.key.empty()) return Fail(ErrorCode::kInvalidArgument, fmt::format("a variable without a name in {}", text));
        made.variables_.push_back(std::move(variable));
      }
      i = end;
    } else if (wild && (text[i] == '*' || text[i] == '?')) {
      made.code_.push_back(text[i] == '*' ? kRun : kOne);
      made.wild_ = true;
    } else {
      made.code_.push_back(static_cast<unsigned char>(made.folded_ ? Fold(text[i]) : text[i]));
    }
  }
  made.any_ = made.variables_.empty() && made.code_.size() == 1 && made.code_[0] == kRun;
  if (made.plain()) {
    for (char16_t c : made.code_) made.literal_.push_back(static_cast<char>(c));
  }
  return made;
}

Pattern::Answer Pattern::Match(std::string_view text, const Context& context) const {
  auto said = [](bool yes) { return yes ? Answer::kYes : Answer::kNo; };
  if (any_) return Answer::kYes;
  if (plain()) return said(folded_ ? EqualsIgnoreCase(literal_, text) : literal_ == text);
  if (variables_.empty()) return said(GlobCode(code_, text, folded_));
  std::u16string code;
  std::size_t done = 0;
  for (const Variable& variable : variables_) {
    code.append(code_, done, variable.at - done);
    done = variable.at;
    auto found = context.find(variable.key);
    if (found != context.end() && found->second.size() == 1) {
      Append(found->second[0], folded_, &code);
    } else if (variable.has_fallback && found == context.end()) {
      Append(variable.fallback, folded_, &code);
    } else {
      return Answer::kNoValue;
    }
  }
  code.append(code_, done);
  return said(GlobCode(code, text, folded_));
}

void Pattern::AddKeys(std::vector<std::string>* keys) const {
  for (const Variable& variable : variables_) keys->push_back(variable.key);
}

Result<ArnPattern> ArnPattern::Compile(std::string_view text, PatternSyntax::Variables variables, Shape shape) {
  const bool reads = variables == PatternSyntax::Variables::kRead;
  if (shape == Shape::kArnOrAny && text != "*" && !text.starts_with("arn:")) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("Resource {} must be in ARN format or \"*\".", text));
  }
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size() && parts.size() + 1 < kArnParts; ++i) {
    if (reads && text.substr(i).starts_with("${")) {
      std::size_t end = text.find('}', i);
      i = end == std::string_view::npos ? text.size() - 1 : end;
    } else if (text[i] == ':') {
      parts.push_back(text.substr(from, i - from));
      from = i + 1;
    }
  }
  parts.push_back(text.substr(from));
  if (parts.size() < kArnParts) {
    if (shape == Shape::kArnOrAny && !text.ends_with('*')) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("Resource {} must be in ARN format or \"*\".", text));
    }
    parts = {text};
  }
  ArnPattern made;
  made.source_ = text;
  for (std::string_view part : parts) {
    TRY_ASSIGN(Pattern pattern, Pattern::Compile(part, {.variables = variables}));
    made.parts_.push_back(std::move(pattern));
  }
  return made;
}

Pattern::Answer ArnPattern::Match(std::string_view arn, const Context& context) const {
  if (parts_.size() == 1) return parts_[0].Match(arn, context);
  Pattern::Answer answer = Pattern::Answer::kYes;
  for (std::size_t i = 0; i < kArnParts; ++i) {
    std::size_t colon = i + 1 < kArnParts ? arn.find(':') : arn.size();
    if (colon == std::string_view::npos) return Pattern::Answer::kNo;
    Pattern::Answer part = parts_[i].Match(arn.substr(0, colon), context);
    if (part == Pattern::Answer::kNo) return part;
    if (part == Pattern::Answer::kNoValue) answer = part;
    arn.remove_prefix(i + 1 < kArnParts ? colon + 1 : colon);
  }
  return answer;
}

void ArnPattern::AddKeys(std::vector<std::string>* keys) const {
  for (const Pattern& part : parts_) part.AddKeys(keys);
}

}  // namespace hanse::policy
