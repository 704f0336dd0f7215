#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// For the tests of this folder: fields and streams of a binary COPY, as PostgreSQL writes them.
namespace hanse::engine {

using CopyField = std::optional<std::string>;

template <class T>
std::string BigEndian(T number) {
  std::string bytes;
  for (int shift = 8 * (static_cast<int>(sizeof(T)) - 1); shift >= 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xff);
  }
  return bytes;
}

// Groups of four digits, the first of which stands at 10000^weight.
inline std::string NumericField(std::int16_t weight, std::uint16_t sign, std::int16_t scale,
                                const std::vector<std::int16_t>& groups) {
  std::string field = BigEndian(static_cast<std::int16_t>(groups.size())) + BigEndian(weight) + BigEndian(sign) + BigEndian(scale);
  for (std::int16_t group : groups) field += BigEndian(group);
  return field;
}

inline std::string CopyStream(const std::vector<std::vector<CopyField>>& rows) {
  std::string stream("PGCOPY\n\377\r\n\0", 11);
  stream += BigEndian(std::uint32_t{0}) + BigEndian(std::int32_t{0});
  for (const auto& row : rows) {
    stream += BigEndian(static_cast<std::int16_t>(row.size()));
    for (const CopyField& field : row) {
      stream += BigEndian(field ? static_cast<std::int32_t>(field->size()) : std::int32_t{-1});
      stream += field.value_or("");
    }
  }
  return stream + BigEndian(std::int16_t{-1});
}

// A table in a warehouse: columns with PostgreSQL's number of their type, and their fields.
struct CopyColumn {
  unsigned type = 25;
  std::vector<CopyField> fields;
};
using CopyTable = std::map<std::string, CopyColumn>;

}  // namespace hanse::engine
