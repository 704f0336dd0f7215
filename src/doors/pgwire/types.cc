#include "doors/pgwire/types.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::pgwire {
namespace {

constexpr std::int64_t kEpochDays = 10957;  // From 1970 to PostgreSQL's 2000-01-01.
constexpr std::int64_t kDayMicros = 86'400'000'000;

std::unexpected<Error> NoValue(std::string_view type) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("invalid input for type {}", type));
}

std::string BigEndian(std::uint64_t value, std::size_t bytes) {
  std::string out(bytes, '\0');
  for (std::size_t i = bytes; i-- > 0; value >>= 8) out[i] = static_cast<char>(value & 0xff);
  return out;
}

std::int64_t FromBigEndian(std::string_view bytes) {
  std::uint64_t value = !bytes.empty() && (bytes[0] & 0x80) != 0 ? ~0ull : 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(value);
}

// Days since 1970-01-01 of a date in the proleptic Gregorian calendar, and back (H. Hinnant, "chrono-Compatible Low-Level Date
// Algorithms").
std::int64_t DaysOf(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

std::string DateText(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day_of_year - (153 * shifted + 2) / 5 + 1);
}

std::string TimeText(std::int64_t micros) {
  return fmt::format("{:02}:{:02}:{:02}.{:06}", micros / 3'600'000'000, micros / 60'000'000 % 60, micros / 1'000'000 % 60,
                     micros % 1'000'000);
}

// "-0044-03-15", "2024-01-02": the days since 1970.
bool ReadDate(std::string_view text, std::int64_t* days) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(std::string(text).c_str(), "%d-%u-%u", &year, &month, &day) != 3 || month < 1 || month > 12 || day < 1 ||
      day > 31)
    return false;
  *days = DaysOf(year, month, day);
  return true;
}

bool ReadTime(std::string_view text, std::int64_t* micros) {
  unsigned hour = 0, minute = 0;
  double seconds = 0;
  if (std::sscanf(std::string(text).c_str(), "%u:%u:%lf", &hour, &minute, &seconds) != 3 || hour > 24 || minute > 59) return false;
  *micros = (std::int64_t{hour} * 60 + minute) * 60'000'000 + std::llround(seconds * 1e6);
  return true;
}

bool ReadTimestamp(std::string_view text, std::int64_t* micros) {
  std::size_t space = text.find(' ');
  std::int64_t days = 0, time = 0;
  if (space == std::string_view::npos || !ReadDate(text.substr(0, space), &days) || !ReadTime(text.substr(space + 1), &time))
    return false;
  *micros = days * kDayMicros + time;
  return true;
}

// numeric: groups of four decimal digits, weight, sign, scale.
std::string NumericBinary(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::size_t point = text.find('.');
  std::string whole(text.substr(0, point)), fraction(point == std::string_view::npos ? "" : text.substr(point + 1));
  const std::size_t scale = fraction.size();
  whole.insert(0, (4 - whole.size() % 4) % 4, '0');
  fraction.append((4 - fraction.size() % 4) % 4, '0');
  auto weight = static_cast<std::int64_t>(whole.size() / 4) - 1;
  std::string digits = whole + fraction;
  while (digits.starts_with("0000")) digits.erase(0, 4), --weight;
  while (digits.ends_with("0000")) digits.erase(digits.size() - 4);
  if (digits.empty()) weight = 0;
  std::string out = BigEndian(digits.size() / 4, 2) + BigEndian(static_cast<std::uint64_t>(weight), 2) +
                    BigEndian(negative && !digits.empty() ? 0x4000 : 0, 2) + BigEndian(scale, 2);
  for (std::size_t i = 0; i < digits.size(); i += 4) out += BigEndian(std::strtoul(digits.substr(i, 4).c_str(), nullptr, 10), 2);
  return out;
}

