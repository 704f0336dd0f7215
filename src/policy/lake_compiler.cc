#include "policy/lake_compiler.h"

#include <algorithm>
#include <span>

#include "policy/lake_decide.h"

namespace hanse::policy {
namespace {

void Write(const Tags& tags, std::string* text) {
  for (const auto& [tag, value] : tags) *text += std::to_string(tag) + '|' + value + ';';
  *text += '\n';
}

// What may stand in the first term of a policy for something that carries the pair.
std::vector<std::string> Wanted(const TagTerm& term) {
  if (std::ranges::find(term.values, "*") != term.values.end()) return {"*"};
  return term.values;
}

bool Useful(const LakeGrant& grant) { return grant.open && !grant.permissions.empty(); }

}  // namespace

LakeThing& LakeCompiler::EditThing(Id id) { return Owned(&next_.things_.Edit(static_cast<std::uint64_t>(id))); }

LakeSnapshot::Class& LakeCompiler::EditClass(std::uint32_t table_class) { return Owned(&next_.classes_.Edit(table_class)); }

LakeCompiler::Holder& LakeCompiler::EditHolder(const std::string& key) {
  LakeSnapshot::Bucket& bucket = Owned(&next_.holders_.Edit(LakeSnapshot::BucketOf(key)));
  auto found = std::ranges::find_if(bucket, [&](const auto& holder) { return holder->key == key; });
  if (found != bucket.end()) return Owned(&*found);
  bucket.push_back(std::make_shared<Holder>());
  bucket.back()->key = key;
  return *bucket.back();
}

// --- tables ----------------------------------------------------------------------------------------------------------

bool LakeCompiler::IsTable(Id id) const {
  const LakeSnapshot::Table* there = next_.tables_.Find(static_cast<std::uint64_t>(id));
  return there && there->database != 0;
}

void LakeCompiler::SetTable(Id table, Id database, std::string_view name) {
  const auto number = static_cast<std::uint64_t>(table);
  if (IsTable(table)) {
    const Id before = next_.tables_.Find(number)->database;
    if (before == database && *next_.table_names_.Find(number) == name) return;
    Owned(&next_.names_.Edit(static_cast<std::uint64_t>(before))).Erase(std::string_view(*next_.table_names_.Find(number)));
    --next_.table_count_;
  }
  ++next_.table_count_;
  next_.tables_.Edit(number).database = database;
  Owned(&next_.names_.Edit(static_cast<std::uint64_t>(database))).Insert({std::string(name), table});
  next_.table_names_.Edit(number) = name;
  changed_tables_.push_back(table);
}

void LakeCompiler::DropTable(Id table) {
  if (!IsTable(table)) return;
  Place(table, 0);
  const auto number = static_cast<std::uint64_t>(table);
  LakeSnapshot::Table& entry = next_.tables_.Edit(number);
  Owned(&next_.names_.Edit(static_cast<std::uint64_t>(entry.database))).Erase(std::string_view(*next_.table_names_.Find(number)));
  entry.database = 0;
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
  ++last_class_;
  ++next_.class_count_;
  class_keys_[last_class_] = std::move(key);
  LakeSnapshot::Class& made = EditClass(last_class_);
  made.base = std::move(base);
  made.others = std::move(others);
  for (const Pair& pair : PairsOf(made)) carriers_[pair].insert(last_class_);
  Learn(last_class_);
  return last_class_;
}

void LakeCompiler::Place(Id table, std::uint32_t table_class) {
  const std::uint32_t before = next_.tables_.Find(static_cast<std::uint64_t>(table))->table_class;
  if (before == table_class) return;
  next_.tables_.Edit(static_cast<std::uint64_t>(table)).table_class = table_class;
  if (table_class != 0) EditClass(table_class).tables.Insert(table);
  if (before == 0) return;
  LakeSnapshot::Class& left = EditClass(before);
  left.tables.Erase(table);
  if (left.tables.empty()) Retire(before);
}

// Its number is never given again, so what holders still know of it says nothing of any table.
void LakeCompiler::Retire(std::uint32_t table_class) {
  for (const Pair& pair : PairsOf(**next_.classes_.Find(table_class))) {
    auto found = carriers_.find(pair);
    found->second.erase(table_class);
    if (found->second.empty()) carriers_.erase(found);
  }
  classes_.erase(class_keys_.at(table_class));
  class_keys_.erase(table_class);
  next_.classes_.Edit(table_class).reset();
  --next_.class_count_;
}

std::set<LakeCompiler::Pair> LakeCompiler::PairsOf(const LakeSnapshot::Class& of) {
  std::set<Pair> pairs;
  auto add = [&](const Tags& tags) {
    for (const auto& [tag, value] : tags) {
      pairs.insert({tag, value});
      pairs.insert({tag, "*"});
    }
  };
  add(of.base);
  for (const Tags& tags : of.others) add(tags);
  return pairs;
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
    if (Useful(*grant) && named) holder.tables.Insert(grant->object);
    if (Useful(*grant) && grant->reach == LakeReach::kTables) holder.databases.Insert(grant->object);
  }
  if (grant->reach == LakeReach::kTags) {
    if (!grant->expression.empty()) {
      const TagTerm& first = grant->expression.front();
      for (const std::string& value : Wanted(first)) policies_[{first.tag, value}].insert(grant->id);
    }
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
  }
  if (grant->reach != LakeReach::kTags) return;
  changed_holders_.insert(grant->principal);
  if (grant->expression.empty()) return;
  const TagTerm& first = grant->expression.front();
  for (const std::string& value : Wanted(first)) {
    auto found = policies_.find({first.tag, value});
    found->second.erase(grant->id);
    if (found->second.empty()) policies_.erase(found);
  }
}

