#include "blob/blobs.h"

#include <algorithm>

namespace hanse::blob {

bool IsBlobId(std::string_view text) {
  return text.size() == 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace hanse::blob
