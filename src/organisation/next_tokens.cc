#include "organisation/next_tokens.h"

#include "crypto/sealed.h"

namespace hanse::organisation {

Result<NextTokens::Page> NextTokens::Begin(std::string list, const std::optional<std::string>& token,
                                           const std::optional<std::int32_t>& max_results) const {
  Page page{.list = std::move(list)};
  page.limit = max_results.value_or(kPageMax);
  if (page.limit < 1 || page.limit > kPageMax) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidInputException", "MaxResults must be between 1 and 20.");
  }
  if (token) {
    auto opened = crypto::OpenToken(key_, page.list, *token);
    if (!opened) return FailAs(ErrorCode::kInvalidArgument, "InvalidInputException", "You specified an invalid NextToken.");
    page.after = std::move(*opened);
  }
  return page;
}

std::string NextTokens::Seal(const Page& page, std::string_view key) const {
  return crypto::SealToken(key_, random_, page.list, key);
}

}  // namespace hanse::organisation
