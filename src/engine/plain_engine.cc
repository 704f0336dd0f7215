#include "engine/plain_engine.h"

#include <fmt/format.h>

#include "base/text.h"
#include "duckdb.hpp"
#include "duckdb/common/virtual_file_system.hpp"
#include "engine/codec.h"
#include "engine/render.h"
#include "engine/sealed_files.h"

namespace hanse::engine {

namespace {

constexpr std::string_view kPlainScheme = "sealed://";

class NamedFiles final : public SealedFiles {
 public:
  explicit NamedFiles(PlainEngine::Opener open) : open_(std::move(open)) {}
  std::string GetName() const override { return "sealed objects"; }
  bool CanHandleFile(const std::string& path) override { return path.starts_with(kPlainScheme); }
  duckdb::unique_ptr<duckdb::FileHandle> OpenFile(const std::string& path, duckdb::FileOpenFlags flags,
                                                  duckdb::optional_ptr<duckdb::FileOpener>) override {
    auto open = open_(path.substr(kPlainScheme.size()));
    if (!open) throw duckdb::IOException("%s", open.error().message);
    return duckdb::make_uniq<SealedHandle>(*this, path, flags, SealedObject::Open(*std::move(open)));
  }

 private:
  PlainEngine::Opener open_;
};

}  // namespace

struct PlainEngine::Parts {
  std::unique_ptr<duckdb::DuckDB> database;
  std::unique_ptr<duckdb::Connection> connection;
};

PlainEngine::PlainEngine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PlainEngine::~PlainEngine() = default;

Result<std::unique_ptr<PlainEngine>> PlainEngine::Start(std::uint32_t threads, std::uint64_t memory_bytes, Opener open) {
  try {
    duckdb::DBConfig config;
    config.options.maximum_threads = threads;
    config.options.maximum_memory = memory_bytes;
    auto parts = std::make_unique<Parts>();
    parts->database = std::make_unique<duckdb::DuckDB>(nullptr, &config);
    parts->database->GetFileSystem().RegisterSubSystem(duckdb::make_uniq<NamedFiles>(std::move(open)));
    parts->connection = std::make_unique<duckdb::Connection>(*parts->database);
    std::unique_ptr<PlainEngine> engine(new PlainEngine(std::move(parts)));
    for (const char* setting : {"TimeZone='UTC'", "enable_external_file_cache=false", "default_null_order='nulls_last'"}) {
      TRY(engine->Run(std::string("SET GLOBAL ") + setting));
    }
    return engine;
  } catch (const std::exception& error) {
    return Fail(ErrorCode::kInternal, duckdb::ErrorData(error).RawMessage());
  }
}

Result<void> PlainEngine::AddTable(const std::string& name, const std::vector<std::string>& paths) {
  std::vector<std::string> quoted;
  for (const std::string& path : paths) quoted.push_back(fmt::format("'{}{}'", kPlainScheme, path));
  TRY(Run(fmt::format("CREATE OR REPLACE VIEW {} AS SELECT * FROM read_parquet([{}], hive_partitioning = true)", name,
                      Join(quoted, ", "))));
  return {};
}

Result<std::vector<ResultRow>> PlainEngine::Run(const std::string& sql) {
  try {
    auto result = parts_->connection->SendQuery(sql);
    if (result->HasError()) result->ThrowError();
    std::string bytes;
    while (auto chunk = result->Fetch()) {
      if (chunk->size() == 0) break;
      EncodeChunk(*chunk, bytes);
    }
    if (result->HasError()) result->ThrowError();
    return DecodeRows(bytes, result->names.size());
  } catch (const std::exception& error) {
    return Fail(ErrorCode::kInternal, duckdb::ErrorData(error).RawMessage());
  }
}

}  // namespace hanse::engine
