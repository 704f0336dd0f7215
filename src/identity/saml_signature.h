#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "identity/saml_xml.h"

// THE SECURITY RULE of SAML here. What is believed is the bytes that were digested, never the document that they came in: a
// signature that is right about one element says nothing of another that was wrapped around it or put beside it. Over libxmlsec1,
// with everything off that is not needed: RSA and ECDSA with SHA-256 or better, enveloped-signature and exclusive canonicalization,
// one reference to the element that holds the signature, no other place than the document itself, keys from the provider's metadata
// alone. Source: XML Signature 1.1; SAML 2.0 Core, section 5.4.
namespace hanse::identity {

// DER of the certificates that a provider signs with. kInvalidArgument for what is no certificate of RSA (2048 bits or more) or of
// a curve (256 bits or more).
Result<void> CheckSigningCertificate(const std::string& der);

// Verifies the signature that is a child of `element`, of which the document is `document`, with one of the certificates. The
// canonical bytes that were signed: the element without its signature. kUnauthenticated where it is not right.
Result<std::string> SignedBytes(const XmlDocument& document, XmlNode element, const std::vector<std::string>& certificates);

}  // namespace hanse::identity
