#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/stream.h"
#include "crypto/digest.h"

namespace hanse::aws {

// What a body in pieces must be, as its head declared and signed it.
struct AwsChunkedRules {
  enum class Chunks { kSigned, kUnsigned };
  enum class Trailer { kNone, kExpected };

  Chunks chunks = Chunks::kSigned;
  Trailer trailer = Trailer::kNone;
  std::uint64_t decoded_bytes = 0;         // x-amz-decoded-content-length.
  std::vector<std::string> trailer_names;  // x-amz-trailer, lower case: each must come once, no other.
  // Of signed chunks: the chain begins with the signature of the head.
  std::string signing_key, amz_date, scope, seed_signature;
};

// The content of an aws-chunked body (S3 API Reference, "sigv4-streaming" and "sigv4-streaming-trailers"). Every chunk's signature,
// the trailer's, the checksums in the trailer, the declared length and that nothing follows are checked before Read gives the last
// byte away; after an error it gives none. One thread at a time.
class AwsChunkedSource final : public ByteSource {
 public:
  AwsChunkedSource(std::unique_ptr<ByteSource> source, AwsChunkedRules rules);
  ~AwsChunkedSource() override;

  std::optional<std::uint64_t> size() const override { return rules_.decoded_bytes; }
  Result<std::size_t> Read(std::span<char> into) override;
  // Once the end was reached: checked ones only.
  const std::vector<std::pair<std::string, std::string>>& trailers() const { return trailers_; }

 private:
  Result<std::size_t> ReadContent(std::span<char> into);
  Result<void> BeginChunk();
  Result<void> EndChunk();
  Result<void> CheckSignature(std::string_view content_sha256_hex);
  Result<void> ReadTrailers();
  Result<void> CheckTrailers(const std::string& lines, const std::string& signature);
  Result<void> ExpectEnd();
  Result<std::string> ReadLine();
  Result<bool> Fill();  // False at the end of the source.

  const std::unique_ptr<ByteSource> source_;
  AwsChunkedRules rules_;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0;

  bool in_chunk_ = false, done_ = false;
  std::uint64_t left_ = 0;       // Of this chunk.
  std::uint64_t given_ = 0;      // Content in all.
  std::string chunk_signature_;  // As this chunk presents it.
  std::string previous_signature_;
  crypto::Digest chunk_hash_{crypto::DigestKind::kSha256};
  std::vector<std::pair<std::string, crypto::Digest>> checksums_;  // By the name of their trailer.
  std::vector<std::pair<std::string, std::string>> trailers_;
  std::optional<Error> failure_;
};

}  // namespace hanse::aws
