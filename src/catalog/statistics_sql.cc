#include "catalog/statistics_sql.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/text.h"

namespace hanse::catalog {
namespace {

using wire::glue::ColumnStatisticsData;
using Cell = std::optional<std::string>;
__extension__ using Unscaled = __int128;

// Reads the cells of one row in the order in which SqlOf names them.
class AnswerCells {
 public:
  AnswerCells(std::span<const Cell> row, double scale) : row_(row), scale_(scale) {}

  bool broken() const { return broken_; }
  Cell Next() {
    if (at_ < row_.size()) return row_[at_++];
    broken_ = true;
    return std::nullopt;
  }
  template <class Number>
  std::optional<Number> NextNumber() {
    Cell cell = Next();
    Number number{};
    if (!cell) return std::nullopt;
    auto [end, error] = std::from_chars(cell->data(), cell->data() + cell->size(), number);
    if (error != std::errc() || end != cell->data() + cell->size()) return std::nullopt;
    return number;
  }
  std::int64_t Count() { return NextNumber<std::int64_t>().value_or(0); }
  // A count of rows, of all of them where only some were looked at.
  std::int64_t RowCount() { return static_cast<std::int64_t>(std::llround(static_cast<double>(Count()) * scale_)); }

 private:
  std::span<const Cell> row_;
  double scale_;
  std::size_t at_ = 0;
  bool broken_ = false;
};

std::optional<wire::Timestamp> MomentOf(const Cell& cell) {
  if (!cell) return std::nullopt;
  std::string text = *cell;
  if (text.size() == 10) text += "T00:00:00";
  if (text.size() > 10) text[10] = 'T';
  TimeMs at = 0;
  if (!ParseTime(text + "Z", &at)) return std::nullopt;
  return wire::Timestamp{at};
}

// "-12.30" as the unscaled -1230 in big-endian two's complement, as short as it goes, and the scale 2.
std::optional<wire::glue::DecimalNumber> DecimalOf(const Cell& cell) {
  if (!cell) return std::nullopt;
  Unscaled unscaled = 0;
  std::int32_t scale = 0;
  bool negative = false, point = false;
  std::size_t digits = 0;
  for (char c : *cell) {
    if (c == '-' && digits == 0) {
      negative = true;
    } else if (c == '.') {
      point = true;
    } else if (c >= '0' && c <= '9' && ++digits <= 38) {
      unscaled = unscaled * 10 + (c - '0');
      if (point) ++scale;
    } else {
      return std::nullopt;
    }
  }
  if (negative) unscaled = -unscaled;
  std::string bytes;
  while (true) {
    bytes.insert(bytes.begin(), static_cast<char>(unscaled & 0xff));
    const bool sign_shown = (static_cast<unsigned char>(bytes.front()) & 0x80) != 0;
    unscaled >>= 8;
    if ((unscaled == 0 && !sign_shown) || (unscaled == -1 && sign_shown)) break;
  }
  return wire::glue::DecimalNumber{.unscaled_value = std::move(bytes), .scale = scale};
}

std::optional<double> Finite(std::optional<double> number) { return number && std::isfinite(*number) ? number : std::nullopt; }

ColumnStatisticsData DataOf(const std::string& kind, AnswerCells* cells) {
  ColumnStatisticsData data{.type = kind};
  const std::int64_t nulls = cells->RowCount();
  if (kind == "BOOLEAN") {
    const std::int64_t trues = cells->RowCount();
    data.boolean_column_statistics_data = {
        .number_of_trues = trues, .number_of_falses = cells->RowCount(), .number_of_nulls = nulls};
  } else if (kind == "STRING") {
    const std::int64_t longest = cells->Count();
    const double average = cells->NextNumber<double>().value_or(0);
    data.string_column_statistics_data = {.maximum_length = longest,
                                          .average_length = average,
                                          .number_of_nulls = nulls,
                                          .number_of_distinct_values = cells->Count()};
  } else if (kind == "BINARY") {
    const std::int64_t longest = cells->Count();
    data.binary_column_statistics_data = {
        .maximum_length = longest, .average_length = cells->NextNumber<double>().value_or(0), .number_of_nulls = nulls};
  } else {
    auto fill = [&](auto* to, auto next) {
      to->emplace();
      (*to)->minimum_value = next();
      (*to)->maximum_value = next();
      (*to)->number_of_nulls = nulls;
      (*to)->number_of_distinct_values = cells->Count();
    };
    if (kind == "LONG") fill(&data.long_column_statistics_data, [&] { return cells->NextNumber<std::int64_t>(); });
    if (kind == "DOUBLE") fill(&data.double_column_statistics_data, [&] { return Finite(cells->NextNumber<double>()); });
    if (kind == "DATE") fill(&data.date_column_statistics_data, [&] { return MomentOf(cells->Next()); });
    if (kind == "DECIMAL") fill(&data.decimal_column_statistics_data, [&] { return DecimalOf(cells->Next()); });
  }
  return data;
}

}  // namespace

std::string QuotedName(std::string_view name) {
  std::string quoted = "\"";
  for (char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::optional<MeasuredColumn> Measurable(std::string_view name, std::string_view type) {
  const std::string folded = Lower(Trim(type));
  const std::string base = folded.substr(0, folded.find_first_of("(< "));
  constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"boolean", "BOOLEAN"}, {"tinyint", "LONG"},    {"smallint", "LONG"}, {"int", "LONG"},
      {"integer", "LONG"},    {"bigint", "LONG"},     {"float", "DOUBLE"},  {"real", "DOUBLE"},
      {"double", "DOUBLE"},   {"decimal", "DECIMAL"}, {"date", "DATE"},     {"timestamp", "DATE"},
      {"string", "STRING"},   {"varchar", "STRING"},  {"char", "STRING"},   {"binary", "BINARY"}};
  for (const auto& [known, kind] : kKinds) {
    if (known == base) return MeasuredColumn{std::string(name), folded, std::string(kind)};
  }
  return std::nullopt;
}

std::string SqlOf(const StatisticsQuery& query) {
  std::vector<std::string> keys;
  for (const std::string& key : query.group_by) keys.push_back(fmt::format("CAST({} AS varchar)", QuotedName(key)));
  std::vector<std::string> select = keys;
  select.emplace_back("count(*)");
  for (const MeasuredColumn& column : query.columns) {
    const std::string name = QuotedName(column.name);
    select.push_back(fmt::format("count(*) - count({})", name));
    const std::string distinct = (query.distinct == Distinct::kExact ? "count(DISTINCT " : "approx_distinct(") + name + ")";
    if (column.kind == "BOOLEAN") {
      select.push_back(fmt::format("count_if({})", name));
      select.push_back(fmt::format("count_if(NOT {})", name));
    } else if (column.kind == "STRING" || column.kind == "BINARY") {
      select.push_back(fmt::format("max(length({}))", name));
      select.push_back(fmt::format("avg(CAST(length({}) AS double))", name));
      if (column.kind == "STRING") select.push_back(distinct);
    } else {
      select.push_back(fmt::format("min({})", name));
      select.push_back(fmt::format("max({})", name));
      select.push_back(distinct);
    }
  }
  std::string sql = fmt::format("SELECT {} FROM {}.{}", Join(select, ", "), QuotedName(query.database), QuotedName(query.table));
  if (query.percent > 0 && query.percent < 100) sql += fmt::format(" TABLESAMPLE BERNOULLI ({})", query.percent);
  if (!keys.empty()) sql += " GROUP BY " + Join(keys, ", ");
  return sql;
}

Result<std::vector<wire::glue::ColumnStatistics>> StatisticsOf(const StatisticsQuery& query, std::span<const Cell> row,
                                                               wire::Timestamp at) {
  const double scale = query.percent > 0 && query.percent < 100 ? 100 / query.percent : 1;
  AnswerCells cells(row, scale);
  for (std::size_t i = 0; i < query.group_by.size() + 1; ++i) cells.Next();
  std::vector<wire::glue::ColumnStatistics> list;
  for (const MeasuredColumn& column : query.columns) {
    list.push_back({.column_name = column.name,
                    .column_type = column.type,
                    .analyzed_time = at,
                    .statistics_data = DataOf(column.kind, &cells)});
  }
  if (cells.broken()) return Fail(ErrorCode::kInternal, "an answer of a statistics query is too short");
  return list;
}

}  // namespace hanse::catalog
