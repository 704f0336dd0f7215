#include "policy/lake_snapshot.h"

#include <algorithm>

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
  Who who;
  who.abroad = abroad;
  for (const std::string& key : keys) {
    const Holder* holder = FindHolder(key);
    if (!holder) continue;
    who.seats.push_back({holder->verdicts.view(), holder});
    who.sketch |= holder->sketch;
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

// In the plain case two reads, of which neither waits for the other: the table's entry, and the sketch of who asks.
LakeVerdict LakeSnapshot::Check(const Who& who, Id table) const {
  __builtin_prefetch(&who.sketch);
  const Table entry = TableOf(table);
  if (entry.database == 0) return {};
  const std::uint32_t table_class = entry.table_class;
  const Id database = static_cast<Id>(entry.database);
  std::uint32_t bits = who.sketch.HasClass(table_class) ? ByClass(who.seats, table_class) : 0;
  if (who.sketch.HasTable(table)) bits |= Named(who, table, LakeReach::kTable, LakeReach::kPart);
  if (who.sketch.HasDatabase(database)) bits |= Named(who, database, LakeReach::kTables, LakeReach::kTables);
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
      if (!of_class(TableOf(name.table))) all.push_back(name.table);
    });
  }
  for (Id table : named) {
    const Table entry = TableOf(table);
    if (entry.database == 0 || of_class(entry)) continue;
    if (!std::ranges::binary_search(open, static_cast<Id>(entry.database))) all.push_back(table);
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
    if (static_cast<Id>(TableOf(table).database) != database) return;
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
