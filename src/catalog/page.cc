#include "catalog/page.h"

#include <algorithm>

#include "crypto/sealed.h"

namespace hanse::catalog {

std::string Pages::Next(std::string_view list, std::string_view cursor) const {
  return crypto::SealToken(key_, random_, list, cursor);
}

Result<std::string> Pages::Cursor(std::string_view list, const std::optional<std::string>& token) const {
  if (!token || token->empty()) return std::string();
  auto cursor = crypto::OpenToken(key_, list, *token);
  if (!cursor) return Fail(ErrorCode::kInvalidArgument, "NextToken is not a token of this list.");
  return cursor;
}

std::size_t PageSize(const std::optional<std::int32_t>& asked, std::size_t most) {
  if (!asked || *asked <= 0) return most;
  return std::min<std::size_t>(static_cast<std::size_t>(*asked), most);
}

}  // namespace hanse::catalog
