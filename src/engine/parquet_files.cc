#include "engine/parquet_files.h"

#include <fmt/format.h>

#include "base/text.h"
#include "duckdb/parser/expression/constant_expression.hpp"
#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/table_filter.hpp"
#include "engine/hive_types.h"
#include "engine/iceberg_table.h"
#include "engine/object_files.h"

namespace hanse::engine {

using duckdb::idx_t;

duckdb::vector<duckdb::OpenFileInfo> SelectedFiles::GetAllFiles() const {
  duckdb::vector<duckdb::OpenFileInfo> all;
  for (idx_t i = 0; i < selection_.size(); ++i) all.push_back(GetFile(i));
  return all;
}

duckdb::FileExpandResult SelectedFiles::GetExpandResult() const {
  if (selection_.size() == 0) return duckdb::FileExpandResult::NO_FILES;
  return selection_.size() == 1 ? duckdb::FileExpandResult::SINGLE_FILE : duckdb::FileExpandResult::MULTIPLE_FILES;
}

duckdb::OpenFileInfo SelectedFiles::GetFile(idx_t i) const {
  if (i >= selection_.size()) return duckdb::OpenFileInfo();
  return duckdb::OpenFileInfo(selection_.PathAt(i));
}

duckdb::unique_ptr<duckdb::MultiFileList> SelectedFiles::ComplexFilterPushdown(
    duckdb::ClientContext& context, const duckdb::MultiFileOptions&, duckdb::MultiFilePushdownInfo& info,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) const {
  auto column_of = [&](const duckdb::Expression& reference) {
    idx_t at = reference.Cast<duckdb::BoundColumnRefExpression>().binding.column_index;
    idx_t column = at < info.column_ids.size() ? info.column_ids[at] : duckdb::DConstants::INVALID_INDEX;
    return column < selection_.table().names.size() ? duckdb::optional_idx(column) : duckdb::optional_idx();
  };
  if (const auto& iceberg = selection_.table().iceberg) {
    return duckdb::make_uniq<SelectedFiles>(
        selection_.Only([&](idx_t file) { return iceberg->MayHold(file, filters, column_of); }));
  }
  duckdb::vector<duckdb::unique_ptr<duckdb::Expression>> predicates, rest;
  for (auto& filter : filters) {
    auto predicate = PartitionPredicate(*filter, selection_.table(), column_of);
    if (predicate) {
      predicates.push_back(std::move(predicate));
    } else {
      rest.push_back(std::move(filter));
    }
  }
  filters = std::move(rest);
  if (predicates.empty()) return nullptr;
  return duckdb::make_uniq<SelectedFiles>(selection_.Where(context, predicates));
}

duckdb::unique_ptr<duckdb::MultiFileList> SelectedFiles::DynamicFilterPushdown(duckdb::ClientContext& context,
                                                                               const duckdb::MultiFileOptions&,
                                                                               const duckdb::vector<std::string>&,
                                                                               const duckdb::vector<duckdb::LogicalType>&,
                                                                               const duckdb::vector<duckdb::column_t>& column_ids,
                                                                               duckdb::TableFilterSet& filters) const {
  const TableShape& table = selection_.table();
  duckdb::vector<duckdb::unique_ptr<duckdb::Expression>> predicates;
  for (auto& [at, filter] : filters.filters) {
    idx_t column = at < column_ids.size() ? column_ids[at] : duckdb::DConstants::INVALID_INDEX;
    if (column >= table.names.size() || !table.IsKey(column)) continue;
    auto predicate = filter->ToExpression(duckdb::BoundReferenceExpression(table.types[column], column - table.data_columns));
    if (CannotFail(*predicate)) predicates.push_back(std::move(predicate));
  }
  if (predicates.empty()) return nullptr;
  return duckdb::make_uniq<SelectedFiles>(selection_.Where(context, predicates));
}

duckdb::unique_ptr<duckdb::MultiFileReader> ShapedReader::Make(const duckdb::TableFunction& function) {
  return duckdb::make_uniq<ShapedReader>(function.function_info->Cast<ShapeInfo>().table);
}

duckdb::shared_ptr<duckdb::MultiFileList> ShapedReader::CreateFileList(duckdb::ClientContext&, const duckdb::vector<std::string>&,
                                                                       const duckdb::FileGlobInput&) {
  return duckdb::make_shared_ptr<SelectedFiles>(FileSelection(table_));
}

namespace {

// A column that a file may lack: NULL then, and so for the fields of structs.
duckdb::MultiFileColumnDefinition Optional(const std::string& name, const duckdb::LogicalType& type) {
  duckdb::MultiFileColumnDefinition column(name, type);
  column.default_expression = duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(type));
  if (type.id() == duckdb::LogicalTypeId::STRUCT) {
    for (const auto& [field, child] : duckdb::StructType::GetChildTypes(type)) column.children.push_back(Optional(field, child));
  } else if (type.id() == duckdb::LogicalTypeId::LIST) {
    column.children.push_back(Optional("list", duckdb::ListType::GetChildType(type)));
  } else if (type.id() == duckdb::LogicalTypeId::MAP) {
    column.children.push_back(Optional("key", duckdb::MapType::KeyType(type)));
    column.children.push_back(Optional("value", duckdb::MapType::ValueType(type)));
  }
  return column;
}

[[noreturn]] void RefuseType(const std::string& column, const duckdb::LogicalType& declared, const duckdb::LogicalType& stored) {
  throw duckdb::InvalidInputException(
      "HIVE_BAD_DATA: column '%s' is declared as type %s, but a Parquet file declares it as type %s", column, TrinoType(declared),
      TrinoType(stored));
}

using TypesById = std::map<std::int32_t, duckdb::LogicalType>;

void CollectById(const duckdb::vector<duckdb::MultiFileColumnDefinition>& columns, TypesById& types) {
  for (const auto& column : columns) {
    if (!column.identifier.IsNull() && column.identifier.type().id() == duckdb::LogicalTypeId::INTEGER) {
      types.emplace(column.GetIdentifierFieldId(), column.type);
    }
    CollectById(column.children, types);
  }
}

// What a file has of a column and of what is nested in it must read as the table has it.
void CheckFits(const duckdb::MultiFileColumnDefinition& column, const TypesById& stored, const std::string& name) {
  auto found = stored.find(column.GetIdentifierFieldId());
  if (found != stored.end()) {
    const bool fits = column.children.empty() ? ReadsAs(found->second, column.type) : found->second.id() == column.type.id();
    if (!fits) RefuseType(name, column.type, found->second);
  }
  for (const auto& child : column.children) CheckFits(child, stored, name);
}

void CheckIcebergFile(const IcebergScan& table, idx_t file, const duckdb::vector<duckdb::ColumnIndex>& column_ids,
                      const duckdb::vector<duckdb::MultiFileColumnDefinition>& columns) {
  TypesById stored;
  CollectById(columns, stored);
  if (stored.empty()) throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg data files without field ids");
  for (const auto& id : column_ids) {
    if (id.IsVirtualColumn()) continue;
    const auto& column = table.columns[id.GetPrimaryIndex()];
    if (table.partition_fields[file].contains(column.GetIdentifierFieldId()) && !stored.contains(column.GetIdentifierFieldId())) {
      throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg data files that leave out a column of their partition");
    }
    CheckFits(column, stored, column.name);
  }
}

}  // namespace

