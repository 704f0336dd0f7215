#include "server/query_world.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "base/random.h"
#include "server/asking.h"

namespace hanse::server {
namespace {

namespace athena = wire::athena;
namespace glue = wire::glue;

// Bucket and key of "s3://bucket/key".
std::pair<std::string, std::string> Place(const std::string& path) {
  std::string rest = path.substr(path.find("://") + 3);
  std::size_t slash = rest.find('/');
  return {rest.substr(0, slash), slash == std::string::npos ? std::string() : rest.substr(slash + 1)};
}

}  // namespace

std::unique_ptr<query::QueryTables> QueryWorld::TablesFor(const gate::Context& as, const std::string& query_id) {
  return std::make_unique<GovernedTables>(table_parts(), as, query_id);
}

Result<std::unique_ptr<query::QueryOutput>> QueryWorld::OpenOutput(const gate::Context& as, query::OutputRequest request) {
  WriteParts parts{parts_.gate,         parts_.store,  parts_.clock,      parts_.random,  parts_.callers,
                   parts_.table_writes, parts_.tables, parts_.partitions, parts_.staging, parts_.inside};
  return WrittenFiles::Open(parts, as, std::move(request));
}

Result<void> QueryWorld::WriteObjects(const gate::Context& as, std::vector<query::NewObject> objects,
                                      const std::optional<std::string>& kms_key, const query::WithObjects& also) {
  objects::StoreObjects store{.kms_key = kms_key, .also = also};
  std::vector<Result<void>> synced(objects.size());
  {
    std::vector<std::jthread> others;  // Each waits for the disk by itself.
    for (std::size_t i = 0; i < objects.size(); ++i) {
      auto [bucket, key] = Place(objects[i].path);
      store.bucket = std::move(bucket);
      TRY_ASSIGN(auto staged, parts_.staging.Begin());
      TRY(staged->Append(objects[i].bytes));
      store.objects.push_back({std::move(key), std::move(staged)});
      auto finish = [&done = synced[i], object = store.objects.back().staged] { done = object->Finish(); };
      if (i + 1 < objects.size()) {
        others.emplace_back(std::move(finish));
      } else {
        finish();
      }
    }
  }
  for (Result<void>& one : synced) TRY(std::move(one));
  return parts_.gate.Run(Asking(as, "s3", "PutObject"), store, parts_.staging);
}

Result<std::string> QueryWorld::ReadObject(const gate::Context& as, const std::string& path, std::uint64_t offset,
                                           std::uint64_t bytes_max) {
  auto [bucket, key] = Place(path);
  objects::OpenObjects open{bucket, {key}};
  TRY_ASSIGN(auto opened, parts_.gate.Run(Asking(as, "s3", "GetObject"), open, parts_.inside));
  const objects::OpenedObject& object = opened.front();
  if (offset >= object.size) return std::string();
  std::string bytes(std::min(bytes_max, object.size - offset), '\0');
  TRY(object.reader->ReadAt(offset, bytes));
  return bytes;
}

Result<glue::GetDatabasesResponse> QueryWorld::Call(const gate::Context& as, glue::GetDatabasesRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "GetDatabases"), catalog::GetDatabases{std::move(in)}, parts_.databases);
}

Result<glue::GetDatabaseResponse> QueryWorld::Call(const gate::Context& as, glue::GetDatabaseRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "GetDatabase"), catalog::GetDatabase{std::move(in)}, parts_.databases);
}

Result<glue::GetTablesResponse> QueryWorld::Call(const gate::Context& as, glue::GetTablesRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "GetTables"), catalog::GetTables{std::move(in)}, parts_.tables);
}

Result<glue::GetTableResponse> QueryWorld::Call(const gate::Context& as, glue::GetTableRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "GetTable"), catalog::GetTable{std::move(in)}, parts_.tables);
}

