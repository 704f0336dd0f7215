// What a request presents of itself: read strictly, believed by nobody yet.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "crypto/sigv4.h"
#include "doors/aws/sigv4_errors.h"
#include "doors/aws/sigv4_verifier.h"

namespace hanse::aws {
namespace {

constexpr std::size_t kSignedHeadersMax = 100;
constexpr std::int64_t kExpiresMaxSeconds = 604'800;
constexpr std::string_view kHexDigits = "0123456789abcdef";

// The parameters of a presigned address. Each at most once.
struct QueryProof {
  std::string algorithm, credential, date, expires, signed_headers, signature, token;
  std::string old_key, old_signature;  // Of Signature Version 2.
  int found = 0;
  bool twice = false, broken = false;
};

QueryProof FindQueryProof(std::string_view query) {
  QueryProof proof;
  const std::pair<std::string_view, std::string*> kNames[] = {{"X-Amz-Algorithm", &proof.algorithm},
                                                              {"X-Amz-Credential", &proof.credential},
                                                              {"X-Amz-SignedHeaders", &proof.signed_headers},
                                                              {"X-Amz-Signature", &proof.signature},
                                                              {"X-Amz-Date", &proof.date},
                                                              {"X-Amz-Expires", &proof.expires},
                                                              {"X-Amz-Security-Token", &proof.token},
                                                              {"AWSAccessKeyId", &proof.old_key},
                                                              {"Signature", &proof.old_signature}};
  constexpr unsigned kProving = 4;  // The others prove nothing alone and ask for nothing.
  unsigned seen = 0;
  for (std::size_t at = 0; at < query.size();) {
    const std::string_view parameter = query.substr(at, query.find('&', at) - at);
    at += parameter.size() + 1;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    std::string name, value;
    if (!PercentDecode(parameter.substr(0, equals), &name) ||
        !PercentDecode(parameter.substr(std::min(equals + 1, parameter.size())), &value)) {
      proof.broken = true;
      continue;
    }
    for (unsigned i = 0; i < std::size(kNames); ++i) {
      if (name != kNames[i].first) continue;
      proof.twice |= (seen >> i & 1) != 0;
      seen |= 1u << i;
      *kNames[i].second = value;
      proof.found += i < kProving;
    }
  }
  return proof;
}

bool IsHex64(std::string_view text) { return text.size() == 64 && text.find_first_not_of(kHexDigits) == text.npos; }

// "AKID/20260102/us-east-1/s3/aws4_request"
bool ParseCredential(std::string_view text, Presented* presented) {
  std::array<std::string_view, 5> parts;
  for (std::string_view& part : parts) {
    part = text.substr(0, text.find('/'));
    if (part.empty() || part.size() > 128) return false;
    const bool last = &part == &parts.back();
    if (last != (part.size() == text.size())) return false;
    if (!last) text.remove_prefix(part.size() + 1);
  }
  if (parts[4] != "aws4_request") return false;
  if (parts[1].size() != 8 || parts[1].find_first_not_of("0123456789") != std::string_view::npos) return false;
  presented->access_key = parts[0];
  presented->date = parts[1];
  presented->region = parts[2];
  presented->service = parts[3];
  return true;
}

// Lower case, sorted, none twice: the one order in which they are signed.
bool ParseSignedHeaders(std::string_view text, std::vector<std::string>* names) {
  *names = Split(text, ';');
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool lower =
      std::ranges::all_of(*names, [&](const std::string& name) { return !name.empty() && std::ranges::none_of(name, upper); });
  return lower && names->size() <= kSignedHeadersMax && std::ranges::adjacent_find(*names, std::greater_equal<>()) == names->end();
}

bool ParseMoment(std::string_view text, Presented* presented) {
  presented->amz_date = text;
  return ParseTime(presented->amz_date, &presented->signed_at_ms) && FormatIso8601Basic(presented->signed_at_ms) == text &&
         text.starts_with(presented->date);
}

// Signature Version 2: "Authorization: AWS KEY:SIGNATURE" or an address with AWSAccessKeyId, Signature and Expires, as boto3
// presigns for us-east-1 unless its signature_version is "s3v4". The words are S3's for buckets that do not take it.
std::unexpected<Error> RefuseOld(ErrorStyle style) {
  return RefuseAs(style, Reason::kOldMechanism,
                  "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
}

// "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…": each once, in any order.
Result<Presented> ParseAuthorization(const http::Request& request, ErrorStyle style) {
  const auto malformed = [&](std::string message) { return RefuseAs(style, Reason::kMalformedHeader, std::move(message)); };
  if (request.headers.Count("Authorization") != 1) return malformed("There is more than one Authorization header.");
  std::string_view text = request.headers.Get("Authorization");
  if (text.starts_with("AWS ")) return RefuseOld(style);
  if (!text.starts_with(crypto::kSigV4Algorithm) || !text.substr(crypto::kSigV4Algorithm.size()).starts_with(' ')) {
    return malformed("The Authorization header does not begin with AWS4-HMAC-SHA256, the only mechanism there is.");
  }
  text.remove_prefix(crypto::kSigV4Algorithm.size());
  Presented presented;
  presented.proof = Proof::kHeader;
  bool credential = false, headers = false, signature = false;
  const std::vector<std::string> parts = Split(text, ',');
  for (const std::string& part : parts) {
    const std::string_view field = Trim(part);
    const std::string_view name = field.substr(0, field.find('=')), value = field.substr(std::min(field.size(), name.size() + 1));
    if (name == "Credential" && !credential) {
      credential = ParseCredential(value, &presented);
    } else if (name == "SignedHeaders" && !headers) {
      headers = ParseSignedHeaders(value, &presented.signed_headers);
    } else if (name == "Signature" && !signature) {
      presented.signature = value;
      signature = IsHex64(value);
    }
  }
  if (parts.size() != 3 || !credential || !headers || !signature) {
    return malformed(
        "The Authorization header must have Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders (lower case, "
        "sorted) and Signature (64 hexadecimal digits), each once.");
  }
  const bool amz_date = request.headers.Count("X-Amz-Date") > 0;
  const std::string_view date_name = amz_date ? "X-Amz-Date" : "Date";
  std::string date(request.headers.Get(date_name));
  if (TimeMs at = 0; !amz_date && ParseTime(date, &at)) date = FormatIso8601Basic(at);
  if (request.headers.Count(date_name) != 1 || !ParseMoment(date, &presented)) {
    return malformed("There must be one X-Amz-Date (as 20260102T030405Z) or Date, of the day of the credential's scope.");
  }
  if (!amz_date && !std::ranges::binary_search(presented.signed_headers, "date")) {
    return RefuseAs(style, Reason::kUnsignedHeader, "The Date header must be signed.");
  }
  if (request.headers.Count("X-Amz-Security-Token") > 1) return malformed("There is more than one X-Amz-Security-Token.");
  presented.session_token = request.headers.Get("X-Amz-Security-Token");
  return presented;
}

Result<Presented> ParseAddress(const http::Request& request, const QueryProof& proof, ErrorStyle style) {
  const auto malformed = [&](std::string message) { return RefuseAs(style, Reason::kMalformedQuery, std::move(message)); };
  Presented presented;
  presented.proof = Proof::kPresigned;
  if (proof.twice || proof.broken) return malformed("A query parameter of the signature is there twice or is not percent-encoded.");
  if (proof.algorithm != crypto::kSigV4Algorithm) return malformed("X-Amz-Algorithm must be AWS4-HMAC-SHA256.");
  if (!ParseCredential(proof.credential, &presented)) {
    return malformed("X-Amz-Credential must be KEY/DATE/REGION/SERVICE/aws4_request.");
  }
  if (!ParseMoment(proof.date, &presented)) {
    return malformed("X-Amz-Date must be written as 20260102T030405Z, of the day of the credential's scope.");
  }
  if (!ParseSignedHeaders(proof.signed_headers, &presented.signed_headers)) {
    return malformed("X-Amz-SignedHeaders must be names in lower case, sorted, separated by ';'.");
  }
  std::int64_t expires = 0;
  const auto [end, error] = std::from_chars(proof.expires.data(), proof.expires.data() + proof.expires.size(), expires);
  const bool number = error == std::errc() && end == proof.expires.data() + proof.expires.size();
  if (!number || expires < 1 || expires > kExpiresMaxSeconds) return malformed("X-Amz-Expires must be 1 to 604800 seconds.");
  if (!IsHex64(proof.signature)) return malformed("X-Amz-Signature must be 64 hexadecimal digits in lower case.");
  if (request.headers.Count("X-Amz-Security-Token") > 0) return malformed("X-Amz-Security-Token belongs into the query.");
  presented.expires_s = expires;
  presented.signature = proof.signature;
  presented.session_token = proof.token;
  return presented;
}

bool LooksLikeForm(const http::Request& request) {
  return Lower(request.headers.Get("Content-Type")).starts_with("application/x-www-form-urlencoded") ||
         request.query().starts_with("Action=") || request.query().find("&Action=") != std::string_view::npos;
}

}  // namespace

ErrorStyle StyleOf(const http::Request& request) {
  const std::string_view authorization = request.headers.Get("Authorization");
  const std::size_t at = authorization.find("Credential=");
  Presented presented;
  if (at != std::string_view::npos) {
    const std::string_view rest = authorization.substr(at + 11);
    ParseCredential(Trim(rest.substr(0, rest.find(','))), &presented);
  } else {
    ParseCredential(FindQueryProof(request.query()).credential, &presented);
  }
  if (presented.service == "s3") return ErrorStyle::kS3;
  if (presented.service == "sts" || presented.service == "iam") return ErrorStyle::kQuery;
  if (!presented.service.empty() || request.headers.Find("X-Amz-Target")) return ErrorStyle::kJson;
  if (LooksLikeForm(request)) return ErrorStyle::kQuery;
  return Lower(request.headers.Get("Content-Type")).starts_with("application/json") ? ErrorStyle::kJson : ErrorStyle::kS3;
}

bool PresentsNothing(const http::Request& request) {
  const QueryProof proof = FindQueryProof(request.query());
  return request.headers.Count("Authorization") == 0 && proof.found == 0 && proof.old_key.empty() && proof.old_signature.empty();
}

Result<Presented> ParsePresented(const http::Request& request) {
  const ErrorStyle style = StyleOf(request);
  const QueryProof proof = FindQueryProof(request.query());
  const bool header = request.headers.Count("Authorization") > 0;
  if (header && proof.found > 0) return RefuseAs(style, Reason::kTwoProofs, "Only one way to sign a request is allowed at a time.");
  if (header || proof.found > 0) {
    TRY_ASSIGN(Presented presented, header ? ParseAuthorization(request, style) : ParseAddress(request, proof, style));
    presented.style = style;
    return presented;
  }
  if (style == ErrorStyle::kS3 && !proof.old_key.empty() && !proof.old_signature.empty()) return RefuseOld(style);
  if (style != ErrorStyle::kS3) return RefuseAs(style, Reason::kMissing, "Missing Authentication Token");
  return Presented{.style = style};
}

}  // namespace hanse::aws
