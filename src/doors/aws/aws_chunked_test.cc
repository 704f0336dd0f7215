#include "doors/aws/aws_chunked.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "crypto/sigv4.h"
#include "doors/http/message.h"

namespace hanse::aws {
namespace {

using Chunks = AwsChunkedRules::Chunks;
using Trailer = AwsChunkedRules::Trailer;

// Gives its bytes in pieces of a size, as a slow network does.
class Slow final : public ByteSource {
 public:
  Slow(std::string bytes, std::size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}
  std::optional<std::uint64_t> size() const override { return bytes_.size(); }
  Result<std::size_t> Read(std::span<char> into) override {
    const std::size_t count = std::min({piece_, into.size(), bytes_.size() - at_});
    std::copy_n(bytes_.data() + at_, count, into.data());
    at_ += count;
    return count;
  }

 private:
  const std::string bytes_;
  const std::size_t piece_;
  std::size_t at_ = 0;
};

class AwsChunked : public testing::Test {
 protected:
  AwsChunkedRules Rules(Chunks chunks, Trailer trailer) const {
    AwsChunkedRules rules;
    rules.chunks = chunks;
    rules.trailer = trailer;
    rules.decoded_bytes = whole_.size();
    if (trailer == Trailer::kExpected) rules.trailer_names = {"x-amz-checksum-crc32"};
    rules.signing_key = std::string(32, 'k');
    rules.amz_date = "20150830T123600Z";
    rules.scope = "20150830/us-east-1/s3/aws4_request";
    rules.seed_signature = std::string(64, 'a');
    return rules;
  }

  std::string Encode(const AwsChunkedRules& rules, const std::string& trailer = "") const {
    std::string body, previous = rules.seed_signature;
    std::vector<std::string> parts = parts_;
    parts.push_back("");
    for (const std::string& part : parts) {
      body += fmt::format("{:x}", part.size());
      if (rules.chunks == Chunks::kSigned) {
        previous = crypto::Signature(rules.signing_key,
                                     crypto::ChunkStringToSign(rules.amz_date, rules.scope, previous, crypto::Sha256Hex(part)));
        body += ";chunk-signature=" + previous;
      }
      body += "\r\n" + part + (part.empty() ? "" : "\r\n");
    }
    if (!trailer.empty()) {
      body += trailer + "\r\n";
      if (rules.chunks == Chunks::kSigned) {
        body += "x-amz-trailer-signature:" +
                crypto::Signature(rules.signing_key,
                                  crypto::TrailerStringToSign(rules.amz_date, rules.scope, previous, trailer + "\n")) +
                "\r\n";
      }
    }
    return body + "\r\n";
  }

  // The content, or the name of the error. A reader that stops at the declared size must have been told of every error too.
  std::string Decode(const AwsChunkedRules& rules, const std::string& body, std::size_t piece = 1 << 20,
                     std::size_t room = 65'536) const {
    AwsChunkedSource source(std::make_unique<Slow>(body, piece), rules);
    std::string content, buffer(room, '\0');
    while (content.size() < *source.size() || *source.size() == 0) {
      const auto count = source.Read(buffer);
      if (!count) {
        EXPECT_FALSE(source.Read(buffer));
        return count.error().name;
      }
      if (*count == 0) break;
      content.append(buffer, 0, *count);
    }
    EXPECT_EQ(*source.Read(buffer), 0u);
    return content;
  }

