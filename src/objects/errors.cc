#include "objects/errors.h"

#include <fmt/format.h>

namespace hanse::objects {

Refusal Refuse(ErrorCode code, std::string_view name, std::string message) {
  return FailAs(code, std::string(name), std::move(message));
}

Refusal NoSuchBucket(std::string_view bucket) {
  return Refuse(ErrorCode::kNotFound, "NoSuchBucket", fmt::format("The specified bucket does not exist: {}", bucket));
}
Refusal NoSuchKey() { return Refuse(ErrorCode::kNotFound, "NoSuchKey", "The specified key does not exist."); }
Refusal NoSuchVersion() { return Refuse(ErrorCode::kNotFound, "NoSuchVersion", "The specified version does not exist."); }
Refusal NoSuchUpload() {
  return Refuse(
      ErrorCode::kNotFound, "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.");
}
Refusal AccessDenied() { return Fail(ErrorCode::kAccessDenied, "Access Denied"); }
Refusal PreconditionFailed(std::string_view condition) {
  return Refuse(ErrorCode::kConflict, "PreconditionFailed",
                fmt::format("At least one of the pre-conditions you specified did not hold: {}", condition));
}
Refusal NotModified() { return Refuse(ErrorCode::kConflict, "NotModified", "Not Modified"); }
Refusal InvalidArgument(std::string message) { return Refuse(ErrorCode::kInvalidArgument, "InvalidArgument", std::move(message)); }
Refusal InvalidRequest(std::string message) { return Refuse(ErrorCode::kInvalidArgument, "InvalidRequest", std::move(message)); }
Refusal NotBuilt(std::string_view what) {
  return Refuse(ErrorCode::kUnsupported, "NotImplemented", fmt::format("{} is not implemented", what));
}

}  // namespace hanse::objects
