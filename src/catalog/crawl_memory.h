#pragma once
#include <map>
#include <string>
#include <vector>

#include "catalog/crawl_plan.h"
#include "model/caller.h"
#include "store/store.h"

// What a crawler in event mode remembers of the places that it follows: up to which moment, and what it has found in each folder.
// A folder's row may be newer than the mark: a run that fails leaves the mark, and so the folder is read again. One thread.
namespace hanse::catalog {

class CrawlMemory {
 public:
  CrawlMemory(store::Store& store, Id crawler) : store_(store), crawler_(crawler) {}

  // 0: it has never followed the place to the end. EndCrawl (crawl.h) writes marks.
  Result<Id> Mark(const std::string& place) const;
  // By their paths below the place.
  using Folders = std::map<std::string, CrawledFile>;
  Result<Folders> Read(const std::string& place) const;
  // Writes these folders of the place; those of `gone` it has no more.
  Result<void> Write(const std::string& place, const std::vector<CrawledFile>& folders, const std::vector<std::string>& gone);
  Result<void> Forget(const std::string& place);

 private:
  store::Store& store_;
  Id crawler_;
};

// Its next run looks at everything.
Result<void> ForgetMarks(store::Transaction& tx, Id crawler);

}  // namespace hanse::catalog
