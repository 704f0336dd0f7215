#include "gate/state.h"

namespace hanse::gate {

Result<void> Call::Require(const Need& need) const { return gate_.RequireOne(*tx_, context_, need, state_); }

Result<bool> Call::Allowed(const Need& need) const {
  auto required = gate_.RequireOne(*tx_, context_, need, state_);
  if (required) return true;
  if (required.error().code == ErrorCode::kAccessDenied) return false;
  return std::unexpected(std::move(required).error());
}

void Call::NoteResource(std::string type, std::string arn) const { state_.resources.emplace_back(std::move(type), std::move(arn)); }

void Call::NoteAdditional(std::string json) const { state_.additional = std::move(json); }

void Call::NoteReason(std::string reason) const { state_.reasons.push_back(std::move(reason)); }

void Call::AlsoRecord(audit::Event event) const { state_.more_events.push_back(std::move(event)); }

void Call::AfterCommit(std::function<void()> action) const { state_.after_commit.push_back(std::move(action)); }

audit::Event Call::NewEvent() const {
  return gate::NewEvent(Rule{context_.info.service, context_.info.operation, Record::kRead, "Management"}, context_,
                        gate_.parts_.random);
}

}  // namespace hanse::gate
