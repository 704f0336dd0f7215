#include "identity/saml_assertion.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "identity/saml_signature.h"
#include "identity/saml_xml.h"

namespace hanse::identity {
namespace {

constexpr std::string_view kAttributes = "https://aws.amazon.com/SAML/Attributes/";
constexpr std::string_view kLakeAttributes = "https://lakeformation.amazon.com/SAML/Attributes/";
constexpr std::string_view kOwnAudiences[] = {"urn:amazon:webservices", "https://signin.aws.amazon.com/saml"};
constexpr std::string_view kNameFormat = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
constexpr std::string_view kBearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
constexpr std::size_t kMaxResponseBytes = 100'000, kMaxSubjectChars = 255;
constexpr std::size_t kMaxRoles = 1000, kMaxGroups = 200, kMaxGroupChars = 8192;

std::unexpected<Error> Unproven(std::string why) {
  return FailAs(ErrorCode::kUnauthenticated, "InvalidIdentityToken", std::move(why));
}
std::unexpected<Error> Over(std::string why) {
  return FailAs(ErrorCode::kUnauthenticated, "ExpiredTokenException", std::move(why));
}

// What is wrong with a part, as a wrong token.
template <class T>
Result<T> OrUnproven(Result<T> read) {
  if (!read && read.error().code == ErrorCode::kInvalidArgument) return Unproven(read.error().message);
  return read;
}

// A moment that must be there; kInvalidArgument where it is not.
Result<TimeMs> MomentOf(XmlNode node, const char* name) {
  TimeMs at = 0;
  if (!ParseTime(AttributeOf(node, name), &at)) return Unproven(fmt::format("{} is missing or no moment.", name));
  return at;
}
// One that may be missing.
Result<std::optional<TimeMs>> MaybeMomentOf(XmlNode node, const char* name) {
  if (AttributeOf(node, name).empty()) return std::optional<TimeMs>();
  TRY_ASSIGN(TimeMs at, MomentOf(node, name));
  return std::optional(at);
}

Result<void> CheckTimes(XmlNode node, TimeMs now_ms) {
  TRY_ASSIGN(auto begins, MaybeMomentOf(node, "NotBefore"));
  TRY_ASSIGN(auto ends, MaybeMomentOf(node, "NotOnOrAfter"));
  if (begins && now_ms + kClocksDiffer_ms < *begins) return Unproven("The assertion is not yet valid.");
  if (ends && now_ms >= *ends) return Over("Response has expired");
  return {};
}

// The one assertion of a response, still in the document that came. Nothing of it is believed.
Result<XmlNode> AssertionIn(const XmlDocument& document) {
  XmlNode response = RootOf(document);
  if (!IsElement(response, kProtocolNs, "Response")) return Unproven("The document is no SAML 2.0 response.");
  if (!ElementsIn(document, kAssertionNs, "EncryptedAssertion").empty() ||
      !ElementsIn(document, kAssertionNs, "EncryptedID").empty() ||
      !ElementsIn(document, kAssertionNs, "EncryptedAttribute").empty()) {
    return Unproven("Encrypted assertions are not supported: have the provider sign them, and send them over TLS.");
  }
  XmlNode assertion = OnlyChild(response, kAssertionNs, "Assertion");
  if (assertion == nullptr || ElementsIn(document, kAssertionNs, "Assertion").size() != 1) {
    return Unproven("The response must have exactly one assertion.");
  }
  if (RepeatsIds(document)) return Unproven("Two elements of the response have the same ID.");
  for (XmlNode signature : ElementsIn(document, kSignatureNs, "Signature")) {
    if (ParentOf(signature) != response && ParentOf(signature) != assertion) {
      return Unproven("A signature must be the response's own, or the assertion's.");
    }
  }
  return assertion;
}

// Parsed anew from the bytes that were signed: by the assertion's own signature, or by that of the whole response. Where both have
// one, both must be right.
Result<XmlDocument> SignedAssertion(const XmlDocument& document, const SamlMetadata& metadata) {
  TRY_ASSIGN(XmlNode assertion, AssertionIn(document));
  const bool own = !ChildrenOf(assertion, kSignatureNs, "Signature").empty();
  const bool whole = !ChildrenOf(RootOf(document), kSignatureNs, "Signature").empty();
  if (!own && !whole) return Unproven("Response is not signed");
  std::string bytes;
  if (whole) {
    TRY_ASSIGN(bytes, SignedBytes(document, RootOf(document), metadata.certificates));
  }
  if (own) {
    TRY_ASSIGN(bytes, SignedBytes(document, assertion, metadata.certificates));
  }
  return ParseXml(bytes);
}

Result<void> TakeSubject(XmlNode assertion, const SamlAudiences& audiences, TimeMs now_ms, SamlAssertion* read) {
  XmlNode subject = OnlyChild(assertion, kAssertionNs, "Subject");
  XmlNode name = subject == nullptr ? nullptr : OnlyChild(subject, kAssertionNs, "NameID");
  if (name == nullptr) return Unproven("The assertion must have one Subject with a NameID.");
  TRY_ASSIGN(read->subject, TextOf(name));
  if (read->subject.empty() || read->subject.size() > kMaxSubjectChars) return Unproven("The NameID is empty or too long.");
  read->subject_type = AttributeOf(name, "Format");
  if (read->subject_type.starts_with(kNameFormat)) read->subject_type.erase(0, kNameFormat.size());
  std::optional<Error> why;
  for (XmlNode confirmation : ChildrenOf(subject, kAssertionNs, "SubjectConfirmation")) {
    XmlNode data = OnlyChild(confirmation, kAssertionNs, "SubjectConfirmationData");
    if (AttributeOf(confirmation, "Method") != kBearer || data == nullptr) continue;
    const std::string recipient = AttributeOf(data, "Recipient");
    const bool known = recipient == kOwnAudiences[1] || std::ranges::find(audiences, recipient) != audiences.end();
    if (!known || AttributeOf(data, "NotOnOrAfter").empty()) continue;
    auto inside = CheckTimes(data, now_ms);
    if (inside) {
      read->recipient = recipient;
      return {};
    }
    why = inside.error();
  }
  if (why) return std::unexpected(*std::move(why));
  return Unproven("No bearer confirmation of the subject names this service as its Recipient.");
}

Result<void> CheckConditions(XmlNode assertion, const SamlAudiences& audiences, TimeMs now_ms) {
  XmlNode conditions = OnlyChild(assertion, kAssertionNs, "Conditions");
  if (conditions == nullptr) return Unproven("The assertion must have Conditions.");
  TRY(CheckTimes(conditions, now_ms));
  const auto restrictions = ChildrenOf(conditions, kAssertionNs, "AudienceRestriction");
  if (restrictions.empty()) return Unproven("Response does not contain the required audience.");
  for (XmlNode restriction : restrictions) {  // Each must name us (SAML 2.0 Core, section 2.5.1.4).
    bool ours = false;
    for (XmlNode audience : ChildrenOf(restriction, kAssertionNs, "Audience")) {
      TRY_ASSIGN(std::string name, TextOf(audience));
      ours = ours || std::ranges::find(kOwnAudiences, name) != std::end(kOwnAudiences) ||
             std::ranges::find(audiences, name) != audiences.end();
    }
    if (!ours) return Unproven("Response does not contain the required audience.");
  }
  // A condition that nobody here knows makes the assertion neither valid nor invalid: it is not accepted (section 2.5.1).
  const auto one_time = ChildrenOf(conditions, kAssertionNs, "OneTimeUse"),
             proxy = ChildrenOf(conditions, kAssertionNs, "ProxyRestriction");
  if (!one_time.empty()) return Unproven("OneTimeUse is not supported.");
  if (ChildrenOf(conditions).size() != restrictions.size() + proxy.size()) return Unproven("A condition is not known.");
  return {};
}

using Attributes = std::map<std::string, std::vector<std::string>>;

Result<Attributes> AttributesOf(XmlNode assertion) {
  Attributes attributes;
  for (XmlNode statement : ChildrenOf(assertion, kAssertionNs, "AttributeStatement")) {
    for (XmlNode attribute : ChildrenOf(statement, kAssertionNs, "Attribute")) {
      const std::string name = AttributeOf(attribute, "Name");
      // Others are the provider's business, and may hold anything.
      if (!name.starts_with(kAttributes) && !name.starts_with(kLakeAttributes)) continue;
      if (attributes.contains(name)) return Unproven(fmt::format("The attribute {} is there twice.", name));
      std::vector<std::string>& values = attributes[name];
      for (XmlNode value : ChildrenOf(attribute, kAssertionNs, "AttributeValue")) {
        TRY_ASSIGN(std::string text, TextOf(value));
        values.push_back(std::move(text));
      }
    }
  }
  return attributes;
}

// The one value of an attribute, "" where it is missing.
Result<std::string> SingleValue(const Attributes& attributes, std::string_view prefix, std::string_view name) {
  auto found = attributes.find(std::string(prefix) + std::string(name));
  if (found == attributes.end()) return std::string();
  if (found->second.size() != 1) return Unproven(fmt::format("{} must have exactly one value.", name));
  return found->second.front();
}

bool IsNameOfSession(std::string_view text) {
  return text.size() >= 2 && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
           const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
           return letter || std::string_view("_+=,.@-").find(c) != std::string_view::npos;
         });
}

