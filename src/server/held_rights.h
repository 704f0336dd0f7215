#pragma once
#include <string>
#include <vector>

#include "audit/journal.h"
#include "catalog/query_table.h"
#include "gate/gate.h"
#include "query/world.h"

namespace hanse::server {

// Whether a running query's caller may still see what it stands on. Refused (kAccessDenied) by the decisions of
// catalog::OpenForQuery where he may open the table no more, and where he would be shown less of it than he was. No wire name.
struct HoldRights {
  static constexpr gate::Rule kRule{"lakeformation", "GetDataAccess", gate::Record::kDataAccess};
  using Answer = void;
  const query::TableGround& ground;
  std::string query_id;
  store::Basis* basis;                                         // What the answer was made of.
  std::optional<catalog::BeneathView> beneath = std::nullopt;  // The caller is the definer of this view.
  catalog::GovernedTable* opened = nullptr;                    // Takes the table as it is now.
  std::string Parameters() const;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// SECURITY RULE: nobody is given anything here. What is asked again was opened, and recorded, before; the answer only keeps a query
// running or stops it. So it is asked through a gate of its own that decides as the server's does, from the same policies, and
// whose records go nowhere; that gate runs HoldRights alone. Where it refuses, the server's gate is asked the same: one record of a
// query that loses its rights, with the reason. Any thread; what it is given outlives it.
class HeldRights {
 public:
  // `parts`: those of the server's gate.
  HeldRights(const gate::Gate& gate, const gate::Gate::Parts& parts, const catalog::QueryTables& tables);

  Result<void> Hold(const gate::Context& as, const HoldRights& rights) const;
  Result<void> Do(const gate::Authorized<HoldRights>& call) const;

 private:
  // Takes records and keeps none.
  class Nowhere final : public audit::Journal {
   public:
    Result<void> Append(std::string_view, audit::Durability) override { return {}; }
    void OutboxHasRows() override {}
  };

  const gate::Gate& gate_;
  Nowhere nowhere_;
  gate::Gate silent_;
  const catalog::QueryTables& tables_;
};

}  // namespace hanse::server
