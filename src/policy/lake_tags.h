#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/caller.h"

// LF-Tags and the expressions of grants over them (lakeformation.md, sections 3.2 and 3.4). Tags are known by id, so that a tag
// made again under an old name opens nothing. Pure; any thread.
namespace hanse::policy {

using Tags = std::map<Id, std::string>;  // Tag -> its one value, on a database, table or column.

// One key of an expression: any of its values will do.
struct TagTerm {
  Id tag = 0;
  std::string key;                  // As it was called when it was granted; only shown, never compared.
  std::vector<std::string> values;  // Sorted; {"*"}: any value. Empty: matches nothing (its values are gone).
  bool operator==(const TagTerm&) const = default;
};

// All terms must hold. Sorted by tag, each tag once.
using TagExpression = std::vector<TagTerm>;

// Whether what carries `tags` is meant. An empty expression means nothing at all.
bool Matches(const TagExpression& expression, const Tags& tags);

// `over`, with the keys that it lacks from `under`: a column's tags over its table's over its database's.
Tags Overlay(const Tags& over, const Tags& under);

// As it is kept in the store: one text for one meaning. Keys and values hold none of its separators (the model's pattern).
std::string EncodeExpression(TagExpression expression);
// Nothing where the text is not what EncodeExpression writes: who reads it takes that as an expression that matches nothing.
std::optional<TagExpression> DecodeExpression(std::string_view text);

}  // namespace hanse::policy