// "ROLE,PROVIDER" or the other way round.
Result<void> TakeRoles(const Attributes& attributes, SamlAssertion* read) {
  auto found = attributes.find(std::string(kAttributes) + "Role");
  if (found == attributes.end()) return Unproven("Role is required in AuthnResponse.");
  if (found->second.size() > kMaxRoles) return Unproven("The assertion names too many roles.");
  for (const std::string& value : found->second) {
    std::vector<std::string> pair = Split(value, ',');
    if (pair.size() != 2) return Unproven("A value of Role must be a role's ARN and a provider's, with a comma between them.");
    std::string first(Trim(pair[0])), second(Trim(pair[1]));
    if (first.find(":saml-provider/") != std::string::npos) std::swap(first, second);
    read->roles.emplace_back(std::move(first), std::move(second));
  }
  return {};
}

Result<void> TakeSession(const Attributes& attributes, SamlAssertion* read) {
  TRY_ASSIGN(read->session_name, SingleValue(attributes, kAttributes, "RoleSessionName"));
  if (read->session_name.empty()) return Unproven("RoleSessionName is required in AuthnResponse");
  if (!IsNameOfSession(read->session_name)) {
    return Unproven("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}");
  }
  TRY_ASSIGN(read->source_identity, SingleValue(attributes, kAttributes, "SourceIdentity"));
  const bool names_itself = read->source_identity.empty() ||
                            (IsNameOfSession(read->source_identity) && !Lower(read->source_identity).starts_with("aws:"));
  if (!names_itself) return Unproven("Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with \"aws:\"");
  constexpr std::string_view kTag = "PrincipalTag:";
  for (const auto& [name, values] : attributes) {
    if (!name.starts_with(kAttributes)) continue;
    const std::string_view rest = std::string_view(name).substr(kAttributes.size());
    if (rest == "TransitiveTagKeys") read->transitive_tag_keys = values;
    if (!rest.starts_with(kTag)) continue;
    if (values.size() != 1) return Unproven(fmt::format("{} must have exactly one value.", rest));
    read->tags.emplace_back(rest.substr(kTag.size()), values.front());
  }
  return {};
}

