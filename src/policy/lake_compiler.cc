#include "policy/lake_compiler.h"

#include <algorithm>
#include <span>

#include "policy/lake_decide.h"

namespace hanse::policy {
namespace {

constexpr std::size_t kManyClasses = 64;

void Write(const Tags& tags, std::string* text) {
  for (const auto& [tag, value] : tags) *text += std::to_string(tag) + '|' + value + ';';
  *text += '\n';
}

constexpr std::size_t kSketchedMax = 64;

// More of them would say nothing by bits anyway.
void SketchNamed(LakeSnapshot::Holder* holder) {
  Sketch& sketch = holder->sketch;
  if (holder->tables.size() <= kSketchedMax) {
    sketch.tables = 0;
    holder->tables.Each([&](Id table) { sketch.AddTable(table); });
  }
  if (holder->databases.size() <= kSketchedMax) {
    sketch.databases = 0;
    holder->databases.Each([&](Id database) { sketch.AddDatabase(database); });
  }
}

bool Useful(const LakeGrant& grant) { return grant.open && !grant.permissions.empty(); }

// Everything of the class matches: its tables as a whole. Something does: all the facts must say.
std::uint32_t Judge(const TagIndex::Match& match) {
  const LakeGrant& policy = *match.policy;
  if (!Useful(policy)) return 0;
  if (!match.whole || policy.conditional || policy.passed_on) return LakeSnapshot::Verdicts::kMore;
  return Expand(policy.permissions, TablePermissions()).bits();
}

}  // namespace

LakeThing& LakeCompiler::EditThing(Id id) { return Owned(&next_.things_.Edit(static_cast<std::uint64_t>(id))); }

LakeSnapshot::Class& LakeCompiler::EditClass(std::uint32_t table_class) { return Owned(&next_.classes_.Edit(table_class)); }

LakeCompiler::Holder& LakeCompiler::EditHolder(const std::string& key) {
  LakeSnapshot::Bucket& bucket = Owned(&next_.holders_.Edit(LakeSnapshot::BucketOf(key)));
  auto found = std::ranges::find_if(bucket, [&](const auto& holder) { return holder->key == key; });
  if (found != bucket.end()) return Owned(&*found);
  bucket.push_back(std::make_shared<Holder>());
  bucket.back()->key = key;
  bucket.back()->verdicts = LakeSnapshot::Verdicts(next_.dense_);
  return *bucket.back();
}

// --- tables ----------------------------------------------------------------------------------------------------------

bool LakeCompiler::IsTable(Id id) const { return next_.TableOf(id).database != 0; }

void LakeCompiler::SetTable(Id table, Id database, std::string_view name) {
  const auto number = static_cast<std::uint64_t>(table);
  exhausted_ = exhausted_ || number > LakeSnapshot::kMaxTable || static_cast<std::uint64_t>(database) > LakeSnapshot::kMaxTable;
  if (exhausted_) return;
  if (IsTable(table)) {
    const auto before = static_cast<Id>(next_.TableOf(table).database);
    if (before == database && *next_.table_names_.Find(number) == name) return;
    Owned(&next_.names_.Edit(static_cast<std::uint64_t>(before))).Erase(std::string_view(*next_.table_names_.Find(number)));
    --next_.table_count_;
  }
  ++next_.table_count_;
  LakeSnapshot::Table entry = next_.TableOf(table);
  entry.database = static_cast<std::uint64_t>(database) & LakeSnapshot::kMaxTable;
  next_.tables_.Set(number, entry);
  Owned(&next_.names_.Edit(static_cast<std::uint64_t>(database))).Insert({std::string(name), table});
  next_.table_names_.Edit(number) = name;
  changed_tables_.push_back(table);
}

void LakeCompiler::DropTable(Id table) {
  if (!IsTable(table)) return;
  Place(table, 0);
  const auto number = static_cast<std::uint64_t>(table);
  const LakeSnapshot::Table entry = next_.TableOf(table);
  Owned(&next_.names_.Edit(static_cast<std::uint64_t>(entry.database))).Erase(std::string_view(*next_.table_names_.Find(number)));
  next_.tables_.Set(number, {});
  next_.table_names_.Edit(number).clear();
  --next_.table_count_;
}

// --- tags ------------------------------------------------------------------------------------------------------------

void LakeCompiler::TagsChanged(Id thing) {
  if (IsTable(thing)) {
    changed_tables_.push_back(thing);
  } else {
    changed_databases_.insert(thing);  // Or something that is not there yet, of which nothing follows.
    plain_.erase(thing);
  }
}

void LakeCompiler::SetTag(Id thing, std::string_view column, Id tag, std::string_view value) {
  LakeThing& of = EditThing(thing);
  (column.empty() ? of.tags : of.columns[std::string(column)])[tag] = value;
  TagsChanged(thing);
}

void LakeCompiler::DropTag(Id thing, std::string_view column, Id tag) {
  LakeThing& of = EditThing(thing);
  if (column.empty()) {
    of.tags.erase(tag);
  } else if (auto found = of.columns.find(std::string(column)); found != of.columns.end()) {
    found->second.erase(tag);
    if (found->second.empty()) of.columns.erase(found);
  }
  TagsChanged(thing);
}

std::uint32_t LakeCompiler::ClassFor(Id table, Id database) {
  const LakeThing* own = next_.Thing(table);
  const bool plain = !own || (own->tags.empty() && own->columns.empty());
  if (plain) {
    auto known = plain_.find(database);
    // A class goes with its last table, and would be known here no more.
    if (known != plain_.end() && (known->second == 0 || class_keys_.contains(known->second))) return known->second;
  }
  const LakeThing* above = next_.Thing(database);
  Tags base = above ? above->tags : Tags();
  std::vector<Tags> others;
  if (!plain) {
    base = Overlay(own->tags, base);
    for (const auto& [column, tags] : own->columns) others.push_back(Overlay(tags, base));
    std::ranges::sort(others);
    others.erase(std::unique(others.begin(), others.end()), others.end());
  }
  const std::uint32_t found = Interned(std::move(base), std::move(others));
  if (plain) plain_[database] = found;
  return found;
}

std::uint32_t LakeCompiler::Interned(Tags base, std::vector<Tags> others) {
  if (base.empty() && others.empty()) return 0;
  std::string key;
  Write(base, &key);
  for (const Tags& tags : others) Write(tags, &key);
  auto [found, anew] = classes_.try_emplace(key, last_class_ + 1);
  if (!anew) return found->second;
  exhausted_ = exhausted_ || last_class_ == LakeSnapshot::kMaxClass - 1;
  ++last_class_;
  ++next_.class_count_;
  class_keys_[last_class_] = std::move(key);
  LakeSnapshot::Class& made = EditClass(last_class_);
  made.base = std::move(base);
  made.others = std::move(others);
  index_.AddClass(last_class_, made.base, made.others);
  new_classes_.insert(last_class_);
  return last_class_;
}

void LakeCompiler::Place(Id table, std::uint32_t table_class) {
  LakeSnapshot::Table entry = next_.TableOf(table);
  const std::uint32_t before = entry.table_class;
  if (before == table_class) return;
  entry.table_class = table_class & LakeSnapshot::kMaxClass;
  next_.tables_.Set(static_cast<std::uint64_t>(table), entry);
  if (table_class != 0) EditClass(table_class).tables.Insert(table);
  if (before == 0) return;
  LakeSnapshot::Class& left = EditClass(before);
  left.tables.Erase(table);
  if (left.tables.empty()) Retire(before);
}

// Its number is never given again, so what holders still know of it says nothing of any table.
void LakeCompiler::Retire(std::uint32_t table_class) {
  index_.DropClass(table_class);
  new_classes_.erase(table_class);
  classes_.erase(class_keys_.at(table_class));
  class_keys_.erase(table_class);
  next_.classes_.Edit(table_class).reset();
  --next_.class_count_;
}

// --- grants ----------------------------------------------------------------------------------------------------------

void LakeCompiler::SetGrant(LakeGrantPtr grant) {
  if (auto there = grants_.find(grant->id); there != grants_.end()) Forget(there->second);
  Holder& holder = EditHolder(grant->principal);
  if (grant->object == 0) {
    holder.elsewhere.push_back(grant);
  } else {
    auto& grants = EditThing(grant->object).grants;
    auto place = std::ranges::upper_bound(grants, grant->principal, {}, [](const LakeGrantPtr& one) { return one->principal; });
    grants.insert(place, grant);
    const bool named = grant->reach == LakeReach::kTable || grant->reach == LakeReach::kPart;
    if (Useful(*grant) && named) {
      holder.tables.Insert(grant->object);
      holder.sketch.AddTable(grant->object);
    }
    if (Useful(*grant) && grant->reach == LakeReach::kTables) {
      holder.databases.Insert(grant->object);
      holder.sketch.AddDatabase(grant->object);
    }
  }
  if (grant->reach == LakeReach::kTags) {
    index_.AddPolicy(*grant);
    changed_holders_.insert(grant->principal);
  }
  grants_[grant->id] = std::move(grant);
}

void LakeCompiler::DropGrant(Id grant) {
  auto there = grants_.find(grant);
  if (there == grants_.end()) return;
  Forget(there->second);
  grants_.erase(there);
}

void LakeCompiler::Forget(const LakeGrantPtr& grant) {
  Holder& holder = EditHolder(grant->principal);
  auto same = [&](const LakeGrantPtr& one) { return one->id == grant->id; };
  if (grant->object == 0) {
    std::erase_if(holder.elsewhere, same);
  } else {
    auto& grants = EditThing(grant->object).grants;
    auto [from, to] =
        std::ranges::equal_range(grants, grant->principal, {}, [](const LakeGrantPtr& one) { return one->principal; });
    grants.erase(std::find_if(from, to, same));
    bool table = false, database = false;
    for (const LakeGrantPtr& one : grants) {
      if (one->principal != grant->principal || !Useful(*one)) continue;
      table = table || one->reach == LakeReach::kTable || one->reach == LakeReach::kPart;
      database = database || one->reach == LakeReach::kTables;
    }
    if (!table) holder.tables.Erase(grant->object);
    if (!database) holder.databases.Erase(grant->object);
    SketchNamed(&holder);
  }
  if (grant->reach != LakeReach::kTags) return;
  changed_holders_.insert(grant->principal);
  index_.DropPolicy(*grant);
}

void LakeCompiler::Learn(std::uint32_t table_class) {
  for (const TagIndex::Match& match : index_.PoliciesOf(table_class)) {
    const std::uint32_t bits = Judge(match);
    if (bits == 0 || changed_holders_.contains(match.policy->principal)) continue;  // All of that holder is judged anew.
    Holder& holder = EditHolder(match.policy->principal);
    // Classes that are gone make room.
    if (holder.verdicts.full()) holder.verdicts.Sift([&](std::uint32_t one) { return class_keys_.contains(one); });
    holder.verdicts.Add(table_class, bits);
    holder.sketch.AddClass(table_class);
  }
}

void LakeCompiler::Rejudge(const std::string& key) {
  Holder& holder = EditHolder(key);
  holder.verdicts.Clear();
  holder.sketch.classes = {};
  for (const LakeGrantPtr& grant : holder.elsewhere) {
    for (const TagIndex::Match& match : index_.ClassesOf(grant->id)) {
      const std::uint32_t bits = Judge(match);
      if (bits == 0) continue;
      holder.verdicts.Add(match.table_class, bits);
      holder.sketch.AddClass(match.table_class);
    }
  }
}

std::shared_ptr<const LakeSnapshot> LakeCompiler::Publish() {
  for (Id database : changed_databases_) {
    const auto* names = next_.names_.Find(static_cast<std::uint64_t>(database));
    if (names && *names) (*names)->Each([&](const LakeSnapshot::Name& name) { changed_tables_.push_back(name.table); });
  }
  for (Id table : changed_tables_) {
    if (IsTable(table)) Place(table, ClassFor(table, static_cast<Id>(next_.TableOf(table).database)));
  }
  // Many classes cost more one by one than all principals anew.
  if (new_classes_.size() > kManyClasses + index_.policies() / 512) {
    index_.EachPolicy([&](const LakeGrant& policy) { changed_holders_.insert(policy.principal); });
  } else {
    for (const std::uint32_t one : new_classes_) Learn(one);
  }
  new_classes_.clear();
  for (const std::string& key : changed_holders_) Rejudge(key);
  changed_databases_.clear();
  changed_tables_.clear();
  changed_holders_.clear();
  return std::make_shared<const LakeSnapshot>(next_);
}

}  // namespace hanse::policy
