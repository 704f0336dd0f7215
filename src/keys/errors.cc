#include "keys/errors.h"

#include <fmt/format.h>

namespace hanse::keys {

Refusal Refuse(ErrorCode code, std::string_view name, std::string message) {
  return FailAs(code, std::string(name), std::move(message));
}

Refusal NoSuchKey(std::string_view name) {
  return Refuse(ErrorCode::kNotFound, "NotFoundException", fmt::format("Key '{}' does not exist", name));
}
Refusal NoSuchAlias(std::string_view arn) {
  return Refuse(ErrorCode::kNotFound, "NotFoundException", fmt::format("Alias {} is not found.", arn));
}
Refusal Disabled(std::string_view arn) {
  return Refuse(ErrorCode::kConflict, "DisabledException", fmt::format("{} is disabled.", arn));
}
Refusal PendingDeletion(std::string_view arn) {
  return Refuse(ErrorCode::kConflict, "KMSInvalidStateException", fmt::format("{} is pending deletion.", arn));
}
Refusal Invalid(std::string message) { return Refuse(ErrorCode::kInvalidArgument, "ValidationException", std::move(message)); }
Refusal InvalidCiphertext() {
  return Refuse(ErrorCode::kInvalidArgument, "InvalidCiphertextException", "The ciphertext cannot be opened with this context.");
}
Refusal NotBuilt(std::string_view what) {
  return Refuse(ErrorCode::kUnsupported, "NotImplemented", fmt::format("{} is not implemented", what));
}

}  // namespace hanse::keys
