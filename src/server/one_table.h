#pragma once
#include "engine/query_job.h"
#include "query/world.h"

namespace hanse::server {

// The tables of a query that knows one, which was opened beforehand. One thread; what it refers to outlives it.
class OneTable final : public engine::TableResolver {
 public:
  OneTable(query::QueryTables& tables, engine::TableSource source) : tables_(tables), source_(std::move(source)) {}
  Result<engine::TableSource> Resolve(std::string_view, std::string_view) override { return source_; }
  Result<engine::OpenObject> Open(std::uint64_t object) override { return tables_.Open(object); }
  Result<std::vector<std::uint64_t>> Locate(std::uint64_t metadata, const std::vector<std::string>& places) override {
    return tables_.Locate(metadata, places);
  }
  Result<int> ReadRows(std::uint64_t object, const std::vector<std::string>& columns) override {
    return tables_.ReadRows(object, columns);
  }
  Result<std::vector<engine::ListedTable>> List() override { return std::vector<engine::ListedTable>(); }

 private:
  query::QueryTables& tables_;
  engine::TableSource source_;
};

}  // namespace hanse::server
