#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/text.h"
#include "wire/json.h"
#include "wire/json_codec.h"
#include "wire/json_reader.h"

namespace hanse::wire {
namespace {

// A whole number as JSON may write it: 5, 5.0 and 5e0 are the same.
std::optional<std::int64_t> WholeNumber(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, number); read.ptr == end && read.ec == std::errc()) return number;
  double real = 0;
  if (std::from_chars(text.data(), end, real).ptr != end || std::abs(real) > 9e15 || std::trunc(real) != real) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

class Decoder {
 public:
  Decoder(std::string_view json, JsonStyle style) : reader_(json), style_(style) {}

  bool Value(const Shape& shape, void* value, int depth) {
    if (depth >= kNestingMax) return Wrong("is nested too deeply");
    switch (shape.kind) {
      case Kind::kString: return reader_.TakeString(static_cast<std::string*>(value)) || Wrong("must be a string");
      case Kind::kInteger: return Integer(value);
      case Kind::kLong: return Long(static_cast<std::int64_t*>(value)) || Wrong("must be a whole number");
      case Kind::kDouble: return Double(static_cast<double*>(value)) || Wrong("must be a number");
      case Kind::kBoolean: return Boolean(static_cast<bool*>(value)) || Wrong("must be true or false");
      case Kind::kTimestamp: return Moment(&static_cast<Timestamp*>(value)->ms) || Wrong("must be a time in seconds");
      case Kind::kBlob: return Blob(static_cast<std::string*>(value)) || Wrong("must be a string in base64");
      case Kind::kStream: return reader_.Skip(kNestingMax - depth) || Wrong("is not JSON");
      case Kind::kDocument: return Free(static_cast<Document*>(value), depth);
      case Kind::kList: return List(shape, value, depth);
      case Kind::kMap: return Map(shape, value, depth);
      case Kind::kStructure: return Structure(shape, value, depth);
    }
    return false;
  }

  bool AtEnd() { return reader_.AtEnd() || Wrong("is followed by something else"); }
  std::string problem() const { return (path_.empty() ? "The body" : "'" + path_ + "'") + " " + problem_; }

 private:
  bool Wrong(std::string_view problem) {
    if (problem_.empty()) problem_ = problem;
    return false;
  }

  bool In(std::string_view member) {
    path_ = path_.empty() ? std::string(member) : std::string(member) + (path_[0] == '[' ? "" : ".") + path_;
    return false;
  }

  bool Integer(void* value) {
    std::int64_t number = 0;
    if (!Long(&number)) return Wrong("must be a whole number");
    if (number < std::numeric_limits<std::int32_t>::min() || number > std::numeric_limits<std::int32_t>::max()) {
      return Wrong("must be between -2147483648 and 2147483647");
    }
    *static_cast<std::int32_t*>(value) = static_cast<std::int32_t>(number);
    return true;
  }

  bool Long(std::int64_t* value) {
    std::string_view text;
    if (!reader_.TakeNumber(&text)) return false;
    const std::optional<std::int64_t> number = WholeNumber(text);
    if (number) *value = *number;
    return number.has_value();
  }

  bool Double(double* value) {
    std::string_view text;
    std::string word;
    if (reader_.TakeNumber(&text)) {
      return std::from_chars(text.data(), text.data() + text.size(), *value).ec == std::errc();
    }
    if (!reader_.TakeString(&word)) return false;
    const double infinity = std::numeric_limits<double>::infinity();
    *value = word == "NaN" ? std::nan("") : word == "Infinity" ? infinity : -infinity;
    return word == "NaN" || word == "Infinity" || word == "-Infinity";
  }

  bool Boolean(bool* value) {
    *value = reader_.TakeWord("true");
    return *value || reader_.TakeWord("false");
  }

