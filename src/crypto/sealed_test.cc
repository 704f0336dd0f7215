#include "crypto/sealed.h"

#include <gtest/gtest.h>

namespace hanse::crypto {
namespace {

class Sealed : public testing::Test {
 protected:
  SeededRandom random_{7};
  Key key_ = Key::Draw(random_);
};

TEST_F(Sealed, OpensForItsKeyAndPurposeOnly) {
  const std::string token = SealToken(key_, random_, "session", R"({"role":"r-1","until":5})");
  EXPECT_EQ(*OpenToken(key_, "session", token), R"({"role":"r-1","until":5})");
  EXPECT_FALSE(OpenToken(key_, "page", token));
  EXPECT_FALSE(OpenToken(Key::Draw(random_), "session", token));
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), token.npos);
}

TEST_F(Sealed, RefusesEveryChangedCharacter) {
  const std::string token = SealToken(key_, random_, "session", "x");
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(OpenToken(key_, "session", changed)) << i;
    EXPECT_FALSE(OpenToken(key_, "session", token.substr(0, i)));
  }
  EXPECT_FALSE(OpenToken(key_, "session", token + "A"));
  EXPECT_FALSE(OpenToken(key_, "session", token + "="));
  EXPECT_FALSE(OpenToken(key_, "session", std::string(1 << 20, 'A')));
}

TEST_F(Sealed, HasOneSpellingAlone) {
  // 45 bytes and one payload byte: the last character carries bits that decode to nothing.
  const std::string token = SealToken(key_, random_, "session", "xy");
  int spellings = 0;
  for (char last : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    spellings += OpenToken(key_, "session", token.substr(0, token.size() - 1) + last).has_value();
  }
  EXPECT_EQ(spellings, 1);
}

TEST_F(Sealed, NeverLooksTheSameTwice) {
  EXPECT_NE(SealToken(key_, random_, "session", "x"), SealToken(key_, random_, "session", "x"));
}

}  // namespace
}  // namespace hanse::crypto
