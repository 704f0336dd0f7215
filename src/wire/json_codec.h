#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/shape.h"

// The one walk over structs behind json.h and the JSON protocols. Any thread.
namespace hanse::wire {

enum class JsonStyle {
  kStore,   // Every member, by its model's name.
  kWire,    // What goes into an HTTP body, by its wire's name.
  kRecord,  // For the journal.
};

// Deeper values than this are refused, read or written.
inline constexpr int kNestingMax = 64;

void WriteJson(const Shape& shape, const void* value, JsonStyle style, std::string& out);
// `text` in quotes, with what JSON wants escaped.
void WriteJsonString(std::string_view text, std::string& out);
Result<void> ReadJson(const Shape& shape, std::string_view json, JsonStyle style, void* value);

}  // namespace hanse::wire
