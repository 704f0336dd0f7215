#include "doors/aws/sigv4_body.h"

#include <charconv>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/key.h"
#include "doors/aws/aws_chunked.h"
#include "doors/aws/sigv4_errors.h"

namespace hanse::aws {
namespace {

constexpr std::uint64_t kDecodedBytesMax = 6ull << 30;

class HashedSource final : public ByteSource {
 public:
  HashedSource(std::unique_ptr<ByteSource> source, std::string sha256_hex, ErrorStyle style)
      : source_(std::move(source)), expected_(std::move(sha256_hex)), style_(style) {}
  std::optional<std::uint64_t> size() const override { return source_->size(); }
  Result<std::size_t> Read(std::span<char> into) override {
    if (failed_) return Refused();
    if (checked_) return 0;
    TRY_ASSIGN(const std::size_t count, source_->Read(into));
    hash_.Update({into.data(), count});
    seen_ += count;
    // Checked with the last byte, not after it: a reader that knows the size may never ask again.
    if (count == 0 || seen_ == source_->size()) {
      checked_ = true;
      failed_ = Hex(hash_.Finish()) != expected_;
      if (failed_) return Refused();
    }
    return count;
  }

 private:
  std::unexpected<Error> Refused() const {
    return RefuseAs(style_, Reason::kWrongBody, "The provided 'x-amz-content-sha256' header does not match what was computed.");
  }

  const std::unique_ptr<ByteSource> source_;
  const std::string expected_;
  const ErrorStyle style_;
  crypto::Digest hash_{crypto::DigestKind::kSha256};
  std::uint64_t seen_ = 0;
  bool checked_ = false, failed_ = false;
};

Result<std::uint64_t> DecodedLength(const http::Request& request) {
  const std::string_view text = request.headers.Get("X-Amz-Decoded-Content-Length");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (request.headers.Count("X-Amz-Decoded-Content-Length") != 1 || error != std::errc() || end != text.data() + text.size()) {
    return RefuseAs(ErrorStyle::kS3, Reason::kIncompleteBody,
                    "A body in pieces must have one x-amz-decoded-content-length, a number.");
  }
  if (length > kDecodedBytesMax)
    return RefuseAs(ErrorStyle::kS3, Reason::kTooLarge, "Your proposed upload exceeds the maximum allowed size");
  return length;
}

// "aws-chunked" is how the body came, not what it is.
void ForgetPieces(http::Headers* headers, std::uint64_t length) {
  if (const std::string* encoding = headers->Find("Content-Encoding")) {
    std::string rest;
    for (const std::string& part : Split(*encoding, ',')) {
      if (EqualsIgnoreCase(Trim(part), "aws-chunked")) continue;
      rest.append(rest.empty() ? "" : ",").append(Trim(part));
    }
    rest.empty() ? headers->Remove("Content-Encoding") : headers->Set("Content-Encoding", rest);
  }
  headers->Set("Content-Length", std::to_string(length));
}

Result<void> TakeOutOfPieces(http::Request& request, const Presented& presented, PayloadMode mode, const std::string& signing_key) {
  AwsChunkedRules rules;
  rules.chunks = mode == PayloadMode::kUnsignedTrailer ? AwsChunkedRules::Chunks::kUnsigned : AwsChunkedRules::Chunks::kSigned;
  TRY_ASSIGN(rules.decoded_bytes, DecodedLength(request));
  rules.signing_key = signing_key;
  rules.amz_date = presented.amz_date;
  rules.scope = presented.date + '/' + presented.region + '/' + presented.service + "/aws4_request";
  rules.seed_signature = presented.signature;
  if (mode != PayloadMode::kSignedChunks) {
    rules.trailer = AwsChunkedRules::Trailer::kExpected;
    for (const std::string& name : Split(request.headers.Get("X-Amz-Trailer"), ',')) {
      if (!Trim(name).empty()) rules.trailer_names.push_back(Lower(Trim(name)));
    }
  }
  const bool buffered = !request.stream;
  auto source =
      std::make_unique<AwsChunkedSource>(buffered ? http::SourceOf(std::move(request.body)) : std::move(request.stream), rules);
  crypto::Wipe(&rules.signing_key);
  if (buffered || rules.decoded_bytes == 0) {
    TRY_ASSIGN(request.body, http::ReadWhole(*source, rules.decoded_bytes));
    for (const auto& [name, value] : source->trailers()) request.headers.Add(name, value);
  } else {
    request.stream = std::move(source);
  }
  ForgetPieces(&request.headers, rules.decoded_bytes);
  return {};
}

}  // namespace

Result<PayloadMode> PayloadModeOf(const http::Request& request, const Presented& presented) {
  const std::string& word = presented.payload;
  const auto refuse = [](std::string message) { return RefuseAs(ErrorStyle::kS3, Reason::kUnknownPayload, std::move(message)); };
  if (word.size() == 64 && word.find_first_not_of("0123456789abcdef") == word.npos) return PayloadMode::kLiteral;
  const bool chunked = word.starts_with("STREAMING-");
  if (chunked && presented.proof != Proof::kHeader) return refuse("A presigned address takes no body in pieces.");
  const bool is_private = request.tls || request.loopback;
  if (word == "UNSIGNED-PAYLOAD" || word == "STREAMING-UNSIGNED-PAYLOAD-TRAILER") {
    if (!is_private) return refuse("A body that is not signed needs TLS.");
    return chunked ? PayloadMode::kUnsignedTrailer : PayloadMode::kUnsigned;
  }
  if (word == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD") return PayloadMode::kSignedChunks;
  if (word == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER") return PayloadMode::kSignedChunksTrailer;
  return refuse(
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a SHA-256 of 64 hexadecimal digits in lower case.");
}

std::unique_ptr<ByteSource> CheckedByHash(std::unique_ptr<ByteSource> source, std::string sha256_hex, ErrorStyle style) {
  return std::make_unique<HashedSource>(std::move(source), std::move(sha256_hex), style);
}

Result<void> CheckBody(http::Request& request, const Presented& presented, PayloadMode mode, const std::string& signing_key) {
  if (mode == PayloadMode::kUnsigned) return {};
  if (mode != PayloadMode::kLiteral) return TakeOutOfPieces(request, presented, mode, signing_key);
  if (request.stream) {
    request.stream = CheckedByHash(std::move(request.stream), presented.payload, ErrorStyle::kS3);
    return {};
  }
  if (crypto::Sha256Hex(request.body) == presented.payload) return {};
  return RefuseAs(ErrorStyle::kS3, Reason::kWrongBody,
                  "The provided 'x-amz-content-sha256' header does not match what was computed.");
}

}  // namespace hanse::aws
