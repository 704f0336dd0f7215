#pragma once
#include <memory>
#include <string>

#include "store/follower.h"
#include "store/store.h"

namespace hanse::store {

// For tests of the domain: a migrated, empty store in a temporary folder that goes with it. Which driver, and ending the process
// where that cannot be had, is the driver's (store/sqlite); a folder's tests link it by HANSE_TEST_LINK_… in cmake/.
class TestStore {
 public:
  TestStore();
  ~TestStore();
  TestStore(const TestStore&) = delete;
  TestStore& operator=(const TestStore&) = delete;
  Store& operator*() const { return *store_; }
  Store* operator->() const { return store_.get(); }
  Result<void> Follow(Follower& follower);
  const std::string& directory() const { return directory_; }

 private:
  std::string directory_;
  std::unique_ptr<Store> store_;
};

}  // namespace hanse::store
