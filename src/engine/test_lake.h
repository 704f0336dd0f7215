#pragma once
#include <duckdb.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/random.h"
#include "crypto/chunked.h"
#include "engine/worker_pool.h"

// For the tests of this folder: files made by plain DuckDB (its C interface), sealed as the object store seals them, tables over
// them, and a real worker process to ask.
namespace hanse::engine {

// Sealed objects in a temporary directory.
class TestObjects {
 public:
  TestObjects() {
    static std::atomic<int> number{0};
    directory_ =
        std::filesystem::temp_directory_path() / ("hanse-engine-" + std::to_string(getpid()) + "-" + std::to_string(++number));
    std::filesystem::create_directories(directory_);
    duckdb_open(nullptr, &database_);
    duckdb_connect(database_, &connection_);
  }
  ~TestObjects() {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
    std::filesystem::remove_all(directory_);
  }

  // A Parquet file of the rows of `sql`; `options` as of COPY.
  FileSource Parquet(const std::string& sql, const std::string& options = "") {
    std::string path = directory_ / "plain.parquet";
    std::string copy = "COPY (" + sql + ") TO '" + path + "' (FORMAT parquet" + options + ")";
    duckdb_result result;
    if (duckdb_query(connection_, copy.c_str(), &result) != DuckDBSuccess) ADD_FAILURE() << duckdb_result_error(&result);
    duckdb_destroy_result(&result);
    std::stringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return Put(bytes.str());
  }

  FileSource Put(const std::string& bytes) {
    std::uint64_t object = ++last_;
    crypto::Key key = crypto::Key::Draw(random_);
    int fd = open(Path(object).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    crypto::ChunkedWriter writer(fd, key, random_);
    EXPECT_TRUE(writer.Append(bytes) && writer.Finish());
    close(fd);
    keys_.emplace(object, key);
    FileSource file;
    file.object = object;
    file.bytes = bytes.size();
    return file;
  }

  Result<OpenObject> Open(std::uint64_t object) {
    auto key = keys_.find(object);
    if (key == keys_.end()) return Fail(ErrorCode::kNotFound, "no such object");
    return OpenObject{open(Path(object).c_str(), O_RDONLY | O_CLOEXEC), key->second};
  }

 private:
  std::string Path(std::uint64_t object) const { return directory_ / std::to_string(object); }
  std::filesystem::path directory_;
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
  SystemRandom random_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, crypto::Key> keys_;
};

// What one caller may see.
class TestTables final : public TableResolver {
 public:
  explicit TestTables(TestObjects& objects) : objects_(objects) {}
  TableSource& Add(TableSource table) { return tables_[table.database + "." + table.name] = std::move(table); }
  TableSource& operator[](const std::string& name) { return tables_[name]; }

