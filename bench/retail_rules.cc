#include "bench/retail_rules.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "bench/race.h"
#include "engine/sample_data.h"

namespace hanse::bench {
namespace {

using engine::ColumnSource;
using engine::TableSource;

constexpr int kLeakRows = 60'000;           // Of the data, in each partition of a leak table.
constexpr int kLeakPartitions[] = {0, 20};  // On either side of the rules' bounds.

std::string Sales(const std::string& p) {
  return fmt::format(
      "SELECT rn + {0} * 541909 AS id, invoice, stock, description, quantity, sold, price, customer, country, {0}::INT AS p FROM "
      "retail",
      p);
}

std::string Wide() {
  std::string select = "SELECT rn AS id";
  for (int i = 0; i < 60; ++i) select += fmt::format(", (hash(stock, quantity, {0}) % 1000)::INT AS c{0}", i);
  for (int i = 0; i < 40; ++i) select += fmt::format(", stock || (hash(rn * 7 + {0}) % 5000)::VARCHAR AS s{0}", i);
  return select + " FROM retail";
}

std::string Buyers() {
  return "SELECT customer, min(country) AS home, (customer % 20)::INT AS segment, count(*) AS lines FROM retail WHERE customer IS "
         "NOT NULL GROUP BY customer ORDER BY customer";
}

std::vector<ColumnSource> Columns(const std::string& base) {
  if (base == "buyers") return {{"customer", "int"}, {"home", "string"}, {"segment", "int"}, {"lines", "bigint"}};
  if (base == "sales") {
    return {{"id", "bigint"},      {"invoice", "string"}, {"stock", "string"}, {"description", "string"}, {"quantity", "bigint"},
            {"sold", "timestamp"}, {"price", "double"},   {"customer", "int"}, {"country", "string"}};
  }
  std::vector<ColumnSource> columns{{"id", "bigint"}};
  for (int i = 0; i < 60; ++i) columns.push_back({fmt::format("c{}", i), "int"});
  for (int i = 0; i < 40; ++i) columns.push_back({fmt::format("s{}", i), "string"});
  return columns;
}

TableSource Governed(const TableRule& rule) {
  TableSource table;
  table.database = "shop";
  table.name = rule.name;
  table.columns = Columns(rule.base);
  if (rule.base == "sales") table.keys = {{"p", "int"}};
  for (const auto* columns : {&table.columns, &table.keys}) {
    for (const ColumnSource& column : *columns) {
      if (std::find(rule.hidden.begin(), rule.hidden.end(), column.name) == rule.hidden.end()) table.visible.push_back(column.name);
    }
  }
  table.row_filter = rule.row_filter;
  table.masks = rule.masks;
  return table;
}

// Rows of one partition in which everything that the rule hides is another value or gone.
std::string Changed(const TableRule& rule, const std::string& base) {
  const std::string shown = rule.row_filter.empty() ? "true" : "((" + rule.row_filter + ") IS TRUE)";
  const std::string cell = rule.masks.empty() ? "true" : "((" + rule.masks[0].condition + ") IS TRUE)";
  return fmt::format(
      "SELECT id, invoice || 'zz' AS invoice, CASE WHEN {0} THEN stock ELSE 'zz' END AS stock, CASE WHEN {0} THEN description ELSE "
      "'zz' || id END AS description, CASE WHEN {0} THEN quantity ELSE 0 END AS quantity, CASE WHEN {0} THEN sold ELSE TIMESTAMP "
      "'2090-01-01' END AS sold, CASE WHEN {0} AND {1} THEN price ELSE -7000000 END AS price, CASE WHEN {0} THEN customer ELSE "
      "999999 "
      "END AS customer, country FROM ({2}) WHERE {0} OR id % 3 <> 0 ORDER BY id",
      shown, cell, base);
}

}  // namespace

Result<void> ReadRetail(const std::string& directory) {
  const std::string file = directory + "/online_retail.parquet";
  if (!std::filesystem::exists(file)) {
    return Fail(ErrorCode::kNotFound,
                file + " is missing: the retail data is not part of the repository; say where it is with --data DIRECTORY");
  }
  return engine::SampleData::Shared().Prepare(
      {"CREATE OR REPLACE TABLE retail AS SELECT (row_number() OVER () - 1)::BIGINT rn, InvoiceNo invoice, StockCode stock, "
       "Description description, Quantity quantity, InvoiceDate::TIMESTAMP sold, UnitPrice price, CustomerID::INT customer, "
       "Country country FROM read_parquet('" +
       file + "')"});
}

Result<void> AddGovernedTables(SealedLake& lake) {
  std::map<std::string, std::vector<engine::FileSource>> files;
  for (int p = 0; p < kCopies; ++p) {
    const std::string select = fmt::format("SELECT * EXCLUDE (p) FROM ({}) ORDER BY id", Sales(std::to_string(p)));
    TRY_ASSIGN(auto file, lake.Put(fmt::format("sales/p={}/0.parquet", p), select));
    file.partition = {std::to_string(p)};
    files["sales"].push_back(file);
  }
  TRY_ASSIGN(auto buyers, lake.Put("buyers/0.parquet", Buyers()));
  TRY_ASSIGN(auto wide, lake.Put("wide/0.parquet", Wide()));
  files["buyers"] = {buyers};
  files["wide"] = {wide};
  for (const TableRule& rule : TableRules()) {
    TableSource table = Governed(rule);
    table.files = files[rule.base];
    lake.Add(std::move(table));
  }
  return {};
}

Result<void> AddFilteredCopies(SealedLake& lake) {
  for (const TableRule& rule : TableRules()) {
    std::string base = rule.base == "buyers" ? Buyers() : Wide();
    if (rule.base == "sales") base = Sales("k.p").append(fmt::format(", range({}) k(p)", kCopies));
    TRY(lake.Put(fmt::format("copy/{}/0.parquet", rule.name), ByHand(Governed(rule), base)));
  }
  return {};
}

Result<void> AddLeakTables(SealedLake& lake, Lake which, bool rules_in_force) {
  for (const TableRule& rule : TableRules()) {
    if (rule.base != "sales") continue;
    TableSource table = Governed(rules_in_force ? rule : TableRule{rule.name, rule.base, "", {}, {}});
    for (int p : kLeakPartitions) {
      std::string base = fmt::format("{} WHERE rn < {} ORDER BY rn", Sales(std::to_string(p)), kLeakRows);
      std::string select =
          which == Lake::kChanged ? Changed(rule, base) : fmt::format("SELECT * EXCLUDE (p) FROM ({}) ORDER BY id", base);
      TRY_ASSIGN(auto file, lake.Put(fmt::format("{}/p={}/0.parquet", rule.name, p), select));
      file.partition = {std::to_string(p)};
      table.files.push_back(file);
    }
    lake.Add(std::move(table));
  }
  return {};
}

}  // namespace hanse::bench
