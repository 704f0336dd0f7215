#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace hanse::engine {

// Random statements over one table, for tests: expressions of every type, many of which fail on some rows (division, casts, dates
// out of range), joins, windows, sets, subqueries, plans. The same seed gives the same statements. One thread.
class RandomSql {
 public:
  enum class Kind { kInteger, kDecimal, kText, kDay };
  struct Column {
    std::string name;
    Kind kind;
  };

  explicit RandomSql(std::uint64_t seed) : dice_(seed) {}

  int Below(int end) { return static_cast<int>(dice_() % static_cast<std::uint64_t>(end)); }
  bool OneIn(int count) { return Below(count) == 0; }
  template <class T>
  const T& One(const std::vector<T>& of) {
    return of[static_cast<std::size_t>(Below(static_cast<int>(of.size())))];
  }

  // A condition of the grammar of data filters: comparisons of columns with literals.
  std::string Filter(const std::vector<Column>& columns, int depth);
  // A statement over `table`. `columns` are those that it may name; names of `others` come up now and then, and fail or do not.
  std::string Statement(const std::string& table, const std::vector<Column>& columns, const std::vector<Column>& others);

 private:
  std::string Literal(Kind kind);
  std::string Name(Kind kind);  // Of a column of that kind; a literal where there is none.
  std::string Value(Kind kind, int depth);
  std::string Integer(int depth);
  std::string Text(int depth);
  std::string Day(int depth);
  std::string Condition(int depth);
  // What may fail on some rows does so now and then.
  bool Fragile() { return OneIn(6); }
  std::string Cast() { return Fragile() ? "CAST" : "TRY_CAST"; }
  std::string Divisor() { return Fragile() ? Name(Kind::kInteger) : std::to_string(2 + Below(9)); }
  std::string Count() { return Fragile() ? Name(Kind::kInteger) : std::to_string(1 + Below(3)); }
  std::string Any(int depth) { return Value(static_cast<Kind>(Below(4)), depth); }
  std::string Where() { return OneIn(3) ? "" : " WHERE " + Condition(2); }
  std::string Aggregate();
  std::string Select();

  std::mt19937_64 dice_;
  std::string table_;
  std::vector<Column> columns_;
};

inline std::string RandomSql::Literal(Kind kind) {
  switch (kind) {
    case Kind::kInteger: return std::to_string(Below(60) - 20);
    case Kind::kDecimal: return fmt::format("{}.{:02}", Below(500), Below(100));
    case Kind::kText: return OneIn(3) ? One<std::string>({"'red'", "'green'", "'blue'", "''"}) : fmt::format("'s{}'", Below(30));
    case Kind::kDay: return fmt::format("DATE '20{:02}-{:02}-{:02}'", 20 + Below(8), 1 + Below(12), 1 + Below(28));
  }
  return "NULL";
}

inline std::string RandomSql::Filter(const std::vector<Column>& columns, int depth) {
  if (depth > 0 && OneIn(2)) {
    return "(" + Filter(columns, depth - 1) + (OneIn(2) ? " AND " : " OR ") + Filter(columns, depth - 1) + ")";
  }
  const Column& column = One(columns);
  if (OneIn(7)) return column.name + (OneIn(2) ? " IS NULL" : " IS NOT NULL");
  if (OneIn(4))
    return fmt::format("{} IN ({}, {}, {})", column.name, Literal(column.kind), Literal(column.kind), Literal(column.kind));
  return column.name + One<std::string>({" = ", " <> ", " < ", " <= ", " > ", " >= "}) + Literal(column.kind);
}

inline std::string RandomSql::Name(Kind kind) {
  std::vector<std::string> names;
  for (const Column& column : columns_) {
    if (column.kind == kind) names.push_back(column.name);
  }
  return names.empty() ? Literal(kind) : One(names);
}

inline std::string RandomSql::Value(Kind kind, int depth) {
  if (depth <= 0 || OneIn(3)) return OneIn(4) ? Literal(kind) : Name(kind);
  if (OneIn(8)) return fmt::format("coalesce({}, {})", Value(kind, depth - 1), Literal(kind));
  if (OneIn(8))
    return fmt::format("CASE WHEN {} THEN {} ELSE {} END", Condition(1), Value(kind, depth - 1), Value(kind, depth - 1));
  switch (kind) {
    case Kind::kInteger: return Integer(depth - 1);
    case Kind::kText: return Text(depth - 1);
    case Kind::kDay: return Day(depth - 1);
    case Kind::kDecimal: break;
  }
  if (OneIn(3)) return fmt::format("{}({} AS decimal(12,2))", Cast(), Value(OneIn(2) ? Kind::kInteger : Kind::kText, depth - 1));
  return fmt::format("({} {} {})", Value(kind, depth - 1), One<std::string>({"+", "-"}), Value(kind, depth - 1));
}

inline std::string RandomSql::Integer(int depth) {
  auto integer = [&] { return Value(Kind::kInteger, depth); };
  switch (Below(9)) {
    case 0: return fmt::format("({} / {})", integer(), Divisor());
    case 1: return fmt::format("({} % {})", integer(), Divisor());
    case 2: return fmt::format("{}({} AS integer)", Cast(), Value(Kind::kText, depth));
    case 3: return fmt::format("length({})", Value(Kind::kText, depth));
    case 4: return fmt::format("date_diff('day', {}, {})", Value(Kind::kDay, depth), Value(Kind::kDay, depth));
    case 5: return fmt::format("CAST({} AS bigint)", Value(Kind::kDecimal, depth));
    case 6: return fmt::format("element_at(ARRAY[1, 2, 3], {})", Count());
    case 7: return fmt::format("abs({})", integer());
    default: return fmt::format("({} {} {})", integer(), One<std::string>({"+", "-", "*"}), integer());
  }
}

