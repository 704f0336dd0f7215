#include "catalog/definition.h"

#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/names.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using wire::glue::Column;
using wire::glue::StorageDescriptor;
using wire::glue::Table;
using wire::glue::TableInput;

Result<void> FoldColumns(std::string_view member, std::optional<std::vector<Column>>* columns, std::set<std::string>* seen) {
  if (!*columns) return {};
  if ((*columns)->size() > kColumnsMax)
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{} has more than {} columns.", member, kColumnsMax));
  for (Column& column : **columns) {
    std::string name = Lower(column.name.value_or(""));
    bool one_line = !name.empty();
    for (unsigned char c : name) one_line = one_line && c >= 0x20;
    if (!one_line)
      return Fail(ErrorCode::kInvalidArgument, fmt::format("{}: the name of a column must be one line of text.", member));
    if (!seen->insert(name).second) return Fail(ErrorCode::kInvalidArgument, fmt::format("{}: duplicate column {}.", member, name));
    column.name = std::move(name);
  }
  return {};
}

std::vector<std::string> NamesOf(const std::optional<std::vector<Column>>& columns) {
  std::vector<std::string> names;
  if (columns) {
    for (const Column& column : *columns) names.push_back(*column.name);
  }
  return names;
}

// What of a TableInput is kept as it is.
Table Definition(const TableInput& input) {
  Table table;
  table.name = input.name;
  table.description = input.description;
  table.owner = input.owner;
  table.last_access_time = input.last_access_time;
  table.last_analyzed_time = input.last_analyzed_time;
  table.retention = input.retention;
  table.storage_descriptor = input.storage_descriptor;
  table.partition_keys = input.partition_keys;
  table.view_original_text = input.view_original_text;
  table.view_expanded_text = input.view_expanded_text;
  table.table_type = input.table_type;
  table.parameters = input.parameters;
  return table;
}

// Fills what of the row comes from the definition.
Result<void> Fill(Table* table, store::TableRow* row) {
  std::set<std::string> seen;
  if (table->storage_descriptor) {
    TRY(FoldColumns("StorageDescriptor.Columns", &table->storage_descriptor->columns, &seen));
    TRY(NormalizeStorage(&*table->storage_descriptor));
    row->columns = NamesOf(table->storage_descriptor->columns);
    row->location = NormalLocation(table->storage_descriptor->location.value_or(""));
  } else {
    row->columns.clear();
    row->location.clear();
  }
  TRY(FoldColumns("PartitionKeys", &table->partition_keys, &seen));
  row->keys = NamesOf(table->partition_keys);
  row->definition = wire::ToJson(*table);
  return {};
}

Result<void> RefuseForeign(const TableInput& input, const CheckedView& view) {
  if (input.federated_table) return Fail(ErrorCode::kUnsupported, "TableInput.FederatedTable");
  if (input.view_definition && !view) return Fail(ErrorCode::kUnsupported, "TableInput.ViewDefinition");
  return {};
}

void SetView(CheckedView view, const std::string& action, const Author& author, Table* table) {
  if (!view) return;
  table->view_definition = std::move(view);
  table->is_multi_dialect_view = true;
  const wire::Timestamp now{author.now_ms};
  table->status = wire::glue::TableStatus{.requested_by = author.arn,
                                          .updated_by = author.arn,
                                          .request_time = now,
                                          .update_time = now,
                                          .action = action,
                                          .state = "SUCCESS"};
}

}  // namespace

Result<void> NormalizeStorage(StorageDescriptor* storage) {
  auto fold = [](std::optional<std::vector<std::string>>& names) {
    if (!names) return;
    for (std::string& name : *names) name = Lower(name);
  };
  fold(storage->bucket_columns);
  if (storage->skewed_info) fold(storage->skewed_info->skewed_column_names);
  if (storage->sort_columns) {
    for (auto& order : *storage->sort_columns) order.column = Lower(order.column.value_or(""));
  }
  if (storage->columns) {
    for (Column& column : *storage->columns) column.name = Lower(column.name.value_or(""));
  }
  return {};
}

std::vector<std::string> LocationsOf(const std::optional<StorageDescriptor>& storage) {
  std::vector<std::string> places;
  if (!storage) return places;
  if (storage->location) places.push_back(NormalLocation(*storage->location));
  if (storage->additional_locations) {
    for (const std::string& more : *storage->additional_locations) places.push_back(NormalLocation(more));
  }
  if (storage->skewed_info && storage->skewed_info->skewed_column_value_location_maps) {
    for (const auto& [value, place] : *storage->skewed_info->skewed_column_value_location_maps)
      places.push_back(NormalLocation(place));
  }
  return places;
}

