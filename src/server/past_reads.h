#pragma once
#include "audit/index.h"
#include "steward/effects.h"

namespace hanse::server {

// The reads of tables that the journal holds: GetDataAccess of the readers' accounts, through the index.
class PastReads final : public steward::PastReads {
 public:
  static constexpr int kReadsMax = 5000;
  explicit PastReads(audit::Index& index) : index_(index) {}
  Result<std::vector<steward::PastRead>> Of(const AccountId& account, const std::string& region, TimeMs since_ms) override;
  // A user by its name; a role by who assumed it.
  Result<bool> Acted(const store::Principal& who, const std::string& region, TimeMs since_ms) override;

 private:
  audit::Index& index_;
};

}  // namespace hanse::server
