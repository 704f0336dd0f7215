#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "governance/tag_rows.h"
#include "wire/lakeformation.h"

namespace hanse::governance {

// Tags as a caller reads them: those whose value it may see. Looks up each tag once; one request, one thread.
class ShownTags {
 public:
  ShownTags(store::Transaction& tx, const Caller& caller) : tx_(tx), caller_(caller) {}
  // Nothing where there is none to show.
  Result<std::optional<std::vector<wire::lakeformation::LFTagPair>>> Pairs(const policy::Tags& tags);
  Result<std::optional<std::vector<wire::lakeformation::ColumnLFTag>>> Columns(
      const std::vector<std::pair<std::string, policy::Tags>>& columns);

 private:
  store::Transaction& tx_;
  const Caller& caller_;
  std::map<Id, std::optional<TagRow>> known_;
  std::map<std::pair<Id, std::string>, bool> seen_;
};

// Each column of a table with what it carries, or only with what it carries itself.
enum class Inheritance { kEffective, kAssigned };
std::vector<std::pair<std::string, policy::Tags>> ColumnTags(const store::TableRow& table, const TableTags& tags,
                                                             Inheritance inheritance);

}  // namespace hanse::governance
