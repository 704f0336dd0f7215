// Partitions that fit an expression (partition_rows.h): by the key whose index leaves the fewest of them, each tried on the whole
// expression; of a small table in the order of values_key.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "catalog/partition_order.h"
#include "catalog/partition_rows.h"

namespace hanse::catalog {
namespace {

constexpr std::int64_t kIndexRowsAtOnce = 2'000;
// Tables with fewer rows are walked.
constexpr std::int64_t kSmallTable = 2'000;
// How many rows an index leaves is counted to these, of all indexes, until one has fewer.
constexpr std::int64_t kCounts[] = {200, 4'000, 40'000};
constexpr char kInIndex = '\x01';

// FNV-1a: the same slice for the same key, on every machine.
std::uint64_t Spread(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ull;
  for (unsigned char c : text) hash = (hash ^ c) * 1099511628211ull;
  return hash;
}

// Where a page ended in an index: a column of kOrderColumns, and its last row.
struct IndexPlace {
  std::size_t column = 0;
  std::string values_key, form;
};

// Unlike every values_key, which is percent-encoded.
std::string Written(const IndexPlace& place) {
  return fmt::format("{}{}{}\n{}", kInIndex, place.column, place.values_key, place.form);
}

std::optional<IndexPlace> ReadPlace(std::string_view cursor) {
  const std::size_t line = cursor.find('\n');
  if (!cursor.starts_with(kInIndex) || cursor.size() < 2 || line == std::string_view::npos) return std::nullopt;
  const std::size_t column = static_cast<std::size_t>(cursor[1] - '0');
  if (column >= kOrderColumns.size()) return std::nullopt;
  return IndexPlace{column, std::string(cursor.substr(2, line - 2)), std::string(cursor.substr(line + 1))};
}

class PartitionSearch {
 public:
  PartitionSearch(store::Transaction& tx, Id table, const PartitionExpression& expression, Slice slice, std::size_t count_max,
                  std::size_t scanned_max)
      : tx_(tx), table_(table), expression_(expression), slice_(slice), count_max_(count_max), scanned_max_(scanned_max) {}

  Result<PartitionPage> After(std::string cursor, std::size_t keys) {
    std::optional<IndexPlace> place = ReadPlace(cursor);
    if (!place && cursor.empty() && !expression_.fits_all()) {
      TRY_ASSIGN(std::optional<std::size_t> column, Chosen(keys));
      if (column) place = IndexPlace{.column = *column};
    }
    page_.last = std::move(cursor);
    if (place) {
      TRY(Ranges(*place, RangesOf(expression_, place->column, keys)));
    } else {
      TRY(Walk());
    }
    return std::move(page_);
  }

 private:
  // The column whose index leaves fewest rows; nothing where the table is small, or has rows that no index knows.
  Result<std::optional<std::size_t>> Chosen(std::size_t keys) {
    std::vector<std::pair<std::size_t, TextRanges>> asked;
    for (std::size_t column = 0; column < std::min(keys, kOrderColumns.size()); ++column) {
      TextRanges ranges = RangesOf(expression_, column, keys);
      if (ranges != AllForms()) asked.emplace_back(column, std::move(ranges));
    }
    if (asked.empty()) return std::nullopt;
    TRY_ASSIGN(auto all, tx_.One("SELECT COUNT(*) FROM (SELECT 1 FROM catalog_partitions WHERE table_id = ? LIMIT ?) counted",
                                 {table_, kSmallTable}));
    if (all.Int(0) < kSmallTable) return std::nullopt;
    TRY_ASSIGN(auto unsorted, tx_.Maybe("SELECT 1 FROM catalog_partitions WHERE table_id = ? AND sorted = '' LIMIT 1", {table_}));
    if (unsorted) return std::nullopt;
    for (const std::int64_t most : kCounts) {
      for (const auto& [column, ranges] : asked) {
        TRY_ASSIGN(std::int64_t count, Count(column, ranges, most));
        if (count < most) return std::optional(column);
      }
    }
    return std::optional(asked.front().first);
  }

  Result<std::int64_t> Count(std::size_t column, const TextRanges& ranges, std::int64_t most) {
    const std::string sql = fmt::format(
        "SELECT COUNT(*) FROM (SELECT 1 FROM catalog_partitions WHERE table_id = ? AND {0} <> '' AND {0} >= ? AND {0} < ? LIMIT ?) "
        "counted",
        kOrderColumns[column]);
    std::int64_t count = 0;
    for (auto range = ranges.begin(); range != ranges.end() && count < most; ++range) {
      TRY_ASSIGN(auto row, tx_.One(sql, {table_, range->from, range->until, most - count}));
      count += row.Int(0);
    }
    return count;
  }

