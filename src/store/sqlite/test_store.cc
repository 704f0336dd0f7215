#include "store/test_store.h"

#include <cstdlib>
#include <filesystem>

#include "store/sqlite/sqlite_store.h"

namespace hanse::store {

TestStore::TestStore() {
  std::string form = std::filesystem::temp_directory_path() / "hanse-store-XXXXXX";
  if (mkdtemp(form.data()) == nullptr) std::abort();
  directory_ = form;
  auto opened = SqliteStore::Open(directory_ + "/store.db");
  if (!opened || !Migrate(**opened)) std::abort();
  store_ = std::move(*opened);
}

Result<void> TestStore::Follow(Follower& follower) { return static_cast<SqliteStore&>(*store_).Follow(follower); }

TestStore::~TestStore() {
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

}  // namespace hanse::store
