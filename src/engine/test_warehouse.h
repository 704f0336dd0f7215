#pragma once
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "engine/row_stream.h"
#include "engine/test_copy.h"
#include "engine/test_lake.h"

namespace hanse::engine {

inline constexpr std::uint64_t kWarehouseObject = 1ull << 40;

// For the tests of this folder: one table in a warehouse, `source`, whose rows a thread sends; other tables lie in files.
class WarehouseTables final : public TableResolver {
 public:
  explicit WarehouseTables(TestTables& files) : files_(files) {}
  ~WarehouseTables() override { stop_.request_stop(); }

  Result<TableSource> Resolve(std::string_view database, std::string_view table) override {
    if (table == source.name) return source;
    return files_.Resolve(database, table);
  }
  Result<OpenObject> Open(std::uint64_t object) override { return files_.Open(object); }
  Result<std::vector<ListedTable>> List() override { return files_.List(); }
  Result<int> ReadRows(std::uint64_t object, const std::vector<std::string>& columns) override {
    if (object != kWarehouseObject) return Fail(ErrorCode::kNotFound, "no such table");
    asked.push_back(columns);
    TRY_ASSIGN(auto ends, RowStreamWriter::Open(stop_.get_token()));
    std::vector<unsigned> types;
    std::vector<std::vector<CopyField>> sent(rows);
    for (const std::string& name : columns) {
      types.push_back(data.at(name).type);
      for (std::size_t i = 0; i < rows; ++i) sent[i].push_back(data.at(name).fields[i]);
    }
    std::string stream = CopyStream(sent);
    if (cut > 0) stream.resize(std::min(cut, stream.size()));
    senders_.emplace_back([writer = std::move(ends.first), types, stream, how = how]() mutable {
      if (!writer.Types(types)) return;
      for (std::size_t at = 0; at < stream.size(); at += 100) {
        if (!writer.Bytes(std::string_view(stream).substr(at, 100))) return;
      }
      writer.Ended(how);
    });
    return ends.second;
  }

  TestAnswer Run(const std::string& sql, Limits limits = {}) {
    TestAnswer answer;
    answer.outcome = TestPool().Run({"test", sql, "shop", {}, limits}, *this, answer, {});
    senders_.clear();  // None has anything left to send.
    return answer;
  }

  TableSource source;
  CopyTable data;
  std::size_t rows = 0, cut = 0;
  Result<void> how;
  std::vector<std::vector<std::string>> asked;

 private:
  TestTables& files_;
  std::stop_source stop_;
  std::vector<std::jthread> senders_;
};

}  // namespace hanse::engine
