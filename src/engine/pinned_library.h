#pragma once
#include <string_view>

namespace hanse::engine {

// The DuckDB whose headers we are compiled with. They carry no commit: cmake/HanseDuckdb.cmake pins their tree, this what the
// library that was built of them says (spec/engine.md, section 0).
inline constexpr std::string_view kDuckdbVersion = "v1.5.6";
inline constexpr std::string_view kDuckdbSourceId = "069cc9f9b5";

// Whether a library that says this of itself is that one. We use DuckDB's insides, whose layout changes with every commit.
constexpr bool IsPinnedLibrary(std::string_view version, std::string_view source_id) {
  return version == kDuckdbVersion && source_id == kDuckdbSourceId;
}

}  // namespace hanse::engine
