#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

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

TEST(Utf8, PlainBytesEndAtTheFirstThatIsNot) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'x');
      text[at] = static_cast<char>(byte);
      EXPECT_EQ(PlainBytes(text), plain ? 20u : at) << byte;
      EXPECT_EQ(PlainBytes(std::string_view(text).substr(0, at)), at);
    }
  }
}

}  // namespace
}  // namespace hanse
