#include "policy/document_cache.h"

namespace hanse::policy {

Result<DocumentPtr> DocumentCache::Parse(std::string_view text, DocumentKind kind) {
  std::string key;
  key.reserve(text.size() + 1);
  key.push_back(static_cast<char>('0' + static_cast<int>(kind)));
  key.append(text);
  {
    std::lock_guard lock(mutex_);
    if (auto found = kept_.find(key); found != kept_.end()) return found->second;
  }
  TRY_ASSIGN(DocumentPtr parsed, ParseDocument(text, kind));
  std::lock_guard lock(mutex_);
  if (kept_.size() >= kMaxKept) kept_.clear();
  kept_.emplace(std::move(key), parsed);
  return parsed;
}

}  // namespace hanse::policy
