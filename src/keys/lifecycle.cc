#include <algorithm>

#include <fmt/format.h>

#include "crypto/digest.h"
#include "keys/errors.h"
#include "keys/key_policy.h"
#include "keys/kms.h"
#include "keys/tags.h"

// Keys come, are shut and opened, and go. Source: KMS Developer Guide, "Key states of AWS KMS keys".
namespace hanse::keys {
namespace {

constexpr std::int64_t kKeysShown = 100;
constexpr std::int32_t kWindowMin_days = 7, kWindowMax_days = 30;
constexpr TimeMs kDayMs = 24 * 3600 * TimeMs{1000};

// What is not built is refused by name.
Result<void> CheckBuilt(const wk::CreateKeyRequest& in) {
  const std::string spec = in.key_spec ? *in.key_spec : in.customer_master_key_spec.value_or("SYMMETRIC_DEFAULT");
  if (in.key_spec && in.customer_master_key_spec && *in.key_spec != *in.customer_master_key_spec) {
    return Invalid("KeySpec and CustomerMasterKeySpec cannot differ.");
  }
  if (spec != "SYMMETRIC_DEFAULT") return NotBuilt("KeySpec " + spec);
  const std::string usage = in.key_usage.value_or("ENCRYPT_DECRYPT");
  if (usage != "ENCRYPT_DECRYPT") return Invalid("KeyUsage " + usage + " is not compatible with KeySpec SYMMETRIC_DEFAULT");
  const std::string origin = in.origin.value_or("AWS_KMS");
  if (origin != "AWS_KMS") return NotBuilt("Origin " + origin);
  if (in.custom_key_store_id || in.xks_key_id) return NotBuilt("A custom key store");
  if (in.multi_region.value_or(false)) return NotBuilt("MultiRegion");
  return {};
}

wk::KeyMetadata Metadata(const KmsKey& key, std::int64_t version) {
  wk::KeyMetadata shown{.aws_account_id = key.account, .key_id = key.key_id, .arn = key.arn};
  shown.creation_date = wire::Timestamp{key.created_ms};
  shown.enabled = key.state == kEnabled;
  shown.description = key.details.description;
  shown.key_usage = "ENCRYPT_DECRYPT";
  shown.key_state = key.state;
  if (key.state == kPendingDeletion) shown.deletion_date = wire::Timestamp{key.details.deletion_ms};
  shown.origin = "AWS_KMS";
  shown.key_manager = "CUSTOMER";
  shown.customer_master_key_spec = shown.key_spec = "SYMMETRIC_DEFAULT";
  shown.encryption_algorithms = {"SYMMETRIC_DEFAULT"};
  shown.multi_region = false;
  shown.current_key_material_id = MaterialId(key.arn, version);
  return shown;
}

// The policy must leave the caller the right to change it again (KMS Developer Guide, "key policy lockout safety check").
Result<void> CheckNotLockedOut(const gate::Call& call, const KmsKey& key) {
  gate::Need again{.action = "kms:PutKeyPolicy",
                   .resource = key.arn,
                   .owner = key.account,
                   .context = {{"kms:calleraccount", {call.caller().account}}}};
  TRY_ASSIGN(bool may, call.Allowed(again));
  if (may) return {};
  return Refuse(ErrorCode::kInvalidArgument, "MalformedPolicyDocumentException",
                "The new key policy will not allow you to update the key policy in the future.");
}

}  // namespace

Result<KmsKey> Asked(const gate::Call& call, std::string_view name) {
  TRY_ASSIGN(Named named, Resolve(call.context(), call.tx(), name));
  if (!named.key) return named.alias.empty() ? NoSuchKey(named.arn) : NoSuchAlias(named.arn);
  call.NoteResource("AWS::KMS::Key", named.arn);
  return *std::move(named.key);
}

Result<void> CheckAlive(const KmsKey& key) {
  if (key.state == kPendingDeletion) return PendingDeletion(key.arn);
  return {};
}

std::string MaterialId(std::string_view key_arn, std::int64_t version) {
  return crypto::Sha256Hex(fmt::format("{} {}", key_arn, version));
}

Result<CreateKey::Answer> Kms::Do(const gate::Authorized<CreateKey>& call) {
  const wk::CreateKeyRequest& in = call->in;
  TRY(CheckBuilt(in));
  TRY_ASSIGN(Id id, call.tx().NewId());
  KmsKey key{.id = id,
             .key_id = random_.Uuid(),
             .account = call.caller().account,
             .region = call.info().region,
             .arn = {},
             .state = std::string(kEnabled),
             .created_ms = call.now_ms(),
             .policy = {}};
  key.arn = KeyArn(key.region, key.account, key.key_id);
  key.details.description = in.description.value_or("");
  TRY(AddTags(in.tags.value_or(std::vector<wk::Tag>()), &key.details.tags));
  TRY_ASSIGN(key.policy, KeptPolicy(call.tx(), in.policy.value_or(DefaultPolicy(key.account))));
  TRY(InsertKey(call.tx(), key));
  TRY_ASSIGN(std::int64_t version, materials_.Add(call.tx(), id, call.now_ms()));
  if (!in.bypass_policy_lockout_safety_check.value_or(false)) TRY(CheckNotLockedOut(call, key));
  call.NoteResource("AWS::KMS::Key", key.arn);
  return CreateKey::Answer{.key_metadata = Metadata(key, version)};
}

Result<DescribeKey::Answer> Kms::Do(const gate::Authorized<DescribeKey>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY_ASSIGN(auto materials, Materials::Of(call.tx(), key.id));
  return DescribeKey::Answer{.key_metadata = Metadata(key, materials.empty() ? 0 : materials.back().version)};
}

Result<ListKeys::Answer> Kms::Do(const gate::Authorized<ListKeys>& call) {
  const AccountId& account = call.caller().account;
  const std::string& region = call.info().region;
  if (call->in.resource_owners && !std::ranges::all_of(*call->in.resource_owners, [](const auto& one) { return one == "SELF"; })) {
    return NotBuilt("ResourceOwners other than SELF");
  }
  TRY_ASSIGN(auto page,
             markers_.Begin(fmt::format("ListKeys {} {}", account, region), call->in.marker, call->in.limit, kKeysShown));
  TRY_ASSIGN(auto rows, KeysOf(call.tx(), account, region, page.after, page.limit + 1));
  ListKeys::Answer answer;
  markers_.End(page, &rows, [](const KmsKey& key) { return key.key_id; }, &answer);
  answer.keys.emplace();
  for (const KmsKey& key : rows) answer.keys->push_back({.key_id = key.key_id, .key_arn = key.arn});
  return answer;
}

Result<UpdateKeyDescription::Answer> Kms::Do(const gate::Authorized<UpdateKeyDescription>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY(CheckAlive(key));
  key.details.description = call->in.description.value_or("");
  TRY(UpdateKey(call.tx(), key));
  return UpdateKeyDescription::Answer{};
}

Result<EnableKey::Answer> Kms::Do(const gate::Authorized<EnableKey>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY(CheckAlive(key));
  key.state = kEnabled;
  TRY(UpdateKey(call.tx(), key));
  return EnableKey::Answer{};
}

Result<DisableKey::Answer> Kms::Do(const gate::Authorized<DisableKey>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY(CheckAlive(key));
  key.state = kDisabled;
  TRY(UpdateKey(call.tx(), key));
  return DisableKey::Answer{};
}

Result<ScheduleKeyDeletion::Answer> Kms::Do(const gate::Authorized<ScheduleKeyDeletion>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY(CheckAlive(key));
  key.details.window_days = call->in.pending_window_in_days.value_or(kWindowMax_days);
  if (key.details.window_days < kWindowMin_days || key.details.window_days > kWindowMax_days) {
    return Invalid(fmt::format("PendingWindowInDays must be between {} and {}", kWindowMin_days, kWindowMax_days));
  }
  key.state = kPendingDeletion;
  key.details.deletion_ms = call.now_ms() + key.details.window_days * kDayMs;
  TRY(UpdateKey(call.tx(), key));
  return ScheduleKeyDeletion::Answer{.key_id = key.arn,
                                     .deletion_date = wire::Timestamp{key.details.deletion_ms},
                                     .key_state = key.state,
                                     .pending_window_in_days = key.details.window_days};
}

Result<CancelKeyDeletion::Answer> Kms::Do(const gate::Authorized<CancelKeyDeletion>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  if (key.state != kPendingDeletion) {
    return Refuse(ErrorCode::kConflict, "KMSInvalidStateException", fmt::format("{} is not pending deletion.", key.arn));
  }
  key.state = kDisabled;
  key.details.deletion_ms = 0;
  key.details.window_days = 0;
  TRY(UpdateKey(call.tx(), key));
  return CancelKeyDeletion::Answer{.key_id = key.arn};
}

Result<PutKeyPolicy::Answer> Kms::Do(const gate::Authorized<PutKeyPolicy>& call) {
  TRY(CheckPolicyName(call->in.policy_name));
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY_ASSIGN(key.policy, KeptPolicy(call.tx(), *call->in.policy));
  TRY(UpdateKey(call.tx(), key));
  if (!call->in.bypass_policy_lockout_safety_check.value_or(false)) TRY(CheckNotLockedOut(call, key));
  return PutKeyPolicy::Answer{};
}

}  // namespace hanse::keys
