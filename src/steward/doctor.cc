#include "steward/doctor.h"

#include <algorithm>

#include "governance/refusals.h"

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
  for (const AccountId& account : accounts) {
    TRY_ASSIGN(bool overseen, Oversees(tx, call.caller(), account));
    if (!overseen && !all) return governance::NotYours();
    if (!overseen) continue;
    Examined examined{doors_, past_, tx, call.info(), account, {}, {}};
    TRY_ASSIGN(examined.tables, OwnTables(tx, account, call.info().region));
    for (auto check : {CheckOpenToIam, CheckGrantsPerTable, CheckTags, CheckShares, CheckBypass, CheckAdmins})
      TRY(check(&examined));
    answer.catalogs_examined->push_back(account);
    std::ranges::move(examined.found, std::back_inserter(*answer.findings));
  }
  std::ranges::stable_sort(*answer.findings, [](const auto& a, const auto& b) { return Rank(*a.severity) < Rank(*b.severity); });
  return answer;
}

}  // namespace hanse::steward
