#pragma once
#include <string>

#include "duckdb.hpp"
#include "duckdb/catalog/catalog_entry/schema_catalog_entry.hpp"
#include "engine/query_job.h"

namespace hanse::engine {

// Whether `name` is that of a metadata table of Iceberg, as Athena has them: "t$files", "t$history", "t$manifests", "t$partitions",
// "t$refs", "t$snapshots"; then `table` is t and `kind` what stands after it. Throws NotImplementedException for those that Athena
// has not ("t$entries").
bool IsIcebergListing(const std::string& name, std::string* table, std::string* kind);

// The metadata table `kind` of an Iceberg table (`source.files` holds the metadata file alone). It shows what files hold of every
// column and row, so it is refused to who does not see all of them. Throws; nothing without a session. The session owns the entry.
duckdb::unique_ptr<duckdb::CatalogEntry> MakeIcebergListing(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                            const std::string& name, const std::string& kind,
                                                            const TableSource& source);

}  // namespace hanse::engine
