#pragma once
#include <string>
#include <vector>

#include "duckdb.hpp"

namespace hanse::engine {

// Values as Athena prints them (lakeformation.md 8.4): booleans "true", timestamps "2024-01-02 03:04:05.000", doubles as Java's,
// arrays "[a, b]", maps "{k=v}", rows "{f=v}", varbinary "61 62". A sum that does not fit bigint throws.
std::string Render(const duckdb::Value& value);
// As Java's Double.toString and Float.toString: "0.1", "1.0E10", "NaN".
std::string RenderDouble(double value);
std::string RenderFloat(float value);

// Appends the rows of a chunk as codec.h's EncodeCell writes them.
void EncodeChunk(duckdb::DataChunk& chunk, std::string& bytes);

}  // namespace hanse::engine
