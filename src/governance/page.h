#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hanse::governance {

// Page tokens: where the next page begins, as opaque text. They give no right: every row is asked for again when its page is read.
std::string PageToken(std::string_view list, std::string_view cursor);
// The cursor, "" for the first page. kInvalidArgument where the token is none of this list.
Result<std::string> PageCursor(std::string_view list, const std::optional<std::string>& token);
std::size_t PageSize(const std::optional<std::int32_t>& asked, std::size_t most);
// A cursor that is a number; 0 for "".
Result<std::int64_t> CursorId(std::string_view cursor);

}  // namespace hanse::governance
