#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/access.h"
#include "catalog/crawl.h"
#include "gate/view_rights.h"
#include "wire/glue.h"

// THE SECURITY RULE of Data Catalog views (ViewDefinition; AWS Lake Formation Developer Guide, "Data Catalog views"). Who may
// SELECT such a view reads it with its definer's rights, so what a definer must hold is judged when the view is made, when it is
// changed, and again each time that a table beneath it is opened:
//   * the definer is a role of the catalog's account that lets glue.amazonaws.com and lakeformation.amazonaws.com assume it, and
//   who
//     makes or changes the view has iam:PassRole for it with both: nobody lends himself a role's eyes by writing SQL;
//   * it holds SELECT on each table beneath, whole and with the grant option: through a view goes no more than a grant could give;
//   * the tables are of the same account and region, no links and no views, and IAM_ALLOWED_PRINCIPALS holds nothing on them;
//   * IAM_ALLOWED_PRINCIPALS holds nothing on the view either: it is read by who was granted it, not by all whom IAM lets in.
// Revoked, dropped or not known is refused.
namespace hanse::catalog {

inline constexpr std::size_t kSubObjectsMax = 10;
inline constexpr std::string_view kLakeFormationService = "lakeformation.amazonaws.com";

// A view of which something is read as its definer.
struct BeneathView {
  Id view = 0;
  std::string arn;  // The view's, for the record.
  Caller reader;    // Who reads it, for the record.
};

// The view with its definer's rights that a row's definition is; nothing of any other table.
std::optional<wire::glue::ViewDefinition> DefinerViewOf(const wire::glue::Table& table);

// Whom a definition shows what it stands on.
void HideBeneath(wire::glue::Table* table);

// Any thread; what it is given outlives it.
class DefinerViews {
 public:
  DefinerViews(gate::Lake& lake, const gate::ViewRights& rights, RoleSessions& roles)
      : lake_(lake), rights_(rights), roles_(roles) {}

  // Of a new view in `home`. kInvalidArgument names the member that does not do; kAccessDenied where the caller may not pass the
  // definer.
  Result<wire::glue::ViewDefinition> Made(const gate::Call& call, const store::DatabaseRow& home,
                                          const wire::glue::TableInput& input) const;
  // Of `before`, a view in `home`, after UpdateTable.
  Result<wire::glue::ViewDefinition> Changed(const gate::Call& call, const store::DatabaseRow& home,
                                             const wire::glue::Table& before, const wire::glue::UpdateTableRequest& in) const;
  // kInvalidArgument where IAM alone opens the view that was just made in `home`, or `home` itself.
  Result<void> CheckClosed(store::Transaction& tx, const store::DatabaseRow& home, const store::TableRow& view) const;
  // A reader who comes by IAM_ALLOWED_PRINCIPALS is none: kAccessDenied.
  Result<void> CheckReader(store::Transaction& tx, const store::TableRow& view) const;
  // Whether `call`'s caller is the definer of `view`, which names `table`, and holds on it what he must. kNotFound where the view
  // does not name it, kAccessDenied else.
  Result<void> CheckBeneath(const gate::Call& call, const BeneathView& view, const OpenedTable& table) const;

 private:
  Result<Caller> PassedDefiner(const gate::Call& call, const store::DatabaseRow& home, const std::string& role) const;
  Result<void> CheckTables(const gate::Call& call, const store::DatabaseRow& home, const Caller& definer,
                           const std::vector<std::string>& arns) const;
  // Why the definer may not share it; nothing where he may.
  Result<std::optional<std::string>> Lacking(store::Transaction& tx, const Caller& definer, const store::TableRow& table,
                                             const policy::TableAccess& access) const;

  gate::Lake& lake_;
  const gate::ViewRights& rights_;
  RoleSessions& roles_;
};

}  // namespace hanse::catalog
