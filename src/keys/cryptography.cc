#include <fmt/format.h>

#include "crypto/key.h"
#include "keys/ciphertext.h"
#include "keys/errors.h"
#include "keys/kms.h"

// What is sealed under keys and opened again. Source: KMS API Reference.
namespace hanse::keys {
namespace {

constexpr std::string_view kSymmetric = "SYMMETRIC_DEFAULT";

Result<void> CheckAlgorithm(const std::optional<std::string>& algorithm) {
  if (algorithm.value_or(std::string(kSymmetric)) == kSymmetric) return {};
  return Refuse(ErrorCode::kInvalidArgument, "InvalidKeyUsageException",
                fmt::format("The key is symmetric: {} is not an algorithm of it.", *algorithm));
}

// The last step before the deed: whoever only asks whether it would be done is answered by an error.
template <class In>
Result<void> CheckRun(const In& in) {
  if constexpr (requires { in.recipient; }) {
    if (in.recipient) return NotBuilt("Recipient (Nitro enclaves)");
  }
  if constexpr (requires { in.dry_run_modifiers; }) {
    if (in.dry_run_modifiers && !in.dry_run_modifiers->empty()) return NotBuilt("DryRunModifiers");
  }
  if constexpr (requires { in.dry_run; }) {
    if (in.dry_run.value_or(false)) {
      return Refuse(ErrorCode::kConflict, "DryRunOperationException",
                    "The request would have succeeded, but the DryRun option is set.");
    }
  }
  return {};
}

}  // namespace

Result<Encrypt::Answer> Kms::Do(const gate::Authorized<Encrypt>& call) {
  const wk::EncryptRequest& in = call->in;
  TRY(CheckAlgorithm(in.encryption_algorithm));
  TRY_ASSIGN(KmsKey key, Asked(call, *in.key_id));
  TRY_ASSIGN(Materials::Material material, materials_.Usable(call.tx(), key.arn));
  TRY(CheckRun(in));
  std::string blob = Encipher(material, random_, key.arn, in.encryption_context.value_or(EncryptionContext()), *in.plaintext);
  return Encrypt::Answer{.ciphertext_blob = std::move(blob), .key_id = key.arn, .encryption_algorithm = std::string(kSymmetric)};
}

Result<Kms::Opened> Kms::Open(const gate::Call& call, const std::string& blob, const std::optional<std::string>& key,
                              const std::optional<std::map<std::string, std::string>>& context) {
  TRY_ASSIGN(Ciphertext ciphertext, ParseCiphertext(blob));
  TRY_ASSIGN(KmsKey named, Asked(call, key.value_or(ciphertext.key_arn)));
  TRY(CheckUsable(named.state, named.arn));
  if (named.arn != ciphertext.key_arn) {
    return Refuse(ErrorCode::kInvalidArgument, "IncorrectKeyException",
                  "The key ID in the request does not identify a CMK that can perform this operation.");
  }
  auto material = materials_.Usable(call.tx(), named.arn, ciphertext.version);
  if (!material && material.error().code == ErrorCode::kNotFound) return InvalidCiphertext();
  if (!material) return std::unexpected(std::move(material).error());
  TRY_ASSIGN(std::string plaintext, Decipher(material->key, ciphertext, context.value_or(EncryptionContext())));
  return Opened{named.arn, std::move(plaintext), MaterialId(named.arn, ciphertext.version)};
}

Result<Decrypt::Answer> Kms::Do(const gate::Authorized<Decrypt>& call) {
  const wk::DecryptRequest& in = call->in;
  TRY(CheckAlgorithm(in.encryption_algorithm));
  TRY_ASSIGN(Opened opened, Open(call, in.ciphertext_blob.value_or(""), in.key_id, in.encryption_context));
  TRY(CheckRun(in));
  return Decrypt::Answer{.key_id = opened.key_arn,
                         .plaintext = std::move(opened.plaintext),
                         .encryption_algorithm = std::string(kSymmetric),
                         .key_material_id = opened.material_id};
}

Result<ReEncrypt::Answer> Kms::Do(const gate::Authorized<ReEncrypt>& call) {
  const wk::ReEncryptRequest& in = call->in;
  TRY(CheckAlgorithm(in.source_encryption_algorithm));
  TRY(CheckAlgorithm(in.destination_encryption_algorithm));
  TRY_ASSIGN(Opened opened, Open(call, in.ciphertext_blob.value_or(""), in.source_key_id, in.source_encryption_context));
  TRY_ASSIGN(KmsKey key, Asked(call, *in.destination_key_id));
  TRY_ASSIGN(Materials::Material material, materials_.Usable(call.tx(), key.arn));
  TRY(CheckRun(in));
  std::string blob =
      Encipher(material, random_, key.arn, in.destination_encryption_context.value_or(EncryptionContext()), opened.plaintext);
  crypto::Wipe(&opened.plaintext);
  return ReEncrypt::Answer{.ciphertext_blob = std::move(blob),
                           .source_key_id = opened.key_arn,
                           .key_id = key.arn,
                           .source_encryption_algorithm = std::string(kSymmetric),
                           .destination_encryption_algorithm = std::string(kSymmetric),
                           .source_key_material_id = opened.material_id,
                           .destination_key_material_id = MaterialId(key.arn, material.version)};
}

namespace {

// As many drawn bytes as a request for a data key asks for.
Result<std::int32_t> DataKeyBytes(const std::optional<std::string>& spec, const std::optional<std::int32_t>& bytes) {
  if (spec.has_value() == bytes.has_value()) return Invalid("Please specify either number of bytes or key spec.");
  if (bytes) return *bytes;
  return *spec == "AES_128" ? 16 : 32;
}

// A key for data, in plain and under the key that was asked for.
template <class Op>
Result<GenerateDataKey::Answer> NewDataKey(const gate::Authorized<Op>& call, Materials& materials, Random& random) {
  const auto& in = call->in;
  TRY_ASSIGN(std::int32_t bytes, DataKeyBytes(in.key_spec, in.number_of_bytes));
  TRY_ASSIGN(KmsKey key, Asked(call, *in.key_id));
  TRY_ASSIGN(Materials::Material material, materials.Usable(call.tx(), key.arn));
  TRY(CheckRun(in));
  std::string plaintext = random.Bytes(static_cast<std::size_t>(bytes));
  std::string blob = Encipher(material, random, key.arn, in.encryption_context.value_or(EncryptionContext()), plaintext);
  return GenerateDataKey::Answer{.ciphertext_blob = std::move(blob),
                                 .plaintext = std::move(plaintext),
                                 .key_id = key.arn,
                                 .key_material_id = MaterialId(key.arn, material.version)};
}

}  // namespace

Result<GenerateDataKey::Answer> Kms::Do(const gate::Authorized<GenerateDataKey>& call) {
  return NewDataKey(call, materials_, random_);
}

Result<GenerateDataKeyWithoutPlaintext::Answer> Kms::Do(const gate::Authorized<GenerateDataKeyWithoutPlaintext>& call) {
  TRY_ASSIGN(GenerateDataKey::Answer made, NewDataKey(call, materials_, random_));
  crypto::Wipe(&*made.plaintext);
  return GenerateDataKeyWithoutPlaintext::Answer{.ciphertext_blob = std::move(made.ciphertext_blob),
                                                 .key_id = std::move(made.key_id),
                                                 .key_material_id = std::move(made.key_material_id)};
}

Result<GenerateRandom::Answer> Kms::Do(const gate::Authorized<GenerateRandom>& call) {
  const wk::GenerateRandomRequest& in = call->in;
  if (in.custom_key_store_id) return NotBuilt("A custom key store");
  if (!in.number_of_bytes) return Invalid("NumberOfBytes is required.");
  TRY(CheckRun(in));
  return GenerateRandom::Answer{.plaintext = random_.Bytes(static_cast<std::size_t>(*in.number_of_bytes))};
}

}  // namespace hanse::keys
