#include <bit>
#include <cstdint>

#include "wire/cbor.h"
#include "wire/json_codec.h"

namespace hanse::wire {
namespace {

enum Major : std::uint8_t { kWhole = 0, kNegative = 1, kBytes = 2, kTextString = 3, kArray = 4, kMapOf = 5, kTag = 6, kSimple = 7 };
constexpr std::uint64_t kEpochTag = 1;

void BigEndian(std::uint64_t number, int bytes, std::string& out) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

void Head(Major major, std::uint64_t number, std::string& out) {
  const auto first = static_cast<unsigned>(major) << 5;
  if (number < 24) {
    out += static_cast<char>(first | number);
  } else if (number <= 0xFF) {
    out += static_cast<char>(first | 24);
    BigEndian(number, 1, out);
  } else if (number <= 0xFFFF) {
    out += static_cast<char>(first | 25);
    BigEndian(number, 2, out);
  } else if (number <= 0xFFFFFFFF) {
    out += static_cast<char>(first | 26);
    BigEndian(number, 4, out);
  } else {
    out += static_cast<char>(first | 27);
    BigEndian(number, 8, out);
  }
}

void Number(std::int64_t number, std::string& out) {
  if (number >= 0) return Head(kWhole, static_cast<std::uint64_t>(number), out);
  Head(kNegative, ~static_cast<std::uint64_t>(number), out);
}

void Real(double number, std::string& out) {
  out += static_cast<char>(0xFB);
  BigEndian(std::bit_cast<std::uint64_t>(number), 8, out);
}

void Put(const Shape& shape, const void* value, int depth, std::string& out);

void PutList(const Shape& shape, const void* list, int depth, std::string& out) {
  const std::size_t size = depth < kNestingMax ? shape.list->size(list) : 0;
  Head(kArray, size, out);
  for (std::size_t i = 0; i < size; ++i) Put(*shape.element, shape.list->at(list, i), depth + 1, out);
}

void PutMap(const Shape& shape, const void* map, int depth, std::string& out) {
  if (depth >= kNestingMax) return Head(kMapOf, 0, out);
  struct Visit {
    const Shape& element;
    int depth;
    std::string& out;
  } visit{*shape.element, depth + 1, out};
  Head(kMapOf, shape.map->size(map), out);
  shape.map->each(map, &visit, [](void* context, const std::string& key, const void* value) {
    auto& [element, depth, out] = *static_cast<Visit*>(context);
    WriteCborText(key, out);
    Put(element, value, depth, out);
  });
}

void PutStructure(const Shape& shape, const void* structure, int depth, std::string& out) {
  std::size_t pairs = 0;
  if (depth < kNestingMax) {
    for (const Member& member : shape.members) pairs += MemberOf(member, structure) != nullptr ? 1 : 0;
  }
  Head(kMapOf, pairs, out);
  if (pairs == 0) return;
  for (const Member& member : shape.members) {
    const void* value = MemberOf(member, structure);
    if (value == nullptr) continue;
    WriteCborText(member.name, out);
    Put(*member.shape, value, depth + 1, out);
  }
}

void Put(const Shape& shape, const void* value, int depth, std::string& out) {
  switch (shape.kind) {
    case Kind::kString: return WriteCborText(*static_cast<const std::string*>(value), out);
    case Kind::kInteger: return Number(*static_cast<const std::int32_t*>(value), out);
    case Kind::kLong: return Number(*static_cast<const std::int64_t*>(value), out);
    case Kind::kDouble: return Real(*static_cast<const double*>(value), out);
    case Kind::kBoolean: out += static_cast<char>(*static_cast<const bool*>(value) ? 0xF5 : 0xF4); return;
    case Kind::kTimestamp:
      Head(kTag, kEpochTag, out);
      return Real(static_cast<double>(static_cast<const Timestamp*>(value)->ms) / 1000.0, out);
    case Kind::kBlob: {
      const auto& bytes = *static_cast<const std::string*>(value);
      Head(kBytes, bytes.size(), out);
      out += bytes;
      return;
    }
    case Kind::kStream:
    case Kind::kDocument: out += static_cast<char>(0xF6); return;  // Null: CBOR has no text of JSON, and no service here one.
    case Kind::kList: return PutList(shape, value, depth, out);
    case Kind::kMap: return PutMap(shape, value, depth, out);
    case Kind::kStructure: return PutStructure(shape, value, depth, out);
  }
}

}  // namespace

void WriteCborText(std::string_view text, std::string& out) {
  Head(kTextString, text.size(), out);
  out += text;
}

void WriteCborMapOf(std::size_t pairs, std::string& out) { Head(kMapOf, pairs, out); }

void WriteCbor(const Shape& shape, const void* value, std::string& out) { Put(shape, value, 0, out); }

}  // namespace hanse::wire
