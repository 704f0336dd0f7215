#include <algorithm>

#include <fmt/format.h>

#include "keys/errors.h"
#include "keys/kms.h"

// New material under an old name: what was sealed before opens with what sealed it. Source: KMS Developer Guide, "Rotate AWS KMS
// keys". Rotation by itself: keeper.h.
namespace hanse::keys {
namespace {

constexpr std::int32_t kPeriodDefault_days = 365;
constexpr std::size_t kOnDemandMax = 25;
constexpr std::int64_t kRotationsShown = 100;
constexpr TimeMs kDayOfRotationMs = 24 * 3600 * TimeMs{1000};

}  // namespace

Result<EnableKeyRotation::Answer> Kms::Do(const gate::Authorized<EnableKeyRotation>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY(CheckUsable(key.state, key.arn));
  key.details.rotation_days = call->in.rotation_period_in_days.value_or(kPeriodDefault_days);
  key.details.rotates_ms = call.now_ms() + key.details.rotation_days * kDayOfRotationMs;
  TRY(UpdateKey(call.tx(), key));
  return EnableKeyRotation::Answer{};
}

Result<DisableKeyRotation::Answer> Kms::Do(const gate::Authorized<DisableKeyRotation>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY(CheckUsable(key.state, key.arn));
  key.details.rotation_days = 0;
  key.details.rotates_ms = 0;
  TRY(UpdateKey(call.tx(), key));
  return DisableKeyRotation::Answer{};
}

Result<GetKeyRotationStatus::Answer> Kms::Do(const gate::Authorized<GetKeyRotationStatus>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  GetKeyRotationStatus::Answer answer{.key_rotation_enabled = key.details.rotation_days > 0, .key_id = key.arn};
  if (key.details.rotation_days > 0) {
    answer.rotation_period_in_days = key.details.rotation_days;
    answer.next_rotation_date = wire::Timestamp{key.details.rotates_ms};
  }
  return answer;
}

Result<RotateKeyOnDemand::Answer> Kms::Do(const gate::Authorized<RotateKeyOnDemand>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY(CheckUsable(key.state, key.arn));
  if (key.details.on_demand.size() >= kOnDemandMax) {
    return Refuse(ErrorCode::kLimitExceeded, "LimitExceededException",
                  fmt::format("A key is rotated on demand at most {} times.", kOnDemandMax));
  }
  TRY_ASSIGN(std::int64_t version, materials_.Add(call.tx(), key.id, call.now_ms()));
  key.details.on_demand.push_back(version);
  TRY(UpdateKey(call.tx(), key));
  return RotateKeyOnDemand::Answer{.key_id = key.arn};
}

Result<ListKeyRotations::Answer> Kms::Do(const gate::Authorized<ListKeyRotations>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  const bool all = call->in.include_key_material.value_or("ROTATIONS_ONLY") == "ALL_KEY_MATERIAL";
  TRY_ASSIGN(auto page,
             markers_.Begin(fmt::format("ListKeyRotations {} {}", key.arn, all), call->in.marker, call->in.limit, kRotationsShown));
  TRY_ASSIGN(auto materials, Materials::Of(call.tx(), key.id));
  const std::int64_t newest = materials.empty() ? 0 : materials.back().version;
  auto name = [](std::int64_t version) { return fmt::format("{:019}", version); };
  std::erase_if(materials,
                [&](const Materials::Made& one) { return (!all && one.version == 1) || name(one.version) <= page.after; });
  ListKeyRotations::Answer answer;
  markers_.End(page, &materials, [&](const Materials::Made& one) { return name(one.version); }, &answer);
  answer.rotations.emplace();
  for (const Materials::Made& one : materials) {
    wk::RotationsListEntry shown{.key_id = key.arn, .key_material_id = MaterialId(key.arn, one.version)};
    shown.key_material_state = one.version == newest ? "CURRENT" : "NON_CURRENT";
    if (one.version > 1) {
      const bool asked = std::ranges::find(key.details.on_demand, one.version) != key.details.on_demand.end();
      shown.rotation_date = wire::Timestamp{one.created_ms};
      shown.rotation_type = asked ? "ON_DEMAND" : "AUTOMATIC";
    }
    answer.rotations->push_back(std::move(shown));
  }
  return answer;
}

}  // namespace hanse::keys
