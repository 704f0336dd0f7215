// The row expression of a data cells filter, on its way from who wrote it to the rows: what the grammar of policy/ takes and
// prints, the grammar of the engine takes too and either binds to the table or refuses; and where it binds, it keeps the rows that
// plain DuckDB keeps for the printed text. What the engine takes directly is bound as well.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/planner/expression/bound_columnref_expression.hpp"
#include "duckdb/planner/expression/bound_reference_expression.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "engine/governed_bind.h"
#include "engine/row_filter.h"
#include "policy/lake_filter.h"

namespace {

using Bound = duckdb::unique_ptr<duckdb::Expression>;

constexpr char kRows[] =
    "INSERT INTO t VALUES (1, 'a', 1.5, 0.1, true, '2026-01-02', {'id': 7, 'city': 'b'}, 'k1'), "
    "(2, 'O''Hara', -2.25, 1e300, false, '1999-12-31', {'id': NULL, 'city': ''}, 'k1'), "
    "(9223372036854775807, '', 99999999.99, 'nan', NULL, NULL, NULL, 'k2'), "
    "(NULL, NULL, NULL, NULL, true, '2026-11-22', {'id': -1, 'city': NULL}, 'k2'), "
    "(-9223372036854775808, 'a%_', 0, '-infinity', false, '0001-01-01', {'id': 0, 'city': 'B'}, '10')";

// The table in plain DuckDB, and its shape and rows as the engine sees them.
class Table {
 public:
  Table() : database_(nullptr), plain_(database_), binding_(database_) {
    hanse::engine::TableSource source;
    source.columns = {{"id", "bigint"},
                      {"name", "string"},
                      {"amount", "decimal(10,2)"},
                      {"rate", "double"},
                      {"active", "boolean"},
                      {"day", "date"},
                      {"customer", "struct<id:int,city:string>"}};
    source.keys = {{"dt", "string"}};
    shape_ = hanse::engine::ShapeOf(source, "nonce");
    std::string columns;
    for (std::size_t i = 0; i < shape_->names.size(); ++i) {
      columns += (i == 0 ? "" : ", ") + shape_->names[i] + " " + shape_->types[i].ToString();
    }
    if (plain_.Query("CREATE TABLE t (" + columns + ")")->HasError() || plain_.Query(kRows)->HasError()) std::abort();
    rows_ = plain_.Query("SELECT * FROM t")->Fetch();
    binding_.BeginTransaction();
  }

  // nullptr: refused. Anything else that is thrown ends the program.
  Bound Bind(const std::string& text) {
    try {
      return hanse::engine::BindFilter(*binding_.context, *shape_, text);
    } catch (const duckdb::PermissionException&) {
      return nullptr;
    }
  }

  // "10010": which rows are kept.
  std::string Kept(Bound filter) {
    ToReferences(filter);
    duckdb::ExpressionExecutor executor(*binding_.context, *filter);
    duckdb::SelectionVector chosen(STANDARD_VECTOR_SIZE);
    std::string kept(rows_->size(), '0');
    for (std::size_t n = executor.SelectExpression(*rows_, chosen); n > 0; --n) kept[chosen.get_index(n - 1)] = '1';
    return kept;
  }

  // Empty: DuckDB does not take it.
  std::string KeptByDuckdb(const std::string& text) {
    const auto result = plain_.Query("SELECT CASE WHEN " + text + " THEN '1' ELSE '0' END FROM t");
    std::string kept;
    for (std::size_t row = 0; !result->HasError() && row < result->RowCount(); ++row) kept += result->GetValue(0, row).ToString();
    return kept;
  }

 private:
  void ToReferences(Bound& expression) {
    duckdb::ExpressionIterator::EnumerateChildren(*expression, [&](Bound& child) { ToReferences(child); });
    if (expression->GetExpressionClass() != duckdb::ExpressionClass::BOUND_COLUMN_REF) return;
    const auto column = expression->Cast<duckdb::BoundColumnRefExpression>().binding.column_index;
    expression = duckdb::make_uniq<duckdb::BoundReferenceExpression>(shape_->types[column], column);
  }

  duckdb::DuckDB database_;
  duckdb::Connection plain_, binding_;
  duckdb::shared_ptr<const hanse::engine::TableShape> shape_;
  duckdb::unique_ptr<duckdb::DataChunk> rows_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Table table;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> columns = {"id", "name", "amount", "rate", "active", "day", "customer"}, keys = {"dt"};
  if (hanse::engine::ParseRowFilter(text)) (void)table.Bind(text);
  const auto understood = hanse::policy::ParseRowExpression(text, columns, keys);
  if (!understood) return 0;
  if (!hanse::engine::ParseRowFilter(understood->sql)) std::abort();
  Bound bound = table.Bind(understood->sql);
  if (!bound) return 0;
  const std::string expected = table.KeptByDuckdb(understood->sql);
  if (!expected.empty() && table.Kept(std::move(bound)) != expected) std::abort();
  return 0;
}
