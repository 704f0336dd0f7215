#pragma once
#include <string>

namespace hanse::engine {

// What is left in the engine after the sweep; everything else is removed from its catalog. Any thread.
bool IsAllowedFunction(const std::string& name);  // Scalars, aggregates and scalar macros.
bool IsAllowedTableFunction(const std::string& name);

}  // namespace hanse::engine
