#include "identity/limits.h"

#include <fmt/format.h>

namespace hanse::identity {

std::unexpected<Error> OverQuota(std::string_view name, std::int64_t limit) {
  return FailAs(ErrorCode::kLimitExceeded, "LimitExceeded", fmt::format("Cannot exceed quota for {}: {}", name, limit));
}

std::unexpected<Error> DeleteConflict(std::string message) {
  return FailAs(ErrorCode::kConflict, "DeleteConflict", std::move(message));
}

}  // namespace hanse::identity
