#include "governance/expression_rows.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "governance/refusals.h"
#include "governance/tag_rows.h"

namespace hanse::governance {
namespace {

constexpr std::string_view kSelect = "SELECT id, name, description, expression FROM lf_expressions ";

Result<std::vector<ExpressionRow>> All(store::Transaction& tx, std::string_view where, std::span<const store::Value> parameters) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelect) + std::string(where), parameters));
  std::vector<ExpressionRow> expressions;
  for (const store::Row& row : rows) expressions.push_back({row.Int(0), row.Text(1), row.Text(2), row.Text(3)});
  return expressions;
}

Result<std::optional<ExpressionRow>> First(Result<std::vector<ExpressionRow>> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  if (rows->empty()) return std::optional<ExpressionRow>();
  return std::optional<ExpressionRow>(std::move(rows->front()));
}

}  // namespace

Result<std::optional<ExpressionRow>> FindExpression(store::Transaction& tx, std::string_view account, std::string_view region,
                                                    std::string_view name) {
  store::Value parameters[] = {std::string(account), std::string(region), std::string(name)};
  return First(All(tx, "WHERE account = ? AND region = ? AND name = ?", parameters));
}

Result<std::optional<ExpressionRow>> FindExpressionById(store::Transaction& tx, Id id) {
  store::Value parameters[] = {id};
  return First(All(tx, "WHERE id = ?", parameters));
}

Result<std::vector<ExpressionRow>> ListExpressions(store::Transaction& tx, std::string_view account, std::string_view region,
                                                   std::string_view after, std::int64_t limit) {
  store::Value parameters[] = {std::string(account), std::string(region), std::string(after), limit};
  return All(tx, "WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?", parameters);
}

Result<policy::TagExpression> ReadExpression(store::Transaction& tx, std::string_view account, std::string_view region,
                                             const std::vector<wire::lakeformation::LFTag>& terms) {
  if (terms.empty()) return Invalid("Expression must have at least one LF-Tag");
  policy::TagExpression expression;
  std::set<Id> keys;
  for (const auto& term : terms) {
    std::string key = Lower(term.tag_key.value_or(""));
    std::vector<std::string> wanted = term.tag_values.value_or(std::vector<std::string>());
    if (wanted.empty() || wanted.size() > kMaxTermValues) return Invalid("TagValues of " + key + " must have 1 to 1000 values");
    TRY_ASSIGN(auto tag, FindTag(tx, account, region, key));
    if (!tag) return NoSuch("Tag or tag value does not exist.");
    if (!keys.insert(tag->id).second) return Invalid("Expression has the tag key twice: " + key);
    TRY_ASSIGN(std::vector<std::string> known, TagValues(tx, tag->id));
    policy::TagTerm read{tag->id, key, {}};
    for (const std::string& value : wanted) {
      read.values.push_back(Lower(value));
      if (value != "*" && !std::ranges::binary_search(known, read.values.back())) return NoSuch("Tag or tag value does not exist.");
    }
    expression.push_back(std::move(read));
  }
  // In the one order in which it is kept.
  return policy::DecodeExpression(policy::EncodeExpression(std::move(expression))).value_or(policy::TagExpression());
}

std::vector<wire::lakeformation::LFTag> ShownExpression(const policy::TagExpression& expression) {
  std::vector<wire::lakeformation::LFTag> shown;
  for (const policy::TagTerm& term : expression) shown.push_back({.tag_key = term.key, .tag_values = term.values});
  return shown;
}

}  // namespace hanse::governance
