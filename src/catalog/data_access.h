#pragma once
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "catalog/definer_view.h"
#include "gate/gate.h"
#include "gate/lake.h"

namespace hanse::catalog {

// Data was opened for a reader by Lake Formation: the event GetDataAccess (lakeformation.md, section 9).
struct DataAccess {
  AccountId owner;                 // Of the table: another account than the reader's has a copy.
  std::string table_arn;           // Empty: of places, not of one table.
  boost::json::object request;     // requestParameters
  boost::json::object additional;  // additionalEventData, without requesterService.
  std::string requester = "UNKNOWN";
  std::string acting_for;  // The service that acts for the reader ("athena.amazonaws.com"); empty: the reader asks itself.
  std::vector<policy::LakeReason> reasons;
};

// Records it with the operation, durably, tied by one sharedEventID where there are two. The owner's copy names the reader where
// the settings of the reader's account trust the owner.
Result<void> RecordDataAccess(const gate::Call& call, gate::Lake& lake, const DataAccess& access);

// The same of a query that Athena runs for the caller over one table.
struct QueryAccess {
  std::string permission;  // "SELECT", "INSERT"
  std::string query_id;
  bool rows_hidden = false;
  std::string definer = {};                           // Of a view that is read with its definer's rights: his role.
  std::optional<BeneathView> beneath = std::nullopt;  // The view for whose reader the table is opened.
  std::vector<policy::LakeReason> reasons;
};
Result<void> RecordQueryAccess(const gate::Call& call, gate::Lake& lake, const store::TableRow& table, QueryAccess query);

}  // namespace hanse::catalog
