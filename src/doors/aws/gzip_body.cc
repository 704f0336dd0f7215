#include "doors/aws/gzip_body.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

namespace hanse::aws {

Result<std::string> InflateGzip(std::string_view gzip, std::size_t bytes_max) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  constexpr std::size_t kStepBytes = 64 << 10;
  z_stream stream{};
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return Fail(ErrorCode::kUnavailable, "zlib has no memory");
  std::unique_ptr<z_stream, int (*)(z_stream*)> ends(&stream, &inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  std::string text;
  int state = Z_OK;
  while (state == Z_OK && text.size() <= bytes_max) {
    const std::size_t before = text.size();
    text.resize(before + kStepBytes);
    stream.next_out = reinterpret_cast<Bytef*>(text.data() + before);
    stream.avail_out = static_cast<uInt>(kStepBytes);
    state = inflate(&stream, Z_NO_FLUSH);
    text.resize(text.size() - stream.avail_out);
  }
  if (state != Z_STREAM_END || stream.avail_in != 0 || text.size() > bytes_max) {
    return FailAs(ErrorCode::kInvalidArgument, "SerializationException", "The body is not gzip, or too large.");
  }
  return text;
}

}  // namespace hanse::aws
