#include "crypto/sigv4.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/hmac.h"

namespace hanse::crypto {
namespace {

constexpr std::string_view kEmptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kTerminator = "aws4_request";

// RFC 3986, section 5.2.4, and empty segments dropped; a slash at the end stays.
std::string Normalised(std::string_view path) {
  std::vector<std::string_view> segments;
  bool slash_at_end = true;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    at = end + 1;
    if (segment.empty()) continue;
    slash_at_end = end < path.size();
    if (segment == ".") continue;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (!segments.empty()) {
      segments.pop_back();
    }
  }
  std::string normalised = "/";
  for (std::size_t i = 0; i < segments.size(); ++i) {
    normalised.append(segments[i]);
    if (i + 1 < segments.size() || slash_at_end) normalised.push_back('/');
  }
  return normalised;
}

bool EncodedParameter(std::string_view text, std::string* encoded) {
  std::string spaced(text), decoded;
  std::ranges::replace(spaced, '+', ' ');
  if (!PercentDecode(spaced, &decoded)) return false;
  *encoded = PercentEncode(decoded);
  return true;
}

std::string Lines(std::initializer_list<std::string_view> lines) {
  std::string text;
  std::size_t size = 0;
  for (std::string_view line : lines) size += line.size() + 1;
  text.reserve(size);
  for (std::string_view line : lines) text.append(line).push_back('\n');
  text.pop_back();
  return text;
}

}  // namespace

std::string SigV4Scope::text() const { return date + '/' + region + '/' + service + '/' + std::string(kTerminator); }

bool CanonicalPath(std::string_view path, PathRule rule, std::string* canonical) {
  std::string decoded;
  if (!PercentDecode(path, &decoded)) return false;
  *canonical = PercentEncode(rule == PathRule::kAsIs ? decoded : Normalised(path), /*keep_slash=*/true);
  if (canonical->empty()) *canonical = "/";
  return true;
}

bool CanonicalQuery(std::string_view query, std::string_view left_out, std::string* canonical) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view parameter = query.substr(at, end - at);
    at = end + 1;
    if (parameter.empty()) continue;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    std::pair<std::string, std::string> pair;
    if (!EncodedParameter(parameter.substr(0, equals), &pair.first)) return false;
    if (equals < parameter.size() && !EncodedParameter(parameter.substr(equals + 1), &pair.second)) return false;
    if (left_out.empty() || pair.first != left_out) parameters.push_back(std::move(pair));
  }
  std::ranges::sort(parameters);
  canonical->clear();
  for (const auto& [name, value] : parameters) {
    if (!canonical->empty()) canonical->push_back('&');
    canonical->append(name).append(1, '=').append(value);
  }
  return true;
}

std::string CanonicalHeaderValue(std::string_view value) {
  std::string canonical;
  canonical.reserve(value.size());
  for (char c : Trim(value)) {
    if (c == ' ' && canonical.ends_with(' ')) continue;
    canonical.push_back(c);
  }
  return canonical;
}

std::string CanonicalRequest(const CanonicalParts& parts) {
  std::string headers, names;
  for (const auto& [name, value] : parts.headers) {
    headers.append(name).append(1, ':').append(value).append(1, '\n');
    if (!names.empty()) names.push_back(';');
    names.append(name);
  }
  return Lines({parts.method, parts.path, parts.query, headers, names, parts.payload});
}

std::string StringToSign(std::string_view amz_date, const SigV4Scope& scope, std::string_view canonical_request) {
  return Lines({kSigV4Algorithm, amz_date, scope.text(), Sha256Hex(canonical_request)});
}

std::string SigningKey(std::string_view secret, const SigV4Scope& scope) {
  std::string key = HmacSha256(std::string("AWS4").append(secret), scope.date);
  key = HmacSha256(key, scope.region);
  key = HmacSha256(key, scope.service);
  return HmacSha256(key, kTerminator);
}

std::string Signature(std::string_view signing_key, std::string_view string_to_sign) {
  return Hex(HmacSha256(signing_key, string_to_sign));
}

std::string ChunkStringToSign(std::string_view amz_date, std::string_view scope, std::string_view previous_signature,
                              std::string_view chunk_sha256_hex) {
  return Lines({"AWS4-HMAC-SHA256-PAYLOAD", amz_date, scope, previous_signature, kEmptySha256, chunk_sha256_hex});
}

std::string TrailerStringToSign(std::string_view amz_date, std::string_view scope, std::string_view previous_signature,
                                std::string_view trailers) {
  return Lines({"AWS4-HMAC-SHA256-TRAILER", amz_date, scope, previous_signature, Sha256Hex(trailers)});
}

}  // namespace hanse::crypto
