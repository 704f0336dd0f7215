#pragma once
#include <string_view>

namespace hanse::wire {

// Whether all of `text` matches a pattern of the service models (Java's dialect), in time linear in the text. The pattern is a
// constant of the tables: it is compiled once and found again by its address. Any thread.
bool MatchesPattern(std::string_view pattern, std::string_view text);
// Whether we understand the pattern; one that we do not understand matches nothing. A test holds that there is none.
bool PatternIsKnown(std::string_view pattern);

}  // namespace hanse::wire
