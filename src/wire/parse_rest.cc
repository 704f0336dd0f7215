#include <algorithm>

#include "base/text.h"
#include "wire/json_codec.h"
#include "wire/parse.h"
#include "wire/text_value.h"

namespace hanse::wire {
namespace {

const std::string* FindLabel(const Routed& routed, std::string_view name) {
  const auto found = std::ranges::find_if(routed.labels, [name](const auto& pair) { return pair.first == name; });
  return found == routed.labels.end() ? nullptr : &found->second;
}

Result<void> ReadLabel(const Service& service, const Routed& routed, const Member& member, void* input) {
  const std::string* text = FindLabel(routed, member.wire);
  if (text == nullptr) return {};
  auto read = ReadText(*member.shape, member.name, *text, MakeMember(member, input));
  if (!read && service.protocol == Protocol::kRestXml) read.error().name = "InvalidURI";
  return read;
}

Result<void> ReadList(const Member& member, const std::vector<std::string>& texts, void* input) {
  const Shape& shape = *member.shape;
  void* list = MakeMember(member, input);
  for (const std::string& text : texts) TRY(ReadText(*shape.element, member.name, text, shape.list->add(list)));
  return {};
}

// The model's own spelling of an enum's value: headers come in any case (the C++ SDK writes "x-amz-checksum-mode: enabled").
std::string Spelled(const Shape& shape, const std::string& text) {
  const auto found = std::ranges::find_if(shape.values, [&](std::string_view value) { return EqualsIgnoreCase(value, text); });
  return found == shape.values.end() ? text : std::string(*found);
}

Result<void> ReadHeader(const Member& member, const RawRequest& request, void* input) {
  const std::string* text = request.Header(Lower(member.wire));
  if (text == nullptr) return {};
  if (member.shape->kind != Kind::kList) {
    return ReadText(*member.shape, member.wire, Spelled(*member.shape, *text), MakeMember(member, input));
  }
  std::vector<std::string> texts = Split(*text, ',');
  for (std::string& one : texts) one = std::string(Trim(one));
  return ReadList(member, texts, input);
}

// "x-amz-meta-colour: blue" is {"colour", "blue"}.
Result<void> ReadHeaders(const Member& member, const RawRequest& request, void* input) {
  const std::string prefix = Lower(member.wire);
  void* map = nullptr;
  for (const auto& [name, text] : request.headers) {
    if (!name.starts_with(prefix)) continue;
    if (map == nullptr) map = MakeMember(member, input);
    TRY_ASSIGN(std::string key, ReadKey(member.wire, name.substr(prefix.size())));
    TRY(ReadText(*member.shape->element, name, text, member.shape->map->add(map, std::move(key))));
  }
  return {};
}

Result<void> ReadQuery(const Member& member, const RawRequest& request, void* input) {
  const std::string* text = request.Query(member.wire);
  if (text == nullptr) return {};
  if (member.shape->kind != Kind::kList) return ReadText(*member.shape, member.wire, *text, MakeMember(member, input));
  std::vector<std::string> texts;
  for (const auto& [name, value] : request.query) {
    if (name == member.wire) texts.push_back(value);
  }
  return ReadList(member, texts, input);
}

Result<void> ReadPayload(const Service& service, const Member& member, RawRequest& request, void* input) {
  switch (member.shape->kind) {
    case Kind::kStream:
      *static_cast<std::shared_ptr<ByteSource>*>(MakeMember(member, input)) = std::move(request.stream);
      return {};
    case Kind::kString:
      return request.body.empty() ? Result<void>() : ReadText(*member.shape, member.name, request.body, MakeMember(member, input));
    case Kind::kBlob:
      if (!request.body.empty()) *static_cast<std::string*>(MakeMember(member, input)) = request.body;
      return {};
    case Kind::kStructure:
      if (request.body.empty()) return {};
      if (service.protocol == Protocol::kRestXml)
        return ParseXml(*member.shape, request.body, member.wire, MakeMember(member, input));
      return ReadJson(*member.shape, request.body, JsonStyle::kWire, MakeMember(member, input));
    default: return Fail(ErrorCode::kInternal, "a payload of this kind is not supported");
  }
}

bool HasBody(const Shape& shape) {
  return std::ranges::any_of(shape.members, [](const Member& member) { return member.location == Location::kBody; });
}

}  // namespace

Result<void> ParseRest(const Service& service, const Routed& routed, RawRequest& request, void* input) {
  const Shape& shape = *routed.operation->input;
  if (shape.payload == nullptr && HasBody(shape) && !request.body.empty()) {
    if (service.protocol == Protocol::kRestXml) {
      TRY(ParseXml(shape, request.body, {}, input));
    } else {
      TRY(ReadJson(shape, request.body, JsonStyle::kWire, input));
    }
  }
  for (const Member& member : shape.members) {
    switch (member.location) {
      case Location::kHeader: TRY(ReadHeader(member, request, input)); break;
      case Location::kHeadersPrefix: TRY(ReadHeaders(member, request, input)); break;
      case Location::kQueryString: TRY(ReadQuery(member, request, input)); break;
      case Location::kPayload: TRY(ReadPayload(service, member, request, input)); break;
      case Location::kUriLabel: TRY(ReadLabel(service, routed, member, input)); break;
      case Location::kStatus:
      case Location::kBody: break;
    }
  }
  return {};
}

}  // namespace hanse::wire
