#include "query/fair_queue.h"

#include <tuple>
#include <utility>

namespace hanse::query {
namespace {

Lane WorkgroupLane(const Lane& lane) { return {.account = lane.account, .workgroup = lane.workgroup, .caller = {}}; }
Lane AccountLane(const Lane& lane) { return {.account = lane.account, .workgroup = {}, .caller = {}}; }

}  // namespace

FairQueue::Uses FairQueue::UsesOf(const Lane& lane) {
  return {.account = &uses_[AccountLane(lane)], .workgroup = &uses_[WorkgroupLane(lane)], .caller = &uses_[lane]};
}

bool FairQueue::Full(const Lane& lane) const {
  auto waiting = [this](const Lane& whose) {
    auto use = uses_.find(whose);
    return use == uses_.end() ? 0 : use->second.waiting;
  };
  return all_waiting_ >= kWaitingMax || waiting(AccountLane(lane)) >= kWaitingOfAccountMax || waiting(lane) >= kWaitingOfCallerMax;
}

void FairQueue::Push(const Lane& lane, std::string id) {
  waiting_[lane].push_back(std::move(id));
  auto [account, workgroup, caller] = UsesOf(lane);
  for (Use* use : {account, workgroup, caller}) ++use->waiting;
  ++all_waiting_;
}

bool FairQueue::Remove(const Lane& lane, const std::string& id) {
  auto waiting = waiting_.find(lane);
  if (waiting == waiting_.end() || std::erase(waiting->second, id) == 0) return false;
  if (waiting->second.empty()) waiting_.erase(waiting);
  --all_waiting_;
  auto [account, workgroup, caller] = UsesOf(lane);
  for (Use* use : {account, workgroup, caller}) --use->waiting;
  Forget(lane);
  return true;
}

std::optional<FairQueue::Turn> FairQueue::Next() {
  auto rank = [](const Uses& uses) {
    return std::tuple(uses.account->running, uses.account->last_turn, uses.workgroup->running, uses.workgroup->last_turn,
                      uses.caller->running, uses.caller->last_turn);
  };
  auto chosen = waiting_.end();
  Uses best{};
  for (auto lane = waiting_.begin(); lane != waiting_.end(); ++lane) {
    Uses uses = UsesOf(lane->first);
    if (!MayRun(uses)) continue;
    if (chosen != waiting_.end() && rank(best) <= rank(uses)) continue;
    chosen = lane;
    best = uses;
  }
  if (chosen == waiting_.end()) return std::nullopt;
  Turn turn{.lane = chosen->first, .id = std::move(chosen->second.front())};
  chosen->second.pop_front();
  if (chosen->second.empty()) waiting_.erase(chosen);
  --all_waiting_;
  ++turns_;
  ++all_running_;
  for (Use* use : {best.account, best.workgroup, best.caller}) {
    --use->waiting;
    ++use->running;
    use->last_turn = turns_;
  }
  return turn;
}

bool FairQueue::MayRun(const Uses& uses) const {
  return all_running_ < shares_.all && uses.account->running < shares_.account && uses.workgroup->running < shares_.workgroup &&
         uses.caller->running < shares_.caller;
}

void FairQueue::Ended(const Lane& lane) {
  auto [account, workgroup, caller] = UsesOf(lane);
  --all_running_;
  for (Use* use : {account, workgroup, caller}) --use->running;
  Forget(lane);
}

// Who neither runs nor waits comes back as a newcomer.
void FairQueue::Forget(const Lane& lane) {
  for (const Lane& whose : {lane, WorkgroupLane(lane), AccountLane(lane)}) {
    auto use = uses_.find(whose);
    if (use != uses_.end() && use->second.running == 0 && use->second.waiting == 0) uses_.erase(use);
  }
}

}  // namespace hanse::query
