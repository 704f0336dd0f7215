#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/utf8.h"
#include "wire/cbor.h"
#include "wire/json_codec.h"

namespace hanse::wire {
namespace {

enum CborMajor : std::uint8_t { kUnsignedHead, kNegativeHead, kBytesHead, kTextHead, kArrayHead, kMapHead, kTagHead, kSimpleHead };

struct CborHead {
  std::uint8_t major = 0, info = 0;
  std::uint64_t number = 0;
  bool open = false;  // Of a length that is not told: a break ends it.
  bool null() const { return major == kSimpleHead && (info == 22 || info == 23); }
  bool end() const { return major == kSimpleHead && open; }
};

double HalfOf(std::uint64_t bits) {
  const int exponent = static_cast<int>(bits >> 10) & 0x1F;
  const double fraction = static_cast<double>(bits & 0x3FF);
  double size = exponent == 0    ? std::ldexp(fraction, -24)
                : exponent == 31 ? (fraction == 0 ? std::numeric_limits<double>::infinity() : std::nan(""))
                                 : std::ldexp(fraction + 1024, exponent - 25);
  return bits & 0x8000 ? -size : size;
}

class CborDecoder {
 public:
  explicit CborDecoder(std::string_view cbor) : rest_(cbor) {}

  bool Value(const Shape& shape, void* value, int depth) {
    CborHead head;
    return depth < kNestingMax && TakeHead(&head) && ValueOf(shape, head, value, depth);
  }
  bool AtEnd() const { return rest_.empty(); }

 private:
  bool TakeHead(CborHead* head) {
    if (rest_.empty()) return false;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    *head = {.major = static_cast<std::uint8_t>(first >> 5), .info = static_cast<std::uint8_t>(first & 0x1F)};
    if (head->info < 24) head->number = head->info;
    if (head->info < 24) return true;
    if (head->info == 31) {
      head->open = true;
      return head->major >= kBytesHead && head->major != kTagHead;
    }
    if (head->info > 27) return false;
    const std::size_t bytes = std::size_t{1} << (head->info - 24);
    if (rest_.size() < bytes) return false;
    for (std::size_t i = 0; i < bytes; ++i) head->number = head->number << 8 | static_cast<std::uint8_t>(rest_[i]);
    rest_.remove_prefix(bytes);
    return true;
  }

  // A head that is no tag. What a tag says of a value, its shape says already.
  bool TakeUntagged(CborHead* head) {
    for (int tags = 0; head->major == kTagHead; ++tags) {
      if (tags == kNestingMax || !TakeHead(head)) return false;
    }
    return true;
  }

  bool ValueOf(const Shape& shape, CborHead head, void* value, int depth) {
    if (!TakeUntagged(&head)) return false;
    switch (shape.kind) {
      case Kind::kString: {
        auto* text = static_cast<std::string*>(value);
        return head.major == kTextHead && Text(head, text) && IsUtf8(*text);
      }
      case Kind::kBlob: return head.major == kBytesHead && Text(head, static_cast<std::string*>(value));
      case Kind::kInteger: return Integer(head, static_cast<std::int32_t*>(value));
      case Kind::kLong: return Long(head, static_cast<std::int64_t*>(value));
      case Kind::kDouble: return Real(head, static_cast<double*>(value));
      case Kind::kBoolean:
        *static_cast<bool*>(value) = head.info == 21;
        return head.major == kSimpleHead && (head.info & 0x1E) == 20;
      case Kind::kTimestamp: return Moment(head, &static_cast<Timestamp*>(value)->ms);
      case Kind::kStream:
      case Kind::kDocument: return false;
      case Kind::kList: return List(shape, head, value, depth);
      case Kind::kMap: return Map(shape, head, value, depth);
      case Kind::kStructure: return Structure(shape, head, value, depth);
    }
    return false;
  }

  // Of text and bytes alike.
  bool Text(const CborHead& head, std::string* text) {
    if (!head.open) return Piece(head.number, text);
    CborHead piece;
    while (TakeHead(&piece)) {
      if (piece.end()) return true;
      if (piece.major != head.major || piece.open || !Piece(piece.number, text)) return false;
    }
    return false;
  }
  bool Piece(std::uint64_t size, std::string* text) {
    if (size > rest_.size()) return false;
    text->append(rest_.substr(0, static_cast<std::size_t>(size)));
    rest_.remove_prefix(static_cast<std::size_t>(size));
    return true;
  }

