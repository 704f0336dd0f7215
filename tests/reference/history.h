#pragma once
#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "governance/governance_lab.h"
#include "tests/reference/world.h"

namespace hanse::reference {

// A random history of a small data mesh of three accounts (an owner, a consumer of the same organisation, a stranger), done by the
// operations of governance/ and, where they were accepted, to a World. What is refused must change nothing. Names come from small
// pools, so that most things have had namesakes. One thread.
class History {
 public:
  explicit History(std::uint64_t seed);

  // One operation.
  void Step();

  const World& world() const { return world_; }
  const std::string& last() const { return last_; }                     // What Step() did.
  const std::map<std::string, int>& counts() const { return counts_; }  // Accepted operations by name.
  governance::Lab& lab() { return lab_; }
  // As sign-in would tell of it now.
  Caller CallerOf(Id principal) const;
  const store::TableRow& Row(const Table& table) const { return table_rows_.at(table.id); }
  const store::DatabaseRow& Row(const Database& database) const { return database_rows_.at(database.id); }

  // Random things of the world; there is always a principal, a database and a table.
  Id AnyPrincipal();
  const Table& AnyTable();
  const Database& AnyDatabase();
  int Below(int end) { return static_cast<int>(random_() % static_cast<std::uint64_t>(end)); }
  bool Chance(int percent) { return Below(100) < percent; }
  // Drops it and makes it again as its account's administrator, and beside it one of a name that never was: {again, fresh}.
  std::pair<Id, Id> MakeTableAgain(Id table);
  // The same with a role; nothing where it is an account's first administrator.
  std::optional<std::pair<Id, Id>> MakeRoleAgain(Id role);
  void DropTable(Id table);
  void DropRole(Id role);
  // All distinct: some of them, at least one.
  Words SomeOf(const std::vector<std::string>& all);

 private:
  struct Kind;
  using Named = std::tuple<Id, std::string, std::string>;  // Of a filter: its table, who made it, its name.
  template <class T>
  T Pick(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(Below(static_cast<int>(all.size())))];
  }
  // Notes what was tried; answers whether it was accepted.
  template <class T>
  bool Accepted(const std::string& what, const Result<T>& result);
  std::string AnyAccount();
  Caller AdminOf(const std::string& account) const { return CallerOf(admins_.at(account)); }

  // history.cc
  Id MakeRole(const std::string& account, const std::string& name);
  bool ReplaceRole();
  bool ChangeAdmins();
  bool MoveAccount();
  bool TagPrincipal();
  bool DecoratePrincipal();
  // history_things.cc
  bool MakeDatabase();
  bool MakeTable();
  Id AddTable(const Caller& maker, const store::DatabaseRow& in, const std::string& name, const std::vector<std::string>& columns,
              const std::vector<std::string>& keys, bool link);
  bool DropSomeTable();
  bool DropSomeDatabase();
  bool ChangeColumns();
  bool MakeFilter();
  bool ChangeFilter();
  bool DropFilter();
  std::optional<Predicate> SomeRows(const Table& table, int depth);
  Result<void> PutFilter(const Table& table, const Caller& by, const std::string& name, const Filter& filter, bool anew);
  // history_tags.cc
  bool MakeTag();
  bool ChangeTag();
  bool DropTag();
  bool Assign();
  bool Unassign();
  bool PutExpression();
  bool DropExpression();
  Expression SomeExpression(const std::string& account);
  std::vector<wire::lakeformation::LFTag> Shown(const std::string& account, const Expression& expression) const;
  // history_grants.cc
  bool GrantSomething();
  bool PassOn();
  bool RevokeSomething();
  bool AcceptInvitation();
  bool CutShare();
  bool LetTimePass();
  bool Fill(Grant* grant, bool by_owner);
  void FillGrantee(Grant* grant);
  bool FillResource(Grant* grant);
  // Whether the names in it still mean what they meant.
  bool Sayable(const Grant& grant) const;
  std::string Identifier(const std::string& to) const;
  governance::Lab::Resource ResourceOf(const Grant& grant) const;
  void Mirror(const Grant& grant);
  int ShareFor(const Grant& grant);

  std::mt19937_64 random_;
  governance::Lab lab_;
  World world_;
  std::string last_;
  std::map<std::string, int> counts_;
  std::map<Id, Caller> callers_;
  std::map<std::string, Id> admins_;     // The account's first administrator, who stays.
  std::map<std::string, Id> providers_;  // The account's SAML provider.
  std::map<Id, store::DatabaseRow> database_rows_;
  std::map<Id, store::TableRow> table_rows_;
  std::map<std::pair<std::string, std::string>, int> tags_, saved_;  // Account and name -> number.
  std::map<int, Words> tag_values_;
  std::map<Named, int> filters_;
  int next_ = 1;
};

template <class T>
bool History::Accepted(const std::string& what, const Result<T>& result) {
  last_ = what + (result ? "" : " (refused: " + result.error().message + ")");
  return result.has_value();
}

}  // namespace hanse::reference
