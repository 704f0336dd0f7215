#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/text.h"
#include "base/utf8.h"
#include "wire/json.h"
#include "wire/json_codec.h"

namespace hanse::wire {
namespace {

// Adds to the end of a text in small pieces: one look at the room there is for each.
class End {
 public:
  explicit End(std::string& text) : text_(text), begun_(text.size()), used_(begun_) {}
  End(const End&) = delete;
  End& operator=(const End&) = delete;
  ~End() { text_.resize(used_); }

  void push_back(char c) { *Room(1) = c; }
  void append(const char* bytes, std::size_t count) { std::memcpy(Room(count), bytes, count); }
  End& operator+=(char c) {
    push_back(c);
    return *this;
  }
  End& operator+=(std::string_view bytes) {
    append(bytes.data(), bytes.size());
    return *this;
  }
  // Room for `count` bytes, which the caller fills.
  char* Room(std::size_t count) {
    if (text_.size() - used_ < count) text_.resize(used_ + count + std::max(kRoomBytes, used_ - begun_));
    char* room = text_.data() + used_;
    used_ += count;
    return room;
  }

 private:
  static constexpr std::size_t kRoomBytes = 256;
  std::string& text_;
  const std::size_t begun_;
  std::size_t used_;
};

template <class T>
void WriteNumber(T number, End& out) {
  char digits[32];
  out.append(digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, number).ptr - digits));
}

void WriteDouble(double number, End& out) {
  if (std::isfinite(number)) return WriteNumber(number, out);
  out += std::isnan(number) ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
}

// Seconds since 1970, with as many digits of milliseconds as there are.
void WriteSeconds(TimeMs ms, End& out) {
  const std::uint64_t size = ms < 0 ? 0 - static_cast<std::uint64_t>(ms) : static_cast<std::uint64_t>(ms);
  if (ms < 0) out += '-';
  WriteNumber(size / 1000, out);
  if (const unsigned rest = static_cast<unsigned>(size % 1000); rest != 0) {
    const char digits[] = {'.', static_cast<char>('0' + rest / 100), static_cast<char>('0' + rest / 10 % 10),
                           static_cast<char>('0' + rest % 10)};
    out.append(digits, rest % 100 == 0 ? 2 : rest % 10 == 0 ? 3 : 4);
  }
}

