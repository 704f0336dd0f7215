#pragma once
#include "governance/operation.h"
#include "wire/lakeformation.h"

// LF-Tags on databases, tables and columns (lakeformation.md, sections 3.2, 3.3 and 3.5), and what is found by them.
namespace hanse::governance {

struct AddLFTagsToResource : Writes<wire::lakeformation::op::AddLFTagsToResource> {};
struct RemoveLFTagsFromResource : Writes<wire::lakeformation::op::RemoveLFTagsFromResource> {};
struct GetResourceLFTags : Reads<wire::lakeformation::op::GetResourceLFTags> {};
struct SearchDatabasesByLFTags : Reads<wire::lakeformation::op::SearchDatabasesByLFTags> {};
struct SearchTablesByLFTags : Reads<wire::lakeformation::op::SearchTablesByLFTags> {};

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
