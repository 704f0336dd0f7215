#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "policy/lake_snapshot.h"

namespace hanse::policy {

// Which tag policies reach which classes of tables, asked from either side. A class is some sets of tags: that of its tables as a
// whole, and those of columns with tags of their own. Each pair of a tag and its value has a bitmap of the sets that carry it, so
// what a policy matches is AND over its terms of OR over their values. One thread at a time; pure.
class TagIndex {
 public:
  // What a policy and a class have to do with each other: some set of the class matches, or all of them do.
  struct Match {
    const LakeGrant* policy = nullptr;
    std::uint32_t table_class = 0;
    bool whole = false;
  };

  void AddClass(std::uint32_t table_class, const Tags& base, std::span<const Tags> others);
  void DropClass(std::uint32_t table_class);
  // The policy stays where it is until it is dropped.
  void AddPolicy(const LakeGrant& policy);
  void DropPolicy(const LakeGrant& policy);
  std::size_t policies() const { return policies_.size(); }
  template <class Visit>
  void EachPolicy(Visit visit) const {
    for (const auto& [id, policy] : policies_) visit(*policy.grant);
  }

  // All matches, some perhaps twice.
  std::vector<Match> ClassesOf(Id policy) const;
  std::vector<Match> PoliciesOf(std::uint32_t table_class) const;

 private:
  using Pair = std::pair<Id, std::string>;  // A tag and its value, or "*".
  using Bits = std::vector<std::uint64_t>;
  struct Policy {
    const LakeGrant* grant = nullptr;
    std::vector<std::vector<std::uint32_t>> terms;  // Numbers of pairs.
    std::size_t home = 0;                           // The term under whose pairs it is found.
  };
  struct Set {
    std::uint32_t table_class = 0;
    std::vector<std::uint32_t> pairs;
  };

  std::uint32_t NumberOf(const Pair& pair);
  std::uint32_t AddSet(std::uint32_t table_class, const Tags& tags);
  static bool Matches(const Policy& policy, const Bits& pairs);

  std::map<Pair, std::uint32_t> pairs_;
  std::vector<Bits> carriers_;                         // By pair: the sets with it.
  std::vector<std::vector<const Policy*>> wanted_by_;  // By pair: policies at home there.
  std::vector<Set> sets_;
  std::vector<std::uint32_t> free_sets_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> classes_;  // Their sets; first that of tables as a whole.
  std::unordered_map<Id, Policy> policies_;
};

}  // namespace hanse::policy
