#pragma once
#include "catalog/access.h"
#include "wire/glue.h"

// Tags of databases, tables and crawlers. A database or table must be visible in the lake, too.
namespace hanse::catalog {

struct TagResource {
  static constexpr gate::Rule kRule{"glue", "TagResource", gate::Record::kWrite};
  using Wire = wire::glue::op::TagResource;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct UntagResource {
  static constexpr gate::Rule kRule{"glue", "UntagResource", gate::Record::kWrite};
  using Wire = wire::glue::op::UntagResource;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetTags {
  static constexpr gate::Rule kRule{"glue", "GetTags", gate::Record::kRead};
  using Wire = wire::glue::op::GetTags;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread; what it is given outlives it.
class Tags {
 public:
  explicit Tags(const Access& access) : access_(access) {}
  Result<TagResource::Answer> Do(const gate::Authorized<TagResource>& call) const;
  Result<UntagResource::Answer> Do(const gate::Authorized<UntagResource>& call) const;
  Result<GetTags::Answer> Do(const gate::Authorized<GetTags>& call) const;

 private:
  // The thing that an ARN names; kNotFound where it is not there for the caller.
  Result<Id> ThingOf(const gate::Call& call, const std::optional<std::string>& arn) const;

  const Access& access_;
};

namespace tags {
using Operations = gate::List<TagResource, UntagResource, GetTags>;
}

}  // namespace hanse::catalog
