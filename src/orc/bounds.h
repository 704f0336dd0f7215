#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "orc/file.h"

namespace hanse::orc {

// The least and the greatest value of a column in a stripe, where its statistics say them: of whole numbers and dates (days), or of
// texts.
struct Bounds {
  std::optional<std::pair<std::int64_t, std::int64_t>> numbers;
  std::optional<std::pair<std::string, std::string>> texts;
};

// Of each stripe, the bounds of `columns` in their order. Empty where the file has no such statistics, or they do not parse: they
// are a help and nothing that a query could fail of.
std::vector<std::vector<Bounds>> ReadBounds(Input& input, const Tail& tail, std::span<const std::uint32_t> columns);

}  // namespace hanse::orc
