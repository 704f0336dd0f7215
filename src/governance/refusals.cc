#include "governance/refusals.h"

namespace hanse::governance {

std::unexpected<Error> NotYours() {
  return Fail(ErrorCode::kAccessDenied, "Resource does not exist or requester is not authorized to access requested permissions.");
}

std::unexpected<Error> NoSuch(std::string_view what) { return Fail(ErrorCode::kNotFound, std::string(what)); }

std::unexpected<Error> Insufficient(std::string_view required) {
  return Fail(ErrorCode::kAccessDenied, "Insufficient Lake Formation permission(s): Required " + std::string(required));
}

std::unexpected<Error> InvalidModification() { return Fail(ErrorCode::kInvalidArgument, "Permissions modification is invalid."); }

std::unexpected<Error> Invalid(std::string message) { return Fail(ErrorCode::kInvalidArgument, std::move(message)); }

std::string LakeErrorCode(const Error& error) {
  if (!error.name.empty()) return error.name;
  switch (error.code) {
    case ErrorCode::kInvalidArgument: return "InvalidInputException";
    case ErrorCode::kNotFound: return "EntityNotFoundException";
    case ErrorCode::kAlreadyExists: return "AlreadyExistsException";
    case ErrorCode::kAccessDenied:
    case ErrorCode::kUnauthenticated: return "AccessDeniedException";
    case ErrorCode::kConflict: return "ConcurrentModificationException";
    case ErrorCode::kLimitExceeded: return "ResourceNumberLimitExceededException";
    case ErrorCode::kThrottled: return "ThrottledException";
    case ErrorCode::kTimeout: return "OperationTimeoutException";
    case ErrorCode::kUnsupported: return "NotImplemented";
    case ErrorCode::kUnavailable:
    case ErrorCode::kInternal: return "InternalServiceException";
  }
  return "InternalServiceException";
}

}  // namespace hanse::governance
