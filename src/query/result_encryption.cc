#include "query/result_encryption.h"

#include "query/operation.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

std::optional<athena::EncryptionConfiguration> EncryptionIn(const std::optional<athena::ResultConfiguration>& place) {
  return place ? place->encryption_configuration : std::nullopt;
}

// 0: none is asked for.
int LevelOf(const std::optional<athena::EncryptionConfiguration>& encryption) {
  if (!encryption || !encryption->encryption_option) return 0;
  return *encryption->encryption_option == "SSE_KMS" ? 2 : 1;
}

Result<void> CheckOption(const std::optional<athena::EncryptionConfiguration>& encryption) {
  if (!encryption) return {};
  const std::string option = encryption->encryption_option.value_or("");
  const bool keyed = !encryption->kms_key.value_or("").empty();
  if (option == "CSE_KMS")
    return Invalid("CSE_KMS is not supported: use SSE_KMS, with which every object is sealed with your key.");
  if (option == "SSE_KMS" && !keyed) return Invalid("KmsKey is required for SSE_KMS.");
  if (option == "SSE_S3" && keyed) return Invalid("KmsKey is not allowed for SSE_S3.");
  return {};
}

}  // namespace

Result<void> CheckEncryption(const athena::WorkGroupConfiguration& configuration) {
  const auto encryption = EncryptionIn(configuration.result_configuration);
  TRY(CheckOption(encryption));
  if (configuration.enable_minimum_encryption_configuration.value_or(false) && LevelOf(encryption) == 0) {
    return Invalid("EnableMinimumEncryptionConfiguration needs an EncryptionConfiguration in ResultConfiguration: the minimum.");
  }
  return {};
}

Result<std::optional<athena::EncryptionConfiguration>> EncryptionOf(const athena::WorkGroupConfiguration& configuration,
                                                                    const std::optional<athena::ResultConfiguration>& asked) {
  auto own = EncryptionIn(configuration.result_configuration);
  auto wanted = EncryptionIn(asked);
  if (configuration.enforce_work_group_configuration.value_or(false) || !wanted) return own;
  TRY(CheckOption(wanted));
  if (configuration.enable_minimum_encryption_configuration.value_or(false) && LevelOf(wanted) < LevelOf(own)) {
    return Invalid("The encryption of the results is weaker than the minimum of the workgroup: SSE_KMS, or leave it out.");
  }
  return wanted;
}

std::optional<std::string> KmsKeyOf(const std::optional<athena::ResultConfiguration>& place) {
  auto encryption = EncryptionIn(place);
  return encryption ? encryption->kms_key : std::nullopt;
}

}  // namespace hanse::query
