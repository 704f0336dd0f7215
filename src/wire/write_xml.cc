#include "wire/json_codec.h"
#include "wire/text_value.h"
#include "wire/write.h"

namespace hanse::wire {
namespace {

struct XmlWriter {
  std::string& out;

  void Value(const Shape& shape, const void* value, int depth) {
    if (depth >= kNestingMax) return;
    switch (shape.kind) {
      case Kind::kList: return List(shape, shape.element_name, value, depth);
      case Kind::kMap: return Map(shape, value, depth);
      case Kind::kStructure: return Structure(shape, value, depth);
      default: return AppendXmlText(WriteText(shape, value, TimeFormat::kIso8601), out);
    }
  }

  void Element(std::string_view name, const Shape& shape, const void* value, int depth) {
    out += '<';
    out += name;
    Attributes(shape, value);
    out += '>';
    Value(shape, value, depth);
    Close(name);
  }

  void Close(std::string_view name) {
    out += "</";
    out += name;
    out += '>';
  }

  void Attributes(const Shape& shape, const void* value) {
    if (shape.kind != Kind::kStructure) return;
    for (const Member& member : shape.members) {
      const void* attribute = member.xml_attribute ? MemberOf(member, value) : nullptr;
      if (attribute == nullptr) continue;
      if (const std::size_t colon = member.wire.find(':'); colon != std::string_view::npos) {
        out += " xmlns:" + std::string(member.wire.substr(0, colon)) + "=\"http://www.w3.org/2001/XMLSchema-instance\"";
      }
      out += ' ';
      out += member.wire;
      out += "=\"";
      AppendXmlText(WriteText(*member.shape, attribute, TimeFormat::kIso8601), out);
      out += '"';
    }
  }

  void List(const Shape& shape, std::string_view name, const void* list, int depth) {
    const std::size_t size = shape.list->size(list);
    for (std::size_t i = 0; i < size; ++i) Element(name, *shape.element, shape.list->at(list, i), depth + 1);
  }

  void Map(const Shape& shape, const void* map, int depth) {
    struct Visit {
      XmlWriter& writer;
      const Shape& shape;
      int depth;
    } visit{*this, shape, depth};
    shape.map->each(map, &visit, [](void* context, const std::string& key, const void* value) {
      auto& [writer, shape, depth] = *static_cast<Visit*>(context);
      writer.out += "<entry>";
      AppendXmlElement(shape.key_name, key, writer.out);
      writer.Element(shape.element_name, *shape.element, value, depth + 1);
      writer.out += "</entry>";
    });
  }

  void Structure(const Shape& shape, const void* structure, int depth) {
    for (const Member& member : shape.members) {
      if (member.location != Location::kBody || member.xml_attribute) continue;
      const void* value = MemberOf(member, structure);
      if (value == nullptr) continue;
      if (member.flattened && member.shape->kind == Kind::kList) {
        List(*member.shape, member.wire, value, depth);
      } else {
        Element(member.wire, *member.shape, value, depth + 1);
      }
    }
  }
};

}  // namespace

void AppendXmlText(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      case '\r': out += "&#13;"; break;  // Else a parser would read a line's end.
      case '\t':
      case '\n': out += c; break;
      default:
        // XML 1.0 has no other control characters, not even escaped; who lists such keys asks for encoding-type=url.
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\xEF\xBF\xBD";
        } else {
          out += c;
        }
    }
  }
}

void AppendXmlElement(std::string_view name, std::string_view text, std::string& out) {
  out += '<';
  out += name;
  out += '>';
  AppendXmlText(text, out);
  out += "</";
  out += name;
  out += '>';
}

void WriteXmlContent(const Shape& shape, const void* value, std::string& out) { XmlWriter{out}.Value(shape, value, 0); }

RawResponse WriteQuery(const Service& service, const Operation& operation, const void* output, const AnswerIds& ids) {
  RawResponse response;
  response.headers.emplace_back("Content-Type", "text/xml");
  const std::string root = std::string(operation.name) + "Response";
  std::string& body = response.body;
  body = "<" + root + " xmlns=\"" + std::string(service.xml_uri) + "\">";
  if (!operation.result_name.empty()) {
    body += "<" + std::string(operation.result_name) + ">";
    WriteXmlContent(*operation.output, output, body);
    body += "</" + std::string(operation.result_name) + ">";
  }
  body += "<ResponseMetadata>";
  AppendXmlElement("RequestId", ids.request_id, body);
  body += "</ResponseMetadata></" + root + ">";
  return response;
}

}  // namespace hanse::wire
