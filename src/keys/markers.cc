#include "keys/markers.h"

#include "crypto/sealed.h"
#include "keys/errors.h"

namespace hanse::keys {

Result<Markers::Page> Markers::Begin(std::string list, const std::optional<std::string>& marker,
                                     const std::optional<std::int32_t>& limit, std::int64_t limit_default) const {
  Page page{.list = std::move(list), .after = {}, .limit = limit.value_or(static_cast<std::int32_t>(limit_default))};
  if (!marker) return page;
  auto opened = crypto::OpenToken(key_, page.list, *marker);
  if (!opened) return Refuse(ErrorCode::kInvalidArgument, "InvalidMarkerException", "The marker is not one of this list.");
  page.after = std::move(*opened);
  return page;
}

std::string Markers::Seal(const Page& page, std::string_view key) const { return crypto::SealToken(key_, random_, page.list, key); }

}  // namespace hanse::keys
