#include "cli/history_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace hanse::cli {
namespace {

class HistoryFileTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  std::string path_ = testing::TempDir() + "hanse_history_" + std::to_string(getpid());
};

TEST_F(HistoryFileTest, PromptsThatAreOpenAtOnceKeepEachOthersLines) {
  HistoryFile one(path_), other(path_);
  one.Append("SELECT 1;");
  EXPECT_THAT(other.Read(), testing::ElementsAre("SELECT 1;"));
  other.Append("SELECT 2;");
  one.Append("SELECT 3;");
  EXPECT_THAT(HistoryFile(path_).Read(), testing::ElementsAre("SELECT 1;", "SELECT 2;", "SELECT 3;"));
  struct stat file = {};
  ASSERT_EQ(stat(path_.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
}

TEST_F(HistoryFileTest, TheOldestLinesGo) {
  HistoryFile history(path_);
  for (int i = 0; i <= 2 * HistoryFile::kLinesMax; ++i) history.Append(std::to_string(i));
  auto lines = history.Read();
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(HistoryFile::kLinesMax));
  EXPECT_EQ(lines.back(), std::to_string(2 * HistoryFile::kLinesMax));
  EXPECT_LT(std::filesystem::file_size(path_), 5u * (HistoryFile::kLinesMax + 1));
  EXPECT_EQ(history.Read(), lines);
}

TEST_F(HistoryFileTest, NoPlaceIsNoHistory) {
  HistoryFile nowhere("");
  nowhere.Append("SELECT 1;");
  EXPECT_THAT(nowhere.Read(), testing::IsEmpty());
  HistoryFile unwritable("/nowhere/at/all");
  unwritable.Append("SELECT 1;");
  EXPECT_THAT(unwritable.Read(), testing::IsEmpty());
}

}  // namespace
}  // namespace hanse::cli
