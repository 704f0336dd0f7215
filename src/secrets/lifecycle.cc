#include <algorithm>

#include <fmt/format.h>

#include "secrets/secrets.h"
#include "store/directory.h"

// Secrets come and go.
namespace hanse::secrets {
namespace {

constexpr std::size_t kTailSize = 6;
constexpr std::string_view kTailLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::int64_t kWindowMin_days = 7, kWindowMax_days = 30;
constexpr TimeMs kDayMs = 24 * 3600 * TimeMs{1000};

Result<void> CheckSecretName(const std::string& name) {
  constexpr std::string_view kMarks = "/_+=.@-";
  bool fits = !name.empty() && std::ranges::all_of(name, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
  });
  if (fits) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!");
}

template <class In>
Result<void> CheckSecretBuilt(const In& in) {
  if constexpr (requires { in.add_replica_regions; }) {
    if (in.add_replica_regions && !in.add_replica_regions->empty()) return Fail(ErrorCode::kUnsupported, "AddReplicaRegions");
    if (in.cross_account_primary_arn) return Fail(ErrorCode::kUnsupported, "CrossAccountPrimaryARN");
  }
  if (in.type && !in.type->empty()) return Fail(ErrorCode::kUnsupported, "Type");
  return {};
}

std::unexpected<Error> NameTaken(const std::string& name) {
  return FailAs(ErrorCode::kAlreadyExists, "ResourceExistsException",
                fmt::format("The operation failed because the secret {} already exists.", name));
}

}  // namespace

Result<Secret> Asked(const gate::Call& call, const std::optional<std::string>& id) {
  TRY_ASSIGN(auto secret, FindSecret(call.tx(), id.value_or(""), call.caller().account, call.info().region));
  // What is over is gone, whether or not its rows are taken away yet.
  if (!secret || (secret->deletion_ms != 0 && secret->deletion_ms <= call.now_ms())) {
    return Fail(ErrorCode::kNotFound, "Secrets Manager can't find the specified secret.");
  }
  call.NoteResource("AWS::SecretsManager::Secret", secret->arn);
  return std::move(*secret);
}

Result<Secret> AskedAlive(const gate::Call& call, const std::optional<std::string>& id) {
  TRY_ASSIGN(Secret secret, Asked(call, id));
  if (secret.deletion_ms == 0) return secret;
  return FailAs(ErrorCode::kConflict, "InvalidRequestException",
                "You can't perform this operation on the secret because it was marked for deletion.");
}

Result<CreateSecret::Answer> Secrets::Again(const gate::Call& call, const Secret& secret, const std::optional<std::string>& token,
                                            const std::optional<SecretValue>& value) const {
  TRY_ASSIGN(auto versions, VersionsOf(call.tx(), secret.id));
  const bool came = token && value && std::ranges::any_of(versions, [&](const SecretVersion& v) { return v.version == *token; });
  if (!came) return NameTaken(secret.name);
  TRY_ASSIGN(SecretVersion version, Add(call, secret, {*token, {}}, *value));
  return CreateSecret::Answer{.arn = secret.arn, .name = secret.name, .version_id = version.version};
}

Result<CreateSecret::Answer> Secrets::Do(const gate::Authorized<CreateSecret>& call) const {
  const auto& in = call->in;
  TRY(CheckSecretBuilt(in));
  TRY(CheckSecretName(*in.name));
  TRY_ASSIGN(auto value, ValueOf(in));
  TRY_ASSIGN(auto taken, FindSecret(call.tx(), *in.name, call.caller().account, call.info().region));
  if (taken && taken->deletion_ms != 0 && taken->deletion_ms > call.now_ms()) {
    return FailAs(ErrorCode::kConflict, "InvalidRequestException",
                  "You can't create this secret because a secret with this name is already scheduled for deletion.");
  }
  if (taken && taken->deletion_ms != 0) {
    TRY(store::DeleteThing(call.tx(), taken->id));
  } else if (taken) {
    return Again(call, *taken, in.client_request_token, value);
  }
  Secret secret{.account = call.caller().account, .region = call.info().region, .name = *in.name, .created_ms = call.now_ms()};
  secret.arn = SecretArnStart(secret.region, secret.account, secret.name) + "-" + random_.Text(kTailSize, kTailLetters);
  secret.details.description = in.description;
  if (in.kms_key_id && !in.kms_key_id->empty()) secret.details.kms_key_id = in.kms_key_id;
  secret.details.last_changed_date = wire::Timestamp{call.now_ms()};
  if (in.tags) TRY(AddTags(*in.tags, &secret.details.tags));
  TRY(InsertSecret(call.tx(), &secret));
  call.NoteResource("AWS::SecretsManager::Secret", secret.arn);
  CreateSecret::Answer answer{.arn = secret.arn, .name = secret.name};
  if (!value) {
    // A key that is not there is found out now, not with the first value.
    TRY(sealing_.KeyOf(call, secret));
    return answer;
  }
  TRY_ASSIGN(SecretVersion version,
             Add(call, secret, {in.client_request_token.value_or(random_.Uuid()), {std::string(kCurrent)}}, *value));
  answer.version_id = version.version;
  return answer;
}

