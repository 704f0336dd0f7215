#include "doors/pgwire/answer.h"

#include <fmt/format.h>

namespace hanse::pgwire {

bool AnswerRoom::Take(const std::string& access_key, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  std::uint64_t& of_key = of_key_[access_key];
  if (held_ + bytes > kBytesMax || of_key + bytes > kKeyBytesMax) return false;
  held_ += bytes;
  of_key += bytes;
  return true;
}

void AnswerRoom::GiveBack(const std::string& access_key, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  held_ -= bytes;
  auto of_key = of_key_.find(access_key);
  if (of_key != of_key_.end() && (of_key->second -= bytes) == 0) of_key_.erase(of_key);
}

Result<void> Answer::Columns(const std::vector<engine::ResultColumn>& columns) {
  columns_ = columns;
  types_.clear();
  for (engine::ResultColumn& column : columns_) {
    if (column.name.empty()) column.name = fmt::format("_col{}", types_.size());  // As the engine calls what has no name.
    types_.push_back(TypeOf(column));
  }
  if (binary_.size() > 1 && binary_.size() != columns_.size()) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("bind message has {} result formats but query has {} columns", binary_.size(), columns_.size()));
  }
  return {};
}

Result<void> Answer::PutRow(Writer& out, const engine::ResultRow& row) const {
  out.Begin('D');
  out.Int16(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!row[i]) {
      out.Int32(0xffffffff);
      continue;
    }
    TRY_ASSIGN(std::string value, ValueOf(types_[i], *row[i], Binary(i)));
    out.Int32(static_cast<std::uint32_t>(value.size()));
    out.Bytes(value);
  }
  out.End();
  return {};
}

Result<void> Answer::PutCopied(Writer& out, const engine::ResultRow& row) const {
  std::vector<std::optional<std::string>> values(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!row[i]) continue;
    TRY_ASSIGN(values[i], ValueOf(types_[i], *row[i], false));
  }
  out.Begin('d');
  out.Bytes(CopyLine(*copy_, values));
  out.End();
  return {};
}

Result<void> Answer::Rows(std::vector<engine::ResultRow> rows) {
  Writer out;
  for (const engine::ResultRow& row : rows) TRY(copy_ ? PutCopied(out, row) : PutRow(out, row));
  rows_ += rows.size();
  const std::string more = out.Take();
  if (bytes_.size() + more.size() > AnswerRoom::kAnswerBytesMax) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("EXCEEDED_ANSWER_LIMIT: the answer is larger than {} bytes: narrow the query, or UNLOAD it",
                            AnswerRoom::kAnswerBytesMax));
  }
  if (!room_.Take(access_key_, more.size())) {
    return Fail(ErrorCode::kThrottled, "EXCEEDED_ANSWER_LIMIT: too many answers wait for their clients: try again later");
  }
  taken_ += more.size();
  bytes_ += more;
  return {};
}

void Answer::Describe(Writer& out) const {
  if (copy_) {
    out.Begin('H');
    out.Byte(0);  // Text, as each of its columns.
    out.Int16(columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) out.Int16(0);
    out.End();
    if (!copy_->header) return;
    std::vector<std::string> names;
    for (const engine::ResultColumn& column : columns_) names.push_back(column.name);
    out.Begin('d');
    out.Bytes(CopyHeader(*copy_, names));
    return out.End();
  }
  if (columns_.empty()) return out.Empty('n');
  out.Begin('T');
  out.Int16(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    out.Text(columns_[i].name);
    out.Int32(0);  // Of no table,
    out.Int16(0);  // and none of its columns.
    out.Int32(types_[i].oid);
    out.Int16(static_cast<std::uint16_t>(types_[i].size));
    out.Int32(static_cast<std::uint32_t>(types_[i].modifier));
    out.Int16(Binary(i) ? 1 : 0);
  }
  out.End();
}

std::string_view Answer::Next(std::uint64_t rows_max, std::uint64_t* rows) {
  const std::size_t begin = at_;
  *rows = 0;
  while (at_ < bytes_.size() && (rows_max == 0 || *rows < rows_max)) {
    std::uint32_t size = 0;
    for (std::size_t i = 1; i <= 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes_[at_ + i]);
    at_ += 1 + size;
    ++*rows;
  }
  return std::string_view(bytes_).substr(begin, at_ - begin);
}

}  // namespace hanse::pgwire
