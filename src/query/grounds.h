#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "query/world.h"

namespace hanse::query {

// What a query's answer rests on, for asking it again: while the query runs, and before its answer is given a second time. Any
// thread.
class Grounds {
 public:
  void Add(TableGround ground);  // Each is kept once.
  void NotRepeatable();

  std::vector<TableGround> tables() const;
  // Whether the same question over the same tables has the same answer: no list of tables was asked, no view asks a clock.
  bool repeatable() const;

 private:
  mutable std::mutex mutex_;
  std::vector<TableGround> tables_;
  bool repeatable_ = true;
};

TableGround GroundOf(const engine::TableSource& source);

// Writes down what `tables` answers. Neither owns the other; both outlive it.
class NotedTables final : public engine::TableResolver {
 public:
  NotedTables(QueryTables& tables, Grounds& grounds) : tables_(tables), grounds_(grounds) {}
  Result<engine::TableSource> Resolve(std::string_view database, std::string_view table) override {
    return ResolveWhere(database, table, {});
  }
  Result<engine::TableSource> ResolveWhere(std::string_view database, std::string_view table,
                                           const engine::ColumnConditions& conditions) override;
  Result<engine::TableSource> ResolveBeneath(std::uint64_t view, std::string_view database, std::string_view table) override;
  Result<engine::OpenObject> Open(std::uint64_t object) override { return tables_.Open(object); }
  Result<std::vector<engine::ListedTable>> List() override;
  Result<std::vector<std::uint64_t>> Locate(std::uint64_t metadata, const std::vector<std::string>& places) override;
  Result<int> ReadRows(std::uint64_t object, const std::vector<std::string>& columns) override;

 private:
  TableGround Noted(const engine::TableSource& source);

  QueryTables& tables_;
  Grounds& grounds_;
  std::map<std::uint64_t, std::shared_ptr<const TableGround>> views_;  // By TableSource::definer_view.
};

// Opens every table anew: whether each is what it was, its files too.
bool HoldsData(QueryTables& tables, const std::vector<TableGround>& grounds);

// Which right to a table its caller had and has no more, for the journal: a column, rows, cells, the role that reads it. Nothing
// where he may see at least what he saw.
std::optional<std::string> LostRight(const TableGround& before, const TableGround& now);

// Whether a text asks a clock or draws lots.
bool AsksClockOrLots(std::string_view sql);

}  // namespace hanse::query
