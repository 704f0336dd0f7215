#pragma once
#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace hanse::query {

// Whose query it is.
struct Lane {
  std::string account, workgroup, caller;
  auto operator<=>(const Lane&) const = default;
};

// Queries that wait for a thread, and whose turn it is: the account's that runs fewest; of its workgroups the one that runs fewest;
// of its callers likewise. Where they are even, who has waited longest since his last turn. A caller's own keep their order. Nobody
// runs more than his share at once, so that a thread is left for whoever comes next; nor may one fill the queue for all others.
// The caller locks.
class FairQueue {
 public:
  struct Shares {
    int all = 8, account = 6, workgroup = 5, caller = 3;  // At once.
  };
  static constexpr std::size_t kWaitingMax = 1000;
  static constexpr std::size_t kWaitingOfAccountMax = 500;
  static constexpr std::size_t kWaitingOfCallerMax = 250;

  explicit FairQueue(Shares shares) : shares_(shares) {}

  bool Full(const Lane& lane) const;
  void Push(const Lane& lane, std::string id);
  // Of one that waits; whether it did.
  bool Remove(const Lane& lane, const std::string& id);

  struct Turn {
    Lane lane;
    std::string id;
  };
  // The next query, which runs from now on until `Ended`. Nothing where none waits that may run.
  std::optional<Turn> Next();
  void Ended(const Lane& lane);

 private:
  struct Use {
    int running = 0;
    std::size_t waiting = 0;
    std::uint64_t last_turn = 0;
  };
  struct Uses {
    Use *account, *workgroup, *caller;
  };
  Uses UsesOf(const Lane& lane);
  bool MayRun(const Uses& uses) const;
  void Forget(const Lane& lane);

  const Shares shares_;
  std::map<Lane, std::deque<std::string>> waiting_;
  std::map<Lane, Use> uses_;  // Of a caller; with no caller: of a workgroup; with neither: of an account.
  std::size_t all_waiting_ = 0;
  int all_running_ = 0;
  std::uint64_t turns_ = 0;
};

}  // namespace hanse::query
