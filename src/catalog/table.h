#pragma once
#include "catalog/access.h"
#include "catalog/definer_view.h"
#include "catalog/page.h"
#include "wire/glue.h"
#include "wire/json.h"

// Tables, and resource links to tables. Sources: AWS Glue API Reference, "Table API"; lakeformation.md 2.3, 2.9, 2.13, 5.5, 7.
namespace hanse::catalog {

// Through a database link it makes a table in the target.
struct CreateTable {
  static constexpr gate::Rule kRule{"glue", "CreateTable", gate::Record::kWrite};
  using Wire = wire::glue::op::CreateTable;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// A read for who would only write its answer out: it answers with the JSON of Op's answer (written_table.h).
template <class Op>
struct AsText {
  static constexpr gate::Rule kRule = Op::kRule;
  using Answer = std::string;
  typename Op::Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const { return Op{in}.On(context, tx); }
  std::string Parameters() const { return wire::ToRecord(in); }
};

struct GetTable {
  static constexpr gate::Rule kRule{"glue", "GetTable", gate::Record::kRead};
  using Wire = wire::glue::op::GetTable;
  using Answer = Wire::Output;
  using Written = AsText<GetTable>;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetTables {
  static constexpr gate::Rule kRule{"glue", "GetTables", gate::Record::kRead};
  using Wire = wire::glue::op::GetTables;
  using Answer = Wire::Output;
  using Written = AsText<GetTables>;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Through links it changes the target. `version_id`, where it is given, must be the current one.
struct UpdateTable {
  static constexpr gate::Rule kRule{"glue", "UpdateTable", gate::Record::kWrite};
  using Wire = wire::glue::op::UpdateTable;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Of a table link it takes the link; through a database link the table of the target.
struct DeleteTable {
  static constexpr gate::Rule kRule{"glue", "DeleteTable", gate::Record::kWrite};
  using Wire = wire::glue::op::DeleteTable;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct BatchDeleteTable {
  static constexpr gate::Rule kRule{"glue", "BatchDeleteTable", gate::Record::kWrite};
  using Wire = wire::glue::op::BatchDeleteTable;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread; what it is given outlives it.
class Tables {
 public:
  static constexpr std::size_t kPageMax = 100;

  Tables(const Access& access, const Pages& pages, const DefinerViews& views) : access_(access), pages_(pages), views_(views) {}
  Result<CreateTable::Answer> Do(const gate::Authorized<CreateTable>& call) const;
  Result<GetTable::Answer> Do(const gate::Authorized<GetTable>& call) const;
  Result<GetTables::Answer> Do(const gate::Authorized<GetTables>& call) const;
  Result<std::string> Do(const gate::Authorized<AsText<GetTable>>& call) const;
  Result<std::string> Do(const gate::Authorized<AsText<GetTables>>& call) const;
  Result<UpdateTable::Answer> Do(const gate::Authorized<UpdateTable>& call) const;
  Result<DeleteTable::Answer> Do(const gate::Authorized<DeleteTable>& call) const;
  Result<BatchDeleteTable::Answer> Do(const gate::Authorized<BatchDeleteTable>& call) const;

 private:
  // A table as GetTable finds it, and whether its place is registered.
  struct Found {
    OpenedTable opened;
    bool registered = false;
  };
  Result<Found> Find(const gate::Call& call, const GetTable::Wire::Input& in) const;
  static Result<GetTable::Answer> Show(const Found& found, const GetTable::Wire::Input& in);
  // The tables of a page, each handed to `take`; the next page's token, if there is one.
  template <class Take>
  Result<std::optional<std::string>> List(const gate::Call& call, const GetTables::Wire::Input& in, Take take) const;
  // The database whose tables a caller lists; kNotFound for who may not see it.
  Result<Place> FindListed(const gate::Call& call, const AccountId& account, std::string_view database) const;
  Result<void> Drop(const gate::Call& call, std::string_view action, const AccountId& account, std::string_view database,
                    std::string_view table) const;

  const Access& access_;
  const Pages& pages_;
  const DefinerViews& views_;
};

namespace table {
using Operations = gate::List<CreateTable, GetTable, GetTables, UpdateTable, DeleteTable, BatchDeleteTable>;
}

}  // namespace hanse::catalog
