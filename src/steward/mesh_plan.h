#pragma once
#include "gate/wire_operation.h"
#include "steward/effects.h"
#include "steward/mesh_change.h"
#include "wire/hanse_service.h"

// PlanMesh, ApplyMesh, ExportMesh: the mesh as one document. A plan makes the very change that apply would make, in a transaction
// that is never committed, and compares what everybody sees before and after.
namespace hanse::steward {

template <class W, gate::Record kHow>
struct AsksAboutMesh : gate::WireOperation<W, kHow> {
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const {
    return std::vector<gate::Need>{{.action = "hanse:" + std::string(W::kName), .resource = "*", .owner = {}}};
  }
};
struct PlanMesh : AsksAboutMesh<wire::hanse_service::op::PlanMesh, gate::Record::kRead> {};
struct ApplyMesh : AsksAboutMesh<wire::hanse_service::op::ApplyMesh, gate::Record::kWrite> {};
struct ExportMesh : AsksAboutMesh<wire::hanse_service::op::ExportMesh, gate::Record::kRead> {};

// Any thread; what it refers to outlives it.
class MeshPlan {
 public:
  static constexpr std::size_t kEffectsMax = 2000;  // That one answer holds.
  static constexpr TimeMs kReplayedMs = 7LL * 24 * 60 * 60 * 1000;

  MeshPlan(Doors doors, MeshParts parts, PastReads& past_reads) : doors_(doors), parts_(parts), past_reads_(past_reads) {}
  Result<PlanMesh::Answer> Do(const gate::Authorized<PlanMesh>& call) const;
  Result<ApplyMesh::Answer> Do(const gate::Authorized<ApplyMesh>& call) const;
  Result<ExportMesh::Answer> Do(const gate::Authorized<ExportMesh>& call) const;

 private:
  Result<std::vector<PastRead>> ReadsOfThose(const std::vector<wire::hanse_service::Effect>& effects, const gate::Call& call) const;

  Doors doors_;
  MeshParts parts_;
  PastReads& past_reads_;
};

using MeshPlanOperations = gate::List<PlanMesh, ApplyMesh, ExportMesh>;

}  // namespace hanse::steward
