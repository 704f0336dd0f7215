#pragma once
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "duckdb.hpp"
#include "duckdb/common/multi_file/multi_file_data.hpp"
#include "duckdb/function/table_function.hpp"

namespace hanse::engine {

using FieldColumns = duckdb::vector<duckdb::MultiFileColumnDefinition>;

// Columns of one Parquet file, found by field id, in the order of its rows; a column that the file has not is NULL. `parquet`: the
// engine's scan. Nothing of what is read here is shown: it says which rows are deleted. Throws as CheckFieldsFit. Any thread.
void ReadParquetFields(duckdb::ClientContext& context, const duckdb::TableFunction& parquet, const std::string& path,
                       const FieldColumns& columns, const std::set<std::int32_t>& needed,
                       const std::function<void(duckdb::DataChunk& rows)>& take);

// Throws where a file has no field ids, lacks one of those that are `needed` of what is `wanted`, or has a column of another type.
void CheckFieldsFit(const FieldColumns& wanted, const FieldColumns& stored, const std::set<std::int32_t>& needed);

}  // namespace hanse::engine
