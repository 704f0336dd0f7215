#pragma once
#include "duckdb.hpp"

namespace hanse::engine {

// Adds Trino's functions that are neither the engine's own nor SQL macros to the system catalog, and the macros too. Throws.
void RegisterTrinoFunctions(duckdb::ClientContext& context);

// Each part registers its own: trino_arithmetic.cc, trino_binary.cc …
void RegisterArithmetic(duckdb::ClientContext& context);
void RegisterBinary(duckdb::ClientContext& context);
void RegisterCollections(duckdb::ClientContext& context);
void RegisterDecimal(duckdb::ClientContext& context);
void RegisterMath(duckdb::ClientContext& context);
void RegisterNested(duckdb::ClientContext& context);
void RegisterStrings(duckdb::ClientContext& context);
void RegisterText(duckdb::ClientContext& context);
void RegisterTime(duckdb::ClientContext& context);
void RegisterTyped(duckdb::ClientContext& context);
void RegisterUrls(duckdb::ClientContext& context);
void Register(duckdb::ClientContext& context, duckdb::ScalarFunctionSet functions);
// A function of so many arguments of any type that `bind` makes another expression of.
void RegisterReplaced(duckdb::ClientContext& context, const std::string& name, std::size_t arguments,
                      duckdb::function_bind_expression_t bind);

}  // namespace hanse::engine