Result<store::TableRow> NewTableRow(const store::DatabaseRow& home, const TableInput& input, const Author& author,
                                    CheckedView view) {
  TRY(RefuseForeign(input, view));
  store::TableRow row;
  TRY_ASSIGN(row.name, FoldName("TableInput.Name", input.name.value_or("")));
  row.database = home.id;
  row.account = home.account;
  row.region = home.region;
  row.database_name = home.name;
  Table table = Definition(input);
  table.name = row.name;
  table.create_time = wire::Timestamp{author.now_ms};
  table.update_time = wire::Timestamp{author.now_ms};
  table.created_by = author.arn;
  SetView(std::move(view), "CREATE", author, &table);
  if (input.target_table) {
    const wire::glue::TableIdentifier& target = *input.target_table;
    if (target.catalog_id.value_or("").empty() || target.database_name.value_or("").empty() || target.name.value_or("").empty()) {
      return Fail(ErrorCode::kInvalidArgument, "TableInput.TargetTable must have CatalogId, DatabaseName and Name.");
    }
    if (input.storage_descriptor) return Fail(ErrorCode::kInvalidArgument, "A resource link has no StorageDescriptor.");
    row.target = {*target.catalog_id, target.region.value_or(""), Lower(*target.database_name), Lower(*target.name)};
    table.target_table = target;
  }
  TRY(Fill(&table, &row));
  return row;
}

Result<store::TableRow> NextTableRow(const store::TableRow& row, const TableInput& input, const Author& author, CheckedView view) {
  TRY(RefuseForeign(input, view));
  if (input.target_table)
    return Fail(ErrorCode::kInvalidArgument, "A table cannot become a resource link, nor a link point elsewhere.");
  TRY_ASSIGN(Table before, wire::FromJson<Table>(row.definition));
  store::TableRow next = row;
  next.version = row.version + 1;
  Table table = Definition(input);
  table.name = row.name;
  table.create_time = before.create_time;
  table.created_by = before.created_by;
  table.update_time = wire::Timestamp{author.now_ms};
  SetView(std::move(view), "UPDATE", author, &table);
  TRY(Fill(&table, &next));
  return next;
}

Result<store::DatabaseRow> NewDatabaseRow(const AccountId& account, std::string_view region, const wire::glue::DatabaseInput& input,
                                          TimeMs now_ms) {
  if (input.federated_database) return Fail(ErrorCode::kUnsupported, "DatabaseInput.FederatedDatabase");
  store::DatabaseRow row;
  TRY_ASSIGN(row.name, FoldName("DatabaseInput.Name", input.name.value_or("")));
  row.account = account;
  row.region = std::string(region);
  row.location = NormalLocation(input.location_uri.value_or(""));
  wire::glue::Database database{.name = row.name,
                                .description = input.description,
                                .location_uri = input.location_uri,
                                .parameters = input.parameters,
                                .create_time = wire::Timestamp{now_ms},
                                .create_table_default_permissions = input.create_table_default_permissions,
                                .target_database = input.target_database};
  if (input.target_database) {
    const wire::glue::DatabaseIdentifier& target = *input.target_database;
    if (target.catalog_id.value_or("").empty() || target.database_name.value_or("").empty()) {
      return Fail(ErrorCode::kInvalidArgument, "DatabaseInput.TargetDatabase must have CatalogId and DatabaseName.");
    }
    row.target = {*target.catalog_id, target.region.value_or(""), Lower(*target.database_name), {}};
  }
  row.definition = wire::ToJson(database);
  return row;
}

Result<wire::glue::Database> ShownDatabase(const store::DatabaseRow& named, const store::DatabaseRow* followed) {
  TRY_ASSIGN(auto shown, wire::FromJson<wire::glue::Database>(named.definition));
  if (followed != nullptr && followed->id != named.id) {
    TRY_ASSIGN(auto target, wire::FromJson<wire::glue::Database>(followed->definition));
    shown.description = target.description;
    shown.location_uri = target.location_uri;
    shown.parameters = target.parameters;
    shown.create_table_default_permissions = target.create_table_default_permissions;
  }
  shown.catalog_id = named.account;
  return shown;
}

std::string GlueErrorCode(const Error& error) {
  if (!error.name.empty()) return error.name;
  switch (error.code) {
    case ErrorCode::kInvalidArgument: return "InvalidInputException";
    case ErrorCode::kNotFound: return "EntityNotFoundException";
    case ErrorCode::kAlreadyExists: return "AlreadyExistsException";
    case ErrorCode::kAccessDenied: return "AccessDeniedException";
    case ErrorCode::kConflict: return "ConcurrentModificationException";
    case ErrorCode::kLimitExceeded: return "ResourceNumberLimitExceededException";
    case ErrorCode::kTimeout: return "OperationTimeoutException";
    default: return "InternalServiceException";
  }
}

wire::glue::ErrorDetail ErrorDetailOf(const Error& error) {
  return {.error_code = GlueErrorCode(error), .error_message = error.message};
}

}  // namespace hanse::catalog
