#include <fmt/format.h>

#include <random>

#include "duckdb/common/serializer/deserializer.hpp"
#include "duckdb/common/serializer/serializer.hpp"
#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "duckdb/storage/statistics/base_statistics.hpp"
#include "duckdb/storage/statistics/node_statistics.hpp"
#include "engine/governed_bind.h"
#include "engine/iceberg_table.h"

namespace hanse::engine {

using duckdb::ClientContext;
using duckdb::ColumnIndex;
using duckdb::FunctionData;
using duckdb::idx_t;

namespace {

const GovernedBind& Of(const FunctionData* data) { return data->Cast<GovernedBind>(); }

void ToInnerColumns(duckdb::unique_ptr<duckdb::Expression>& expression, const duckdb::vector<ColumnIndex>& columns) {
  if (expression->GetExpressionClass() == duckdb::ExpressionClass::BOUND_COLUMN_REF) {
    auto& binding = expression->Cast<duckdb::BoundColumnRefExpression>().binding;
    binding = duckdb::ColumnBinding(0, columns[binding.column_index].GetPrimaryIndex());
    return;
  }
  duckdb::ExpressionIterator::EnumerateChildren(
      *expression, [&](duckdb::unique_ptr<duckdb::Expression>& child) { ToInnerColumns(child, columns); });
}

// Whether a user's predicate may run inside the inner scan, below the row filter and the masks.
bool MayRunBelow(const GovernedBind& bind, const duckdb::Expression& filter, const duckdb::vector<ColumnIndex>& columns) {
  if (!bind.Plain() && !CannotFail(filter)) return false;
  if (bind.masks.empty()) return true;
  std::set<idx_t> used;
  CollectColumns(filter, used);
  for (idx_t column : used) {
    if (columns[column].IsVirtualColumn() || bind.masks.contains(columns[column].GetPrimaryIndex())) return false;
  }
  return true;
}

void PushdownComplexFilter(ClientContext& context, duckdb::LogicalGet& get, FunctionData* data, Expressions& filters) {
  auto& bind = data->Cast<GovernedBind>();
  // A private node: neither file names nor filters land in the plan that the user can see (rule 5).
  duckdb::LogicalGet inner(get.table_index, bind.inner, nullptr, bind.table->types, bind.table->names,
                           duckdb::virtual_column_map_t());
  duckdb::vector<ColumnIndex> columns;
  for (const ColumnIndex& column : get.GetColumnIds()) {
    columns.push_back(column.IsVirtualColumn() ? column : ColumnIndex(bind.visible[column.GetPrimaryIndex()]));
  }
  inner.SetColumnIds(duckdb::vector<ColumnIndex>(columns));
  Expressions below, above;
  for (auto& filter : filters) {
    bool pushed = MayRunBelow(bind, *filter, columns);
    // <> skips no row group: it would be asked of every row twice.
    if (pushed && !bind.masks.empty() && filter->type != duckdb::ExpressionType::COMPARE_NOTEQUAL) {
      auto copy = filter->Copy();
      ToInnerColumns(copy, columns);
      bind.user_prune.push_back(std::move(copy));
    }
    (pushed ? below : above).push_back(std::move(filter));
  }
  bind.inner.pushdown_complex_filter(context, inner, bind.inner_bind.get(), below);
  filters = std::move(below);
  for (auto& filter : above) filters.push_back(std::move(filter));
}

duckdb::unique_ptr<duckdb::BaseStatistics> Statistics(ClientContext& context, const FunctionData* data, duckdb::column_t column) {
  const auto& bind = Of(data);
  if (duckdb::IsVirtualColumn(column)) return nullptr;
  idx_t inner_column = bind.visible[column];
  if (bind.masks.contains(inner_column) || bind.table->IsKey(inner_column)) return nullptr;
  return bind.inner.statistics(context, bind.statistics_bind.get(), inner_column);
}

// Coarse, so that it tells no count of hidden rows: a power of four of what the bytes of the files may hold.
duckdb::unique_ptr<duckdb::NodeStatistics> Cardinality(ClientContext&, const FunctionData* data) {
  const auto& bind = Of(data);
  std::uint64_t bytes = 0;
  for (const FileSource& file : bind.table->source.files) bytes += file.bytes;
  std::uint64_t rows = bind.table->iceberg ? bind.table->iceberg->rows_about() : bytes / (4 * bind.table->names.size());
  rows = rows / (bind.FiltersRows() ? 5 : 1) + 1;
  std::uint64_t coarse = 1;
  while (coarse < rows) coarse *= 4;
  return duckdb::make_uniq<duckdb::NodeStatistics>(coarse);
}

double Progress(ClientContext& context, const FunctionData* data, const duckdb::GlobalTableFunctionState* state) {
  const auto& bind = Of(data);
  return bind.inner.table_scan_progress(context, bind.inner_bind.get(), InnerGlobal(*state));
}

duckdb::OperatorPartitionData PartitionData(ClientContext& context, duckdb::TableFunctionGetPartitionInput& input) {
  const auto& bind = input.bind_data->Cast<GovernedBind>();
  duckdb::TableFunctionGetPartitionInput inner(bind.inner_bind.get(), InnerLocal(*input.local_state),
                                               InnerGlobal(*input.global_state), input.partition_info);
  return bind.inner.get_partition_data(context, inner);
}

duckdb::vector<duckdb::PartitionStatistics> PartitionStats(ClientContext& context, duckdb::GetPartitionStatsInput& input) {
  const auto& bind = input.bind_data->Cast<GovernedBind>();
  duckdb::GetPartitionStatsInput inner(bind.inner, bind.inner_bind.get());
  auto partitions = bind.inner.get_partition_stats(context, inner);
  // Rule 10: the row group answers min and max by the number of the file's own column, hidden or masked ones too. Counts stay.
  for (auto& partition : partitions) partition.partition_row_group = nullptr;
  return partitions;
}

duckdb::virtual_column_map_t VirtualColumns(ClientContext& context, duckdb::optional_ptr<FunctionData> data) {
  const auto& bind = data->Cast<GovernedBind>();
  duckdb::virtual_column_map_t columns;
  if (!bind.inner.get_virtual_columns) return columns;
  // Rule 8: the ids stay (count(*), late materialisation), the names are nobody's.
  static const std::string kNameless = fmt::format("\x01{:x}_", std::random_device{}());
  for (const auto& [id, column] : bind.inner.get_virtual_columns(context, bind.inner_bind.get())) {
    std::string name = id == duckdb::COLUMN_IDENTIFIER_EMPTY ? column.name : kNameless + std::to_string(id);
    columns.insert(std::make_pair(id, duckdb::TableColumn(name, column.type)));
  }
  return columns;
}

duckdb::vector<duckdb::column_t> RowIdColumns(ClientContext& context, duckdb::optional_ptr<FunctionData> data) {
  const auto& bind = data->Cast<GovernedBind>();
  return bind.inner.get_row_id_columns(context, bind.inner_bind.get());
}

duckdb::InsertionOrderPreservingMap<std::string> ToText(duckdb::TableFunctionToStringInput& input) {
  const auto& source = input.bind_data->Cast<GovernedBind>().table->source;
  duckdb::InsertionOrderPreservingMap<std::string> text;
  text["Table"] = source.shown();
  return text;
}

// Rule 11: see BindRegistry.
void Serialize(duckdb::Serializer& serializer, const duckdb::optional_ptr<FunctionData> data, const duckdb::TableFunction&) {
  auto registry = data->Cast<GovernedBind>().registry.lock();
  if (!registry) throw duckdb::SerializationException("no session");
  serializer.WriteProperty(100, "number", registry->Keep(data->Copy()));
}

duckdb::unique_ptr<FunctionData> Deserialize(duckdb::Deserializer& deserializer, duckdb::TableFunction& function) {
  auto number = deserializer.ReadProperty<idx_t>(100, "number");
  auto session = Session::Of(deserializer.Get<ClientContext&>());
  if (!session) throw duckdb::SerializationException("no session");
  auto data = session->registry->Take(number);
  function = GovernedFunction(data->Cast<GovernedBind>());
  return data;
}

duckdb::unique_ptr<FunctionData> NobodyBinds(ClientContext&, duckdb::TableFunctionBindInput&, duckdb::vector<duckdb::LogicalType>&,
                                             duckdb::vector<std::string>&) {
  throw duckdb::BinderException("there is no such function");
}

}  // namespace

duckdb::TableFunction UncallableGovernedFunction() {
  duckdb::TableFunction function(kGovernedScan, {}, GovernedScan, NobodyBinds);
  function.serialize = Serialize;
  function.deserialize = Deserialize;
  return function;
}

duckdb::TableFunction GovernedFunction(const GovernedBind& bind) {
  duckdb::TableFunction function(kGovernedScan, {}, GovernedScan, NobodyBinds, GovernedInitGlobal, GovernedInitLocal);
  const duckdb::TableFunction& inner = bind.inner;
  bool masked = !bind.masks.empty();
  function.projection_pushdown = inner.projection_pushdown;
  // Rule 3: no filter of the user's and no late materialisation below a mask.
  function.filter_pushdown = inner.filter_pushdown && !masked;
  function.filter_prune = inner.filter_prune;
  function.late_materialization = inner.late_materialization && !masked;
  function.sampling_pushdown = false;
  function.get_row_id_columns = inner.get_row_id_columns ? RowIdColumns : nullptr;
  function.get_virtual_columns = VirtualColumns;
  function.cardinality = Cardinality;
  // Rule 2: minima and maxima of hidden rows would shape the plan.
  // Of Iceberg they would be found by a column's name, which in a file may be another column's.
  function.statistics = inner.statistics && !bind.FiltersRows() && !bind.table->iceberg ? Statistics : nullptr;
  function.table_scan_progress = inner.table_scan_progress ? Progress : nullptr;
  function.get_partition_data = inner.get_partition_data ? PartitionData : nullptr;
  // Rule 1: a count from metadata counts hidden rows, and deleted ones.
  const bool counts =
      inner.get_partition_stats && !bind.FiltersRows() && !(bind.table->iceberg && bind.table->iceberg->has_deletes());
  function.get_partition_stats = counts ? PartitionStats : nullptr;
  function.pushdown_complex_filter = PushdownComplexFilter;
  // Rule 4: any expression may fail, and then says on which value.
  function.pushdown_expression = inner.pushdown_expression && bind.Plain() ? inner.pushdown_expression : nullptr;
  function.to_string = ToText;
  function.serialize = Serialize;
  function.deserialize = Deserialize;
  function.global_initialization = inner.global_initialization;
  return function;
}

}  // namespace hanse::engine
