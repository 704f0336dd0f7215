#pragma once
#include "catalog/access.h"
#include "catalog/page.h"
#include "wire/glue.h"

// The versions of a table: the current one and what UpdateTable archived. Source: lakeformation.md 2.3, 7.2.
namespace hanse::catalog {

struct GetTableVersion {
  static constexpr gate::Rule kRule{"glue", "GetTableVersion", gate::Record::kRead};
  using Wire = wire::glue::op::GetTableVersion;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// The newest first.
struct GetTableVersions {
  static constexpr gate::Rule kRule{"glue", "GetTableVersions", gate::Record::kRead};
  using Wire = wire::glue::op::GetTableVersions;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct DeleteTableVersion {
  static constexpr gate::Rule kRule{"glue", "DeleteTableVersion", gate::Record::kWrite};
  using Wire = wire::glue::op::DeleteTableVersion;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct BatchDeleteTableVersion {
  static constexpr gate::Rule kRule{"glue", "BatchDeleteTableVersion", gate::Record::kWrite};
  using Wire = wire::glue::op::BatchDeleteTableVersion;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread; what it is given outlives it.
class TableVersions {
 public:
  static constexpr std::size_t kPageMax = 100;

  TableVersions(const Access& access, const Pages& pages) : access_(access), pages_(pages) {}
  Result<GetTableVersion::Answer> Do(const gate::Authorized<GetTableVersion>& call) const;
  Result<GetTableVersions::Answer> Do(const gate::Authorized<GetTableVersions>& call) const;
  Result<DeleteTableVersion::Answer> Do(const gate::Authorized<DeleteTableVersion>& call) const;
  Result<BatchDeleteTableVersion::Answer> Do(const gate::Authorized<BatchDeleteTableVersion>& call) const;

 private:
  const Access& access_;
  const Pages& pages_;
};

namespace version {
using Operations = gate::List<GetTableVersion, GetTableVersions, DeleteTableVersion, BatchDeleteTableVersion>;
}

}  // namespace hanse::catalog
