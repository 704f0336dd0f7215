#include "engine/copy_rows.h"

#include <cstdint>

namespace hanse::engine {

namespace {

constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0", 11);
constexpr std::uint32_t kCriticalFlags = 0xffff0000u;
constexpr std::int32_t kExtensionBytesMax = 1 << 20;
constexpr std::size_t kKeptBytes = 1 << 20;  // What is read and done with is let go of in pieces of this size.

// Of numeric: groups of four digits.
constexpr int kGroupDigits = 4, kGroupsMax = 256;
enum NumericSign : std::uint16_t { kPositive = 0, kNegative = 0x4000, kNan = 0xc000, kInfinity = 0xd000, kMinusInfinity = 0xf000 };

std::unexpected<Error> BrokenRows() { return Fail(ErrorCode::kInvalidArgument, "the warehouse sent rows that do not parse"); }

}  // namespace

Result<void> CopyRows::Need(std::size_t bytes) {
  while (bytes_.size() - at_ < bytes) {
    if (at_ - row_ + bytes > kRowBytesMax) return Fail(ErrorCode::kLimitExceeded, "a row of the warehouse is too large");
    TRY_ASSIGN(bool came, more_(bytes_));
    if (!came) return Fail(ErrorCode::kUnavailable, "the rows of the warehouse broke off");
  }
  return {};
}

template <class T>
Result<T> CopyRows::Number() {
  TRY(Need(sizeof(T)));
  const T number = *NumberOfField<T>(std::string_view(bytes_).substr(at_, sizeof(T)));
  at_ += sizeof(T);
  return number;
}

Result<void> CopyRows::ReadHead() {
  TRY(Need(kSignature.size()));
  if (std::string_view(bytes_).substr(at_, kSignature.size()) != kSignature) return BrokenRows();
  at_ += kSignature.size();
  TRY_ASSIGN(std::uint32_t flags, Number<std::uint32_t>());
  TRY_ASSIGN(std::int32_t extension, Number<std::int32_t>());
  if ((flags & kCriticalFlags) != 0 || extension < 0 || extension > kExtensionBytesMax) return BrokenRows();
  TRY(Need(static_cast<std::size_t>(extension)));
  at_ += static_cast<std::size_t>(extension);
  begun_ = true;
  return {};
}

Result<bool> CopyRows::Next(std::vector<Field>& fields) {
  if (ended_) return false;
  if (at_ > kKeptBytes) {
    bytes_.erase(0, at_);
    at_ = 0;
  }
  row_ = at_;
  if (!begun_) TRY(ReadHead());
  TRY_ASSIGN(std::int16_t count, Number<std::int16_t>());
  if (count == -1) {
    ended_ = true;
    // Nothing follows, and the stream says that it ended well.
    TRY_ASSIGN(bool more, more_(bytes_));
    if (more || at_ != bytes_.size()) return BrokenRows();
    return false;
  }
  if (count < 0 || static_cast<std::size_t>(count) != columns_) return BrokenRows();
  // While fields are read their bytes may move: first where they are.
  places_.resize(columns_);
  for (auto& [begin, size] : places_) {
    TRY_ASSIGN(size, Number<std::int32_t>());
    if (size < -1) return BrokenRows();
    begin = at_ - row_;
    if (size <= 0) continue;
    TRY(Need(static_cast<std::size_t>(size)));
    at_ += static_cast<std::size_t>(size);
  }
  fields.assign(columns_, std::nullopt);
  for (std::size_t i = 0; i < columns_; ++i) {
    const auto& [begin, size] = places_[i];
    if (size >= 0) fields[i] = std::string_view(bytes_).substr(row_ + begin, static_cast<std::size_t>(size));
  }
  return true;
}

std::optional<std::string> NumericText(std::string_view field) {
  if (field.size() < 8) return std::nullopt;
  const int groups = *NumberOfField<std::int16_t>(field.substr(0, 2)), weight = *NumberOfField<std::int16_t>(field.substr(2, 2));
  const std::uint16_t sign = *NumberOfField<std::uint16_t>(field.substr(4, 2));
  const int scale = *NumberOfField<std::int16_t>(field.substr(6, 2));
  if (sign == kNan) return "NaN";
  if (sign == kInfinity) return "Infinity";
  if (sign == kMinusInfinity) return "-Infinity";
  if (sign != kPositive && sign != kNegative) return std::nullopt;
  if (groups < 0 || groups > kGroupsMax || weight < -kGroupsMax || weight > kGroupsMax || scale < 0 ||
      scale > kGroupsMax * kGroupDigits || field.size() != 8 + 2 * static_cast<std::size_t>(groups)) {
    return std::nullopt;
  }
  // Digits of the group that stands at 10000^place.
  auto group = [&](int place) -> std::optional<std::string> {
    const int i = weight - place;
    const int value = i < 0 || i >= groups ? 0 : *NumberOfField<std::int16_t>(field.substr(8 + 2 * static_cast<std::size_t>(i), 2));
    if (value < 0 || value > 9999) return std::nullopt;
    std::string digits = std::to_string(value);
    return std::string(kGroupDigits - digits.size(), '0') + digits;
  };
  std::string whole, fraction;
  for (int place = weight; place >= 0; --place) {
    auto digits = group(place);
    if (!digits) return std::nullopt;
    whole += *digits;
  }
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  if (whole.empty()) whole = "0";
  for (int place = -1; static_cast<int>(fraction.size()) < scale; --place) {
    auto digits = group(place);
    if (!digits) return std::nullopt;
    fraction += *digits;
  }
  fraction.resize(static_cast<std::size_t>(scale));
  return (sign == kNegative ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

}  // namespace hanse::engine
