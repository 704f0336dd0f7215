#include "crypto/digest.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "crypto/crc.h"

namespace hanse::crypto {
namespace {

struct Vector {
  DigestKind kind;
  const char* text;
  const char* hex;
};

// RFC 1321, FIPS 180-4, RFC 3720, the check values ("123456789") of the CRC catalogue.
const Vector kVectors[] = {
    {DigestKind::kMd5, "", "d41d8cd98f00b204e9800998ecf8427e"},
    {DigestKind::kMd5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
    {DigestKind::kSha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {DigestKind::kSha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {DigestKind::kSha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {DigestKind::kCrc32, "123456789", "cbf43926"},
    {DigestKind::kCrc32c, "123456789", "e3069283"},
    {DigestKind::kCrc64Nvme, "123456789", "ae8b14860a799888"},
    {DigestKind::kCrc32, "", "00000000"},
    {DigestKind::kCrc64Nvme, "", "0000000000000000"},
};

TEST(Digest, GivesThePublishedValues) {
  for (const Vector& vector : kVectors) EXPECT_EQ(Hex(DigestOf(vector.kind, vector.text)), vector.hex) << vector.text;
}

TEST(Digest, IsTheSameInPiecesOfAnySize) {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes.push_back(static_cast<char>(i * 7 + i / 256));
  for (DigestKind kind : {DigestKind::kMd5, DigestKind::kSha1, DigestKind::kSha256, DigestKind::kCrc32, DigestKind::kCrc32c,
                          DigestKind::kCrc64Nvme}) {
    const std::string whole = DigestOf(kind, bytes);
    ASSERT_EQ(whole.size(), DigestBytes(kind));
    for (std::size_t piece : {1, 3, 8, 17, 4096}) {
      Digest digest(kind);
      for (std::size_t at = 0; at < bytes.size(); at += piece) digest.Update(std::string_view(bytes).substr(at, piece));
      EXPECT_EQ(digest.Finish(), whole) << piece;
    }
  }
}

TEST(Digest, SameSecretComparesAllOfIt) {
  EXPECT_TRUE(SameSecret("abc", "abc"));
  EXPECT_TRUE(SameSecret("", ""));
  for (const char* other : {"abd", "bbc", "ab", "abcd", ""}) EXPECT_FALSE(SameSecret("abc", other)) << other;
}

}  // namespace
}  // namespace hanse::crypto
