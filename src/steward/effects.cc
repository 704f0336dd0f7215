#include "steward/effects.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "governance/grantee.h"
#include "steward/saml_subjects.h"

namespace hanse::steward {
namespace {

namespace wire_hanse = wire::hanse_service;

constexpr std::int64_t kPrincipalsAtOnce = 500;

// The keys that grants in the catalogs name, and the administrators.
Result<std::set<std::string>> KeysNamed(store::Transaction& tx, const std::string& region, const std::vector<AccountId>& catalogs) {
  std::set<std::string> keys;
  for (const AccountId& catalog : catalogs) {
    TRY_ASSIGN(auto rows, tx.Query("SELECT DISTINCT principal FROM lf_grants WHERE owner = ? AND region = ?", {catalog, region}));
    for (const store::Row& row : rows) keys.insert(row.Text(0));
    TRY_ASSIGN(auto admins, tx.Query("SELECT principal_id FROM lf_admins WHERE account = ? AND region = ?", {catalog, region}));
    for (const store::Row& row : admins) keys.insert(governance::PrincipalKey(row.Int(0)));
  }
  return keys;
}

bool Named(const Subject& subject, const std::set<std::string>& keys, const std::vector<AccountId>& catalogs) {
  auto any = [&](const std::vector<std::string>& of) {
    return std::ranges::any_of(of, [&](const std::string& key) { return keys.contains(key); });
  };
  bool by_iam = keys.contains(std::string(governance::kIamAllowedPrincipals)) && Contains(catalogs, subject.principal.account);
  return by_iam || any(governance::OwnKeys(subject.caller)) || any(governance::AccountKeys(subject.caller));
}

Result<std::vector<AskedTable>> TablesIn(const Doors& doors, store::Transaction& tx, const std::string& region,
                                         const std::vector<AccountId>& catalogs) {
  std::vector<AskedTable> tables;
  for (const AccountId& catalog : catalogs) {
    TRY_ASSIGN(auto rows, tx.Query("SELECT id FROM catalog_tables WHERE account = ? AND region = ? AND target_account = '' "
                                   "ORDER BY id LIMIT ?",
                                   {catalog, region, kPairsMax}));
    for (const store::Row& row : rows) {
      TRY_ASSIGN(auto table, store::FindTableById(tx, row.Int(0)));
      TRY_ASSIGN(AskedTable asked, AskedOf(tx, doors.lake, std::move(*table)));
      tables.push_back(std::move(asked));
    }
  }
  return tables;
}

// What one subject sees of the tables. Of somebody who comes by several roles: by the one through which it sees most.
Result<void> AddReach(const Doors& doors, store::Transaction& tx, const RequestInfo& now, const Subject& subject,
                      const std::vector<AskedTable>& tables, std::int64_t* pairs, Reach* reach) {
  for (const AskedTable& asked : tables) {
    if (++*pairs > kPairsMax) {
      reach->truncated = true;
      return {};
    }
    TRY_ASSIGN(Decided decided, Decide(doors, tx, now, subject, asked, Ask::kWhatIsSeen));
    if (decided.verdict == Verdict::kNothing) continue;
    Seen seen{.verdict = decided.verdict};
    if (decided.read) {
      seen.columns = std::move(decided.access.columns);
      seen.row_filter = std::move(decided.access.row_filter);
      seen.cell_filters = std::move(decided.access.cell_filters);
    }
    Seen& kept = reach->seen[{subject.principal.arn, asked.Name()}];
    if (kept.verdict <= seen.verdict) kept = std::move(seen);
  }
  return {};
}

std::vector<std::string> Less(std::vector<std::string> all, std::vector<std::string> less) {
  std::ranges::sort(all);
  std::ranges::sort(less);
  std::vector<std::string> left;
  std::ranges::set_difference(all, less, std::back_inserter(left));
  return left;
}

std::string RowsInWords(const Seen& seen) {
  std::string text = seen.row_filter.empty() ? "all" : "where " + seen.row_filter;
  for (const auto& [column, rows] : seen.cell_filters) text += fmt::format("; {} where {}", column, rows);
  return text;
}

bool SameRows(const Seen& a, const Seen& b) { return a.row_filter == b.row_filter && a.cell_filters == b.cell_filters; }

const Seen& At(const Reach& reach, const std::pair<std::string, std::string>& key) {
  static const Seen kNothing;
  auto found = reach.seen.find(key);
  return found == reach.seen.end() ? kNothing : found->second;
}

bool ReadsAny(const Seen& seen) { return seen.verdict == Verdict::kReadsSome || seen.verdict == Verdict::kReadsAll; }

}  // namespace

Result<Reach> ReachOf(const Doors& doors, store::Transaction& tx, const RequestInfo& now, const std::vector<AccountId>& catalogs) {
  Reach reach;
  TRY_ASSIGN(std::set<std::string> keys, KeysNamed(tx, now.region, catalogs));
  TRY_ASSIGN(std::vector<AskedTable> tables, TablesIn(doors, tx, now.region, catalogs));
  std::int64_t pairs = 0;
  Id after = 0;
  for (bool more = !tables.empty(); more;) {
    TRY_ASSIGN(auto principals, ListSubjects(tx, {}, after, kPrincipalsAtOnce));
    more = principals.size() == static_cast<std::size_t>(kPrincipalsAtOnce);
    for (store::Principal& principal : principals) {
      after = principal.id;
      TRY_ASSIGN(Subject subject, SubjectOf(tx, doors.policies, std::move(principal)));
      TRY_ASSIGN(std::vector<Subject> subjects, DecoratedFrom(tx, subject));
      subjects.push_back(std::move(subject));
      for (const Subject& one : subjects) {
        if (!Named(one, keys, catalogs)) continue;
        TRY(AddReach(doors, tx, now, one, tables, &pairs, &reach));
        if (reach.truncated) return reach;
      }
    }
  }
  return reach;
}

std::vector<wire_hanse::Effect> EffectsBetween(const Reach& before, const Reach& after) {
  std::set<std::pair<std::string, std::string>> keys;
  for (const auto& [key, seen] : before.seen) keys.insert(key);
  for (const auto& [key, seen] : after.seen) keys.insert(key);
  std::vector<wire_hanse::Effect> effects;
  for (const auto& key : keys) {
    const Seen &was = At(before, key), &is = At(after, key);
    if (was == is) continue;
    wire_hanse::Effect effect{.principal_arn = key.first, .table = key.second};
    effect.gains = Less(is.columns, was.columns);
    effect.loses = Less(was.columns, is.columns);
    effect.before = std::string(Name(was.verdict));
    effect.after = std::string(Name(is.verdict));
    if (!SameRows(was, is)) effect.rows = fmt::format("{} -> {}", RowsInWords(was), RowsInWords(is));
    effects.push_back(std::move(effect));
  }
  return effects;
}

wire_hanse::BlastRadius BlastRadiusOf(const std::vector<wire_hanse::Effect>& effects) {
  std::set<std::string> principals, gaining, losing, tables;
  for (const wire_hanse::Effect& effect : effects) {
    principals.insert(*effect.principal_arn);
    tables.insert(*effect.table);
    bool rows = effect.rows.has_value();
    bool both = rows || (effect.gains->empty() && effect.loses->empty());
    if (!effect.gains->empty() || (both && *effect.before != "READS_ALL" && *effect.after != "NOTHING")) {
      gaining.insert(*effect.principal_arn);
    }
    if (!effect.loses->empty() || (both && *effect.before != "NOTHING" && *effect.after != "READS_ALL")) {
      losing.insert(*effect.principal_arn);
    }
  }
  auto count = [](const std::set<std::string>& set) { return static_cast<std::int32_t>(set.size()); };
  return {.principals = count(principals),
          .principals_gaining = count(gaining),
          .principals_losing = count(losing),
          .tables = count(tables)};
}

std::vector<wire_hanse::ReplayedQuery> Replayed(const std::vector<PastRead>& reads, const Reach& before, const Reach& after) {
  std::vector<wire_hanse::ReplayedQuery> replayed;
  for (const PastRead& read : reads) {
    const Seen &was = At(before, {read.principal_arn, read.table}), &is = At(after, {read.principal_arn, read.table});
    if (was == is) continue;
    bool lost = !Less(was.columns, is.columns).empty(), gained = !Less(is.columns, was.columns).empty();
    std::string outcome = !ReadsAny(is)                          ? "REFUSED"
                          : lost && !gained && SameRows(was, is) ? "SEES_LESS"
                          : gained && !lost && SameRows(was, is) ? "SEES_MORE"
                          : is.verdict == Verdict::kReadsAll     ? "SEES_MORE"
                          : was.verdict == Verdict::kReadsAll    ? "SEES_LESS"
                                                                 : "SEES_OTHER";
    replayed.push_back({.query_execution_id = read.query_id,
                        .principal_arn = read.principal_arn,
                        .table = read.table,
                        .asked_at = wire::Timestamp{read.at_ms},
                        .outcome = std::move(outcome)});
  }
  return replayed;
}

}  // namespace hanse::steward
