#include "query/metadata.h"

#include <fmt/format.h>

#include "query/data_catalog.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;
namespace glue = wire::glue;

std::unexpected<Error> MetadataFailed(const Error& error) {
  if (error.code != ErrorCode::kNotFound && error.code != ErrorCode::kAccessDenied) return std::unexpected(error);
  return FailAs(error.code, "MetadataException", error.message);
}

Result<std::optional<std::string>> CatalogIdOf(const gate::Call& call, const std::string& name) {
  auto id = DataCatalogs::CatalogId(call.tx(), call.context(), name);
  if (!id && id.error().code == ErrorCode::kInvalidArgument) {
    return FailAs(ErrorCode::kNotFound, "MetadataException", id.error().message);
  }
  return id;
}

athena::Database DatabaseOf(const glue::Database& database) {
  return {.name = database.name, .description = database.description, .parameters = database.parameters};
}

std::vector<athena::Column> ColumnsOf(const std::optional<std::vector<glue::Column>>& columns) {
  std::vector<athena::Column> all;
  for (const glue::Column& column : columns.value_or(std::vector<glue::Column>{})) {
    all.push_back({.name = column.name, .type = column.type, .comment = column.comment});
  }
  return all;
}

athena::TableMetadata TableOf(const glue::Table& table) {
  athena::TableMetadata metadata{.name = table.name,
                                 .create_time = table.create_time,
                                 .last_access_time = table.last_access_time,
                                 .table_type = table.table_type,
                                 .columns = std::vector<athena::Column>{},
                                 .partition_keys = ColumnsOf(table.partition_keys)};
  std::map<std::string, std::string> parameters = table.parameters.value_or(std::map<std::string, std::string>{});
  if (const auto& storage = table.storage_descriptor) {
    metadata.columns = ColumnsOf(storage->columns);
    if (storage->input_format) parameters["inputformat"] = *storage->input_format;
    if (storage->output_format) parameters["outputformat"] = *storage->output_format;
    if (storage->location) parameters["location"] = *storage->location;
    if (storage->serde_info && storage->serde_info->serialization_library) {
      parameters["serde.serialization.lib"] = *storage->serde_info->serialization_library;
    }
  }
  metadata.parameters = std::move(parameters);
  return metadata;
}

}  // namespace

Result<std::vector<gate::Need>> ListDatabases::On(const gate::Context& context, store::Transaction&) const {
  return OnDataCatalog(context, kRule.name, *in.catalog_name);
}
Result<std::vector<gate::Need>> GetDatabase::On(const gate::Context& context, store::Transaction&) const {
  return OnDataCatalog(context, kRule.name, *in.catalog_name);
}
Result<std::vector<gate::Need>> ListTableMetadata::On(const gate::Context& context, store::Transaction&) const {
  return OnDataCatalog(context, kRule.name, *in.catalog_name);
}
Result<std::vector<gate::Need>> GetTableMetadata::On(const gate::Context& context, store::Transaction&) const {
  return OnDataCatalog(context, kRule.name, *in.catalog_name);
}

Result<ListDatabases::Answer> Metadata::Do(const gate::Authorized<ListDatabases>& call) {
  TRY_ASSIGN(auto catalog, CatalogIdOf(call, *call->in.catalog_name));
  auto page = world_.Call(
      call.context(),
      glue::GetDatabasesRequest{.catalog_id = catalog, .next_token = call->in.next_token, .max_results = call->in.max_results});
  if (!page) return MetadataFailed(page.error());
  ListDatabases::Answer answer{.database_list = std::vector<athena::Database>{}, .next_token = page->next_token};
  for (const glue::Database& database : page->database_list.value_or(std::vector<glue::Database>{})) {
    answer.database_list->push_back(DatabaseOf(database));
  }
  return answer;
}

Result<GetDatabase::Answer> Metadata::Do(const gate::Authorized<GetDatabase>& call) {
  TRY_ASSIGN(auto catalog, CatalogIdOf(call, *call->in.catalog_name));
  auto got = world_.Call(call.context(), glue::GetDatabaseRequest{.catalog_id = catalog, .name = call->in.database_name});
  if (!got) return MetadataFailed(got.error());
  return GetDatabase::Answer{.database = DatabaseOf(*got->database)};
}

Result<ListTableMetadata::Answer> Metadata::Do(const gate::Authorized<ListTableMetadata>& call) {
  TRY_ASSIGN(auto catalog, CatalogIdOf(call, *call->in.catalog_name));
  auto page = world_.Call(call.context(), glue::GetTablesRequest{.catalog_id = catalog,
                                                                 .database_name = call->in.database_name,
                                                                 .expression = call->in.expression,
                                                                 .next_token = call->in.next_token,
                                                                 .max_results = call->in.max_results});
  if (!page) return MetadataFailed(page.error());
  ListTableMetadata::Answer answer{.table_metadata_list = std::vector<athena::TableMetadata>{}, .next_token = page->next_token};
  for (const glue::Table& table : page->table_list.value_or(std::vector<glue::Table>{}))
    answer.table_metadata_list->push_back(TableOf(table));
  return answer;
}

Result<GetTableMetadata::Answer> Metadata::Do(const gate::Authorized<GetTableMetadata>& call) {
  TRY_ASSIGN(auto catalog, CatalogIdOf(call, *call->in.catalog_name));
  auto got = world_.Call(
      call.context(),
      glue::GetTableRequest{.catalog_id = catalog, .database_name = call->in.database_name, .name = call->in.table_name});
  if (!got) return MetadataFailed(got.error());
  return GetTableMetadata::Answer{.table_metadata = TableOf(*got->table)};
}

}  // namespace hanse::query
