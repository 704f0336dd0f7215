#pragma once
#include <string_view>

#include "base/result.h"
#include "wire/request.h"
#include "wire/route.h"
#include "wire/shape.h"

// The readers behind Parse(), a protocol each.
namespace hanse::wire {

Result<void> ParseQuery(const Shape& shape, const Pairs& parameters, void* input);
Result<void> ParseRest(const Service& service, const Routed& routed, RawRequest& request, void* input);
// `root`: what the root element must be called; empty: anything.
Result<void> ParseXml(const Shape& shape, std::string_view xml, std::string_view root, void* value);

}  // namespace hanse::wire
