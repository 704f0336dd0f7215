#include "steward/access_review.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/names.h"
#include "governance/office.h"
#include "governance/page.h"
#include "governance/refusals.h"
#include "model/arn.h"
#include "steward/chain.h"
#include "steward/saml_subjects.h"

namespace hanse::steward {
namespace {

namespace wire_hanse = wire::hanse_service;

constexpr std::int64_t kBatch = 500;
constexpr std::size_t kPageMost = 1000;

// In the same words for a table that is not there and for one that the asker may learn nothing of.
std::unexpected<Error> NoSuchTable(const std::optional<std::string>& database, const std::optional<std::string>& table) {
  return Fail(ErrorCode::kNotFound, fmt::format("Table {}.{} not found.", Lower(database.value_or("")), Lower(table.value_or(""))));
}

// What the asker may know, by whose account the principal and the table are of.
struct Sight {
  bool of_principal = false, of_table = false;
};

// The account in a principal's ARN; empty where it is none.
AccountId AccountIn(const std::string& arn_text) {
  auto arn = ParseArn(arn_text);
  return arn ? arn->account : AccountId();
}

wire_hanse::Principal Shown(const Subject& subject) {
  wire_hanse::Principal shown{
      .arn = subject.principal.arn, .account_id = subject.principal.account, .kind = subject.principal.kind};
  if (!subject.groups.empty()) shown.groups = subject.groups;
  if (!subject.caller.principal_tags.empty()) shown.tags = subject.caller.principal_tags;
  return shown;
}

std::vector<wire_hanse::FirstDoor> ShownFirstDoor(const Decided& decided, bool with_reasons) {
  std::vector<wire_hanse::FirstDoor> shown;
  for (std::size_t i = 0; i < decided.needs.size(); ++i) {
    const policy::Decision& decision = decided.first_door[i];
    shown.push_back(
        {.action = decided.needs[i].action, .resource = decided.needs[i].resource, .allowed = decision.allowed(), .why = {}});
    if (with_reasons) shown.back().why = decision.Text();
  }
  return shown;
}

std::string InOneSentence(const Subject& subject, const AskedTable& asked, const Decided& decided) {
  std::string who = subject.principal.arn, what = asked.Name();
  if (!subject.active) return fmt::format("{} may do nothing: its account is not active.", who);
  const policy::TableAccess& access = decided.access;
  if (decided.verdict == Verdict::kReadsAll) return fmt::format("{} reads all of {}.", who, what);
  if (decided.verdict == Verdict::kReadsSome) {
    return fmt::format("{} reads {} of {} columns of {}{}{}.", who, access.columns.size(),
                       asked.table.columns.size() + asked.table.keys.size(), what,
                       access.row_filter.empty() ? "" : ", where " + access.row_filter,
                       access.cell_filters.empty() ? "" : fmt::format("; {} masked in some rows", access.cell_filters.size()));
  }
  std::string barred = access.readable                        ? ": its policies bar it"
                       : access.visible && !decided.described ? ": its policies bar it"
                                                              : "";
  if (decided.described) return fmt::format("{} sees that {} is there and reads nothing of it{}.", who, what, barred);
  return fmt::format("{} sees nothing of {}{}.", who, what, barred);
}

Result<std::optional<std::vector<std::string>>> SettingsThatCount(store::Transaction& tx, const Subject& subject,
                                                                  const AskedTable& asked) {
  std::vector<std::string> settings;
  TRY_ASSIGN(auto office, governance::OfficeOf(tx, subject.caller, asked.table.account, asked.table.region));
  if (office == governance::Office::kAdmin) settings.push_back("administrator of the catalog: describes everything, may grant");
  if (office == governance::Office::kReader) settings.push_back("read-only administrator of the catalog: describes everything");
  if (!asked.registered) settings.push_back("its place is not registered: the reader's own S3 rights decide besides");
  if (settings.empty()) return std::optional<std::vector<std::string>>();
  return std::optional(std::move(settings));
}

// What an owner keeps to itself: hidden columns, tags and filters.
void HideOwners(const Decided& decided, const policy::TableAccess& askers, wire_hanse::ExplainAccessResponse* answer) {
  std::erase_if(*answer->columns, [&](const auto& column) {
    return !Contains(decided.access.described_columns, *column.name) && !Contains(askers.described_columns, *column.name);
  });
  for (auto& column : *answer->columns) column.tags.reset();
  for (auto& grant : *answer->grants) {
    if (*grant.side == "LOCAL") continue;
    grant.expression.reset();
    grant.filter_rows.reset();
  }
}

wire_hanse::PrincipalAccess ShownAccess(const Subject& subject, const Decided& decided, std::vector<std::string> reasons) {
  const policy::TableAccess& access = decided.access;
  wire_hanse::PrincipalAccess shown{.arn = subject.principal.arn, .account_id = subject.principal.account};
  shown.verdict = std::string(Name(decided.verdict));
  shown.columns = decided.read ? access.columns : std::vector<std::string>();
  if (decided.read && !access.cell_filters.empty()) shown.masked = access.cell_filters;
  if (decided.read && !access.row_filter.empty()) shown.row_filter = access.row_filter;
  shown.permissions = policy::PermissionNames(access.permissions);
  shown.reasons = std::move(reasons);
  return shown;
}

wire_hanse::ReachedTable ShownTable(const AskedTable& asked, const Decided& decided, std::vector<std::string> reasons, bool owned) {
  const policy::TableAccess& access = decided.access;
  wire_hanse::ReachedTable shown{
      .catalog_id = asked.table.account, .database_name = asked.table.database_name, .name = asked.table.name};
  shown.verdict = std::string(Name(decided.verdict));
  shown.columns = decided.read ? access.columns : std::vector<std::string>();
  shown.hidden.emplace();
  for (const auto* names : {&asked.table.columns, &asked.table.keys}) {
    for (const std::string& name : *names) {
      bool known = owned || Contains(access.described_columns, name);
      if (known && !decided.Reads(name)) shown.hidden->push_back(name);
    }
  }
  if (decided.read && !access.cell_filters.empty()) shown.masked = access.cell_filters;
  if (decided.read && !access.row_filter.empty()) shown.row_filter = access.row_filter;
  shown.permissions = policy::PermissionNames(access.permissions);
  shown.reasons = std::move(reasons);
  return shown;
}

Result<std::vector<Id>> TablesAfter(store::Transaction& tx, std::string_view region, Id after) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT id FROM catalog_tables WHERE id > ? AND region = ? AND target_account = '' "
                                 "ORDER BY id LIMIT ?",
                                 {after, std::string(region), kBatch}));
  std::vector<Id> ids;
  for (const store::Row& row : rows) ids.push_back(row.Int(0));
  return ids;
}

}  // namespace

