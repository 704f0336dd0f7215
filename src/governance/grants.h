#pragma once
#include "base/random.h"
#include "governance/operation.h"
#include "wire/lakeformation.h"

// GrantPermissions, RevokePermissions and their batches (lakeformation.md, sections 2.2 to 2.8, 3.5, 5.2 to 5.6).
namespace hanse::governance {

struct GrantPermissions : Writes<wire::lakeformation::op::GrantPermissions> {};
struct RevokePermissions : Writes<wire::lakeformation::op::RevokePermissions> {};
struct BatchGrantPermissions : Writes<wire::lakeformation::op::BatchGrantPermissions> {};
struct BatchRevokePermissions : Writes<wire::lakeformation::op::BatchRevokePermissions> {};

// Any thread.
class Grants {
 public:
  static constexpr std::size_t kMaxBatch = 20;
  explicit Grants(Random& random) : random_(random) {}
  Result<GrantPermissions::Answer> Do(const gate::Authorized<GrantPermissions>& call);
  Result<RevokePermissions::Answer> Do(const gate::Authorized<RevokePermissions>& call);
  Result<BatchGrantPermissions::Answer> Do(const gate::Authorized<BatchGrantPermissions>& call);
  Result<BatchRevokePermissions::Answer> Do(const gate::Authorized<BatchRevokePermissions>& call);

 private:
  Random& random_;
};

using GrantOperations = gate::List<GrantPermissions, RevokePermissions, BatchGrantPermissions, BatchRevokePermissions>;

}  // namespace hanse::governance
