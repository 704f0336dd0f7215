#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "query/execution.h"
#include "query/page.h"
#include "query/result_text.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

constexpr std::uint64_t kReadBytes = 1 << 20;  // Of the result file at once.

athena::Row RowOf(const engine::ResultRow& cells) {
  athena::Row row{.data = std::vector<athena::Datum>{}};
  for (const engine::Cell& cell : cells) row.data->push_back({.var_char_value = cell});
  return row;
}

// Lines of a .txt: fields are parted by tabs.
bool ReadLine(std::string_view text, std::size_t* at, engine::ResultRow* row) {
  std::size_t end = text.find('\n', *at);
  if (end == std::string_view::npos) return false;
  row->assign(1, std::string(text.substr(*at, end - *at)));
  *at = end + 1;
  return true;
}

// Reads records of a result file from a byte offset on, a piece at a time.
class ResultReader {
 public:
  ResultReader(World& world, const gate::Context& as, std::string path, std::uint64_t offset, std::uint64_t size)
      : world_(world), as_(as), path_(std::move(path)), offset_(offset), size_(size), csv_(path_.ends_with(".csv")) {}

  // False at the end of the file.
  Result<bool> Next(engine::ResultRow* row) {
    while (true) {
      if (csv_ ? ReadCsv(piece_, &at_, row) : ReadLine(piece_, &at_, row)) return true;
      if (offset_ + piece_.size() >= size_) return false;
      offset_ += at_;
      std::uint64_t want = std::max<std::uint64_t>(kReadBytes, (piece_.size() - at_) * 2);
      TRY_ASSIGN(piece_, world_.ReadObject(as_, path_, offset_, want));
      if (piece_.empty()) return Fail(ErrorCode::kUnavailable, "the result file is shorter than it was written");
      at_ = 0;
    }
  }
  std::uint64_t position() const { return offset_ + at_; }

 private:
  World& world_;
  const gate::Context& as_;
  std::string path_;
  std::uint64_t offset_, size_;
  bool csv_;
  std::string piece_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<gate::Need>> GetQueryResults::On(const gate::Context& context, store::Transaction& tx) const {
  return OnExecution(context, tx, kRule.name, *in.query_execution_id);
}

Result<GetQueryResults::Answer> Executions::Do(const gate::Authorized<GetQueryResults>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(auto execution, FindExecution(call.tx(), *in.query_execution_id));
  if (!execution || execution->account != call.caller().account) {
    return Invalid(fmt::format("QueryExecution {} was not found", *in.query_execution_id));
  }
  if (!execution->ended()) return Invalid(fmt::format("Query has not yet finished. Current state: {}", execution->state));
  if (execution->state != "SUCCEEDED") {
    return Invalid(fmt::format("Query did not finish successfully. Final query state: {}", execution->state));
  }
  if (!execution->definition.result_configuration) return Invalid("The rows of this query went to the client that asked for them.");
  TRY_ASSIGN(std::int64_t offset, Offset(in.next_token));
  auto file_bytes = static_cast<std::uint64_t>(execution->output_bytes);
  if (static_cast<std::uint64_t>(offset) > file_bytes) return Invalid("NextToken is none of this operation's.");
  gate::Context as = call.context();
  as.caller.invoked_by = "athena.amazonaws.com";
  // An answer without bytes is read all the same: the right to the file decides, not what is in it.
  const auto& manifest = execution->definition.statistics->data_manifest_location;
  const std::string& path = manifest ? *manifest : *execution->definition.result_configuration->output_location;
  if (file_bytes == 0) TRY(world_.ReadObject(as, path, 0, 1));
  ResultReader reader(world_, as, path, static_cast<std::uint64_t>(offset), file_bytes);
  athena::ResultSet set{.rows = std::vector<athena::Row>{},
                        .result_set_metadata = athena::ResultSetMetadata{.column_info = execution->columns}};
  std::int32_t size = in.max_results.value_or(1000);
  engine::ResultRow cells;
  while (static_cast<std::int32_t>(set.rows->size()) < size) {
    TRY_ASSIGN(bool more, reader.Next(&cells));
    if (!more) break;
    set.rows->push_back(RowOf(cells));
  }
  GetQueryResults::Answer answer{.update_count = manifest ? execution->output_rows : 0, .result_set = std::move(set)};
  if (reader.position() < file_bytes) answer.next_token = std::to_string(reader.position());
  return answer;
}

}  // namespace hanse::query
