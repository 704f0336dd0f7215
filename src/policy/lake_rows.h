#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace hanse::policy {

// In which rows something is seen: in none, in all, or where one of some expressions (SQL as lake_filter.h prints it) is true. NULL
// is not true. A value; pure.
class Rows {
 public:
  Rows() = default;  // None.
  static Rows All();
  static Rows Where(std::string sql);

  bool none() const { return !all_ && !any_; }
  bool all() const { return all_; }
  friend bool operator==(const Rows& a, const Rows& b);

  Rows& operator|=(const Rows& other);
  friend Rows operator&(const Rows& a, const Rows& b);

  // Nothing for all rows, "FALSE"-like texts never: ask none() first.
  std::string Sql() const;

 private:
  using Expressions = std::set<std::string>;
  static Rows Of(Expressions any);

  bool all_ = false;
  // Each in parentheses; empty: none. Shared: what a filter gives on one column it gives on most.
  std::shared_ptr<const Expressions> any_;
};

}  // namespace hanse::policy
