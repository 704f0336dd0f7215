#include "governance/grants.h"

#include <set>

#include "governance/modify.h"
#include "governance/refusals.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;

template <class In>
lf::BatchPermissionsRequestEntry EntryOf(const In& in) {
  return {.principal = in.principal,
          .resource = in.resource,
          .permissions = in.permissions,
          .condition = in.condition,
          .permissions_with_grant_option = in.permissions_with_grant_option};
}

// What the caller got wrong fails its entry; what the server cannot do fails the call, and nothing of it stays.
bool FailsTheEntry(ErrorCode code) {
  return code != ErrorCode::kUnavailable && code != ErrorCode::kInternal && code != ErrorCode::kTimeout &&
         code != ErrorCode::kThrottled;
}

template <class In>
Result<std::optional<std::vector<lf::BatchPermissionsFailureEntry>>> Batch(const gate::Call& call, Random& random, Change change,
                                                                           const In& in) {
  const auto& entries = in.entries.value_or(std::vector<lf::BatchPermissionsRequestEntry>());
  if (entries.size() > Grants::kMaxBatch) return Invalid("Entries must have at most 20 members");
  std::set<std::string> ids;
  for (const auto& entry : entries) {
    if (!ids.insert(entry.id.value_or("")).second) return Invalid("Entries have the Id twice: " + entry.id.value_or(""));
  }
  std::vector<lf::BatchPermissionsFailureEntry> failures;
  for (const auto& entry : entries) {
    Result<void> done = Modify(call, random, change, in.catalog_id, entry);
    if (done) continue;
    if (!FailsTheEntry(done.error().code)) return std::unexpected(std::move(done).error());
    failures.push_back(
        {.request_entry = entry,
         .error = lf::ErrorDetail{.error_code = LakeErrorCode(done.error()), .error_message = done.error().message}});
  }
  return std::optional(std::move(failures));
}

}  // namespace

Result<GrantPermissions::Answer> Grants::Do(const gate::Authorized<GrantPermissions>& call) {
  TRY(Modify(call, random_, Change::kGrant, call->in.catalog_id, EntryOf(call->in)));
  return GrantPermissions::Answer();
}

Result<RevokePermissions::Answer> Grants::Do(const gate::Authorized<RevokePermissions>& call) {
  TRY(Modify(call, random_, Change::kRevoke, call->in.catalog_id, EntryOf(call->in)));
  return RevokePermissions::Answer();
}

Result<BatchGrantPermissions::Answer> Grants::Do(const gate::Authorized<BatchGrantPermissions>& call) {
  TRY_ASSIGN(auto failures, Batch(call, random_, Change::kGrant, call->in));
  return BatchGrantPermissions::Answer{.failures = std::move(failures)};
}

Result<BatchRevokePermissions::Answer> Grants::Do(const gate::Authorized<BatchRevokePermissions>& call) {
  TRY_ASSIGN(auto failures, Batch(call, random_, Change::kRevoke, call->in));
  return BatchRevokePermissions::Answer{.failures = std::move(failures)};
}

}  // namespace hanse::governance
