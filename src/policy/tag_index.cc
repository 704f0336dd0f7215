#include "policy/tag_index.h"

#include <algorithm>
#include <bit>

namespace hanse::policy {
namespace {

bool HasBit(const std::vector<std::uint64_t>& bits, std::uint32_t at) {
  return at / 64 < bits.size() && (bits[at / 64] >> (at % 64) & 1) != 0;
}

void SetBit(std::vector<std::uint64_t>* bits, std::uint32_t at) {
  if (at / 64 >= bits->size()) bits->resize(at / 64 + 1);
  (*bits)[at / 64] |= std::uint64_t{1} << (at % 64);
}

}  // namespace

std::uint32_t TagIndex::NumberOf(const Pair& pair) {
  auto [found, anew] = pairs_.try_emplace(pair, static_cast<std::uint32_t>(pairs_.size()));
  if (anew) {
    carriers_.emplace_back();
    wanted_by_.emplace_back();
  }
  return found->second;
}

std::uint32_t TagIndex::AddSet(std::uint32_t table_class, const Tags& tags) {
  auto number = static_cast<std::uint32_t>(sets_.size());
  if (free_sets_.empty()) {
    sets_.emplace_back();
  } else {
    number = free_sets_.back();
    free_sets_.pop_back();
  }
  Set& set = sets_[number];
  set.table_class = table_class;
  for (const auto& [tag, value] : tags) {
    for (const std::uint32_t pair : {NumberOf({tag, value}), NumberOf({tag, "*"})}) {
      set.pairs.push_back(pair);
      SetBit(&carriers_[pair], number);
    }
  }
  return number;
}

void TagIndex::AddClass(std::uint32_t table_class, const Tags& base, std::span<const Tags> others) {
  std::vector<std::uint32_t>& sets = classes_[table_class];
  sets.push_back(AddSet(table_class, base));
  for (const Tags& tags : others) sets.push_back(AddSet(table_class, tags));
}

void TagIndex::DropClass(std::uint32_t table_class) {
  auto found = classes_.find(table_class);
  for (const std::uint32_t number : found->second) {
    for (const std::uint32_t pair : sets_[number].pairs) carriers_[pair][number / 64] &= ~(std::uint64_t{1} << (number % 64));
    sets_[number] = {};
    free_sets_.push_back(number);
  }
  classes_.erase(found);
}

void TagIndex::AddPolicy(const LakeGrant& policy) {
  if (policy.expression.empty()) return;  // It matches nothing.
  Policy& made = policies_[policy.id];
  made.grant = &policy;
  std::size_t fewest = 0;
  for (const TagTerm& term : policy.expression) {
    std::vector<std::uint32_t>& numbers = made.terms.emplace_back();
    if (std::ranges::find(term.values, "*") != term.values.end()) {
      numbers.push_back(NumberOf({term.tag, "*"}));
    } else {
      for (const std::string& value : term.values) numbers.push_back(NumberOf({term.tag, value}));
    }
    std::size_t there = 0;
    for (const std::uint32_t number : numbers) there += wanted_by_[number].size();
    if (made.terms.size() > 1 && there >= fewest) continue;
    fewest = there;
    made.home = made.terms.size() - 1;
  }
  for (const std::uint32_t number : made.terms[made.home]) wanted_by_[number].push_back(&made);
}

void TagIndex::DropPolicy(const LakeGrant& policy) {
  auto found = policies_.find(policy.id);
  if (found == policies_.end()) return;
  for (const std::uint32_t number : found->second.terms[found->second.home]) {
    auto& there = wanted_by_[number];
    *std::ranges::find(there, &found->second) = there.back();
    there.pop_back();
  }
  policies_.erase(found);
}

std::vector<TagIndex::Match> TagIndex::ClassesOf(Id id) const {
  std::vector<Match> found;
  auto policy = policies_.find(id);
  if (policy == policies_.end()) return found;
  Bits matched(sets_.size() / 64 + 1, ~std::uint64_t{0}), term_bits(matched.size());
  for (const auto& term : policy->second.terms) {
    std::ranges::fill(term_bits, 0);
    for (const std::uint32_t pair : term) {
      for (std::size_t word = 0; word < carriers_[pair].size(); ++word) term_bits[word] |= carriers_[pair][word];
    }
    for (std::size_t word = 0; word < matched.size(); ++word) matched[word] &= term_bits[word];
  }
  for (std::size_t word = 0; word < matched.size(); ++word) {
    for (std::uint64_t left = matched[word]; left != 0; left &= left - 1) {
      const std::uint32_t table_class = sets_[word * 64 + static_cast<std::size_t>(std::countr_zero(left))].table_class;
      const bool whole = std::ranges::all_of(classes_.at(table_class), [&](std::uint32_t set) { return HasBit(matched, set); });
      found.push_back({policy->second.grant, table_class, whole});
    }
  }
  return found;
}

bool TagIndex::Matches(const Policy& policy, const Bits& pairs) {
  return std::ranges::all_of(policy.terms, [&](const std::vector<std::uint32_t>& term) {
    return std::ranges::any_of(term, [&](std::uint32_t pair) { return HasBit(pairs, pair); });
  });
}

std::vector<TagIndex::Match> TagIndex::PoliciesOf(std::uint32_t table_class) const {
  const std::vector<std::uint32_t>& sets = classes_.at(table_class);
  std::vector<Bits> carried(sets.size(), Bits(pairs_.size() / 64 + 1));
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (const std::uint32_t pair : sets_[sets[i]].pairs) SetBit(&carried[i], pair);
  }
  std::vector<Match> found;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (const std::uint32_t pair : sets_[sets[i]].pairs) {
      for (const Policy* policy : wanted_by_[pair]) {
        if (!Matches(*policy, carried[i])) continue;
        const bool whole = std::ranges::all_of(carried, [&](const Bits& pairs) { return Matches(*policy, pairs); });
        found.push_back({policy->grant, table_class, whole});
      }
    }
  }
  return found;
}

}  // namespace hanse::policy
