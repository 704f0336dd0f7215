#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "policy/lake_snapshot.h"

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

  // As of all changes so far.
  std::shared_ptr<const LakeSnapshot> Publish();

 private:
  using Pair = std::pair<Id, std::string>;  // A tag and its value, or "*".
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
  static std::set<Pair> PairsOf(const LakeSnapshot::Class& of);
  // Policies.
  static std::uint32_t Judge(const LakeGrant& policy, const LakeSnapshot::Class& of);
  void Learn(std::uint32_t table_class);
  void Rejudge(const std::string& key);

  LakeSnapshot next_;
  std::unordered_map<Id, LakeGrantPtr> grants_;
  std::unordered_map<std::string, std::uint32_t> classes_;  // By their tags, written out.
  std::unordered_map<std::uint32_t, std::string> class_keys_;
  std::unordered_map<Id, std::uint32_t> plain_;       // The class of a database's tables without tags of their own.
  std::map<Pair, std::set<std::uint32_t>> carriers_;  // Classes where something carries the pair.
  std::map<Pair, std::set<Id>> policies_;             // By each pair of their first term.
  std::vector<Id> changed_tables_;                    // Some perhaps gone, some twice.
  std::set<Id> changed_databases_;
  std::set<std::string> changed_holders_;
  std::uint32_t last_class_ = 0;
};

}  // namespace hanse::policy
