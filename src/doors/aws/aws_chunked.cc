#include "doors/aws/aws_chunked.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.h"
#include "crypto/key.h"
#include "crypto/sigv4.h"
#include "doors/aws/sigv4_errors.h"

namespace hanse::aws {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::size_t kLineBytesMax = 1024;
constexpr std::size_t kTrailersMax = 8;
constexpr int kSizeDigitsMax = 15;
constexpr std::string_view kSignatureName = "x-amz-trailer-signature";

constexpr std::pair<std::string_view, crypto::DigestKind> kChecksums[] = {
    {"x-amz-checksum-crc32", crypto::DigestKind::kCrc32},         {"x-amz-checksum-crc32c", crypto::DigestKind::kCrc32c},
    {"x-amz-checksum-crc64nvme", crypto::DigestKind::kCrc64Nvme}, {"x-amz-checksum-sha1", crypto::DigestKind::kSha1},
    {"x-amz-checksum-sha256", crypto::DigestKind::kSha256},
};

std::unexpected<Error> Incomplete(std::string message) {
  return RefuseAs(ErrorStyle::kS3, Reason::kIncompleteBody, std::move(message));
}
std::unexpected<Error> BadTrailer(std::string message) {
  return RefuseAs(ErrorStyle::kS3, Reason::kMalformedTrailer, std::move(message));
}
std::unexpected<Error> Forged() {
  return RefuseAs(ErrorStyle::kS3, Reason::kWrongSignature, "The signature of a piece of the body does not match.");
}

}  // namespace

AwsChunkedSource::AwsChunkedSource(std::unique_ptr<ByteSource> source, AwsChunkedRules rules)
    : source_(std::move(source)),
      rules_(std::move(rules)),
      buffer_(kBufferBytes, '\0'),
      previous_signature_(rules_.seed_signature) {
  for (const std::string& name : rules_.trailer_names) {
    const auto known =
        std::ranges::find(kChecksums, std::string_view(name), &std::pair<std::string_view, crypto::DigestKind>::first);
    if (known == std::end(kChecksums)) {
      failure_ = BadTrailer("x-amz-trailer names something else than a checksum: " + name.substr(0, 100)).error();
    } else {
      checksums_.emplace_back(name, crypto::Digest(known->second));
    }
  }
  if (rules_.trailer_names.size() > kTrailersMax) failure_ = BadTrailer("x-amz-trailer names too many.").error();
}

AwsChunkedSource::~AwsChunkedSource() { crypto::Wipe(&rules_.signing_key); }

Result<std::size_t> AwsChunkedSource::Read(std::span<char> into) {
  if (failure_) return std::unexpected(*failure_);
  Result<std::size_t> count = ReadContent(into);
  if (!count) failure_ = count.error();
  return count;
}

Result<std::size_t> AwsChunkedSource::ReadContent(std::span<char> into) {
  std::size_t filled = 0;
  while (!done_) {
    if (!in_chunk_) {
      TRY(BeginChunk());
      continue;
    }
    if (filled == into.size()) break;  // Not at the end: there is more of this piece.
    if (begin_ == end_) {
      if (filled > 0) break;  // Rather give what is at hand than wait.
      TRY_ASSIGN(const bool more, Fill());
      if (!more) return Incomplete("The body ends within a piece.");
    }
    const std::size_t count = std::min<std::uint64_t>({left_, end_ - begin_, into.size() - filled});
    const std::string_view piece(buffer_.data() + begin_, count);
    std::memcpy(into.data() + filled, piece.data(), count);
    if (rules_.chunks == AwsChunkedRules::Chunks::kSigned) chunk_hash_.Update(piece);
    for (auto& [name, checksum] : checksums_) checksum.Update(piece);
    begin_ += count;
    left_ -= count;
    filled += count;
    given_ += count;
    if (left_ == 0) TRY(EndChunk());
  }
  return filled;
}

// "SIZE\r\n" or "SIZE;chunk-signature=HEX\r\n"; the size 0 begins the end.
Result<void> AwsChunkedSource::BeginChunk() {
  TRY_ASSIGN(const std::string line, ReadLine());
  const std::size_t digits = std::min(line.find(';'), line.size());
  const auto [end, error] = std::from_chars(line.data(), line.data() + digits, left_, 16);
  if (digits == 0 || digits > kSizeDigitsMax || line[0] == '-' || error != std::errc() || end != line.data() + digits) {
    return Incomplete("A piece of the body does not begin with its size.");
  }
  if (left_ > rules_.decoded_bytes - given_) return Incomplete("The body is longer than x-amz-decoded-content-length.");
  if (rules_.chunks == AwsChunkedRules::Chunks::kSigned) {
    constexpr std::string_view kMark = ";chunk-signature=";
    if (!std::string_view(line).substr(digits).starts_with(kMark)) return Forged();
    chunk_signature_ = line.substr(digits + kMark.size());
    chunk_hash_ = crypto::Digest(crypto::DigestKind::kSha256);
  }
  if (left_ > 0) {
    in_chunk_ = true;
    return {};
  }
  if (rules_.chunks == AwsChunkedRules::Chunks::kSigned) TRY(CheckSignature(Hex(chunk_hash_.Finish())));
  if (given_ != rules_.decoded_bytes) return Incomplete("The body is shorter than x-amz-decoded-content-length.");
  TRY(ReadTrailers());
  TRY(ExpectEnd());
  done_ = true;
  return {};
}

