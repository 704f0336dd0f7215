#include "orc/protobuf.h"

#include <bit>
#include <cstring>

namespace hanse::orc {

static_assert(std::endian::native == std::endian::little);

bool ProtoReader::Varint(std::uint64_t* value) {
  *value = 0;
  for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    *value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return true;
  }
  failed_ = true;
  rest_ = {};
  return false;
}

bool ProtoReader::Take(std::uint64_t bytes, std::string_view* taken) {
  if (bytes > rest_.size()) {
    failed_ = true;
    rest_ = {};
    return false;
  }
  *taken = rest_.substr(0, static_cast<std::size_t>(bytes));
  rest_.remove_prefix(taken->size());
  return true;
}

bool ProtoReader::Next(Field* field) {
  std::uint64_t tag = 0;
  if (rest_.empty() || !Varint(&tag)) return false;
  field->number = static_cast<std::uint32_t>(tag >> 3);
  field->wire = static_cast<Wire>(tag & 7);
  field->value = 0;
  field->bytes = {};
  std::string_view plain;
  switch (field->wire) {
    case Wire::kVarint: return Varint(&field->value);
    case Wire::kEightBytes:
      if (!Take(8, &plain)) return false;
      std::memcpy(&field->value, plain.data(), 8);
      return true;
    case Wire::kFourBytes: return Take(4, &plain);
    case Wire::kBytes: return Varint(&field->value) && Take(field->value, &field->bytes);
  }
  failed_ = true;  // Groups have not been written for long.
  rest_ = {};
  return false;
}

bool ProtoReader::NextPacked(std::uint64_t* value) { return !rest_.empty() && Varint(value); }

}  // namespace hanse::orc
