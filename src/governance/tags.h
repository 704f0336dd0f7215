#pragma once
#include "base/clock.h"
#include "governance/operation.h"
#include "wire/lakeformation.h"

// LF-Tags, the taxonomy (lakeformation.md, sections 1.4, 3.1, 3.3 and 3.5).
namespace hanse::governance {

struct CreateLFTag : Writes<wire::lakeformation::op::CreateLFTag> {};
struct GetLFTag : Reads<wire::lakeformation::op::GetLFTag> {};
struct UpdateLFTag : Writes<wire::lakeformation::op::UpdateLFTag> {};
struct DeleteLFTag : Writes<wire::lakeformation::op::DeleteLFTag> {};
struct ListLFTags : Reads<wire::lakeformation::op::ListLFTags> {};

// Any thread.
class LFTags {
 public:
  static constexpr std::size_t kMaxTags = 1000, kMaxValues = 1000;
  Result<CreateLFTag::Answer> Do(const gate::Authorized<CreateLFTag>& call);
  Result<GetLFTag::Answer> Do(const gate::Authorized<GetLFTag>& call);
  Result<UpdateLFTag::Answer> Do(const gate::Authorized<UpdateLFTag>& call);
  Result<DeleteLFTag::Answer> Do(const gate::Authorized<DeleteLFTag>& call);
  Result<ListLFTags::Answer> Do(const gate::Authorized<ListLFTags>& call);
};

using TagOperations = gate::List<CreateLFTag, GetLFTag, UpdateLFTag, DeleteLFTag, ListLFTags>;

}  // namespace hanse::governance
