#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "crypto/digest.h"
#include "crypto/sealed.h"
#include "secrets/secrets.h"

// Values and their labels. Source: Secrets Manager User Guide, "What's in a Secrets Manager secret?" (versions).
namespace hanse::secrets {
namespace {

constexpr std::size_t kStagesMax = 20, kDeprecatedKept = 100, kVersionsShown = 100;
constexpr TimeMs kDeprecatedKeptMs = 24 * 3600 * TimeMs{1000};

std::unexpected<Error> NoValue(std::string_view kind, std::string_view which) {
  return Fail(ErrorCode::kNotFound, fmt::format("Secrets Manager can't find the specified secret value for {}: {}", kind, which));
}

SecretVersion* WithStage(std::vector<SecretVersion>* versions, std::string_view stage) {
  auto found = std::ranges::find_if(*versions, [&](const SecretVersion& v) { return Contains(v.stages, stage); });
  return found == versions->end() ? nullptr : &*found;
}
SecretVersion* WithId(std::vector<SecretVersion>* versions, std::string_view id) {
  auto found = std::ranges::find_if(*versions, [&](const SecretVersion& v) { return v.version == id; });
  return found == versions->end() ? nullptr : &*found;
}

// Gives the label to `to` (nullptr: to none). AWSPREVIOUS goes to where AWSCURRENT was.
void MoveStage(std::vector<SecretVersion>* versions, const std::string& stage, SecretVersion* to) {
  SecretVersion* from = WithStage(versions, stage);
  if (from == to) return;
  if (from != nullptr) std::erase(from->stages, stage);
  if (to != nullptr) to->stages.push_back(stage);
  if (stage == kCurrent && from != nullptr) MoveStage(versions, std::string(kPrevious), from);
  // What is current is never its own predecessor.
  if (stage == kCurrent && to != nullptr) std::erase(to->stages, kPrevious);
}

Result<void> CheckStages(const std::vector<SecretVersion>& versions) {
  for (const SecretVersion& version : versions) {
    if (version.stages.size() <= kStagesMax) continue;
    return Fail(ErrorCode::kLimitExceeded, fmt::format("A version has at most {} staging labels.", kStagesMax));
  }
  return {};
}

// Writes the labels; forgets the oldest of those that have none.
Result<void> KeepVersions(const gate::Call& call, const std::vector<SecretVersion>& versions) {
  TRY(CheckStages(versions));
  std::size_t deprecated = 0;
  for (const SecretVersion& version : versions) {
    const bool old = version.stages.empty() && version.created_ms + kDeprecatedKeptMs < call.now_ms();
    if (version.stages.empty() && ++deprecated > kDeprecatedKept && old) {
      TRY(DeleteVersion(call.tx(), version.number));
    } else {
      TRY(UpdateVersion(call.tx(), version));
    }
  }
  return {};
}

Result<void> Touch(const gate::Call& call, Secret secret) {
  secret.details.last_changed_date = wire::Timestamp{call.now_ms()};
  return UpdateSecretRow(call.tx(), secret);
}

}  // namespace

Result<SecretVersion> Secrets::Add(const gate::Call& call, const Secret& secret, NewVersion wanted,
                                   const SecretValue& value) const {
  TRY_ASSIGN(auto versions, VersionsOf(call.tx(), secret.id));
  if (const SecretVersion* same = WithId(&versions, wanted.id); same != nullptr) {
    TRY_ASSIGN(SecretValue before, sealing_.Open(call, secret, *same));
    if (before.kind == value.kind && crypto::SameSecret(before.content, value.content)) return *same;
    return FailAs(ErrorCode::kAlreadyExists, "ResourceExistsException",
                  fmt::format("A version of {} with the id {} exists already and holds another value.", secret.name, wanted.id));
  }
  // The first value is the current one whatever it is called.
  if (versions.empty() && !Contains(wanted.stages, kCurrent)) wanted.stages.emplace_back(kCurrent);
  SecretVersion version{.secret = secret.id, .version = wanted.id, .created_ms = call.now_ms()};
  TRY(sealing_.Seal(call, secret, value, &version));
  TRY(InsertVersion(call.tx(), &version));
  versions.insert(versions.begin(), version);
  for (const std::string& stage : wanted.stages) MoveStage(&versions, stage, &versions.front());
  TRY(KeepVersions(call, versions));
  return versions.front();
}

Result<void> Secrets::SealAnew(const gate::Call& call, const Secret& secret) const {
  TRY(sealing_.KeyOf(call, secret));
  TRY_ASSIGN(auto versions, VersionsOf(call.tx(), secret.id));
  for (SecretVersion& version : versions) {
    if (version.stages.empty()) continue;
    TRY_ASSIGN(SecretValue value, sealing_.Open(call, secret, version));
    TRY(sealing_.Seal(call, secret, value, &version));
    TRY(UpdateVersion(call.tx(), version));
  }
  return {};
}

Result<PutSecretValue::Answer> Secrets::Do(const gate::Authorized<PutSecretValue>& call) const {
  const auto& in = call->in;
  if (in.rotation_token) return Fail(ErrorCode::kUnsupported, "RotationToken");
  TRY_ASSIGN(auto value, ValueOf(in));
  if (!value) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidRequestException", "You must provide either SecretString or SecretBinary.");
  }
  TRY_ASSIGN(Secret secret, AskedAlive(call, in.secret_id));
  NewVersion wanted{.id = in.client_request_token.value_or(random_.Uuid()),
                    .stages = in.version_stages.value_or(std::vector<std::string>{std::string(kCurrent)})};
  TRY_ASSIGN(SecretVersion version, Add(call, secret, std::move(wanted), *value));
  TRY(Touch(call, secret));
  return PutSecretValue::Answer{
      .arn = secret.arn, .name = secret.name, .version_id = version.version, .version_stages = version.stages};
}

