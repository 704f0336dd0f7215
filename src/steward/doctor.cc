#include "steward/doctor.h"

#include <algorithm>

#include "governance/refusals.h"
#include "steward/actor.h"

namespace hanse::steward {
namespace {

Result<std::vector<store::TableRow>> OwnTables(store::Transaction& tx, const AccountId& account, const std::string& region) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT id FROM catalog_tables WHERE account = ? AND region = ? AND target_account = '' "
                                 "ORDER BY database_name, name LIMIT ?",
                                 {account, region, Doctor::kTablesMax}));
  std::vector<store::TableRow> tables;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto table, store::FindTableById(tx, row.Int(0)));
    if (table) tables.push_back(std::move(*table));
  }
  return tables;
}

// Who reads the values of an account's tables: nobody where the caller is not let act there.
Result<std::optional<Caller>> ReaderIn(const gate::Call& call, gate::PolicySource& policies, const AccountId& account) {
  auto actor = ActorIn(call, policies, account, "", "hanse-doctor");
  if (actor) return std::optional(std::move(*actor));
  if (actor.error().code == ErrorCode::kAccessDenied || actor.error().code == ErrorCode::kNotFound) return std::optional<Caller>();
  return std::unexpected(std::move(actor).error());
}

int Rank(const std::string& severity) { return severity == "HIGH" ? 0 : severity == "MEDIUM" ? 1 : 2; }

}  // namespace

void Examined::Add(std::string kind, std::string severity, std::string subject, std::string text, std::string command) {
  found.push_back({.kind = std::move(kind),
                   .severity = std::move(severity),
                   .account_id = account,
                   .subject = std::move(subject),
                   .text = std::move(text),
                   .command = std::move(command)});
}

Result<DiagnoseMesh::Answer> Doctor::Do(const gate::Authorized<DiagnoseMesh>& call) const {
  store::Transaction& tx = call.tx();
  DiagnoseMesh::Answer answer;
  answer.findings.emplace();
  answer.catalogs_examined.emplace();
  std::vector<AccountId> accounts = call->in.catalog_ids.value_or(std::vector<std::string>());
  const bool all = accounts.empty();
  if (all) {
    TRY_ASSIGN(auto rows,
               tx.Query("SELECT DISTINCT account FROM catalog_databases WHERE region = ? ORDER BY account", {call.info().region}));
    for (const store::Row& row : rows) accounts.push_back(row.Text(0));
  }
  std::int64_t tables = call->in.sampled_tables.value_or(kSampledTables);
  Sampling sampling{samples_, clock_, static_cast<std::size_t>(tables), clock_.NowMs() + kSamplingMs};
  for (const AccountId& account : accounts) {
    TRY_ASSIGN(bool overseen, Oversees(tx, call.caller(), account));
    if (!overseen && !all) return governance::NotYours();
    if (!overseen) continue;
    std::optional<Caller> reader;
    if (tables > 0) {
      TRY_ASSIGN(reader, ReaderIn(call, doors_.policies, account));
    }
    Examined examined{doors_, past_, sampling, reader, tx, call.info(), account, {}, {}};
    TRY_ASSIGN(examined.tables, OwnTables(tx, account, call.info().region));
    for (auto check : {CheckOpenToIam, CheckGrantsPerTable, CheckTags, CheckValues, CheckShares, CheckBypass, CheckAdmins})
      TRY(check(&examined));
    answer.catalogs_examined->push_back(account);
    std::ranges::move(examined.found, std::back_inserter(*answer.findings));
  }
  answer.tables_sampled = sampling.sampled;
  answer.tables_not_sampled = sampling.not_sampled;
  std::ranges::stable_sort(*answer.findings, [](const auto& a, const auto& b) { return Rank(*a.severity) < Rank(*b.severity); });
  return answer;
}

}  // namespace hanse::steward