template <class W>
Result<std::vector<gate::Need>> AsksAboutTable<W>::On(const gate::Context& context, store::Transaction&) const {
  TRY_ASSIGN(AccountId account, catalog::CatalogOf(context, this->in.catalog_id));
  std::string arn = catalog::TableArn(context.info.region, account, Lower(this->in.database_name.value_or("")),
                                      Lower(this->in.table_name.value_or("")));
  return std::vector<gate::Need>{{.action = fmt::format("hanse:{}", W::kName), .resource = std::move(arn), .owner = {}}};
}

Result<std::vector<gate::Need>> ListWhatCan::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{.action = "hanse:ListWhatCan", .resource = in.principal_arn.value_or("*"), .owner = {}}};
}

Result<AccessReview::When> AccessReview::WhenOf(const gate::Call& call, const std::optional<wire::Timestamp>& as_of) const {
  When when{.tx = &call.tx(), .info = call.info()};
  if (!as_of) return when;
  if (as_of->ms > call.now_ms()) return Fail(ErrorCode::kInvalidArgument, "AsOf lies in the future.");
  TRY_ASSIGN(when.past, moments_.At(call.tx(), as_of->ms));
  when.tx = &when.past->tx();
  when.info.now_ms = as_of->ms;
  when.shown = as_of;
  return when;
}

