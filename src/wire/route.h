#pragma once
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "wire/request.h"
#include "wire/shape.h"

namespace hanse::wire {

// How a request speaks, and how it is answered: as its service does, or otherwise where its headers say so. A service of kJson is
// spoken to in CBOR too (Smithy's RPC v2), and in query where its model has a namespace of XML.
enum class Spoken : std::uint8_t { kOwn, kCbor, kQuery };
// By the headers smithy-protocol and Content-Type.
Spoken SpokenIn(const Service& service, std::string_view smithy_protocol, std::string_view content_type);

// What a request asks for.
struct Routed {
  const Operation* operation = nullptr;  // nullptr: of the model, but not built.
  std::string_view name;                 // "GetTable", also where it is not built.
  Pairs labels;                          // Of the path, decoded: {"Bucket", "b"}, {"Key", "a/b"}.
  Pairs parameters;                      // Of a query service: those of the body and the address.
  Spoken spoken = Spoken::kOwn;
};

// Finds the operation: by X-Amz-Target, Action, or method and path. Fails with kNotFound named as the protocol names an operation
// that the service never had ("UnknownOperationException", "InvalidAction", "MethodNotAllowed"). S3's buckets are taken from the
// path, or from a Host that begins with "BUCKET.s3.". Any thread.
Result<Routed> Route(const Service& service, const RawRequest& request);

}  // namespace hanse::wire
