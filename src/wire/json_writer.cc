#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "wire/json.h"
#include "wire/json_codec.h"

namespace hanse::wire {
namespace {

template <class T>
void WriteNumber(T number, std::string& out) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void WriteDouble(double number, std::string& out) {
  if (std::isfinite(number)) return WriteNumber(number, out);
  out += std::isnan(number) ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
}

// Seconds since 1970, with as many digits of milliseconds as there are.
void WriteSeconds(TimeMs ms, std::string& out) {
  const std::uint64_t size = ms < 0 ? 0 - static_cast<std::uint64_t>(ms) : static_cast<std::uint64_t>(ms);
  if (ms < 0) out += '-';
  WriteNumber(size / 1000, out);
  if (const unsigned rest = static_cast<unsigned>(size % 1000); rest != 0) {
    const char digits[] = {'.', static_cast<char>('0' + rest / 100), static_cast<char>('0' + rest / 10 % 10),
                           static_cast<char>('0' + rest % 10)};
    out.append(digits, rest % 100 == 0 ? 2 : rest % 10 == 0 ? 3 : 4);
  }
}

void WriteHex4(unsigned code, std::string& out) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += "0123456789abcdef"[code >> shift & 15];
}

struct Writer {
  JsonStyle style;
  std::string& out;

  void Value(const Shape& shape, const void* value, int depth) {
    if (style == JsonStyle::kRecord && Hidden(shape)) return WriteJsonString(kHidden, out);
    switch (shape.kind) {
      case Kind::kString: return String(*static_cast<const std::string*>(value));
      case Kind::kInteger: return WriteNumber(*static_cast<const std::int32_t*>(value), out);
      case Kind::kLong: return WriteNumber(*static_cast<const std::int64_t*>(value), out);
      case Kind::kDouble: return WriteDouble(*static_cast<const double*>(value), out);
      case Kind::kBoolean: out += *static_cast<const bool*>(value) ? "true" : "false"; return;
      case Kind::kTimestamp: return Moment(shape, static_cast<const Timestamp*>(value)->ms);
      case Kind::kBlob: return WriteJsonString(Base64(*static_cast<const std::string*>(value)), out);
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
    WriteJsonString(text, out);
  }

  void Free(const Document& document) { out += document.json.empty() ? "null" : document.json; }

  void Moment(const Shape& shape, TimeMs ms) {
    const bool text = style == JsonStyle::kRecord || (style == JsonStyle::kWire && shape.time_format == TimeFormat::kIso8601);
    if (!text) return WriteSeconds(ms, out);
    WriteJsonString(FormatIso8601(ms, ms % 1000 != 0), out);
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
        WriteJsonString(key, writer.out);
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
    out += '"';
    const std::size_t at = out.size();
    out += style == JsonStyle::kWire ? member.wire : member.name;
    if (style == JsonStyle::kRecord && out[at] >= 'A' && out[at] <= 'Z') out[at] = static_cast<char>(out[at] | 0x20);
    out += "\":";
  }
};

}  // namespace

void WriteJsonString(std::string_view text, std::string& out) {
  out += '"';
  std::size_t clean = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, clean, i - clean);
    clean = i + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      WriteHex4(c, out);
    }
  }
  out.append(text, clean, std::string_view::npos);
  out += '"';
}

void WriteJson(const Shape& shape, const void* value, JsonStyle style, std::string& out) {
  Writer{style, out}.Value(shape, value, 0);
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
