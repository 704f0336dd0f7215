#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/access.h"
#include "wire/glue.h"

// What writing rows to a table needs to know: the way of INSERT and of CREATE TABLE AS into the catalog. No wire name: the server
// asks it for a query, as the query's caller.
namespace hanse::catalog {

struct WritableTable {
  store::TableRow table;  // The table itself, of whatever account; never a link.
  wire::glue::Table definition;
  std::optional<gate::RegisteredLocation> registered;  // Whose role writes; nothing: the caller's own S3 rights.
  struct Partition {
    std::string location;
    std::optional<gate::RegisteredLocation> registered;
  };
  std::map<std::vector<std::string>, Partition> partitions;  // Those that were asked for and are there.
};

// Opens a table for adding rows: IAM glue:GetTable on it (and on the target of a link), Lake Formation INSERT, and
// lakeformation:GetDataAccess where a place of it is registered; that access is then in the journal as a reader's is. kNotFound
// where the table is not there for the caller; kAccessDenied "Required Insert on x" where he sees it and may not add to it.
struct OpenForWrite {
  static constexpr gate::Rule kRule{"glue", "GetTable", gate::Record::kDataAccess};
  using Answer = WritableTable;
  std::string database, table;
  std::vector<std::vector<std::string>> partitions;  // Values of those whose places are wanted.
  bool alone = false;  // kConflict where it lies at a registered place at, above or below which another table lies.
  std::string query_id;
  std::string Parameters() const;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread; what it is given outlives it.
class TableWrites {
 public:
  explicit TableWrites(const Access& access) : access_(access) {}
  Result<OpenForWrite::Answer> Do(const gate::Authorized<OpenForWrite>& call) const;

 private:
  Result<std::optional<gate::RegisteredLocation>> Registered(const gate::Call& call, const OpenedTable& opened,
                                                             const std::string& place) const;

  const Access& access_;
};

}  // namespace hanse::catalog
