#pragma once
#include "query/operation.h"

namespace hanse::query {

HANSE_ATHENA_OPERATION(CreateWorkGroup, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(GetWorkGroup, gate::Record::kRead);
HANSE_ATHENA_OPERATION(ListWorkGroups, gate::Record::kRead);
HANSE_ATHENA_OPERATION(UpdateWorkGroup, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(DeleteWorkGroup, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(ListEngineVersions, gate::Record::kRead);

// Workgroups of every account and region (lakeformation.md 8.2): who may query, where answers go, how much may be scanned.
// `primary` is there without a row until it is changed. Any thread.
class WorkGroups {
 public:
  Result<CreateWorkGroup::Answer> Do(const gate::Authorized<CreateWorkGroup>& call);
  Result<GetWorkGroup::Answer> Do(const gate::Authorized<GetWorkGroup>& call);
  Result<ListWorkGroups::Answer> Do(const gate::Authorized<ListWorkGroups>& call);
  Result<UpdateWorkGroup::Answer> Do(const gate::Authorized<UpdateWorkGroup>& call);
  Result<DeleteWorkGroup::Answer> Do(const gate::Authorized<DeleteWorkGroup>& call);
  Result<ListEngineVersions::Answer> Do(const gate::Authorized<ListEngineVersions>& call);

  // The workgroup as it stands; InvalidRequestException "WorkGroup X is not found." where there is none.
  static Result<wire::athena::WorkGroup> Read(store::Transaction& tx, const gate::Context& context, const std::string& name);
  // Gives it a row: `primary` may have none yet.
  static Result<void> Settle(store::Transaction& tx, const gate::Context& context, const std::string& name);
  // For what runs in it: InvalidRequestException too where it is disabled.
  static Result<wire::athena::WorkGroup> ReadEnabled(store::Transaction& tx, const gate::Context& context, const std::string& name);
};

using WorkGroupOperations =
    gate::List<CreateWorkGroup, GetWorkGroup, ListWorkGroups, UpdateWorkGroup, DeleteWorkGroup, ListEngineVersions>;

}  // namespace hanse::query