  // Index by index row; what fits is then read by its key.
  Result<void> Ranges(IndexPlace place, const TextRanges& ranges) {
    const std::string select = fmt::format("SELECT {0}, values_key FROM catalog_partitions WHERE table_id = ? AND {0} <> '' AND ",
                                           kOrderColumns[place.column]);
    const std::string order = fmt::format(" ORDER BY {0}, values_key LIMIT ?", kOrderColumns[place.column]);
    const std::string same = fmt::format("{}{} = ? AND values_key > ?{}", select, kOrderColumns[place.column], order);
    const std::string from = fmt::format("{0}{1} >= ? AND {1} < ?{2}", select, kOrderColumns[place.column], order);
    // The rest of the form that a page or a batch ended in; then on from the next one.
    auto rest = [&]() -> Result<bool> {
      while (!place.form.empty()) {
        TRY_ASSIGN(auto rows, tx_.Query(same, {table_, place.form, place.values_key, kIndexRowsAtOnce}));
        TRY_ASSIGN(bool more, Try(rows, &place));
        if (!more || rows.size() < static_cast<std::size_t>(kIndexRowsAtOnce)) return more;
      }
      return true;
    };
    for (const TextRange& range : ranges) {
      if (!place.form.empty() && place.form >= range.until) continue;
      while (true) {
        TRY_ASSIGN(bool on, rest());
        if (!on) return {};
        // Nothing is between a form and itself with the lowest byte behind it.
        const std::string begin = std::max(range.from, place.form.empty() ? place.form : place.form + kFormEnd);
        TRY_ASSIGN(auto rows, tx_.Query(from, {table_, begin, range.until, kIndexRowsAtOnce}));
        TRY_ASSIGN(bool more, Try(rows, &place));
        if (!more) return {};
        if (rows.size() < static_cast<std::size_t>(kIndexRowsAtOnce)) break;
      }
    }
    page_.end = true;
    return {};
  }

  // False where the page is full.
  Result<bool> Try(const std::vector<store::Row>& rows, IndexPlace* place) {
    for (const store::Row& row : rows) {
      if (Full()) return false;
      place->form = row.Text(0);
      place->values_key = row.Text(1);
      page_.last = Written(*place);
      TRY_ASSIGN(bool fits, Fits(row.Text(1)));
      if (!fits) continue;
      TRY_ASSIGN(auto found,
                 tx_.One("SELECT definition FROM catalog_partitions WHERE table_id = ? AND values_key = ?", {table_, row.Text(1)}));
      page_.definitions.push_back(found.Text(0));
    }
    return true;
  }

  Result<void> Walk() {
    // Text keys that must equal something bound the rows: "value/" … or "value" itself.
    std::string first, until = "\x7f";  // Above all that is percent-encoded.
    if (const std::vector<std::string> fixed = expression_.fixed_prefix(); !fixed.empty()) {
      first = ValuesKey(fixed);
      until = first + "0";  // '0' follows '/', which stands between encoded values alone.
    }
    while (true) {
      TRY_ASSIGN(auto rows, tx_.Query("SELECT values_key, definition FROM catalog_partitions WHERE table_id = ? AND values_key > ? "
                                      "AND values_key >= ? AND values_key < ? ORDER BY values_key LIMIT ?",
                                      {table_, page_.last, first, until, kIndexRowsAtOnce}));
      for (const store::Row& row : rows) {
        if (Full()) return {};
        page_.last = row.Text(0);
        TRY_ASSIGN(bool fits, Fits(page_.last));
        if (fits) page_.definitions.push_back(row.Text(1));
      }
      if (rows.size() < static_cast<std::size_t>(kIndexRowsAtOnce)) {
        page_.end = true;
        return {};
      }
    }
  }

  bool Full() const { return page_.definitions.size() == count_max_ || scanned_ >= scanned_max_; }

  Result<bool> Fits(std::string_view values_key) {
    ++scanned_;
    const auto of = static_cast<std::uint64_t>(slice_.of);
    if (slice_.of > 1 && Spread(values_key) % of != static_cast<std::uint64_t>(slice_.number)) return false;
    return expression_.Fits(ValuesOf(values_key));
  }

  store::Transaction& tx_;
  const Id table_;
  const PartitionExpression& expression_;
  const Slice slice_;
  const std::size_t count_max_, scanned_max_;
  std::size_t scanned_ = 0;
  PartitionPage page_;
};

}  // namespace

Result<Slice> SliceOf(const std::optional<wire::glue::Segment>& segment) {
  Slice slice;
  if (segment) slice = {segment->segment_number.value_or(0), segment->total_segments.value_or(1)};
  if (slice.of >= 1 && slice.of <= 10 && slice.number >= 0 && slice.number < slice.of) return slice;
  return Fail(ErrorCode::kInvalidArgument, "Segment: TotalSegments is 1 to 10, SegmentNumber below it.");
}

Result<PartitionPage> ReadPartitions(store::Transaction& tx, const store::TableRow& table, const PartitionExpression& expression,
                                     Slice slice, std::string after, std::size_t count_max, std::size_t scanned_max) {
  return PartitionSearch(tx, table.id, expression, slice, count_max, scanned_max).After(std::move(after), table.keys.size());
}

}  // namespace hanse::catalog
