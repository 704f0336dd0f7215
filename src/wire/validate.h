#pragma once
#include "base/result.h"
#include "wire/shape.h"

namespace hanse::wire {

// Checks a value against its model: required members, lengths, ranges, sizes of lists, enums, patterns. Fails with kInvalidArgument
// and the service's own information ("1 validation error detected: Value 'x' at 'databaseInput.name' failed to satisfy constraint:
// Member must …"), at most kProblemsMax of them; what is sensitive is not repeated. Any thread.
Result<void> Validate(const Shape& shape, const void* value);
inline constexpr int kProblemsMax = 10;

template <class T>
Result<void> Validate(const T& value) {
  return Validate(T::WireShape(), &value);
}

}  // namespace hanse::wire
