#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Databases of several data catalogs in one query. The engine has one catalog (kCatalog) and calls a database of another one by a
// name that no client can be given: CATALOG '\x1f' ACCOUNT '\x1f' DATABASE. Values; no DuckDB here.
namespace hanse::engine {

// The catalog that all sessions share, by the name that Athena gives it.
inline constexpr const char* kCatalog = "awsdatacatalog";

// A data catalog that the caller may name besides kCatalog: the one of an account.
struct DataCatalog {
  std::string name;  // In lower case.
  std::string account;
};

struct DatabaseName {
  std::string catalog = kCatalog;
  std::string account;  // Whose catalog it is; empty: the caller's own.
  std::string database;

  // As Glue's requests name the catalog.
  std::optional<std::string> catalog_id() const { return account.empty() ? std::nullopt : std::optional(account); }

  static DatabaseName Of(std::string_view engines_name);
  std::string EnginesName() const;
  // "shop", or "partner.shop" of another catalog; the second form names the catalog in any case.
  std::string Shown() const;
  std::string Whole() const { return catalog + "." + database; }
};

// What the catalogs of a text are called. A view's text means the catalogs of where the view lies. A value.
class CatalogNames {
 public:
  CatalogNames() = default;
  // `unnamed`: where names without a catalog are; empty: kCatalog. What `known` lacks is not there.
  CatalogNames(const std::vector<DataCatalog>& known, const std::string& unnamed);
  // Of a view in a database of that name: its own catalog is kCatalog there, and where it is not the caller's, the only one.
  CatalogNames Within(std::string_view engines_name) const;

  // How the engine calls `database` of `catalog` (any case; empty: none was written). Nothing: there is no such catalog,
  // or the name is one of the engine's own.
  std::optional<std::string> EnginesName(std::string_view catalog, std::string_view database) const;

 private:
  DatabaseName own_, unnamed_;  // Each without a database.
  std::vector<DataCatalog> known_;
};

}  // namespace hanse::engine
