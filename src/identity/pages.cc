#include "identity/pages.h"

#include "crypto/sealed.h"

namespace hanse::identity {

Result<Pages::Page> Pages::Begin(std::string list, const std::optional<std::string>& marker,
                                 const std::optional<std::int32_t>& max_items) const {
  Page page{.purpose = std::move(list)};
  page.limit = max_items.value_or(kPageDefault);
  if (page.limit < 1 || page.limit > kPageMax) {
    return FailAs(ErrorCode::kInvalidArgument, "ValidationError", "MaxItems must be between 1 and 1000.");
  }
  if (marker && !marker->empty()) {
    auto opened = crypto::OpenToken(key_, page.purpose, *marker);
    if (!opened) return FailAs(ErrorCode::kInvalidArgument, "ValidationError", "Invalid Marker.");
    page.after = std::move(*opened);
  }
  return page;
}

std::string Pages::Seal(const Page& page, std::string_view key) const {
  return crypto::SealToken(key_, random_, page.purpose, key);
}

}  // namespace hanse::identity
