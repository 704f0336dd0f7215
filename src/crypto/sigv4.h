#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The arithmetic of AWS Signature Version 4, a function a stage, so that each can be held against the published vectors:
// canonical request -> string to sign -> signing key -> signature. Pure; any thread. Who checks a request:
// doors/aws/sigv4_verifier.h.
namespace hanse::crypto {

inline constexpr std::string_view kSigV4Algorithm = "AWS4-HMAC-SHA256";

// What a credential is good for: one day, one region, one service.
struct SigV4Scope {
  std::string date;  // "20260102"
  std::string region;
  std::string service;
  std::string text() const;  // "20260102/us-east-1/s3/aws4_request"
  bool operator==(const SigV4Scope&) const = default;
};

enum class PathRule {
  kAsIs,        // S3: encoded once, neither dots nor slashes folded.
  kNormalised,  // All others: "." and ".." resolved, slashes folded, and what is encoded already is encoded again.
};

// False where a %XX is broken. `path` as it stands in the request line, without the query.
bool CanonicalPath(std::string_view path, PathRule rule, std::string* canonical);
// The query sorted by encoded name and value, every name with a '='; the parameter `left_out` (X-Amz-Signature) is skipped.
// A '+' is a space, as to those who read the query afterwards: else one could be put for the other. False where a %XX is broken.
bool CanonicalQuery(std::string_view query, std::string_view left_out, std::string* canonical);
// A header's value without spaces around it, runs of spaces within made one.
std::string CanonicalHeaderValue(std::string_view value);

struct CanonicalParts {
  std::string_view method;
  std::string_view path, query;                              // Canonical already.
  std::vector<std::pair<std::string, std::string>> headers;  // Those signed: lower-case name and canonical value, sorted by name.
  std::string_view payload;                                  // Hash of the body or the word that stands for it.
};
std::string CanonicalRequest(const CanonicalParts& parts);

std::string StringToSign(std::string_view amz_date, const SigV4Scope& scope, std::string_view canonical_request);
// 32 raw bytes, good for the scope.
std::string SigningKey(std::string_view secret, const SigV4Scope& scope);
std::string Signature(std::string_view signing_key, std::string_view string_to_sign);  // 64 lower-case hexadecimal digits.

// Bodies in signed chunks: each signature covers the one before (S3 API Reference, "sigv4-streaming").
std::string ChunkStringToSign(std::string_view amz_date, std::string_view scope, std::string_view previous_signature,
                              std::string_view chunk_sha256_hex);
// `trailers` are lines "name:value\n".
std::string TrailerStringToSign(std::string_view amz_date, std::string_view scope, std::string_view previous_signature,
                                std::string_view trailers);

}  // namespace hanse::crypto
