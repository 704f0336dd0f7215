#include "duckdb/common/multi_file/multi_file_states.hpp"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/optimizer/filter_combiner.hpp"
#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "duckdb/planner/filter/conjunction_filter.hpp"
#include "engine/governed_bind.h"
#include "engine/object_files.h"
#include "engine/parquet_files.h"
#include "engine/row_selector.h"

namespace hanse::engine {

using duckdb::ColumnIndex;
using duckdb::DataChunk;
using duckdb::Expression;
using duckdb::idx_t;
using duckdb::TableFilter;
using duckdb::TableFilterSet;
using duckdb::TableFilterType;

namespace {

constexpr std::uint64_t kBytesPerThread = 1 << 20;

struct GovernedGlobal final : duckdb::GlobalTableFunctionState {
  duckdb::unique_ptr<duckdb::GlobalTableFunctionState> inner;
  duckdb::vector<ColumnIndex> columns;         // What the inner scan reads.
  duckdb::vector<idx_t> projection;            // Of these, what it hands on; sorted (rule 7).
  duckdb::unique_ptr<TableFilterSet> filters;  // Lives as long as the scan, which keeps references (rule 7).
  bool passes_through = true;
  duckdb::vector<duckdb::LogicalType> inner_types;  // Of the inner scan's chunks.
  duckdb::vector<idx_t> output;                     // Our column -> column of the inner chunk.
  Expressions row_filters;
  std::vector<std::pair<idx_t, duckdb::unique_ptr<Expression>>> masks;  // Inner chunk column -> its masked value.
  idx_t threads_by_bytes = 1;
  idx_t MaxThreads() const override { return inner ? std::max(inner->MaxThreads(), threads_by_bytes) : 1; }
  duckdb::optional_ptr<TableFilterSet> Filters() const {
    return filters && !filters->filters.empty() ? duckdb::optional_ptr<TableFilterSet>(filters.get()) : nullptr;
  }
};

struct GovernedLocal final : duckdb::LocalTableFunctionState {
  duckdb::unique_ptr<duckdb::LocalTableFunctionState> inner;
  DataChunk chunk;
  duckdb::unique_ptr<RowSelector> rows;  // Where there is a row filter.
  std::vector<duckdb::unique_ptr<duckdb::ExpressionExecutor>> mask_executors;
  duckdb::SelectionVector selection;
};

// Lays out what the inner scan has to read for one governed scan.
class Layout {
 public:
  Layout(duckdb::ClientContext& context, const GovernedBind& bind, GovernedGlobal& global)
      : context_(context), bind_(bind), global_(global) {
    for (idx_t i = 0; i < global.columns.size(); ++i) {
      if (!global.columns[i].IsVirtualColumn()) place_[global.columns[i].GetPrimaryIndex()] = i;
    }
  }

  void Make(const duckdb::TableFunctionInitInput& input) {
    TableFilterSet derived = Derive(bind_.row_filters);
    global_.filters = input.filters ? input.filters->Copy() : duckdb::make_uniq<TableFilterSet>();
    Push(derived);
    if (!bind_.user_prune.empty()) Push(Derive(bind_.user_prune));
    duckdb::vector<idx_t> wanted = input.projection_ids;
    if (wanted.empty()) {
      for (idx_t i = 0; i < input.column_indexes.size(); ++i) wanted.push_back(i);
    }
    read_.insert(wanted.begin(), wanted.end());
    for (const auto& filter : bind_.row_filters) {
      if (FullyPushed(*filter, derived)) continue;
      Read(*filter);
      global_.row_filters.push_back(filter->Copy());
    }
    for (idx_t column : wanted) AddMask(column);
    Project(wanted);
  }

 private:
  idx_t Place(idx_t inner_column) {
    auto [at, fresh] = place_.try_emplace(inner_column, global_.columns.size());
    if (fresh) {
      global_.columns.emplace_back(inner_column);
    } else {
      global_.columns[at->second] = ColumnIndex(inner_column);  // Whole: a filter may need another field of a struct.
    }
    return at->second;
  }

  void Read(const Expression& expression) {
    std::set<idx_t> columns;
    CollectColumns(expression, columns);
    for (idx_t column : columns) read_.insert(Place(column));
  }

  // The optimizer's own translation of comparisons, IN and prefixes into filters that skip row groups.
  TableFilterSet Derive(const Expressions& expressions) {
    duckdb::FilterCombiner combiner(context_);
    duckdb::vector<ColumnIndex> all;
    for (idx_t i = 0; i < bind_.table->names.size(); ++i) all.emplace_back(i);
    for (const auto& expression : expressions) combiner.AddFilter(expression->Copy());
    duckdb::vector<duckdb::FilterPushdownResult> results;
    return combiner.GenerateTableScanFilters(all, results);
  }

