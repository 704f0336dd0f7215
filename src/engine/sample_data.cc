#include "engine/sample_data.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <duckdb.h>
#include <fmt/format.h>

namespace hanse::engine {
namespace {

Result<void> Run(void* connection, const std::string& sql) {
  duckdb_result result;
  bool failed = duckdb_query(static_cast<duckdb_connection>(connection), sql.c_str(), &result) == DuckDBError;
  std::string why = failed ? duckdb_result_error(&result) : "";
  duckdb_destroy_result(&result);
  if (failed) return Fail(ErrorCode::kInternal, "sample data: " + why);
  return {};
}

}  // namespace

SampleData& SampleData::Shared() {
  static SampleData shared;
  return shared;
}

SampleData::SampleData() {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  if (duckdb_open(nullptr, &database) == DuckDBSuccess) duckdb_connect(database, &connection);
  database_ = database;
  connection_ = connection;
}

SampleData::~SampleData() {
  auto connection = static_cast<duckdb_connection>(connection_);
  auto database = static_cast<duckdb_database>(database_);
  if (connection != nullptr) duckdb_disconnect(&connection);
  if (database != nullptr) duckdb_close(&database);
}

Result<void> SampleData::Prepare(const std::vector<std::string>& statements) {
  std::lock_guard lock(mutex_);
  for (const std::string& statement : statements) TRY(Run(connection_, statement));
  return {};
}

Result<std::string> SampleData::Parquet(const std::string& select) {
  std::lock_guard lock(mutex_);
  // COPY writes to a path; a file of our own in the temporary folder is read back and removed at once.
  const char* folder = std::getenv("TMPDIR");
  std::string path = fmt::format("{}/hanse-sample-{}-{}.parquet", folder == nullptr ? "/tmp" : folder, getpid(), fmt::ptr(this));
  auto copied = Run(connection_, fmt::format("COPY ({}) TO '{}' (FORMAT parquet, COMPRESSION zstd)", select, path));
  std::ostringstream bytes;
  if (copied) bytes << std::ifstream(path, std::ios::binary).rdbuf();
  unlink(path.c_str());
  TRY(std::move(copied));
  return std::move(bytes).str();
}

}  // namespace hanse::engine
