// Nothing of what a caller may not see tells on his answers: two tables that differ in nothing else are asked the same random SQL,
// and answer the same rows, in number and values, the same columns and the same errors. The differences are hidden rows (other
// values, fewer, more), masked cells and hidden columns. HANSE_HIDDEN_SEED and HANSE_HIDDEN_TABLES change the defaults; forty
// statements for each table.
#include <cstdlib>
#include <iostream>
#include <set>

#include "base/text.h"
#include "engine/test_lake.h"
#include "engine/test_sql.h"

namespace hanse::engine {
namespace {

using Kind = RandomSql::Kind;

constexpr std::int64_t kHiddenTables = 100, kHiddenStatements = 40;
constexpr int kAgain = 10;

const std::vector<RandomSql::Column> kAll = {{"id", Kind::kInteger}, {"n", Kind::kInteger}, {"m", Kind::kDecimal},
                                             {"s", Kind::kText},     {"c", Kind::kText},    {"d", Kind::kDay}};

std::int64_t HiddenSetting(const char* name, std::int64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atoll(text) : otherwise;
}

// Values of a row by its number and a salt: few of each, some of them texts that no cast takes, and NULLs.
std::string ValueOf(const std::string& column, const std::string& row, int salt) {
  const std::string dice = fmt::format("hash({} * 31 + {})", row, salt + static_cast<int>(column[0]));
  std::string value;
  if (column == "id") return row;
  if (column == "n") value = fmt::format("CAST({} % 60 AS integer) - 20", dice);
  if (column == "m") value = fmt::format("CAST({} % 50000 AS decimal(12,2)) / 100", dice);
  if (column == "s") value = fmt::format("CASE {0} % 4 WHEN 0 THEN CAST({0} % 50 AS varchar) ELSE 's' || ({0} % 30) END", dice);
  if (column == "c") value = fmt::format("['red', 'green', 'blue'][CAST({} % 3 AS bigint) + 1]", dice);
  if (column == "d") value = fmt::format("DATE '2020-01-01' + CAST({} % 3000 AS integer)", dice);
  return fmt::format("CASE WHEN hash({} * 17 + {}) % 9 <> 0 THEN {} END", row, salt, value);
}

// One table's rules, and its rows twice.
class Hidden {
 public:
  explicit Hidden(std::uint64_t seed) : sql_(seed), truth_(objects_), changed_(objects_) {}

  void MakePair(bool rules) {
    visible_ = {kAll[0]}, hidden_.clear(), masks_.clear();
    for (std::size_t i = 1; i < kAll.size(); ++i) (sql_.OneIn(4) ? hidden_ : visible_).push_back(kAll[i]);
    filter_ = sql_.OneIn(5) ? "true" : sql_.Filter(kAll, 2);
    for (const RandomSql::Column& column : visible_) {
      if (column.name != "id" && sql_.OneIn(3)) masks_.push_back({column.name, sql_.Filter(kAll, 1)});
    }
    TableSource source{.database = "shop", .name = "t"};
    for (const RandomSql::Column& column : kAll) source.columns.push_back({column.name, HiveType(column.kind)});
    for (const RandomSql::Column& column : rules ? visible_ : kAll) source.visible.push_back(column.name);
    if (rules) source.row_filter = filter_ == "true" ? "" : filter_;
    if (rules) source.masks = masks_;
    TableSource other = source;
    for (int file = sql_.Below(3); file >= 0; --file) {
      const std::string rows = Rows(file), groups = fmt::format(", ROW_GROUP_SIZE {}", sql_.OneIn(2) ? 2'048 : 122'880);
      source.files.push_back(objects_.Parquet("SELECT " + Names("") + " FROM (" + rows + ") r", groups));
      other.files.push_back(objects_.Parquet(Changed(rows), groups));
    }
    truth_.Add(std::move(source));
    changed_.Add(std::move(other));
  }

  std::string Statement() { return sql_.Statement("t", visible_, hidden_); }
  std::string OfTruth(const std::string& sql) { return Told(truth_, sql); }
  std::string OfChanged(const std::string& sql) { return Told(changed_, sql); }
  // Which of the rows that he sees fails first may be chance: then both tell each of them now and then.
  bool Meet(const std::string& sql) {
    std::set<std::string> truth;
    for (int i = 0; i < kAgain; ++i) truth.insert(OfTruth(sql));
    for (int i = 0; i < kAgain; ++i) {
      if (truth.contains(OfChanged(sql))) return true;
    }
    return false;
  }
  std::string Described() const {
    std::string text = "filter: " + filter_ + "\nhidden:";
    for (const RandomSql::Column& column : hidden_) text += " " + column.name;
    for (const CellMask& mask : masks_) text += "\nmask of " + mask.column + ": " + mask.condition;
    return text;
  }

 private:
  static std::string HiveType(Kind kind) {
    switch (kind) {
      case Kind::kInteger: return "bigint";
      case Kind::kDecimal: return "decimal(12,2)";
      case Kind::kDay: return "date";
      case Kind::kText: break;
    }
    return "string";
  }
  // "id, n, …", each with what stands before it.
  static std::string Names(const std::string& before) {
    std::vector<std::string> names;
    for (const RandomSql::Column& column : kAll) names.push_back(before + column.name);
    return Join(names, ", ");
  }
  const CellMask* MaskOf(const std::string& column) const {
    auto found = std::ranges::find(masks_, column, &CellMask::column);
    return found == masks_.end() ? nullptr : &*found;
  }

