#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/key.h"
#include "engine/database_name.h"

// What a query asks of the engine and what the engine asks back: plain values and two interfaces. No DuckDB here.
// (design.md, section 6; spec/engine.md)
namespace hanse::engine {

// A column or partition key as the catalog has it.
struct ColumnSource {
  std::string name;
  std::string hive_type;  // "bigint", "array<struct<a:int>>"
};

enum class DataFormat : std::uint8_t { kParquet, kDelimitedText, kQuotedCsv, kJson, kAvro, kIceberg, kWarehouse, kOrc };

// One object that holds rows of a table.
struct FileSource {
  std::uint64_t object = 0;                           // The number that Open() is asked for; never 0.
  std::uint64_t bytes = 0;                            // Plaintext bytes.
  bool gzip = false;                                  // Text formats only.
  std::vector<std::optional<std::string>> partition;  // One value for each partition key; nothing is NULL.
  std::string version;                                // Which bytes these are: other bytes, another text. No worker sees it.
};

// When a cell of a column is shown; elsewhere it is NULL.
struct CellMask {
  std::string column;
  std::string condition;  // Of the grammar of lakeformation.md 4.2.
};

// A table as one caller may see it: what the server's gate decided for this query.
struct TableSource {
  std::string database, name;  // As the engine asked for them (DatabaseName)
  DataFormat format = DataFormat::kParquet;
  std::map<std::string, std::string> serde;  // SerDe parameters and table parameters that say how text is read.
  std::vector<ColumnSource> columns;         // All of the data, hidden ones too: filters may name them.
  std::vector<ColumnSource> keys;            // Partition keys; they stand after the columns.
  std::vector<FileSource>
      files;  // Of kIceberg: its metadata file; the others are asked for by Locate(). Of kWarehouse: one, asked for by ReadRows().
  std::vector<std::string> visible;  // Names of columns and keys that the caller sees. Empty: nobody sees anything.
  std::string row_filter;            // Of the grammar of lakeformation.md 4.2; empty: every row.
  std::vector<CellMask> masks;
  std::string view_sql;  // Not empty: a view of this text, bound with the caller's own rights; `columns` and `visible` count too.
  std::string view_database;  // Of unqualified names in it.
  // Of a view that is read with its definer's rights: what its tables are asked for by (ResolveBeneath). 0: none such.
  std::uint64_t definer_view = 0;

  std::string shown() const { return DatabaseName::Of(database).Shown() + "." + name; }
};

// An object's bytes as they lie on disk. The reader owns `fd` and closes it.
struct OpenObject {
  int fd = -1;
  crypto::Key key;
};

// A table or column for information_schema, as the caller may see it.
struct ListedTable {
  std::string database, name, type;   // "BASE TABLE" or "VIEW"; no name: the database itself.
  std::vector<ColumnSource> columns;  // Visible ones, keys last.
};

// What every row of a table must fulfil to count in a query: a column compared with literals of one kind, as the SQL has it, known
// before anything of the table is. `kIn` has any number of literals, the others one.
struct ColumnCondition {
  enum class Test : std::uint8_t { kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kIn };
  enum class Kind : std::uint8_t { kText, kInteger, kDate };
  std::string column;
  Test test = Test::kEqual;
  Kind kind = Kind::kText;
  std::vector<std::string> literals;
  bool operator==(const ColumnCondition&) const = default;
};
using ColumnConditions = std::vector<ColumnCondition>;

// Asked by a running query; query/ implements it over the gate. Called on the thread that runs Run(), one call at a time.
class TableResolver {
 public:
  virtual ~TableResolver() = default;
  // kNotFound with the very text that the caller is to read, where it is missing or hidden.
  virtual Result<TableSource> Resolve(std::string_view database, std::string_view table) = 0;
  // The same; files of which no row can fulfil all conditions may be left out. Whoever scans what is left asks each row again.
  virtual Result<TableSource> ResolveWhere(std::string_view database, std::string_view table, const ColumnConditions& conditions);
  // A table that a view of this query stands on, as the view's definer sees it; `view` is a TableSource::definer_view. kNotFound
  // where there is no such view, or it does not name the table.
  virtual Result<TableSource> ResolveBeneath(std::uint64_t view, std::string_view database, std::string_view table);
  virtual Result<OpenObject> Open(std::uint64_t object) = 0;
  // The objects at `places` ("s3://…"), which the Iceberg table names whose metadata file is `metadata`; one number each, whether
  // or not there is one and the caller may read it: that is told by Open(). kUnsupported where no table is of Iceberg.
  virtual Result<std::vector<std::uint64_t>> Locate(std::uint64_t metadata, const std::vector<std::string>& places);
  // The named columns of the table in a warehouse whose one file is `object`, all rows: the worker's end of a stream
  // (row_stream.h), which the caller closes. kUnsupported where no table lies in a warehouse.
  virtual Result<int> ReadRows(std::uint64_t object, const std::vector<std::string>& columns);
  virtual Result<std::vector<ListedTable>> List() = 0;
};

// How Athena describes a column of an answer.
struct ResultColumn {
  std::string name;
  std::string type;  // "varchar", "bigint", "timestamp", "row" …
  int precision = 0, scale = 0;
};
// How the rows of a query become files instead of an answer: CREATE TABLE AS, INSERT, UNLOAD.
struct OutputPlan {
  DataFormat format = DataFormat::kParquet;
  std::string compression;                   // "gzip", "snappy", "zstd", "none" …; of text "gzip" or "none".
  std::map<std::string, std::string> serde;  // How text is written: the parameters that it is read by.
  std::vector<ColumnSource> columns;         // Of the table that is inserted into, keys last. Empty: the query's own columns.
  std::vector<std::string> filled;           // Those of `columns` that the query's columns fill, in its order; the others are NULL.
  std::vector<std::string> keys;             // Partition keys: the last of the columns. A file holds one value of each.
  bool no_rows = false;                      // WITH NO DATA: the columns are told, nothing is read.
};

using Cell = std::optional<std::string>;  // Nothing is NULL.
using ResultRow = std::vector<Cell>;

// Takes an answer as it comes, on the thread that runs Run(). An error ends the query with that error. Of a job with an OutputPlan
// it takes the files instead, several under way at once; who does not expect any refuses them.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  virtual Result<void> Columns(const std::vector<ResultColumn>& columns) = 0;
  virtual Result<void> Rows(std::vector<ResultRow> rows) = 0;

