#pragma once
#include <optional>
#include <string>
#include <vector>

#include "catalog/access.h"
#include "catalog/definer_view.h"
#include "catalog/warehouse.h"
#include "wire/glue.h"

// What a governed read of a table needs to know: the queries' way into the catalog. No wire name: the server asks it for a query,
// as the query's caller.
namespace hanse::catalog {

struct GovernedPartition {
  std::vector<std::string> values;
  std::string location;                                  // "s3://bucket/prefix/"
  std::optional<wire::glue::StorageDescriptor> storage;  // Its own; format and SerDe may differ from the table's.
  std::optional<gate::RegisteredLocation> registered;    // Whose role reads it; nothing: the caller's own S3 rights.
};

struct GovernedTable {
  store::TableRow table;                               // The table itself, of whatever account; never a link.
  wire::glue::Table definition;                        // Whole: hidden columns too, because filters may name them.
  policy::TableAccess access;                          // What the caller may read of it; access.readable holds.
  std::optional<gate::RegisteredLocation> registered;  // For table.location.
  std::vector<GovernedPartition> partitions;           // Where the table has partition keys and does not project them.
  std::optional<WarehousePlace> warehouse() const { return WarehousePlaceOf(definition); }
  bool view() const { return definition.table_type.value_or("") == "VIRTUAL_VIEW"; }
  std::optional<wire::glue::ViewDefinition> definer_view() const { return DefinerViewOf(definition); }
};

// Partitions that a reader needs, as far as one key decides: `test` follows the key's name in an expression of
// partition_expression.h, with literals of `type` ("string", "int", "date").
struct NeededPartitions {
  std::string key, type, test;
};

// Opens a table for reading: IAM glue:GetTable on it (and on the target of a link), Lake Formation SELECT on some of it, and
// lakeformation:GetDataAccess where a place of it is registered or lies in a warehouse. That access is then in the journal
// (GetDataAccess) of the caller's account and, where it is another, of the owner's. kNotFound where the table is not there for the
// caller; kAccessDenied "Required Select on x" where he sees it and may not read it.
struct OpenForQuery {
  static constexpr gate::Rule kRule{"glue", "GetTable", gate::Record::kDataAccess};
  static constexpr std::size_t kPartitionsMax = 100'000;
  using Answer = GovernedTable;
  std::optional<std::string> catalog_id;
  std::string database, table;
  // Partitions that do not fit all of these may be left out. What is not of a key that the caller sees whole, and of its type,
  // leaves none out: he learns nothing of values that are hidden from him.
  std::vector<NeededPartitions> needed;
  std::string query_id;
  std::optional<BeneathView> beneath = std::nullopt;  // For whose reader the caller, its definer, opens it (definer_view.h).
  std::string Parameters() const;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread; what it is given outlives it.
class QueryTables {
 public:
  QueryTables(const Access& access, const DefinerViews& views) : access_(access), views_(views) {}
  Result<OpenForQuery::Answer> Do(const gate::Authorized<OpenForQuery>& call) const;
  // The first half of it: what the caller may read of the table, by the same decisions, without its partitions and with no record
  // of an access. The operation of `call` needs what NeedOnTable("glue:GetTable", …) says.
  Result<GovernedTable> Readable(const gate::Call& call, const std::optional<std::string>& catalog_id, std::string_view database,
                                 std::string_view table, const std::optional<BeneathView>& beneath = std::nullopt) const;

  // What is asked beside: lakeformation:GetDataAccess where Lake Formation stands before the data, which it tells; of a warehouse
  // else what warehouse.h says.
  // `beneath`: it is read for a view, as its definer.
  static Result<bool> RequireReading(const gate::Call& call, const GovernedTable& governed, bool beneath);

 private:
  Result<void> ReadPartitionsOf(const gate::Authorized<OpenForQuery>& call, GovernedTable* governed) const;

  const Access& access_;
  const DefinerViews& views_;
};

namespace query_table {
using Operations = gate::List<OpenForQuery>;
}

}  // namespace hanse::catalog
