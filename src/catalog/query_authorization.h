#pragma once
#include <string>

#include "base/random.h"
#include "crypto/key.h"
#include "model/caller.h"
#include "policy/lake.h"

namespace hanse::catalog {

// The QueryAuthorizationId that an engine is told with a table's metadata, and brings when it asks for credentials
// (lakeformation.md, section 6.3): sealed, good for the same principal, table and policy for twelve hours. It gives nothing of
// itself; everything is decided again. At most 255 characters. Any thread.
class QueryAuthorizations {
 public:
  static constexpr std::int64_t kLife_ms = std::int64_t{12} * 3600 * 1000;

  QueryAuthorizations(const crypto::Key& key, Random& random) : key_(key.Derive("query authorizations")), random_(random) {}
  std::string Give(const Caller& reader, Id table, const policy::TableAccess& access, TimeMs now_ms) const;
  bool Fits(const std::string& authorization, const Caller& reader, Id table, const policy::TableAccess& access,
            TimeMs now_ms) const;

 private:
  crypto::Key key_;
  Random& random_;
};

}  // namespace hanse::catalog
