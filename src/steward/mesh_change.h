#pragma once
#include <string>
#include <vector>

#include "gate/gate.h"
#include "governance/expressions.h"
#include "governance/filter_rows.h"
#include "governance/filters.h"
#include "governance/grants.h"
#include "governance/opt_ins.h"
#include "governance/row_attachments.h"
#include "governance/row_policies.h"
#include "governance/settings.h"
#include "governance/tag_assignment.h"
#include "governance/tags.h"
#include "organisation/organisation.h"
#include "steward/mesh_document.h"
#include "steward/subject.h"
#include "wire/hanse_service.h"

// From the mesh as it is to the mesh as a document says, by the operations that clients call: each step is asked for at the gate,
// obeys the domain's rules, and is recorded under its own name. In the catalog of another account a step acts as a role of that
// account, which the caller must be allowed to assume. What a document leaves out is left alone; grants that creators of databases
// and tables were given with them are left alone too, unless the document names them.
namespace hanse::steward {

// What a catalog has, as a document writes it. Grants without those that makers of things were given with them.
Result<std::map<std::string, std::map<std::string, std::string>>> AssignmentsOf(store::Transaction& tx, const AccountId& account,
                                                                                const std::string& region);
Result<std::vector<std::pair<std::string, governance::FilterRow>>> FiltersOf(store::Transaction& tx, const AccountId& account,
                                                                             const std::string& region);  // By "DATABASE.TABLE".
Result<std::vector<WrittenGrant>> GrantsOf(store::Transaction& tx, const AccountId& account, const std::string& region);
Result<std::map<std::string, Terms>> ExpressionsOf(store::Transaction& tx, const AccountId& account, const std::string& region);
Result<std::vector<WrittenRowPolicy>> RowPoliciesOf(store::Transaction& tx, const AccountId& account, const std::string& region);
Result<std::vector<WrittenGrant>> PlacesOptedIn(store::Transaction& tx, const AccountId& account, const std::string& region);

// Who acts. Any thread; what it refers to outlives it.
struct MeshParts {
  gate::PolicySource& policies;
  organisation::Organisation& organisation;
  Random& random;
};

class MeshChange {
 public:
  MeshChange(MeshParts parts, const gate::Call& call) : parts_(parts), call_(call), grants_(parts.random) {}

  // All of it, in the call's transaction; the first step that is refused ends it. Nothing is done where nothing differs.
  Result<void> Make(const MeshDocument& mesh);

  std::vector<wire::hanse_service::PlannedStep> steps;
  std::vector<std::string> notes;  // What was left alone.
  std::vector<AccountId> catalogs;

 private:
  // A catalog under change: whose, and as whom.
  struct Site {
    AccountId account;
    Caller as;
    const WrittenCatalog* written = nullptr;  // Nothing for the organisation's steps.
  };
  template <class Op, class Service>
  Result<typename Op::Answer> Step(const Site& site, const Op& op, Service& service, char sign, std::string change);

  Result<void> Units(const MeshDocument& mesh);
  Result<void> Accounts(const MeshDocument& mesh);
  Result<void> PlaceAccount(const store::Account& account, const std::string& unit);
  Result<void> Catalog(const Site& site);
  Result<void> Administration(const Site& site);
  Result<void> Taxonomy(const Site& site);
  Result<void> TagOf(const Site& site, const std::string& key, const std::vector<std::string>& values);
  Result<void> Assignments(const Site& site);
  Result<void> Assign(const Site& site, const std::string& thing, const std::map<std::string, std::string>& tags,
                      const std::map<std::string, std::string>& there);
  Result<void> Filters(const Site& site);
  Result<void> Grants(const Site& site);
  struct Wanted;
  Result<std::vector<Wanted>> WantedGrants(const Site& site);
  Result<void> RevokeWhatIsNot(const Site& site, const std::vector<Wanted>& wanted);
  Result<void> GrantWhatLacks(const Site& site, const std::vector<Wanted>& wanted);
  Result<void> Expressions(const Site& site);
  Result<void> DropExpressions(const Site& site);
  Result<void> RowPolicies(const Site& site);
  Result<void> RowPolicyOf(const Site& site, const WrittenRowPolicy& written, const WrittenRowPolicy* there);
  Result<void> OptIns(const Site& site);
  Result<void> DropFilters(const Site& site);
  Result<void> DropTags(const Site& site);

  MeshParts parts_;
  const gate::Call& call_;
  governance::Settings settings_;
  governance::LFTags tags_;
  governance::TagAssignment assignment_;
  governance::Filters filters_;
  governance::Grants grants_;
  governance::TagExpressions expressions_;
  governance::RowPolicies row_policies_;
  governance::RowAttachments attachments_;
  governance::OptIns opt_ins_;
};

}  // namespace hanse::steward
