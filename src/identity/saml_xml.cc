#include "identity/saml_xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "base/text.h"

namespace hanse::identity {
namespace {

constexpr std::size_t kMaxXmlBytes = 10'000'000, kMaxDepth = 100;

std::unexpected<Error> NotXml(std::string why) { return Fail(ErrorCode::kInvalidArgument, std::move(why)); }

std::string_view TextAt(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

void IgnoreXmlError(void*, xmlErrorPtr) {}

// The element after this one, in the order of the document; nullptr at the end. `depth` follows.
XmlNode NextElement(XmlNode node, XmlNode root, std::size_t* depth) {
  for (xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (child->type != XML_ELEMENT_NODE) continue;
    ++*depth;
    return child;
  }
  while (node != root) {
    for (xmlNode* after = node->next; after != nullptr; after = after->next) {
      if (after->type == XML_ELEMENT_NODE) return after;
    }
    node = node->parent;
    --*depth;
  }
  return nullptr;
}

template <class Visit>
bool EveryElement(const XmlDocument& document, Visit visit) {
  XmlNode root = RootOf(document);
  std::size_t depth = 1;
  for (XmlNode node = root; node != nullptr; node = NextElement(node, root, &depth)) {
    if (!visit(node, depth)) return false;
  }
  return true;
}

}  // namespace

void XmlFreed::operator()(_xmlDoc* document) const { xmlFreeDoc(document); }

Result<XmlDocument> ParseXml(std::string_view text) {
  if (text.size() > kMaxXmlBytes) return NotXml("The document is too long.");
  if (text.find('\0') != std::string_view::npos || text.find("<!DOCTYPE") != std::string_view::npos ||
      text.find("<!ENTITY") != std::string_view::npos) {
    return NotXml("The document has a document type or entities of its own.");
  }
  static std::once_flag once;
  std::call_once(once, xmlInitParser);
  xmlSetStructuredErrorFunc(nullptr, &IgnoreXmlError);  // Of this thread.
  constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC;
  XmlDocument document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", kOptions));
  if (!document || RootOf(document) == nullptr) return NotXml("The document is no well-formed XML.");
  if (document->intSubset != nullptr || document->extSubset != nullptr) return NotXml("The document has a document type.");
  const bool shallow = EveryElement(document, [](XmlNode, std::size_t depth) { return depth <= kMaxDepth; });
  if (!shallow) return NotXml("The document is too deep.");
  return document;
}

XmlNode RootOf(const XmlDocument& document) { return xmlDocGetRootElement(document.get()); }

bool IsElement(XmlNode node, std::string_view ns, std::string_view name) {
  return node != nullptr && node->type == XML_ELEMENT_NODE && TextAt(node->name) == name && node->ns != nullptr &&
         TextAt(node->ns->href) == ns;
}

XmlNode ParentOf(XmlNode node) { return node->parent; }

std::vector<XmlNode> ChildrenOf(XmlNode parent) {
  std::vector<XmlNode> children;
  for (xmlNode* child = parent->children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) children.push_back(child);
  }
  return children;
}

std::vector<XmlNode> ChildrenOf(XmlNode parent, std::string_view ns, std::string_view name) {
  std::vector<XmlNode> children = ChildrenOf(parent);
  std::erase_if(children, [&](XmlNode child) { return !IsElement(child, ns, name); });
  return children;
}

XmlNode OnlyChild(XmlNode parent, std::string_view ns, std::string_view name) {
  std::vector<XmlNode> found = ChildrenOf(parent, ns, name);
  return found.size() == 1 ? found.front() : nullptr;
}

std::vector<XmlNode> ElementsIn(const XmlDocument& document, std::string_view ns, std::string_view name) {
  std::vector<XmlNode> found;
  EveryElement(document, [&](XmlNode node, std::size_t) {
    if (IsElement(node, ns, name)) found.push_back(node);
    return true;
  });
  return found;
}

std::string AttributeOf(XmlNode node, const char* name) {
  xmlChar* value = xmlGetNoNsProp(node, reinterpret_cast<const xmlChar*>(name));
  std::string text(TextAt(value));
  xmlFree(value);
  return text;
}

Result<std::string> TextOf(XmlNode node) {
  std::string text;
  for (xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (child->type != XML_TEXT_NODE) return NotXml("There is more than text in " + std::string(TextAt(node->name)) + ".");
    text += TextAt(child->content);
  }
  return std::string(Trim(text));
}

bool RepeatsIds(const XmlDocument& document) {
  std::set<std::string> ids;
  return !EveryElement(document, [&](XmlNode node, std::size_t) {
    for (xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next) {
      if (!EqualsIgnoreCase(TextAt(attribute->name), "id")) continue;
      xmlChar* value = xmlNodeListGetString(node->doc, attribute->children, 1);
      const bool fresh = ids.insert(std::string(TextAt(value))).second;
      xmlFree(value);
      if (!fresh) return false;
    }
    return true;
  });
}

}  // namespace hanse::identity
