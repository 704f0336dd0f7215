#pragma once
#include <string>
#include <string_view>

#include "wire/protocol.h"
#include "wire/shape.h"

// The writers behind Write(), a protocol each.
namespace hanse::wire {

void AppendXmlText(std::string_view text, std::string& out);
void AppendXmlElement(std::string_view name, std::string_view text, std::string& out);
// The parts of a value without an element around them.
void WriteXmlContent(const Shape& shape, const void* value, std::string& out);

RawResponse WriteQuery(const Service& service, const Operation& operation, const void* output, const AnswerIds& ids);
RawResponse WriteRest(const Service& service, const Operation& operation, const void* output);

}  // namespace hanse::wire