Result<glue::CreateDatabaseResponse> QueryWorld::Call(const gate::Context& as, glue::CreateDatabaseRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "CreateDatabase"), catalog::CreateDatabase{std::move(in)}, parts_.databases);
}

Result<glue::DeleteDatabaseResponse> QueryWorld::Call(const gate::Context& as, glue::DeleteDatabaseRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "DeleteDatabase"), catalog::DeleteDatabase{std::move(in)}, parts_.databases);
}

Result<athena::CreatePreparedStatementOutput> QueryWorld::Call(const gate::Context& as, athena::CreatePreparedStatementInput in) {
  return parts_.gate.Run(Asking(as, "athena", "CreatePreparedStatement"), query::CreatePreparedStatement{std::move(in)}, prepared_);
}

Result<athena::GetDataCatalogOutput> QueryWorld::Call(const gate::Context& as, athena::GetDataCatalogInput in) {
  return parts_.gate.Run(Asking(as, "athena", "GetDataCatalog"), query::GetDataCatalog{std::move(in)}, data_catalogs_);
}

Result<athena::GetPreparedStatementOutput> QueryWorld::Call(const gate::Context& as, athena::GetPreparedStatementInput in) {
  return parts_.gate.Run(Asking(as, "athena", "GetPreparedStatement"), query::GetPreparedStatement{std::move(in)}, prepared_);
}

Result<athena::DeletePreparedStatementOutput> QueryWorld::Call(const gate::Context& as, athena::DeletePreparedStatementInput in) {
  return parts_.gate.Run(Asking(as, "athena", "DeletePreparedStatement"), query::DeletePreparedStatement{std::move(in)}, prepared_);
}

Result<glue::DeleteTableResponse> QueryWorld::Call(const gate::Context& as, glue::DeleteTableRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "DeleteTable"), catalog::DeleteTable{std::move(in)}, parts_.tables);
}

Result<glue::UpdateDatabaseResponse> QueryWorld::Call(const gate::Context& as, glue::UpdateDatabaseRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "UpdateDatabase"), catalog::UpdateDatabase{std::move(in)}, parts_.databases);
}

Result<glue::CreateTableResponse> QueryWorld::Call(const gate::Context& as, glue::CreateTableRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "CreateTable"), catalog::CreateTable{std::move(in)}, parts_.tables);
}

Result<glue::UpdateTableResponse> QueryWorld::Call(const gate::Context& as, glue::UpdateTableRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "UpdateTable"), catalog::UpdateTable{std::move(in)}, parts_.tables);
}

Result<glue::GetPartitionResponse> QueryWorld::Call(const gate::Context& as, glue::GetPartitionRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "GetPartition"), catalog::GetPartition{std::move(in)}, parts_.partitions);
}

Result<glue::GetPartitionsResponse> QueryWorld::Call(const gate::Context& as, glue::GetPartitionsRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "GetPartitions"), catalog::GetPartitions{std::move(in)}, parts_.partitions);
}

Result<glue::UpdatePartitionResponse> QueryWorld::Call(const gate::Context& as, glue::UpdatePartitionRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "UpdatePartition"), catalog::UpdatePartition{std::move(in)}, parts_.partitions);
}

Result<glue::BatchCreatePartitionResponse> QueryWorld::Call(const gate::Context& as, glue::BatchCreatePartitionRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "BatchCreatePartition"), catalog::BatchCreatePartition{std::move(in)},
                         parts_.partitions);
}

Result<glue::BatchDeletePartitionResponse> QueryWorld::Call(const gate::Context& as, glue::BatchDeletePartitionRequest in) {
  return parts_.gate.Run(Asking(as, "glue", "BatchDeletePartition"), catalog::BatchDeletePartition{std::move(in)},
                         parts_.partitions);
}

Result<std::vector<std::string>> QueryWorld::DataBelow(const gate::Context& as, const std::string& query_id,
                                                       const glue::Table& table) {
  return GovernedTables(table_parts(), as, query_id).DataBelow(table);
}

}  // namespace hanse::server
