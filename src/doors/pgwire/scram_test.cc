#include "doors/pgwire/scram.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace hanse::pgwire {
namespace {

constexpr const char* kClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
constexpr const char* kNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
constexpr const char* kFinal =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

Scram Drawn(std::string certificate = {}) {
  std::string salt;
  EXPECT_TRUE(UnBase64("W22ZaJ0SNY7soEsUEjb6gQ==", &salt));
  return Scram({.salt = salt, .nonce = kNonce, .certificate = std::move(certificate)});
}

TEST(Scram, TheExampleOfRfc7677) {
  Scram scram = Drawn();
  EXPECT_EQ(*scram.First(false, kClientFirst),
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
  EXPECT_EQ(*scram.Final(kFinal, "pencil"), "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

TEST(Scram, AnotherSecretOrAnotherNonceIsRefused) {
  Scram wrong = Drawn();
  ASSERT_TRUE(wrong.First(false, kClientFirst));
  EXPECT_EQ(wrong.Final(kFinal, "pencils").error().code, ErrorCode::kUnauthenticated);
  Scram other = Drawn();
  ASSERT_TRUE(other.First(false, "n,,n=user,r=another"));
  EXPECT_EQ(other.Final(kFinal, "pencil").error().code, ErrorCode::kUnauthenticated);
}

TEST(Scram, ABindingThatWasTakenAwayIsRefused) {
  Scram secure = Drawn("digest");
  EXPECT_EQ(secure.First(false, "y,,n=user,r=abc").error().code, ErrorCode::kUnauthenticated);
  Scram plain = Drawn();
  EXPECT_TRUE(plain.First(false, "y,,n=user,r=abc"));
  Scram unbound = Drawn();
  EXPECT_FALSE(unbound.First(true, "p=tls-server-end-point,,n=user,r=abc"));
}

TEST(Scram, WhatIsNoneIsRefused) {
  for (const char* first : {"", "n", "n,", "n,,", "n,a=other,n=user,r=abc", "n,,n=user", "n,,n=user,r="}) {
    EXPECT_FALSE(Drawn().First(false, first)) << first;
  }
}

}  // namespace
}  // namespace hanse::pgwire
