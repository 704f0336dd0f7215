#include "query/grounds.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "query/tokens.h"

namespace hanse::query {
namespace {

// Parts with their lengths: no two lists of parts make the same text.
class Described {
 public:
  void Add(std::string_view part) { text_ += fmt::format("{}:{};", part.size(), part); }
  void Add(const std::vector<engine::ColumnSource>& columns) {
    for (const engine::ColumnSource& column : columns) {
      Add(column.name);
      Add(column.hive_type);
    }
    Add("|");
  }
  std::string Digest() const { return crypto::Sha256(text_); }

 private:
  std::string text_;
};

}  // namespace

void Grounds::Add(TableGround ground) {
  std::lock_guard lock(mutex_);
  tables_.push_back(std::move(ground));
}

void Grounds::NotRepeatable() {
  std::lock_guard lock(mutex_);
  repeatable_ = false;
}

std::vector<TableGround> Grounds::tables() const {
  std::lock_guard lock(mutex_);
  return tables_;
}

bool Grounds::repeatable() const {
  std::lock_guard lock(mutex_);
  return repeatable_;
}

TableGround GroundOf(const engine::TableSource& source) {
  Described text;
  text.Add(source.columns);
  text.Add(source.keys);
  for (const std::string& column : source.visible) text.Add(column);
  text.Add(source.row_filter);
  for (const engine::CellMask& mask : source.masks) {
    text.Add(mask.column);
    text.Add(mask.condition);
  }
  text.Add(source.view_sql);
  text.Add(source.view_database);
  TableGround ground{.database = source.database, .table = source.name, .rights = text.Digest(), .data = {}};
  text.Add(fmt::format("{}", static_cast<int>(source.format)));
  for (const auto& [name, value] : source.serde) {
    text.Add(name);
    text.Add(value);
  }
  for (const engine::FileSource& file : source.files) {
    text.Add(file.version);
    for (const auto& value : file.partition) text.Add(value ? "=" + *value : "");
  }
  ground.data = text.Digest();
  return ground;
}

Result<engine::TableSource> NotedTables::Resolve(std::string_view database, std::string_view table) {
  TRY_ASSIGN(engine::TableSource source, tables_.Resolve(database, table));
  grounds_.Add(GroundOf(source));
  if (AsksClockOrLots(source.view_sql)) grounds_.NotRepeatable();
  return source;
}

// Which files a metadata file leads to is the engine's reading: it is not asked for anew, so it is no ground.
Result<std::vector<std::uint64_t>> NotedTables::Locate(std::uint64_t metadata, const std::vector<std::string>& places) {
  grounds_.NotRepeatable();
  return tables_.Locate(metadata, places);
}

Result<std::vector<engine::ListedTable>> NotedTables::List() {
  grounds_.NotRepeatable();
  return tables_.List();
}

std::optional<std::string> FirstChanged(QueryTables& tables, const std::vector<TableGround>& grounds, Holds what) {
  for (const TableGround& before : grounds) {
    auto source = tables.Resolve(before.database, before.table);
    if (source) {
      TableGround now = GroundOf(*source);
      if (what == Holds::kRights ? now.rights == before.rights : now.data == before.data) continue;
    } else if (what == Holds::kRights && source.error().code != ErrorCode::kNotFound &&
               source.error().code != ErrorCode::kAccessDenied) {
      continue;  // It cannot be asked just now: that takes nobody's rights away.
    }
    return before.database + "." + before.table;
  }
  return std::nullopt;
}

bool AsksClockOrLots(std::string_view sql) {
  static constexpr std::string_view kWords[] = {"now",       "current_date",   "current_time", "current_timestamp",
                                                "localtime", "localtimestamp", "rand",         "random",
                                                "uuid",      "shuffle",        "tablesample"};
  for (const Token& token : Tokens(sql, Quotes::kTrino)) {
    if (std::ranges::any_of(kWords, [&](std::string_view word) { return EqualsIgnoreCase(token.text, word); })) return true;
  }
  return false;
}

}  // namespace hanse::query
