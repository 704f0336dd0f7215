#include "wire/text_value.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "base/utf8.h"

namespace hanse::wire {
namespace {

template <class T>
bool ReadNumber(const std::string& text, T* number) {
  const std::string_view trimmed = Trim(text);
  const char* end = trimmed.data() + trimmed.size();
  const auto read = std::from_chars(trimmed.data(), end, *number);
  return read.ec == std::errc() && read.ptr == end;
}

bool ReadBoolean(const std::string& text, bool* value) {
  const std::string_view trimmed = Trim(text);
  *value = EqualsIgnoreCase(trimmed, "true");
  return *value || EqualsIgnoreCase(trimmed, "false");
}

bool ReadMoment(const std::string& text, TimeMs* ms) {
  if (ParseTime(text, ms)) return true;
  double seconds = 0;
  if (!ReadNumber(text, &seconds) || !(std::abs(seconds) < 1e12)) return false;
  *ms = std::llround(seconds * 1000);
  return true;
}

std::unexpected<Error> Wrong(std::string_view name, std::string_view wanted) {
  return Fail(ErrorCode::kInvalidArgument, "'" + std::string(name) + "' must be " + std::string(wanted));
}

}  // namespace

bool IsText(const Shape& shape) { return shape.kind < Kind::kStream; }

Result<void> ReadText(const Shape& shape, std::string_view name, const std::string& text, void* value) {
  switch (shape.kind) {
    case Kind::kString:
      if (!IsUtf8(text)) return Wrong(name, "text in UTF-8");
      *static_cast<std::string*>(value) = text;
      return {};
    case Kind::kInteger:
      if (!ReadNumber(text, static_cast<std::int32_t*>(value))) return Wrong(name, "a whole number of 32 bits");
      return {};
    case Kind::kLong:
      if (!ReadNumber(text, static_cast<std::int64_t*>(value))) return Wrong(name, "a whole number of 64 bits");
      return {};
    case Kind::kDouble:
      if (!ReadNumber(text, static_cast<double*>(value))) return Wrong(name, "a number");
      return {};
    case Kind::kBoolean:
      if (!ReadBoolean(text, static_cast<bool*>(value))) return Wrong(name, "true or false");
      return {};
    case Kind::kTimestamp:
      if (!ReadMoment(text, &static_cast<Timestamp*>(value)->ms)) return Wrong(name, "a time");
      return {};
    case Kind::kBlob:
      if (!UnBase64(text, static_cast<std::string*>(value))) return Wrong(name, "in base64");
      return {};
    default: return Wrong(name, "a single value");
  }
}

Result<std::string> ReadKey(std::string_view name, std::string_view key) {
  if (!IsUtf8(key)) return Wrong(name, "text in UTF-8");
  return std::string(key);
}

std::string WriteText(const Shape& shape, const void* value, TimeFormat otherwise) {
  switch (shape.kind) {
    case Kind::kString: return *static_cast<const std::string*>(value);
    case Kind::kInteger: return std::to_string(*static_cast<const std::int32_t*>(value));
    case Kind::kLong: return std::to_string(*static_cast<const std::int64_t*>(value));
    case Kind::kDouble: {
      char digits[32];
      return {digits, std::to_chars(digits, digits + sizeof digits, *static_cast<const double*>(value)).ptr};
    }
    case Kind::kBoolean: return *static_cast<const bool*>(value) ? "true" : "false";
    case Kind::kBlob: return Base64(*static_cast<const std::string*>(value));
    case Kind::kTimestamp: {
      const TimeMs ms = static_cast<const Timestamp*>(value)->ms;
      switch (shape.time_format == TimeFormat::kProtocol ? otherwise : shape.time_format) {
        case TimeFormat::kHttpDate: return FormatHttpDate(ms);
        case TimeFormat::kEpochSeconds: return std::to_string(ms / 1000);
        default: return FormatIso8601(ms, otherwise == TimeFormat::kIso8601 && ms % 1000 != 0);
      }
    }
    default: return {};
  }
}

}  // namespace hanse::wire
