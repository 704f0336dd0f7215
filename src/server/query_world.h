#pragma once
#include "catalog/database.h"
#include "catalog/partition.h"
#include "catalog/table.h"
#include "objects/objects.h"
#include "query/data_catalog.h"
#include "query/prepared_statement.h"
#include "server/governed_tables.h"
#include "server/written_files.h"

namespace hanse::server {

// What statements touch, through the gate as their caller.
class QueryWorld final : public query::World {
 public:
  struct Parts {
    const gate::Gate& gate;
    store::Store& store;
    const Clock& clock;
    identity::Callers& callers;
    const catalog::QueryTables& query_tables;
    const HeldRights& held_rights;
    const catalog::Databases& databases;
    const catalog::Tables& tables;
    const catalog::Partitions& partitions;
    objects::Inside& inside;
    Warehouses& warehouses;
    const catalog::TableWrites& table_writes;
    objects::Staging& staging;
    Random& random;
  };
  explicit QueryWorld(Parts parts) : parts_(parts) {}

  std::unique_ptr<query::QueryTables> TablesFor(const gate::Context& as, const std::string& query_id) override;
  Result<std::unique_ptr<query::QueryOutput>> OpenOutput(const gate::Context& as, query::OutputRequest request) override;
  Result<void> WriteObjects(const gate::Context& as, std::vector<query::NewObject> objects,
                            const std::optional<std::string>& kms_key, const query::WithObjects& also) override;
  Result<std::string> ReadObject(const gate::Context& as, const std::string& path, std::uint64_t offset,
                                 std::uint64_t bytes_max) override;
  Result<wire::glue::GetDatabasesResponse> Call(const gate::Context& as, wire::glue::GetDatabasesRequest in) override;
  Result<wire::glue::GetDatabaseResponse> Call(const gate::Context& as, wire::glue::GetDatabaseRequest in) override;
  Result<wire::glue::GetTablesResponse> Call(const gate::Context& as, wire::glue::GetTablesRequest in) override;
  Result<wire::glue::GetTableResponse> Call(const gate::Context& as, wire::glue::GetTableRequest in) override;
  Result<wire::glue::CreateDatabaseResponse> Call(const gate::Context& as, wire::glue::CreateDatabaseRequest in) override;
  Result<wire::glue::DeleteDatabaseResponse> Call(const gate::Context& as, wire::glue::DeleteDatabaseRequest in) override;
  Result<wire::athena::GetDataCatalogOutput> Call(const gate::Context& as, wire::athena::GetDataCatalogInput in) override;
  Result<wire::athena::CreatePreparedStatementOutput> Call(const gate::Context& as,
                                                           wire::athena::CreatePreparedStatementInput in) override;
  Result<wire::athena::GetPreparedStatementOutput> Call(const gate::Context& as,
                                                        wire::athena::GetPreparedStatementInput in) override;
  Result<wire::athena::DeletePreparedStatementOutput> Call(const gate::Context& as,
                                                           wire::athena::DeletePreparedStatementInput in) override;
  Result<wire::glue::DeleteTableResponse> Call(const gate::Context& as, wire::glue::DeleteTableRequest in) override;
  Result<wire::glue::UpdateDatabaseResponse> Call(const gate::Context& as, wire::glue::UpdateDatabaseRequest in) override;
  Result<wire::glue::CreateTableResponse> Call(const gate::Context& as, wire::glue::CreateTableRequest in) override;
  Result<wire::glue::UpdateTableResponse> Call(const gate::Context& as, wire::glue::UpdateTableRequest in) override;
  Result<wire::glue::GetPartitionResponse> Call(const gate::Context& as, wire::glue::GetPartitionRequest in) override;
  Result<wire::glue::GetPartitionsResponse> Call(const gate::Context& as, wire::glue::GetPartitionsRequest in) override;
  Result<wire::glue::UpdatePartitionResponse> Call(const gate::Context& as, wire::glue::UpdatePartitionRequest in) override;
  Result<wire::glue::BatchCreatePartitionResponse> Call(const gate::Context& as,
                                                        wire::glue::BatchCreatePartitionRequest in) override;
  Result<wire::glue::BatchDeletePartitionResponse> Call(const gate::Context& as,
                                                        wire::glue::BatchDeletePartitionRequest in) override;
  Result<std::vector<std::string>> DataBelow(const gate::Context& as, const std::string& query_id,
                                             const wire::glue::Table& table) override;

 private:
  TableParts table_parts() {
    return {parts_.gate,        parts_.store,  parts_.clock,      parts_.callers, parts_.query_tables,
            parts_.held_rights, parts_.inside, parts_.warehouses, *this};
  }

  Parts parts_;
  const query::PreparedStatements prepared_{};
  const query::DataCatalogs data_catalogs_{};
};

}  // namespace hanse::server
