#include "bench/race.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace hanse::bench {
namespace {

using engine::Cell;
using engine::ResultRow;

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

bool SameCell(const Cell& a, const Cell& b) {
  if (a == b) return true;
  if (!a || !b) return false;
  char *end_a = nullptr, *end_b = nullptr;
  const double x = std::strtod(a->c_str(), &end_a), y = std::strtod(b->c_str(), &end_b);
  if (a->empty() || b->empty() || *end_a != '\0' || *end_b != '\0') return false;
  return std::abs(x - y) <= 1e-9 * std::max(std::abs(x), std::abs(y));
}

double MsOf(const std::function<void()>& work) { return Seconds(work) * 1000; }

struct Ratio {
  double plain_ms = 0, ratio = 0;
};

// Plain, governed, governed, plain: whatever drifts meets both alike. The median of the rounds' ratios.
Result<Ratio> RaceOne(engine::PlainEngine& plain, GovernedEngine& governed, const ScanQuery& query, int rounds) {
  std::vector<double> plain_ms, ratios;
  bool good = true;
  auto run_plain = [&] { good = plain.Run(query.plain).has_value() && good; };
  auto run_governed = [&] { good = governed.Run(query.governed).has_value() && good; };
  for (int i = 0; good && i < rounds; ++i) {
    const double p = MsOf(run_plain), g = MsOf(run_governed), h = MsOf(run_governed), q = MsOf(run_plain);
    if (i == 0 && p + q < 2 * kShortMs) rounds = std::max(rounds, kShortRounds);
    plain_ms.push_back((p + q) / 2);
    ratios.push_back((g + h) / (p + q));
  }
  if (!good) return Fail(ErrorCode::kInternal, query.name + " failed in the middle of the race");
  return Ratio{Percentile(plain_ms, 0.5), Percentile(ratios, 0.5)};
}

}  // namespace

Result<GovernedEngine> GovernedEngine::Start(SealedLake& lake, std::uint32_t threads) {
  TRY_ASSIGN(auto engine, engine::InProcessEngine::Start(threads));
  return GovernedEngine(lake, std::move(engine));
}

Result<std::vector<ResultRow>> GovernedEngine::Run(const std::string& sql) {
  Collected collected;
  engine::QueryJob job{"bench", sql, "shop", {}, {.memory_bytes = kRaceMemoryBytes, .threads = kRaceThreads}};
  auto outcome = engine_->Run(job, *lake_, collected, {});
  if (outcome.state != engine::QueryState::kSucceeded) return Fail(ErrorCode::kInternal, outcome.message);
  return std::move(collected.rows);
}

std::string ByHand(const engine::TableSource& table, const std::string& base) {
  std::string columns;
  for (const std::string& name : table.visible) {
    std::string shown = name;
    for (const engine::CellMask& mask : table.masks) {
      if (mask.column == name) shown = fmt::format("CASE WHEN {} THEN {} END AS {}", mask.condition, name, name);
    }
    columns += (columns.empty() ? "" : ", ") + shown;
  }
  return fmt::format("SELECT {} FROM ({}){}", columns, base, table.row_filter.empty() ? "" : " WHERE " + table.row_filter);
}

bool SameRows(std::vector<ResultRow> a, std::vector<ResultRow> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ResultRow& x, const ResultRow& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), SameCell);
  });
}

Result<void> RaceAll(engine::PlainEngine& plain, GovernedEngine& governed, const std::vector<ScanQuery>& queries,
                     const Options& options, Metrics* metrics) {
  std::vector<double> ratios;
  for (const ScanQuery& query : queries) {
    if (!options.query.empty() && query.name != options.query) continue;
    TRY_ASSIGN(Ratio ratio, RaceOne(plain, governed, query, std::max(1, options.rounds)));
    ratios.push_back(ratio.ratio);
    metrics->emplace_back("plain_ms_" + query.name, ratio.plain_ms);
    metrics->emplace_back("ratio_" + query.name, ratio.ratio);
  }
  metrics->emplace_back("queries", static_cast<double>(ratios.size()));
  metrics->emplace_back("ratio_median", Percentile(ratios, 0.5));
  metrics->emplace_back("ratio_worst", Percentile(ratios, 1));
  return {};
}

}  // namespace hanse::bench
