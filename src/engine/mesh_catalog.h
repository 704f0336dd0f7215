#pragma once
#include "duckdb.hpp"
#include "engine/governed_bind.h"

namespace hanse::engine {

// Attaches the one catalog that queries see (kCatalog): its databases and tables appear when a session asks for them, resolved by
// the server for that session's caller. It is read-only and lists nothing by itself. Throws.
void AttachMeshCatalog(duckdb::DatabaseInstance& instance, InnerScans scans);

}  // namespace hanse::engine
