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
  auto same = [&](const TableGround& known) {
    return known.database == ground.database && known.table == ground.table && known.conditions == ground.conditions &&
           known.data == ground.data && known.above == ground.above;
  };
  if (!std::ranges::any_of(tables_, same)) tables_.push_back(std::move(ground));
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
  text.Add(fmt::format("{}", static_cast<int>(source.format)));
  for (const auto& [name, value] : source.serde) {
    text.Add(name);
    text.Add(value);
  }
  for (const engine::FileSource& file : source.files) {
    text.Add(file.version);
    for (const auto& value : file.partition) text.Add(value ? "=" + *value : "");
  }
  return {.database = source.database,
          .table = source.name,
          .visible = source.visible,
          .row_filter = source.row_filter,
          .masks = source.masks,
          .data = text.Digest()};
}

Result<engine::TableSource> NotedTables::ResolveWhere(std::string_view database, std::string_view table,
                                                      const engine::ColumnConditions& conditions) {
  TRY_ASSIGN(engine::TableSource source, tables_.ResolveWhere(database, table, conditions));
  TableGround ground = Noted(source);
  ground.conditions = conditions;
  if (source.definer_view != 0) views_[source.definer_view] = std::make_shared<const TableGround>(ground);
  grounds_.Add(std::move(ground));
  if (AsksClockOrLots(source.view_sql)) grounds_.NotRepeatable();
  return source;
}

TableGround NotedTables::Noted(const engine::TableSource& source) {
  TableGround ground = GroundOf(source);
  ground.reader = tables_.reader();
  ground.governed = tables_.governed();
  return ground;
}

Result<engine::TableSource> NotedTables::ResolveBeneath(std::uint64_t view, std::string_view database, std::string_view table) {
  auto above = views_.find(view);
  if (above == views_.end()) return Fail(ErrorCode::kNotFound, "no such view in this query");
  TRY_ASSIGN(engine::TableSource source, tables_.ResolveBeneath(view, database, table));
  TableGround ground = Noted(source);
  ground.above = above->second;
  grounds_.Add(std::move(ground));
  grounds_.NotRepeatable();
  return source;
}

// Which files a metadata file leads to is the engine's reading: it is not asked for anew, so it is no ground.
Result<std::vector<std::uint64_t>> NotedTables::Locate(std::uint64_t metadata, const std::vector<std::string>& places) {
  grounds_.NotRepeatable();
  return tables_.Locate(metadata, places);
}

// What a warehouse holds at another moment nobody knows.
Result<int> NotedTables::ReadRows(std::uint64_t object, const std::vector<std::string>& columns) {
  grounds_.NotRepeatable();
  return tables_.ReadRows(object, columns);
}

Result<std::vector<engine::ListedTable>> NotedTables::List() {
  grounds_.NotRepeatable();
  return tables_.List();
}

bool HoldsData(QueryTables& tables, const std::vector<TableGround>& grounds) {
  return std::ranges::all_of(grounds, [&](const TableGround& before) {
    auto now = tables.ResolveWhere(before.database, before.table, before.conditions);
    return now && GroundOf(*now).data == before.data;
  });
}

std::optional<std::string> LostRight(const TableGround& before, const TableGround& now) {
  for (const std::string& column : before.visible) {
    if (std::ranges::find(now.visible, column) == now.visible.end()) return fmt::format("column {} is not shown any more", column);
  }
  if (!now.row_filter.empty() && now.row_filter != before.row_filter) return "other rows are shown";
  auto known = [&](const engine::CellMask& mask) {
    return std::ranges::any_of(before.masks, [&](const engine::CellMask& earlier) {
      return earlier.column == mask.column && earlier.condition == mask.condition;
    });
  };
  for (const engine::CellMask& mask : now.masks) {
    if (!known(mask)) return fmt::format("other cells of column {} are shown", mask.column);
  }
  if (now.reader != before.reader) return "its data is not read as the same role any more";
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
