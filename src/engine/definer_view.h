#pragma once
#include <memory>
#include <string>

#include "duckdb.hpp"
#include "duckdb/function/table_function.hpp"
#include "duckdb/parser/statement/select_statement.hpp"
#include "engine/session.h"

// THE SECURITY RULE of views that are read with their definer's rights. Their reader may see the view's rows and nothing else of
// the tables beneath, so nothing of his query ever meets them: the view's query is planned and run by itself, in a connection and a
// session of its own, whose tables the server resolves for the view alone; the reader's query scans its rows as a table's. No
// filter, limit or sample of his goes down, no statistics come up, and what fails beneath tells that it failed and not at what. The
// price: every row of the view is computed, and every column too where computing one could fail.
namespace hanse::engine {

// A view as one query's reader sees it.
struct DefinerView {
  std::string database, name;                        // As the SQL names them.
  std::string home;                                  // Database of the unqualified names in it.
  std::uint64_t number = 0;                          // TableSource::definer_view
  bool cannot_fail = false;                          // Its query, whatever its tables hold.
  duckdb::unique_ptr<duckdb::SelectStatement> body;  // Of the columns that the reader sees.
};

struct DefinerBind final : duckdb::TableFunctionData {
  duckdb::shared_ptr<const DefinerView> view;
  duckdb::weak_ptr<BindRegistry> registry;
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override;
  bool Equals(const duckdb::FunctionData& other) const override;
  bool SupportStatementCache() const override { return false; }
};

// The catalog's entry of the view that `source` tells of. `body`: its query, of the columns that the reader sees. Throws where the
// query does not fit the tables beneath any more, or its definer may not read them.
duckdb::unique_ptr<duckdb::CatalogEntry> MakeDefinerView(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                         const std::string& name, const TableSource& source,
                                                         duckdb::unique_ptr<duckdb::SelectStatement> body);

// The scan of such a view. A function of its name must be in the catalog for plans to be copied; nobody can call it.
inline constexpr const char* kDefinerView = "definer_view";
duckdb::TableFunction DefinerFunction();

}  // namespace hanse::engine
