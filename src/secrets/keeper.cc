#include "secrets/keeper.h"

#include <chrono>

#include <fmt/format.h>

#include "base/log.h"
#include "store/directory.h"

namespace hanse::secrets {
namespace {

constexpr std::string_view kServiceName = "secretsmanager.amazonaws.com";
constexpr std::int64_t kDueAtOnce = 100;

}  // namespace

Result<std::vector<gate::Need>> ForgetSecret::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{.action = std::string(kForgetAction), .resource = arn}};
}
std::string ForgetSecret::Parameters() const { return fmt::format(R"({{"secretId":"{}"}})", arn); }

Result<std::optional<gate::ResourcePolicySource::Found>> OfServiceAlone(policy::DocumentCache* documents, const AccountId& owner) {
  constexpr std::string_view kServiceAlone =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"secretsmanager.amazonaws.com"},)"
      R"("Action":"secretsmanager:ForgetSecret","Resource":"*"}]})";
  TRY_ASSIGN(policy::DocumentPtr document, documents->Parse(kServiceAlone, policy::DocumentKind::kResource));
  gate::ResourcePolicySource::Found found{.owner = owner, .delegation = policy::Delegation::kResource};
  found.document = policy::NamedDocument{"Secrets Manager", std::move(document)};
  return std::optional(std::move(found));
}

void Keeper::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      if (auto done = Run(); !done) spdlog::warn("secrets that are due: {}", done.error().message);
      due_.wait_for(lock, stop, std::chrono::minutes(1), [] { return false; });
    }
  });
}

Result<int> Keeper::Run() {
  std::vector<store::Row> due;
  {
    TRY_ASSIGN(auto tx, store_.BeginRead());
    TRY_ASSIGN(due, tx->Query("SELECT arn, account, region FROM secrets WHERE deletion_ms > 0 AND deletion_ms <= ? LIMIT ?",
                              {clock_.NowMs(), kDueAtOnce}));
  }
  for (const store::Row& row : due) {
    gate::Context context;
    context.caller.kind = CallerKind::kService;
    context.caller.name = context.caller.arn = context.caller.invoked_by = kServiceName;
    context.caller.account = row.Text(1);
    context.info.id = random_.Uuid();
    context.info.service = "secretsmanager";
    context.info.operation = "ForgetSecret";
    context.info.region = row.Text(2);
    context.info.now_ms = clock_.NowMs();
    TRY(gate_.Run(context, ForgetSecret{row.Text(0)}, *this));
  }
  return static_cast<int>(due.size());
}

Result<void> Keeper::Do(const gate::Authorized<ForgetSecret>& call) {
  // Whoever came first may have restored it.
  TRY_ASSIGN(auto row, call.tx().Maybe("SELECT id FROM secrets WHERE arn = ? AND deletion_ms > 0 AND deletion_ms <= ?",
                                       {call->arn, call.now_ms()}));
  if (!row) return {};
  call.NoteResource("AWS::SecretsManager::Secret", call->arn);
  return store::DeleteThing(call.tx(), row->Int(0));
}

}  // namespace hanse::secrets
