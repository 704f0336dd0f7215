#include "crypto/sigv4.h"

#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "base/text.h"
#include "crypto/digest.h"

namespace hanse::crypto {
namespace {

constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
// Of the examples of the S3 API Reference.
constexpr char kS3Secret[] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const SigV4Scope kS3Scope{"20130524", "us-east-1", "s3"};

struct Case {
  std::map<std::string, std::string> fields;
  std::map<std::string, std::string> headers;
};

std::string Unescaped(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\n", at)) != text.npos; ++at) text.replace(at, 2, "\n");
  return text;
}

std::vector<Case> Cases() {
  std::vector<Case> cases;
  std::ifstream file(HANSE_SOURCE_DIR "/src/crypto/testdata/sigv4_vectors.txt");
  for (std::string line; std::getline(file, line);) {
    const std::size_t space = line.find(' ');
    if (space == line.npos) continue;
    const std::string field = line.substr(0, space), value = line.substr(space + 1);
    if (field == "case") cases.emplace_back();
    if (field == "header") {
      const std::size_t colon = value.find(':');
      cases.back().headers[value.substr(0, colon)] = value.substr(colon + 1);
    } else {
      cases.back().fields[field] = value;
    }
  }
  return cases;
}

TEST(SigV4, GivesTheVectorsStageByStage) {
  const std::vector<Case> cases = Cases();
  ASSERT_GE(cases.size(), 26u);
  for (const Case& vector : cases) {
    const auto field = [&](const char* name) { return vector.fields.at(name); };
    SCOPED_TRACE(field("case"));
    const SigV4Scope scope{"20150830", "us-east-1", field("service")};
    std::string path, query;
    ASSERT_TRUE(CanonicalPath(field("path"), scope.service == "s3" ? PathRule::kAsIs : PathRule::kNormalised, &path));
    ASSERT_TRUE(CanonicalQuery(field("query"), "X-Amz-Signature", &query));
    const std::string payload = field("payload");
    CanonicalParts parts{vector.fields.at("method"), path, query, {}, payload};
    for (const auto& [name, value] : vector.headers) parts.headers.emplace_back(name, CanonicalHeaderValue(value));
    const std::string canonical = CanonicalRequest(parts);
    EXPECT_EQ(canonical, Unescaped(field("canonical")));
    const std::string to_sign = StringToSign("20150830T123600Z", scope, canonical);
    EXPECT_EQ(to_sign, Unescaped(field("to-sign")));
    EXPECT_EQ(Signature(SigningKey(kSecret, scope), to_sign), field("signature"));
  }
}

TEST(SigV4, GivesThePublishedSigningKeyAndSignature) {
  const SigV4Scope scope{"20150830", "us-east-1", "iam"};
  EXPECT_EQ(scope.text(), "20150830/us-east-1/iam/aws4_request");
  EXPECT_EQ(Hex(SigningKey(kSecret, scope)), "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
  EXPECT_EQ(Signature(SigningKey(kSecret, scope),
                      "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
                      "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(SigV4, GivesThePublishedChainOfChunks) {
  const std::string key = SigningKey(kS3Secret, kS3Scope);
  const auto next = [&](const std::string& previous, const std::string& chunk) {
    return Signature(key, ChunkStringToSign("20130524T000000Z", kS3Scope.text(), previous, Sha256Hex(chunk)));
  };
  const std::string seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
  const std::string first = next(seed, std::string(65536, 'a')), second = next(first, std::string(1024, 'a'));
  EXPECT_EQ(first, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
  EXPECT_EQ(second, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
  EXPECT_EQ(next(second, ""), "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
}

TEST(SigV4, GivesThePublishedPresignedSignature) {
  const std::string query =
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
      "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host";
  std::string path, canonical_query;
  ASSERT_TRUE(CanonicalPath("/test.txt", PathRule::kAsIs, &path));
  ASSERT_TRUE(CanonicalQuery(query + "&X-Amz-Signature=00", "X-Amz-Signature", &canonical_query));
  EXPECT_EQ(canonical_query, query);
  const std::string canonical =
      CanonicalRequest({"GET", path, canonical_query, {{"host", "examplebucket.s3.amazonaws.com"}}, "UNSIGNED-PAYLOAD"});
  EXPECT_EQ(Signature(SigningKey(kS3Secret, kS3Scope), StringToSign("20130524T000000Z", kS3Scope, canonical)),
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(SigV4, PathsOfS3AreLeftAloneAndOthersFolded) {
  const auto path = [](const char* text, PathRule rule) {
    std::string canonical;
    return CanonicalPath(text, rule, &canonical) ? canonical : "broken";
  };
  EXPECT_EQ(path("/b/a//b/../c%20=d%2fe", PathRule::kAsIs), "/b/a//b/../c%20%3Dd/e");
  EXPECT_EQ(path("/b/a//b/../c%20d", PathRule::kNormalised), "/b/a/c%2520d");
  EXPECT_EQ(path("/..", PathRule::kNormalised), "/");
  EXPECT_EQ(path("/a/b/..", PathRule::kNormalised), "/a");
  EXPECT_EQ(path("", PathRule::kAsIs), "/");
  for (const char* broken : {"/%", "/%1", "/%zz"}) {
    EXPECT_EQ(path(broken, PathRule::kAsIs), "broken");
    EXPECT_EQ(path(broken, PathRule::kNormalised), "broken");
  }
}

TEST(SigV4, QueriesHaveOneSpelling) {
  const auto query = [](const char* text) {
    std::string canonical;
    return CanonicalQuery(text, "", &canonical) ? canonical : "broken";
  };
  EXPECT_EQ(query("b&a=%7e&a=/&&c="), "a=%2F&a=~&b=&c=");
  EXPECT_EQ(query("a=x+y%2Bz"), "a=x%20y%2Bz");
  EXPECT_EQ(query("a=b=c"), "a=b%3Dc");
  EXPECT_EQ(query("a=%zz"), "broken");
  EXPECT_EQ(CanonicalHeaderValue("  a   b \t"), "a b");
}

}  // namespace
}  // namespace hanse::crypto