  bool Moment(TimeMs* ms) {
    std::string_view number;
    std::string text;
    if (reader_.TakeString(&text)) return ParseTime(text, ms);
    double seconds = 0;
    if (!reader_.TakeNumber(&number)) return false;
    if (std::from_chars(number.data(), number.data() + number.size(), seconds).ec != std::errc()) return false;
    if (std::abs(seconds) > 1e12) return false;
    *ms = std::llround(seconds * 1000);
    return true;
  }

  bool Blob(std::string* value) {
    std::string text;
    return reader_.TakeString(&text) && UnBase64(text, value);
  }

  bool Free(Document* value, int depth) {
    reader_.Peek();
    const char* from = reader_.position();
    if (!reader_.Skip(kNestingMax - depth)) return Wrong("is not JSON, or nested too deeply");
    value->json.assign(from, reader_.position());
    return true;
  }

  bool List(const Shape& shape, void* list, int depth) {
    if (!reader_.Take('[')) return Wrong("must be a list");
    if (reader_.Take(']')) return true;
    do {
      if (reader_.TakeWord("null")) continue;
      if (!Value(*shape.element, shape.list->add(list), depth + 1)) {
        return In("[" + std::to_string(shape.list->size(list) - 1) + "]");
      }
    } while (reader_.Take(','));
    return reader_.Take(']') || Wrong("is not JSON: expected , or ]");
  }

  bool Map(const Shape& shape, void* map, int depth) {
    if (!reader_.Take('{')) return Wrong("must be an object");
    if (reader_.Take('}')) return true;
    std::string key;
    do {
      if (!reader_.TakeString(&key) || !reader_.Take(':')) return Wrong("is not JSON: expected a name");
      if (reader_.TakeWord("null")) continue;
      if (!Value(*shape.element, shape.map->add(map, key), depth + 1)) return In(key);
    } while (reader_.Take(','));
    return reader_.Take('}') || Wrong("is not JSON: expected , or }");
  }

  bool Structure(const Shape& shape, void* structure, int depth) {
    if (!reader_.Take('{')) return Wrong("must be an object");
    if (reader_.Take('}')) return true;
    std::size_t next = 0;  // Members mostly come in the model's order.
    std::string space;
    std::string_view name;
    do {
      if (!reader_.TakeName(&name, &space) || !reader_.Take(':')) return Wrong("is not JSON: expected a name");
      const Member* member = Find(shape, name, &next);
      if (reader_.Peek() == 'n' && reader_.TakeWord("null")) {
        if (member != nullptr) ClearMember(*member, structure);
      } else if (member == nullptr) {
        if (!reader_.Skip(kNestingMax - depth)) return Wrong("is not JSON, or nested too deeply") || In(name);
      } else if (!Value(*member->shape, MakeMember(*member, structure), depth + 1)) {
        return In(name);
      }
    } while (reader_.Take(','));
    return reader_.Take('}') || Wrong("is not JSON: expected , or }");
  }

  const Member* Find(const Shape& shape, std::string_view name, std::size_t* next) const {
    const std::size_t count = shape.members.size();
    for (std::size_t tried = 0; tried < count; ++tried, ++*next) {
      if (*next >= count) *next = 0;
      const Member& member = shape.members[*next];
      if (style_ == JsonStyle::kWire ? member.location == Location::kBody && member.wire == name : member.name == name) {
        ++*next;
        return member.shape->kind == Kind::kStream ? nullptr : &member;
      }
    }
    return nullptr;
  }

  JsonReader reader_;
  JsonStyle style_;
  std::string path_, problem_;
};

}  // namespace

Result<void> ReadJson(const Shape& shape, std::string_view json, JsonStyle style, void* value) {
  Decoder decoder(json, style);
  if (decoder.Value(shape, value, 0) && decoder.AtEnd()) return {};
  return FailAs(ErrorCode::kInvalidArgument, "SerializationException", decoder.problem());
}

Result<void> FromJson(const Shape& shape, std::string_view json, void* value) {
  return ReadJson(shape, json, JsonStyle::kStore, value);
}

}  // namespace hanse::wire
