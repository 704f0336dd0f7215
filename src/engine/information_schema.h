#pragma once
#include <string>

#include "duckdb.hpp"
#include "duckdb/catalog/catalog_entry/schema_catalog_entry.hpp"

namespace hanse::engine {

// information_schema.schemata, .tables, .columns and .views as the context's session may see them: a list that the server gives,
// bound as constant rows. Throws TABLE_NOT_FOUND for other names.
duckdb::unique_ptr<duckdb::CatalogEntry> MakeInformationTable(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                              const std::string& name);

}  // namespace hanse::engine
