#pragma once
#include <string>
#include <string_view>

namespace hanse::store {

// Our SQL's '?' as PostgreSQL writes them: $1, $2, … Those in texts ('…'), names ("…") and comments stay.
std::string NumberPlaceholders(std::string_view sql);

}  // namespace hanse::store
