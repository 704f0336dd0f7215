// What a query answers over a governed table is what it answers over a twin: a copy that holds nothing but what the caller may see,
// made by plain DuckDB. Random tables, in files and in a warehouse, row filters, masks, columns and queries; HANSE_TWIN_SEED and
// HANSE_TWIN_TABLES change the defaults. Thirty queries for each table.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/test_warehouse.h"

namespace hanse::engine {
namespace {

constexpr std::int64_t kTwinTables = 40, kTwinQueries = 30;

std::int64_t TwinSetting(const char* name, std::int64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atoll(text) : otherwise;
}

class Twins {
 public:
  explicit Twins(std::uint64_t seed) : dice_(seed), tables_(objects_), warehouse_(tables_) {
    duckdb_open(nullptr, &plain_);
    duckdb_connect(plain_, &plain_connection_);
  }
  ~Twins() {
    duckdb_disconnect(&plain_connection_);
    duckdb_close(&plain_);
  }
  Twins(const Twins&) = delete;
  Twins& operator=(const Twins&) = delete;

  // Another pair: "shop.governed" and "shop.twin".
  void MakePair() {
    visible_ = {"id"};
    for (const char* column : {"n", "m", "s", "c"}) {
      if (Below(4) != 0) visible_.emplace_back(column);
    }
    std::ranges::shuffle(visible_, dice_);
    filter_ = Below(4) == 0 ? "" : Predicate({"id", "n", "m", "s", "c"}, 2);
    masks_.clear();
    for (const std::string& column : visible_) {
      if (column != "id" && Below(3) == 0) masks_.push_back({column, Predicate({"id", "n", "m", "s", "c"}, 1)});
    }
    TableSource governed{.database = "shop", .name = "governed", .columns = kColumns};
    TableSource twin{.database = "shop", .name = "twin", .visible = visible_};
    governed.visible = visible_;
    governed.row_filter = filter_;
    governed.masks = masks_;
    for (const std::string& column : visible_) {
      twin.columns.push_back(*std::ranges::find(kColumns, column, &ColumnSource::name));
    }
    const bool afar = Below(3) == 0;
    warehouse_.rows = 0;
    warehouse_.data.clear();
    const int files = 1 + Below(3);
    for (int file = 0; file < files; ++file) {
      const std::string rows = Rows(file);
      const std::string groups = fmt::format(", ROW_GROUP_SIZE {}", Below(2) ? 2'048 : 122'880);
      if (afar) {
        SendRows(rows);
      } else {
        governed.files.push_back(objects_.Parquet(rows, groups));
      }
      twin.files.push_back(objects_.Parquet(Seen(rows)));
    }
    warehouse_.source = {};
    if (afar) {
      governed.format = DataFormat::kWarehouse;
      governed.files = {{.object = kWarehouseObject, .bytes = static_cast<std::uint64_t>(Below(1 << 20))}};
      warehouse_.source = std::move(governed);
    } else {
      tables_.Add(std::move(governed));
    }
    tables_.Add(std::move(twin));
  }

  std::string Query() {
    const std::string table = " FROM {0}", where = Below(3) == 0 ? "" : " WHERE " + Predicate(visible_, 2);
    const std::string some = One(visible_), other = One(visible_), all = Join(visible_, ", ");
    switch (Below(9)) {
      case 0: return "SELECT count(*), count(" + some + "), min(" + some + "), max(" + other + ")" + table + where;
      case 1: return "SELECT " + some + ", count(*), sum(id)" + table + where + " GROUP BY " + some;
      case 2: return "SELECT " + all + table + where + " ORDER BY " + all + " LIMIT " + std::to_string(1 + Below(20));
      case 3: return "SELECT DISTINCT " + some + ", " + other + table + where;
      case 4:
        return "SELECT count(*), min(a.id), max(b." + other + ") FROM {0} a JOIN {0} b ON a." + some + " = b." + some +
               " WHERE a.id < 40";
      case 5: return "SELECT count(*)" + table + " WHERE id IN (SELECT id" + table + where + ")";
      case 6: return "SELECT " + all + table + where;
      case 7:
        return "SELECT id, row_number() OVER (PARTITION BY " + some + " ORDER BY id)" + table + where + " ORDER BY id LIMIT 50";
      default:
        return "SELECT " + some + " FROM (SELECT " + all + table + where + " UNION ALL SELECT " + all + table + ") u GROUP BY " +
               some + " HAVING count(*) > 3";
    }
  }

  // The rows in an order of their own.
  std::string Answer(const std::string& query, const std::string& table) {
    std::string sql = query;
    for (std::size_t at = 0; (at = sql.find("{0}", at)) != std::string::npos;) sql.replace(at, 3, table);
    std::vector<std::string> lines = Split(warehouse_.Run(sql).Text(), '\n');
    std::ranges::sort(lines);
    return Join(lines, "\n");
  }
  std::string Described() const {
    std::string text = "filter: " + filter_ + "\nvisible: " + Join(visible_, ", ");
    for (const CellMask& mask : masks_) text += "\nmask of " + mask.column + ": " + mask.condition;
    return text;
  }

 private:
  static inline const std::vector<ColumnSource> kColumns = {
      {"id", "bigint"}, {"n", "int"}, {"m", "bigint"}, {"s", "string"}, {"c", "string"}};

  int Below(int end) { return static_cast<int>(dice_() % static_cast<std::uint64_t>(end)); }
  template <class T>
  const T& One(const std::vector<T>& of) {
    return of[static_cast<std::size_t>(Below(static_cast<int>(of.size())))];
  }