Result<ExplainAccess::Answer> AccessReview::Do(const gate::Authorized<ExplainAccess>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId owner, catalog::CatalogOf(call.context(), in.catalog_id));
  Sight sight;
  TRY_ASSIGN(sight.of_principal, Oversees(call.tx(), call.caller(), AccountIn(*in.principal_arn)));
  TRY_ASSIGN(sight.of_table, Oversees(call.tx(), call.caller(), owner));
  if (!sight.of_principal && !sight.of_table) return governance::NotYours();
  TRY_ASSIGN(When when, WhenOf(call, in.as_of));
  store::Transaction& tx = *when.tx;
  TRY_ASSIGN(std::vector<Subject> subjects, FindSubjects(tx, doors_.policies, *in.principal_arn));
  TRY_ASSIGN(auto asked,
             FindAskedTable(tx, doors_.lake, owner, call.info().region, Lower(*in.database_name), Lower(*in.table_name)));
  if (!asked) return NoSuchTable(in.database_name, in.table_name);
  TRY_ASSIGN(sight.of_table, Oversees(call.tx(), call.caller(), asked->table.account));
  TRY_ASSIGN(Judged judged, DecideMost(doors_, tx, when.info, subjects, *asked, Ask::kBothDoors));
  const Subject& subject = *judged.subject;
  const Decided& decided = judged.decided;
  policy::TableAccess askers;
  if (!sight.of_table) {
    TRY_ASSIGN(askers, doors_.lake.OnTable(tx, call.caller(), asked->table));
  }
  const bool known = sight.of_table || (sight.of_principal && (decided.access.visible || askers.visible));
  if (!known) return NoSuchTable(in.database_name, in.table_name);

  ExplainAccess::Answer answer{.principal = Shown(subject), .table = asked->Shown()};
  answer.as_of = when.shown;
  answer.verdict = std::string(Name(decided.verdict));
  answer.sentence = InOneSentence(subject, *asked, decided);
  answer.permissions = policy::PermissionNames(decided.access.permissions);
  answer.first_door = ShownFirstDoor(decided, sight.of_principal);
  if (decided.read && !decided.access.row_filter.empty()) answer.row_filter = decided.access.row_filter;
  TRY_ASSIGN(answer.columns, ColumnsOf(tx, subject, *asked, decided));
  TRY_ASSIGN(answer.grants, ChainOf(tx, subject, *asked, decided.access));
  TRY_ASSIGN(answer.settings, SettingsThatCount(tx, subject, *asked));
  if (!sight.of_table) HideOwners(decided, askers, &answer);
  if (!sight.of_principal) answer.principal->tags.reset();
  if (in.column_name) {
    std::string column = Lower(*in.column_name);
    std::erase_if(*answer.columns, [&](const auto& one) { return *one.name != column; });
    if (answer.columns->empty()) {
      return Fail(ErrorCode::kNotFound, fmt::format("Column {} not found in {}.", column, asked->Name()));
    }
  }
  return answer;
}

// The subject, and as whom it sees more than itself.
Result<std::vector<wire_hanse::PrincipalAccess>> AccessReview::WhoCan(store::Transaction& tx, const RequestInfo& now,
                                                                      const Subject& subject, const AskedTable& asked,
                                                                      const std::string& column) const {
  std::vector<wire_hanse::PrincipalAccess> shown;
  auto add = [&](const Subject& who, const Decided& decided, const std::string& role) -> Result<void> {
    if (decided.verdict == Verdict::kNothing || (!column.empty() && !decided.Reads(column))) return {};
    TRY_ASSIGN(auto reasons, ReasonsOf(tx, decided.access));
    if (!role.empty()) reasons.push_back("as a session of " + role);
    shown.push_back(ShownAccess(who, decided, std::move(reasons)));
    return {};
  };
  TRY_ASSIGN(Decided own, Decide(doors_, tx, now, subject, asked, Ask::kWhatIsSeen));
  TRY(add(subject, own, ""));
  TRY_ASSIGN(auto decorated, DecoratedFrom(tx, subject));
  for (const Subject& one : decorated) {
    TRY_ASSIGN(Decided decided, Decide(doors_, tx, now, one, asked, Ask::kWhatIsSeen));
    const bool same = decided.verdict == own.verdict && decided.access.columns == own.access.columns &&
                      decided.access.row_filter == own.access.row_filter && decided.access.cell_filters == own.access.cell_filters;
    if (!same) TRY(add(one, decided, subject.principal.arn));
  }
  return shown;
}

