#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gate/gate.h"
#include "objects/needs.h"
#include "objects/version.h"

// Which folders of a bucket have changed: for work inside the server that follows a place instead of listing it again and again.
// What was put there tells so by the id of its row, which only grows; what was taken away is written down by its folder.
namespace hanse::objects {

inline constexpr TimeMs kRemovalsKeptMs = TimeMs{14} * 24 * 3600 * 1000;  // As long as a queue would keep an event.
inline constexpr std::size_t kChangedFoldersMax = 100'000;

// "a/b/" of "a/b/c", "" of "c".
std::string FolderOf(std::string_view key);

// Folders below a prefix in which objects were added, replaced or taken away since a moment that an earlier answer named; needs
// s3:ListBucket, as it tells of names.
struct ChangedFolders {
  static constexpr gate::Rule kRule{"s3", "ListObjectsV2", gate::Record::kRead};
  struct Answer {
    bool all = false;  // Too much, or nobody knows: the whole place may have changed.
    Id until = 0;      // What to ask with next time.
    std::vector<std::string> folders;
  };
  std::string bucket, prefix;
  Id since = 0;  // 0: everything.
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
  std::string Parameters() const;
};

Result<ChangedFolders::Answer> FindChanges(store::Transaction& tx, const Bucket& bucket, const std::string& prefix, Id since);

// A version of an object is taken away, in the same transaction.
Result<void> NoteRemoval(store::Transaction& tx, const Version& version, TimeMs now_ms);
// Forgets removals of before kRemovalsKeptMs. Whoever asks from before then is told that all may have changed.
Result<void> ForgetRemovals(store::Transaction& tx, TimeMs now_ms);

}  // namespace hanse::objects