  // Adds the rows of `sql` to those of the warehouse's table.
  void SendRows(const std::string& sql) {
    duckdb_result result;
    if (duckdb_query(plain_connection_, sql.c_str(), &result) != DuckDBSuccess) ADD_FAILURE() << duckdb_result_error(&result);
    const std::uint64_t count = duckdb_row_count(&result);
    for (std::uint64_t i = 0; i < kColumns.size(); ++i) {
      CopyColumn& column = warehouse_.data[kColumns[i].name];
      const bool text = kColumns[i].hive_type == "string", small = kColumns[i].hive_type == "int";
      column.type = text ? 25 : small ? 23 : 20;
      for (std::uint64_t row = 0; row < count; ++row) {
        if (duckdb_value_is_null(&result, i, row)) {
          column.fields.emplace_back();
        } else if (text) {
          char* value = duckdb_value_varchar(&result, i, row);
          column.fields.emplace_back(value);
          duckdb_free(value);
        } else {
          const std::int64_t value = duckdb_value_int64(&result, i, row);
          column.fields.emplace_back(small ? BigEndian(static_cast<std::int32_t>(value)) : BigEndian(value));
        }
      }
    }
    warehouse_.rows += count;
    duckdb_destroy_result(&result);
  }

  // `id` is nobody else's; the others have few values, and NULLs.
  std::string Rows(int file) {
    const int count = One(std::vector{0, 1, 700, 3'000}), salt = Below(1'000);
    return fmt::format(
        "SELECT {0} + i AS id, CASE WHEN hash(i + {1}) % 7 = 0 THEN NULL ELSE CAST(hash(i * 3 + {1}) % 40 AS integer) - 20 END AS "
        "n, CAST(hash(i * 5 + {1}) % 1000 AS bigint) AS m, CASE WHEN hash(i * 7 + {1}) % 9 = 0 THEN NULL ELSE 's' || (hash(i * 11 "
        "+ "
        "{1}) % 30) END AS s, CASE hash(i * 13 + {1}) % 3 WHEN 0 THEN 'red' WHEN 1 THEN 'green' ELSE 'blue' END AS c "
        "FROM range({2}) t(i)",
        file * 10'000, salt, count);
  }
  std::string Seen(const std::string& rows) const {
    std::vector<std::string> columns;
    for (const std::string& column : visible_) {
      auto mask = std::ranges::find(masks_, column, &CellMask::column);
      columns.push_back(mask == masks_.end() ? column : "CASE WHEN " + mask->condition + " THEN " + column + " END AS " + column);
    }
    return "SELECT " + Join(columns, ", ") + " FROM (" + rows + ") r" + (filter_.empty() ? "" : " WHERE " + filter_);
  }

  std::string Predicate(const std::vector<std::string>& columns, int depth) {
    if (depth > 0 && Below(2) == 0) {
      return "(" + Predicate(columns, depth - 1) + (Below(2) ? " AND " : " OR ") + Predicate(columns, depth - 1) + ")";
    }
    if (depth > 0 && Below(5) == 0) return "NOT (" + Predicate(columns, depth - 1) + ")";
    const std::string& column = One(columns);
    if (Below(6) == 0) return column + (Below(2) ? " IS NULL" : " IS NOT NULL");
    auto literal = [&] { return Literal(column); };
    switch (Below(4)) {
      case 0: return column + " IN (" + literal() + ", " + literal() + ", " + literal() + ")";
      case 1: return column + " BETWEEN " + literal() + " AND " + literal();
      default: return column + One(std::vector<std::string>{" = ", " <> ", " < ", " <= ", " > ", " >= "}) + literal();
    }
  }
  std::string Literal(const std::string& column) {
    if (column == "id") return std::to_string(Below(13'000));
    if (column == "n") return std::to_string(Below(20));
    if (column == "m") return std::to_string(Below(1'000));
    return column == "s" ? fmt::format("'s{}'", Below(30)) : One(std::vector<std::string>{"'red'", "'green'", "'blue'", "'none'"});
  }

  std::mt19937_64 dice_;
  TestObjects objects_;
  TestTables tables_;
  WarehouseTables warehouse_;
  duckdb_database plain_ = nullptr;
  duckdb_connection plain_connection_ = nullptr;
  std::vector<std::string> visible_;
  std::string filter_;
  std::vector<CellMask> masks_;
};

TEST(Twins, AnswerAsTheGovernedTableDoes) {
  const auto seed = static_cast<std::uint64_t>(TwinSetting("HANSE_TWIN_SEED", 20'261'122));
  Twins twins(seed);
  const std::int64_t pairs = TwinSetting("HANSE_TWIN_TABLES", kTwinTables);
  std::int64_t asked = 0, rows = 0;
  for (std::int64_t pair = 0; pair < pairs && !testing::Test::HasFailure(); ++pair) {
    twins.MakePair();
    for (int i = 0; i < kTwinQueries; ++i, ++asked) {
      const std::string query = twins.Query(), expected = twins.Answer(query, "twin");
      rows += std::ranges::count(expected, '\n');
      EXPECT_EQ(twins.Answer(query, "governed"), expected) << query << "\n"
                                                           << twins.Described() << "\nseed " << seed << ", pair " << pair;
    }
  }
  EXPECT_GT(rows, asked) << "most answers say something";
  std::cout << "seed " << seed << ": " << asked << " queries, " << rows << " rows\n";
}

}  // namespace
}  // namespace hanse::engine