Result<ListWhoCan::Answer> AccessReview::Do(const gate::Authorized<ListWhoCan>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(When when, WhenOf(call, in.as_of));
  store::Transaction& tx = *when.tx;
  TRY_ASSIGN(AccountId owner, catalog::CatalogOf(call.context(), in.catalog_id));
  TRY_ASSIGN(auto asked,
             FindAskedTable(tx, doors_.lake, owner, call.info().region, Lower(*in.database_name), Lower(*in.table_name)));
  if (!asked) return NoSuchTable(in.database_name, in.table_name);
  TRY_ASSIGN(bool all, Oversees(call.tx(), call.caller(), asked->table.account));
  std::string list = fmt::format("ListWhoCan/{}", asked->table.id);
  TRY_ASSIGN(std::string cursor, governance::PageCursor(list, in.next_token));
  TRY_ASSIGN(Id after, governance::CursorId(cursor));
  std::size_t size = governance::PageSize(in.max_results, kPageMost);
  std::string column = Lower(in.column_name.value_or(""));
  std::vector<std::string> names = asked->table.columns;
  names.insert(names.end(), asked->table.keys.begin(), asked->table.keys.end());
  if (all && !column.empty() && !Contains(names, column)) {
    return Fail(ErrorCode::kNotFound, fmt::format("Column {} not found in {}.", column, asked->Name()));
  }

  ListWhoCan::Answer answer{.table = asked->Shown()};
  answer.as_of = when.shown;
  answer.principals.emplace();
  std::int64_t examined = 0;
  for (bool more = true; more;) {
    // Who oversees the owner's account sees everybody who reaches its table; others the people of their own account.
    TRY_ASSIGN(auto principals, ListSubjects(tx, all ? std::string_view() : call.caller().account, after, kBatch));
    more = principals.size() == static_cast<std::size_t>(kBatch);
    for (store::Principal& principal : principals) {
      if (answer.principals->size() >= size || ++examined > kExaminedMax) {
        answer.next_token = governance::PageToken(list, std::to_string(after));
        return answer;
      }
      after = principal.id;
      TRY_ASSIGN(Subject subject, SubjectOf(tx, doors_.policies, std::move(principal)));
      TRY_ASSIGN(auto shown, WhoCan(tx, when.info, subject, *asked, column));
      answer.principals->insert(answer.principals->end(), shown.begin(), shown.end());
    }
  }
  if (!all && answer.principals->empty() && cursor.empty()) return NoSuchTable(in.database_name, in.table_name);
  return answer;
}

Result<ListWhatCan::Answer> AccessReview::Do(const gate::Authorized<ListWhatCan>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(bool overseen, Oversees(call.tx(), call.caller(), AccountIn(*in.principal_arn)));
  if (!overseen) return governance::NotYours();
  TRY_ASSIGN(When when, WhenOf(call, in.as_of));
  store::Transaction& tx = *when.tx;
  TRY_ASSIGN(std::vector<Subject> subjects, FindSubjects(tx, doors_.policies, *in.principal_arn));
  const Subject& subject = subjects.front();
  std::string list = fmt::format("ListWhatCan/{}/{}", subject.principal.id, subject.principal.arn);
  TRY_ASSIGN(std::string cursor, governance::PageCursor(list, in.next_token));
  TRY_ASSIGN(Id after, governance::CursorId(cursor));
  std::size_t size = governance::PageSize(in.max_results, kPageMost);

  ListWhatCan::Answer answer{.principal = Shown(subject)};
  answer.as_of = when.shown;
  answer.tables.emplace();
  std::int64_t examined = 0;
  for (bool more = subject.active; more;) {
    TRY_ASSIGN(std::vector<Id> ids, TablesAfter(tx, call.info().region, after));
    more = ids.size() == static_cast<std::size_t>(kBatch);
    for (Id id : ids) {
      if (answer.tables->size() == size || ++examined > kExaminedMax) {
        answer.next_token = governance::PageToken(list, std::to_string(after));
        return answer;
      }
      after = id;
      TRY_ASSIGN(auto table, store::FindTableById(tx, id));
      TRY_ASSIGN(AskedTable asked, AskedOf(tx, doors_.lake, std::move(*table)));
      TRY_ASSIGN(Judged judged, DecideMost(doors_, tx, when.info, subjects, asked, Ask::kWhatIsSeen));
      const Decided& decided = judged.decided;
      if (decided.verdict == Verdict::kNothing) continue;
      TRY_ASSIGN(bool owned, Oversees(call.tx(), call.caller(), asked.table.account));
      TRY_ASSIGN(auto reasons, ReasonsOf(tx, decided.access));
      answer.tables->push_back(ShownTable(asked, decided, std::move(reasons), owned));
    }
  }
  return answer;
}

template struct AsksAboutTable<wire_hanse::op::ExplainAccess>;
template struct AsksAboutTable<wire_hanse::op::ListWhoCan>;

}  // namespace hanse::steward
