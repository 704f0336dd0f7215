#include "governance/office.h"

#include "governance/refusals.h"

namespace hanse::governance {

Result<Office> OfficeOf(store::Transaction& tx, const Caller& caller, std::string_view account, std::string_view region) {
  if (caller.principal == 0 || caller.account != account) return Office::kNone;
  TRY_ASSIGN(auto rows, tx.Recall("SELECT role FROM lf_admins WHERE account = ? AND region = ? AND principal_id = ?",
                                  {std::string(account), std::string(region), caller.principal}));
  Office office = Office::kNone;
  for (const store::Row& row : rows) {
    if (row.Text(0) == "admin") return Office::kAdmin;
    office = Office::kReader;
  }
  return office;
}

Result<AccountId> OwnCatalog(const gate::Call& call, const std::optional<std::string>& catalog_id) {
  if (catalog_id && *catalog_id != call.caller().account) return NotYours();
  return call.caller().account;
}

}  // namespace hanse::governance
