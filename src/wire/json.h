#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/shape.h"

// Generated structs as JSON. Any thread.
namespace hanse::wire {

// To keep a struct: members by the model's names, absent ones left out, moments in seconds to the millisecond, blobs in base64.
// FromJson(ToJson(x)) == x, but for streams, which are not kept.
std::string ToJson(const Shape& shape, const void* value);
// Unknown members are ignored, null is absent. Fails with kInvalidArgument "SerializationException" naming the member.
Result<void> FromJson(const Shape& shape, std::string_view json, void* value);
// For the journal (requestParameters, responseElements): names begin in lower case, moments in ISO-8601; what is sensitive, blobs
// and streams are hidden; strings are cut at kRecordStringMax bytes.
std::string ToRecord(const Shape& shape, const void* value);
inline constexpr std::size_t kRecordStringMax = 100 * 1024;
inline constexpr std::string_view kHidden = "HIDDEN_DUE_TO_SECURITY_REASONS";

template <class T>
std::string ToJson(const T& value) {
  return ToJson(T::WireShape(), &value);
}
template <class T>
Result<T> FromJson(std::string_view json) {
  T value;
  TRY(FromJson(T::WireShape(), json, &value));
  return value;
}
template <class T>
std::string ToRecord(const T& value) {
  return ToRecord(T::WireShape(), &value);
}

}  // namespace hanse::wire