Result<GetSecretValue::Answer> Secrets::Read(const gate::Call& call, const Secret& secret,
                                             const std::optional<std::string>& version_id,
                                             const std::optional<std::string>& stage) const {
  TRY_ASSIGN(auto versions, VersionsOf(call.tx(), secret.id));
  const SecretVersion* version = nullptr;
  if (version_id) {
    version = WithId(&versions, *version_id);
    if (version == nullptr) return NoValue("VersionId", *version_id);
    if (stage && !Contains(version->stages, *stage)) return NoValue("staging label", *stage);
  } else {
    const std::string wanted = stage.value_or(std::string(kCurrent));
    version = WithStage(&versions, wanted);
    if (version == nullptr) return NoValue("staging label", wanted);
  }
  TRY_ASSIGN(SecretValue value, sealing_.Open(call, secret, *version));
  GetSecretValue::Answer answer{.arn = secret.arn, .name = secret.name, .version_id = version->version};
  (value.kind == SecretValue::Kind::kText ? answer.secret_string : answer.secret_binary) = std::move(value.content);
  if (!version->stages.empty()) answer.version_stages = version->stages;
  answer.created_date = wire::Timestamp{version->created_ms};
  return answer;
}

Result<GetSecretValue::Answer> Secrets::Do(const gate::Authorized<GetSecretValue>& call) const {
  TRY_ASSIGN(Secret secret, AskedAlive(call, call->in.secret_id));
  return Read(call, secret, call->in.version_id, call->in.version_stage);
}

Result<void> Secrets::AddToBatch(const gate::Call& call, const std::string& id, BatchGetSecretValue::Answer* answer) const {
  auto refuse = [&](std::string code, std::string message) {
    answer->errors->push_back({.secret_id = id, .error_code = std::move(code), .message = std::move(message)});
  };
  TRY_ASSIGN(gate::Need need, NeedOnSecret(call.context(), call.tx(), "secretsmanager:GetSecretValue", id,
                                           {{"secretsmanager:versionstage", {std::string(kCurrent)}}}));
  TRY_ASSIGN(bool may, call.Allowed(need));
  if (!may) {
    refuse("AccessDeniedException", fmt::format("You are not authorized to perform secretsmanager:GetSecretValue on {}", id));
    return {};
  }
  auto secret = AskedAlive(call, id);
  auto read = secret ? Read(call, *secret, std::nullopt, std::nullopt)
                     : Result<GetSecretValue::Answer>(std::unexpected(std::move(secret).error()));
  if (read) {
    answer->secret_values->push_back({.arn = read->arn,
                                      .name = read->name,
                                      .version_id = read->version_id,
                                      .secret_binary = std::move(read->secret_binary),
                                      .secret_string = std::move(read->secret_string),
                                      .version_stages = read->version_stages,
                                      .created_date = read->created_date});
    return {};
  }
  Error& error = read.error();
  switch (error.code) {
    case ErrorCode::kNotFound: refuse("ResourceNotFoundException", error.message); return {};
    case ErrorCode::kAccessDenied: refuse("AccessDeniedException", error.message); return {};
    case ErrorCode::kConflict: refuse(error.name, error.message); return {};
    default: return std::unexpected(std::move(error));
  }
}

