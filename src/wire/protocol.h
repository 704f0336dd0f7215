#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/request.h"
#include "wire/route.h"
#include "wire/shape.h"

// Between HTTP and generated structs, in the protocol of the service. Any thread.
namespace hanse::wire {

// Reads the input of the operation that Route() found into a fresh struct of operation.input. Fails with kInvalidArgument, named
// "SerializationException" or "MalformedXML" where the protocol has a name for it. Does not Validate(). A stream moves out of the
// request.
Result<void> Parse(const Service& service, const Routed& routed, RawRequest& request, void* input);

// Puts `token` where a member that makes a request repeatable was left out.
void FillIdempotencyToken(const Operation& operation, void* input, std::string_view token);

// What every answer carries besides.
struct AnswerIds {
  std::string request_id;
  std::string host_id;  // S3's x-amz-id-2.
};

RawResponse Write(const Service& service, const Operation& operation, const void* output, const AnswerIds& ids,
                  Spoken spoken = Spoken::kOwn);
// Of a service that speaks JSON: `json` is what Write() would make the body.
RawResponse WriteText(const Service& service, std::string json, const AnswerIds& ids);

struct WireError {
  std::string code, message;
  int status = 400;
  Pairs details = {};  // Further members: {"Key", "a/b"}; an element or a member each.
};
// `head`: an answer to HEAD, which has no body.
enum class ErrorBody { kWhole, kHead };
RawResponse WriteError(const Service& service, const WireError& error, const AnswerIds& ids, ErrorBody body = ErrorBody::kWhole,
                       Spoken spoken = Spoken::kOwn);

}  // namespace hanse::wire
