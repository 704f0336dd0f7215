#include "doors/http/chunked_body.h"

#include <string>

#include <gtest/gtest.h>

namespace hanse::http {
namespace {

// What the decoder makes of `text` in pieces of that many bytes; "broken" and "cut" where it does not end well.
std::string Decoded(std::string_view text, std::size_t piece, std::string* rest = nullptr) {
  ChunkedBody body;
  std::string out, room(3, '\0');
  while (!text.empty() && !body.done()) {
    const auto step = body.Decode(text.substr(0, piece), room);
    if (!step) return "broken";
    out.append(room, 0, step->written);
    text.remove_prefix(step->read);
  }
  if (rest) *rest = text;
  return body.done() ? out : "cut";
}

TEST(ChunkedBody, IsPutTogetherFromPiecesOfAnySize) {
  for (std::size_t piece : {1, 2, 7, 1000}) {
    std::string rest;
    EXPECT_EQ(Decoded("5\r\nhello\r\nB;x=\"y\"\r\n, big world\r\n000\r\nTrailer: t\r\n\r\nGET /", piece, &rest),
              "hello, big world");
    EXPECT_EQ(rest, "GET /");
    EXPECT_EQ(Decoded("0\r\n\r\n", piece), "");
  }
}

TEST(ChunkedBody, RefusesWhatIsNotExactlyOne) {
  for (const char* text : {"\r\n", "x\r\n", "5\nhello", "5 \r\nhello", " 5\r\n", "0x5\r\n", "-1\r\n", "5\r\nhelloX", "5\r\nhello\n",
                           "5\r\nhello\rX", "1000000000000000\r\n", "5;a\nb\r\n", "0\r\n\rX", ";\r\n"}) {
    EXPECT_EQ(Decoded(text, 100), "broken") << text;
  }
  EXPECT_EQ(Decoded("5\r\nhel", 100), "cut");
  EXPECT_EQ(Decoded("0\r\n", 100), "cut");
}

TEST(ChunkedBody, BoundsWhatIsNotContent) {
  EXPECT_EQ(Decoded("5;" + std::string(10000, 'a') + "\r\nhello\r\n0\r\n\r\n", 100), "broken");
  EXPECT_EQ(Decoded("0\r\n" + std::string(10000, 'a') + "\r\n\r\n", 100), "broken");
}

}  // namespace
}  // namespace hanse::http
