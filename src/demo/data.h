#pragma once
#include <string>
#include <vector>

namespace hanse::demo {

// One file of NimbusCart's data: where it lies and the SELECT that makes it. The same seed gives the same rows.
struct DataFile {
  std::string domain;  // "finance": the bucket is nimbus-finance-ACCOUNT.
  std::string key;     // "orders_by_month/month=2026-01/part-0.parquet"
  std::string select;  // DuckDB SQL, of the generator's own tables.
};

struct ColumnOf {
  std::string name, type;  // Hive's type text.
};

struct DataTable {
  std::string domain, name, sensitivity;
  std::vector<ColumnOf> columns;
  std::vector<std::string> pii_columns;
};

inline constexpr int kOrders = 120'000;  // Orders of 2026, with 1 to 4 lines each.
inline constexpr int kLedgerEntries = 90'000;

// The SQL that makes the generator's base tables; run before any DataFile.
std::vector<std::string> BaseTables(unsigned seed);
// Files and tables of the four domains that start, and of the fifth ("support") that joins later.
std::vector<DataFile> FilesOf(const std::string& domain);
std::vector<DataTable> TablesOf(const std::string& domain);

}  // namespace hanse::demo
