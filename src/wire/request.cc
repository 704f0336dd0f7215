#include "wire/request.h"

#include <algorithm>

#include "base/text.h"

namespace hanse::wire {
namespace {

const std::string* Find(const Pairs& pairs, std::string_view name) {
  const auto found = std::ranges::find_if(pairs, [name](const auto& pair) { return pair.first == name; });
  return found == pairs.end() ? nullptr : &found->second;
}

bool FormDecode(std::string_view text, std::string* decoded) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return PercentDecode(spaced, decoded);
}

}  // namespace

const std::string* RawRequest::Header(std::string_view lower_name) const { return Find(headers, lower_name); }
const std::string* RawRequest::Query(std::string_view name) const { return Find(query, name); }

bool ParseForm(std::string_view text, Pairs* pairs) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    if (pairs->size() >= kParametersMax) return false;
    const std::size_t equals = pair.find('=');
    auto& [name, value] = pairs->emplace_back();
    if (!FormDecode(pair.substr(0, equals), &name)) return false;
    if (equals != std::string_view::npos && !FormDecode(pair.substr(equals + 1), &value)) return false;
  }
  return true;
}

}  // namespace hanse::wire
