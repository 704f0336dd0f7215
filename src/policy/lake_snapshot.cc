#include "policy/lake_snapshot.h"

#include <algorithm>
#include <bit>

#include "policy/lake_decide.h"

namespace hanse::policy {
namespace {

struct ByPrincipal {
  bool operator()(const LakeGrantPtr& one, std::string_view other) const { return one->principal < other; }
  bool operator()(std::string_view one, const LakeGrantPtr& other) const { return one < other->principal; }
};

}  // namespace

void LakeSnapshot::Verdicts::Add(std::uint32_t table_class, std::uint32_t bits) {
  if (full()) Grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = Place(table_class) & mask;
  while (slots_[at].table_class != 0 && slots_[at].table_class != table_class) at = (at + 1) & mask;
  count_ += slots_[at].table_class == 0;
  slots_[at].table_class = table_class;
  slots_[at].bits |= bits;
  largest_ = std::max(largest_, table_class);
  Hint();
  const std::uint32_t hint = table_class & (static_cast<std::uint32_t>(64 * hints_.size()) - 1);
  hints_[hint / 64] |= std::uint64_t{1} << (hint % 64);
}

void LakeSnapshot::Verdicts::Grow() {
  const Slots old = slots_;
  slots_.assign(old.empty() ? 8 : 2 * old.size(), Slot());
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.table_class == 0) continue;
    std::size_t at = Place(slot.table_class) & mask;
    while (slots_[at].table_class != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

// At most 16 bits a slot.
void LakeSnapshot::Verdicts::Hint() {
  const std::size_t bits = std::max<std::size_t>(64, std::min(16 * slots_.size(), std::bit_ceil(std::size_t{largest_} + 1)));
  if (hints_.size() == bits / 64) return;
  hints_.assign(bits / 64, 0);
  Each([&](std::uint32_t table_class) {
    const std::size_t hint = table_class & (bits - 1);
    hints_[hint / 64] |= std::uint64_t{1} << (hint % 64);
  });
}

const LakeSnapshot::Holder* LakeSnapshot::FindHolder(std::string_view key) const {
  const auto* bucket = holders_.Find(BucketOf(key));
  if (!bucket || !*bucket) return nullptr;
  for (const std::shared_ptr<Holder>& holder : **bucket) {
    if (holder->key == key) return holder.get();
  }
  return nullptr;
}

const LakeThing* LakeSnapshot::Thing(Id id) const {
  const auto* thing = things_.Find(static_cast<std::uint64_t>(id));
  return thing ? thing->get() : nullptr;
}

LakeSnapshot::Who LakeSnapshot::Find(const std::vector<std::string>& keys, bool abroad) const {
  Who who{{}, abroad};
  for (const std::string& key : keys) {
    const Holder* holder = FindHolder(key);
    if (holder) who.seats.push_back({holder->verdicts.view(), holder->table_hints, holder->database_hints, holder});
  }
  return who;
}

std::uint32_t LakeSnapshot::Named(const Who& who, Id id, LakeReach one, LakeReach other) const {
  const LakeThing* thing = Thing(id);
  if (!thing || thing->grants.empty()) return 0;
  std::uint32_t bits = 0;
  for (const Who::Seat& seat : who.seats) {
    auto [from, to] =
        std::equal_range(thing->grants.begin(), thing->grants.end(), std::string_view(seat.holder->key), ByPrincipal());
    for (auto at = from; at != to; ++at) {
      const LakeGrant& grant = **at;
      if (!grant.open || grant.permissions.empty() || (grant.reach != one && grant.reach != other)) continue;
      const bool plain = grant.reach != LakeReach::kPart && !grant.conditional && !grant.passed_on;
      bits |= plain ? Expand(grant.permissions, TablePermissions()).bits() : Verdicts::kMore;
    }
  }
  return bits;
}

// In the plain case two reads: the class of the table, and what the holder's verdicts say of it.
LakeVerdict LakeSnapshot::Check(const Who& who, Id table) const {
  const Table* entry = tables_.Find(static_cast<std::uint64_t>(table));
  if (!entry || entry->database == 0) return {};
  const std::uint64_t by_name = HintOf(table), by_database = HintOf(static_cast<Id>(entry->database));
  std::uint32_t bits = 0;
  bool table_named = false, database_named = false;
  for (const Who::Seat& seat : who.seats) {
    if (entry->table_class != 0) bits |= seat.verdicts.Find(entry->table_class);
    table_named |= (seat.table_hints & by_name) != 0;
    database_named |= (seat.database_hints & by_database) != 0;
  }
  if (table_named) bits |= Named(who, table, LakeReach::kTable, LakeReach::kPart);
  if (database_named) bits |= Named(who, static_cast<Id>(entry->database), LakeReach::kTables, LakeReach::kTables);
  if (bits == 0) return {};
  if (who.abroad) return {{}, true};
  return {PermissionSet::FromBits(bits & ~Verdicts::kMore), (bits & Verdicts::kMore) != 0};
}

std::uint32_t LakeSnapshot::ByClass(std::span<const Who::Seat> seats, std::uint32_t table_class) {
  std::uint32_t bits = 0;
  for (const Who::Seat& seat : seats) {
    if (table_class != 0) bits |= seat.verdicts.Find(table_class);
  }
  return bits;
}

const Chunks<LakeSnapshot::Name, LakeSnapshot::ByName>* LakeSnapshot::NamesIn(Id database) const {
  const auto* names = names_.Find(static_cast<std::uint64_t>(database));
  return names ? names->get() : nullptr;
}

// By classes first; then what no class has, of databases that a wildcard opens; then what neither has, by name.
std::vector<Id> LakeSnapshot::Visible(const Who& who) const {
  std::vector<Id> all;
  std::vector<const Class*> classes;
  std::size_t count = 0;
  for (std::size_t i = 0; i < who.seats.size(); ++i) {
    const auto before = std::span(who.seats).first(i);
    who.seats[i].holder->verdicts.Each([&](std::uint32_t table_class) {
      const auto* one = classes_.Find(table_class);
      if (!one || !*one || ByClass(before, table_class) != 0) return;
      classes.push_back(one->get());
      count += (*one)->tables.size();
    });
  }
  all.reserve(count);
  for (const Class* one : classes) one->tables.AppendTo(&all);
  auto of_class = [&](const Table& entry) { return ByClass(who.seats, entry.table_class) != 0; };
  std::vector<Id> open, named;
  for (const Who::Seat& seat : who.seats) {
    seat.holder->databases.AppendTo(&open);
    seat.holder->tables.AppendTo(&named);
  }
  for (std::vector<Id>* ids : {&open, &named}) {
    std::ranges::sort(*ids);
    ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
  }
  for (Id database : open) {
    const auto* names = NamesIn(database);
    if (!names) continue;
    names->Each([&](const Name& name) {
      if (!of_class(*tables_.Find(static_cast<std::uint64_t>(name.table)))) all.push_back(name.table);
    });
  }
  for (Id table : named) {
    const Table* entry = tables_.Find(static_cast<std::uint64_t>(table));
    if (!entry || entry->database == 0 || of_class(*entry)) continue;
    if (!std::ranges::binary_search(open, static_cast<Id>(entry->database))) all.push_back(table);
  }
  return all;
}

std::vector<Id> LakeSnapshot::VisibleIn(const Who& who, Id database, std::string_view after, std::size_t limit) const {
  std::vector<Id> found;
  const auto* names = NamesIn(database);
  if (!names || who.seats.empty() || limit == 0) return found;
  if (CountVisible(who, database) < names->size() / 8) return GatheredIn(who, database, after, limit);
  names->After(after, [&](const Name& name) {
    if (Check(who, name.table).visible()) found.push_back(name.table);
    return found.size() < limit;
  });
  return found;
}

// At most so many; all of a database that a wildcard opens.
std::size_t LakeSnapshot::CountVisible(const Who& who, Id database) const {
  std::size_t count = 0;
  for (const Who::Seat& seat : who.seats) {
    count += seat.holder->tables.size();
    seat.holder->verdicts.Each([&](std::uint32_t table_class) {
      if (const auto* one = classes_.Find(table_class); one && *one) count += (*one)->tables.size();
    });
  }
  if (Named(who, database, LakeReach::kTables, LakeReach::kTables) != 0) count += NamesIn(database)->size();
  return count;
}

std::vector<Id> LakeSnapshot::GatheredIn(const Who& who, Id database, std::string_view after, std::size_t limit) const {
  std::vector<std::pair<std::string_view, Id>> found;
  auto add = [&](Id table) {
    const Table* entry = tables_.Find(static_cast<std::uint64_t>(table));
    if (!entry || static_cast<Id>(entry->database) != database) return;
    std::string_view name = *table_names_.Find(static_cast<std::uint64_t>(table));
    if (name > after) found.emplace_back(name, table);
  };
  for (const Who::Seat& seat : who.seats) {
    seat.holder->tables.Each(add);
    seat.holder->verdicts.Each([&](std::uint32_t table_class) {
      if (const auto* one = classes_.Find(table_class); one && *one) (*one)->tables.Each(add);
    });
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<Id> ids;
  for (std::size_t i = 0; i < std::min(limit, found.size()); ++i) ids.push_back(found[i].second);
  return ids;
}

std::vector<const LakeGrant*> LakeSnapshot::GrantsTo(std::span<const std::string> principals, std::span<const Id> objects) const {
  std::vector<const LakeGrant*> found;
  for (Id object : objects) {
    const LakeThing* thing = object == 0 ? nullptr : Thing(object);
    if (object != 0 && (!thing || thing->grants.empty())) continue;
    for (const std::string& principal : principals) {
      if (thing) {
        auto [from, to] = std::equal_range(thing->grants.begin(), thing->grants.end(), std::string_view(principal), ByPrincipal());
        for (auto at = from; at != to; ++at) found.push_back(at->get());
      } else if (const Holder* holder = FindHolder(principal)) {
        for (const LakeGrantPtr& grant : holder->elsewhere) found.push_back(grant.get());
      }
    }
  }
  return found;
}

}  // namespace hanse::policy
