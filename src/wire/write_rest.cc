#include <algorithm>

#include "base/text.h"
#include "wire/json_codec.h"
#include "wire/text_value.h"
#include "wire/write.h"

namespace hanse::wire {
namespace {

constexpr std::string_view kS3Uri = "http://s3.amazonaws.com/doc/2006-03-01/";

// A header is one line, whatever was stored.
std::string OneLine(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return text;
}

void WriteHeader(const Member& member, const void* value, RawResponse& response) {
  const Shape& shape = *member.shape;
  if (shape.kind != Kind::kList) {
    response.headers.emplace_back(member.wire, OneLine(WriteText(shape, value, TimeFormat::kHttpDate)));
    return;
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < shape.list->size(value); ++i) {
    texts.push_back(WriteText(*shape.element, shape.list->at(value, i), TimeFormat::kHttpDate));
  }
  response.headers.emplace_back(member.wire, OneLine(Join(texts, ",")));
}

void WriteHeaders(const Member& member, const void* map, RawResponse& response) {
  struct Visit {
    const Member& member;
    RawResponse& response;
  } visit{member, response};
  member.shape->map->each(map, &visit, [](void* context, const std::string& key, const void* value) {
    auto& [member, response] = *static_cast<Visit*>(context);
    response.headers.emplace_back(OneLine(std::string(member.wire) + key), OneLine(*static_cast<const std::string*>(value)));
  });
}

void WriteXmlBody(std::string_view root, const Shape& shape, const void* value, RawResponse& response) {
  std::string& body = response.body;
  response.headers.emplace_back("Content-Type", "application/xml");
  body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + std::string(root) + " xmlns=\"" + std::string(kS3Uri) + "\">";
  // GetBucketLocation's answer is its one member, not an element around it.
  const bool bare = shape.members.size() == 1 && shape.members[0].wire == root && IsText(*shape.members[0].shape);
  if (!bare) {
    WriteXmlContent(shape, value, body);
  } else if (const void* text = MemberOf(shape.members[0], value)) {
    WriteXmlContent(*shape.members[0].shape, text, body);
  }
  body += "</" + std::string(root) + ">";
}

void WritePayload(const Service& service, const Member& member, const void* value, RawResponse& response) {
  switch (member.shape->kind) {
    case Kind::kStream: response.stream = *static_cast<const std::shared_ptr<ByteSource>*>(value); break;
    case Kind::kString:
    case Kind::kBlob:
      response.headers.emplace_back("Content-Type",
                                    member.shape->kind == Kind::kString ? "application/json" : "application/octet-stream");
      response.body = *static_cast<const std::string*>(value);
      break;
    default:
      if (service.protocol == Protocol::kRestXml) {
        WriteXmlBody(member.wire, *member.shape, value, response);
      } else {
        WriteJson(*member.shape, value, JsonStyle::kWire, response.body);
      }
  }
}

}  // namespace

RawResponse WriteRest(const Service& service, const Operation& operation, const void* output) {
  RawResponse response{.status = operation.status};
  const Shape& shape = *operation.output;
  bool body = false;
  for (const Member& member : shape.members) {
    body = body || member.location == Location::kBody;
    const void* value = MemberOf(member, output);
    if (value == nullptr) continue;
    switch (member.location) {
      case Location::kHeader:
        WriteHeader(member, value, response);
        if (member.wire == "Content-Range") response.status = 206;  // RFC 9110, section 15.3.7.
        break;
      case Location::kHeadersPrefix: WriteHeaders(member, value, response); break;
      case Location::kStatus: response.status = *static_cast<const std::int32_t*>(value); break;
      case Location::kPayload: WritePayload(service, member, value, response); break;
      case Location::kBody:
      case Location::kUriLabel:
      case Location::kQueryString: break;
    }
  }
  if (service.protocol == Protocol::kRestJson) {
    response.headers.emplace_back("Content-Type", "application/json");
    if (shape.payload == nullptr) WriteJson(shape, output, JsonStyle::kWire, response.body);
  } else if (body && shape.payload == nullptr) {
    WriteXmlBody(operation.output_root, shape, output, response);
  }
  return response;
}

}  // namespace hanse::wire
