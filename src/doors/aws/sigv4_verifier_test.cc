#include "doors/aws/sigv4_verifier.h"

#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/sigv4.h"
#include "doors/aws/sigv4_errors.h"

namespace hanse::aws {
namespace {

constexpr char kVerifierSecret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr TimeMs kSignedAt = 1'440'938'160'000;  // 2015-08-30T12:36:00Z
constexpr TimeMs kMinute = 60'000;

Result<std::string> SecretOfKey(const std::string& key, const std::string& token) {
  if (key == "AKIDEXAMPLE" && token.empty()) return kVerifierSecret;
  if (key == "ASIAEXAMPLE" && token == "a-sealed_token") return kVerifierSecret;
  if (token == "old") return FailAs(ErrorCode::kUnauthenticated, "ExpiredToken", "");
  if (token == "junk") return FailAs(ErrorCode::kUnauthenticated, "InvalidToken", "");
  return Fail(ErrorCode::kUnauthenticated, "");
}

// "fine", "anonymous" or the name of the error.
std::string Verified(http::Request& request, TimeMs now = kSignedAt) {
  const ManualClock clock(now);
  auto presented = ParsePresented(request);
  if (!presented) return presented.error().name;
  SigningKeys signing_keys;
  const auto signed_in = VerifySignature(request, *std::move(presented), clock, SecretOfKey, signing_keys);
  return !signed_in ? signed_in.error().name : signed_in->anonymous() ? "anonymous" : "fine";
}

http::Request Copy(const http::Request& other) {
  http::Request request;
  request.method = other.method;
  request.target = other.target;
  request.headers = other.headers;
  request.body = other.body;
  request.loopback = other.loopback;
  return request;
}

std::map<std::string, http::Request> SignedByBotocore() {
  std::map<std::string, http::Request> requests;
  std::ifstream file(HANSE_SOURCE_DIR "/src/doors/aws/testdata/signed_requests.txt");
  http::Request* request = nullptr;
  for (std::string line; std::getline(file, line);) {
    const std::size_t space = line.find(' ');
    if (space == line.npos) continue;
    const std::string field = line.substr(0, space), value = line.substr(space + 1);
    if (field == "request") request = &requests[value];
    if (field == "method") request->method = value;
    if (field == "target") request->target = value;
    if (field == "body") {
      EXPECT_TRUE(UnHex(value, &request->body));
    }
    if (field == "header") request->headers.Add(value.substr(0, value.find(':')), value.substr(value.find(':') + 2));
    request->loopback = true;
  }
  return requests;
}

// Signs over what it is told: any ingredient can be changed for a test.
struct Signer {
  std::string key = "AKIDEXAMPLE", secret = kVerifierSecret, token, service = "s3", payload;
  std::string date = "20150830T123600Z";
  std::vector<std::string> left_out;