  Result<TableSource> Resolve(std::string_view database, std::string_view table) override {
    std::string name = std::string(database) + "." + std::string(table);
    if (refusal) return std::unexpected(*refusal);
    auto found = tables_.find(name);
    if (found == tables_.end())
      return Fail(ErrorCode::kNotFound, "TABLE_NOT_FOUND: Table 'awsdatacatalog." + name + "' does not exist");
    for (const FileSource& file : found->second.files) shown_.insert(file.object);
    return found->second;
  }
  // What the definer of view `view` sees; a view names what stands here.
  TableSource& AddBeneath(std::uint64_t view, TableSource table) {
    return beneath_[std::to_string(view) + "/" + table.database + "." + table.name] = std::move(table);
  }
  Result<TableSource> ResolveBeneath(std::uint64_t view, std::string_view database, std::string_view table) override {
    const std::string name = std::to_string(view) + "/" + std::string(database) + "." + std::string(table);
    asked_beneath.push_back(name);
    auto found = beneath_.find(name);
    if (found == beneath_.end()) return Fail(ErrorCode::kNotFound, "TABLE_NOT_FOUND: " + name + " is secret");
    for (const FileSource& file : found->second.files) shown_.insert(file.object);
    return found->second;
  }
  // Leaves out the files whose partition is another than a condition of equality says.
  Result<TableSource> ResolveWhere(std::string_view database, std::string_view table, const ColumnConditions& conditions) override {
    TRY_ASSIGN(TableSource source, Resolve(database, table));
    std::string words = source.name + ":";
    for (const ColumnCondition& condition : conditions) {
      words += fmt::format(" {} {}{} {}", condition.column, "=<{>}i"[static_cast<int>(condition.test)],
                           "tnd"[static_cast<int>(condition.kind)], fmt::join(condition.literals, ","));
      for (std::size_t key = 0; key < source.keys.size(); ++key) {
        if (source.keys[key].name != condition.column || condition.test != ColumnCondition::Test::kEqual) continue;
        std::erase_if(source.files, [&](const FileSource& file) { return file.partition[key] != condition.literals[0]; });
      }
    }
    asked.push_back(std::move(words));
    return source;
  }
  Result<OpenObject> Open(std::uint64_t object) override {
    opened.push_back(object);
    if (!shown_.contains(object)) return Fail(ErrorCode::kAccessDenied, "not an object of this query");
    return objects_.Open(object);
  }
  Result<std::vector<ListedTable>> List() override {
    std::vector<ListedTable> listed;
    for (const auto& [name, table] : tables_) {
      std::vector<ColumnSource> columns;
      for (const ColumnSource& column : table.columns) {
        if (std::find(table.visible.begin(), table.visible.end(), column.name) != table.visible.end()) columns.push_back(column);
      }
      listed.push_back({table.database, table.name, "BASE TABLE", columns});
    }
    return listed;
  }
  std::vector<std::uint64_t> opened;
  std::vector<std::string> asked_beneath;
  std::vector<std::string> asked;  // Tables with their conditions: "daily: n =n 1" (test and kind by a letter each).

  std::optional<Error> refusal;  // What every table is answered with.

 private:
  TestObjects& objects_;
  std::map<std::string, TableSource> tables_, beneath_;
  std::set<std::uint64_t> shown_;
};

// shop.orders: five rows; the file spells its columns otherwise than the catalog.
inline TableSource OrdersTable(TestObjects& objects) {
  TableSource orders;
  orders.database = "shop";
  orders.name = "orders";
  orders.columns = {{"id", "bigint"}, {"country", "string"}, {"amount", "double"}, {"card", "string"}};
  orders.visible = {"id", "country", "amount", "card"};
  orders.files = {objects.Parquet(
      "SELECT * FROM (VALUES (1::BIGINT, 'Germany', 10.5::DOUBLE, '4000-1'), (2, 'France', 20.0, '4000-2'), "
      "(3, 'Germany', 30.25, '4000-3'), (4, 'EIRE', NULL, 'x'), (5, NULL, 50.0, 'y')) t(Id, Country, Amount, Card)")};
  return orders;
}

struct TestAnswer final : ResultSink {
  QueryOutcome outcome;
  std::vector<ResultColumn> columns;
  std::vector<ResultRow> rows;
  Result<void> Columns(const std::vector<ResultColumn>& described) override {
    columns = described;
    return {};
  }
  Result<void> Rows(std::vector<ResultRow> more) override {
    for (ResultRow& row : more) rows.push_back(std::move(row));
    return {};
  }
  // "a|b\nc|NULL\n", or the error's message.
  std::string Text() const {
    if (outcome.state != QueryState::kSucceeded) return outcome.message;
    std::string text;
    for (const ResultRow& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) text += (i ? "|" : "") + row[i].value_or("NULL");
      text += "\n";
    }
    return text;
  }
};

inline WorkerPool::Options TestWorkers(std::size_t workers) {
  return {.command = {"/proc/self/exe", "worker", "--fd"}, .workers = workers, .workers_max = workers, .queries_max = 1'000'000};
}

// One pool for all tests of the program.
inline WorkerPool& TestPool() {
  static auto* pool = new WorkerPool(TestWorkers(2));
  return *pool;
}

inline TestAnswer AskOf(WorkerPool& pool, TestTables& tables, const QueryJob& job) {
  TestAnswer answer;
  answer.outcome = pool.Run(job, tables, answer, {});
  return answer;
}

inline TestAnswer Ask(TestTables& tables, const std::string& sql, std::vector<std::string> parameters = {}, Limits limits = {},
                      const std::string& database = "shop") {
  return AskOf(TestPool(), tables, {"test", sql, database, std::move(parameters), limits});
}

}  // namespace hanse::engine