Result<UpdateSecretVersionStage::Answer> Secrets::Do(const gate::Authorized<UpdateSecretVersionStage>& call) const {
  const auto& in = call->in;
  const std::string& stage = *in.version_stage;
  TRY_ASSIGN(Secret secret, AskedAlive(call, in.secret_id));
  TRY_ASSIGN(auto versions, VersionsOf(call.tx(), secret.id));
  const SecretVersion* holder = WithStage(&versions, stage);
  const bool stays = holder != nullptr && in.move_to_version_id == holder->version;
  if (holder != nullptr && !stays && in.remove_from_version_id != holder->version) {
    return Fail(
        ErrorCode::kInvalidArgument,
        fmt::format("The staging label {} is attached to version {}: RemoveFromVersionId must name it.", stage, holder->version));
  }
  if (holder == nullptr && in.remove_from_version_id) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("The staging label {} is not attached to that version.", stage));
  }
  SecretVersion* to = nullptr;
  if (in.move_to_version_id) {
    to = WithId(&versions, *in.move_to_version_id);
    if (to == nullptr) return NoValue("VersionId", *in.move_to_version_id);
  } else if (stage == kCurrent) {
    return Fail(ErrorCode::kInvalidArgument, "You can only move staging label AWSCURRENT to a different secret version.");
  }
  MoveStage(&versions, stage, to);
  TRY(KeepVersions(call, versions));
  TRY(Touch(call, secret));
  return UpdateSecretVersionStage::Answer{.arn = secret.arn, .name = secret.name};
}

Result<ListSecretVersionIds::Answer> Secrets::Do(const gate::Authorized<ListSecretVersionIds>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(Secret secret, Asked(call, in.secret_id));
  const std::string list = fmt::format("ListSecretVersionIds/{}/{}", secret.id, in.include_deprecated.value_or(false));
  Id before = 0;
  if (in.next_token) {
    auto cursor = crypto::OpenToken(key_, list, *in.next_token);
    if (!cursor) return FailAs(ErrorCode::kInvalidArgument, "InvalidNextTokenException", "The NextToken value is invalid.");
    std::from_chars(cursor->data(), cursor->data() + cursor->size(), before);
  }
  const std::size_t size = static_cast<std::size_t>(in.max_results.value_or(static_cast<std::int32_t>(kVersionsShown)));
  ListSecretVersionIds::Answer answer{
      .versions = std::vector<ws::SecretVersionsListEntry>(), .arn = secret.arn, .name = secret.name};
  TRY_ASSIGN(auto versions, VersionsOf(call.tx(), secret.id));
  Id last = 0;
  for (const SecretVersion& version : versions) {
    if (before != 0 && version.number >= before) continue;
    if (version.stages.empty() && !in.include_deprecated.value_or(false)) continue;
    if (answer.versions->size() == size) {
      answer.next_token = crypto::SealToken(key_, random_, list, std::to_string(last));
      break;
    }
    last = version.number;
    ws::SecretVersionsListEntry entry{.version_id = version.version, .created_date = wire::Timestamp{version.created_ms}};
    if (!version.stages.empty()) entry.version_stages = version.stages;
    entry.kms_key_ids = std::vector<std::string>{version.key_arn};
    answer.versions->push_back(std::move(entry));
  }
  return answer;
}

}  // namespace hanse::secrets
