#pragma once
#include "catalog/access.h"
#include "catalog/page.h"
#include "catalog/query_authorization.h"
#include "gate/wire_operation.h"
#include "wire/glue.h"

// What an engine outside is told that applies columns, rows and cells itself: the whole table, and what of it the caller may see.
// Source: lakeformation.md, section 6.2 and Appendix A.4. The same callers as credentials are vended to (outside_reader.h); who may
// describe and not read gets no column authorized, from an authorized engine only.
namespace hanse::catalog {

template <class W>
using UnfilteredOperation = gate::WireOperation<W, gate::Record::kRead>;

struct GetUnfilteredTableMetadata : UnfilteredOperation<wire::glue::op::GetUnfilteredTableMetadata> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;  // glue:GetTable
};
struct GetUnfilteredPartitionMetadata : UnfilteredOperation<wire::glue::op::GetUnfilteredPartitionMetadata> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;  // glue:GetPartition
};
struct GetUnfilteredPartitionsMetadata : UnfilteredOperation<wire::glue::op::GetUnfilteredPartitionsMetadata> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;  // glue:GetPartitions
};

// Any thread; what it is given outlives it.
class Unfiltered {
 public:
  Unfiltered(const Access& access, const Pages& pages, const QueryAuthorizations& authorizations)
      : access_(access), pages_(pages), authorizations_(authorizations) {}
  Result<GetUnfilteredTableMetadata::Answer> Do(const gate::Authorized<GetUnfilteredTableMetadata>& call) const;
  Result<GetUnfilteredPartitionMetadata::Answer> Do(const gate::Authorized<GetUnfilteredPartitionMetadata>& call) const;
  Result<GetUnfilteredPartitionsMetadata::Answer> Do(const gate::Authorized<GetUnfilteredPartitionsMetadata>& call) const;

 private:
  // The table, opened for an engine that may be told of it whole: then no column is hidden from what is shown of it.
  struct Opened {
    OpenedTable table;
    policy::TableAccess access;  // What the caller has; no column is authorized where nothing is readable.
  };
  Result<Opened> OpenFor(const gate::Call& call, std::string_view action,
                         const wire::glue::GetUnfilteredTableMetadataRequest& what) const;
  Result<bool> Registered(const gate::Call& call, const store::TableRow& table, const std::string& location) const;

  const Access& access_;
  const Pages& pages_;
  const QueryAuthorizations& authorizations_;
};

namespace unfiltered {
using Operations = gate::List<GetUnfilteredTableMetadata, GetUnfilteredPartitionMetadata, GetUnfilteredPartitionsMetadata>;
}

}  // namespace hanse::catalog
