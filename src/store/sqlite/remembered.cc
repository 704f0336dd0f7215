#include "store/sqlite/remembered.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace hanse::store {
namespace {

constexpr std::int64_t kUnderWay = std::numeric_limits<std::int64_t>::max();

std::size_t BytesOf(const std::vector<Row>& rows) {
  std::size_t bytes = 0;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) bytes += sizeof(Value) + row.bytes(i);
  }
  return bytes;
}

}  // namespace

// Each parameter with its type and its length, so that no two lists of parameters read the same.
std::string Remembered::KeyOf(std::string_view sql, std::span<const Value> parameters) {
  std::string key(sql);
  for (const Value& value : parameters) {
    key += static_cast<char>(value.index());
    std::uint64_t head = 0;
    if (const auto* text = std::get_if<std::string>(&value)) head = text->size();
    if (const auto* number = std::get_if<std::int64_t>(&value)) std::memcpy(&head, number, sizeof head);
    if (const auto* real = std::get_if<double>(&value)) std::memcpy(&head, real, sizeof head);
    key.append(reinterpret_cast<const char*>(&head), sizeof head);
    if (const auto* text = std::get_if<std::string>(&value)) key += *text;
  }
  return key;
}

std::int64_t Remembered::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

bool Remembered::StillAt(std::int64_t moment) const {
  const std::lock_guard lock(mutex_);
  return now_ == moment && under_way_ == 0;
}

bool Remembered::Unchanged(const Tables& tables, std::int64_t since) const {
  return std::ranges::all_of(tables, [&](const std::string& table) {
    auto changed = changed_.find(table);
    return changed == changed_.end() || changed->second <= since;
  });
}

std::optional<std::vector<Row>> Remembered::Find(const std::string& key, const Tables& reads, std::int64_t moment) const {
  const std::lock_guard lock(mutex_);
  auto found = answers_.find(key);
  if (found == answers_.end() || !Unchanged(reads, std::min(moment, found->second.moment))) return std::nullopt;
  return found->second.rows;
}

bool Remembered::Holds(const Basis& basis) const {
  const std::lock_guard lock(mutex_);
  return basis.moment != 0 && Unchanged(basis.tables, basis.moment);
}

void Remembered::Keep(std::string key, const Tables& reads, std::int64_t moment, const std::vector<Row>& rows) {
  const std::size_t bytes = key.size() + BytesOf(rows) + sizeof(Answer);
  if (bytes > kAnswerBytesMax) return;
  const std::lock_guard lock(mutex_);
  if (!Unchanged(reads, moment)) return;
  if (bytes_ + bytes > kBytesMax) {
    answers_.clear();
    bytes_ = 0;
  }
  answers_.insert_or_assign(std::move(key), Answer{rows, moment});
  bytes_ += bytes;  // What an answer replaces is counted until all go.
}

void Remembered::ChangesBegin(const Tables& tables) {
  const std::lock_guard lock(mutex_);
  ++under_way_;
  for (const std::string& table : tables) changed_[table] = kUnderWay;
}

void Remembered::ChangesEnd(const Tables& tables) {
  const std::lock_guard lock(mutex_);
  ++now_;
  --under_way_;
  for (const std::string& table : tables) changed_[table] = now_;
}

}  // namespace hanse::store