Result<DescribeSecret::Answer> Secrets::Do(const gate::Authorized<DescribeSecret>& call) const {
  TRY_ASSIGN(Secret secret, Asked(call, call->in.secret_id));
  DescribeSecret::Answer shown{.arn = secret.arn, .name = secret.name};
  shown.description = secret.details.description;
  shown.kms_key_id = secret.details.kms_key_id;
  shown.last_changed_date = secret.details.last_changed_date;
  shown.deleted_date = secret.details.deleted_date;
  shown.tags = secret.details.tags;
  shown.created_date = wire::Timestamp{secret.created_ms};
  TRY_ASSIGN(auto versions, VersionsOf(call.tx(), secret.id));
  for (const SecretVersion& version : versions) {
    if (version.stages.empty()) continue;
    if (!shown.version_ids_to_stages) shown.version_ids_to_stages.emplace();
    (*shown.version_ids_to_stages)[version.version] = version.stages;
  }
  return shown;
}

Result<UpdateSecret::Answer> Secrets::Do(const gate::Authorized<UpdateSecret>& call) const {
  const auto& in = call->in;
  TRY(CheckSecretBuilt(in));
  TRY_ASSIGN(auto value, ValueOf(in));
  TRY_ASSIGN(Secret secret, AskedAlive(call, in.secret_id));
  if (in.description) secret.details.description = in.description;
  const bool other_key = in.kms_key_id && in.kms_key_id != secret.details.kms_key_id;
  if (other_key) {
    secret.details.kms_key_id = in.kms_key_id->empty() ? std::nullopt : in.kms_key_id;
    TRY(SealAnew(call, secret));
  }
  UpdateSecret::Answer answer{.arn = secret.arn, .name = secret.name};
  if (value) {
    TRY_ASSIGN(SecretVersion version,
               Add(call, secret, {in.client_request_token.value_or(random_.Uuid()), {std::string(kCurrent)}}, *value));
    answer.version_id = version.version;
  }
  secret.details.last_changed_date = wire::Timestamp{call.now_ms()};
  TRY(UpdateSecretRow(call.tx(), secret));
  return answer;
}

Result<DeleteSecret::Answer> Secrets::Do(const gate::Authorized<DeleteSecret>& call) const {
  const auto& in = call->in;
  const bool at_once = in.force_delete_without_recovery.value_or(false);
  if (at_once && in.recovery_window_in_days) {
    return Fail(ErrorCode::kInvalidArgument, "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  const std::int64_t days = in.recovery_window_in_days.value_or(kWindowMax_days);
  if (days < kWindowMin_days || days > kWindowMax_days) {
    return Fail(ErrorCode::kInvalidArgument, "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
  }
  TRY_ASSIGN(Secret secret, at_once ? Asked(call, in.secret_id) : AskedAlive(call, in.secret_id));
  DeleteSecret::Answer answer{.arn = secret.arn, .name = secret.name};
  if (at_once) {
    TRY(store::DeleteThing(call.tx(), secret.id));
    answer.deletion_date = wire::Timestamp{call.now_ms()};
    return answer;
  }
  secret.deletion_ms = call.now_ms() + days * kDayMs;
  secret.details.deleted_date = wire::Timestamp{call.now_ms()};
  TRY(UpdateSecretRow(call.tx(), secret));
  answer.deletion_date = wire::Timestamp{secret.deletion_ms};
  return answer;
}

Result<RestoreSecret::Answer> Secrets::Do(const gate::Authorized<RestoreSecret>& call) const {
  TRY_ASSIGN(Secret secret, Asked(call, call->in.secret_id));
  secret.deletion_ms = 0;
  secret.details.deleted_date.reset();
  TRY(UpdateSecretRow(call.tx(), secret));
  return RestoreSecret::Answer{.arn = secret.arn, .name = secret.name};
}

Result<RotateSecret::Answer> Secrets::Do(const gate::Authorized<RotateSecret>& call) const {
  TRY(AskedAlive(call, call->in.secret_id));
  if (call->in.rotation_lambda_arn) return Fail(ErrorCode::kUnsupported, "Rotation functions");
  return FailAs(ErrorCode::kConflict, "InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.");
}

Result<CancelRotateSecret::Answer> Secrets::Do(const gate::Authorized<CancelRotateSecret>& call) const {
  TRY_ASSIGN(Secret secret, AskedAlive(call, call->in.secret_id));
  return CancelRotateSecret::Answer{.arn = secret.arn, .name = secret.name};
}

}  // namespace hanse::secrets
