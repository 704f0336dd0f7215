#pragma once
#include <memory>
#include <optional>
#include <string>

#include <re2/re2.h>

#include "base/result.h"

namespace hanse::catalog {

// The pattern of a list: a regular expression that must match the whole name, whatever its case; null: every name. kInvalidArgument
// names `member` where it is none.
Result<std::unique_ptr<re2::RE2>> NamePattern(std::string_view member, const std::optional<std::string>& expression);

}  // namespace hanse::catalog
