#include "engine/trino_functions.h"

#include "duckdb/catalog/catalog.hpp"
#include "duckdb/parser/parsed_data/create_macro_info.hpp"
#include "duckdb/parser/parsed_data/create_scalar_function_info.hpp"
#include "duckdb/parser/parser.hpp"
#include "duckdb/parser/statement/create_statement.hpp"
#include "engine/trino_names.h"

namespace hanse::engine {

void Register(duckdb::ClientContext& context, duckdb::ScalarFunctionSet functions) {
  duckdb::CreateScalarFunctionInfo info(std::move(functions));
  info.internal = true;
  duckdb::Catalog::GetSystemCatalog(context).CreateFunction(context, info);
}

void RegisterTrinoFunctions(duckdb::ClientContext& context) {
  for (auto* part : {RegisterArithmetic, RegisterBinary, RegisterCollections, RegisterDecimal, RegisterMath, RegisterNested,
                     RegisterStrings, RegisterText, RegisterTime, RegisterTyped, RegisterUrls}) {
    part(context);
  }
  auto& system = duckdb::Catalog::GetSystemCatalog(context);
  for (const std::string& macro : TrinoMacros()) {
    duckdb::Parser parser;
    parser.ParseQuery(macro);
    auto& info = *parser.statements.at(0)->Cast<duckdb::CreateStatement>().info;
    info.catalog = SYSTEM_CATALOG;
    info.schema = DEFAULT_SCHEMA;
    info.internal = true;
    system.CreateFunction(context, info.Cast<duckdb::CreateMacroInfo>());
  }
}

}  // namespace hanse::engine
