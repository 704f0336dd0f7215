#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/key.h"
#include "model/caller.h"
#include "store/store.h"

namespace hanse::objects {

// The keys under which objects lie, as objects/ needs them; keys/ has them, server/ connects the two. All calls read (and where
// said, write) in the caller's transaction, so that a key that was disabled shuts at once. Any thread.
class DataKeys {
 public:
  virtual ~DataKeys() = default;

  // The ARN of the account's alias/domain; made where there is none yet (then `tx` must write).
  virtual Result<std::string> Domain(store::Transaction& tx, std::string_view account, std::string_view region, TimeMs now_ms) = 0;
  // The ARN of the key that goes by this name (id, ARN, alias) for an account; nothing where there is none.
  virtual Result<std::optional<std::string>> Find(store::Transaction& tx, std::string_view name, std::string_view account,
                                                  std::string_view region) = 0;
  // Seals or opens a data key; `context` binds it to its blob. KMS.NotFoundException, KMS.DisabledException and their like where
  // nobody may now. Whether the caller may at all is asked before (key_use.h).
  virtual Result<std::string> Wrap(store::Transaction& tx, std::string_view arn, const crypto::Key& data_key,
                                   std::string_view context) = 0;
  virtual Result<crypto::Key> Unwrap(store::Transaction& tx, std::string_view arn, std::string_view wrapped,
                                     std::string_view context) = 0;
};

}  // namespace hanse::objects
