#pragma once
#include <string>
#include <vector>

#include "base/clock.h"
#include "gate/wire_operation.h"
#include "steward/effects.h"
#include "steward/samples.h"
#include "wire/hanse_service.h"

// DiagnoseMesh: what is risky or forgotten in catalogs, each with the command that mends it. It reads and advises; it changes
// nothing. Only of accounts that the caller oversees (subject.h). Values of a few tables are looked at as whoever acts in their
// account may read them (actor.h): what is said of them is their kind and how many are of it, never a value.
namespace hanse::steward {

struct DiagnoseMesh : gate::WireOperation<wire::hanse_service::op::DiagnoseMesh, gate::Record::kRead> {
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const {
    return std::vector<gate::Need>{{.action = "hanse:DiagnoseMesh", .resource = "*", .owner = {}}};
  }
};

// What is left of the reading of values, over all catalogs of a request.
struct Sampling {
  Samples& samples;
  const Clock& clock;
  std::size_t tables_left = 0;
  TimeMs until_ms = 0;
  std::int64_t sampled = 0, not_sampled = 0;  // Tables.
};

// One catalog under examination. Each check adds what it finds.
struct Examined {
  const Doors& doors;
  PastReads& past;
  Sampling& sampling;
  const std::optional<Caller>& reader;  // Who reads values; nothing: nobody may.
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
Result<void> CheckValues(Examined* examined);          // Columns whose values look personal.
Result<void> CheckShares(Examined* examined);          // Shares that nobody has read through.
Result<void> CheckBypass(Examined* examined);          // Who reads registered places without Lake Formation.
Result<void> CheckAdmins(Examined* examined);          // Administrators who have done nothing for long.

// Any thread; what it refers to outlives it.
class Doctor {
 public:
  static constexpr std::int64_t kTablesMax = 20'000;
  static constexpr TimeMs kIdleMs = 90LL * 24 * 60 * 60 * 1000;

  static constexpr std::int64_t kSampledTables = 50;  // Where the request does not say.
  static constexpr TimeMs kSamplingMs = 20'000;       // Of one request.

  Doctor(Doors doors, PastReads& past, Samples& samples, const Clock& clock)
      : doors_(doors), past_(past), samples_(samples), clock_(clock) {}
  Result<DiagnoseMesh::Answer> Do(const gate::Authorized<DiagnoseMesh>& call) const;

 private:
  Doors doors_;
  PastReads& past_;
  Samples& samples_;
  const Clock& clock_;
};

using DoctorOperations = gate::List<DiagnoseMesh>;

}  // namespace hanse::steward
