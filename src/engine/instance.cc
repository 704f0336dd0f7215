#include "engine/instance.h"

#include <fmt/format.h>

#include <tuple>

#include "duckdb/catalog/catalog.hpp"
#include "duckdb/catalog/catalog_entry/copy_function_catalog_entry.hpp"
#include "duckdb/catalog/catalog_entry/duck_schema_entry.hpp"
#include "duckdb/catalog/catalog_entry/table_function_catalog_entry.hpp"
#include "duckdb/catalog/default/default_generator.hpp"
#include "duckdb/catalog/duck_catalog.hpp"
#include "duckdb/catalog/entry_lookup_info.hpp"
#include "duckdb/parser/parsed_data/create_table_function_info.hpp"
#include "duckdb/storage/buffer_manager.hpp"
#include "engine/allowed_functions.h"
#include "engine/definer_view.h"
#include "engine/mesh_catalog.h"
#include "engine/object_files.h"
#include "engine/orc_scan.h"
#include "engine/output_files.h"
#include "engine/pinned_library.h"
#include "engine/spill_files.h"
#include "engine/text_scan.h"
#include "engine/trino_functions.h"
#include "engine/warehouse_scan.h"

namespace hanse::engine {

namespace {

using duckdb::CatalogType;

InnerScans Scans(duckdb::ClientContext& context) {
  auto& system = duckdb::Catalog::GetSystemCatalog(context);
  auto& parquet = system.GetEntry<duckdb::TableFunctionCatalogEntry>(context, DEFAULT_SCHEMA, "parquet_scan");
  return {parquet.functions.GetFunctionByOffset(0), TextScanFunction(), OrcScanFunction(), WarehouseScanFunction()};
}

bool Keeps(CatalogType type, const std::string& name) {
  switch (type) {
    case CatalogType::SCALAR_FUNCTION_ENTRY:
    case CatalogType::AGGREGATE_FUNCTION_ENTRY:
    case CatalogType::MACRO_ENTRY: return IsAllowedFunction(name);
    case CatalogType::TABLE_FUNCTION_ENTRY:
    case CatalogType::TABLE_MACRO_ENTRY: return IsAllowedTableFunction(name);
    default: return false;
  }
}

SweepReport Sweep(duckdb::ClientContext& context) {
  auto& system = duckdb::Catalog::GetSystemCatalog(context);
  auto schemas = system.GetSchemas(context);  // First: scanning default views enters the schemas' lock again.
  std::vector<std::tuple<std::string, CatalogType, std::string>> doomed;
  SweepReport report;
  for (auto& reference : schemas) {
    auto& schema = reference.get();
    for (CatalogType kind : {CatalogType::TABLE_FUNCTION_ENTRY, CatalogType::PRAGMA_FUNCTION_ENTRY,
                             CatalogType::SCALAR_FUNCTION_ENTRY, CatalogType::COPY_FUNCTION_ENTRY}) {
      schema.Scan(context, kind, [&](duckdb::CatalogEntry& entry) {
        if (Keeps(entry.type, entry.name)) {
          ++report.kept;
        } else {
          doomed.emplace_back(schema.name, kind, entry.name);
        }
      });
    }
  }
  for (const auto& [schema_name, kind, name] : doomed) {
    auto& schema = system.GetSchema(context, schema_name).Cast<duckdb::DuckSchemaEntry>();
    if (schema.GetCatalogSet(kind).DropEntry(schema.GetCatalogTransaction(context), name, false, true)) ++report.dropped;
  }
  for (auto& reference : schemas) {
    auto& schema = reference.get().Cast<duckdb::DuckSchemaEntry>();
    schema.GetCatalogSet(CatalogType::VIEW_ENTRY).SetDefaultGenerator(nullptr);  // No built-in views.
  }
  return report;
}

void Set(duckdb::Connection& connection, const std::string& setting) {
  auto result = connection.Query("SET GLOBAL " + setting);
  if (result->HasError()) result->ThrowError();
}

}  // namespace

Result<std::unique_ptr<Instance>> Instance::Prepare(std::uint32_t threads) {
  const char *version = duckdb::DuckDB::LibraryVersion(), *source_id = duckdb::DuckDB::SourceID();
  if (!IsPinnedLibrary(version, source_id)) {
    return Fail(ErrorCode::kInternal, fmt::format("libduckdb.so is {} of commit {}, its headers are {} of commit {}", version,
                                                  source_id, kDuckdbVersion, kDuckdbSourceId));
  }
  try {
    auto prepared = std::make_unique<Instance>();
    duckdb::DBConfig config;
    config.options.maximum_threads = threads;
    config.options.temporary_directory.clear();
    prepared->database_ = std::make_unique<duckdb::DuckDB>(nullptr, &config);
    auto& database = *prepared->database_->instance;
    auto& own = duckdb::DBConfig::GetConfig(database);
    duckdb::Connection connection(database);
    auto& context = *connection.context;
    connection.BeginTransaction();
    InnerScans scans = Scans(context);
    auto& parquet =
        duckdb::Catalog::GetSystemCatalog(context).GetEntry<duckdb::CopyFunctionCatalogEntry>(context, DEFAULT_SCHEMA, "parquet");
    prepared->parquet_writer_ = std::make_shared<const duckdb::CopyFunction>(parquet.function);
    for (const duckdb::TableFunction& uncallable : {UncallableGovernedFunction(), DefinerFunction()}) {
      duckdb::CreateTableFunctionInfo info(uncallable);
      info.internal = true;
      duckdb::Catalog::GetSystemCatalog(context).CreateTableFunction(context, info);
    }
    RegisterTrinoFunctions(context);
    connection.Commit();
    AttachMeshCatalog(database, std::move(scans));
    database.GetFileSystem().RegisterSubSystem(duckdb::make_uniq<ObjectFiles>());
    database.GetFileSystem().RegisterSubSystem(duckdb::make_uniq<OutputFiles>());
    database.GetFileSystem().RegisterSubSystem(duckdb::make_uniq<SpillFiles>(prepared->spill_));
    own.replacement_scans.clear();
    RegisterPlanCap(own);
    connection.BeginTransaction();
    prepared->sweep_ = Sweep(context);
    connection.Commit();
    Set(connection, fmt::format("temp_directory='{}'", kSpillDirectory));
    for (const char* setting :
         {"TimeZone='UTC'", "Calendar='gregorian'", "enable_external_file_cache=false", "allowed_directories=['hanse://']",
          "enable_external_access=false", "allow_community_extensions=false", "autoinstall_known_extensions=false",
          "autoload_known_extensions=false", "default_null_order='nulls_last'", "lock_configuration=true"}) {
      Set(connection, setting);
    }
    return prepared;
  } catch (const std::exception& error) {
    return Fail(ErrorCode::kInternal, fmt::format("the engine cannot be prepared: {}", duckdb::ErrorData(error).RawMessage()));
  }
}

void Instance::Limit(std::uint64_t memory_bytes) {
  auto& buffers = duckdb::BufferManager::GetBufferManager(database());
  // Setting a limit, even the same, gives all free memory back to the system, and the query would have to fault it in again.
  if (buffers.GetMaxMemory() != memory_bytes) buffers.SetMemoryLimit(memory_bytes);
}

}  // namespace hanse::engine
