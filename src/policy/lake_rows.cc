#include "policy/lake_rows.h"

namespace hanse::policy {

Rows Rows::All() {
  Rows rows;
  rows.all_ = true;
  return rows;
}

Rows Rows::Where(std::string sql) {
  if (sql == "TRUE") return All();
  Rows rows;
  rows.any_.insert("(" + std::move(sql) + ")");
  return rows;
}

Rows& Rows::operator|=(const Rows& other) {
  all_ = all_ || other.all_;
  if (all_) {
    any_.clear();
  } else {
    any_.insert(other.any_.begin(), other.any_.end());
  }
  return *this;
}

Rows operator&(const Rows& a, const Rows& b) {
  if (a.all_ || a == b) return b;
  if (b.all_) return a;
  if (a.none() || b.none()) return {};
  Rows rows;
  rows.any_.insert("((" + a.Sql() + ") AND (" + b.Sql() + "))");
  return rows;
}

std::string Rows::Sql() const {
  std::string sql;
  for (const std::string& one : any_) {
    if (!sql.empty()) sql += " OR ";
    sql += one;
  }
  return sql;
}

}  // namespace hanse::policy
