#pragma once
#include <string>

#include "duckdb.hpp"
#include "duckdb/catalog/catalog_entry/schema_catalog_entry.hpp"
#include "engine/governed_bind.h"

namespace hanse::engine {

// The entry of a table or view, as the context's session may see it; asks the server once a query for each. Throws the text that
// the server gives for what is missing or hidden; nothing without a session. The session owns the entry.
// The name may be marked (row_conditions.h): then the table's files are those that the reference needs.
duckdb::optional_ptr<duckdb::CatalogEntry> ResolveTable(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                        const std::string& marked_name, const InnerScans& scans,
                                                        duckdb::optional_ptr<duckdb::BoundAtClause> at);

}  // namespace hanse::engine
