#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/caller.h"
#include "tests/reference/predicate.h"

// The facts of a data mesh as lakeformation.md names them, in plain containers: what the reference evaluator decides from. Names
// are words, permissions are the words of the model. Values.
namespace hanse::reference {

using Words = std::set<std::string>;

struct Principal {
  Id id = 0;
  std::string account;
  std::map<std::string, std::string> tags;
  Words worn =
      {};  // Users and groups of its account's SAML provider whom its sessions are decorated as: "saml:ACCOUNT:group/NAME".
};

struct Membership {  // Of an account.
  bool organization = false;
  std::vector<std::string> units;
};

struct Database {
  Id id = 0;
  std::string account;
  bool link = false;
};

struct Table {
  Id id = 0, database = 0;
  std::string account;
  std::vector<std::string> columns, keys;
  bool link = false;
};

// The tag by its number (a namesake has another) and the values of which any will do.
struct Term {
  int tag = 0;
  Words values;
  auto operator<=>(const Term&) const = default;
};
using Expression = std::vector<Term>;  // Sorted; all must hold.

struct Filter {
  Id table = 0;
  std::optional<Predicate> rows;  // Nothing: all.
  bool all_but = false;
  Words columns;
};

struct Share {
  enum class State { kWaiting, kOpen, kCut };
  Id row = 0;
  std::string owner, to;
  State state = State::kWaiting;
  TimeMs invited_ms = 0;
};

enum class On { kDatabase, kTable, kAllTables, kColumns, kAllBut, kCells, kDatabasePolicy, kTablePolicy };

// To whom: "role:ID", "every:ACCOUNT", "account:ACCOUNT", "organization", "unit:NAME", "iam".
struct Grant {
  std::string keeper, owner, to;
  On on = On::kTable;
  Id thing = 0;                    // The database or table.
  int filter = 0, saved = 0;       // By number; 0: none.
  Expression expression, granted;  // As it is now; as it was granted (its key): a value that is gone leaves `expression`.
  Words columns;
  std::optional<std::pair<std::string, std::string>> condition;  // A tag of the principal and its value.
  Words permissions, grantable;
  int share = 0;
};

struct World {
  std::map<Id, Principal> principals;
  std::map<std::string, Membership> accounts;
  std::map<std::string, std::set<Id>> admins, readers;  // Of the lake of an account.
  std::map<Id, Database> databases;
  std::map<Id, Table> tables;
  std::map<std::pair<Id, std::string>, std::map<int, std::string>> assigned;  // Thing and column ("": itself) -> tag -> value.
  std::map<int, Filter> filters;
  std::map<int, Expression> saved;
  std::map<int, Share> shares;
  std::vector<Grant> grants;
};

}  // namespace hanse::reference