Result<std::string> NumericText(std::string_view binary) {
  if (binary.size() < 8 || binary.size() % 2 != 0) return NoValue("numeric");
  const auto groups = static_cast<std::size_t>(FromBigEndian(binary.substr(0, 2)));
  const std::int64_t weight = FromBigEndian(binary.substr(2, 2)), sign = FromBigEndian(binary.substr(4, 2)),
                     scale = FromBigEndian(binary.substr(6, 2));
  if ((sign != 0 && sign != 0x4000) || binary.size() != 8 + 2 * groups || scale < 0 || weight > 100 || weight < -100)
    return NoValue("numeric");
  std::string whole, fraction;
  for (std::int64_t place = std::max<std::int64_t>(weight, 0);
       place >= std::min<std::int64_t>(-1, weight - static_cast<std::int64_t>(groups) + 1); --place) {
    const std::int64_t group = weight - place;
    const bool there = group >= 0 && group < static_cast<std::int64_t>(groups);
    const std::int64_t value = there ? FromBigEndian(binary.substr(8 + 2 * static_cast<std::size_t>(group), 2)) : 0;
    if (value < 0 || value > 9999) return NoValue("numeric");
    (place >= 0 ? whole : fraction) += fmt::format("{:04}", value);
  }
  fraction.resize(static_cast<std::size_t>(scale), '0');
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  return fmt::format("{}{}{}{}", sign == 0 ? "" : "-", whole, fraction.empty() ? "" : ".", fraction);
}

// Athena's "61 62" -> the bytes.
bool ReadBytes(std::string_view rendered, std::string* bytes) {
  std::string hex;
  for (char c : rendered) {
    if (c != ' ') hex += c;
  }
  return UnHex(hex, bytes);
}

std::string_view Before(std::string_view text, std::string_view end) {
  return text.ends_with(end) ? text.substr(0, text.size() - end.size()) : text;
}

// The type of an array's elements; 0 of what is none.
Oid ElementOf(Oid type) {
  static const std::map<Oid, Oid> kElements = {
      {kBoolArray, kBool}, {kInt2Array, kInt2}, {kInt4Array, kInt4}, {kInt8Array, kInt8}, {kTextArray, kText}};
  auto found = kElements.find(type);
  return found == kElements.end() ? 0 : found->second;
}

// `{a,"b c",NULL}` taken apart (PostgreSQL 15, section 8.15.6): one dimension.
Result<std::vector<std::optional<std::string>>> ElementsIn(std::string_view text) {
  std::vector<std::optional<std::string>> elements;
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return NoValue("array");
  text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    const bool quoted = text.front() == '"';
    std::string element;
    std::size_t at = quoted ? 1 : 0;
    for (; at < text.size() && text[at] != (quoted ? '"' : ','); ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) ++at;
      element += text[at];
    }
    text.remove_prefix(std::min(text.size(), at + (quoted ? 1 : 0)));
    elements.push_back(!quoted && element == "NULL" ? std::nullopt : std::optional(std::move(element)));
    if (!text.empty() && text.front() != ',') return NoValue("array");
    if (!text.empty()) text.remove_prefix(1);
  }
  return elements;
}

Result<std::string> BinaryOf(Oid type, std::string_view rendered);

// Dimensions, whether there are NULLs, the elements' type; of the one dimension its size and first index; the elements.
Result<std::string> ArrayBinary(Oid element, std::string_view rendered) {
  constexpr std::uint32_t kNull = 0xffffffff;
  TRY_ASSIGN(auto elements, ElementsIn(rendered));
  const bool nulls = std::ranges::any_of(elements, [](const auto& one) { return !one; });
  std::string out = BigEndian(elements.empty() ? 0 : 1, 4) + BigEndian(nulls ? 1 : 0, 4) + BigEndian(element, 4);
  if (!elements.empty()) out += BigEndian(elements.size(), 4) + BigEndian(1, 4);
  for (const auto& one : elements) {
    if (!one) {
      out += BigEndian(kNull, 4);
      continue;
    }
    TRY_ASSIGN(std::string value, BinaryOf(element, *one));
    out += BigEndian(value.size(), 4) + value;
  }
  return out;
}

