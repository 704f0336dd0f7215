#include "base/random.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

namespace hanse {
namespace {

TEST(Random, NoDrawIsGivenTwice) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 2'000; ++i) {
    EXPECT_TRUE(seen.insert(random.Bytes(16)).second);
    EXPECT_TRUE(seen.insert(random.Bytes(100)).second);
  }
}

TEST(Random, AForkedChildDrawsOtherBytes) {
  SystemRandom random;
  (void)random.Bytes(8);  // There is a stock now.
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  const std::string mine = random.Bytes(32);
  if (child == 0) ::_exit(::write(ends[1], mine.data(), mine.size()) == static_cast<ssize_t>(mine.size()) ? 0 : 1);
  std::string theirs(32, '\0');
  EXPECT_EQ(::read(ends[0], theirs.data(), theirs.size()), 32);
  EXPECT_NE(mine, theirs);
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  for (int end : ends) ::close(end);
}

TEST(Random, AUuidHasItsForm) {
  SystemRandom random;
  EXPECT_THAT(random.Uuid(), testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

}  // namespace
}  // namespace hanse
