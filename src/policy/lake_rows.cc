#include "policy/lake_rows.h"

#include <algorithm>

namespace hanse::policy {

Rows Rows::All() {
  Rows rows;
  rows.all_ = true;
  return rows;
}

Rows Rows::Of(Expressions any) {
  Rows rows;
  rows.any_ = std::make_shared<const Expressions>(std::move(any));
  return rows;
}

Rows Rows::Where(std::string sql) { return sql == "TRUE" ? All() : Of({"(" + std::move(sql) + ")"}); }

bool operator==(const Rows& a, const Rows& b) {
  if (a.all_ != b.all_) return false;
  return a.any_ == b.any_ || (a.any_ && b.any_ && *a.any_ == *b.any_);
}

Rows& Rows::operator|=(const Rows& other) {
  if (other.all_) *this = All();
  if (all_ || !other.any_ || any_ == other.any_) return *this;
  if (!any_ || std::ranges::includes(*other.any_, *any_)) {
    any_ = other.any_;
  } else if (!std::ranges::includes(*any_, *other.any_)) {
    Expressions both = *any_;
    both.insert(other.any_->begin(), other.any_->end());
    *this = Of(std::move(both));
  }
  return *this;
}

Rows operator&(const Rows& a, const Rows& b) {
  if (a.all_ || a == b) return b;
  if (b.all_) return a;
  if (a.none() || b.none()) return {};
  return Rows::Of({"((" + a.Sql() + ") AND (" + b.Sql() + "))"});
}

std::string Rows::Sql() const {
  std::string sql;
  if (!any_) return sql;
  for (const std::string& one : *any_) {
    if (!sql.empty()) sql += " OR ";
    sql += one;
  }
  return sql;
}

}  // namespace hanse::policy
