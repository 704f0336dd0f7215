#pragma once
#include <string_view>
#include <vector>

#include "duckdb.hpp"
#include "engine/avro_file.h"

namespace hanse::engine {

// A value that was written as `type` of `schema`, as one of `wanted`; NULL where it has none that fits.
duckdb::Value AvroValueAs(const AvroSchema& schema, const boost::json::value& type, const avro_value_t& value,
                          const duckdb::LogicalType& wanted);

// Where the columns of a table stand in the records of a file: by name without case. `schema` outlives it.
class AvroColumns {
 public:
  AvroColumns(const AvroSchema& schema, const duckdb::vector<std::string>& names, duckdb::idx_t count);
  // Column i of a record; NULL where it has none.
  duckdb::Value At(const avro_value_t& record, duckdb::idx_t i, const duckdb::LogicalType& wanted) const;

 private:
  struct Column {
    const boost::json::value* type = nullptr;  // Nothing: the records have no such field.
    std::size_t place = 0;
  };
  const AvroSchema& schema_;
  std::vector<Column> columns_;
};

// The bytes of a string, bytes or fixed; false of others.
bool AvroBytes(const avro_value_t& value, std::string_view* bytes);

}  // namespace hanse::engine
