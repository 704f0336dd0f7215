#include "base/text.h"

#include <gtest/gtest.h>

namespace hanse {
namespace {

TEST(Text, SplitsAndJoins) {
  EXPECT_EQ(Split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(Split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(Join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(Join({}, ", "), "");
}

TEST(Text, TrimsAndFolds) {
  EXPECT_EQ(Trim("  a b\t\r\n"), "a b");
  EXPECT_EQ(Trim(" \n"), "");
  EXPECT_EQ(Lower("GL_Transactions"), "gl_transactions");
  EXPECT_TRUE(EqualsIgnoreCase("Host", "hOST"));
  EXPECT_FALSE(EqualsIgnoreCase("Host", "Hos"));
}

TEST(Text, HexAndBase64RoundTrip) {
  std::string bytes;
  for (int size = 0; size < 70; ++size) {
    std::string back;
    ASSERT_TRUE(UnHex(Hex(bytes), &back));
    EXPECT_EQ(back, bytes);
    ASSERT_TRUE(UnBase64(Base64(bytes), &back));
    EXPECT_EQ(back, bytes);
    bytes.push_back(static_cast<char>(size * 37));
  }
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");  // RFC 4648, section 10.
  EXPECT_EQ(Base64("foob"), "Zm9vYg==");
}

TEST(Text, RefusesWhatIsNoHexOrBase64) {
  std::string back;
  EXPECT_FALSE(UnHex("abc", &back));
  EXPECT_FALSE(UnHex("zz", &back));
  for (const char* bad : {"A", "AA=A", "====", "A===", "AA==AAAA", "AA*="}) EXPECT_FALSE(UnBase64(bad, &back)) << bad;
}

TEST(Text, PercentEncodesAsRfc3986) {
  EXPECT_EQ(PercentEncode("a b/c~é"), "a%20b%2Fc~%C3%A9");
  EXPECT_EQ(PercentEncode("a b/c", true), "a%20b/c");
  std::string back;
  ASSERT_TRUE(PercentDecode("a%20b%2fc+d", &back));
  EXPECT_EQ(back, "a b/c+d");
  EXPECT_FALSE(PercentDecode("%2", &back));
  EXPECT_FALSE(PercentDecode("%zz", &back));
}

TEST(Text, GlobTakesRunsAndSingleCharacters) {
  EXPECT_TRUE(GlobMatches("*", ""));
  EXPECT_TRUE(GlobMatches("s3:Get*", "s3:GetObject"));
  EXPECT_FALSE(GlobMatches("s3:Get*", "s3:PutObject"));
  EXPECT_TRUE(GlobMatches("a*b?c", "aXXbXbYc"));
  EXPECT_FALSE(GlobMatches("a?", "a"));
  EXPECT_FALSE(GlobMatches("", "a"));
}

TEST(Text, GlobDoesNotExplodeOnManyStars) {
  // Exponential backtracking on this pattern would not end in the lifetime of the test.
  std::string pattern, text(2000, 'a');
  for (int i = 0; i < 50; ++i) pattern += "*a";
  EXPECT_FALSE(GlobMatches(pattern + "*b", text));
}

}  // namespace
}  // namespace hanse
