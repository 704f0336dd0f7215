#pragma once
#include <string>
#include <string_view>

namespace hanse::engine {

// Respells what the engine's parser does not read in Trino's SQL: array(T) as a type, VALUES 1, 2, varbinary, FOR VERSION AS OF,
// names that only the engine reserves ("both"). Text and names in quotes and comments stay as they are, and so do line breaks:
// positions in errors keep their line. Pure.
std::string RespellTrino(std::string_view sql);

}  // namespace hanse::engine