  virtual Result<void> OutputColumns(std::vector<ColumnSource> columns);  // Before any file; keys last.
  // `values`: of the partition keys, as Hive writes them. Numbers are drawn by the worker and never used again.
  virtual Result<void> FileBegins(std::uint64_t file, std::vector<std::string> values);
  virtual Result<void> FileBytes(std::uint64_t file, std::string_view bytes);
  virtual Result<void> FileEnds(std::uint64_t file);
};

struct Limits {
  std::uint64_t memory_bytes = 512ull << 20;
  std::uint32_t threads = 2;
  std::uint64_t time_ms = 30 * 60 * 1000;
  std::uint64_t scanned_bytes_max = 0;  // 0: none.
  std::uint64_t written_bytes_max = 64ull << 30;
  std::uint64_t spilled_bytes_max = 32ull << 30;
};

// What is wanted of a query: its rows; its columns alone, each with its whole type and no name where it has none; or its plan, a
// row of text a line. kPgCatalog: the rows of a question about the catalog (pg_catalog.h), whose `session` says what the client's
// session is; kPgCatalogColumns: its columns, and nothing is run.
enum class JobKind : std::uint8_t { kRun, kDescribe, kExplain, kPgCatalog, kPgCatalogColumns };

struct QueryJob {
  std::string id;
  std::string sql;
  std::string database;                 // Of unqualified names; may be empty.
  std::vector<std::string> parameters;  // SQL literals for '?' in order.
  Limits limits;
  JobKind kind = JobKind::kRun;
  std::optional<OutputPlan> output;            // Nothing: the rows are the answer.
  std::map<std::string, std::string> session;  // Of kPgCatalog: settings by name.
  std::vector<DataCatalog> catalogs;           // That the statement may name besides kCatalog.
  std::string catalog;                         // Of names without one; empty: kCatalog.
};

// Athena's AthenaError.ErrorCategory.
enum class ErrorCategory : std::uint8_t { kSystem = 1, kUser = 2, kOther = 3 };
enum class QueryState : std::uint8_t { kSucceeded, kFailed, kCancelled };

struct QueryOutcome {
  QueryState state = QueryState::kFailed;
  ErrorCategory category = ErrorCategory::kSystem;
  std::string type;     // "COLUMN_NOT_FOUND"; empty where it succeeded.
  std::string message;  // For the caller: "COLUMN_NOT_FOUND: line 1:8: Column …"; names nothing that is hidden from him.
  std::uint64_t scanned_bytes = 0;  // lakeformation.md 8.4: each range once.
  std::uint64_t rows = 0;           // Rows of the answer.
  std::uint64_t planning_ms = 0;
};

// Runs one query after another for each thread that calls it. WorkerPool is the real one. Any thread.
class QueryEngine {
 public:
  virtual ~QueryEngine() = default;
  virtual QueryOutcome Run(const QueryJob& job, TableResolver& tables, ResultSink& sink, std::stop_token stop) = 0;
};

}  // namespace hanse::engine
