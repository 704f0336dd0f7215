// The rows of a binary COPY that a warehouse sent, in pieces: the first byte tells how many columns and how large the pieces are.
// Each row is whole or the stream is refused, and a field of whatever type ends as a value of the column's type or as NULL; text is
// UTF-8.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "duckdb.hpp"
#include "engine/copy_rows.h"
#include "engine/copy_value.h"

namespace {

using duckdb::LogicalType;

constexpr unsigned kTypesEnd = 1800;  // Of PostgreSQL's numbers of types: beyond the last one that is understood.

class Columns {
 public:
  Columns() {
    for (unsigned type = 0; type < kTypesEnd; ++type) {
      if (hanse::engine::IsCopyType(type)) types_.push_back(type);
    }
    for (const LogicalType& type :
         {LogicalType(LogicalType::BOOLEAN), LogicalType(LogicalType::TINYINT), LogicalType(LogicalType::SMALLINT),
          LogicalType(LogicalType::INTEGER), LogicalType(LogicalType::BIGINT), LogicalType(LogicalType::FLOAT),
          LogicalType(LogicalType::DOUBLE), LogicalType::DECIMAL(10, 2), LogicalType::DECIMAL(38, 0),
          LogicalType(LogicalType::VARCHAR), LogicalType(LogicalType::BLOB), LogicalType(LogicalType::DATE),
          LogicalType(LogicalType::TIMESTAMP), LogicalType(LogicalType::TIMESTAMP_TZ), LogicalType::LIST(LogicalType::INTEGER)}) {
      vectors_.emplace_back(type);
    }
  }

  void Put(const hanse::engine::CopyRows::Field& field) {
    for (duckdb::Vector& vector : vectors_) {
      for (unsigned type : types_) {
        hanse::engine::PutCopyField(vector, 0, type, field);
        const duckdb::Value value = vector.GetValue(0);
        if (!field && !value.IsNull()) std::abort();
        if (vector.GetType().id() == duckdb::LogicalTypeId::VARCHAR && !value.IsNull() &&
            !hanse::IsUtf8(duckdb::StringValue::Get(value))) {
          std::abort();
        }
        duckdb::FlatVector::Validity(vector).SetAllValid(1);
      }
    }
  }

 private:
  std::vector<unsigned> types_;
  std::vector<duckdb::Vector> vectors_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Columns columns;
  const std::size_t count = data[0] & 7, piece = 1 + (data[0] >> 3);
  std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  hanse::engine::CopyRows rows(count, [&](std::string& bytes) -> hanse::Result<bool> {
    if (stream.empty()) return false;
    bytes += stream.substr(0, piece);
    stream.remove_prefix(std::min(piece, stream.size()));
    return true;
  });
  std::vector<hanse::engine::CopyRows::Field> fields;
  while (true) {
    const auto more = rows.Next(fields);
    if (!more && more.error().message.empty()) std::abort();
    if (!more || !*more) return 0;
    if (fields.size() != count) std::abort();
    for (const auto& field : fields) columns.Put(field);
  }
}
