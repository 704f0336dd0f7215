#include "identity/saml_assertion.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "identity/saml_lab.h"

namespace hanse::identity {
namespace {

constexpr TimeMs kNow = 1'767'323'045'000;
constexpr const char* kRole = "arn:aws:iam::111122223333:role/analyst";
constexpr const char* kProvider = "arn:aws:iam::111122223333:saml-provider/idp";

class SamlAssertionTest : public testing::Test {
 protected:
  static const SamlLab& Lab() {
    static const SamlLab lab;
    return lab;
  }
  static SamlMetadata Known() { return ParseSamlMetadata(Lab().Metadata(), kNow).value(); }
  SamlLab::Words Words() { return Lab().About(kNow, kRole, kProvider); }
  Result<SamlAssertion> Read(const std::string& base64, TimeMs now_ms = kNow) {
    return ReadSamlResponse(base64, Known(), {"https://mesh.example.com/saml"}, now_ms);
  }
  // "" where it is believed.
  std::string Refused(const std::string& base64, TimeMs now_ms = kNow) {
    auto read = Read(base64, now_ms);
    return read ? "" : read.error().message;
  }
  static std::string Replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
  }
};

constexpr const char* kWrong = "Response signature invalid";

TEST_F(SamlAssertionTest, WhatIsSignedIsRead) {
  SamlLab::Words words = Words();
  words.attributes.push_back({SamlLab::Aws("PrincipalTag:Project"), {"lake"}});
  words.attributes.push_back({SamlLab::Aws("TransitiveTagKeys"), {"Project"}});
  words.attributes.push_back({SamlLab::Aws("SourceIdentity"), {"ana.k"}});
  words.attributes.push_back({SamlLab::Lake("Username"), {"ana"}});
  words.attributes.push_back({SamlLab::Lake("Groups"), {"analysts, finance", "analysts"}});
  words.session_ends = R"( SessionNotOnOrAfter=")" + FormatIso8601(kNow + 1'800'000) + '"';
  for (const std::string& response : {Lab().Signed(words), Lab().SignedWhole(words)}) {
    auto read = Read(response);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->id, "_a1");
    EXPECT_EQ(read->issuer, Lab().entity_id());
    EXPECT_EQ(read->subject, "ana@example.com");
    EXPECT_EQ(read->subject_type, "persistent");
    EXPECT_EQ(read->recipient, "https://signin.aws.amazon.com/saml");
    EXPECT_EQ(read->roles, (std::vector<std::pair<std::string, std::string>>{{kRole, kProvider}}));
    EXPECT_EQ(read->session_name, "ana");
    EXPECT_EQ(read->source_identity, "ana.k");
    EXPECT_EQ(read->tags, (std::vector<std::pair<std::string, std::string>>{{"Project", "lake"}}));
    EXPECT_EQ(read->transitive_tag_keys, std::vector<std::string>{"Project"});
    EXPECT_EQ(read->user, "ana");
    EXPECT_EQ(read->groups, (std::vector<std::string>{"analysts", "finance"}));
    EXPECT_EQ(read->session_ends_ms, kNow + 1'800'000);
  }
}

TEST_F(SamlAssertionTest, CurvesSignToo) {
  const SamlLab curve("https://curve.example.com", false);
  auto known = ParseSamlMetadata(curve.Metadata(), kNow);
  ASSERT_TRUE(known) << known.error().message;
  auto read = ReadSamlResponse(curve.Signed(curve.About(kNow, kRole, kProvider)), *known, {}, kNow);
  EXPECT_TRUE(read) << read.error().message;
}

TEST_F(SamlAssertionTest, OnlyTheProvidersKeysCount) {
  const SamlLab other(Lab().entity_id());  // It says that it is the same one.
  EXPECT_EQ(Refused(other.Signed(other.About(kNow, kRole, kProvider))), kWrong);
  // A key that the message brings along is nobody's.
  std::string with_key = Replaced(other.SignedAssertion(other.About(kNow, kRole, kProvider)), "</ds:SignatureValue>",
                                  "</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>" +
                                      Base64(other.certificate()) + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>");
  EXPECT_EQ(Refused(Base64(SamlLab::Response(with_key))), kWrong);
  EXPECT_EQ(Refused(Base64(SamlLab::Response(SamlLab::Put(SamlLab::Assertion(Words()), "")))), "Response is not signed");
}

TEST_F(SamlAssertionTest, AChangedWordIsNotBelieved) {
  const std::string assertion = Lab().SignedAssertion(Words());
  EXPECT_EQ(Refused(Base64(SamlLab::Response(assertion))), "");
  EXPECT_EQ(Refused(Base64(SamlLab::Response(Replaced(assertion, "ana@example", "bob@example")))), kWrong);
  EXPECT_EQ(Refused(Base64(SamlLab::Response(Replaced(assertion, "role/analyst", "role/admin")))), kWrong);
  EXPECT_EQ(Refused(Base64(SamlLab::Response(Replaced(assertion, "<ds:DigestValue>", "<ds:DigestValue>AAAA")))), kWrong);
  // A comment takes nothing from a name: what was signed has none.
  auto read = Read(Base64(SamlLab::Response(Replaced(assertion, "ana@example.com", "ana@exa<!-- x -->mple.com"))));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->subject, "ana@example.com");
  SamlLab::Words cut = Words();
  cut.subject = "ana@example.com<?cut?>.evil.example";
  EXPECT_NE(Refused(Lab().Signed(cut)), "");
}

