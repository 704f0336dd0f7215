#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

// The refusals of KMS, by the names and in the words that its clients know (KMS API Reference, "Errors" of each operation).
namespace hanse::keys {

using Refusal = std::unexpected<Error>;

Refusal NoSuchKey(std::string_view name);
Refusal NoSuchAlias(std::string_view arn);
Refusal Disabled(std::string_view arn);
Refusal PendingDeletion(std::string_view arn);
Refusal Invalid(std::string message);     // ValidationException
Refusal InvalidCiphertext();              // One text for whatever is wrong with it.
Refusal NotBuilt(std::string_view what);  // NotImplemented, by the name of the feature.
Refusal Refuse(ErrorCode code, std::string_view name, std::string message);

}  // namespace hanse::keys
