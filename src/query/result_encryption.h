#pragma once
#include <optional>
#include <string>

#include "base/result.h"
#include "wire/athena.h"

// How what queries write is encrypted (EncryptionConfiguration). Every object is sealed with a key of KMS anyway: SSE_S3 leaves the
// choice to its bucket, SSE_KMS names the key. CSE_KMS, where Athena encrypts before S3 sees the bytes, is not supported and
// refused by name. Pure.
namespace hanse::query {

// InvalidRequestException where a configuration asks for what cannot be, or for a minimum with no level to hold to.
Result<void> CheckEncryption(const wire::athena::WorkGroupConfiguration& configuration);

// That of a query: the workgroup's where it is enforced; else what its caller asks for, and the workgroup's where he asks for none.
// With EnableMinimumEncryptionConfiguration nobody gets less than the workgroup's level (SSE_S3, then SSE_KMS): he is refused.
Result<std::optional<wire::athena::EncryptionConfiguration>> EncryptionOf(
    const wire::athena::WorkGroupConfiguration& configuration, const std::optional<wire::athena::ResultConfiguration>& asked);

// The key that seals what a query writes; nothing: its bucket's.
std::optional<std::string> KmsKeyOf(const std::optional<wire::athena::ResultConfiguration>& place);

}  // namespace hanse::query
