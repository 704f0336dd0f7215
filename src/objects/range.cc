#include "objects/range.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "objects/errors.h"

namespace hanse::objects {
namespace {

constexpr std::string_view kUnit = "bytes=";

bool Number(std::string_view text, std::uint64_t* number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

Refusal Unsatisfiable() { return Refuse(ErrorCode::kInvalidArgument, "InvalidRange", "The requested range is not satisfiable"); }

}  // namespace

std::string Part::ContentRange(std::uint64_t object_bytes) const {
  return fmt::format("bytes {}-{}/{}", offset, offset + size - 1, object_bytes);
}

Result<Part> ReadRange(const std::optional<std::string>& header, std::uint64_t object_bytes) {
  const Part whole{0, object_bytes, true};
  if (!header || !header->starts_with(kUnit)) return whole;
  std::string_view range = std::string_view(*header).substr(kUnit.size());
  std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return whole;
  std::uint64_t first = 0, last = object_bytes == 0 ? 0 : object_bytes - 1;
  if (dash == 0) {  // The last so many.
    std::uint64_t count = 0;
    if (!Number(range.substr(1), &count)) return whole;
    if (count == 0 || object_bytes == 0) return Unsatisfiable();
    first = object_bytes - std::min(count, object_bytes);
  } else {
    if (!Number(range.substr(0, dash), &first)) return whole;
    if (dash + 1 < range.size()) {
      std::uint64_t asked = 0;
      if (!Number(range.substr(dash + 1), &asked) || asked < first) return whole;
      last = std::min(last, asked);
    }
    if (first >= object_bytes) return Unsatisfiable();
  }
  return Part{first, last - first + 1, false};
}

Result<Part> ReadCopyRange(const std::optional<std::string>& header, std::uint64_t object_bytes) {
  if (!header) return Part{0, object_bytes, true};
  std::string_view range = header->starts_with(kUnit) ? std::string_view(*header).substr(kUnit.size()) : std::string_view();
  std::size_t dash = range.find('-');
  std::uint64_t first = 0, last = 0;
  bool fine = dash != std::string_view::npos && Number(range.substr(0, dash), &first) && Number(range.substr(dash + 1), &last);
  if (!fine || last < first) {
    return InvalidArgument(
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
        "zero-based offsets of the first and last bytes to copy");
  }
  if (last >= object_bytes) {
    return Refuse(ErrorCode::kInvalidArgument, "InvalidArgument",
                  fmt::format("Range specified is not valid for source object of size: {}", object_bytes));
  }
  return Part{first, last - first + 1, false};
}

}  // namespace hanse::objects
