#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The filter of GetPartitions (lakeformation.md 7.4): comparisons of partition keys with literals, joined by AND and OR.
//
//   expression := and { OR and }          and := primary { AND primary }       primary := '(' expression ')' | test
//   test := key op literal | key [NOT] LIKE text | key [NOT] IN '(' literal {, literal} ')'
//         | key [NOT] BETWEEN literal AND literal | key IS [NOT] NULL          op := = <> < <= > >=
//
// Pure: no I/O, no clock. Literals take the type of their key when the expression is compiled, so that what does not fit is an
// error of the expression; a stored value that does not fit is an error of the table.
namespace hanse::catalog {

struct PartitionKey {
  std::string name;  // In lower case.
  std::string type;  // As Hive writes it: "string", "int", "decimal(10,2)", …
};

inline constexpr std::size_t kExpressionBytesMax = 2048;

// Immutable once compiled; any thread.
class PartitionExpression {
 public:
  struct Node;  // partition_nodes.h

  // kInvalidArgument "Unsupported expression '…'", "Invalid partition expression!", "Unknown type : 'float'", "… is not an
  // integer". An empty text fits every partition.
  static Result<PartitionExpression> Compile(std::string_view text, const std::vector<PartitionKey>& keys);

  // Whether a partition with these values (in the order of the keys) fits. FailAs InvalidStateException where a stored value cannot
  // be read as its key's type.
  Result<bool> Fits(const std::vector<std::string>& values) const;
  bool fits_all() const { return root_ == nullptr; }
  const Node* root() const { return root_.get(); }
  // What the first keys must be equal to, as long as the expression says so of text keys: lists begin and end there.
  std::vector<std::string> fixed_prefix() const;

 private:
  std::shared_ptr<const Node> root_;
};

}  // namespace hanse::catalog
