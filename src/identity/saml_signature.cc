#include "identity/saml_signature.h"

#include <libxml/tree.h>
#include <libxml/valid.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include <mutex>
#include <optional>

namespace hanse::identity {
namespace {

constexpr int kMinRsaBits = 2048, kMinCurveBits = 256;

struct SignatureContextFreed {
  void operator()(xmlSecDSigCtx* context) const { xmlSecDSigCtxDestroy(context); }
};
using SignatureContext = std::unique_ptr<xmlSecDSigCtx, SignatureContextFreed>;

struct CertificateFreed {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::unexpected<Error> WrongSignature(std::string why) {
  return FailAs(ErrorCode::kUnauthenticated, "InvalidIdentityToken", std::move(why));
}

void Silent(const char*, int, const char*, const char*, const char*, int, const char*) {}

// Once in the process.
bool StartXmlSec() {
  static std::once_flag once;
  static bool ready = false;
  std::call_once(once, [] {
    xmlInitParser();
    if (xmlSecInit() < 0 || xmlSecCryptoAppInit(nullptr) < 0 || xmlSecCryptoInit() < 0) return;
    xmlSecErrorsSetCallback(&Silent);
    ready = true;
  });
  return ready;
}

// What a signature may be made of.
bool Narrow(xmlSecDSigCtx* context) {
  const xmlSecTransformId signatures[] = {xmlSecTransformRsaSha256Id,   xmlSecTransformRsaSha384Id,   xmlSecTransformRsaSha512Id,
                                          xmlSecTransformEcdsaSha256Id, xmlSecTransformEcdsaSha384Id, xmlSecTransformEcdsaSha512Id,
                                          xmlSecTransformExclC14NId};
  const xmlSecTransformId references[] = {xmlSecTransformEnvelopedId, xmlSecTransformExclC14NId, xmlSecTransformSha256Id,
                                          xmlSecTransformSha384Id, xmlSecTransformSha512Id};
  for (xmlSecTransformId one : signatures) {
    if (xmlSecDSigCtxEnableSignatureTransform(context, one) < 0) return false;
  }
  for (xmlSecTransformId one : references) {
    if (xmlSecDSigCtxEnableReferenceTransform(context, one) < 0) return false;
  }
  context->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
  context->flags = XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES | XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
  return true;
}

// Makes "#ID" mean this element and no other, whatever else was declared.
bool BindId(const XmlDocument& document, XmlNode element) {
  xmlAttr* id = xmlHasNsProp(element, reinterpret_cast<const xmlChar*>("ID"), nullptr);
  if (id == nullptr) return false;
  const std::string value = AttributeOf(element, "ID");
  const bool plain = value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == value.npos;
  if (value.empty() || !plain) return false;
  const auto* name = reinterpret_cast<const xmlChar*>(value.c_str());
  xmlAttr* known = xmlGetID(document.get(), name);
  return known == id || (known == nullptr && xmlAddID(nullptr, document.get(), name, id) != nullptr);
}

// What SignedInfo may look like, before any of it is computed: one reference, to this element, by the two transforms.
Result<void> CheckShape(XmlNode signature, XmlNode element) {
  XmlNode info = OnlyChild(signature, kSignatureNs, "SignedInfo");
  XmlNode reference = info == nullptr ? nullptr : OnlyChild(info, kSignatureNs, "Reference");
  if (reference == nullptr) return WrongSignature("The signature must have exactly one reference.");
  if (AttributeOf(reference, "URI") != "#" + AttributeOf(element, "ID")) {
    return WrongSignature("The signature is not about the element that it stands in.");
  }
  XmlNode transforms = OnlyChild(reference, kSignatureNs, "Transforms");
  const std::size_t count = transforms == nullptr ? 0 : ChildrenOf(transforms).size();
  if (count != 2) return WrongSignature("The reference must have two transforms.");
  const std::string first = AttributeOf(ChildrenOf(transforms).front(), "Algorithm");
  if (first != "http://www.w3.org/2000/09/xmldsig#enveloped-signature") {
    return WrongSignature("The reference must have the enveloped-signature transform first.");
  }
  if (!ChildrenOf(signature, kSignatureNs, "Object").empty()) return WrongSignature("The signature holds objects.");
  return {};
}

// The digested bytes; nothing where this certificate's key did not sign. A fresh context a key: one that has failed is spent.
std::optional<std::string> VerifyWith(XmlNode signature, const std::string& der, const std::string& reference_uri) {
  SignatureContext context(xmlSecDSigCtxCreate(nullptr));
  if (!context || !Narrow(context.get())) return std::nullopt;
  context->signKey =
      xmlSecCryptoAppKeyLoadMemory(reinterpret_cast<const xmlSecByte*>(der.data()), static_cast<xmlSecSize>(der.size()),
                                   xmlSecKeyDataFormatCertDer, nullptr, nullptr, nullptr);
  if (context->signKey == nullptr) return std::nullopt;
  if (xmlSecDSigCtxVerify(context.get(), signature) < 0 || context->status != xmlSecDSigStatusSucceeded) return std::nullopt;
  if (xmlSecPtrListGetSize(&context->signedInfoReferences) != 1) return std::nullopt;
  auto* reference = static_cast<xmlSecDSigReferenceCtx*>(xmlSecPtrListGetItem(&context->signedInfoReferences, 0));
  if (reference == nullptr || reference->status != xmlSecDSigStatusSucceeded || reference->uri == nullptr) return std::nullopt;
  if (reference_uri != reinterpret_cast<const char*>(reference->uri)) return std::nullopt;
  xmlSecBuffer* digested = xmlSecDSigReferenceCtxGetPreDigestBuffer(reference);
  if (digested == nullptr || xmlSecBufferGetData(digested) == nullptr) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(xmlSecBufferGetData(digested)), xmlSecBufferGetSize(digested));
}

}  // namespace

Result<void> CheckSigningCertificate(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  std::unique_ptr<X509, CertificateFreed> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!certificate || at != reinterpret_cast<const unsigned char*>(der.data()) + der.size()) {
    return Fail(ErrorCode::kInvalidArgument, "A signing certificate is no X.509 certificate.");
  }
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  const int type = key == nullptr ? EVP_PKEY_NONE : EVP_PKEY_base_id(key);
  const int bits = key == nullptr ? 0 : EVP_PKEY_bits(key);
  const bool strong = (type == EVP_PKEY_RSA && bits >= kMinRsaBits) || (type == EVP_PKEY_EC && bits >= kMinCurveBits);
  if (!strong) {
    return Fail(ErrorCode::kInvalidArgument,
                "A signing certificate must have a key of RSA (2048 bits or more) or ECDSA (256 or more).");
  }
  return {};
}

Result<std::string> SignedBytes(const XmlDocument& document, XmlNode element, const std::vector<std::string>& certificates) {
  if (!StartXmlSec()) return Fail(ErrorCode::kInternal, "the XML signature library does not start");
  XmlNode signature = OnlyChild(element, kSignatureNs, "Signature");
  if (signature == nullptr) return WrongSignature("There is no signature.");
  TRY(CheckShape(signature, element));
  if (!BindId(document, element)) return WrongSignature("The signed element has no ID of its own.");
  const std::string uri = "#" + AttributeOf(element, "ID");
  for (const std::string& certificate : certificates) {
    if (auto bytes = VerifyWith(signature, certificate, uri)) return *std::move(bytes);
  }
  return WrongSignature("Response signature invalid");
}

}  // namespace hanse::identity
