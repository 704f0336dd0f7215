#include "doors/http/request_head.h"

#include <gtest/gtest.h>

namespace hanse::http {
namespace {

std::string HeadOf(std::string more) { return "GET /a?b HTTP/1.1\r\nHost: h\r\n" + more + "\r\n"; }

int StatusOf(const std::string& head) {
  const auto parsed = ParseHead(head, Limits());
  return parsed ? 200 : parsed.error().status;
}

TEST(RequestHead, KeepsEverythingAsItWasSent) {
  const auto head =
      ParseHead("PUT /b/a%20b//../c?x=%2f&y HTTP/1.1\r\nHost: h\r\nX-Twice: 1\r\nx-twice:  2 \t\r\nX-Empty:\r\n\r\n", Limits());
  ASSERT_TRUE(head);
  const Request& request = head->request;
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.target, "/b/a%20b//../c?x=%2f&y");
  EXPECT_EQ(request.path(), "/b/a%20b//../c");
  EXPECT_EQ(request.query(), "x=%2f&y");
  ASSERT_EQ(request.headers.size(), 4u);
  EXPECT_EQ(request.headers.begin()[2].name, "x-twice");
  EXPECT_EQ(request.headers.begin()[2].value, "2");
  EXPECT_EQ(request.headers.Count("X-TWICE"), 2u);
  EXPECT_EQ(request.headers.Get("x-Twice"), "1");
  EXPECT_NE(request.headers.Find("x-empty"), nullptr);
  EXPECT_EQ(request.headers.Find("x-none"), nullptr);
}

TEST(RequestHead, TellsHowTheBodyIsSent) {
  EXPECT_EQ(ParseHead(HeadOf(""), Limits())->body, BodyKind::kNone);
  EXPECT_EQ(ParseHead(HeadOf("Content-Length: 0\r\n"), Limits())->body, BodyKind::kNone);
  const auto length = ParseHead(HeadOf("content-length: 12\r\nExpect: 100-Continue\r\n"), Limits());
  EXPECT_EQ(length->body, BodyKind::kLength);
  EXPECT_EQ(length->content_length, 12u);
  EXPECT_TRUE(length->expects_continue);
  EXPECT_EQ(ParseHead(HeadOf("Transfer-Encoding: Chunked\r\n"), Limits())->body, BodyKind::kChunked);
  EXPECT_FALSE(ParseHead(HeadOf("Expect: 100-continue\r\n"), Limits())->expects_continue);
}

TEST(RequestHead, TellsWhetherTheConnectionStays) {
  EXPECT_TRUE(ParseHead(HeadOf(""), Limits())->keep_alive);
  EXPECT_FALSE(ParseHead(HeadOf("Connection: x, Close\r\n"), Limits())->keep_alive);
  EXPECT_FALSE(ParseHead("GET / HTTP/1.0\r\n\r\n", Limits())->keep_alive);
  EXPECT_TRUE(ParseHead("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", Limits())->keep_alive);
}

// Each of these ends somewhere else for some proxy than for some server.
TEST(RequestHead, RefusesWhatTwoReadersCouldTakeForTwoThings) {
  EXPECT_EQ(StatusOf(HeadOf("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(StatusOf(HeadOf("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n")), 400);
  EXPECT_EQ(StatusOf(HeadOf("Content-Length: 1\r\nContent-Length: 2\r\n")), 400);
  EXPECT_EQ(StatusOf(HeadOf("Content-Length: 1\r\nContent-Length: 1\r\n")), 400);
  for (const char* length : {"1, 1", "+1", "-1", "0x1", "1 1", "", "99999999999999999999999", "1a"}) {
    EXPECT_EQ(StatusOf(HeadOf(std::string("Content-Length: ") + length + "\r\n")), 400) << length;
  }
  for (const char* coding : {"gzip, chunked", "chunked, chunked", "identity", "xchunked", "chunked\v", "\"chunked\""}) {
    EXPECT_NE(StatusOf(HeadOf(std::string("Transfer-Encoding: ") + coding + "\r\n")), 200) << coding;
  }
  EXPECT_NE(StatusOf(HeadOf("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), 200);
  EXPECT_EQ(StatusOf("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(HeadOf("X-Fold: a\r\n b\r\n")), 400);
  EXPECT_EQ(StatusOf(HeadOf("Content-Length : 1\r\n")), 400);
  EXPECT_EQ(StatusOf(HeadOf("X: a\nContent-Length: 1\r\n")), 400);
  EXPECT_EQ(StatusOf(HeadOf("X: a\rContent-Length: 1\r\n")), 400);
  EXPECT_EQ(StatusOf(HeadOf(std::string("X: a\0b\r\n", 8))), 400);
  EXPECT_EQ(StatusOf(HeadOf(": nameless\r\n")), 400);
  EXPECT_EQ(StatusOf(HeadOf("no colon\r\n")), 400);
  EXPECT_EQ(StatusOf(HeadOf("Host: other\r\n")), 400);
  EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\n\r\n"), 400);
}

TEST(RequestHead, RefusesRequestLinesThatAreNone) {
  for (const char* line :
       {"GET", "GET /", "GET  / HTTP/1.1", " GET / HTTP/1.1", "GET /a b HTTP/1.1", "G(T / HTTP/1.1", "GET a HTTP/1.1",
        "GET http://h/ HTTP/1.1", "CONNECT h:1 HTTP/1.1", "GET /\x01 HTTP/1.1", "GET /\xc3\xa4 HTTP/1.1", "GET /#f HTTP/1.1"}) {
    EXPECT_EQ(StatusOf(std::string(line) + "\r\nHost: h\r\n\r\n"), 400) << line;
  }
  EXPECT_EQ(StatusOf("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
  EXPECT_EQ(StatusOf("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
}

TEST(RequestHead, HasLimits) {
  const Limits limits;
  EXPECT_EQ(StatusOf("GET /" + std::string(limits.target_bytes_max, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n"), 414);
  std::string many;
  for (std::size_t i = 0; i < limits.headers_max; ++i) many += "A: b\r\n";
  EXPECT_EQ(StatusOf(HeadOf(many)), 431);
  EXPECT_EQ(StatusOf(HeadOf("Content-Length: " + std::to_string(limits.body_bytes_max + 1) + "\r\n")), 413);
  EXPECT_EQ(StatusOf(HeadOf("Expect: the best\r\n")), 417);
}

}  // namespace
}  // namespace hanse::http
