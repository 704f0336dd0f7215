#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

// The refusals of S3, by the names and in the words that its clients know (Amazon S3 API Reference, "Error responses").
namespace hanse::objects {

using Refusal = std::unexpected<Error>;

Refusal NoSuchBucket(std::string_view bucket);
Refusal NoSuchKey();
Refusal NoSuchVersion();
Refusal NoSuchUpload();
Refusal AccessDenied();
Refusal PreconditionFailed(std::string_view condition);
Refusal NotModified();
Refusal InvalidArgument(std::string message);
Refusal InvalidRequest(std::string message);
Refusal NotBuilt(std::string_view what);  // NotImplemented, by the name of the header or feature.
// Any other, by name.
Refusal Refuse(ErrorCode code, std::string_view name, std::string message);

}  // namespace hanse::objects
