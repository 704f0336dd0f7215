// The governed scan beside plain DuckDB, in one process and one run, over the same sealed files of real data repeated to 17 million
// rows: rules on columns, rows and cells against the same rules written by hand. Every answer is compared with that of a physically
// filtered copy, and what a caller may not see is looked for in the answers to the same questions over changed data.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/race.h"
#include "bench/report.h"
#include "bench/retail_rules.h"
#include "bench/scan_queries.h"
#include "bench/sealed_lake.h"

namespace hanse::bench {
namespace {

using engine::Cell;
using engine::ResultRow;

// The three answers to one question are the same: governed, by hand, and of the filtered copy without any rule.
Result<void> CheckAnswers(engine::PlainEngine& plain, engine::PlainEngine& copies, GovernedEngine& governed,
                          const ScanQuery& query) {
  TRY_ASSIGN(auto shown, governed.Run(query.governed));
  TRY_ASSIGN(auto by_hand, plain.Run(query.plain));
  TRY_ASSIGN(auto copied, copies.Run(query.governed));
  const bool any_rows = query.name == "limit";  // Which rows is nobody's promise, how many is.
  const bool same = any_rows ? shown.size() == by_hand.size() && shown.size() == copied.size()
                             : SameRows(shown, by_hand) && SameRows(shown, copied);
  if (same) return {};
  return Fail(ErrorCode::kInternal, fmt::format("{}: governed, by hand and copied answers differ ({}, {}, {} rows)", query.name,
                                                shown.size(), by_hand.size(), copied.size()));
}

Result<Metrics> Race(const Options& options) {
  TRY_ASSIGN(auto lake, SealedLake::Make());
  TRY(AddGovernedTables(*lake));
  TRY(AddFilteredCopies(*lake));
  auto open = [&lake](const std::string& path) { return lake->OpenPath(path); };
  TRY_ASSIGN(auto plain, engine::PlainEngine::Start(kRaceThreads, kRaceMemoryBytes, open));
  TRY_ASSIGN(auto copies, engine::PlainEngine::Start(kRaceThreads, kRaceMemoryBytes, open));
  for (const char* base : {"sales", "buyers", "wide"}) TRY(plain->AddTable(base, lake->Paths(std::string(base) + "/")));
  for (const TableRule& rule : TableRules()) TRY(copies->AddTable(rule.name, lake->Paths("copy/" + rule.name + "/")));
  TRY_ASSIGN(GovernedEngine governed, GovernedEngine::Start(*lake, kRaceThreads));
  for (const ScanQuery& query : ScanQueries()) TRY(CheckAnswers(*plain, *copies, governed, query));

  Metrics metrics;
  TRY_ASSIGN(auto counted, plain->Run("SELECT count(*) FROM sales"));
  metrics.emplace_back("rows", std::strtod(counted[0][0]->c_str(), nullptr));
  TRY(RaceAll(*plain, governed, ScanQueries(), options, &metrics));
  return metrics;
}

// What a caller is told: rows, how many, or the error's text.
std::string Told(Result<std::vector<ResultRow>> answer) {
  if (!answer) return answer.error().message;
  std::string told = fmt::format("{} rows\n", answer->size());
  for (const ResultRow& row : *answer) {
    for (const Cell& cell : row) told += cell.value_or("NULL") + "|";
    told += "\n";
  }
  return told;
}

struct Differences {
  int asked = 0, different = 0;
};

// Asks the same of two lakes that differ only in what the rules hide.
Result<Differences> Compare(bool rules_in_force) {
  TRY_ASSIGN(auto truth, SealedLake::Make());
  TRY_ASSIGN(auto changed, SealedLake::Make());
  TRY(AddLeakTables(*truth, Lake::kTruth, rules_in_force));
  TRY(AddLeakTables(*changed, Lake::kChanged, rules_in_force));
  // One thread: then sums of doubles and the first row that fails are the same ones in each run.
  TRY_ASSIGN(GovernedEngine one, GovernedEngine::Start(*truth, 1));
  TRY_ASSIGN(GovernedEngine other, GovernedEngine::Start(*changed, 1));
  std::vector<std::string> statements;
  for (const TableRule& rule : TableRules()) {
    if (rule.base != "sales") continue;
    for (std::string& probe : Probes(rule.name)) statements.push_back(std::move(probe));
  }
  for (const ScanQuery& query : ScanQueries()) statements.push_back(query.governed);
  Differences differences;
  for (const std::string& statement : statements) {
    const std::string first = Told(one.Run(statement)), second = Told(other.Run(statement));
    ++differences.asked;
    const bool marked = second.find("zz") != std::string::npos && statement.find("zz") == std::string::npos;
    if (first == second && !marked) continue;
    ++differences.different;
    if (rules_in_force) fmt::print(stderr, "leak: {}\n{}\n---\n{}\n", statement, first.substr(0, 400), second.substr(0, 400));
  }
  return differences;
}

}  // namespace

Result<Metrics> GovernedScan(const Options& options) {
  TRY(ReadRetail(options.data));
  TRY_ASSIGN(Differences leaks, Compare(true));
  TRY_ASSIGN(Differences control, Compare(false));
  if (control.different == 0) return Fail(ErrorCode::kInternal, "without rules nothing leaks: the questions ask nothing");
  TRY_ASSIGN(Metrics metrics, Race(options));
  metrics.emplace_back("leak_questions", leaks.asked);
  metrics.emplace_back("leaks", leaks.different);
  metrics.emplace_back("leaks_without_rules", control.different);
  return metrics;
}

}  // namespace hanse::bench
