#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/caller.h"
#include "store/store.h"

namespace hanse::keys {

// Another name of a key, of its own account and region. A row of `key_aliases`.
struct Alias {
  AccountId account;
  std::string region, name;  // "alias/x"
  std::string key_id = {};   // Of the key that it names.
  TimeMs created_ms = 0, updated_ms = 0;
};

Result<std::optional<Alias>> FindAlias(store::Transaction& tx, std::string_view account, std::string_view region,
                                       std::string_view name);
// In the order of names, after `after`; of one key alone where `key` is not 0.
Result<std::vector<Alias>> AliasesOf(store::Transaction& tx, std::string_view account, std::string_view region, Id key,
                                     std::string_view after, std::int64_t limit);
Result<void> InsertAlias(store::Transaction& tx, const Alias& alias, Id key);

}  // namespace hanse::keys
