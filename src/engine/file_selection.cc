#include "engine/file_selection.h"

#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "engine/hive_types.h"
#include "engine/iceberg_table.h"
#include "engine/object_files.h"

namespace hanse::engine {

using duckdb::Expression;
using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using duckdb::idx_t;

namespace {

duckdb::LogicalType TypeOrThrow(const ColumnSource& column) {
  auto type = TypeOfHive(column.hive_type);
  if (!type) throw duckdb::InvalidInputException("HIVE_INVALID_METADATA: column '%s': %s", column.name, type.error().message);
  return *type;
}

duckdb::Value TypedKey(const std::optional<std::string>& text, const duckdb::LogicalType& type, const std::string& key) {
  if (!text) return duckdb::Value(type);
  duckdb::Value value(*text);
  std::string error;
  duckdb::Value typed;
  if (!value.DefaultTryCastAs(type, typed, &error, true)) {
    throw duckdb::InvalidInputException("HIVE_INVALID_PARTITION_VALUE: a partition's value of key '%s' is no %s", key,
                                        TrinoType(type));
  }
  return typed;
}

}  // namespace

duckdb::Value TableShape::PartitionValue(idx_t file, idx_t key) const {
  return partitions[file / STANDARD_VECTOR_SIZE]->GetValue(key, file % STANDARD_VECTOR_SIZE);
}

duckdb::shared_ptr<const TableShape> ShapeOf(TableSource source, std::string nonce, std::shared_ptr<IcebergTable> iceberg) {
  auto shape = duckdb::make_shared_ptr<TableShape>();
  shape->source = std::move(source);
  shape->nonce = std::move(nonce);
  shape->iceberg = std::move(iceberg);
  const TableSource& table = shape->source;
  shape->data_columns = table.columns.size();
  if (shape->iceberg) {
    for (const auto& column : shape->iceberg->columns()) {
      shape->names.push_back(column.name);
      shape->types.push_back(column.type);
    }
    return shape;
  }
  for (const auto* columns : {&table.columns, &table.keys}) {
    for (const ColumnSource& column : *columns) {
      shape->names.push_back(column.name);
      shape->types.push_back(TypeOrThrow(column));
    }
  }
  if (table.keys.empty()) return shape;
  duckdb::vector<duckdb::LogicalType> key_types(shape->types.begin() + static_cast<std::ptrdiff_t>(shape->data_columns),
                                                shape->types.end());
  for (idx_t begin = 0; begin < table.files.size(); begin += STANDARD_VECTOR_SIZE) {
    idx_t count = std::min<idx_t>(STANDARD_VECTOR_SIZE, table.files.size() - begin);
    auto chunk = duckdb::make_uniq<duckdb::DataChunk>();
    chunk->Initialize(duckdb::Allocator::DefaultAllocator(), key_types);
    for (idx_t i = 0; i < count; ++i) {
      const auto& values = table.files[begin + i].partition;
      if (values.size() != key_types.size())
        throw duckdb::InvalidInputException("HIVE_INVALID_PARTITION_VALUE: wrong number of values");
      for (idx_t k = 0; k < key_types.size(); ++k) chunk->SetValue(k, i, TypedKey(values[k], key_types[k], table.keys[k].name));
    }
    chunk->SetCardinality(count);
    shape->partitions.push_back(std::move(chunk));
  }
  return shape;
}

FileSelection::FileSelection(duckdb::shared_ptr<const TableShape> table) : table_(std::move(table)) {
  if (table_->iceberg) iceberg_ = std::make_shared<IcebergChoice>(table_->iceberg, std::vector<IcebergCondition>());
}

idx_t FileSelection::size() const {
  if (iceberg_) return iceberg_->files().size();
  return chosen_ ? chosen_->size() : table_->source.files.size();
}

idx_t FileSelection::FileAt(idx_t i) const {
  if (iceberg_) return iceberg_->files()[i];
  return chosen_ ? (*chosen_)[i] : i;
}

std::uint64_t FileSelection::ObjectAt(idx_t i) const {
  if (iceberg_) return table_->iceberg->At(FileAt(i)).object;
  return table_->source.files[FileAt(i)].object;
}

std::string FileSelection::PathAt(idx_t i) const { return ObjectPath(table_->nonce, FileAt(i), ObjectAt(i)); }

std::uint64_t FileSelection::Bytes() const {
  std::uint64_t bytes = 0;
  for (idx_t i = 0; i < size(); ++i) {
    bytes += iceberg_ ? table_->iceberg->At(FileAt(i)).file.bytes : table_->source.files[FileAt(i)].bytes;
  }
  return bytes;
}

FileSelection FileSelection::MayHold(std::vector<IcebergCondition> conditions) const {
  FileSelection fewer(table_);
  fewer.iceberg_ = iceberg_->With(std::move(conditions));
  return fewer;
}

FileSelection FileSelection::Where(duckdb::ClientContext& context,
                                   const duckdb::vector<duckdb::unique_ptr<Expression>>& predicates) const {
  std::vector<bool> keep(table_->source.files.size(), true);
  duckdb::SelectionVector selected(STANDARD_VECTOR_SIZE);
  for (const auto& predicate : predicates) {
    duckdb::ExpressionExecutor executor(context, *predicate);
    for (idx_t c = 0; c < table_->partitions.size(); ++c) {
      auto& chunk = *table_->partitions[c];
      std::vector<bool> holds(chunk.size(), false);
      idx_t count = executor.SelectExpression(chunk, selected);
      for (idx_t i = 0; i < count; ++i) holds[selected.get_index(i)] = true;
      for (idx_t i = 0; i < chunk.size(); ++i) {
        if (!holds[i]) keep[c * STANDARD_VECTOR_SIZE + i] = false;
      }
    }
  }
  auto chosen = duckdb::make_shared_ptr<duckdb::vector<std::uint32_t>>();
  for (idx_t i = 0; i < size(); ++i) {
    if (keep[FileAt(i)]) chosen->push_back(static_cast<std::uint32_t>(FileAt(i)));
  }
  FileSelection fewer(table_);
  fewer.chosen_ = std::move(chosen);
  return fewer;
}

bool CannotFail(const Expression& expression) {
  switch (expression.GetExpressionClass()) {
    case ExpressionClass::BOUND_COLUMN_REF:
    case ExpressionClass::BOUND_REF:
    case ExpressionClass::BOUND_CONSTANT: return true;
    case ExpressionClass::BOUND_COMPARISON:
    case ExpressionClass::BOUND_CONJUNCTION:
    case ExpressionClass::BOUND_BETWEEN: break;
    case ExpressionClass::BOUND_OPERATOR:
      switch (expression.GetExpressionType()) {
        case ExpressionType::OPERATOR_IS_NULL:
        case ExpressionType::OPERATOR_IS_NOT_NULL:
        case ExpressionType::OPERATOR_NOT:
        case ExpressionType::COMPARE_IN:
        case ExpressionType::COMPARE_NOT_IN: break;
        default: return false;
      }
      break;
    default: return false;
  }
  bool all = true;
  duckdb::ExpressionIterator::EnumerateChildren(expression, [&](const Expression& child) { all = all && CannotFail(child); });
  return all;
}

namespace {

bool ToKeys(duckdb::unique_ptr<Expression>& expression, const TableShape& table,
            const std::function<duckdb::optional_idx(const Expression&)>& column_of) {
  if (expression->GetExpressionClass() == ExpressionClass::BOUND_COLUMN_REF) {
    duckdb::optional_idx column = column_of(*expression);
    if (!column.IsValid() || !table.IsKey(column.GetIndex()) || table.types[column.GetIndex()] != expression->return_type)
      return false;
    expression =
        duckdb::make_uniq<duckdb::BoundReferenceExpression>(expression->return_type, column.GetIndex() - table.data_columns);
    return true;
  }
  bool all = true;
  duckdb::ExpressionIterator::EnumerateChildren(
      *expression, [&](duckdb::unique_ptr<Expression>& child) { all = all && ToKeys(child, table, column_of); });
  return all;
}

}  // namespace

duckdb::unique_ptr<Expression> PartitionPredicate(const Expression& filter, const TableShape& table,
                                                  const std::function<duckdb::optional_idx(const Expression&)>& column_of) {
  if (table.source.keys.empty() || filter.IsVolatile() || filter.IsScalar() || !CannotFail(filter)) return nullptr;
  auto copy = filter.Copy();
  if (!ToKeys(copy, table, column_of)) return nullptr;
  return copy;
}

}  // namespace hanse::engine
