#include "doors/aws/sigv4_verifier.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/key.h"
#include "crypto/sigv4.h"
#include "doors/aws/sigv4_body.h"
#include "doors/aws/sigv4_errors.h"

namespace hanse::aws {
namespace {

constexpr TimeMs kSkewMaxMs = 15 * 60 * 1000;
constexpr std::string_view kAmazon = "x-amz-";

// Host and every x-amz-* that is there: what a signature must cover, so that none can be added on the way.
Result<void> CheckSignedHeaders(const http::Request& request, const Presented& presented, ErrorStyle style) {
  const auto is_signed = [&](const std::string& name) { return std::ranges::binary_search(presented.signed_headers, name); };
  if (!is_signed("host")) return RefuseAs(style, Reason::kUnsignedHeader, "The Host header must be signed.");
  for (const http::Header& header : request.headers) {
    if (!EqualsIgnoreCase(std::string_view(header.name).substr(0, kAmazon.size()), kAmazon)) continue;
    const std::string name = Lower(header.name);
    if (!is_signed(name)) {
      return RefuseAs(style, Reason::kUnsignedHeader, "There were headers present in the request which were not signed: " + name);
    }
  }
  return {};
}

Result<void> CheckTime(const Presented& presented, TimeMs now, ErrorStyle style) {
  if (presented.proof == Proof::kHeader) {
    const TimeMs skew = now > presented.signed_at_ms ? now - presented.signed_at_ms : presented.signed_at_ms - now;
    if (skew <= kSkewMaxMs) return {};
    return RefuseAs(style, Reason::kSkewed,
                    "Signature expired or not yet current: " + presented.amz_date + " is more than 15 minutes away from " +
                        FormatIso8601Basic(now) + ", the time of the server.");
  }
  if (presented.signed_at_ms > now + kSkewMaxMs) return RefuseAs(style, Reason::kExpiredAddress, "Request is not yet valid");
  if (now > presented.signed_at_ms + *presented.expires_s * 1000)
    return RefuseAs(style, Reason::kExpiredAddress, "Request has expired");
  return {};
}

// All values of each signed header, in the order in which they came.
Result<std::vector<std::pair<std::string, std::string>>> CanonicalHeaders(const http::Request& request, const Presented& presented,
                                                                          ErrorStyle style) {
  std::vector<std::pair<std::string, std::string>> headers;
  headers.reserve(presented.signed_headers.size());
  for (const std::string& name : presented.signed_headers) {
    std::string joined;
    int count = 0;
    for (const http::Header& header : request.headers) {
      if (!EqualsIgnoreCase(header.name, name)) continue;
      if (count++ > 0) joined.push_back(',');
      joined.append(crypto::CanonicalHeaderValue(header.value));
    }
    if (count == 0) return RefuseAs(style, Reason::kWrongSignature, "A signed header is missing: " + name);
    headers.emplace_back(name, std::move(joined));
  }
  return headers;
}

// The last line of the canonical request: S3 believes the header until the body is there, all others hash the body that they have.
Result<std::string> PayloadOf(const http::Request& request, const Presented& presented, ErrorStyle style) {
  const std::size_t count = request.headers.Count("X-Amz-Content-Sha256");
  if (count > 1) return RefuseAs(style, Reason::kUnknownPayload, "There is more than one x-amz-content-sha256.");
  std::string told(request.headers.Get("X-Amz-Content-Sha256"));
  if (presented.service == "s3") {
    if (count == 1) return told;
    if (presented.proof == Proof::kPresigned) return std::string("UNSIGNED-PAYLOAD");
    return RefuseAs(style, Reason::kMissingHash, "Missing required header for this request: x-amz-content-sha256");
  }
  std::string hash = crypto::Sha256Hex(request.body);
  if (count == 1 && told != hash)
    return RefuseAs(style, Reason::kWrongBody, "x-amz-content-sha256 is not the SHA-256 of the body.");
  return hash;
}

Result<std::string> CanonicalRequestOf(const http::Request& request, const Presented& presented, ErrorStyle style) {
  std::string path, query;
  const crypto::PathRule rule = presented.service == "s3" ? crypto::PathRule::kAsIs : crypto::PathRule::kNormalised;
  if (!crypto::CanonicalPath(request.path(), rule, &path) ||
      !crypto::CanonicalQuery(request.query(), presented.proof == Proof::kPresigned ? "X-Amz-Signature" : "", &query)) {
    return RefuseAs(style, Reason::kWrongSignature, "The address is not percent-encoded.");
  }
  TRY_ASSIGN(auto headers, CanonicalHeaders(request, presented, style));
  return crypto::CanonicalRequest({request.method, path, query, std::move(headers), presented.payload});
}

// The reasons of whoever knows the keys, told apart by name only as far as a client may know.
std::unexpected<Error> RefuseKey(const Error& error, ErrorStyle style) {
  if (error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kInternal) return std::unexpected(error);
  if (error.name.starts_with("ExpiredToken")) {
    return RefuseAs(style, Reason::kExpiredToken, "The security token included in the request is expired");
  }
  if (error.name == "InvalidToken") {
    return RefuseAs(style, Reason::kInvalidToken, "The security token included in the request is invalid");
  }
  return RefuseAs(style, Reason::kUnknownKey,
                  style == ErrorStyle::kS3 ? "The AWS Access Key Id you provided does not exist in our records."
                                           : "The security token included in the request is invalid.");
}

// A body in the modes of S3 without anybody to have signed it.
Result<void> CheckAnonymous(const http::Request& request, ErrorStyle style) {
  if (request.headers.Get("X-Amz-Content-Sha256").starts_with("STREAMING-")) {
    return RefuseAs(style, Reason::kMissing, "A body in signed pieces needs a signature.");
  }
  return {};
}

}  // namespace

Result<SignedIn> VerifySignature(http::Request& request, Presented presented, const Clock& clock, const SecretOf& secret_of,
                                 SigningKeys& signing_keys) {
  const ErrorStyle style = presented.style;
  if (presented.proof == Proof::kAnonymous) {
    TRY(CheckAnonymous(request, style));
    return SignedIn{std::move(presented)};
  }
  TRY(CheckSignedHeaders(request, presented, style));
  TRY(CheckTime(presented, clock.NowMs(), style));
  if (presented.service != "s3" && request.stream) {
    Result<std::string> body = http::ReadWhole(*request.stream, kUnstreamedBodyBytesMax);
    if (!body) return RefuseAs(style, Reason::kTooLarge, body.error().message);
    request.body = *std::move(body);
    request.stream.reset();
  }
  TRY_ASSIGN(presented.payload, PayloadOf(request, presented, style));
  PayloadMode mode = PayloadMode::kLiteral;
  if (presented.service == "s3") {
    TRY_ASSIGN(mode, PayloadModeOf(request, presented));
  }
  TRY_ASSIGN(const std::string canonical, CanonicalRequestOf(request, presented, style));

  Result<std::string> secret = secret_of(presented.access_key, presented.session_token);
  if (!secret) {
    signing_keys.Forget(presented.access_key);
    return RefuseKey(secret.error(), style);
  }
  const crypto::SigV4Scope scope{presented.date, presented.region, presented.service};
  std::string signing_key = signing_keys.Of(presented.access_key, *secret, scope);
  crypto::Wipe(&*secret);
  const std::string expected = crypto::Signature(signing_key, crypto::StringToSign(presented.amz_date, scope, canonical));
  if (!crypto::SameSecret(expected, presented.signature)) {
    crypto::Wipe(&signing_key);
    return RefuseAs(
        style, Reason::kWrongSignature,
        "The request signature we calculated does not match the signature you provided. Check your secret key and signing method.");
  }
  if (presented.service == "s3") TRY(CheckBody(request, presented, mode, signing_key));
  crypto::Wipe(&signing_key);
  return SignedIn{std::move(presented)};
}

}  // namespace hanse::aws
