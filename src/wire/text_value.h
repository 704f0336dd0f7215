#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/shape.h"

// Single values as text: in headers, addresses, forms and XML.
namespace hanse::wire {

// Reads a value of a kind that is neither a list, a map nor a structure; fails with kInvalidArgument: "'name' must be …". A string
// is UTF-8, or else what is kept and recorded of it could not be read again.
Result<void> ReadText(const Shape& shape, std::string_view name, const std::string& text, void* value);
// `otherwise`: how a moment is written whose shape does not say.
std::string WriteText(const Shape& shape, const void* value, TimeFormat otherwise);
// The key of a map.
Result<std::string> ReadKey(std::string_view name, std::string_view key);
bool IsText(const Shape& shape);

}  // namespace hanse::wire
