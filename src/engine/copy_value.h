#pragma once
#include "duckdb.hpp"
#include "engine/copy_rows.h"

namespace hanse::engine {

// Puts a field of a binary COPY, which is of PostgreSQL's type `type` (its number), into row `row` of a flat vector: NULL where it
// is none of that type or does not fit the vector's.
void PutCopyField(duckdb::Vector& vector, duckdb::idx_t row, unsigned type, const CopyRows::Field& field);
// Whether fields of this type are understood.
bool IsCopyType(unsigned type);

}  // namespace hanse::engine