Result<void> TakeLakeNames(const Attributes& attributes, SamlAssertion* read) {
  TRY_ASSIGN(read->user, SingleValue(attributes, kLakeAttributes, "Username"));
  auto found = attributes.find(std::string(kLakeAttributes) + "Groups");
  if (found == attributes.end()) return {};
  std::size_t chars = read->user.size();
  for (const std::string& value : found->second) {
    for (const std::string& part : Split(value, ',')) {
      const std::string group(Trim(part));
      if (group.empty() || std::ranges::find(read->groups, group) != read->groups.end()) continue;
      chars += group.size();
      read->groups.push_back(group);
    }
  }
  if (read->groups.size() > kMaxGroups || chars > kMaxGroupChars) {
    return Unproven("The assertion names more groups than a session can hold: 200, of 8192 characters in all.");
  }
  return {};
}

// From the signed bytes alone.
Result<SamlAssertion> Believe(const XmlDocument& document, const SamlMetadata& metadata, const SamlAudiences& audiences,
                              TimeMs now_ms) {
  XmlNode root = RootOf(document);
  XmlNode assertion = IsElement(root, kAssertionNs, "Assertion") ? root : OnlyChild(root, kAssertionNs, "Assertion");
  if (assertion == nullptr) return Unproven("What was signed is no assertion.");
  SamlAssertion read{.id = AttributeOf(assertion, "ID")};
  if (read.id.empty() || AttributeOf(assertion, "Version") != "2.0") return Unproven("The assertion is not one of SAML 2.0.");
  XmlNode issuer = OnlyChild(assertion, kAssertionNs, "Issuer");
  if (issuer == nullptr) return Unproven("The assertion has no Issuer.");
  TRY_ASSIGN(read.issuer, TextOf(issuer));
  if (read.issuer != metadata.entity_id) return Unproven("Issuer not present in specified provider");
  TRY_ASSIGN(TimeMs made_ms, MomentOf(assertion, "IssueInstant"));
  if (made_ms > now_ms + kClocksDiffer_ms) return Unproven("The assertion is not yet valid.");
  if (now_ms >= made_ms + kRedeemWithin_ms) return Over("Token must be redeemed within 5 minutes of issuance");
  TRY(CheckConditions(assertion, audiences, now_ms));
  TRY(TakeSubject(assertion, audiences, now_ms, &read));
  const auto statements = ChildrenOf(assertion, kAssertionNs, "AuthnStatement");
  if (statements.empty()) return Unproven("The assertion says nothing of how its subject signed in.");
  for (XmlNode statement : statements) {
    TRY_ASSIGN(auto ends, MaybeMomentOf(statement, "SessionNotOnOrAfter"));
    if (ends && (read.session_ends_ms == 0 || *ends < read.session_ends_ms)) read.session_ends_ms = *ends;
  }
  if (read.session_ends_ms != 0 && read.session_ends_ms <= now_ms) return Over("Response has expired");
  TRY_ASSIGN(Attributes attributes, AttributesOf(assertion));
  TRY(TakeRoles(attributes, &read));
  TRY(TakeSession(attributes, &read));
  TRY(TakeLakeNames(attributes, &read));
  return read;
}

