#include "base/utf8.h"

#include <gtest/gtest.h>

namespace hanse {
namespace {

TEST(Utf8, TakesWhatRfc3629Takes) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8(std::string_view("a\0b", 3)));
  EXPECT_TRUE(IsUtf8("ünïcödé-日本-🗄"));
  for (const char* edge :
       {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(Utf8Bytes(edge), std::string_view(edge).size());
  }
}

TEST(Utf8, RefusesAllElse) {
  for (const char* bad : {"\x80", "\xff", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe6\x97", "\xf0\x8f\xbf\xbf",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xc3", "\xe6\x97z"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
  EXPECT_EQ(Utf8Bytes(""), 0u);
}

}  // namespace
}  // namespace hanse
