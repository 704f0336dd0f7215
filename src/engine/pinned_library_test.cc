#include "engine/pinned_library.h"

#include <gtest/gtest.h>

#include "duckdb.hpp"

namespace hanse::engine {
namespace {

TEST(PinnedLibrary, TheOneThatIsLinkedIsOfTheHeadersCommit) {
  EXPECT_TRUE(IsPinnedLibrary(duckdb::DuckDB::LibraryVersion(), duckdb::DuckDB::SourceID()));
}

TEST(PinnedLibrary, AnotherVersionOrCommitIsRefused) {
  EXPECT_TRUE(IsPinnedLibrary("v1.5.6", "069cc9f9b5"));
  EXPECT_FALSE(IsPinnedLibrary("v1.5.7", "069cc9f9b5"));
  EXPECT_FALSE(IsPinnedLibrary("v1.5.6", "069cc9f9b"));
  EXPECT_FALSE(IsPinnedLibrary("v1.5.6", "169cc9f9b5"));
  EXPECT_FALSE(IsPinnedLibrary("v1.5.6", ""));
  EXPECT_FALSE(IsPinnedLibrary("", ""));
}

}  // namespace
}  // namespace hanse::engine
