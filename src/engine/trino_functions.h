#pragma once
#include "duckdb.hpp"

namespace hanse::engine {

// Adds Trino's functions that are neither the engine's own nor SQL macros to the system catalog, and the macros too. Throws.
void RegisterTrinoFunctions(duckdb::ClientContext& context);

// Each part registers its own (trino_arithmetic.cc, trino_text.cc, trino_nested.cc).
void RegisterArithmetic(duckdb::ClientContext& context);
void RegisterText(duckdb::ClientContext& context);
void RegisterNested(duckdb::ClientContext& context);
void Register(duckdb::ClientContext& context, duckdb::ScalarFunctionSet functions);

}  // namespace hanse::engine
