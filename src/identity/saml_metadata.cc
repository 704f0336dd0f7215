#include "identity/saml_metadata.h"

#include <algorithm>

#include "base/text.h"
#include "identity/saml_signature.h"
#include "identity/saml_xml.h"

namespace hanse::identity {
namespace {

constexpr std::int64_t kDefaultLife_ms = 100LL * 365 * 86'400 * 1000;
constexpr std::size_t kMaxCertificates = 20;

std::unexpected<Error> CannotParse(std::string_view why) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidInput", "Could not parse metadata: " + std::string(why));
}

Result<std::string> CertificateIn(XmlNode node) {
  TRY_ASSIGN(std::string text, TextOf(node));
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  std::string der;
  if (!UnBase64(text, &der)) return Fail(ErrorCode::kInvalidArgument, "a certificate is not written in Base64.");
  TRY(CheckSigningCertificate(der));
  return der;
}

// The earlier of `until` and an element's own end. False for one that is no moment.
bool TakeEnd(XmlNode node, TimeMs* until) {
  const std::string text = AttributeOf(node, "validUntil");
  if (text.empty()) return true;
  TimeMs end = 0;
  if (!ParseTime(text, &end)) return false;
  *until = std::min(*until, end);
  return true;
}

// The keys for signing of a role descriptor: those said to be, and those for any use.
Result<void> TakeKeys(XmlNode descriptor, SamlMetadata* metadata) {
  for (XmlNode key : ChildrenOf(descriptor, kMetadataNs, "KeyDescriptor")) {
    const std::string use = AttributeOf(key, "use");
    if (!use.empty() && use != "signing") continue;
    XmlNode info = OnlyChild(key, kSignatureNs, "KeyInfo");
    if (info == nullptr) continue;
    for (XmlNode data : ChildrenOf(info, kSignatureNs, "X509Data")) {
      for (XmlNode certificate : ChildrenOf(data, kSignatureNs, "X509Certificate")) {
        TRY_ASSIGN(std::string der, CertificateIn(certificate));
        if (std::ranges::find(metadata->certificates, der) == metadata->certificates.end()) {
          metadata->certificates.push_back(std::move(der));
        }
      }
    }
  }
  return {};
}

}  // namespace

Result<SamlMetadata> ParseSamlMetadata(std::string_view text, TimeMs now_ms) {
  auto document = ParseXml(text);
  if (!document) return CannotParse(document.error().message);
  XmlNode root = RootOf(*document);
  if (!IsElement(root, kMetadataNs, "EntityDescriptor")) return CannotParse("its root must be an EntityDescriptor.");
  SamlMetadata metadata{.entity_id = AttributeOf(root, "entityID"), .valid_until_ms = now_ms + kDefaultLife_ms};
  if (metadata.entity_id.empty() || metadata.entity_id.size() > 1024) return CannotParse("the entityID is missing or too long.");
  const auto providers = ChildrenOf(root, kMetadataNs, "IDPSSODescriptor");
  if (providers.empty()) return CannotParse("there is no IDPSSODescriptor.");
  if (!TakeEnd(root, &metadata.valid_until_ms)) return CannotParse("validUntil is no moment.");
  for (XmlNode provider : providers) {
    if (!TakeEnd(provider, &metadata.valid_until_ms)) return CannotParse("validUntil is no moment.");
    if (auto taken = TakeKeys(provider, &metadata); !taken) return CannotParse(taken.error().message);
  }
  if (metadata.certificates.empty()) return CannotParse("there is no certificate for signing.");
  if (metadata.certificates.size() > kMaxCertificates) return CannotParse("there are too many certificates.");
  if (metadata.valid_until_ms <= now_ms) return CannotParse("the document is no longer valid.");
  return metadata;
}

}  // namespace hanse::identity