Result<std::string> BinaryOf(Oid type, std::string_view rendered) {
  if (const Oid element = ElementOf(type); element != 0) return ArrayBinary(element, rendered);
  const std::string text(rendered);
  std::int64_t number = 0;
  switch (type) {
    case kBool: return std::string(1, rendered == "true" || rendered == "t" ? '\1' : '\0');
    case kInt2: return BigEndian(static_cast<std::uint64_t>(std::strtoll(text.c_str(), nullptr, 10)), 2);
    case kOid:
    case kInt4: return BigEndian(static_cast<std::uint64_t>(std::strtoll(text.c_str(), nullptr, 10)), 4);
    case kInt8: return BigEndian(static_cast<std::uint64_t>(std::strtoll(text.c_str(), nullptr, 10)), 8);
    case kFloat4: return BigEndian(std::bit_cast<std::uint32_t>(std::strtof(text.c_str(), nullptr)), 4);
    case kFloat8: return BigEndian(std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)), 8);
    case kNumeric: return NumericBinary(rendered);
    case kDate:
      if (!ReadDate(rendered, &number)) return NoValue("date");
      return BigEndian(static_cast<std::uint64_t>(number - kEpochDays), 4);
    case kTime:
      if (!ReadTime(rendered, &number)) return NoValue("time");
      return BigEndian(static_cast<std::uint64_t>(number), 8);
    case kTimestamp:
    case kTimestamptz:
      if (!ReadTimestamp(Before(rendered, " UTC"), &number)) return NoValue("timestamp");
      return BigEndian(static_cast<std::uint64_t>(number - kEpochDays * kDayMicros), 8);
    default: return text;
  }
}

std::string QuotedText(std::string_view text) {
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

// The text that a parameter in binary form says.
Result<std::string> TextOfBinary(Oid type, std::string_view bytes) {
  const auto sized = [&](std::size_t size) { return bytes.size() == size; };
  switch (type) {
    case kBool: return sized(1) ? Result<std::string>(bytes[0] != 0 ? "true" : "false") : NoValue("boolean");
    case kInt2: return sized(2) ? Result<std::string>(std::to_string(FromBigEndian(bytes))) : NoValue("smallint");
    case kInt4: return sized(4) ? Result<std::string>(std::to_string(FromBigEndian(bytes))) : NoValue("integer");
    case kInt8: return sized(8) ? Result<std::string>(std::to_string(FromBigEndian(bytes))) : NoValue("bigint");
    case kOid:
      return sized(4) ? Result<std::string>(std::to_string(static_cast<std::uint32_t>(FromBigEndian(bytes)))) : NoValue("oid");
    case kFloat4:
      if (!sized(4)) return NoValue("real");
      return fmt::format("{}", std::bit_cast<float>(static_cast<std::uint32_t>(FromBigEndian(bytes))));
    case kFloat8:
      if (!sized(8)) return NoValue("double precision");
      return fmt::format("{}", std::bit_cast<double>(FromBigEndian(bytes)));
    case kNumeric: return NumericText(bytes);
    case kDate: return sized(4) ? Result<std::string>(DateText(FromBigEndian(bytes) + kEpochDays)) : NoValue("date");
    case kTimestamp:
    case kTimestamptz: {
      if (!sized(8)) return NoValue("timestamp");
      const std::int64_t micros = FromBigEndian(bytes), days = (micros >= 0 ? micros : micros - kDayMicros + 1) / kDayMicros;
      return DateText(days + kEpochDays) + " " + TimeText(micros - days * kDayMicros);
    }
    case kBytea: return "\\x" + Hex(bytes);
    case 0:
    case kUnknown:
    case kText:
    case kVarchar:
    case kBpchar: return std::string(bytes);
    default: return Fail(ErrorCode::kUnsupported, fmt::format("binary values of type {} are not supported: send text", type));
  }
}

// Whether `text` is a number whose digits can stand in SQL as they are.
bool IsNumber(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() &&
         std::isdigit(static_cast<unsigned char>(text.back()));
}

}  // namespace

