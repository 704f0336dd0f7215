#include "catalog/thrift_reader.h"

namespace hanse::catalog {

std::uint8_t ThriftReader::ReadByte() {
  if (rest_.empty()) return Fail(), std::uint8_t{0};
  auto byte = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return byte;
}

std::uint64_t ThriftReader::ReadVarint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    std::uint8_t byte = ReadByte();
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  Fail();
  return 0;
}

std::int64_t ThriftReader::ReadInteger() {
  std::uint64_t zigzag = ReadVarint();
  return static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1);
}

std::string_view ThriftReader::ReadBinary() {
  std::uint64_t size = ReadVarint();
  if (size > rest_.size()) return Fail(), std::string_view();
  std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

ThriftReader::Field ThriftReader::NextField(std::int16_t previous) {
  std::uint8_t head = ReadByte();
  Field field{.type = static_cast<Type>(head & 0x0f)};
  if (field.type == Type::kStop || failed_) return {};
  std::uint8_t step = head >> 4;
  field.id = step != 0 ? static_cast<std::int16_t>(previous + step) : static_cast<std::int16_t>(ReadInteger());
  if (failed_) return {};
  return field;
}

ThriftReader::List ThriftReader::ReadList() {
  std::uint8_t head = ReadByte();
  List list{.type = static_cast<Type>(head & 0x0f), .size = static_cast<std::uint32_t>(head >> 4)};
  if (list.size == 15) {
    std::uint64_t size = ReadVarint();
    // Each element takes a byte at least.
    if (size > rest_.size()) return Fail(), List();
    list.size = static_cast<std::uint32_t>(size);
  }
  return failed_ ? List() : list;
}

void ThriftReader::SkipElement(Type type, int depth) {
  // In a collection a truth value is a byte, so that every element takes one: no count outruns the bytes that are there.
  Skip(type == Type::kTrue || type == Type::kFalse ? Type::kByte : type, depth);
}

void ThriftReader::Skip(Type type, int depth) {
  if (depth > kDepthMax) return Fail();
  switch (type) {
    case Type::kTrue:
    case Type::kFalse: return;
    case Type::kByte: ReadByte(); return;
    case Type::kI16:
    case Type::kI32:
    case Type::kI64: ReadVarint(); return;
    case Type::kDouble:
      if (rest_.size() < 8) return Fail();
      rest_.remove_prefix(8);
      return;
    case Type::kBinary: ReadBinary(); return;
    case Type::kList:
    case Type::kSet: {
      List list = ReadList();
      for (std::uint32_t i = 0; i < list.size && !failed_; ++i) SkipElement(list.type, depth + 1);
      return;
    }
    case Type::kMap: {
      std::uint64_t size = ReadVarint();
      if (size == 0) return;
      if (size > rest_.size()) return Fail();
      std::uint8_t kinds = ReadByte();
      for (std::uint64_t i = 0; i < size && !failed_; ++i) {
        SkipElement(static_cast<Type>(kinds >> 4), depth + 1);
        SkipElement(static_cast<Type>(kinds & 0x0f), depth + 1);
      }
      return;
    }
    case Type::kStruct:
      for (Field field = NextField(0); field.type != Type::kStop && !failed_; field = NextField(field.id))
        Skip(field.type, depth + 1);
      return;
    case Type::kStop: break;
  }
  Fail();
}

}  // namespace hanse::catalog
