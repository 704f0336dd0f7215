#pragma once
#include <string>
#include <unordered_map>

#include "policy/lake.h"
#include "tests/reference/evaluator.h"
#include "tests/reference/history.h"

namespace hanse::reference {

// Lays what the server decided beside what the evaluator decides. One thread; the history outlives it.
class Comparison {
 public:
  explicit Comparison(History& history);

  // Empty where they agree, else what differs.
  std::string Of(const policy::TableAccess& decided, const TableSeen& seen);
  static std::string Of(const policy::DatabaseAccess& decided, const DatabaseSeen& seen);
  // As a TableSeen, rows by running the SQL of the answer on the few rows there are.
  TableSeen Read(const policy::TableAccess& decided);

 private:
  RowSet RowsWhere(const std::string& sql);

  History& history_;
  std::unordered_map<std::string, RowSet> known_;
};

}  // namespace hanse::reference
