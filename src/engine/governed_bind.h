#pragma once
#include <map>
#include <set>
#include <string>

#include "duckdb.hpp"
#include "duckdb/function/table_function.hpp"
#include "duckdb/planner/expression.hpp"
#include "engine/file_selection.h"
#include "engine/session.h"

// THE SECURITY RULE. A governed scan wraps the scan of a table's files and itself drops the rows, columns and cells that the caller
// may not see. Nothing outside it, neither the user's expressions nor the optimizer's, ever meets a forbidden value, whatever order
// things run in and whether or not an optimizer runs at all. The twelve rules that keep it so are numbered as in spec/engine.md,
// section 5, where each is explained; rules_test.cc has a test for each.
namespace hanse::engine {

using Expressions = duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>;

// The scans that governed ones wrap, taken from the engine before its own functions are swept away.
struct InnerScans {
  duckdb::TableFunction parquet;
  duckdb::TableFunction text;
  duckdb::TableFunction orc;
  duckdb::TableFunction warehouse;
};

// A governed scan of one table for one caller. "Inner" columns are all of the table's (TableShape), visible ones are what the
// query may name.
struct GovernedBind final : duckdb::TableFunctionData {
  duckdb::shared_ptr<const TableShape> table;
  duckdb::weak_ptr<BindRegistry> registry;
  duckdb::TableFunction inner;
  duckdb::unique_ptr<duckdb::FunctionData> inner_bind;
  duckdb::shared_ptr<duckdb::FunctionData> statistics_bind;  // Rule 9: Copy() of the engine's bind data loses the statistics.
  duckdb::vector<duckdb::idx_t> visible;                     // Visible column -> inner column.
  Expressions row_filters;  // ANDed; what partition pruning has left. BoundColumnRef(0, inner column).
  Expressions user_prune;   // Masked tables: the user's predicates that cannot fail, on unmasked columns, to skip row groups by.
  std::map<duckdb::idx_t, duckdb::unique_ptr<duckdb::Expression>> masks;  // Inner column -> when a cell is shown.

  bool FiltersRows() const { return !row_filters.empty(); }
  bool Plain() const { return row_filters.empty() && masks.empty(); }
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override;
  bool Equals(const duckdb::FunctionData& other) const override;
  bool SupportStatementCache() const override { return false; }
};

// A row filter or the condition of a mask over the table's columns, as BoundColumnRef(0, inner column). Throws
// PermissionException where it is no filter or does not fit.
duckdb::unique_ptr<duckdb::Expression> BindFilter(duckdb::ClientContext& context, const TableShape& table, const std::string& text);
// Resolves what a table is for the session's caller into a scan. Throws where the row filter or a mask does not fit the table: such
// a table is refused, never shown unfiltered.
duckdb::unique_ptr<GovernedBind> BindGoverned(duckdb::ClientContext& context, TableSource source, const InnerScans& scans,
                                              std::shared_ptr<IcebergTable> iceberg = nullptr);
// The table function that scans `bind`, with exactly those of the engine's hooks that are safe for it.
duckdb::TableFunction GovernedFunction(const GovernedBind& bind);
// A function of this name must be in the catalog for plans to be copied; nobody can call it.
inline constexpr const char* kGovernedScan = "governed_scan";
duckdb::TableFunction UncallableGovernedFunction();

// The inner columns that an expression of BoundColumnRef(…, inner column) names.
void CollectColumns(const duckdb::Expression& expression, std::set<duckdb::idx_t>& columns);

// The three steps of the scan (governed_scan.cc).
duckdb::unique_ptr<duckdb::GlobalTableFunctionState> GovernedInitGlobal(duckdb::ClientContext& context,
                                                                        duckdb::TableFunctionInitInput& input);
duckdb::unique_ptr<duckdb::LocalTableFunctionState> GovernedInitLocal(duckdb::ExecutionContext& context,
                                                                      duckdb::TableFunctionInitInput& input,
                                                                      duckdb::GlobalTableFunctionState* global);
void GovernedScan(duckdb::ClientContext& context, duckdb::TableFunctionInput& input, duckdb::DataChunk& output);

// The inner states of a running scan, for the hooks that ask about them.
duckdb::GlobalTableFunctionState* InnerGlobal(const duckdb::GlobalTableFunctionState& state);
duckdb::LocalTableFunctionState* InnerLocal(const duckdb::LocalTableFunctionState& state);

}  // namespace hanse::engine
