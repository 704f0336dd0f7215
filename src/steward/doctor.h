#pragma once
#include <string>
#include <vector>

#include "gate/wire_operation.h"
#include "steward/effects.h"
#include "wire/hanse_service.h"

// DiagnoseMesh: what is risky or forgotten in catalogs, each with the command that mends it. It reads and advises; it changes
// nothing. Only of accounts that the caller oversees (subject.h).
namespace hanse::steward {

struct DiagnoseMesh : gate::WireOperation<wire::hanse_service::op::DiagnoseMesh, gate::Record::kRead> {
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const {
    return std::vector<gate::Need>{{.action = "hanse:DiagnoseMesh", .resource = "*", .owner = {}}};
  }
};

// One catalog under examination. Each check adds what it finds.
struct Examined {
  const Doors& doors;
  PastReads& past;
  store::Transaction& tx;
  const RequestInfo& now;
  AccountId account;
  std::vector<store::TableRow> tables;  // Its own, no links; at most kTablesMax.
  std::vector<wire::hanse_service::Finding> found;

  void Add(std::string kind, std::string severity, std::string subject, std::string text, std::string command);
};

Result<void> CheckOpenToIam(Examined* examined);       // IAM_ALLOWED_PRINCIPALS on what is created, and on what there is.
Result<void> CheckGrantsPerTable(Examined* examined);  // Where one grant by tag would give the same.
Result<void> CheckTags(Examined* examined);            // Tables without a tag that grants ask for; columns that look personal.
Result<void> CheckShares(Examined* examined);          // Shares that nobody has read through.
Result<void> CheckBypass(Examined* examined);          // Who reads registered places without Lake Formation.
Result<void> CheckAdmins(Examined* examined);          // Administrators who have done nothing for long.

// Any thread; what it refers to outlives it.
class Doctor {
 public:
  static constexpr std::int64_t kTablesMax = 20'000;
  static constexpr TimeMs kIdleMs = 90LL * 24 * 60 * 60 * 1000;

  Doctor(Doors doors, PastReads& past) : doors_(doors), past_(past) {}
  Result<DiagnoseMesh::Answer> Do(const gate::Authorized<DiagnoseMesh>& call) const;

 private:
  Doors doors_;
  PastReads& past_;
};

using DoctorOperations = gate::List<DiagnoseMesh>;

}  // namespace hanse::steward
