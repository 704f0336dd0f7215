#pragma once
#include "catalog/access.h"
#include "catalog/page.h"
#include "wire/glue.h"

// SearchTables: by text, by property, sorted. It searches what the caller may see and nothing else: a hidden column is not found by
// its name. Links are not followed. Source: AWS Glue API Reference, SearchTables; lakeformation.md 2.13, 5.5.
namespace hanse::catalog {

struct SearchTables {
  static constexpr gate::Rule kRule{"glue", "SearchTables", gate::Record::kRead};
  using Wire = wire::glue::op::SearchTables;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread; what it is given outlives it.
class Search {
 public:
  static constexpr std::size_t kPageMax = 100;
  // Tables that one search looks at: beyond it the answer is a short page with a token, a sorted search is refused.
  static constexpr std::size_t kTablesMax = 20'000;

  Search(const Access& access, const Pages& pages) : access_(access), pages_(pages) {}
  Result<SearchTables::Answer> Do(const gate::Authorized<SearchTables>& call) const;

 private:
  const Access& access_;
  const Pages& pages_;
};

namespace search {
using Operations = gate::List<SearchTables>;
}

}  // namespace hanse::catalog
