#include "bench/lake_benches.h"
#include "bench/query_benches.h"
#include "bench/report.h"

namespace hanse::bench {

std::vector<Benchmark> All(const Options& options) {
  return {
      {"catalog", "GetTable over HTTP with SigV4 at 100,000 tables of 30 columns", Catalog},
      {"grants", "GrantPermissions and RevokePermissions, durable and in force", Grants},
      {"objects", "4 KiB objects over HTTP: durable PUT, GET, and nginx beside it", Objects},
      {"journal", "durable records a second, and what one adds to a request; one fsync a record beside it", Journal},
      {"story", "the demonstration's story, over the wire", Story},
      {"memory", "resident memory of the idle server and of each warm worker", Memory},
      {"decisions", "Lake Formation's decisions at 1M tables, 10k principals, 100k grants; the reference evaluator beside them",
       Decisions},
      {"list", "the tables that a principal may see, 16k of 1M", List},
      {"cold-start", "a server over 1M tables and 100,000 grants: its start, changes in force, pages of lists", LargeServer},
      {"partitions", "GetPartitions of a table with 10M partitions, by expressions that select 100",
       [options] { return Partitions(options); }},
      {"governed-scan", "governed and plain DuckDB over 17 million rows of real data; leaks",
       [options] { return GovernedScan(options); }},
      {"tpch", "TPC-H's 22 queries, governed by columns, rows and cells, beside plain DuckDB; answers of filtered copies",
       [options] { return Tpch(options); }},
      {"wide-scan", "ClickBench's kind of queries over 104 columns, governed beside plain DuckDB",
       [options] { return WideScan(options); }},
      {"queries", "Athena over the wire: SELECT 1, 50 callers at once beside 4, one row of 10,000 partitions", Queries},
      {"crawl", "a crawler over 12,000 small Parquet files", Crawl},
  };
}

}  // namespace hanse::bench
