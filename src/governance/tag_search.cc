#include <algorithm>

#include "base/text.h"
#include "governance/expression_rows.h"
#include "governance/page.h"
#include "governance/refusals.h"
#include "governance/rights.h"
#include "governance/shown_tags.h"
#include "governance/tag_assignment.h"
#include "governance/tag_sight.h"
#include "governance/visibility.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;

constexpr std::size_t kMaxFound = 100;
constexpr std::size_t kScannedMax = 5'000;  // Of one page; then it is short, with a token.
constexpr std::int64_t kSearchChunk = 500;

// The expression, all of whose pairs the caller may see: what it may not see it cannot search by.
Result<policy::TagExpression> ReadQuestion(const gate::Call& call, const AccountId& account,
                                           const std::optional<std::vector<lf::LFTag>>& expression) {
  TRY_ASSIGN(auto terms, ReadExpression(call.tx(), account, call.info().region, expression.value_or(std::vector<lf::LFTag>())));
  for (const policy::TagTerm& term : terms) {
    TRY_ASSIGN(auto tag, FindTagById(call.tx(), term.tag));
    if (!tag) return NoSuch(kNoTag);
    TRY_ASSIGN(auto seen, SeenValues(call.tx(), call.caller(), *tag));
    for (const std::string& value : term.values) {
      bool sees = value == "*" ? !seen.empty() : std::ranges::find(seen, value) != seen.end();
      if (!sees) return NoSuch(kNoTag);
    }
  }
  return terms;
}

bool AnyMatches(const policy::TagExpression& terms, const store::TableRow& table, const TableTags& tags,
                const policy::TableAccess& access) {
  if (policy::Matches(terms, policy::Overlay(tags.table, tags.database))) return true;
  auto columns = ColumnTags(table, tags, Inheritance::kEffective);
  return std::ranges::any_of(columns, [&](const auto& column) {
    return policy::Matches(terms, column.second) &&
           std::ranges::find(access.described_columns, column.first) != access.described_columns.end();
  });
}

}  // namespace

Result<SearchDatabasesByLFTags::Answer> TagSearch::Do(const gate::Authorized<SearchDatabasesByLFTags>& call) {
  const auto& in = call->in;
  AccountId account = in.catalog_id.value_or(call.caller().account);
  TRY_ASSIGN(auto terms, ReadQuestion(call, account, in.expression));
  TRY_ASSIGN(std::string after, PageCursor("SearchDatabases", in.next_token));
  std::size_t most = std::min(PageSize(in.max_results, kMaxFound), kMaxFound);
  SearchDatabasesByLFTags::Answer answer;
  answer.database_list.emplace();
  ShownTags shown(call.tx(), call.caller());
  TRY_ASSIGN(auto databases,
             store::ListDatabases(call.tx(), account, call.info().region, after, static_cast<std::int64_t>(kScannedMax)));
  for (const store::DatabaseRow& database : databases) {
    if (answer.database_list->size() == most) {
      answer.next_token = PageToken("SearchDatabases", after);
      return answer;
    }
    after = database.name;
    TRY_ASSIGN(policy::Tags tags, DatabaseTags(call.tx(), database.id));
    if (!policy::Matches(terms, tags)) continue;
    TRY_ASSIGN(policy::DatabaseAccess access, AccessToDatabase(call.tx(), call.caller(), database));
    if (!access.visible) continue;
    lf::TaggedDatabase found;
    found.database = lf::DatabaseResource{.catalog_id = account, .name = database.name};
    TRY_ASSIGN(found.lf_tags, shown.Pairs(tags));
    answer.database_list->push_back(std::move(found));
  }
  if (databases.size() == kScannedMax) answer.next_token = PageToken("SearchDatabases", after);
  return answer;
}

Result<SearchTablesByLFTags::Answer> TagSearch::Do(const gate::Authorized<SearchTablesByLFTags>& call) {
  const auto& in = call->in;
  AccountId account = in.catalog_id.value_or(call.caller().account);
  TRY_ASSIGN(auto terms, ReadQuestion(call, account, in.expression));
  TRY_ASSIGN(std::string cursor, PageCursor("SearchTables", in.next_token));
  std::size_t most = std::min(PageSize(in.max_results, kMaxFound), kMaxFound), scanned = 0;
  std::string database = cursor.substr(0, cursor.find('\n'));
  std::string table = cursor.empty() ? "" : cursor.substr(cursor.find('\n') + 1);
  SearchTablesByLFTags::Answer answer;
  answer.table_list.emplace();
  ShownTags shown(call.tx(), call.caller());
  while (true) {
    TRY_ASSIGN(auto rows,
               call.tx().Query("SELECT t.id, t.database_name, t.name FROM catalog_tables t WHERE t.account = ? AND t.region = ? "
                               "AND (t.database_name > ? OR (t.database_name = ? AND t.name > ?)) "
                               "ORDER BY t.database_name, t.name LIMIT ?",
                               {account, call.info().region, database, database, table, kSearchChunk}));
    for (const store::Row& row : rows) {
      if (answer.table_list->size() == most || scanned == kScannedMax) {
        answer.next_token = PageToken("SearchTables", database + "\n" + table);
        return answer;
      }
      ++scanned;
      database = row.Text(1);
      table = row.Text(2);
      TRY_ASSIGN(auto found, store::FindTableById(call.tx(), row.Int(0)));
      TRY_ASSIGN(TableTags tags, TagsOfTable(call.tx(), *found));
      if (tags.database.empty() && tags.table.empty() && tags.columns.empty()) continue;
      TRY_ASSIGN(policy::TableAccess access, RightsOnTable(call.tx(), call.caller(), *found, Which::kHeld));
      if (!access.visible || !AnyMatches(terms, *found, tags, access)) continue;
      auto columns = ColumnTags(*found, tags, Inheritance::kEffective);
      std::erase_if(columns, [&](const auto& column) {
        return std::ranges::find(access.described_columns, column.first) == access.described_columns.end();
      });
      lf::TaggedTable shown_table;
      shown_table.table = lf::TableResource{.catalog_id = account, .database_name = database, .name = table};
      TRY_ASSIGN(shown_table.lf_tag_on_database, shown.Pairs(tags.database));
      TRY_ASSIGN(shown_table.lf_tags_on_table, shown.Pairs(policy::Overlay(tags.table, tags.database)));
      TRY_ASSIGN(shown_table.lf_tags_on_columns, shown.Columns(columns));
      answer.table_list->push_back(std::move(shown_table));
    }
    if (rows.size() < static_cast<std::size_t>(kSearchChunk)) return answer;
  }
}

}  // namespace hanse::governance