// Everything of the class matches: its tables as a whole. Something does: all the facts must say.
std::uint32_t LakeCompiler::Judge(const LakeGrant& policy, const LakeSnapshot::Class& of) {
  if (!Useful(policy)) return 0;
  const bool base = Matches(policy.expression, of.base);
  std::size_t others = 0;
  for (const Tags& tags : of.others) others += Matches(policy.expression, tags);
  if (!base && others == 0) return 0;
  const bool whole = base && others == of.others.size() && !policy.conditional && !policy.passed_on;
  if (!whole) return LakeSnapshot::Verdicts::kMore;
  return Expand(policy.permissions, TablePermissions()).bits();
}

void LakeCompiler::Learn(std::uint32_t table_class) {
  const LakeSnapshot::Class& of = **next_.classes_.Find(table_class);
  for (const Pair& pair : PairsOf(of)) {
    auto found = policies_.find(pair);
    if (found == policies_.end()) continue;
    for (Id id : found->second) {
      const LakeGrant& policy = *grants_.at(id);
      if (changed_holders_.contains(policy.principal)) continue;  // All of it is judged anew.
      if (std::uint32_t bits = Judge(policy, of); bits != 0) EditHolder(policy.principal).verdicts.Add(table_class, bits);
    }
  }
}

void LakeCompiler::Rejudge(const std::string& key) {
  Holder& holder = EditHolder(key);
  holder.verdicts = {};
  for (const LakeGrantPtr& grant : holder.elsewhere) {
    if (grant->reach != LakeReach::kTags || grant->expression.empty()) continue;
    const TagTerm& first = grant->expression.front();
    for (const std::string& value : Wanted(first)) {
      auto found = carriers_.find({first.tag, value});
      if (found == carriers_.end()) continue;
      for (std::uint32_t table_class : found->second) {
        std::uint32_t bits = Judge(*grant, **next_.classes_.Find(table_class));
        if (bits != 0) holder.verdicts.Add(table_class, bits);
      }
    }
  }
}

std::shared_ptr<const LakeSnapshot> LakeCompiler::Publish() {
  for (Id database : changed_databases_) {
    const auto* names = next_.names_.Find(static_cast<std::uint64_t>(database));
    if (names && *names) (*names)->Each([&](const LakeSnapshot::Name& name) { changed_tables_.push_back(name.table); });
  }
  for (Id table : changed_tables_) {
    if (IsTable(table)) Place(table, ClassFor(table, next_.tables_.Find(static_cast<std::uint64_t>(table))->database));
  }
  for (const std::string& key : changed_holders_) Rejudge(key);
  changed_databases_.clear();
  changed_tables_.clear();
  changed_holders_.clear();
  return std::make_shared<const LakeSnapshot>(next_);
}

}  // namespace hanse::policy