  std::string Rows(int file) {
    const int count = sql_.One(std::vector{0, 1, 900, 4'000}), salt = sql_.Below(1'000);
    std::vector<std::string> columns;
    for (const RandomSql::Column& column : kAll) {
      const std::string value = ValueOf(column.name, fmt::format("({} + i)", file * 10'000), salt);
      columns.push_back(fmt::format("CAST({} AS {}) AS {}", value, Sql(column.kind), column.name));
    }
    return fmt::format("SELECT {} FROM range({}) t(i)", Join(columns, ", "), count);
  }
  static std::string Sql(Kind kind) { return kind == Kind::kText ? "varchar" : HiveType(kind); }

  // What the rules say of a row: whether it is shown, and which cells are.
  std::string Verdicts(const std::string& prefix) const {
    std::string text = fmt::format("({}) IS TRUE AS {}shown", filter_, prefix);
    for (const CellMask& mask : masks_) text += fmt::format(", ({}) IS TRUE AS {}sees_{}", mask.condition, prefix, mask.column);
    return text;
  }
  // A row that is not shown has other values in all its cells, one that is shown in those that are not.
  std::string Candidate(const RandomSql::Column& column) const {
    const std::string own = ValueOf(column.name, column.name == "id" ? "(was_id + 70000)" : "was_id", 4'711);
    std::string keep = "was_shown";
    if (std::ranges::find(hidden_, column.name, &RandomSql::Column::name) != hidden_.end()) keep = "false";
    if (MaskOf(column.name) != nullptr) keep += " AND was_sees_" + column.name;
    return fmt::format("CAST(CASE WHEN {0} THEN was_{1} ELSE {2} END AS {3}) AS {1}", keep, column.name, own, Sql(column.kind));
  }
  // The rows as they would be if what is not seen were other: where the rules say the same of the row as it was. Of the hidden ones
  // a third is gone, and a fifth is there twice.
  std::string Changed(const std::string& rows) const {
    std::string was, candidates, kept, same = "was_shown = shown";
    for (const RandomSql::Column& column : kAll) {
      was += fmt::format("{0} AS was_{0}, ", column.name);
      candidates += ", " + Candidate(column);
      kept += fmt::format("{}CASE WHEN same THEN {} ELSE was_{} END AS {}", kept.empty() ? "" : ", ", column.name, column.name,
                          column.name);
    }
    for (const CellMask& mask : masks_) same += fmt::format(" AND (NOT shown OR was_sees_{0} = sees_{0})", mask.column);
    return fmt::format(
        "WITH was AS (SELECT {0}{1} FROM ({2}) r), other AS (SELECT *{3} FROM was), "
        "judged AS (SELECT *, {4} FROM other), changed AS (SELECT {5}, was_shown, was_id FROM (SELECT *, {6} AS same FROM judged) "
        "j "
        "WHERE was_shown OR hash(was_id) % 3 <> 0) "
        "SELECT {7} FROM changed UNION ALL SELECT {7} FROM changed WHERE NOT was_shown AND hash(was_id * 3) % 5 = 0",
        was, Verdicts("was_"), rows, candidates, Verdicts(""), kept, same, Names(""));
  }

  // All that a caller is told. Rows in an order of their own: theirs is nobody's promise.
  static std::string Told(TestTables& tables, const std::string& sql) {
    TestAnswer answer = Ask(tables, sql, {}, {.threads = 1});
    std::vector<std::string> lines = Split(answer.Text(), '\n');
    std::ranges::sort(lines);
    std::string told = fmt::format("{} rows, {} {}\n", answer.rows.size(), answer.outcome.rows, answer.outcome.type);
    for (const ResultColumn& column : answer.columns) told += column.name + " " + column.type + "|";
    return told + "\n" + Join(lines, "\n");
  }

  RandomSql sql_;
  TestObjects objects_;
  TestTables truth_, changed_;
  std::vector<RandomSql::Column> visible_, hidden_;
  std::string filter_;
  std::vector<CellMask> masks_;
};

struct Counted {
  std::int64_t asked = 0, failed = 0, different = 0;
};

Counted Compare(std::uint64_t seed, std::int64_t tables, bool rules) {
  Hidden hidden(seed);
  Counted counted;
  for (std::int64_t table = 0; table < tables && !testing::Test::HasFailure(); ++table) {
    hidden.MakePair(rules);
    for (int i = 0; i < kHiddenStatements; ++i, ++counted.asked) {
      const std::string sql = hidden.Statement(), truth = hidden.OfTruth(sql), changed = hidden.OfChanged(sql);
      counted.failed += truth.starts_with("0 rows, 0 ") && !truth.starts_with("0 rows, 0 \n");
      counted.different += truth != changed;
      if (rules && truth != changed && !hidden.Meet(sql)) {
        EXPECT_EQ(truth, changed) << sql << "\n" << hidden.Described() << "\nseed " << seed << ", table " << table;
      }
    }
  }
  return counted;
}

TEST(HiddenData, TellsOnNoAnswer) {
  const auto seed = static_cast<std::uint64_t>(HiddenSetting("HANSE_HIDDEN_SEED", 20'261'122));
  const Counted counted = Compare(seed, HiddenSetting("HANSE_HIDDEN_TABLES", kHiddenTables), true);
  EXPECT_LT(counted.failed * 3, counted.asked * 2) << "a third of the statements says something";
  EXPECT_GT(counted.failed * 20, counted.asked) << "errors are compared too";
  std::cout << "seed " << seed << ": " << counted.asked << " statements, " << counted.failed << " failed, " << counted.different
            << " told otherwise at first\n";
}

TEST(HiddenData, IsThereToBeSeenWithoutTheRules) {
  const Counted counted = Compare(7, 2, false);
  EXPECT_GT(counted.different * 4, counted.asked);
}

}  // namespace
}  // namespace hanse::engine
