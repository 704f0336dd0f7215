#pragma once
#include "governance/operation.h"
#include "wire/lakeformation.h"

// LF-Tags on databases, tables and columns (lakeformation.md, sections 3.2, 3.3 and 3.5), and what is found by them.
namespace hanse::governance {

struct AddLFTagsToResource : LakeOperation<wire::lakeformation::op::AddLFTagsToResource> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct RemoveLFTagsFromResource : LakeOperation<wire::lakeformation::op::RemoveLFTagsFromResource> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct GetResourceLFTags : LakeOperation<wire::lakeformation::op::GetResourceLFTags> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};
struct SearchDatabasesByLFTags : LakeOperation<wire::lakeformation::op::SearchDatabasesByLFTags> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};
struct SearchTablesByLFTags : LakeOperation<wire::lakeformation::op::SearchTablesByLFTags> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};

// Any thread.
class TagAssignment {
 public:
  static constexpr std::size_t kMaxTagsOnResource = 50;
  Result<AddLFTagsToResource::Answer> Do(const gate::Authorized<AddLFTagsToResource>& call);
  Result<RemoveLFTagsFromResource::Answer> Do(const gate::Authorized<RemoveLFTagsFromResource>& call);
  Result<GetResourceLFTags::Answer> Do(const gate::Authorized<GetResourceLFTags>& call);
};

class TagSearch {
 public:
  Result<SearchDatabasesByLFTags::Answer> Do(const gate::Authorized<SearchDatabasesByLFTags>& call);
  Result<SearchTablesByLFTags::Answer> Do(const gate::Authorized<SearchTablesByLFTags>& call);
};

using TagAssignmentOperations =
    gate::List<AddLFTagsToResource, RemoveLFTagsFromResource, GetResourceLFTags, SearchDatabasesByLFTags, SearchTablesByLFTags>;

}  // namespace hanse::governance