  void Push(const TableFilterSet& filters) {
    if (!bind_.inner.filter_pushdown) return;
    for (const auto& [column, filter] : filters.filters) global_.filters->PushFilter(ColumnIndex(Place(column)), filter->Copy());
  }

  // Rule 6: only comparisons with constants are evaluated row by row by the reader; IN and others are hints.
  static bool Exact(const TableFilter& filter) {
    if (filter.filter_type == TableFilterType::CONSTANT_COMPARISON || filter.filter_type == TableFilterType::IS_NOT_NULL)
      return true;
    if (filter.filter_type != TableFilterType::CONJUNCTION_AND) return false;
    for (const auto& child : filter.Cast<duckdb::ConjunctionAndFilter>().child_filters) {
      if (!Exact(*child)) return false;
    }
    return true;
  }

  bool FullyPushed(const Expression& filter, const TableFilterSet& derived) const {
    if (!bind_.inner.filter_pushdown || filter.GetExpressionClass() != duckdb::ExpressionClass::BOUND_COMPARISON) return false;
    const auto& comparison = filter.Cast<duckdb::BoundComparisonExpression>();
    if (comparison.left->GetExpressionClass() != duckdb::ExpressionClass::BOUND_COLUMN_REF ||
        comparison.right->GetExpressionClass() != duckdb::ExpressionClass::BOUND_CONSTANT) {
      return false;
    }
    auto found = derived.filters.find(comparison.left->Cast<duckdb::BoundColumnRefExpression>().binding.column_index);
    return found != derived.filters.end() && Exact(*found->second);
  }

  void AddMask(idx_t column) {
    if (global_.columns[column].IsVirtualColumn()) return;
    auto mask = bind_.masks.find(global_.columns[column].GetPrimaryIndex());
    if (mask == bind_.masks.end()) return;
    Read(*mask->second);
    global_.masks.emplace_back(column, mask->second->Copy());
  }

  static void ToReferences(duckdb::unique_ptr<Expression>& expression, const std::map<idx_t, idx_t>& position) {
    if (expression->GetExpressionClass() == duckdb::ExpressionClass::BOUND_COLUMN_REF) {
      const auto& column = expression->Cast<duckdb::BoundColumnRefExpression>();
      expression =
          duckdb::make_uniq<duckdb::BoundReferenceExpression>(column.return_type, position.at(column.binding.column_index));
      return;
    }
    duckdb::ExpressionIterator::EnumerateChildren(*expression,
                                                  [&](duckdb::unique_ptr<Expression>& child) { ToReferences(child, position); });
  }

  void Project(const duckdb::vector<idx_t>& wanted) {
    global_.projection.assign(read_.begin(), read_.end());
    std::map<idx_t, idx_t> of_column, of_inner;  // Place in `columns`, inner column -> place in the chunk.
    for (idx_t i = 0; i < global_.projection.size(); ++i) {
      const ColumnIndex& column = global_.columns[global_.projection[i]];
      of_column[global_.projection[i]] = i;
      if (column.IsVirtualColumn()) {
        auto virtual_columns = bind_.inner.get_virtual_columns(context_, bind_.inner_bind.get());
        global_.inner_types.push_back(virtual_columns.at(column.GetPrimaryIndex()).type);
      } else {
        of_inner[column.GetPrimaryIndex()] = i;
        global_.inner_types.push_back(bind_.table->types[column.GetPrimaryIndex()]);
      }
    }
    for (idx_t column : wanted) global_.output.push_back(of_column[column]);
    for (auto& filter : global_.row_filters) ToReferences(filter, of_inner);
    for (auto& [column, value] : global_.masks) {
      column = of_column[column];
      ToReferences(value, of_inner);
      const auto& type = global_.inner_types[column];
      value = duckdb::make_uniq<duckdb::BoundCaseExpression>(
          std::move(value), duckdb::make_uniq<duckdb::BoundReferenceExpression>(type, column),
          duckdb::make_uniq<duckdb::BoundConstantExpression>(duckdb::Value(type)));
    }
    bool identity = global_.row_filters.empty() && global_.masks.empty() && global_.output.size() == global_.projection.size();
    for (idx_t i = 0; identity && i < global_.output.size(); ++i) identity = global_.output[i] == i;
    global_.passes_through = identity;
  }

