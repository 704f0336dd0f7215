#include "engine/governed_bind.h"

#include <fmt/format.h>

#include "base/text.h"
#include "duckdb/common/multi_file/multi_file_states.hpp"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/parser/tableref/table_function_ref.hpp"
#include "duckdb/planner/binder.hpp"
#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/expression_binder/where_binder.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "duckdb/planner/operator/logical_filter.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "engine/hive_types.h"
#include "engine/parquet_files.h"
#include "engine/row_filter.h"

namespace hanse::engine {

using duckdb::idx_t;

duckdb::unique_ptr<duckdb::FunctionData> GovernedBind::Copy() const {
  auto copy = duckdb::make_uniq<GovernedBind>();
  copy->table = table;
  copy->registry = registry;
  copy->inner = inner;
  copy->inner_bind = inner_bind->Copy();
  copy->statistics_bind = statistics_bind;
  copy->visible = visible;
  for (const auto& filter : row_filters) copy->row_filters.push_back(filter->Copy());
  for (const auto& predicate : user_prune) copy->user_prune.push_back(predicate->Copy());
  for (const auto& [column, mask] : masks) copy->masks[column] = mask->Copy();
  return copy;
}

bool GovernedBind::Equals(const duckdb::FunctionData& other) const {
  const auto& that = other.Cast<GovernedBind>();
  return table == that.table && inner_bind->Equals(*that.inner_bind);
}

void CollectColumns(const duckdb::Expression& expression, std::set<idx_t>& columns) {
  if (expression.GetExpressionClass() == duckdb::ExpressionClass::BOUND_COLUMN_REF) {
    columns.insert(expression.Cast<duckdb::BoundColumnRefExpression>().binding.column_index);
  }
  duckdb::ExpressionIterator::EnumerateChildren(expression,
                                                [&](const duckdb::Expression& child) { CollectColumns(child, columns); });
}

namespace {

[[noreturn]] void Refuse(const TableSource& table, const char* why) {
  // What the filter says is not the caller's business; that the table cannot be read is.
  throw duckdb::PermissionException("GENERIC_INTERNAL_ERROR: table '%s' cannot be read: %s", table.shown(), why);
}

// Casts that binding put in: of constants they are done now, so that none fails while rows are read; of columns they must be unable
// to fail, because the error would tell a hidden value.
void SettleCasts(duckdb::ClientContext& context, duckdb::unique_ptr<duckdb::Expression>& expression) {
  duckdb::ExpressionIterator::EnumerateChildren(
      *expression, [&](duckdb::unique_ptr<duckdb::Expression>& child) { SettleCasts(context, child); });
  if (expression->GetExpressionClass() != duckdb::ExpressionClass::BOUND_CAST) return;
  if (expression->IsFoldable()) {
    auto value = duckdb::ExpressionExecutor::EvaluateScalar(context, *expression);
    expression = duckdb::make_uniq<duckdb::BoundConstantExpression>(std::move(value));
    return;
  }
  const auto& cast = expression->Cast<duckdb::BoundCastExpression>();
  if (!ReadsAs(cast.child->return_type, cast.return_type)) throw duckdb::BinderException("a column would be cast");
}

idx_t ColumnOf(const TableShape& table, const std::string& name) {
  for (idx_t i = 0; i < table.names.size(); ++i) {
    if (EqualsIgnoreCase(table.names[i], name)) return i;
  }
  Refuse(table.source, "its grants name a column that it has not");
}

const duckdb::TableFunction& ScanOf(DataFormat format, const InnerScans& scans) {
  switch (format) {
    case DataFormat::kParquet: return scans.parquet;
    case DataFormat::kOrc: return scans.orc;
    case DataFormat::kWarehouse: return scans.warehouse;
    default: return scans.text;
  }
}

void BindInner(duckdb::ClientContext& context, GovernedBind& bind, const InnerScans& scans) {
  bind.inner = ScanOf(bind.table->source.format, scans);
  bind.inner.function_info = duckdb::make_shared_ptr<ShapeInfo>(bind.table);
  if (bind.table->source.format == DataFormat::kParquet) bind.inner.get_multi_file_reader = ShapedReader::Make;
  duckdb::vector<duckdb::Value> inputs{duckdb::Value::LIST(duckdb::LogicalType::VARCHAR, {})};
  duckdb::named_parameter_map_t parameters;
  duckdb::vector<duckdb::LogicalType> input_types, types;
  duckdb::vector<std::string> input_names, names;
  duckdb::TableFunctionRef reference;
  duckdb::TableFunctionBindInput input(inputs, parameters, input_types, input_names, bind.inner.function_info.get(), nullptr,
                                       bind.inner, reference);
  bind.statistics_bind = duckdb::shared_ptr<duckdb::FunctionData>(bind.inner.bind(context, input, types, names).release());
  bind.inner_bind = bind.statistics_bind->Copy();
}

void BindRowFilter(duckdb::ClientContext& context, GovernedBind& bind) {
  const TableShape& table = *bind.table;
  Expressions parts;
  parts.push_back(BindFilter(context, table, table.source.row_filter));
  duckdb::LogicalFilter::SplitPredicates(parts);
  // A private node: neither file names nor the filter's text reach the plan that the user can see (rule 5).
  duckdb::LogicalGet get(0, bind.inner, nullptr, table.types, table.names, duckdb::virtual_column_map_t());
  duckdb::vector<duckdb::ColumnIndex> all;
  for (idx_t i = 0; i < table.names.size(); ++i) all.emplace_back(i);
  get.SetColumnIds(std::move(all));
  bind.inner.pushdown_complex_filter(context, get, bind.inner_bind.get(), parts);
  bind.row_filters = std::move(parts);
}

}  // namespace

duckdb::unique_ptr<duckdb::Expression> BindFilter(duckdb::ClientContext& context, const TableShape& table,
                                                  const std::string& text) {
  auto parsed = ParseRowFilter(text);
  if (!parsed) Refuse(table.source, "its data filter is not valid");
  try {
    auto binder = duckdb::Binder::CreateBinder(context);
    // No alias that a filter could name: "x.y" is field y of column x.
    binder->bind_context.AddGenericBinding(0, table.nonce, table.names, table.types);
    duckdb::WhereBinder where(*binder, context);
    auto bound = where.Bind(*parsed);
    SettleCasts(context, bound);
    return bound;
  } catch (const std::exception&) {
    Refuse(table.source, "its data filter does not fit its columns");
  }
}

duckdb::unique_ptr<GovernedBind> BindGoverned(duckdb::ClientContext& context, TableSource source, const InnerScans& scans,
                                              std::shared_ptr<IcebergTable> iceberg) {
  auto session = Session::Of(context);
  if (!session) throw duckdb::PermissionException("no session");
  auto bind = duckdb::make_uniq<GovernedBind>();
  bind->table = ShapeOf(std::move(source), session->nonce, std::move(iceberg));
  bind->registry = session->registry;
  const TableSource& table = bind->table->source;
  if (table.visible.empty()) Refuse(table, "no column of it is visible");
  BindInner(context, *bind, scans);
  for (const std::string& name : table.visible) bind->visible.push_back(ColumnOf(*bind->table, name));
  if (!table.row_filter.empty()) BindRowFilter(context, *bind);
  for (const CellMask& mask : table.masks) {
    auto& condition = bind->masks[ColumnOf(*bind->table, mask.column)];
    if (condition) Refuse(table, "a column of it has two masks");
    condition = BindFilter(context, *bind->table, mask.condition);
  }
  return bind;
}

}  // namespace hanse::engine
