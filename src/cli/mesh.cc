#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/output.h"
#include "client/aws_client.h"
#include "wire/hanse_service.h"

namespace hanse::cli {
namespace {

namespace mesh = wire::hanse_service;

// "-" is standard input.
Result<std::string> ReadDocument(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(ErrorCode::kNotFound, fmt::format("{} cannot be read", path));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

template <class Op>
Result<typename Op::Output> AskServer(const std::string& profile_name, const typename Op::Input& in) {
  SystemClock clock;
  TRY_ASSIGN(auto as, client::AwsClient::SignIn(profile_name, clock));
  return as->Call<Op>(in);
}

template <class Op>
Result<typename Op::Output> Send(const MeshFile& file) {
  TRY_ASSIGN(std::string document, ReadDocument(file.path));
  return AskServer<Op>(file.profile, {.document = std::move(document)});
}

void PrintSteps(const std::optional<std::vector<mesh::PlannedStep>>& steps, std::string_view title) {
  std::size_t count = steps ? steps->size() : 0;
  if (count == 0) return fmt::print("Nothing to change: the mesh is as the document says.\n");
  fmt::print("{} ({})\n", title, count);
  for (const mesh::PlannedStep& step : *steps) fmt::print("  {} {}  [{}]\n", *step.sign, *step.change, *step.account_id);
}

void PrintNotes(const std::optional<std::vector<std::string>>& notes) {
  for (const std::string& note : notes.value_or(std::vector<std::string>())) fmt::print("note: {}\n", note);
}

std::string ListOr(const std::optional<std::vector<std::string>>& texts) {
  return texts && !texts->empty() ? Join(*texts, ", ") : "-";
}

void PrintEffects(const mesh::PlanMeshResponse& plan) {
  const mesh::BlastRadius& radius = *plan.blast_radius;
  if (*radius.principals == 0) return fmt::print("\nNobody sees more or less of any table.\n");
  fmt::print("\nBlast radius: {} principals ({} gain, {} lose) on {} tables{}\n", *radius.principals, *radius.principals_gaining,
             *radius.principals_losing, *radius.tables, *plan.effects_truncated ? "; not everything was looked at" : "");
  std::vector<std::vector<client::Cell>> rows;
  for (const mesh::Effect& effect : *plan.effects) {
    rows.push_back({effect.principal_arn, effect.table, fmt::format("{} -> {}", *effect.before, *effect.after),
                    ListOr(effect.gains), ListOr(effect.loses), effect.rows.value_or("")});
  }
  std::fflush(stdout);
  Print(Format::kTable, {"who", "table", "verdict", "gains", "loses", "rows"}, rows);
  if (!plan.queries || plan.queries->empty()) return;
  fmt::print("\nQueries of the last seven days that would be answered otherwise ({})\n", plan.queries->size());
  rows.clear();
  for (const mesh::ReplayedQuery& query : *plan.queries) {
    rows.push_back({FormatIso8601(query.asked_at->ms), query.principal_arn, query.table, query.outcome, query.query_execution_id});
  }
  std::fflush(stdout);
  Print(Format::kTable, {"asked", "who", "table", "now", "query"}, rows);
}

}  // namespace

int RunPlan(const MeshFile& file) {
  auto plan = Send<mesh::op::PlanMesh>(file);
  if (!plan) return Failed("plan", plan.error());
  if (file.json) {
    fmt::print("{}\n", wire::ToJson(*plan));
    return 0;
  }
  PrintSteps(plan->steps, "Changes");
  PrintEffects(*plan);
  PrintNotes(plan->notes);
  return 0;
}

int RunApply(const MeshFile& file) {
  auto applied = Send<mesh::op::ApplyMesh>(file);
  if (!applied) return Failed("apply", applied.error());
  if (file.json) {
    fmt::print("{}\n", wire::ToJson(*applied));
    return 0;
  }
  PrintSteps(applied->steps, "Changed");
  PrintNotes(applied->notes);
  return 0;
}

int RunExport(const std::string& profile, const std::vector<std::string>& accounts) {
  mesh::ExportMeshRequest in;
  if (!accounts.empty()) in.catalog_ids = accounts;
  auto exported = AskServer<mesh::op::ExportMesh>(profile, in);
  if (!exported) return Failed("export", exported.error());
  fmt::print("{}", *exported->document);
  return 0;
}

int RunDoctor(const DoctorOptions& options) {
  mesh::DiagnoseMeshRequest in;
  if (!options.accounts.empty()) in.catalog_ids = options.accounts;
  in.sampled_tables = options.sample;
  auto diagnosed = AskServer<mesh::op::DiagnoseMesh>(options.profile, in);
  if (!diagnosed) return Failed("doctor", diagnosed.error());
  if (options.json) {
    fmt::print("{}\n", wire::ToJson(*diagnosed));
    return 0;
  }
  const auto& findings = *diagnosed->findings;
  fmt::print("{} catalogs examined: {}\n", diagnosed->catalogs_examined->size(),
             findings.empty() ? "nothing found" : fmt::format("{} findings", findings.size()));
  fmt::print("values looked at in {} tables{}\n", diagnosed->tables_sampled.value_or(0),
             diagnosed->tables_not_sampled.value_or(0) == 0
                 ? ""
                 : fmt::format(", not in {} more (--sample N takes more; --help says who reads)", *diagnosed->tables_not_sampled));
  for (const mesh::Finding& finding : findings) {
    fmt::print("\n{} {} [{}] {}\n  {}\n  mend: {}\n", *finding.severity, *finding.kind, *finding.account_id, *finding.subject,
               *finding.text, *finding.command);
  }
  return 0;
}

}  // namespace hanse::cli
