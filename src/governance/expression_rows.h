#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/lake_tags.h"
#include "store/store.h"
#include "wire/lakeformation.h"

// Expressions over LF-Tags: as clients write them, as the store keeps them, and those that have a name
// (lakeformation.md, 3.4, 3.6).
namespace hanse::governance {

inline constexpr std::size_t kMaxTermValues = 1000;

struct ExpressionRow {
  Id id = 0;
  std::string name, description;
  std::string expression;  // As policy/lake_tags.h writes it.
};
Result<std::optional<ExpressionRow>> FindExpression(store::Transaction& tx, std::string_view account, std::string_view region,
                                                    std::string_view name);
Result<std::optional<ExpressionRow>> FindExpressionById(store::Transaction& tx, Id id);
Result<std::vector<ExpressionRow>> ListExpressions(store::Transaction& tx, std::string_view account, std::string_view region,
                                                   std::string_view after, std::int64_t limit);

// What a client wrote, by the ids of the tags of `account`. kNotFound: there is no such tag or value. kInvalidArgument: a key
// stands twice, or has no value.
Result<policy::TagExpression> ReadExpression(store::Transaction& tx, std::string_view account, std::string_view region,
                                             const std::vector<wire::lakeformation::LFTag>& terms);
// As clients read it.
std::vector<wire::lakeformation::LFTag> ShownExpression(const policy::TagExpression& expression);

}  // namespace hanse::governance
