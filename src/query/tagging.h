#pragma once
#include "query/operation.h"

namespace hanse::query {

HANSE_ATHENA_OPERATION(TagResource, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(UntagResource, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(ListTagsForResource, gate::Record::kRead);

// The tags of workgroups and data catalogs, which their rows keep. Only the caller's own: others, and what is not there, answer
// ResourceNotFoundException alike. Any thread.
class Tagging {
 public:
  Result<TagResource::Answer> Do(const gate::Authorized<TagResource>& call) const;
  Result<UntagResource::Answer> Do(const gate::Authorized<UntagResource>& call) const;
  Result<ListTagsForResource::Answer> Do(const gate::Authorized<ListTagsForResource>& call) const;
};

// As a row keeps the tags of a new thing. InvalidRequestException where there are too many.
Result<std::string> KeptTags(const std::optional<std::vector<wire::athena::Tag>>& tags);

using TaggingOperations = gate::List<TagResource, UntagResource, ListTagsForResource>;

}  // namespace hanse::query
