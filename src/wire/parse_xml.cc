#include <pugixml.hpp>

#include <string>

#include "wire/json_codec.h"
#include "wire/parse.h"
#include "wire/text_value.h"

namespace hanse::wire {
namespace {

std::unexpected<Error> Malformed(std::string_view what) {
  return FailAs(ErrorCode::kInvalidArgument, "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema: " + std::string(what));
}

// Names are compared without their namespace's prefix.
std::string_view LocalName(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

Result<void> Value(const Shape& shape, std::string_view name, pugi::xml_node node, int depth, void* value);

Result<void> List(const Shape& shape, pugi::xml_node node, int depth, void* list) {
  for (const pugi::xml_node child : node.children()) {
    if (child.type() != pugi::node_element || LocalName(child.name()) != shape.element_name) continue;
    TRY(Value(*shape.element, shape.element_name, child, depth + 1, shape.list->add(list)));
  }
  return {};
}

Result<void> Map(const Shape& shape, pugi::xml_node node, int depth, void* map) {
  for (const pugi::xml_node entry : node.children("entry")) {
    const pugi::xml_node key = entry.child(std::string(shape.key_name).c_str());
    const pugi::xml_node value = entry.child(std::string(shape.element_name).c_str());
    TRY_ASSIGN(std::string name, ReadKey(shape.key_name, key.text().get()));
    TRY(Value(*shape.element, shape.element_name, value, depth + 1, shape.map->add(map, std::move(name))));
  }
  return {};
}

Result<void> Structure(const Shape& shape, pugi::xml_node node, int depth, void* structure) {
  for (const pugi::xml_node child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    for (const Member& member : shape.members) {
      if (member.location != Location::kBody || member.xml_attribute || LocalName(child.name()) != LocalName(member.wire)) continue;
      if (member.flattened && member.shape->kind == Kind::kList) {
        const void* there = MemberOf(member, structure);
        void* list = there == nullptr ? MakeMember(member, structure) : const_cast<void*>(there);
        TRY(Value(*member.shape->element, member.name, child, depth + 1, member.shape->list->add(list)));
      } else {
        TRY(Value(*member.shape, member.name, child, depth + 1, MakeMember(member, structure)));
      }
    }
  }
  for (const pugi::xml_attribute attribute : node.attributes()) {
    for (const Member& member : shape.members) {
      if (!member.xml_attribute || LocalName(attribute.name()) != LocalName(member.wire)) continue;
      TRY(ReadText(*member.shape, member.name, attribute.value(), MakeMember(member, structure)));
    }
  }
  return {};
}

Result<void> Value(const Shape& shape, std::string_view name, pugi::xml_node node, int depth, void* value) {
  if (depth >= kNestingMax) return Malformed("nested too deeply");
  switch (shape.kind) {
    case Kind::kList: return List(shape, node, depth, value);
    case Kind::kMap: return Map(shape, node, depth, value);
    case Kind::kStructure: return Structure(shape, node, depth, value);
    default: break;
  }
  std::string text;
  for (const pugi::xml_node part : node.children()) {
    if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) text += part.value();
    if (part.type() == pugi::node_element) return Malformed("'" + std::string(name) + "' must be a single value");
  }
  if (auto read = ReadText(shape, name, text, value); !read) return Malformed(read.error().message);
  return {};
}

}  // namespace

Result<void> ParseXml(const Shape& shape, std::string_view xml, std::string_view root, void* value) {
  pugi::xml_document document;
  // No document types: entities of a request's own are never expanded. Space counts in a key.
  const unsigned flags = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_ws_pcdata_single | pugi::parse_eol;
  const pugi::xml_parse_result parsed = document.load_buffer(xml.data(), xml.size(), flags, pugi::encoding_utf8);
  if (!parsed) return Malformed(parsed.description());
  const pugi::xml_node top = document.document_element();
  if (!root.empty() && LocalName(top.name()) != root) return Malformed("the root must be " + std::string(root));
  return Value(shape, root, top, 0, value);
}

}  // namespace hanse::wire
