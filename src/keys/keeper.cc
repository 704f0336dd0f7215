#include "keys/keeper.h"

#include <chrono>

#include <fmt/format.h>

#include "base/log.h"
#include "keys/kms_key.h"
#include "store/directory.h"

namespace hanse::keys {
namespace {

constexpr auto kRoundsEvery = std::chrono::seconds(60);
constexpr std::int64_t kDueAtOnce = 100;
constexpr TimeMs kDayOfKeeperMs = 24 * 3600 * TimeMs{1000};

std::vector<gate::Need> NeedOfService(const char* action, const std::string& arn) {
  return {{.action = action, .resource = arn, .owner = {}}};
}

std::string KeyIdParameter(const std::string& arn) { return fmt::format(R"({{"keyId":"{}"}})", arn); }

// The key, if it is still due: whoever came first may have changed its mind.
Result<std::optional<KmsKey>> StillDue(const gate::Call& call, const std::string& arn, std::string_view state) {
  TRY_ASSIGN(auto row, call.tx().Maybe("SELECT due_ms FROM keys WHERE arn = ? AND state = ?", {arn, std::string(state)}));
  if (!row || row->Int(0) == 0 || row->Int(0) > call.now_ms()) return std::optional<KmsKey>();
  call.NoteResource("AWS::KMS::Key", arn);
  return FindKey(call.tx(), arn, "", "");
}

}  // namespace

Result<std::vector<gate::Need>> DeleteKey::On(const gate::Context&, store::Transaction&) const {
  return NeedOfService("kms:DeleteKey", arn);
}
std::string DeleteKey::Parameters() const { return KeyIdParameter(arn); }

Result<std::vector<gate::Need>> RotateKey::On(const gate::Context&, store::Transaction&) const {
  return NeedOfService("kms:RotateKey", arn);
}
std::string RotateKey::Parameters() const { return KeyIdParameter(arn); }

void Keeper::Start() {
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      if (auto done = Run(); !done) spdlog::warn("keys that are due: {}", done.error().message);
      lock.lock();
      stop_.wait_for(lock, kRoundsEvery, [this] { return stopping_; });
    }
  });
}

void Keeper::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<int> Keeper::Run() {
  std::vector<store::Row> due;
  {
    TRY_ASSIGN(auto tx, store_.BeginRead());
    TRY_ASSIGN(due, tx->Query("SELECT arn, account, region, state FROM keys WHERE due_ms > 0 AND due_ms <= ? LIMIT ?",
                              {clock_.NowMs(), kDueAtOnce}));
  }
  for (const store::Row& row : due) {
    gate::Context context;
    context.caller.kind = CallerKind::kService;
    context.caller.name = context.caller.arn = context.caller.invoked_by = kServiceName;
    context.caller.account = row.Text(1);
    context.info.id = random_.Uuid();
    context.info.service = "kms";
    context.info.operation = row.Text(3) == kPendingDeletion ? "DeleteKey" : "RotateKey";
    context.info.region = row.Text(2);
    context.info.now_ms = clock_.NowMs();
    if (row.Text(3) == kPendingDeletion) {
      TRY(gate_.Run(context, DeleteKey{row.Text(0)}, *this));
    } else {
      TRY(gate_.Run(context, RotateKey{row.Text(0)}, *this));
    }
  }
  return static_cast<int>(due.size());
}

Result<void> Keeper::Do(const gate::Authorized<DeleteKey>& call) {
  TRY_ASSIGN(auto key, StillDue(call, call->arn, kPendingDeletion));
  if (!key) return {};
  // With its material, aliases and grants: what lies under it can never be opened again.
  return store::DeleteThing(call.tx(), key->id);
}

Result<void> Keeper::Do(const gate::Authorized<RotateKey>& call) {
  TRY_ASSIGN(auto key, StillDue(call, call->arn, kEnabled));
  if (!key) return {};
  TRY(materials_.Add(call.tx(), key->id, call.now_ms()));
  key->details.rotates_ms = call.now_ms() + key->details.rotation_days * kDayOfKeeperMs;
  return UpdateKey(call.tx(), *key);
}

}  // namespace hanse::keys
