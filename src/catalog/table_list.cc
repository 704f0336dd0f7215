#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/definition.h"
#include "catalog/name_pattern.h"
#include "catalog/table.h"
#include "catalog/written_table.h"
#include "wire/json.h"
#include "wire/json_codec.h"

namespace hanse::catalog {
namespace {

// Names that a pattern is tried on at a time.
constexpr std::size_t kScan = 200;
constexpr std::size_t kPeekedAtOnce = 50;

// What a list tells of a table: all of it, or only what was asked for.
using Attributes = std::optional<std::vector<std::string>>;

bool Whole(const Attributes& attributes) {
  return !attributes || attributes->empty() || std::ranges::any_of(*attributes, [](const std::string& attribute) {
    return attribute != "NAME" && attribute != "TABLE_TYPE";  // DEFAULT: all of it.
  });
}

Result<wire::glue::Table> Listed(const OpenedTable& opened, const Attributes& attributes) {
  if (Whole(attributes)) return ShownTable(opened);
  const store::TableRow& named = opened.link ? *opened.link : opened.table;
  wire::glue::Table kept{.name = named.name, .database_name = named.database_name, .catalog_id = named.account};
  if (std::ranges::find(*attributes, "TABLE_TYPE") != attributes->end()) {
    TRY_ASSIGN(auto shown, ShownTable(opened));
    kept.table_type = std::move(shown.table_type);
  }
  return kept;
}

}  // namespace

Result<std::vector<gate::Need>> GetTables::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetTables", context, in.catalog_id, in.database_name, "*");
}

Result<Place> Tables::FindListed(const gate::Call& call, const AccountId& account, std::string_view database) const {
  TRY_ASSIGN(Place place, access_.Find(call, Intent::kRead, "glue:GetTables", account, database));
  if (place.home && !place.through_link()) TRY(access_.VisibleDatabase(call, *place.home, database));
  return place;
}

template <class Take>
Result<std::optional<std::string>> Tables::List(const gate::Call& call, const GetTables::Wire::Input& in, Take take) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  std::string database = in.database_name.value_or("");
  const std::string list =
      fmt::format("GetTables/{}/{}/{}/{}", call.caller().unique_id, call.info().region, account, Lower(database));
  TRY_ASSIGN(std::string after, pages_.Cursor(list, in.next_token));
  TRY_ASSIGN(auto pattern, NamePattern("Expression", in.expression));
  std::optional<std::string> none;
  auto found = FindListed(call, account, database);
  if (!found) {
    // Of another account's catalog nobody learns whether what he may not see is there (lakeformation.md 2.13).
    const bool foreign = account != call.caller().account;
    if (foreign && found.error().code == ErrorCode::kNotFound) return none;
    return std::unexpected(std::move(found).error());
  }
  const Place& place = *found;
  if (!place.home) return none;
  const std::size_t page = PageSize(in.max_results, kPageMax);

  std::size_t scanned = 0, taken = 0;
  while (true) {
    // One more than are wanted tells whether there is another page.
    const std::size_t wanted = pattern ? kScan : page - taken + 1;
    TRY_ASSIGN(auto rows, access_.NextTables(call, *place.home, after, wanted));
    if (rows.empty()) return none;
    // No more are decided about than fill the page; few at a time would read rows again and again.
    if (!pattern && rows.size() > std::max(wanted, kPeekedAtOnce))
      rows.erase(rows.begin() + std::max(wanted, kPeekedAtOnce), rows.end());
    std::vector<std::string> names;
    names.reserve(rows.size());
    for (const store::TableRow& row : rows) names.push_back(row.name);
    auto meant = [&](const std::string& name) { return !pattern || re2::RE2::FullMatch(name, *pattern); };
    std::erase_if(rows, [&](const store::TableRow& row) { return !meant(row.name); });
    TRY_ASSIGN(auto opened, access_.Peek(call, "glue:GetTables", place, std::move(rows)));
    auto next = opened.begin();
    for (std::string& name : names) {
      if (taken == page || scanned == kScannedMax) return pages_.Next(list, after);
      ++scanned;
      const bool counts = meant(name);
      after = std::move(name);
      if (!counts) continue;
      const std::optional<OpenedTable>& one = *next++;
      if (!one) continue;
      TRY(take(*one));
      ++taken;
    }
  }
}

Result<GetTables::Answer> Tables::Do(const gate::Authorized<GetTables>& call) const {
  std::vector<wire::glue::Table> tables;
  TRY_ASSIGN(auto next, List(call, call->in, [&](const OpenedTable& opened) -> Result<void> {
               TRY_ASSIGN(auto shown, Listed(opened, call->in.attributes_to_get));
               tables.push_back(std::move(shown));
               return {};
             }));
  return GetTables::Answer{.table_list = std::move(tables), .next_token = std::move(next)};
}

Result<std::string> Tables::Do(const gate::Authorized<AsText<GetTables>>& call) const {
  std::string json = R"({"TableList":[)";
  const std::size_t begun = json.size();
  TRY_ASSIGN(auto next, List(call, call->in, [&](const OpenedTable& opened) -> Result<void> {
               if (json.size() > begun) json += ',';
               if (Whole(call->in.attributes_to_get)) return WriteTable(opened, Registered::kNo, &json);
               TRY_ASSIGN(auto shown, Listed(opened, call->in.attributes_to_get));
               json += wire::ToJson(shown);
               return {};
             }));
  json += ']';
  if (next) {
    json += R"(,"NextToken":)";
    wire::WriteJsonString(*next, json);
  }
  json += '}';
  return json;
}

}  // namespace hanse::catalog
