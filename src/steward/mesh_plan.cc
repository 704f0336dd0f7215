#include "steward/mesh_plan.h"

#include <set>

#include "governance/refusals.h"
#include "governance/settings_rows.h"
#include "governance/tag_rows.h"
#include "model/arn.h"
#include "steward/mesh_names.h"

namespace hanse::steward {
namespace {

constexpr std::int64_t kTagsListed = 10'000;

// "Domains/Retail"; empty for the root.
Result<std::string> UnitPath(store::Transaction& tx, std::string unit) {
  std::string path;
  while (unit.starts_with("ou-")) {
    TRY_ASSIGN(auto row, organisation::FindUnit(tx, unit));
    if (!row) break;
    path = path.empty() ? row->name : row->name + "/" + path;
    unit = row->parent;
  }
  return path;
}

Result<void> ExportOrganisation(store::Transaction& tx, MeshDocument* mesh) {
  TRY_ASSIGN(auto units, tx.Query("SELECT id FROM organizational_units ORDER BY created_ms, id"));
  for (const store::Row& row : units) {
    TRY_ASSIGN(std::string path, UnitPath(tx, row.Text(0)));
    mesh->units.push_back(std::move(path));
  }
  TRY_ASSIGN(auto accounts, tx.Query("SELECT name, email, parent FROM accounts a WHERE status = 'ACTIVE' AND "
                                     "(SELECT count(*) FROM accounts b WHERE b.name = a.name) = 1 ORDER BY joined_ms, account"));
  for (const store::Row& row : accounts) {
    TRY_ASSIGN(std::string unit, UnitPath(tx, row.Text(2)));
    mesh->accounts.push_back({.name = row.Text(0), .email = row.Text(1), .unit = std::move(unit)});
  }
  return {};
}

Result<WrittenCatalog> ExportCatalog(store::Transaction& tx, const AccountId& account, const std::string& region) {
  WrittenCatalog written{.account = account};
  TRY_ASSIGN(auto admins, tx.Query("SELECT p.arn FROM lf_admins a JOIN principals p ON p.id = a.principal_id WHERE a.account = ? "
                                   "AND a.region = ? AND a.role = 'admin' ORDER BY p.arn",
                                   {account, region}));
  written.admins.emplace();
  for (const store::Row& row : admins) written.admins->push_back(row.Text(0));
  TRY_ASSIGN(auto settings, governance::SettingsOf(tx, account, region));
  if (settings.databases_open() == settings.tables_open()) written.open_to_iam = settings.databases_open();
  written.tags.emplace();
  TRY_ASSIGN(auto tags, governance::ListTags(tx, account, region, "", kTagsListed));
  for (const governance::TagRow& tag : tags) {
    TRY_ASSIGN((*written.tags)[tag.key], governance::TagValues(tx, tag.id));
  }
  TRY_ASSIGN(written.assignments, AssignmentsOf(tx, account, region));
  TRY_ASSIGN(auto filters, FiltersOf(tx, account, region));
  written.filters.emplace();
  for (const auto& [table, row] : filters) {
    WrittenFilter filter{.table = table, .name = row.name, .rows = row.rows};
    (row.list == policy::ColumnList::kOnly ? filter.columns : filter.except) = row.columns;
    written.filters->push_back(std::move(filter));
  }
  TRY_ASSIGN(written.expressions, ExpressionsOf(tx, account, region));
  TRY_ASSIGN(written.row_policies, RowPoliciesOf(tx, account, region));
  TRY_ASSIGN(written.opt_ins, PlacesOptedIn(tx, account, region));
  TRY_ASSIGN(written.grants, GrantsOf(tx, account, region));
  return written;
}

// Catalogs that anybody has touched.
Result<std::vector<AccountId>> CatalogsInUse(store::Transaction& tx, const std::string& region) {
  TRY_ASSIGN(auto rows,
             tx.Query("SELECT account FROM accounts a WHERE EXISTS (SELECT 1 FROM lf_settings s WHERE s.account = a.account "
                      "AND s.region = ?) OR EXISTS (SELECT 1 FROM catalog_databases d WHERE d.account = a.account AND "
                      "d.region = ?) ORDER BY account",
                      {region, region}));
  std::vector<AccountId> accounts;
  for (const store::Row& row : rows) accounts.push_back(row.Text(0));
  return accounts;
}

}  // namespace

Result<std::vector<PastRead>> MeshPlan::ReadsOfThose(const std::vector<wire::hanse_service::Effect>& effects,
                                                     const gate::Call& call) const {
  std::set<AccountId> accounts;
  for (const auto& effect : effects) {
    if (auto arn = ParseArn(*effect.principal_arn)) accounts.insert(arn->account);
  }
  std::vector<PastRead> reads;
  for (const AccountId& account : accounts) {
    TRY_ASSIGN(auto more, past_reads_.Of(account, call.info().region, call.now_ms() - kReplayedMs));
    std::ranges::move(more, std::back_inserter(reads));
  }
  return reads;
}

Result<PlanMesh::Answer> MeshPlan::Do(const gate::Authorized<PlanMesh>& call) const {
  TRY_ASSIGN(MeshDocument mesh, ReadMesh(*call->in.document));
  PlanMesh::Answer answer;
  std::vector<AccountId> catalogs;
  Reach after;
  TRY(doors_.gate.Rehearse(call.context(), [&](const gate::Call& rehearsal) -> Result<void> {
    MeshChange change(parts_, rehearsal);
    TRY(change.Make(mesh));
    catalogs = std::move(change.catalogs);
    answer.steps = std::move(change.steps);
    if (!change.notes.empty()) answer.notes = std::move(change.notes);
    TRY_ASSIGN(after, ReachOf(doors_, rehearsal.tx(), call.info(), catalogs));
    return {};
  }));
  TRY_ASSIGN(Reach before, ReachOf(doors_, call.tx(), call.info(), catalogs));
  auto effects = EffectsBetween(before, after);
  answer.blast_radius = BlastRadiusOf(effects);
  TRY_ASSIGN(auto reads, ReadsOfThose(effects, call));
  answer.queries = Replayed(reads, before, after);
  answer.effects_truncated = before.truncated || after.truncated || effects.size() > kEffectsMax;
  if (effects.size() > kEffectsMax) effects.resize(kEffectsMax);
  answer.effects = std::move(effects);
  return answer;
}

Result<ApplyMesh::Answer> MeshPlan::Do(const gate::Authorized<ApplyMesh>& call) const {
  TRY_ASSIGN(MeshDocument mesh, ReadMesh(*call->in.document));
  MeshChange change(parts_, call);
  TRY(change.Make(mesh));
  ApplyMesh::Answer answer{.steps = std::move(change.steps)};
  if (!change.notes.empty()) answer.notes = std::move(change.notes);
  return answer;
}

Result<ExportMesh::Answer> MeshPlan::Do(const gate::Authorized<ExportMesh>& call) const {
  store::Transaction& tx = call.tx();
  MeshDocument mesh;
  std::vector<AccountId> accounts = call->in.catalog_ids.value_or(std::vector<std::string>());
  const bool all = accounts.empty();
  if (all) {
    TRY_ASSIGN(accounts, CatalogsInUse(tx, call.info().region));
  }
  bool others = false;
  for (const AccountId& account : accounts) {
    TRY_ASSIGN(bool overseen, Oversees(tx, call.caller(), account));
    if (!overseen && !all) return governance::NotYours();
    if (!overseen) continue;
    others = others || account != call.caller().account;
    TRY_ASSIGN(WrittenCatalog written, ExportCatalog(tx, account, call.info().region));
    mesh.catalogs.push_back(std::move(written));
  }
  // The tree is shown to who oversees more than itself.
  if (all && others) TRY(ExportOrganisation(tx, &mesh));
  return ExportMesh::Answer{.document = WriteMesh(mesh)};
}

}  // namespace hanse::steward