  std::vector<std::string> parts_{std::string(65'536, 'a'), std::string(65'536, 'b'), std::string(100, 'c')};
  std::string whole_ = parts_[0] + parts_[1] + parts_[2];
  std::string trailer_ = "x-amz-checksum-crc32:" + Base64(crypto::DigestOf(crypto::DigestKind::kCrc32, whole_));
};

TEST_F(AwsChunked, IsPutTogetherInEveryModeFromPiecesOfAnySize) {
  for (const Chunks chunks : {Chunks::kSigned, Chunks::kUnsigned}) {
    for (const Trailer trailer : {Trailer::kNone, Trailer::kExpected}) {
      const AwsChunkedRules rules = Rules(chunks, trailer);
      const std::string body = Encode(rules, trailer == Trailer::kExpected ? trailer_ : "");
      for (const std::size_t piece : {1, 7, 1000, 1 << 20}) {
        for (const std::size_t room : {13, 65'536, 1 << 20})
          EXPECT_TRUE(Decode(rules, body, piece, room) == whole_) << piece << " " << room;
      }
    }
  }
}

TEST_F(AwsChunked, MayBeEmpty) {
  parts_.clear();
  whole_.clear();
  EXPECT_EQ(Decode(Rules(Chunks::kSigned, Trailer::kNone), Encode(Rules(Chunks::kSigned, Trailer::kNone))), "");
  EXPECT_EQ(Decode(Rules(Chunks::kUnsigned, Trailer::kNone), "0\r\n\r\nmore"), "IncompleteBody");
}

TEST_F(AwsChunked, EveryByteOfASignedBodyCounts) {
  parts_ = {"hello ", "world"};
  whole_ = "hello world";
  trailer_ = "x-amz-checksum-crc32:" + Base64(crypto::DigestOf(crypto::DigestKind::kCrc32, whole_));
  const AwsChunkedRules rules = Rules(Chunks::kSigned, Trailer::kExpected);
  const std::string body = Encode(rules, trailer_);
  ASSERT_EQ(Decode(rules, body), whole_);
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (const char flip : {1, 4, 64}) {
      std::string changed = body;
      changed[at] ^= flip;
      // The case of letters of the trailers' names does not count, nor that of the hexadecimal size.
      const bool same_meaning = Lower(changed) == Lower(body) && Lower(body.substr(at, 1)) != body.substr(at, 1);
      if (!same_meaning && std::string_view("xXaAmMzZcChHeEkKsSuUiIgGnNtTrRlLqQ").find(body[at]) == std::string_view::npos) {
        EXPECT_NE(Decode(rules, changed), whole_) << at << " " << body.substr(at, 20);
      }
    }
    EXPECT_NE(Decode(rules, body.substr(0, at)), whole_) << at;
  }
}

TEST_F(AwsChunked, RefusesBrokenChains) {
  const AwsChunkedRules rules = Rules(Chunks::kSigned, Trailer::kNone);
  const std::string good = Encode(rules);
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string body = good;
    body.replace(body.find(from), from.size(), to);
    return Decode(rules, body);
  };
  const std::size_t second = good.find("10000;", 10), third = good.find("64;chunk"), last = good.rfind("0;chunk");
  EXPECT_EQ(Decode(rules, Encode(Rules(Chunks::kUnsigned, Trailer::kNone))), "SignatureDoesNotMatch");
  EXPECT_EQ(changed("chunk-signature=", "chunk-signature=0"), "SignatureDoesNotMatch");
  EXPECT_EQ(Decode(rules, good.substr(0, second) + good.substr(third)), "SignatureDoesNotMatch");
  EXPECT_EQ(Decode(rules, good.substr(0, second) + good), "SignatureDoesNotMatch");
  EXPECT_EQ(Decode(rules, good.substr(second, third - second) + good.substr(0, second) + good.substr(third)),
            "SignatureDoesNotMatch");
  EXPECT_EQ(changed("64;chunk", "63;chunk"), "SignatureDoesNotMatch");
  EXPECT_EQ(Decode(rules, good.substr(0, last)), "IncompleteBody");
  EXPECT_EQ(Decode(rules, good + "x"), "IncompleteBody");
  EXPECT_EQ(Decode(rules, good + good), "IncompleteBody");
  EXPECT_EQ(Decode(rules, std::string(17, 'f') + good.substr(5)), "IncompleteBody");
  EXPECT_EQ(Decode(rules, "-1" + good.substr(5)), "IncompleteBody");
  EXPECT_EQ(Decode(rules, "0x1" + good.substr(5)), "IncompleteBody");
  EXPECT_EQ(Decode(rules, whole_), "IncompleteBody");
  EXPECT_EQ(Decode(rules, std::string(5000, '1')), "IncompleteBody");
  EXPECT_EQ(Decode(rules, ""), "IncompleteBody");
}

TEST_F(AwsChunked, TheDeclaredLengthMustBeTheTrueOne) {
  for (const Chunks chunks : {Chunks::kSigned, Chunks::kUnsigned}) {
    for (const std::uint64_t length : {whole_.size() - 1, whole_.size() + 1, std::size_t{0}}) {
      AwsChunkedRules rules = Rules(chunks, Trailer::kNone);
      const std::string body = Encode(rules);
      rules.decoded_bytes = length;
      EXPECT_EQ(Decode(rules, body), "IncompleteBody") << length;
    }
  }
}

TEST_F(AwsChunked, ATrailerMustTellTheTruth) {
  for (const Chunks chunks : {Chunks::kSigned, Chunks::kUnsigned}) {
    AwsChunkedRules rules = Rules(chunks, Trailer::kExpected);
    EXPECT_EQ(Decode(rules, Encode(rules, "x-amz-checksum-crc32:AAAAAA==")), "BadDigest");
    EXPECT_EQ(Decode(rules, Encode(rules, trailer_ + "\r\n" + trailer_)),
              chunks == Chunks::kSigned ? "SignatureDoesNotMatch" : "MalformedTrailerError");
    EXPECT_EQ(Decode(rules, Encode(rules, "x-amz-checksum-sha1:AAAA")), "MalformedTrailerError");
    EXPECT_EQ(Decode(rules, Encode(rules)), chunks == Chunks::kSigned ? "SignatureDoesNotMatch" : "MalformedTrailerError");
    rules.trailer_names = {"x-amz-meta-evil"};
    EXPECT_EQ(Decode(rules, Encode(rules, "x-amz-meta-evil:1")), "MalformedTrailerError");
  }
  EXPECT_EQ(Decode(Rules(Chunks::kUnsigned, Trailer::kNone), Encode(Rules(Chunks::kUnsigned, Trailer::kNone), trailer_)),
            "MalformedTrailerError");
}

TEST_F(AwsChunked, ASignedTrailerCannotBeForged) {
  const AwsChunkedRules rules = Rules(Chunks::kSigned, Trailer::kExpected);
  const std::string good = Encode(rules, trailer_);
  const std::size_t signature = good.find("x-amz-trailer-signature");
  EXPECT_EQ(Decode(rules, good.substr(0, signature) + "\r\n"), "SignatureDoesNotMatch");
  EXPECT_EQ(Decode(rules, good.substr(0, signature) + "x-amz-trailer-signature:\r\n\r\n"), "SignatureDoesNotMatch");
  EXPECT_EQ(Decode(rules, good.substr(0, signature) + "x-amz-trailer-signature:" + std::string(64, '0') + "\r\n\r\n"),
            "SignatureDoesNotMatch");
  EXPECT_EQ(Decode(rules, good.substr(0, good.size() - 2) + "x-amz-checksum-sha1:AAAA\r\n\r\n"), "MalformedTrailerError");
}

TEST_F(AwsChunked, EveryChecksumOfS3IsKnown) {
  for (const auto& [name, kind] :
       std::vector<std::pair<std::string, crypto::DigestKind>>{{"crc32", crypto::DigestKind::kCrc32},
                                                               {"crc32c", crypto::DigestKind::kCrc32c},
                                                               {"crc64nvme", crypto::DigestKind::kCrc64Nvme},
                                                               {"sha1", crypto::DigestKind::kSha1},
                                                               {"sha256", crypto::DigestKind::kSha256}}) {
    AwsChunkedRules rules = Rules(Chunks::kUnsigned, Trailer::kExpected);
    rules.trailer_names = {"x-amz-checksum-" + name};
    const std::string line = "x-amz-checksum-" + name + ": " + Base64(crypto::DigestOf(kind, whole_));
    EXPECT_TRUE(Decode(rules, Encode(rules, line)) == whole_) << name;
  }
}

}  // namespace
}  // namespace hanse::aws
