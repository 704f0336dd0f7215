#include "base/clock.h"

#include <gtest/gtest.h>

namespace hanse {
namespace {

constexpr TimeMs kMoment = 1'767'323'045'678;  // 2026-01-02T03:04:05.678Z, a Friday.

TEST(Clock, WritesTheFormsOfTheServices) {
  EXPECT_EQ(FormatIso8601(kMoment), "2026-01-02T03:04:05Z");
  EXPECT_EQ(FormatIso8601(kMoment, true), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(FormatIso8601Basic(kMoment), "20260102T030405Z");
  EXPECT_EQ(FormatHttpDate(kMoment), "Fri, 02 Jan 2026 03:04:05 GMT");
  EXPECT_EQ(FormatIso8601(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(FormatIso8601(253'402'300'800'000), "10000-01-01T00:00:00Z");
}

TEST(Clock, ReadsThemBack) {
  TimeMs at = 0;
  ASSERT_TRUE(ParseTime("2026-01-02T03:04:05.678Z", &at));
  EXPECT_EQ(at, kMoment);
  for (const char* text : {"2026-01-02T03:04:05Z", "20260102T030405Z", "Fri, 02 Jan 2026 03:04:05 GMT"}) {
    ASSERT_TRUE(ParseTime(text, &at)) << text;
    EXPECT_EQ(at, kMoment - 678) << text;
  }
}

TEST(Clock, RefusesWhatIsNoMoment) {
  TimeMs at = 0;
  for (const char* text : {"", "yesterday", "2026-01-02T03:04:05+02:00", "2026-13-02T03:04:05Z"}) {
    EXPECT_FALSE(ParseTime(text, &at)) << text;
  }
}

TEST(Clock, StandsUntilItIsMoved) {
  ManualClock clock(1000);
  EXPECT_EQ(clock.NowMs(), 1000);
  clock.Advance(12 * 3600 * 1000);
  EXPECT_EQ(clock.NowMs(), 1000 + 12 * 3600 * 1000);
}

}  // namespace
}  // namespace hanse
