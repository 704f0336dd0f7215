#include "keys/root_key.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace hanse::keys {
namespace {

namespace fs = std::filesystem;

class RootKeyTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string form = fs::temp_directory_path() / "hanse-root-XXXXXX";
    ASSERT_NE(mkdtemp(form.data()), nullptr);
    directory_ = form + "/keys";
  }
  void TearDown() override { fs::remove_all(fs::path(directory_).parent_path()); }
  std::string Loaded(MissingRoot missing = MissingRoot::kRefuse) {
    auto key = LoadRootKey(directory_, random_, missing);
    return key ? std::string(key->bytes()) : key.error().message;
  }
  std::string path() const { return directory_ + "/root"; }

  SeededRandom random_{5};
  std::string directory_;
};

TEST_F(RootKeyTest, IsDrawnOnceAndKept) {
  std::string key = Loaded(MissingRoot::kDraw);
  EXPECT_EQ(key.size(), 32u);
  EXPECT_EQ(Loaded(), key);
  EXPECT_EQ(Loaded(MissingRoot::kDraw), key);
  struct stat file{};
  ASSERT_EQ(stat(path().c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
}

TEST_F(RootKeyTest, ALostOneIsNotReplaced) {
  Loaded(MissingRoot::kDraw);
  fs::remove(path());
  EXPECT_NE(Loaded().find("is missing"), std::string::npos);
  EXPECT_FALSE(fs::exists(path()));
}

TEST_F(RootKeyTest, OneThatOthersMayReadIsRefused) {
  Loaded(MissingRoot::kDraw);
  ASSERT_EQ(chmod(path().c_str(), 0640), 0);
  EXPECT_NE(Loaded().find("may be read by others"), std::string::npos);
}

TEST_F(RootKeyTest, ACutOneIsRefused) {
  Loaded(MissingRoot::kDraw);
  fs::resize_file(path(), 31);
  EXPECT_NE(Loaded(MissingRoot::kDraw).find("does not hold a key"), std::string::npos);
  fs::resize_file(path(), 33);
  EXPECT_NE(Loaded(MissingRoot::kDraw).find("does not hold a key"), std::string::npos);
}

}  // namespace
}  // namespace hanse::keys
