// TPC-H's 22 queries over governed tables (hidden columns, row filters, cell filters) beside plain DuckDB over views that say the
// same by hand, over the same sealed files. Every governed answer is that of the same SQL over copies that hold only what the rules
// show.
#include <algorithm>

#include <fmt/format.h>

#include "bench/query_benches.h"
#include "bench/race.h"
#include "bench/tpch_data.h"
#include "engine/sample_data.h"

namespace hanse::bench {
namespace {

// The lake with the rules, and the one that holds what they show.
struct Lakes {
  std::unique_ptr<SealedLake> governed, copies;
  std::vector<engine::TableSource> tables, copied;
};

// A file of what engine::SampleData has of the table now, and of what its rules show of that.
Result<void> Keep(Lakes& lakes, std::size_t table, int part) {
  engine::TableSource& rules = lakes.tables[table];
  const std::string path = fmt::format("{}/{}.parquet", rules.name, part);
  TRY_ASSIGN(auto file, lakes.governed->Put(path, "SELECT * FROM " + rules.name));
  rules.files.push_back(std::move(file));
  TRY_ASSIGN(auto copy, lakes.copies->Put(path, ByHand(rules, "SELECT * FROM " + rules.name)));
  lakes.copied[table].files.push_back(std::move(copy));
  return {};
}

Result<Lakes> Fill(double scale) {
  Lakes lakes{.tables = TpchTables()};
  TRY_ASSIGN(lakes.governed, SealedLake::Make());
  TRY_ASSIGN(lakes.copies, SealedLake::Make());
  for (const engine::TableSource& rules : lakes.tables) {
    engine::TableSource copy{.database = rules.database, .name = rules.name};
    for (const engine::ColumnSource& column : rules.columns) {
      if (std::ranges::find(rules.visible, column.name) != rules.visible.end()) copy.columns.push_back(column);
    }
    copy.visible = rules.visible;
    lakes.copied.push_back(std::move(copy));
  }
  const TpchData data(scale);
  auto& sample = engine::SampleData::Shared();
  TRY(sample.Prepare(data.SmallTables()));
  auto by_parts = [&](std::size_t table) { return lakes.tables[table].name == "lineitem" || lakes.tables[table].name == "orders"; };
  for (std::size_t table = 0; table < lakes.tables.size(); ++table) {
    if (!by_parts(table)) TRY(Keep(lakes, table, 0));
  }
  for (int part = 0; part < data.parts(); ++part) {
    TRY(sample.Prepare(data.OrdersOf(part)));
    for (std::size_t table = 0; table < lakes.tables.size(); ++table) {
      if (by_parts(table)) TRY(Keep(lakes, table, part));
    }
  }
  for (engine::TableSource& table : lakes.tables) {
    TRY(sample.Prepare({"DROP TABLE " + table.name}));
    lakes.governed->Add(table);
  }
  for (engine::TableSource& table : lakes.copied) lakes.copies->Add(table);
  return lakes;
}

// Views over the raw files, under the names of the queries.
Result<std::unique_ptr<engine::PlainEngine>> PlainViews(const Lakes& lakes) {
  auto open = [&lakes](const std::string& path) { return lakes.governed->OpenPath(path); };
  TRY_ASSIGN(auto plain, engine::PlainEngine::Start(kRaceThreads, kRaceMemoryBytes, open));
  for (const engine::TableSource& table : lakes.tables) {
    TRY(plain->AddTable("raw_" + table.name, lakes.governed->Paths(table.name + "/")));
    TRY(plain->Run(fmt::format("CREATE VIEW {} AS {}", table.name, ByHand(table, "SELECT * FROM raw_" + table.name))));
  }
  return plain;
}

}  // namespace

Result<Metrics> Tpch(const Options& options) {
  TRY_ASSIGN(Lakes lakes, Fill(options.scale));
  TRY_ASSIGN(auto plain, PlainViews(lakes));
  TRY_ASSIGN(GovernedEngine governed, GovernedEngine::Start(*lakes.governed, kRaceThreads));
  Metrics metrics{{"scale", options.scale}};
  std::vector<ScanQuery> queries;
  {
    TRY_ASSIGN(GovernedEngine copies, GovernedEngine::Start(*lakes.copies, kRaceThreads));
    std::size_t rows = 0;
    for (const TpchQuery& query : TpchQueries()) {
      TRY_ASSIGN(auto shown, governed.Run(query.sql));
      TRY_ASSIGN(auto copied, copies.Run(query.sql));
      TRY_ASSIGN(auto by_hand, plain->Run(query.sql));
      if (!SameRows(shown, copied) || shown.size() != by_hand.size()) {
        return Fail(ErrorCode::kInternal, fmt::format("{}: governed, copied and plain answers differ ({}, {}, {} rows)", query.name,
                                                      shown.size(), copied.size(), by_hand.size()));
      }
      rows += shown.size();
      queries.push_back({query.name, query.sql, query.sql});
    }
    if (rows < 2 * TpchQueries().size()) return Fail(ErrorCode::kInternal, "the answers are empty: the data asks nothing");
    metrics.emplace_back("answers_equal", static_cast<double>(queries.size()));
    metrics.emplace_back("answer_rows", static_cast<double>(rows));
  }
  if (options.rounds == 0) return metrics;
  TRY(RaceAll(*plain, governed, queries, options, &metrics));
  return metrics;
}

}  // namespace hanse::bench
