// A wide table of web hits (104 columns, of the shape of ClickBench's) and its typical queries: governed, with hidden columns, a
// row filter and a masked cell, beside plain DuckDB over a view that says the same by hand. Every governed answer is that of a copy
// that holds only what the rules show.
#include <algorithm>

#include <fmt/format.h>

#include "bench/query_benches.h"
#include "bench/race.h"
#include "engine/sample_data.h"

namespace hanse::bench {
namespace {

constexpr int kFilling = 84, kHitParts = 8;
constexpr std::int64_t kHitsAtScaleOne = 4'000'000;

// Name, Hive type, how it is made of the row's number i.
struct HitColumn {
  std::string name, type, made;
};

std::vector<HitColumn> HitColumns() {
  std::vector<HitColumn> columns = {
      {"watchid", "bigint", "(hash(i, 1) >> 2)::BIGINT"},
      {"javaenable", "int", "(hash(i, 2) % 2)::INT"},
      {"title", "string", "'Page ' || (hash(i, 3) % 9000) || ' of ' || (hash(i, 4) % 40)"},
      {"eventtime", "timestamp", "TIMESTAMP '2013-07-01' + (hash(i, 5) % 2678400)::INT * INTERVAL 1 SECOND"},
      {"eventdate", "date", "DATE '2013-07-01' + ((hash(i, 5) % 2678400) // 86400)::INT"},
      {"counterid", "int", "(hash(i, 6) % 100)::INT"},
      {"clientip", "bigint", "(hash(i // 7, 7) % 4000000)::BIGINT"},
      {"regionid", "int", "(hash(i, 8) % 8000)::INT"},
      {"userid", "bigint", "(hash(i // 9, 9) % 400000)::BIGINT"},
      {"url", "string",
       "'http://site' || (hash(i, 10) % 300) || '.example/' || (hash(i, 11) % 20000) || CASE WHEN hash(i, 12) % 400 = 0 THEN "
       "'/google' "
       "ELSE '' END"},
      {"referer", "string",
       "CASE WHEN hash(i, 13) % 3 = 0 THEN '' ELSE 'https://www.from' || (hash(i, 14) % 2000) || '.example/' END"},
      {"isrefresh", "int", "(hash(i, 15) % 10 = 0)::INT"},
      {"resolutionwidth", "int", "(320 + hash(i, 16) % 2240)::INT"},
      {"advengineid", "int", "CASE WHEN hash(i, 17) % 50 = 0 THEN (1 + hash(i, 18) % 18)::INT ELSE 0 END"},
      {"searchphrase", "string", "CASE WHEN hash(i, 19) % 8 = 0 THEN 'words ' || (hash(i, 20) % 60000) ELSE '' END"},
      {"searchengineid", "int", "(hash(i, 21) % 30)::INT"},
      {"mobilephonemodel", "string", "CASE WHEN hash(i, 22) % 12 = 0 THEN 'model ' || (hash(i, 23) % 150) ELSE '' END"},
      {"mobilephone", "int", "(hash(i, 24) % 20)::INT"},
      {"traficsourceid", "int", "(hash(i, 25) % 11)::INT - 1"},
      {"dontcounthits", "int", "(hash(i, 26) % 5 = 0)::INT"}};
  for (int c = 0; c < kFilling; ++c) {
    columns.push_back(
        {fmt::format("f{}", c), c % 4 ? "int" : "string",
         c % 4 ? fmt::format("(hash(i, {}) % 1000)::INT", 100 + c) : fmt::format("'v' || (hash(i, {}) % 50)", 100 + c)});
  }
  return columns;
}

engine::TableSource Hits(const std::vector<HitColumn>& columns) {
  engine::TableSource hits{.database = "shop", .name = "hits"};
  for (const HitColumn& column : columns) {
    hits.columns.push_back({column.name, column.type});
    if (column.name != "f80" && column.name != "f81") hits.visible.push_back(column.name);
  }
  hits.row_filter = "counterid < 90 AND f81 <> 7";
  hits.masks = {{"clientip", "javaenable = 1"}};
  return hits;
}

std::vector<ScanQuery> WideQueries() {
  const std::string count = "SELECT count(*) FROM hits", sums = [] {
    std::string all;
    for (int i = 0; i < 40; ++i) all += fmt::format("{}sum(resolutionwidth + {})", i == 0 ? "" : ", ", i);
    return all;
  }();
  std::vector<std::pair<std::string, std::string>> queries = {
      {"count", count},
      {"count_where", count + " WHERE advengineid <> 0"},
      {"sums", "SELECT sum(advengineid), count(*), avg(resolutionwidth) FROM hits"},
      {"average", "SELECT avg(CAST(userid AS double)) FROM hits"},
      {"distinct_users", "SELECT count(DISTINCT userid) FROM hits"},
      {"distinct_phrases", "SELECT count(DISTINCT searchphrase) FROM hits"},
      {"min_max_date", "SELECT min(eventdate), max(eventdate) FROM hits"},
      {"few_groups", "SELECT advengineid, count(*) FROM hits WHERE advengineid <> 0 GROUP BY advengineid ORDER BY 2 DESC, 1"},
      {"regions", "SELECT regionid, count(DISTINCT userid) AS u FROM hits GROUP BY regionid ORDER BY u DESC, regionid LIMIT 10"},
      {"phones",
       "SELECT mobilephonemodel, count(DISTINCT userid) AS u FROM hits WHERE mobilephonemodel <> '' GROUP BY "
       "mobilephonemodel ORDER BY u DESC, mobilephonemodel LIMIT 10"},
      {"phrases",
       "SELECT searchphrase, count(*) AS c FROM hits WHERE searchphrase <> '' GROUP BY searchphrase ORDER BY c DESC, "
       "searchphrase LIMIT 10"},
      {"users", "SELECT userid, count(*) AS c FROM hits GROUP BY userid ORDER BY c DESC, userid LIMIT 10"},
      {"user_minute_phrase",
       "SELECT userid, extract(minute FROM eventtime) AS m, searchphrase, count(*) AS c FROM hits GROUP BY 1, 2, 3 ORDER BY c "
       "DESC, "
       "userid, m, searchphrase LIMIT 10"},
      {"one_user", "SELECT userid FROM hits WHERE userid = 123456"},
      {"like", count + " WHERE url LIKE '%google%'"},
      {"like_group",
       "SELECT searchphrase, min(url), count(*) AS c FROM hits WHERE url LIKE '%google%' AND searchphrase <> '' GROUP BY "
       "searchphrase ORDER BY c DESC, searchphrase LIMIT 10"},
      {"all_columns_top", "SELECT * FROM hits WHERE url LIKE '%google%' ORDER BY eventtime, watchid LIMIT 10"},
      {"referers",
       "SELECT regexp_replace(referer, '^https?://(?:www\\.)?([^/]+)/.*$', 'x') AS k, avg(length(referer)) AS l, count(*) AS c "
       "FROM hits WHERE referer <> '' GROUP BY 1 ORDER BY c DESC, k LIMIT 25"},
      {"forty_sums", "SELECT " + sums + " FROM hits"},
      {"addresses",
       "SELECT watchid, clientip, count(*) AS c, sum(isrefresh), avg(resolutionwidth) FROM hits WHERE searchphrase <> '' "
       "GROUP BY watchid, clientip ORDER BY c DESC, watchid LIMIT 10"},
      {"urls", "SELECT url, count(*) AS c FROM hits GROUP BY url ORDER BY c DESC, url LIMIT 10"},
      {"counter_dates",
       "SELECT title, count(*) AS v FROM hits WHERE counterid = 62 AND eventdate BETWEEN DATE '2013-07-01' AND DATE "
       "'2013-07-31' AND dontcounthits = 0 AND isrefresh = 0 AND title <> '' GROUP BY title ORDER BY v DESC, title "
       "LIMIT 10"},
      {"minutes",
       "SELECT date_trunc('minute', eventtime) AS m, count(*) FROM hits WHERE counterid = 62 AND eventdate BETWEEN DATE "
       "'2013-07-14' AND DATE '2013-07-15' GROUP BY 1 ORDER BY m LIMIT 10"}};
  std::vector<ScanQuery> all;
  for (auto& [name, sql] : queries) all.push_back({name, sql, sql});
  return all;
}

}  // namespace

Result<Metrics> WideScan(const Options& options) {
  const std::vector<HitColumn> columns = HitColumns();
  engine::TableSource hits = Hits(columns), copied = hits;
  std::erase_if(copied.columns,
                [&](const auto& column) { return std::ranges::find(hits.visible, column.name) == hits.visible.end(); });
  copied.row_filter.clear();
  copied.masks.clear();
  std::string made;
  for (const HitColumn& column : columns) made += fmt::format("{}{} AS {}", made.empty() ? "" : ", ", column.made, column.name);
  TRY_ASSIGN(auto lake, SealedLake::Make());
  TRY_ASSIGN(auto copies, SealedLake::Make());
  const auto rows = static_cast<std::int64_t>(static_cast<double>(kHitsAtScaleOne) * options.scale);
  auto& sample = engine::SampleData::Shared();
  for (int part = 0; part < kHitParts; ++part) {
    TRY(sample.Prepare({fmt::format("CREATE OR REPLACE TABLE hits AS SELECT {} FROM range({}, {}) t(i)", made,
                                    rows * part / kHitParts, rows * (part + 1) / kHitParts)}));
    const std::string path = fmt::format("hits/{}.parquet", part);
    TRY_ASSIGN(auto file, lake->Put(path, "SELECT * FROM hits"));
    hits.files.push_back(std::move(file));
    TRY_ASSIGN(auto copy, copies->Put(path, ByHand(hits, "SELECT * FROM hits")));
    copied.files.push_back(std::move(copy));
  }
  TRY(sample.Prepare({"DROP TABLE hits"}));
  lake->Add(hits);
  copies->Add(copied);
  auto open = [&lake](const std::string& path) { return lake->OpenPath(path); };
  TRY_ASSIGN(auto plain, engine::PlainEngine::Start(kRaceThreads, kRaceMemoryBytes, open));
  TRY(plain->AddTable("raw_hits", lake->Paths("hits/")));
  TRY(plain->Run("CREATE VIEW hits AS " + ByHand(hits, "SELECT * FROM raw_hits")));
  TRY_ASSIGN(GovernedEngine governed, GovernedEngine::Start(*lake, kRaceThreads));
  const std::vector<ScanQuery> queries = WideQueries();
  {
    TRY_ASSIGN(GovernedEngine of_copies, GovernedEngine::Start(*copies, kRaceThreads));
    for (const ScanQuery& query : queries) {
      TRY_ASSIGN(auto shown, governed.Run(query.governed));
      TRY_ASSIGN(auto copy, of_copies.Run(query.governed));
      TRY_ASSIGN(auto by_hand, plain->Run(query.plain));
      if (SameRows(shown, copy) && shown.size() == by_hand.size()) continue;
      return Fail(ErrorCode::kInternal, fmt::format("{}: governed, copied and plain answers differ ({}, {}, {} rows)", query.name,
                                                    shown.size(), copy.size(), by_hand.size()));
    }
  }
  Metrics metrics{{"rows", static_cast<double>(rows)},
                  {"columns", static_cast<double>(columns.size())},
                  {"answers_equal", static_cast<double>(queries.size())}};
  if (options.rounds > 0) TRY(RaceAll(*plain, governed, queries, options, &metrics));
  return metrics;
}

}  // namespace hanse::bench