Result<void> AwsChunkedSource::EndChunk() {
  in_chunk_ = false;
  if (rules_.chunks == AwsChunkedRules::Chunks::kSigned) TRY(CheckSignature(Hex(chunk_hash_.Finish())));
  TRY_ASSIGN(const std::string line, ReadLine());
  return line.empty() ? Result<void>() : Incomplete("A piece of the body is longer than its size.");
}

Result<void> AwsChunkedSource::CheckSignature(std::string_view content_sha256_hex) {
  std::string expected = crypto::Signature(
      rules_.signing_key, crypto::ChunkStringToSign(rules_.amz_date, rules_.scope, previous_signature_, content_sha256_hex));
  if (!crypto::SameSecret(expected, chunk_signature_)) return Forged();
  previous_signature_ = std::move(expected);
  return {};
}

// Lines "name:value", then an empty one. The signature of signed ones stands in the last line.
Result<void> AwsChunkedSource::ReadTrailers() {
  std::string lines, signature;
  for (;;) {
    TRY_ASSIGN(const std::string line, ReadLine());
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == line.npos || !signature.empty() || trailers_.size() >= kTrailersMax)
      return BadTrailer("The trailer is malformed.");
    std::string name = Lower(Trim(line.substr(0, colon))), value(Trim(line.substr(colon + 1)));
    if (name == kSignatureName) {
      if (value.empty()) return Forged();
      signature = std::move(value);
    } else {
      lines.append(name).append(1, ':').append(value).append(1, '\n');
      trailers_.emplace_back(std::move(name), std::move(value));
    }
  }
  return CheckTrailers(lines, signature);
}

Result<void> AwsChunkedSource::CheckTrailers(const std::string& lines, const std::string& signature) {
  const bool expected = rules_.trailer == AwsChunkedRules::Trailer::kExpected;
  const bool is_signed = expected && rules_.chunks == AwsChunkedRules::Chunks::kSigned;
  if (is_signed) {
    const std::string right = crypto::Signature(
        rules_.signing_key, crypto::TrailerStringToSign(rules_.amz_date, rules_.scope, previous_signature_, lines));
    if (!crypto::SameSecret(right, signature)) return Forged();
  } else if (!signature.empty()) {
    return BadTrailer("There is a signature of a trailer where none is due.");
  }
  if (trailers_.size() != (expected ? checksums_.size() : 0)) return BadTrailer("The trailer is not what x-amz-trailer names.");
  for (auto& [name, checksum] : checksums_) {
    const auto sent = std::ranges::find(trailers_, name, &std::pair<std::string, std::string>::first);
    if (sent == trailers_.end()) return BadTrailer("The trailer is not what x-amz-trailer names.");
    if (Base64(checksum.Finish()) != sent->second) {
      return RefuseAs(ErrorStyle::kS3, Reason::kBadDigest,
                      "The " + name.substr(15) + " you specified did not match the calculated checksum.");
    }
  }
  return {};
}

Result<void> AwsChunkedSource::ExpectEnd() {
  if (begin_ == end_) {
    TRY_ASSIGN(const bool more, Fill());
    if (!more) return {};
  }
  return Incomplete("There is something behind the end of the body.");
}

Result<std::string> AwsChunkedSource::ReadLine() {
  std::string line;
  for (;;) {
    if (begin_ == end_) {
      TRY_ASSIGN(const bool more, Fill());
      if (!more) return Incomplete("The body ends before its last piece.");
    }
    const std::string_view buffered(buffer_.data() + begin_, end_ - begin_);
    const std::size_t end = buffered.find('\n');
    line.append(buffered.substr(0, end));
    if (line.size() > kLineBytesMax) return Incomplete("A line between the pieces of the body is too long.");
    begin_ += end == buffered.npos ? buffered.size() : end + 1;
    if (end == buffered.npos) continue;
    if (!line.ends_with('\r')) return Incomplete("A line between the pieces of the body does not end as it must.");
    line.pop_back();
    return line;
  }
}

Result<bool> AwsChunkedSource::Fill() {
  TRY_ASSIGN(const std::size_t count, source_->Read(buffer_));
  begin_ = 0;
  end_ = count;
  return count > 0;
}

}  // namespace hanse::aws
