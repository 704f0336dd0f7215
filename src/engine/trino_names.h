#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hanse::engine {

// What implements Trino's function of this name (in lower case): a function of the engine itself or one of ours ("hanse_…").
// Nothing where Trino has none of the name, or we have not built it.
std::optional<std::string> ImplementationOf(std::string_view trino_name);
// Our SQL macros: statements "CREATE MACRO hanse_… AS …", in an order in which each may use those before it.
std::vector<std::string> TrinoMacros();
// Every function that may be called, in order: docs/reference/sql.md tells each.
std::vector<std::string> TrinoFunctionNames();

}  // namespace hanse::engine