bool ShapedReader::Bind(duckdb::MultiFileOptions& options, duckdb::MultiFileList&, duckdb::vector<duckdb::LogicalType>& types,
                        duckdb::vector<std::string>& names, duckdb::MultiFileReaderBindData& bind) {
  options.auto_detect_hive_partitioning = false;
  options.hive_partitioning = false;
  types = table_->types;
  names = table_->names;
  if (table_->iceberg) {
    bind.schema = table_->iceberg->columns;
    bind.mapping = duckdb::MultiFileColumnMappingMode::BY_FIELD_ID;
    return true;
  }
  for (idx_t i = 0; i < names.size(); ++i) bind.schema.push_back(Optional(names[i], types[i]));
  bind.mapping = duckdb::MultiFileColumnMappingMode::BY_NAME;
  return true;
}

void ShapedReader::FinalizeBind(duckdb::MultiFileReaderData& data, const duckdb::MultiFileOptions& options,
                                const duckdb::MultiFileReaderBindData& bind,
                                const duckdb::vector<duckdb::MultiFileColumnDefinition>& columns,
                                const duckdb::vector<duckdb::ColumnIndex>& column_ids, duckdb::ClientContext& context,
                                duckdb::optional_ptr<duckdb::MultiFileReaderGlobalState> state) {
  MultiFileReader::FinalizeBind(data, options, bind, columns, column_ids, context, state);
  idx_t file = 0;
  if (!FileOfPath(data.reader->GetFileName(), &file)) throw duckdb::InternalException("a file of no table");
  if (table_->iceberg) return CheckIcebergFile(*table_->iceberg, file, column_ids, data.reader->columns);
  for (idx_t i = 0; i < column_ids.size(); ++i) {
    if (column_ids[i].IsVirtualColumn()) continue;
    idx_t column = column_ids[i].GetPrimaryIndex();
    if (table_->IsKey(column)) {
      data.constant_map.Add(duckdb::MultiFileGlobalIndex(i), table_->PartitionValue(file, column - table_->data_columns));
      continue;
    }
    for (const auto& local : data.reader->columns) {
      if (!EqualsIgnoreCase(local.name, table_->names[column]) || ReadsAs(local.type, table_->types[column])) continue;
      RefuseType(table_->names[column], table_->types[column], local.type);
    }
  }
}

}  // namespace hanse::engine
