#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/lake_tags.h"
#include "store/directory.h"

// LF-Tags in the store: the taxonomy of an account and region, and what databases, tables and columns carry.
namespace hanse::governance {

struct TagRow {
  Id id = 0;
  AccountId account;
  std::string region, key;
};

Result<std::optional<TagRow>> FindTag(store::Transaction& tx, std::string_view account, std::string_view region,
                                      std::string_view key);
Result<std::optional<TagRow>> FindTagById(store::Transaction& tx, Id id);
// In the order of keys, after `after`, at most `limit`.
Result<std::vector<TagRow>> ListTags(store::Transaction& tx, std::string_view account, std::string_view region,
                                     std::string_view after, std::int64_t limit);
Result<std::vector<std::string>> TagValues(store::Transaction& tx, Id tag);

// What a database and a table carry themselves; the names of the columns are in lower case.
struct TableTags {
  policy::Tags database, table;
  std::map<std::string, policy::Tags> columns;
};
Result<policy::Tags> DatabaseTags(store::Transaction& tx, Id database);
Result<TableTags> TagsOfTable(store::Transaction& tx, const store::TableRow& table);

}  // namespace hanse::governance
