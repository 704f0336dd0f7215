#include "governance/page.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace hanse::governance {
namespace {

std::unexpected<Error> Wrong() { return Fail(ErrorCode::kInvalidArgument, "NextToken is not one of this list"); }

}  // namespace

std::string PageToken(std::string_view list, std::string_view cursor) {
  return Base64(std::string(list) + "\n" + std::string(cursor));
}

Result<std::string> PageCursor(std::string_view list, const std::optional<std::string>& token) {
  if (!token || token->empty()) return std::string();
  std::string text, head = std::string(list) + "\n";
  if (!UnBase64(*token, &text) || !text.starts_with(head)) return Wrong();
  return text.substr(head.size());
}

std::size_t PageSize(const std::optional<std::int32_t>& asked, std::size_t most) {
  if (!asked) return most;
  return std::clamp<std::size_t>(*asked < 1 ? 1 : static_cast<std::size_t>(*asked), 1, most);
}

Result<std::int64_t> CursorId(std::string_view cursor) {
  std::int64_t id = 0;
  if (cursor.empty()) return id;
  auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), id);
  if (error != std::errc() || end != cursor.data() + cursor.size()) return Wrong();
  return id;
}

}  // namespace hanse::governance