  http::Request Sign(std::string method, std::string target, std::string body, http::Headers more = {}) {
    http::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    request.loopback = true;
    request.headers = std::move(more);
    request.headers.Add("Host", "h");
    request.headers.Add("X-Amz-Date", date);
    const std::string hash = payload.empty() ? crypto::Sha256Hex(request.body) : payload;
    if (service == "s3") request.headers.Add("x-amz-content-sha256", hash);
    if (!token.empty()) request.headers.Add("X-Amz-Security-Token", token);
    std::map<std::string, std::string> sorted;
    for (const http::Header& header : request.headers) sorted[Lower(header.name)] = crypto::CanonicalHeaderValue(header.value);
    for (const std::string& name : left_out) sorted.erase(name);
    std::string path, query, names;
    EXPECT_TRUE(crypto::CanonicalPath(request.path(), crypto::PathRule::kAsIs, &path));
    EXPECT_TRUE(crypto::CanonicalQuery(request.query(), "", &query));
    for (const auto& [name, value] : sorted) names += (names.empty() ? "" : ";") + name;
    const crypto::SigV4Scope scope{date.substr(0, 8), "us-east-1", service};
    const std::string canonical = crypto::CanonicalRequest({request.method, path, query, {sorted.begin(), sorted.end()}, hash});
    const std::string signature =
        crypto::Signature(crypto::SigningKey(secret, scope), crypto::StringToSign(date, scope, canonical));
    request.headers.Add("Authorization", "AWS4-HMAC-SHA256 Credential=" + key + "/" + scope.text() + ", SignedHeaders=" + names +
                                             ", Signature=" + signature);
    return request;
  }
};

TEST(SigV4Verifier, TakesWhatBotocoreSigned) {
  const auto requests = SignedByBotocore();
  ASSERT_EQ(requests.size(), 12u);
  for (const auto& [name, signed_request] : requests) {
    http::Request request = Copy(signed_request);
    EXPECT_EQ(Verified(request), "fine") << name;
    EXPECT_EQ(request.body, signed_request.body);
  }
}

TEST(SigV4Verifier, TellsWhatWasPresented) {
  const auto requests = SignedByBotocore();
  const auto header = ParsePresented(requests.at("s3 put of a session"));
  EXPECT_EQ(header->proof, Proof::kHeader);
  EXPECT_EQ(header->access_key + " " + header->session_token + " " + header->region + " " + header->service,
            "ASIAEXAMPLE a-sealed_token us-east-1 s3");
  EXPECT_EQ(header->signed_at_ms, kSignedAt);
  const auto address = ParsePresented(requests.at("s3 presigned get"));
  EXPECT_EQ(address->proof, Proof::kPresigned);
  EXPECT_EQ(address->expires_s, 600);
}

TEST(SigV4Verifier, RefusesEveryChangeOnTheWay) {
  for (const auto& [name, signed_request] : SignedByBotocore()) {
    SCOPED_TRACE(name);
    const bool by_header = signed_request.headers.Find("Authorization") != nullptr;
    const auto refused = [&](auto change) {
      http::Request request = Copy(signed_request);
      change(request);
      const std::string answer = Verified(request);
      EXPECT_NE(answer, "fine");
      EXPECT_NE(answer, "anonymous");
    };
    refused([](auto& r) { r.method = r.method == "GET" ? "PUT" : "GET"; });
    refused([](auto& r) { r.target += r.target.find('?') == r.target.npos ? "?x-id=PutObject" : "&x-id=PutObject"; });
    refused([](auto& r) { r.target.insert(1, "x"); });
    refused([](auto& r) { r.headers.Set("Host", "elsewhere"); });
    refused([](auto& r) { r.headers.Add("Host", "elsewhere"); });
    refused([](auto& r) { r.headers.Add("x-amz-acl", "public-read"); });
    refused([](auto& r) { r.headers.Add("x-amz-copy-source", "/other/secret"); });
    refused([](auto& r) { r.headers.Add("x-amz-security-token", "other"); });
    refused([](auto& r) { r.headers.Add("Authorization", "AWS4-HMAC-SHA256 Credential=x"); });
    refused([](auto& r) {
      r.target = std::string(r.path()) + "?X-Amz-Signature=" + std::string(64, '0') + "&" + std::string(r.query());
    });
    if (by_header) refused([](auto& r) { r.body += "x"; });
    if (by_header) refused([](auto& r) { r.headers.Set("X-Amz-Date", "20150830T123700Z"); });
    for (const http::Header& header : signed_request.headers) {
      refused([&](auto& r) { r.headers.Set(header.name, header.value + "x"); });
      refused([&](auto& r) { r.headers.Add(header.name, header.value); });
      if (header.name != "Authorization") refused([&](auto& r) { r.headers.Remove(header.name); });
    }
    for (std::size_t at = signed_request.path().size() + 1; at < signed_request.target.size(); ++at) {
      refused([&](auto& r) { r.target[at] = r.target[at] == 'a' ? 'b' : 'a'; });
    }
  }
}

TEST(SigV4Verifier, AHeaderThatMeansNothingNeedNotBeSigned) {
  http::Request request = Signer().Sign("GET", "/b", "");
  request.headers.Add("Accept", "*/*");
  request.headers.Add("Content-Type", "text/plain");
  request.headers.Add("amz-sdk-request", "attempt=1");
  EXPECT_EQ(Verified(request), "fine");
}

TEST(SigV4Verifier, HostAndEveryAmzHeaderMustBeSigned) {
  for (const char* name : {"host", "x-amz-date", "x-amz-content-sha256", "x-amz-meta-owner", "x-amz-security-token"}) {
    http::Headers headers;
    headers.Add("x-amz-meta-owner", "zoe");
    Signer signer{.key = "ASIAEXAMPLE", .token = "a-sealed_token"};
    http::Request good = signer.Sign("PUT", "/b/k", "x", headers);
    EXPECT_EQ(Verified(good), "fine");
    signer.left_out = {name};
    http::Request request = signer.Sign("PUT", "/b/k", "x", headers);
    EXPECT_EQ(Verified(request), "AccessDenied") << name;
  }
}

TEST(SigV4Verifier, TellsWrongSecretsAndUnknownKeysApartInEachStyle) {
  const auto answer = [](Signer signer) {
    http::Request request = signer.Sign("POST", "/", "");
    return Verified(request);
  };
  EXPECT_EQ(answer({.secret = "x"}), "SignatureDoesNotMatch");
  EXPECT_EQ(answer({.secret = "x", .service = "sts"}), "SignatureDoesNotMatch");
  EXPECT_EQ(answer({.secret = "x", .service = "glue"}), "InvalidSignatureException");
  EXPECT_EQ(answer({.key = "AKIDNOBODY"}), "InvalidAccessKeyId");
  EXPECT_EQ(answer({.key = "AKIDNOBODY", .service = "iam"}), "InvalidClientTokenId");
  EXPECT_EQ(answer({.key = "AKIDNOBODY", .service = "kms"}), "UnrecognizedClientException");
  EXPECT_EQ(answer({.key = "ASIAEXAMPLE", .token = "old"}), "ExpiredToken");
  EXPECT_EQ(answer({.key = "ASIAEXAMPLE", .token = "old", .service = "glue"}), "ExpiredTokenException");
  EXPECT_EQ(answer({.key = "ASIAEXAMPLE", .token = "junk"}), "InvalidToken");
  EXPECT_EQ(answer({.key = "ASIAEXAMPLE", .token = "junk", .service = "sts"}), "InvalidClientTokenId");
}

TEST(SigV4Verifier, TheClockMayBeWrongByAQuarterOfAnHour) {
  for (const auto& [offset, fine] : std::map<int, bool>{{-15, true}, {15, true}, {-16, false}, {16, false}, {-1440, false}}) {
    http::Request s3 = Signer().Sign("GET", "/b", ""), sts = Signer{.service = "sts"}.Sign("POST", "/", ""),
                  glue = Signer{.service = "glue"}.Sign("POST", "/", "");
    EXPECT_EQ(Verified(s3, kSignedAt + offset * kMinute), fine ? "fine" : "RequestTimeTooSkewed") << offset;
    EXPECT_EQ(Verified(sts, kSignedAt + offset * kMinute), fine ? "fine" : "SignatureDoesNotMatch") << offset;
    EXPECT_EQ(Verified(glue, kSignedAt + offset * kMinute), fine ? "fine" : "InvalidSignatureException") << offset;
  }
}

TEST(SigV4Verifier, APresignedAddressEnds) {
  const auto requests = SignedByBotocore();
  for (const auto& [at_s, answer] :
       std::map<int, std::string>{{0, "fine"}, {600, "fine"}, {601, "AccessDenied"}, {-900, "fine"}, {-901, "AccessDenied"}}) {
    http::Request request = Copy(requests.at("s3 presigned get"));
    EXPECT_EQ(Verified(request, kSignedAt + at_s * 1000), answer) << at_s;
  }
  for (const char* expires : {"0", "-1", "604801", "", "1e3", "99999999999999999999"}) {
    http::Request request = Copy(requests.at("s3 presigned get"));
    request.target.replace(request.target.find("Expires=600"), 11, std::string("Expires=") + expires);
    EXPECT_EQ(Verified(request), "AuthorizationQueryParametersError") << expires;
  }
}

TEST(SigV4Verifier, RefusesMalformedProofs) {
  const http::Request good = Signer().Sign("GET", "/b", "");
  const std::string text(good.headers.Get("Authorization"));
  const auto with = [&](const std::string& from, const std::string& to) {
    http::Request request = Copy(good);
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    request.headers.Set("Authorization", changed);
    return Verified(request);
  };
  EXPECT_EQ(with("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256"), "fine");
  for (const auto& [from, to] : std::map<std::string, std::string>{{"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"},
                                                                   {"aws4_request", "aws5_request"},
                                                                   {"/20150830/", "/20150831/"},
                                                                   {"/20150830/", "/2015/"},
                                                                   {"Credential=", "Credentials="},
                                                                   {"Credential=", "Credential=a/"},
                                                                   {"SignedHeaders=host", "SignedHeaders=Host"},
                                                                   {"host;", "x;host;"},
                                                                   {"host;", "host;host;"},
                                                                   {"Signature=", "Signature=0"},
                                                                   {", Signature=", ", Signature=A"},
                                                                   {", SignedHeaders", ", X=y, SignedHeaders"},
                                                                   {", SignedHeaders", " SignedHeaders"}}) {
    EXPECT_EQ(with(from, to).substr(0, 22), "AuthorizationHeaderMal") << from << " -> " << to;
  }
  EXPECT_EQ(with("/us-east-1/", "/eu-west-1/"), "SignatureDoesNotMatch");
  for (const char* whole : {"", "Basic YTpi", "Bearer x"}) {
    http::Request request = Copy(good);
    request.headers.Set("Authorization", whole);
    EXPECT_EQ(Verified(request), "AuthorizationHeaderMalformed") << whole;
  }
}

// What is signed the old way is not taken for a stranger's: the refusal says what to do.
TEST(SigV4Verifier, TheOldMechanismIsRefusedByName) {
  http::Request header, address, half;
  header.target = "/bucket/key";
  header.headers.Add("Authorization", "AWS AKIDEXAMPLE:c2lnbmF0dXJl");
  EXPECT_EQ(Verified(header), "InvalidRequest");
  address.target = "/bucket/key?AWSAccessKeyId=AKIDEXAMPLE&Signature=c2lnbmF0dXJl&Expires=1440938760";
  const auto refused = ParsePresented(address);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().name, "InvalidRequest");
  EXPECT_NE(refused.error().message.find("AWS4-HMAC-SHA256"), std::string::npos);
  half.target = "/bucket/key?Signature=a-parameter-of-somebody";
  EXPECT_EQ(Verified(half), "anonymous");
}

TEST(SigV4Verifier, NobodyComesInWithoutASignatureButToS3AsNobody) {
  http::Request s3, sts, glue, stream;
  s3.method = "GET";
  s3.target = "/bucket/key?list-type=2";
  EXPECT_EQ(Verified(s3), "anonymous");
  sts.target = glue.target = stream.target = "/";
  sts.headers.Add("Content-Type", "application/x-www-form-urlencoded");
  EXPECT_EQ(Verified(sts), "MissingAuthenticationToken");
  glue.headers.Add("X-Amz-Target", "AWSGlue.GetTables");
  EXPECT_EQ(Verified(glue), "MissingAuthenticationTokenException");
  stream.headers.Add("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
  EXPECT_EQ(Verified(stream), "AccessDenied");
}

// The class of MinIO CVE-2026-41145: credentials in the query, an unsigned body in pieces, no signature at all.
TEST(SigV4Verifier, CredentialsInTheQueryAloneAreNoProof) {
  http::Request request;
  request.method = "PUT";
  request.loopback = true;
  request.target = "/bucket/key?X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fs3%2Faws4_request";
  request.headers.Add("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
  EXPECT_EQ(Verified(request), "AuthorizationQueryParametersError");
  request.target += "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host";
  EXPECT_EQ(Verified(request), "AuthorizationQueryParametersError");
  request.target += "&X-Amz-Signature=" + std::string(64, '0');
  EXPECT_EQ(Verified(request), "AccessDenied");  // The x-amz-content-sha256 is not signed.
}

TEST(SigV4Verifier, TwoProofsAreRefused) {
  const auto requests = SignedByBotocore();
  http::Request request = Copy(requests.at("s3 presigned get"));
  request.headers.Add("Authorization", std::string(requests.at("s3 list").headers.Get("Authorization")));
  EXPECT_EQ(Verified(request), "InvalidArgument");
}

TEST(SigV4Verifier, KnowsTheWaysToSignABodyAndNoOther) {
  for (const char* payload : {"STREAMING-SOMETHING-NEW", "UNSIGNED", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "0"}) {
    http::Request request = Signer{.payload = payload}.Sign("PUT", "/b/k", "x");
    EXPECT_EQ(Verified(request), "InvalidArgument") << payload;
  }
  http::Request wrong = Signer{.payload = std::string(64, '0')}.Sign("PUT", "/b/k", "x");
  EXPECT_EQ(Verified(wrong), "XAmzContentSHA256Mismatch");
  http::Request unsigned_body = Signer{.payload = "UNSIGNED-PAYLOAD"}.Sign("PUT", "/b/k", "x");
  EXPECT_EQ(Verified(unsigned_body), "fine");
  http::Request far = Copy(unsigned_body);
  far.loopback = false;
  EXPECT_EQ(Verified(far), "InvalidArgument");
  far.tls = true;
  EXPECT_EQ(Verified(far), "fine");
}

TEST(SigV4Verifier, AStreamIsCheckedBeforeItsLastByteIsGivenAway) {
  const std::string body(2'000'000, 'x');
  for (const bool changed : {false, true}) {
    http::Request request = Signer().Sign("PUT", "/b/k", body);
    request.body.clear();
    std::string sent = body;
    sent.back() = changed ? 'y' : 'x';
    request.stream = http::SourceOf(sent);
    ASSERT_EQ(Verified(request), "fine");
    std::string read(body.size(), '\0');
    std::size_t filled = 0;
    std::string failure;
    while (filled < read.size() && failure.empty()) {
      const auto count = request.stream->Read(std::span(read).subspan(filled, std::min<std::size_t>(65'536, read.size() - filled)));
      if (count)
        filled += *count;
      else
        failure = count.error().name;
    }
    EXPECT_EQ(failure, changed ? "XAmzContentSHA256Mismatch" : "");
    EXPECT_EQ(filled == body.size(), !changed);
  }
}

TEST(SigV4Verifier, ARememberedSigningKeyProvesNothingWithoutItsSecret) {
  const ManualClock clock(kSignedAt);
  SigningKeys signing_keys;
  Result<std::string> secret = kVerifierSecret;
  auto fine = [&] {
    http::Request request = Signer{.service = "glue"}.Sign("POST", "/", "{}");
    return VerifySignature(
               request, *ParsePresented(request), clock, [&](auto&, auto&) { return secret; }, signing_keys)
        .has_value();
  };
  EXPECT_TRUE(fine());
  EXPECT_TRUE(fine());
  secret = "another secret of the same access key";
  EXPECT_FALSE(fine());
  secret = kVerifierSecret;
  EXPECT_TRUE(fine());
  EXPECT_EQ(signing_keys.count(), 1u);
  secret = Fail(ErrorCode::kUnauthenticated, "switched off");
  EXPECT_FALSE(fine());
  EXPECT_EQ(signing_keys.count(), 0u);
}

TEST(SigV4Verifier, BodiesOfOtherServicesAreReadWholeUpToALimit) {
  for (const std::uint64_t size : {kUnstreamedBodyBytesMax, kUnstreamedBodyBytesMax + 1}) {
    http::Request request = Signer{.service = "glue"}.Sign("POST", "/", std::string(size, 'x'));
    request.stream = http::SourceOf(std::move(request.body));
    request.body.clear();
    EXPECT_EQ(Verified(request), size == kUnstreamedBodyBytesMax ? "fine" : "RequestEntityTooLargeException");
    EXPECT_EQ(request.body.size(), size == kUnstreamedBodyBytesMax ? size : 0);
  }
}

TEST(SigV4Errors, EveryReasonHasItsRow) {
  for (int i = 0; i < kReasons; ++i) {
    for (ErrorStyle style : {ErrorStyle::kS3, ErrorStyle::kQuery, ErrorStyle::kJson}) {
      const Error error = RefuseAs(style, static_cast<Reason>(i), "why").error();
      EXPECT_FALSE(error.name.empty());
      EXPECT_GE(SignatureErrorStatus(style, error.name), 400);
    }
  }
  EXPECT_EQ(NameOf(ErrorStyle::kS3, Reason::kTooLarge), "EntityTooLarge");
  EXPECT_EQ(SignatureErrorStatus(ErrorStyle::kS3, "NoSuchKey"), 0);
}

}  // namespace
}  // namespace hanse::aws
