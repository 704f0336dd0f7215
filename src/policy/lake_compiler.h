#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/lake_snapshot.h"
#include "policy/tag_index.h"

namespace hanse::policy {

// Keeps a LakeSnapshot in step with rows as they change, and gives immutable copies of it. In any order: what names a thing may
// come before the thing. A change costs what it reaches, never a walk over all tables. One thread at a time; pure.
class LakeCompiler {
 public:
  // Also where its name or database changes. Names within a database differ.
  void SetTable(Id table, Id database, std::string_view name);
  void DropTable(Id table);
  // On a database, table or (column not "") column.
  void SetTag(Id thing, std::string_view column, Id tag, std::string_view value);
  void DropTag(Id thing, std::string_view column, Id tag);
  // In place of the one with its id, if any.
  void SetGrant(LakeGrantPtr grant);
  void DropGrant(Id grant);

  // No number is left for another set of tags, or a number is too large: nothing that is published from now on is right. A compiler
  // that is told all anew begins with small ones.
  bool exhausted() const { return exhausted_; }
  // As of all changes so far.
  std::shared_ptr<const LakeSnapshot> Publish();

 private:
  using Holder = LakeSnapshot::Holder;

  LakeThing& EditThing(Id id);
  LakeSnapshot::Class& EditClass(std::uint32_t table_class);
  Holder& EditHolder(const std::string& key);
  void TagsChanged(Id thing);
  bool IsTable(Id id) const;
  void Forget(const LakeGrantPtr& grant);
  // Class by class.
  std::uint32_t ClassFor(Id table, Id database);
  std::uint32_t Interned(Tags base, std::vector<Tags> others);
  void Place(Id table, std::uint32_t table_class);
  void Retire(std::uint32_t table_class);
  // Policies.
  void Learn(std::uint32_t table_class);
  void Rejudge(const std::string& key);

  LakeSnapshot next_;
  std::unordered_map<Id, LakeGrantPtr> grants_;
  std::unordered_map<std::string, std::uint32_t> classes_;  // By their tags, written out.
  std::unordered_map<std::uint32_t, std::string> class_keys_;
  std::unordered_map<Id, std::uint32_t> plain_;  // The class of a database's tables without tags of their own.
  TagIndex index_;
  std::vector<Id> changed_tables_;  // Some perhaps gone, some twice.
  std::set<Id> changed_databases_;
  std::set<std::string> changed_holders_;
  std::set<std::uint32_t> new_classes_;
  std::uint32_t last_class_ = 0;
  bool exhausted_ = false;
};

}  // namespace hanse::policy
