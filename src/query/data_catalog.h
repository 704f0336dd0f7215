#pragma once
#include "engine/database_name.h"
#include "query/operation.h"

namespace hanse::query {

HANSE_ATHENA_OPERATION(CreateDataCatalog, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(UpdateDataCatalog, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(DeleteDataCatalog, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(GetDataCatalog, gate::Record::kRead);
HANSE_ATHENA_OPERATION(ListDataCatalogs, gate::Record::kRead);

// Data catalogs (lakeformation.md 8.5): names by which an account's statements reach the catalogs of others. AwsDataCatalog is the
// account's own and always there; the others are of type GLUE, an account's number each. A name is no right: whose tables they are
// decides. Names are compared in lower case. Any thread.
class DataCatalogs {
 public:
  Result<CreateDataCatalog::Answer> Do(const gate::Authorized<CreateDataCatalog>& call) const;
  Result<UpdateDataCatalog::Answer> Do(const gate::Authorized<UpdateDataCatalog>& call) const;
  Result<DeleteDataCatalog::Answer> Do(const gate::Authorized<DeleteDataCatalog>& call) const;
  Result<GetDataCatalog::Answer> Do(const gate::Authorized<GetDataCatalog>& call) const;
  Result<ListDataCatalogs::Answer> Do(const gate::Authorized<ListDataCatalogs>& call) const;

  // InvalidRequestException "Data catalog X is not found." where there is none.
  static Result<wire::athena::DataCatalog> Read(store::Transaction& tx, const gate::Context& context, const std::string& name);
  // As Glue's requests name it; nothing: the caller's own account's. Fails as Read() does.
  static Result<std::optional<std::string>> CatalogId(store::Transaction& tx, const gate::Context& context,
                                                      const std::string& name);
  // Those besides AwsDataCatalog.
  static Result<std::vector<engine::DataCatalog>> Named(store::Transaction& tx, const gate::Context& context);
};

using DataCatalogOperations = gate::List<CreateDataCatalog, UpdateDataCatalog, DeleteDataCatalog, GetDataCatalog, ListDataCatalogs>;

}  // namespace hanse::query
