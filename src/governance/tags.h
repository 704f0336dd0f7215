#pragma once
#include "base/clock.h"
#include "governance/operation.h"
#include "wire/lakeformation.h"

// LF-Tags, the taxonomy (lakeformation.md, sections 1.4, 3.1, 3.3 and 3.5).
namespace hanse::governance {

struct CreateLFTag : LakeOperation<wire::lakeformation::op::CreateLFTag> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct GetLFTag : LakeOperation<wire::lakeformation::op::GetLFTag> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};
struct UpdateLFTag : LakeOperation<wire::lakeformation::op::UpdateLFTag> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct DeleteLFTag : LakeOperation<wire::lakeformation::op::DeleteLFTag> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct ListLFTags : LakeOperation<wire::lakeformation::op::ListLFTags> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};

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
