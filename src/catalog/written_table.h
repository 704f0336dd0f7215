#pragma once
#include <string>

#include "base/result.h"
#include "catalog/access.h"

// What a caller is shown of a table (definition.h), as the JSON that the wire would write of it. Any thread.
namespace hanse::catalog {

enum class Registered { kNo, kYes };  // With Lake Formation, as far as it counts for the caller.

// Adds it to `json`. Where the caller may see all of a table that is no link, the kept definition goes through as the text that it
// is; else the structure is decoded, stripped and written anew. The bytes are the same either way.
Result<void> WriteTable(const OpenedTable& opened, Registered registered, std::string* json);

}  // namespace hanse::catalog
