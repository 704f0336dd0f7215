#include "crypto/aead.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "crypto/hmac.h"

namespace hanse::crypto {
namespace {

std::string Bytes(std::string_view hex) {
  std::string bytes;
  EXPECT_TRUE(UnHex(hex, &bytes));
  return bytes;
}

// Test cases 13, 14 and 16 of the GCM specification submitted to NIST (McGrew, Viega).
TEST(Aead, GivesThePublishedGcmValues) {
  const Key zero = *Key::FromBytes(std::string(32, '\0'));
  EXPECT_EQ(Hex(Seal(zero, std::string(12, '\0'), "", "")), "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(Hex(Seal(zero, std::string(12, '\0'), "", std::string(16, '\0'))),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  const Key key = *Key::FromBytes(Bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const std::string plain = Bytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  EXPECT_EQ(
      Hex(Seal(key, Bytes("cafebabefacedbaddecaf888"), Bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"), plain)),
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
}

// RFC 4231, test cases 1, 2 and 6 (a key longer than a block).
TEST(Hmac, GivesThePublishedValues) {
  EXPECT_EQ(Hex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hex(HmacSha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(Hex(HmacSha256("", "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Aead, OpensWhatItSealedAndNothingThatWasChanged) {
  SeededRandom random(1);
  const Key key = Key::Draw(random), other = Key::Draw(random);
  const std::string nonce = random.Bytes(kNonceBytes);
  for (std::size_t size : {0, 1, 15, 16, 17, 65536}) {
    const std::string plain = random.Bytes(size), sealed = Seal(key, nonce, "segment 1", plain);
    EXPECT_EQ(*Open(key, nonce, "segment 1", sealed), plain);
    EXPECT_FALSE(Open(other, nonce, "segment 1", sealed));
    EXPECT_FALSE(Open(key, nonce, "segment 2", sealed));
    EXPECT_FALSE(Open(key, random.Bytes(kNonceBytes), "segment 1", sealed));
    EXPECT_FALSE(Open(key, nonce, "segment 1", sealed.substr(1)));
    EXPECT_FALSE(Open(key, nonce, "segment 1", sealed.substr(0, sealed.size() - 1)));
    for (std::size_t at : {std::size_t{0}, size / 2, size, sealed.size() - 1}) {
      std::string changed = sealed;
      changed[at] ^= 1;
      EXPECT_FALSE(Open(key, nonce, "segment 1", changed)) << at;
    }
  }
}

TEST(Aead, LeavesNoPlainTextBehindWhenTheTagIsWrong) {
  SeededRandom random(2);
  const Key key = Key::Draw(random);
  const std::string nonce = random.Bytes(kNonceBytes);
  std::string sealed = Seal(key, nonce, "", "secret secret secret");
  sealed.back() ^= 1;
  std::string plain(20, 'x');
  ASSERT_FALSE(OpenInto(key, nonce, "", sealed, plain));
  EXPECT_EQ(plain, std::string(20, '\0'));
}

TEST(Aead, SealsAndOpensInPlace) {
  SeededRandom random(3);
  const Key key = Key::Draw(random);
  const std::string nonce = random.Bytes(kNonceBytes), plain = random.Bytes(1000);
  std::string buffer = plain + std::string(kTagBytes, '\0');
  SealInto(key, nonce, "a", std::string_view(buffer).substr(0, 1000), buffer);
  EXPECT_EQ(buffer, Seal(key, nonce, "a", plain));
  ASSERT_TRUE(OpenInto(key, nonce, "a", buffer, std::span(buffer).first(1000)));
  EXPECT_EQ(buffer.substr(0, 1000), plain);
}

TEST(Key, DerivesAnotherKeyForEveryPurposeAndSalt) {
  SeededRandom random(4);
  const Key key = Key::Draw(random);
  EXPECT_EQ(key.Derive("ab", "c").bytes(), key.Derive("ab", "c").bytes());
  EXPECT_NE(key.Derive("ab", "c").bytes(), key.Derive("a", "bc").bytes());
  EXPECT_NE(key.Derive("ab").bytes(), key.bytes());
  EXPECT_FALSE(Key::FromBytes(std::string(31, 'x')));
  EXPECT_FALSE(Key::FromBytes(std::string(33, 'x')));
}

}  // namespace
}  // namespace hanse::crypto
