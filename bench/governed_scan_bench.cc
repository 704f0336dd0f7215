// The governed scan beside plain DuckDB, in one process and one run, over the same sealed files of real data repeated to 17 million
// rows: rules on columns, rows and cells against the same rules written by hand. Every answer is compared with that of a physically
// filtered copy, and what a caller may not see is looked for in the answers to the same questions over changed data.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/report.h"
#include "bench/retail_lake.h"
#include "bench/retail_rules.h"
#include "bench/scan_queries.h"
#include "engine/in_process_engine.h"
#include "engine/plain_engine.h"

namespace hanse::bench {
namespace {

using engine::Cell;
using engine::ResultRow;

constexpr std::uint32_t kThreads = 2;
constexpr std::uint64_t kMemoryBytes = 4ull << 30;
constexpr double kShortMs = 60;  // Of shorter queries more rounds are run.
constexpr int kShortRounds = 25;

class Collected final : public engine::ResultSink {
 public:
  Result<void> Columns(const std::vector<engine::ResultColumn>&) override { return {}; }
  Result<void> Rows(std::vector<ResultRow> more) override {
    for (ResultRow& row : more) rows.push_back(std::move(row));
    return {};
  }
  std::vector<ResultRow> rows;
};

// The governed side: one caller of one lake.
class Governed {
 public:
  static Result<Governed> Start(RetailLake& lake, std::uint32_t threads) {
    TRY_ASSIGN(auto engine, engine::InProcessEngine::Start(threads));
    return Governed(lake, std::move(engine));
  }
  Result<std::vector<ResultRow>> Run(const std::string& sql) {
    Collected collected;
    engine::QueryJob job{"bench", sql, "shop", {}, {.memory_bytes = kMemoryBytes, .threads = kThreads}};
    auto outcome = engine_->Run(job, *lake_, collected, {});
    if (outcome.state != engine::QueryState::kSucceeded) return Fail(ErrorCode::kInternal, outcome.message);
    return std::move(collected.rows);
  }

 private:
  Governed(RetailLake& lake, std::unique_ptr<engine::InProcessEngine> engine) : lake_(&lake), engine_(std::move(engine)) {}
  RetailLake* lake_;
  std::unique_ptr<engine::InProcessEngine> engine_;
};

// Sums of doubles over several threads differ in their last digits.
bool SameCell(const Cell& a, const Cell& b) {
  if (a == b) return true;
  if (!a || !b) return false;
  char *end_a = nullptr, *end_b = nullptr;
  const double x = std::strtod(a->c_str(), &end_a), y = std::strtod(b->c_str(), &end_b);
  if (a->empty() || b->empty() || *end_a != '\0' || *end_b != '\0') return false;
  return std::abs(x - y) <= 1e-9 * std::max(std::abs(x), std::abs(y));
}

bool SameRows(std::vector<ResultRow> a, std::vector<ResultRow> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ResultRow& x, const ResultRow& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), SameCell);
  });
}

double MsOf(const std::function<void()>& work) { return Seconds(work) * 1000; }

struct Ratio {
  double plain_ms = 0, governed_ms = 0, ratio = 0;
};

// Plain, governed, governed, plain: whatever drifts meets both alike. The median of the rounds' ratios.
Result<Ratio> RaceOne(engine::PlainEngine& plain, Governed& governed, const ScanQuery& query, int rounds) {
  std::vector<double> plain_ms, governed_ms, ratios;
  bool good = true;
  auto run_plain = [&] { good = plain.Run(query.plain).has_value() && good; };
  auto run_governed = [&] { good = governed.Run(query.governed).has_value() && good; };
  for (int i = 0; good && i < rounds; ++i) {
    const double p = MsOf(run_plain), g = MsOf(run_governed), h = MsOf(run_governed), q = MsOf(run_plain);
    if (i == 0 && p + q < 2 * kShortMs) rounds = std::max(rounds, kShortRounds);
    plain_ms.push_back((p + q) / 2);
    governed_ms.push_back((g + h) / 2);
    ratios.push_back((g + h) / (p + q));
  }
  if (!good) return Fail(ErrorCode::kInternal, query.name + " failed in the middle of the race");
  return Ratio{Percentile(plain_ms, 0.5), Percentile(governed_ms, 0.5), Percentile(ratios, 0.5)};
}

// The three answers to one question are the same: governed, by hand, and of the filtered copy without any rule.
Result<void> CheckAnswers(engine::PlainEngine& plain, engine::PlainEngine& copies, Governed& governed, const ScanQuery& query) {
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

Result<Metrics> Race(int rounds) {
  TRY_ASSIGN(auto lake, RetailLake::Make());
  TRY(AddGovernedTables(*lake));
  TRY(AddFilteredCopies(*lake));
  auto open = [&lake](const std::string& path) { return lake->OpenPath(path); };
  TRY_ASSIGN(auto plain, engine::PlainEngine::Start(kThreads, kMemoryBytes, open));
  TRY_ASSIGN(auto copies, engine::PlainEngine::Start(kThreads, kMemoryBytes, open));
  for (const char* base : {"sales", "buyers", "wide"}) TRY(plain->AddTable(base, lake->Paths(std::string(base) + "/")));
  for (const TableRule& rule : TableRules()) TRY(copies->AddTable(rule.name, lake->Paths("copy/" + rule.name + "/")));
  TRY_ASSIGN(Governed governed, Governed::Start(*lake, kThreads));
  for (const ScanQuery& query : ScanQueries()) TRY(CheckAnswers(*plain, *copies, governed, query));

  Metrics metrics;
  TRY_ASSIGN(auto counted, plain->Run("SELECT count(*) FROM sales"));
  metrics.emplace_back("rows", std::strtod(counted[0][0]->c_str(), nullptr));
  std::vector<double> ratios;
  for (const ScanQuery& query : ScanQueries()) {
    TRY_ASSIGN(Ratio ratio, RaceOne(*plain, governed, query, rounds));
    ratios.push_back(ratio.ratio);
    metrics.emplace_back("plain_ms_" + query.name, ratio.plain_ms);
    metrics.emplace_back("ratio_" + query.name, ratio.ratio);
  }
  metrics.emplace_back("queries", static_cast<double>(ratios.size()));
  metrics.emplace_back("ratio_median", Percentile(ratios, 0.5));
  metrics.emplace_back("ratio_worst", Percentile(ratios, 1));
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
  TRY_ASSIGN(auto truth, RetailLake::Make());
  TRY_ASSIGN(auto changed, RetailLake::Make());
  TRY(AddLeakTables(*truth, Lake::kTruth, rules_in_force));
  TRY(AddLeakTables(*changed, Lake::kChanged, rules_in_force));
  // One thread: then sums of doubles and the first row that fails are the same ones in each run.
  TRY_ASSIGN(Governed one, Governed::Start(*truth, 1));
  TRY_ASSIGN(Governed other, Governed::Start(*changed, 1));
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
  TRY_ASSIGN(Metrics metrics, Race(options.rounds));
  metrics.emplace_back("leak_questions", leaks.asked);
  metrics.emplace_back("leaks", leaks.different);
  metrics.emplace_back("leaks_without_rules", control.different);
  return metrics;
}

}  // namespace hanse::bench
