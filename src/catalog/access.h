#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/names.h"
#include "gate/gate.h"
#include "gate/lake.h"
#include "gate/reached_tables.h"
#include "store/directory.h"

// THE SECURITY RULE of the catalog. The gate has asked the first door (IAM) before anything here runs; this file asks the second
// (Lake Formation), in one place for every operation:
//   * what a caller may not see does not exist: the same error, the same text, for hidden and for missing (lakeformation.md 2.13);
//   * who sees a thing but lacks the verb is told which one ("Required Drop on x");
//   * a resource link is a thing of its own: it takes a right on the link to come through, and another one on the target; it is
//     followed one hop, never two (5.5). Rights on the one are none on the other;
//   * a target in another account takes the same IAM action on the target's own ARNs too (5.7, row 4).
namespace hanse::catalog {

// Reading looks away where IAM bars the target of a link; a change is refused by name.
enum class Intent { kRead, kChange };
enum class Links { kFollow, kStop };

// A database by the name that was asked for.
struct Place {
  store::DatabaseRow named;                // It, or a link that the caller may see.
  std::optional<store::DatabaseRow> home;  // Where its tables are: itself or the link's target. Nothing: out of reach.
  bool through_link() const { return static_cast<bool>(named.target); }
};

// A table that the caller may see.
struct OpenedTable {
  store::TableRow table;                // The table itself; the link, where `bare`.
  policy::TableAccess access;           // To `table`.
  std::optional<store::TableRow> link;  // The link in the named database that led to it.
  store::DatabaseRow home;              // The database of `table`.
  bool through_database_link = false;
  bool bare = false;  // A link that leads nowhere the caller may go.
  // Partitions and versions are not reached through two links at once (5.5).
  bool twice_linked() const { return through_database_link && static_cast<bool>(table.target); }
};

Error NoDatabase(std::string_view name);
Error NoTable(std::string_view name);
std::unexpected<Error> Refuse(Error error);

// Any thread; what it is given outlives it.
class Access {
 public:
  // `reached` spares lists the question about every table; without it each is asked about.
  explicit Access(gate::Lake& lake, const gate::ReachedTables* reached = nullptr) : lake_(lake), reached_(reached) {}
  gate::Lake& lake() const { return lake_; }

  // The database and, through a link, its target. kNotFound where there is none, or only a link that the caller may not see. A
  // database that is no link is not asked about yet: ask VisibleDatabase, or for one of its tables.
  Result<Place> Find(const gate::Call& call, Intent intent, std::string_view action, const AccountId& account,
                     std::string_view database) const;
  // kNotFound unless the caller may see `database` (or something in it).
  Result<policy::DatabaseAccess> VisibleDatabase(const gate::Call& call, const store::DatabaseRow& database,
                                                 std::string_view name) const;
  // A table by its name, kNotFound where it is not there for the caller.
  Result<OpenedTable> Open(const gate::Call& call, Intent intent, Links links, std::string_view action, const AccountId& account,
                           std::string_view database, std::string_view table) const;
  // As Open, for what needs the table itself: kNotFound for bare links and for links reached through a link.
  Result<OpenedTable> OpenTarget(const gate::Call& call, Intent intent, std::string_view action, const AccountId& account,
                                 std::string_view database, std::string_view table) const;
  // For lists: the next tables of a database, in the order of names after `after`, about `count`; none at its end. All that the
  // caller may see are among them; Peek knows.
  Result<std::vector<store::TableRow>> NextTables(const gate::Call& call, const store::DatabaseRow& home, std::string_view after,
                                                  std::size_t count) const;
  // The same for all databases of an account, in the order of their names: after a table of `database`, "" before the first.
  Result<std::vector<store::TableRow>> NextTablesOf(const gate::Call& call, const AccountId& account, std::string database,
                                                    std::string_view after, std::size_t count) const;
  // Tables of a known database, for lists, in their order: nothing where the caller may not see one. Links are followed.
  Result<std::vector<std::optional<OpenedTable>>> Peek(const gate::Call& call, std::string_view action, const Place& place,
                                                       std::vector<store::TableRow> tables) const;

  // kAccessDenied "Insufficient Lake Formation permission(s): Required Drop on x" unless the set holds it.
  static Result<void> Demand(policy::PermissionSet held, policy::Permission needed, std::string_view name);
  // kAccessDenied unless the caller may attach metadata of `account`'s catalog to the place; "" is no place.
  Result<void> DemandLocation(const gate::Call& call, const AccountId& account, std::string_view region, std::string_view location,
                              const store::DatabaseRow* within) const;

 private:
  // Whether IAM lets the caller do `action` with the target of a link.
  Result<bool> TargetOpen(const gate::Call& call, Intent intent, std::string_view action, std::string_view region,
                          const AccountId& owner, const Names& names) const;
  Result<std::vector<policy::TableAccess>> AccessTo(const gate::Call& call, const store::DatabaseRow& home,
                                                    const std::vector<store::TableRow>& tables) const;
  Result<OpenedTable> Follow(const gate::Call& call, Intent intent, std::string_view action, OpenedTable link) const;

  gate::Lake& lake_;
  const gate::ReachedTables* reached_;
};

}  // namespace hanse::catalog
