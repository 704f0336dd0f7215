#pragma once
#include <string>
#include <string_view>

// Keys are UTF-8 in the order of their bytes, which is the order of their code points. Pure.
namespace hanse::objects {

// The first text after all that begin with `prefix`; "" where there is none. `prefix` is UTF-8, and so is the answer.
std::string AfterAllWith(std::string_view prefix);

}  // namespace hanse::objects
