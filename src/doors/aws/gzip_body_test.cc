#include "doors/aws/gzip_body.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace hanse::aws {
namespace {

std::string Gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(GzipBody, ComesOutAsItWasAndNoLargerThanAllowed) {
  const std::string text(200'000, 'x');
  const std::string gzip = Gzip(text);
  ASSERT_LT(gzip.size(), 1000u);
  auto out = InflateGzip(gzip, text.size());
  ASSERT_TRUE(out);
  EXPECT_TRUE(*out == text);
  EXPECT_FALSE(InflateGzip(gzip, text.size() - 1));
  EXPECT_FALSE(InflateGzip(gzip, 10));
  EXPECT_FALSE(InflateGzip(gzip + "more", text.size()));
  EXPECT_FALSE(InflateGzip("", 10));
  EXPECT_FALSE(InflateGzip("plain text", 10));
  for (std::size_t size = 1; size < gzip.size(); size += 7) EXPECT_FALSE(InflateGzip(gzip.substr(0, size), text.size()));
}

}  // namespace
}  // namespace hanse::aws
