#include "engine/parquet_files.h"

#include <fmt/format.h>

#include "base/text.h"
#include "duckdb/parser/expression/constant_expression.hpp"
#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/table_filter.hpp"
#include "engine/hive_types.h"
#include "engine/iceberg_table.h"
#include "engine/object_files.h"
#include "engine/parquet_fields.h"

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
    std::vector<IcebergCondition> conditions;
    auto field_of = [&](const duckdb::Expression& reference) -> std::optional<std::int32_t> {
      const auto column = column_of(reference);
      return column.IsValid() ? std::optional(iceberg->columns()[column.GetIndex()].GetIdentifierFieldId()) : std::nullopt;
    };
    for (const auto& filter : filters) {
      if (auto condition = IcebergConditionOf(*filter, field_of)) conditions.push_back(*std::move(condition));
    }
    if (conditions.empty()) return nullptr;
    return duckdb::make_uniq<SelectedFiles>(selection_.MayHold(std::move(conditions)));
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

}  // namespace

void RefuseType(const std::string& column, const duckdb::LogicalType& declared, const duckdb::LogicalType& stored) {
  throw duckdb::InvalidInputException(
      "HIVE_BAD_DATA: column '%s' is declared as type %s, but a Parquet file declares it as type %s", column, TrinoType(declared),
      TrinoType(stored));
}

bool ShapedReader::Bind(duckdb::MultiFileOptions& options, duckdb::MultiFileList&, duckdb::vector<duckdb::LogicalType>& types,
                        duckdb::vector<std::string>& names, duckdb::MultiFileReaderBindData& bind) {
  options.auto_detect_hive_partitioning = false;
  options.hive_partitioning = false;
  types = table_->types;
  names = table_->names;
  if (table_->iceberg) {
    bind.schema = table_->iceberg->columns();
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
  if (table_->iceberg) {
    FieldColumns wanted;
    for (const auto& id : column_ids) {
      if (!id.IsVirtualColumn()) wanted.push_back(table_->iceberg->columns()[id.GetPrimaryIndex()]);
    }
    CheckFieldsFit(wanted, data.reader->columns, table_->iceberg->PartitionFieldsOf(file));
    data.reader->deletion_filter = table_->iceberg->DeletedRowsOf(context, file);
    return;
  }
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