void WriteEscaped(unsigned char c, End& out) {
  switch (c) {
    case '"': return out.append("\\\"", 2);
    case '\\': return out.append("\\\\", 2);
    case '\n': return out.append("\\n", 2);
    case '\t': return out.append("\\t", 2);
    default: break;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  const char escape[] = {'\\', 'u', '0', '0', kDigits[c >> 4], kDigits[c & 15]};
  out.append(escape, sizeof escape);
}

void WriteString(std::string_view text, End& out) {
  out.push_back('"');
  while (true) {
    std::size_t clean = PlainBytes(text);
    while (clean < text.size() && static_cast<unsigned char>(text[clean]) >= 0x80) {
      ++clean;
      clean += PlainBytes(text.substr(clean));
    }
    out.append(text.data(), clean);
    if (clean == text.size()) break;
    WriteEscaped(static_cast<unsigned char>(text[clean]), out);
    text.remove_prefix(clean + 1);
  }
  out.push_back('"');
}

struct Writer {
  JsonStyle style;
  End& out;

  void Value(const Shape& shape, const void* value, int depth) {
    if (style == JsonStyle::kRecord && Hidden(shape)) return WriteString(kHidden, out);
    switch (shape.kind) {
      case Kind::kString: return String(*static_cast<const std::string*>(value));
      case Kind::kInteger: return WriteNumber(*static_cast<const std::int32_t*>(value), out);
      case Kind::kLong: return WriteNumber(*static_cast<const std::int64_t*>(value), out);
      case Kind::kDouble: return WriteDouble(*static_cast<const double*>(value), out);
      case Kind::kBoolean: out += *static_cast<const bool*>(value) ? "true" : "false"; return;
      case Kind::kTimestamp: return Moment(shape, static_cast<const Timestamp*>(value)->ms);
      case Kind::kBlob: return WriteString(Base64(*static_cast<const std::string*>(value)), out);
      case Kind::kStream: out += "null"; return;
      case Kind::kDocument: return Free(*static_cast<const Document*>(value));
      case Kind::kList: return List(shape, value, depth);
      case Kind::kMap: return Map(shape, value, depth);
      case Kind::kStructure: return Structure(shape, value, depth);
    }
  }

  static bool Hidden(const Shape& shape) { return shape.sensitive || shape.kind == Kind::kBlob || shape.kind == Kind::kStream; }

  void String(std::string_view text) {
    if (style == JsonStyle::kRecord && text.size() > kRecordStringMax) {
      std::size_t end = kRecordStringMax;
      while (end > 0 && (text[end] & 0xC0) == 0x80) --end;  // Never in the middle of a character.
      text = text.substr(0, end);
    }
    WriteString(text, out);
  }

  void Free(const Document& document) { out += document.json.empty() ? std::string_view("null") : document.json; }

  void Moment(const Shape& shape, TimeMs ms) {
    const bool text = style == JsonStyle::kRecord || (style == JsonStyle::kWire && shape.time_format == TimeFormat::kIso8601);
    if (!text) return WriteSeconds(ms, out);
    WriteString(FormatIso8601(ms, ms % 1000 != 0), out);
  }

  void List(const Shape& shape, const void* list, int depth) {
    out += '[';
    const std::size_t size = depth < kNestingMax ? shape.list->size(list) : 0;
    for (std::size_t i = 0; i < size; ++i) {
      if (i != 0) out += ',';
      Value(*shape.element, shape.list->at(list, i), depth + 1);
    }
    out += ']';
  }

  void Map(const Shape& shape, const void* map, int depth) {
    struct Visit {
      Writer& writer;
      const Shape& shape;
      int depth;
      bool first = true;
    } visit{*this, shape, depth};
    out += '{';
    if (depth < kNestingMax) {
      shape.map->each(map, &visit, [](void* context, const std::string& key, const void* value) {
        auto& [writer, shape, depth, first] = *static_cast<Visit*>(context);
        if (!first) writer.out += ',';
        first = false;
        WriteString(key, writer.out);
        writer.out += ':';
        writer.Value(*shape.element, value, depth + 1);
      });
    }
    out += '}';
  }

  void Structure(const Shape& shape, const void* structure, int depth) {
    out += '{';
    if (depth < kNestingMax) {
      bool first = true;
      for (const Member& member : shape.members) {
        if (style == JsonStyle::kWire && member.location != Location::kBody) continue;
        if (style != JsonStyle::kRecord && member.shape->kind == Kind::kStream) continue;
        const void* value = MemberOf(member, structure);
        if (value == nullptr) continue;
        if (!first) out += ',';
        first = false;
        Name(member);
        Value(*member.shape, value, depth + 1);
      }
    }
    out += '}';
  }

  void Name(const Member& member) {
    const std::string_view name = style == JsonStyle::kWire ? member.wire : member.name;
    char* at = out.Room(name.size() + 3);
    *at++ = '"';
    std::memcpy(at, name.data(), name.size());
    if (style == JsonStyle::kRecord && *at >= 'A' && *at <= 'Z') *at = static_cast<char>(*at | 0x20);
    std::memcpy(at + name.size(), "\":", 2);
  }
};

}  // namespace

void WriteJsonString(std::string_view text, std::string& out) {
  End end(out);
  WriteString(text, end);
}

void WriteJson(const Shape& shape, const void* value, JsonStyle style, std::string& out) {
  End end(out);
  Writer{style, end}.Value(shape, value, 0);
}

std::string ToJson(const Shape& shape, const void* value) {
  std::string out;
  WriteJson(shape, value, JsonStyle::kStore, out);
  return out;
}

std::string ToRecord(const Shape& shape, const void* value) {
  std::string out;
  WriteJson(shape, value, JsonStyle::kRecord, out);
  return out;
}

}  // namespace hanse::wire
