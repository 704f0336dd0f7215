#include "catalog/name_pattern.h"

#include <fmt/format.h>

namespace hanse::catalog {

Result<std::unique_ptr<re2::RE2>> NamePattern(std::string_view member, const std::optional<std::string>& expression) {
  if (!expression || expression->empty()) return std::unique_ptr<re2::RE2>();
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  auto pattern = std::make_unique<re2::RE2>(*expression, options);
  if (!pattern->ok()) return Fail(ErrorCode::kInvalidArgument, fmt::format("{} is not a regular expression.", member));
  return pattern;
}

}  // namespace hanse::catalog
