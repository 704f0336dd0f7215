#include "wire/parse.h"

#include "wire/cbor.h"
#include "wire/json_codec.h"
#include "wire/protocol.h"

namespace hanse::wire {

Result<void> Parse(const Service& service, const Routed& routed, RawRequest& request, void* input) {
  const Shape& shape = *routed.operation->input;
  switch (routed.spoken) {
    case Spoken::kCbor: return request.body.empty() ? Result<void>() : ReadCbor(shape, request.body, input);
    case Spoken::kQuery: return ParseQuery(shape, routed.parameters, input);
    case Spoken::kOwn: break;
  }
  switch (service.protocol) {
    case Protocol::kJson:
      if (request.body.empty()) return {};
      return ReadJson(shape, request.body, JsonStyle::kWire, input);
    case Protocol::kQuery: return ParseQuery(shape, routed.parameters, input);
    case Protocol::kRestJson:
    case Protocol::kRestXml: return ParseRest(service, routed, request, input);
  }
  return Fail(ErrorCode::kInternal, "unknown protocol");
}

void FillIdempotencyToken(const Operation& operation, void* input, std::string_view token) {
  for (const Member& member : operation.input->members) {
    if (!member.idempotency_token || member.shape->kind != Kind::kString || MemberOf(member, input) != nullptr) continue;
    *static_cast<std::string*>(MakeMember(member, input)) = token;
  }
}

}  // namespace hanse::wire