TEST_F(SamlAssertionTest, TimesHold) {
  const std::string response = Lab().Signed(Words());
  EXPECT_EQ(Refused(response, kNow + 230'000), "");
  EXPECT_EQ(Refused(response, kNow + 239'000), "Response has expired");
  EXPECT_EQ(Refused(response, kNow - 60'000), "");
  EXPECT_EQ(Refused(response, kNow - 62'000), "The assertion is not yet valid.");
  SamlLab::Words lasting = Words();
  lasting.lives_ms = 3'600'000;
  EXPECT_EQ(Refused(Lab().Signed(lasting), kNow + 298'000), "");
  EXPECT_EQ(Refused(Lab().Signed(lasting), kNow + 299'000), "Token must be redeemed within 5 minutes of issuance");
  SamlLab::Words over = Words();
  over.session_ends = R"( SessionNotOnOrAfter=")" + FormatIso8601(kNow - 1000) + '"';
  EXPECT_EQ(Refused(Lab().Signed(over)), "Response has expired");
}

TEST_F(SamlAssertionTest, ItMustBeMeantForUs) {
  SamlLab::Words words = Words();
  for (const char* audience : {"urn:amazon:webservices", "https://signin.aws.amazon.com/saml", "https://mesh.example.com/saml"}) {
    words.audience = audience;
    EXPECT_EQ(Refused(Lab().Signed(words)), "") << audience;
  }
  words.audience = "https://other.example.com";
  EXPECT_EQ(Refused(Lab().Signed(words)), "Response does not contain the required audience.");
  words = Words();
  words.recipient = "https://mesh.example.com/saml";
  EXPECT_EQ(Refused(Lab().Signed(words)), "");
  words.recipient = "https://other.example.com/saml";
  EXPECT_NE(Refused(Lab().Signed(words)), "");
  words = Words();
  words.issuer = "https://other.example.com";
  EXPECT_EQ(Refused(Lab().Signed(words)), "Issuer not present in specified provider");
}

// XML signature wrapping: the signed element is somewhere, what is read is something else.
TEST_F(SamlAssertionTest, NothingIsReadBesideWhatWasSigned) {
  const std::string real = Lab().SignedAssertion(Words());
  SamlLab::Words forged = Words();
  forged.id = "_evil";
  forged.attributes[0].second = {"arn:aws:iam::111122223333:role/admin," + std::string(kProvider)};
  const std::string evil = SamlLab::Put(SamlLab::Assertion(forged), "");
  EXPECT_NE(Refused(Base64(SamlLab::Response(evil + real))), "");
  EXPECT_NE(Refused(Base64(SamlLab::Response(real + evil))), "");
  EXPECT_NE(Refused(Base64(SamlLab::Response(evil + "<samlp:Extensions>" + real + "</samlp:Extensions>"))), "");
  // The signature in the forged assertion, the real one inside it.
  const std::size_t begin = real.find("<ds:Signature"), end = real.find("</ds:Signature>") + 15;
  const std::string signature = real.substr(begin, end - begin), bare = real.substr(0, begin) + real.substr(end);
  const std::string held = signature.substr(0, signature.size() - 15) + "<ds:Object>" + bare + "</ds:Object></ds:Signature>";
  EXPECT_NE(Refused(Base64(SamlLab::Response(SamlLab::Put(SamlLab::Assertion(forged), held)))), "");
  EXPECT_NE(Refused(Base64(SamlLab::Response(SamlLab::Put(SamlLab::Assertion(forged), signature) + bare))), "");
  // The same id twice.
  forged.id = "_a1";
  EXPECT_NE(Refused(Base64(SamlLab::Response(SamlLab::Put(SamlLab::Assertion(forged), "") + real))), "");
  EXPECT_NE(Refused(Base64(SamlLab::Response(Replaced(real, "<saml:Subject>", R"(<saml:Subject ID="_a1">)")))), "");
  // A response that is signed, its assertion exchanged for one with a signature of its own that is wrong.
  std::string whole;
  ASSERT_TRUE(UnBase64(Lab().SignedWhole(Words()), &whole));
  EXPECT_EQ(Refused(Base64(whole)), "");
  EXPECT_EQ(Refused(Base64(Replaced(whole, "role/analyst", "role/admin"))), kWrong);
}

TEST_F(SamlAssertionTest, OnlyStrongAlgorithmsAndTheTwoTransforms) {
  const std::string assertion = SamlLab::Assertion(Words()), bare = SamlLab::Put(assertion, "");
  auto with = [&](const std::string& from, const std::string& to) {
    const std::string signature =
        Lab().Signature(bare, "_a1", [&](std::string* info) { *info = Replaced(std::move(*info), from, to); });
    return Refused(Base64(SamlLab::Response(SamlLab::Put(assertion, signature))));
  };
  EXPECT_EQ(with("ds:SignedInfo", "ds:SignedInfo"), "");
  EXPECT_NE(with("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"), "");
  EXPECT_NE(with("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"), "");
  EXPECT_NE(with("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"), "");
  EXPECT_NE(with("http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>",
                 "http://www.w3.org/TR/1999/REC-xslt-19991116\"></ds:Transform>"),
            "");
  EXPECT_NE(with("http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>",
                 "http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>true()</ds:XPath></ds:Transform>"),
            "");
  EXPECT_NE(with("URI=\"#_a1\"", "URI=\"\""), "");
  EXPECT_NE(with("URI=\"#_a1\"", "URI=\"#_r1\""), "");
  EXPECT_NE(with("URI=\"#_a1\"", "URI=\"#xpointer(id('_a1'))\""), "");
  EXPECT_NE(with("URI=\"#_a1\"", "URI=\"file:///etc/passwd\""), "");
  EXPECT_NE(with("</ds:Reference>", "</ds:Reference><ds:Reference URI=\"#_r1\"></ds:Reference>"), "");
}

TEST_F(SamlAssertionTest, NoEntitiesNoEncryptionNoEndlessDocuments) {
  const std::string good = SamlLab::Response(Lab().SignedAssertion(Words()));
  EXPECT_NE(Refused(Base64("<!DOCTYPE r [<!ENTITY e \"x\">]>" + good)), "");
  EXPECT_NE(Refused(Base64("<!DOCTYPE r SYSTEM \"file:///etc/passwd\">" + good)), "");
  const std::string encrypted = R"(<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/></samlp:Response>)";
  EXPECT_NE(Refused(Base64(Replaced(good, "</samlp:Response>", encrypted))).find("Encrypted"), std::string::npos);
  EXPECT_NE(Refused(Base64("")), "");
  EXPECT_NE(Refused("not base64!"), "");
  EXPECT_NE(Refused(std::string(100'004, 'A')), "");
  std::string deep, end;
  for (int i = 0; i < 300; ++i) {
    deep += "<a>";
    end += "</a>";
  }
  EXPECT_NE(Refused(Base64(Replaced(good, "</samlp:Response>", deep + end + "</samlp:Response>"))), "");
  EXPECT_NE(Refused(Base64(Replaced(good, "status:Success", "status:Responder"))), "");
}

// Cut and changed at random: no crash, and whatever is still believed says what was signed.
TEST_F(SamlAssertionTest, WhateverIsChangedIsRefusedOrTheSame) {
  SeededRandom random(7);
  const std::string good = SamlLab::Response(Lab().SignedAssertion(Words()));
  const SamlAssertion meant = Read(Base64(good)).value();
  auto draw = [&](std::size_t below) { return static_cast<std::size_t>(random.Next() % below); };
  int believed = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string changed = good;
    for (std::size_t edits = 1 + draw(3); edits > 0; --edits) {
      const std::size_t at = draw(changed.size()), length = draw(40);
      switch (draw(5)) {
        case 0: changed.erase(at, length); break;
        case 1: changed.insert(at, good.substr(draw(good.size()), length)); break;
        case 2: changed[at] = static_cast<char>(draw(256)); break;
        case 3: changed.resize(at + 1); break;
        default: changed.replace(at, length, good.substr(draw(good.size()), length)); break;
      }
    }
    auto read = Read(Base64(changed));
    if (!read) continue;
    ++believed;
    EXPECT_EQ(read->subject, meant.subject);
    EXPECT_EQ(read->roles, meant.roles);
    EXPECT_EQ(read->session_name, meant.session_name);
  }
  EXPECT_LT(believed, 300);  // Changes outside of what was signed.
}

TEST_F(SamlAssertionTest, MetadataIsChecked) {
  auto refused = [](const std::string& text) {
    auto read = ParseSamlMetadata(text, kNow);
    return read ? std::string() : read.error().message;
  };
  const std::string good = Lab().Metadata();
  EXPECT_EQ(refused(good), "");
  EXPECT_EQ(ParseSamlMetadata(Lab().Metadata(R"( validUntil="2027-01-01T00:00:00Z")"), kNow)->valid_until_ms, 1'798'761'600'000);
  EXPECT_NE(refused(Lab().Metadata(R"( validUntil="2025-01-01T00:00:00Z")")), "");
  EXPECT_NE(refused(Lab().Metadata(R"( validUntil="soon")")), "");
  EXPECT_NE(refused("<!DOCTYPE a>" + good), "");
  EXPECT_NE(refused(good.substr(0, good.size() - 5)), "");
  EXPECT_NE(refused("<a/>"), "");
  EXPECT_NE(refused(Replaced(good, "use=\"signing\"", "use=\"encryption\"")), "");
  EXPECT_NE(refused(Replaced(good, "IDPSSODescriptor p", "SPSSODescriptor p")), "");
  EXPECT_NE(refused(Replaced(good, Base64(Lab().certificate()), "AAAA")), "");
}

}  // namespace
}  // namespace hanse::identity
