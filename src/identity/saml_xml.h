#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct _xmlDoc;
struct _xmlNode;

// XML of strangers, for SAML's documents: read strictly, over libxml2. No entities, no document types, no network, bounded; UTF-8
// alone. One parser reads what is verified and what is believed, so that the two cannot differ. Any thread.
namespace hanse::identity {

inline constexpr std::string_view kAssertionNs = "urn:oasis:names:tc:SAML:2.0:assertion";
inline constexpr std::string_view kProtocolNs = "urn:oasis:names:tc:SAML:2.0:protocol";
inline constexpr std::string_view kMetadataNs = "urn:oasis:names:tc:SAML:2.0:metadata";
inline constexpr std::string_view kSignatureNs = "http://www.w3.org/2000/09/xmldsig#";

struct XmlFreed {
  void operator()(_xmlDoc* document) const;
};
using XmlDocument = std::unique_ptr<_xmlDoc, XmlFreed>;
using XmlNode = _xmlNode*;  // An element of a document, which outlives it.

// kInvalidArgument, naming what is wrong with it.
Result<XmlDocument> ParseXml(std::string_view text);

XmlNode RootOf(const XmlDocument& document);
bool IsElement(XmlNode node, std::string_view ns, std::string_view name);
XmlNode ParentOf(XmlNode node);
std::vector<XmlNode> ChildrenOf(XmlNode parent);
std::vector<XmlNode> ChildrenOf(XmlNode parent, std::string_view ns, std::string_view name);
// The one child of that name; nullptr where there is none, or more than one.
XmlNode OnlyChild(XmlNode parent, std::string_view ns, std::string_view name);
// Every element of that name, at any depth.
std::vector<XmlNode> ElementsIn(const XmlDocument& document, std::string_view ns, std::string_view name);
// Of an attribute without a namespace; "" where it is missing.
std::string AttributeOf(XmlNode node, const char* name);
// The text between the tags, trimmed. kInvalidArgument where something else stands there: what two readers could read differently.
Result<std::string> TextOf(XmlNode node);
// Whether two elements claim the same id (an attribute Id, in whatever letters or namespace).
bool RepeatsIds(const XmlDocument& document);

}  // namespace hanse::identity