  duckdb::ClientContext& context_;
  const GovernedBind& bind_;
  GovernedGlobal& global_;
  std::map<idx_t, idx_t> place_;  // Inner column -> place in `columns`.
  std::set<idx_t> read_;          // Places that the inner scan hands on.
};

// Copies the rows that pass from the inner chunk and puts NULL into hidden cells.
void HandOn(const GovernedGlobal& global, GovernedLocal& local, idx_t rows, DataChunk& output) {
  const bool all = rows == local.chunk.size(), masked = !global.masks.empty();
  if (!all && masked) local.chunk.Slice(local.selection, rows);  // Whole: masks ask columns that are not handed on.
  output.SetCardinality(local.chunk.size());
  for (idx_t i = 0; i < global.output.size(); ++i) output.data[i].Reference(local.chunk.data[global.output[i]]);
  for (idx_t m = 0; m < global.masks.size(); ++m) {
    for (idx_t i = 0; i < global.output.size(); ++i) {
      if (global.output[i] != global.masks[m].first) continue;
      duckdb::Vector shown(output.data[i].GetType());
      local.mask_executors[m]->ExecuteExpression(local.chunk, shown);
      output.data[i].Reference(shown);
    }
  }
  if (!all && !masked) output.Slice(local.selection, rows);
}

}  // namespace

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> GovernedInitGlobal(duckdb::ClientContext& context,
                                                                        duckdb::TableFunctionInitInput& input) {
  const auto& bind = input.bind_data->Cast<GovernedBind>();
  auto global = duckdb::make_uniq<GovernedGlobal>();
  for (const ColumnIndex& column : input.column_indexes) {
    global->columns.push_back(
        column.IsVirtualColumn() ? column : ColumnIndex(bind.visible[column.GetPrimaryIndex()], column.GetChildIndexes()));
  }
  if (bind.Plain()) {
    global->projection = input.projection_ids;
    if (input.filters) global->filters = input.filters->Copy();
  } else {
    Layout(context, bind, *global).Make(input);
  }
  duckdb::TableFunctionInitInput inner(bind.inner_bind.get(), global->columns, global->projection, global->Filters(),
                                       input.sample_options, input.op);
  global->inner = bind.inner.init_global(context, inner);
  if (bind.table->source.format == DataFormat::kParquet) {
    const auto& reading = global->inner->Cast<duckdb::MultiFileGlobalState>();
    const auto* files = dynamic_cast<const SelectedFiles*>(&reading.file_list);
    auto session = Session::Of(context);
    if (files && session) ExpectFiles(*session, files->selection());
    // The engine looks into the only file of a table to see how many row groups there are to share out; the catalog knows its
    // bytes.
    if (files) global->threads_by_bytes = 1 + files->selection().Bytes() / kBytesPerThread;
  }
  return global;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> GovernedInitLocal(duckdb::ExecutionContext& context,
                                                                      duckdb::TableFunctionInitInput& input,
                                                                      duckdb::GlobalTableFunctionState* state) {
  const auto& bind = input.bind_data->Cast<GovernedBind>();
  auto& global = state->Cast<GovernedGlobal>();
  auto local = duckdb::make_uniq<GovernedLocal>();
  duckdb::TableFunctionInitInput inner(bind.inner_bind.get(), global.columns, global.projection, global.Filters(),
                                       input.sample_options, input.op);
  local->inner = bind.inner.init_local(context, inner, global.inner.get());
  if (global.passes_through) return local;
  local->chunk.Initialize(duckdb::BufferAllocator::Get(context.client), global.inner_types);
  if (!global.row_filters.empty()) local->rows = duckdb::make_uniq<RowSelector>(context.client, global.row_filters);
  for (const auto& [column, value] : global.masks) {
    local->mask_executors.push_back(duckdb::make_uniq<duckdb::ExpressionExecutor>(context.client, *value));
  }
  local->selection.Initialize(STANDARD_VECTOR_SIZE);
  return local;
}

void GovernedScan(duckdb::ClientContext& context, duckdb::TableFunctionInput& input, DataChunk& output) {
  if (!input.local_state) return;
  const auto& bind = input.bind_data->Cast<GovernedBind>();
  auto& global = input.global_state->Cast<GovernedGlobal>();
  auto& local = input.local_state->Cast<GovernedLocal>();
  duckdb::TableFunctionInput inner(bind.inner_bind.get(), local.inner.get(), global.inner.get());
  if (global.passes_through) {
    inner.async_result = std::move(input.async_result);
    inner.results_execution_mode = input.results_execution_mode;
    bind.inner.function(context, inner, output);
    input.async_result = std::move(inner.async_result);
    return;
  }
  while (true) {
    local.chunk.Reset();
    bind.inner.function(context, inner, local.chunk);
    idx_t rows = local.chunk.size();
    if (rows == 0) return output.SetCardinality(0);
    if (local.rows) rows = local.rows->Select(local.chunk, local.selection);
    if (rows > 0) return HandOn(global, local, rows, output);
    if (context.interrupted) throw duckdb::InterruptException();
  }
}

duckdb::GlobalTableFunctionState* InnerGlobal(const duckdb::GlobalTableFunctionState& state) {
  return state.Cast<GovernedGlobal>().inner.get();
}

duckdb::LocalTableFunctionState* InnerLocal(const duckdb::LocalTableFunctionState& state) {
  return state.Cast<GovernedLocal>().inner.get();
}

}  // namespace hanse::engine