inline std::string RandomSql::Text(int depth) {
  auto text = [&] { return Value(Kind::kText, depth); };
  switch (Below(8)) {
    case 0: return fmt::format("({} || {})", text(), text());
    case 1: return fmt::format("upper({})", text());
    case 2: return fmt::format("substr({}, {}, 2)", text(), Count());
    case 3: return fmt::format("CAST({} AS varchar)", Value(static_cast<Kind>(Below(4)), depth));
    case 4: return fmt::format("lpad({}, {}, 'x')", text(), Count());
    case 5: return fmt::format("split_part({}, '1', {})", text(), Count());
    case 6: return fmt::format("regexp_extract({}, '([0-9]+)', 1)", text());
    default: return fmt::format("replace({}, {}, '')", text(), text());
  }
}

inline std::string RandomSql::Day(int depth) {
  switch (Below(4)) {
    case 0: return fmt::format("date_add('month', {}, {})", Count(), Value(Kind::kDay, depth));
    case 1: return fmt::format("{}({} AS date)", Cast(), Value(Kind::kText, depth));
    default: return fmt::format("date_trunc('month', {})", Value(Kind::kDay, depth));
  }
}

inline std::string RandomSql::Condition(int depth) {
  if (depth > 0 && OneIn(3)) return "(" + Condition(depth - 1) + (OneIn(2) ? " AND " : " OR ") + Condition(depth - 1) + ")";
  if (OneIn(10)) return "NOT (" + Condition(depth - 1) + ")";
  const Kind kind = static_cast<Kind>(Below(4));
  if (OneIn(8)) return Value(kind, depth) + (OneIn(2) ? " IS NULL" : " IS NOT NULL");
  if (kind == Kind::kText && OneIn(4)) return fmt::format("{} LIKE 's{}%'", Value(kind, depth), Below(4));
  return Value(kind, depth) + One<std::string>({" = ", " <> ", " < ", " >= "}) + Value(kind, depth);
}

inline std::string RandomSql::Aggregate() {
  switch (Below(9)) {
    case 0: return "count(*)";
    case 1: return fmt::format("count(DISTINCT {})", Any(1));
    case 2: return fmt::format("sum({})", Value(Kind::kInteger, 1));
    case 3: return fmt::format("min({})", Any(1));
    case 4: return fmt::format("max({})", Any(1));
    case 5: return fmt::format("count_if({})", Condition(1));
    case 6: return fmt::format("max_by({}, id)", Any(0));
    case 7: return fmt::format("sum({}) FILTER (WHERE {})", Value(Kind::kDecimal, 1), Condition(1));
    default: return fmt::format("approx_distinct({})", Any(1));
  }
}

inline std::string RandomSql::Select() {
  const std::string from = " FROM " + table_;
  switch (Below(12)) {
    case 0: return fmt::format("SELECT {}, {}{}{}", Aggregate(), Aggregate(), from, Where());
    case 1:
      return fmt::format("SELECT {} AS k, {}{}{} GROUP BY 1 HAVING {} IS NOT NULL", Any(1), Aggregate(), from, Where(),
                         Aggregate());
    case 2: return fmt::format("SELECT id, {}, {}{}{} ORDER BY id LIMIT {}", Any(2), Any(2), from, Where(), 1 + Below(30));
    case 3: return fmt::format("SELECT DISTINCT {}{}{}", Any(2), from, Where());
    case 4:
      return fmt::format("SELECT count(*), min(a.id), max(b.id){0} a JOIN {1} b ON a.id = b.id + {2}{3}", from, table_, Below(5),
                         OneIn(2) ? "" : " WHERE a.id < 500");
    case 5:
      return fmt::format("SELECT count(*){0} WHERE id {1}IN (SELECT {2}{0}{3})", from, OneIn(2) ? "NOT " : "",
                         Value(Kind::kInteger, 1), Where());
    case 6:
      return fmt::format(
          "SELECT id, rank() OVER (PARTITION BY {} ORDER BY id), lag({}) OVER (ORDER BY id){}{} ORDER BY id LIMIT 40", Any(1),
          Any(0), from, Where());
    case 7:
      return fmt::format("SELECT {0}{1}{2} {3} SELECT {0}{1}{4}", Any(1), from, Where(),
                         One<std::string>({"UNION", "EXCEPT", "INTERSECT"}), Where());
    case 8:
      return fmt::format("WITH w AS (SELECT id, {} AS v{}{}) SELECT v, count(*), sum(id) FROM w GROUP BY v", Any(2), from, Where());
    case 9: return fmt::format("SELECT (SELECT {0}{1}{2}), count(*){1}", Any(1), from, Where());
    case 10: return fmt::format("SELECT {}, {}, {}{} GROUP BY GROUPING SETS ((1), (2), ())", Any(0), Any(0), Aggregate(), from);
    default: return fmt::format("SELECT EXISTS (SELECT 1{}{}), {}{}", from, Where(), Aggregate(), from);
  }
}

inline std::string RandomSql::Statement(const std::string& table, const std::vector<Column>& columns,
                                        const std::vector<Column>& others) {
  table_ = table;
  columns_ = columns;
  if (!others.empty() && OneIn(12)) columns_.push_back(One(others));
  const std::string sql = Select();
  return OneIn(15) ? "SELECT count(*) FROM (" + sql + ") q" : sql;
}

}  // namespace hanse::engine
