#include "policy/lake_tags.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace hanse::policy {
namespace {

constexpr char kBetweenTerms = ';', kBetweenFields = '|', kBetweenValues = ',';

bool TermMatches(const TagTerm& term, const Tags& tags) {
  auto found = tags.find(term.tag);
  if (found == tags.end()) return false;
  return std::ranges::any_of(term.values, [&](const std::string& value) { return value == "*" || value == found->second; });
}

}  // namespace

bool Matches(const TagExpression& expression, const Tags& tags) {
  if (expression.empty()) return false;
  return std::ranges::all_of(expression, [&](const TagTerm& term) { return TermMatches(term, tags); });
}

Tags Overlay(const Tags& over, const Tags& under) {
  Tags all = over;
  all.insert(under.begin(), under.end());
  return all;
}

std::string EncodeExpression(TagExpression expression) {
  std::ranges::sort(expression, {}, &TagTerm::tag);
  std::string text;
  for (TagTerm& term : expression) {
    std::ranges::sort(term.values);
    term.values.erase(std::unique(term.values.begin(), term.values.end()), term.values.end());
    if (!text.empty()) text += kBetweenTerms;
    text +=
        std::to_string(term.tag) + kBetweenFields + term.key + kBetweenFields + Join(term.values, std::string(1, kBetweenValues));
  }
  return text;
}

std::optional<TagExpression> DecodeExpression(std::string_view text) {
  TagExpression expression;
  if (text.empty()) return std::nullopt;
  for (const std::string& part : Split(text, kBetweenTerms)) {
    std::vector<std::string> fields = Split(part, kBetweenFields);
    if (fields.size() != 3) return std::nullopt;
    TagTerm term;
    auto [end, error] = std::from_chars(fields[0].data(), fields[0].data() + fields[0].size(), term.tag);
    if (error != std::errc() || end != fields[0].data() + fields[0].size()) return std::nullopt;
    term.key = fields[1];
    if (!fields[2].empty()) term.values = Split(fields[2], kBetweenValues);
    expression.push_back(std::move(term));
  }
  return expression;
}

}  // namespace hanse::policy
