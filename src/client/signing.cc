#include "client/signing.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/sigv4.h"

namespace hanse::client {

void Sign(const Profile& profile, std::string_view service, TimeMs now_ms, HttpRequest* request) {
  std::string date = FormatIso8601Basic(now_ms);
  std::string payload = crypto::Sha256Hex(request->body);
  request->headers.emplace_back("X-Amz-Date", date);
  request->headers.emplace_back("x-amz-content-sha256", payload);
  if (!profile.session_token.empty()) request->headers.emplace_back("X-Amz-Security-Token", profile.session_token);

  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& [name, value] : request->headers) {
    std::string lower = Lower(name);
    if (lower == "host" || lower == "content-type" || lower.starts_with("x-amz-")) {
      headers.emplace_back(lower, crypto::CanonicalHeaderValue(value));
    }
  }
  std::sort(headers.begin(), headers.end());
  std::vector<std::string> names;
  for (const auto& [name, value] : headers) names.push_back(name);

  std::string_view target = request->target;
  std::size_t question = target.find('?');
  std::string_view query_text = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  std::string path, query;
  crypto::CanonicalPath(target.substr(0, question), service == "s3" ? crypto::PathRule::kAsIs : crypto::PathRule::kNormalised,
                        &path);
  crypto::CanonicalQuery(query_text, {}, &query);
  crypto::SigV4Scope scope{date.substr(0, 8), profile.region, std::string(service)};
  std::string canonical = crypto::CanonicalRequest({request->method, path, query, headers, payload});
  std::string signature =
      crypto::Signature(crypto::SigningKey(profile.secret_key, scope), crypto::StringToSign(date, scope, canonical));
  request->headers.emplace_back("Authorization",
                                fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", crypto::kSigV4Algorithm,
                                            profile.access_key, scope.text(), Join(names, ";"), signature));
}

}  // namespace hanse::client
