// A crawl in event mode (crawl_run.h): what it has seen of a place stays in crawl_memory.h, and of the place it reads the folders
// that have changed since its last crawl that succeeded. What it leaves is what a crawl of everything would leave.
#include <fmt/format.h>

#include "catalog/crawl_run.h"

namespace hanse::catalog {

Result<std::vector<CrawledFile>> CrawlRun::FollowChanges(Found* found) {
  const Target& target = found->target;
  CrawlMemory memory(parts_.store, crawler_.id);
  TRY_ASSIGN(Id mark, memory.Mark(target.place));
  // Asked before anything is read: what changes meanwhile is read again the next time.
  TRY_ASSIGN(auto changes, parts_.storage.Changed(Context(), target.bucket, target.prefix, mark));
  summary_.marks.emplace_back(target.place, changes.until);
  if (changes.all) {
    TRY_ASSIGN(std::vector<CrawledFile> files, ReadFiles(target));
    std::vector<CrawledFile> folders = OneAFolder(files);
    TRY(memory.Forget(target.place));
    TRY(memory.Write(target.place, folders, {}));
    return folders;
  }
  TRY_ASSIGN(CrawlMemory::Folders known, memory.Read(target.place));
  found->changed.emplace();
  std::vector<CrawledFile> again;
  std::vector<std::string> gone;
  for (const std::string& changed : changes.folders) {
    std::string folder = changed.substr(target.prefix.size());
    TRY_ASSIGN(std::vector<CrawledFile> files, ReadFolder(target, changed));
    std::vector<CrawledFile> one = OneAFolder(files);
    known.erase(folder);
    if (one.empty()) {
      gone.push_back(folder);
    } else {
      known.emplace(folder, one.front());
      again.push_back(std::move(one.front()));
    }
    found->changed->insert(std::move(folder));
  }
  TRY(memory.Write(target.place, again, gone));
  std::vector<CrawledFile> folders;
  for (auto& [path, folder] : known) folders.push_back(std::move(folder));
  return folders;
}

Result<CrawlStorage::Listed> CrawlRun::ListWhole(const std::string& bucket, const std::string& folder) {
  CrawlStorage::Listed whole;
  std::string from;
  do {
    TRY(Ended());
    TRY_ASSIGN(auto page, parts_.storage.ListFolder(Context(), bucket, folder, from));
    std::move(page.files.begin(), page.files.end(), std::back_inserter(whole.files));
    std::move(page.folders.begin(), page.folders.end(), std::back_inserter(whole.folders));
    from = page.next;
  } while (!from.empty());
  return whole;
}

Result<std::vector<CrawledFile>> CrawlRun::ReadFolder(const Target& target, const std::string& folder) {
  TRY_ASSIGN(CrawlStorage::Listed listed, ListWhole(target.bucket, folder));
  std::vector<CrawledFile> files;
  std::size_t read = 0;
  std::erase_if(listed.files, [&](const CrawlStorage::File& file) { return !Takes(target, file, &read); });
  TRY(ReadAll(target, listed.files, &files));
  return files;
}

}  // namespace hanse::catalog