ColumnType TypeOf(const engine::ResultColumn& column) {
  static const std::map<std::string, ColumnType, std::less<>> kTypes = {{"boolean", {kBool, 1}},
                                                                        {"tinyint", {kInt2, 2}},
                                                                        {"smallint", {kInt2, 2}},
                                                                        {"integer", {kInt4, 4}},
                                                                        {"int", {kInt4, 4}},
                                                                        {"bigint", {kInt8, 8}},
                                                                        {"float", {kFloat4, 4}},
                                                                        {"real", {kFloat4, 4}},
                                                                        {"double", {kFloat8, 8}},
                                                                        {"varchar", {kVarchar, -1}},
                                                                        {"char", {kBpchar, -1}},
                                                                        {"varbinary", {kBytea}},
                                                                        {"date", {kDate, 4}},
                                                                        {"time", {kTime, 8}},
                                                                        {"timestamp", {kTimestamp, 8}},
                                                                        {"uuid", {kUuid, -1}},
                                                                        {"timestamp with time zone", {kTimestamptz, 8}}};
  if (column.type.ends_with("[]")) {
    static const std::map<std::string, Oid> kArrays = {
        {"boolean[]", kBoolArray}, {"smallint[]", kInt2Array}, {"integer[]", kInt4Array}, {"bigint[]", kInt8Array}};
    auto array = kArrays.find(column.type);
    return {array == kArrays.end() ? kTextArray : array->second};
  }
  const std::size_t open = column.type.find('(');
  std::string name = column.type.substr(0, open);
  if (open != std::string::npos && column.type.ends_with("with time zone")) name += " with time zone";
  if (name == "decimal") {
    int precision = column.precision, scale = column.scale;
    if (open != std::string::npos) std::sscanf(column.type.c_str() + open, "(%d,%d)", &precision, &scale);
    return {kNumeric, -1, precision > 0 ? ((precision << 16) | scale) + 4 : -1};
  }
  auto found = kTypes.find(name);
  // A uuid is told as its text: Athena has none, and text is read by every client.
  return found == kTypes.end() || found->second.oid == kUuid ? ColumnType{} : found->second;
}

Result<std::string> ValueOf(const ColumnType& type, std::string_view rendered, bool binary) {
  if (type.oid == kBytea) {
    std::string bytes;
    if (!ReadBytes(rendered, &bytes)) return NoValue("bytea");
    return binary ? bytes : "\\x" + Hex(bytes);
  }
  if (binary) return BinaryOf(type.oid, rendered);
  if (type.oid == kBool) return std::string(rendered == "true" || rendered == "t" ? "t" : "f");
  if (type.oid == kTimestamptz) return std::string(Before(rendered, " UTC")) + "+00";
  return std::string(rendered);
}

Result<std::string> LiteralOf(Oid type, const std::optional<std::string>& value, bool binary) {
  std::string text;
  if (value && binary) {
    TRY_ASSIGN(text, TextOfBinary(type, *value));
  } else {
    text = value.value_or("");
  }
  static const std::map<Oid, std::string_view> kNames = {{kBool, "boolean"},
                                                         {kInt2, "smallint"},
                                                         {kInt4, "integer"},
                                                         {kInt8, "bigint"},
                                                         {kOid, "bigint"},
                                                         {kFloat4, "real"},
                                                         {kFloat8, "double"},
                                                         {kDate, "date"},
                                                         {kTime, "time"},
                                                         {kTimestamp, "timestamp"},
                                                         {kTimestamptz, "timestamp with time zone"},
                                                         {kText, "varchar"},
                                                         {kVarchar, "varchar"},
                                                         {kBpchar, "varchar"}};
  auto named = kNames.find(type);
  if (!value) return named == kNames.end() ? std::string("NULL") : fmt::format("CAST(NULL AS {})", named->second);
  switch (type) {
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid:
    case kNumeric:
      if (!IsNumber(text)) return NoValue("numeric");
      // LIMIT and arithmetic take them as they stand.
      return text.starts_with('-') ? fmt::format("({})", text) : text;
    case kBytea: {
      std::string bytes;
      if (!text.starts_with("\\x") || !UnHex(text.substr(2), &bytes)) return NoValue("bytea");
      return fmt::format("X'{}'", Hex(bytes));
    }
    case kBool:
    case kFloat4:
    case kFloat8:
    case kDate:
    case kTime:
    case kTimestamp:
    case kTimestamptz: return fmt::format("CAST({} AS {})", QuotedText(text), named->second);
    default: return QuotedText(text);
  }
}

}  // namespace hanse::pgwire