Result<SamlAssertion> ReadSigned(std::string_view base64, const SamlMetadata& metadata, const SamlAudiences& audiences,
                                 TimeMs now_ms) {
  std::string text(base64), bytes;
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
  if (text.size() > kMaxResponseBytes || !UnBase64(text, &bytes)) return Unproven("Invalid base64 SAMLResponse");
  TRY_ASSIGN(XmlDocument response, ParseXml(bytes));
  TRY_ASSIGN(XmlDocument assertion, SignedAssertion(response, metadata));
  XmlNode status = OnlyChild(RootOf(response), kProtocolNs, "Status");
  XmlNode code = status == nullptr ? nullptr : OnlyChild(status, kProtocolNs, "StatusCode");
  if (code == nullptr || AttributeOf(code, "Value") != "urn:oasis:names:tc:SAML:2.0:status:Success") {
    return Unproven("The provider did not say that the sign-in succeeded.");
  }
  return Believe(assertion, metadata, audiences, now_ms);
}

}  // namespace

Result<SamlAssertion> ReadSamlResponse(std::string_view base64, const SamlMetadata& metadata, const SamlAudiences& audiences,
                                       TimeMs now_ms) {
  return OrUnproven(ReadSigned(base64, metadata, audiences, now_ms));
}

}  // namespace hanse::identity
