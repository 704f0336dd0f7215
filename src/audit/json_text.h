#pragma once
#include <string>
#include <string_view>

namespace hanse::audit {

// Appends `text` as a JSON string with its quotes (RFC 8259, section 7). Bytes that are no UTF-8 become U+FFFD, so that a line of
// the journal is always valid JSON whatever a client sent as its user agent.
void AppendJsonString(std::string* out, std::string_view text);

}  // namespace hanse::audit
