#pragma once
#include <optional>
#include <string>
#include <type_traits>

#include "gate/gate.h"

namespace hanse::gate {

// What every operation with a form on the wire is made of; a folder's own kind of operation adds On(). W: wire::SERVICE::op::NAME.
template <class W, Record kHow>
struct WireOperation {
  static constexpr Rule kRule{W::kService, W::kName, kHow};
  using Wire = W;
  using Answer = typename W::Output;
  typename W::Input in;
};

// The first of `members` that the input has: how On() finds what a request is about, whatever its model calls it. A member is
// `[](const auto& in) -> decltype(in.user_name) { return in.user_name; }`, of type std::optional<std::string>. Nothing where the
// input has none of them.
template <class In>
std::optional<std::string> FirstOf(const In&) {
  return std::nullopt;
}
template <class In, class Member, class... Others>
std::optional<std::string> FirstOf(const In& in, Member member, Others... others) {
  if constexpr (std::is_invocable_v<Member, const In&>) {
    return member(in);
  } else {
    return FirstOf(in, others...);
  }
}

}  // namespace hanse::gate
