#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "policy/document.h"

namespace hanse::policy {

// Documents by their text, so that one that comes back at every request is parsed once. It keeps what texts mean, never what was
// decided: a changed policy is another text. At most kMaxKept texts, then it starts anew. Any thread.
class DocumentCache {
 public:
  static constexpr std::size_t kMaxKept = 20'000;
  Result<DocumentPtr> Parse(std::string_view text, DocumentKind kind);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, DocumentPtr> kept_;  // By kind and text.
};

}  // namespace hanse::policy
