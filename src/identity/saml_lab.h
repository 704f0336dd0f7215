#pragma once
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/text.h"
#include "crypto/digest.h"

// For tests: an identity provider that signs. It writes canonical XML by hand and signs it with OpenSSL, so that what verifies it
// (libxmlsec1) has a second opinion.
namespace hanse::identity {

class SamlLab {
 public:
  explicit SamlLab(std::string entity_id = "https://idp.example.com/saml", bool rsa = true)
      : entity_id_(std::move(entity_id)), rsa_(rsa), key_(rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"), &EVP_PKEY_free) {
    X509* made = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(made), 0);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key_.get());
    X509_sign(made, key_.get(), EVP_sha256());
    unsigned char* der = nullptr;
    const int size = i2d_X509(made, &der);
    certificate_.assign(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    X509_free(made);
  }

  const std::string& entity_id() const { return entity_id_; }
  const std::string& certificate() const { return certificate_; }

  std::string Metadata(const std::string& attributes = "") const {
    return fmt::format(
        R"(<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{}"{}>)"
        R"(<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing">)"
        R"(<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate>)"
        R"(</ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService )"
        R"(Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/sso">)"
        R"(</md:SingleSignOnService>)"
        R"(</md:IDPSSODescriptor></md:EntityDescriptor>)",
        entity_id_, attributes, Base64(certificate_));
  }

  // What an assertion says; every part can be another.
  struct Words {
    TimeMs now_ms = 0;
    std::string id = "_a1", issuer;
    std::string subject = "ana@example.com";
    std::string audience = "urn:amazon:webservices", recipient = "https://signin.aws.amazon.com/saml";
    std::int64_t made_before_ms = 1000, lives_ms = 240'000;
    std::string session_ends;  // An attribute with a space before it.
    std::vector<std::pair<std::string, std::vector<std::string>>> attributes;
  };
  static std::string Aws(const std::string& name) { return "https://aws.amazon.com/SAML/Attributes/" + name; }
  static std::string Lake(const std::string& name) { return "https://lakeformation.amazon.com/SAML/Attributes/" + name; }

  Words About(TimeMs now_ms, const std::string& role_arn, const std::string& provider_arn) const {
    Words words{.now_ms = now_ms, .issuer = entity_id_};
    words.attributes = {{Aws("Role"), {role_arn + "," + provider_arn}}, {Aws("RoleSessionName"), {"ana"}}};
    return words;
  }

  static constexpr const char* kHere = "<!--signature-->";

  // Canonical, with kHere where its signature will stand.
  static std::string Assertion(const Words& words) {
    const TimeMs made_ms = words.now_ms - words.made_before_ms, ends_ms = made_ms + words.lives_ms;
    std::string attributes;
    for (const auto& [name, values] : words.attributes) {
      attributes += fmt::format(R"(<saml:Attribute Name="{}">)", name);
      for (const std::string& value : values) attributes += "<saml:AttributeValue>" + value + "</saml:AttributeValue>";
      attributes += "</saml:Attribute>";
    }
    return fmt::format(
        R"(<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{}" IssueInstant="{}" Version="2.0">)"
        R"(<saml:Issuer>{}</saml:Issuer>{}<saml:Subject><saml:NameID )"
        R"(Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{}</saml:NameID><saml:SubjectConfirmation )"
        R"(Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{}" Recipient="{}">)"
        R"(</saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>)"
        R"(<saml:Conditions NotBefore="{}" NotOnOrAfter="{}">)"
        R"(<saml:AudienceRestriction><saml:Audience>{}</saml:Audience></saml:AudienceRestriction></saml:Conditions>)"
        R"(<saml:AuthnStatement AuthnInstant="{}"{}></saml:AuthnStatement><saml:AttributeStatement>{}</saml:AttributeStatement>)"
        R"(</saml:Assertion>)",
        words.id, FormatIso8601(made_ms), words.issuer, kHere, words.subject, FormatIso8601(ends_ms), words.recipient,
        FormatIso8601(made_ms), FormatIso8601(ends_ms), words.audience, FormatIso8601(made_ms), words.session_ends, attributes);
  }

  static std::string Response(const std::string& assertion, const std::string& signature = "") {
    return R"(<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0">)" + signature +
           R"(<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode>)"
           R"(</samlp:Status>)" +
           assertion + "</samlp:Response>";
  }

  // A Signature over `canonical`, the element of that id. `edit` changes its SignedInfo before it is signed.
  std::string Signature(const std::string& canonical, const std::string& id,
                        const std::function<void(std::string*)>& edit = nullptr) const {
    std::string info = fmt::format(
        R"(<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:CanonicalizationMethod )"
        R"(Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod )"
        R"(Algorithm="http://www.w3.org/2001/04/xmldsig-more#{}-sha256"></ds:SignatureMethod><ds:Reference URI="#{}">)"
        R"(<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>)"
        R"(<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod )"
        R"(Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue>)"
        R"(</ds:Reference></ds:SignedInfo>)",
        rsa_ ? "rsa" : "ecdsa", id, Base64(crypto::Sha256(canonical)));
    if (edit) edit(&info);
    return R"(<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">)" + info + "<ds:SignatureValue>" + Base64(Sign(info)) +
           "</ds:SignatureValue></ds:Signature>";
  }

  // A response with the assertion signed.
  std::string Signed(const Words& words) const { return Base64(Response(SignedAssertion(words))); }
  std::string SignedAssertion(const Words& words) const {
    const std::string assertion = Assertion(words);
    return Put(assertion, Signature(Put(assertion, ""), words.id));
  }
  // A response that is signed as a whole, its assertion not.
  std::string SignedWhole(const Words& words) const {
    const std::string assertion = Put(Assertion(words), "");
    return Base64(Response(assertion, Signature(Response(assertion), "_r1")));
  }
  static std::string Put(std::string assertion, const std::string& signature) {
    return assertion.replace(assertion.find(kHere), std::string(kHere).size(), signature);
  }

 private:
  std::string Sign(const std::string& text) const {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
    EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size());
    signature.resize(size);
    return rsa_ ? signature : Plain(signature);
  }
  // XML Signature writes the two numbers of ECDSA side by side (RFC 4050).
  static std::string Plain(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())),
                                                               &ECDSA_SIG_free);
    std::string plain(64, '\0');
    auto* into = reinterpret_cast<unsigned char*>(plain.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), into, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), into + 32, 32);
    return plain;
  }

  std::string entity_id_;
  bool rsa_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::string certificate_;
};

}  // namespace hanse::identity
