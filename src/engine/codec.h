#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/query_job.h"

// The bytes between server and worker: little-endian numbers and counted texts. Both ends are of one binary, so there are no
// versions; a worker is not trusted, so every read is checked and what does not parse ends the worker. Pure; any thread.
namespace hanse::engine {

class Encoder {
 public:
  void Number(std::uint64_t value);
  void Text(std::string_view text);
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// After a failed read every further one gives zeros and ok() stays false.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t Number();
  std::string Text();
  // A count of things that take at least a byte each.
  std::uint64_t Count();
  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::string Encode(const QueryJob& job);
std::string Encode(const TableSource& table);
std::string Encode(const std::vector<ListedTable>& tables);
std::string Encode(const QueryOutcome& outcome);
std::string Encode(const std::vector<ResultColumn>& columns);
Result<QueryJob> DecodeJob(std::string_view bytes);
Result<TableSource> DecodeTable(std::string_view bytes);
Result<std::vector<ListedTable>> DecodeListing(std::string_view bytes);
Result<QueryOutcome> DecodeOutcome(std::string_view bytes);
Result<std::vector<ResultColumn>> DecodeColumns(std::string_view bytes);
void Put(Encoder& out, const ColumnConditions& conditions);
// The rest of a message.
Result<ColumnConditions> DecodeConditions(Decoder& in);
std::string EncodeOutput(const std::vector<ColumnSource>& columns);
Result<std::vector<ColumnSource>> DecodeOutput(std::string_view bytes);
std::string EncodeFile(std::uint64_t file, const std::vector<std::string>& values);
Result<std::pair<std::uint64_t, std::vector<std::string>>> DecodeFile(std::string_view bytes);
std::string Encode(const std::vector<std::uint64_t>& numbers);
Result<std::vector<std::uint64_t>> DecodeNumbers(std::string_view bytes);
// Rows travel as one text: for each cell 0 (NULL) or 1 + length, then the bytes.
void EncodeCell(std::string& bytes, const std::string* cell);
Result<std::vector<ResultRow>> DecodeRows(std::string_view bytes, std::size_t columns);

}  // namespace hanse::engine
