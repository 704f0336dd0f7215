#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "doors/pgwire/copy.h"
#include "doors/pgwire/types.h"
#include "engine/query_job.h"

namespace hanse::pgwire {

// The memory of all answers that wait for their clients, of which no access key takes all. A worker never waits for a client, so an
// answer is held until it is taken. Any thread.
class AnswerRoom {
 public:
  static constexpr std::uint64_t kBytesMax = 1ull << 30;          // Of all.
  static constexpr std::uint64_t kKeyBytesMax = 512ull << 20;     // Of one access key.
  static constexpr std::uint64_t kAnswerBytesMax = 256ull << 20;  // Of one.
  bool Take(const std::string& access_key, std::uint64_t bytes);
  void GiveBack(const std::string& access_key, std::uint64_t bytes);

 private:
  std::mutex mutex_;
  std::uint64_t held_ = 0;
  std::map<std::string, std::uint64_t> of_key_;
};

// An answer as DataRow messages, or as CopyData of a COPY, as it came from the engine. One thread.
class Answer final : public engine::ResultSink {
 public:
  // `binary`: the formats of Bind; text where there are none.
  Answer(AnswerRoom& room, std::string access_key, std::vector<bool> binary, std::optional<Copy> copy = std::nullopt)
      : room_(room), access_key_(std::move(access_key)), binary_(std::move(binary)), copy_(std::move(copy)) {}
  ~Answer() override { room_.GiveBack(access_key_, taken_); }
  Answer(const Answer&) = delete;

  Result<void> Columns(const std::vector<engine::ResultColumn>& columns) override;
  Result<void> Rows(std::vector<engine::ResultRow> rows) override;

  // RowDescription, or NoData of an answer without columns; of a COPY CopyOutResponse and its header.
  void Describe(Writer& out) const;
  // The next rows, at most `rows_max` (0: all), and how many they are.
  std::string_view Next(std::uint64_t rows_max, std::uint64_t* rows);
  bool done() const { return at_ == bytes_.size(); }
  std::size_t columns() const { return columns_.size(); }
  std::uint64_t rows() const { return rows_; }

 private:
  Result<void> PutRow(Writer& out, const engine::ResultRow& row) const;
  Result<void> PutCopied(Writer& out, const engine::ResultRow& row) const;
  bool Binary(std::size_t column) const { return !binary_.empty() && binary_[binary_.size() == 1 ? 0 : column]; }

  AnswerRoom& room_;
  const std::string access_key_;
  std::vector<bool> binary_;
  const std::optional<Copy> copy_;
  std::vector<engine::ResultColumn> columns_;
  std::vector<ColumnType> types_;
  std::string bytes_;
  std::size_t at_ = 0;
  std::uint64_t taken_ = 0, rows_ = 0;
};

}  // namespace hanse::pgwire
