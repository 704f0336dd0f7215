#include "engine/database_name.h"

#include "base/text.h"

namespace hanse::engine {
namespace {

constexpr char kBetween = '\x1f';

}  // namespace

DatabaseName DatabaseName::Of(std::string_view engines_name) {
  std::vector<std::string> parts = Split(engines_name, kBetween);
  if (parts.size() != 3) return {.database = std::string(engines_name)};
  return {.catalog = std::move(parts[0]), .account = std::move(parts[1]), .database = std::move(parts[2])};
}

std::string DatabaseName::EnginesName() const {
  return account.empty() ? database : catalog + kBetween + account + kBetween + database;
}

std::string DatabaseName::Shown() const { return account.empty() ? database : Whole(); }

CatalogNames::CatalogNames(const std::vector<DataCatalog>& known, const std::string& unnamed) : known_(known) {
  for (const DataCatalog& one : known) {
    if (EqualsIgnoreCase(one.name, unnamed)) unnamed_ = {.catalog = one.name, .account = one.account, .database = {}};
  }
}

CatalogNames CatalogNames::Within(std::string_view engines_name) const {
  CatalogNames within;
  within.own_ = DatabaseName::Of(engines_name);
  within.unnamed_ = within.own_;
  if (within.own_.account.empty()) within.known_ = known_;
  return within;
}

std::optional<std::string> CatalogNames::EnginesName(std::string_view catalog, std::string_view database) const {
  if (database.find(kBetween) != std::string_view::npos) return std::nullopt;
  DatabaseName name = catalog.empty() ? unnamed_ : own_;
  name.database = database;
  if (catalog.empty() || EqualsIgnoreCase(catalog, kCatalog)) return name.EnginesName();
  for (const DataCatalog& one : known_) {
    if (EqualsIgnoreCase(one.name, catalog)) {
      return DatabaseName{.catalog = one.name, .account = one.account, .database = std::string(database)}.EnginesName();
    }
  }
  return std::nullopt;
}

}  // namespace hanse::engine