  static bool Long(const CborHead& head, std::int64_t* value) {
    double real = 0;
    if (head.major <= kNegativeHead) {
      if (head.number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return false;
      const auto number = static_cast<std::int64_t>(head.number);
      *value = head.major == kUnsignedHead ? number : -1 - number;
      return true;
    }
    if (!Real(head, &real) || !(std::abs(real) <= 9e15) || std::trunc(real) != real) return false;
    *value = static_cast<std::int64_t>(real);
    return true;
  }
  static bool Integer(const CborHead& head, std::int32_t* value) {
    std::int64_t number = 0;
    if (!Long(head, &number) || number != static_cast<std::int32_t>(number)) return false;
    *value = static_cast<std::int32_t>(number);
    return true;
  }
  static bool Real(const CborHead& head, double* value) {
    if (head.major <= kNegativeHead) {
      *value = head.major == kUnsignedHead ? static_cast<double>(head.number) : -1.0 - static_cast<double>(head.number);
      return true;
    }
    if (head.major != kSimpleHead) return false;
    if (head.info == 25) *value = HalfOf(head.number);
    if (head.info == 26) *value = std::bit_cast<float>(static_cast<std::uint32_t>(head.number));
    if (head.info == 27) *value = std::bit_cast<double>(head.number);
    return head.info >= 25 && head.info <= 27;
  }
  static bool Moment(const CborHead& head, TimeMs* ms) {
    double seconds = 0;
    if (!Real(head, &seconds) || !(std::abs(seconds) <= 1e12)) return false;
    *ms = std::llround(seconds * 1000);
    return true;
  }

  // Whether another element comes, of those that a head announced; `taken` were taken.
  bool Another(const CborHead& head, std::uint64_t taken, CborHead* next, bool* broken) {
    if (!head.open && taken == head.number) return false;
    *broken = !TakeHead(next);
    if (*broken || !next->end()) return !*broken;
    *broken = !head.open;
    return false;
  }

  bool List(const Shape& shape, const CborHead& head, void* list, int depth) {
    if (head.major != kArrayHead) return false;
    CborHead next;
    bool broken = false;
    for (std::uint64_t taken = 0; Another(head, taken, &next, &broken); ++taken) {
      if (next.null()) continue;
      if (depth + 1 >= kNestingMax || !ValueOf(*shape.element, next, shape.list->add(list), depth + 1)) return false;
    }
    return !broken;
  }

  // `take(name, head)` takes the value of each pair.
  template <class Take>
  bool Pairs(const CborHead& head, int depth, const Take& take) {
    if (head.major != kMapHead || depth + 1 >= kNestingMax) return false;
    CborHead next;
    bool broken = false;
    std::string name;
    for (std::uint64_t taken = 0; Another(head, taken, &next, &broken); ++taken) {
      name.clear();
      if (next.major != kTextHead || !Text(next, &name) || !IsUtf8(name) || !TakeHead(&next) || next.end()) return false;
      if (!take(name, next)) return false;
    }
    return !broken;
  }

  bool Map(const Shape& shape, const CborHead& head, void* map, int depth) {
    return Pairs(head, depth, [&](const std::string& name, const CborHead& value) {
      return value.null() || ValueOf(*shape.element, value, shape.map->add(map, name), depth + 1);
    });
  }

  bool Structure(const Shape& shape, const CborHead& head, void* structure, int depth) {
    return Pairs(head, depth, [&](const std::string& name, const CborHead& value) {
      for (const Member& member : shape.members) {
        if (member.name != name) continue;
        if (!value.null()) return ValueOf(*member.shape, value, MakeMember(member, structure), depth + 1);
        ClearMember(member, structure);
        return true;
      }
      return Skip(value, depth + 1);
    });
  }

  bool Skip(CborHead head, int depth) {
    if (depth >= kNestingMax || !TakeUntagged(&head)) return false;
    std::string passed;
    CborHead next;
    bool broken = false;
    switch (head.major) {
      case kBytesHead:
      case kTextHead: return Text(head, &passed);
      case kArrayHead:
        for (std::uint64_t taken = 0; Another(head, taken, &next, &broken); ++taken) {
          if (!Skip(next, depth + 1)) return false;
        }
        return !broken;
      case kMapHead: return Pairs(head, depth, [&](const std::string&, const CborHead& value) { return Skip(value, depth + 1); });
      default: return !head.open;
    }
  }

  std::string_view rest_;
};

}  // namespace

Result<void> ReadCbor(const Shape& shape, std::string_view cbor, void* value) {
  CborDecoder decoder(cbor);
  if (decoder.Value(shape, value, 0) && decoder.AtEnd()) return {};
  return FailAs(ErrorCode::kInvalidArgument, "SerializationException", "The body is not the CBOR of this operation's input.");
}

}  // namespace hanse::wire
