#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/access.h"
#include "catalog/partition_expression.h"
#include "wire/glue.h"

// The rows of partitions, and what a caller is shown of them.
namespace hanse::catalog {

// The values as they are kept and sorted: percent-encoded, joined by '/'. Two lists of values never have one text.
std::string ValuesKey(const std::vector<std::string>& values);
std::vector<std::string> ValuesOf(std::string_view values_key);

// The partition keys of a table, with their types.
Result<std::vector<PartitionKey>> KeysOf(const store::TableRow& table);

enum class Schema { kShown, kLeftOut };
// A partition as the caller of `opened` is shown it; `definition` is JSON of wire::glue::Partition.
Result<wire::glue::Partition> ShownPartition(const OpenedTable& opened, std::string_view definition, Schema schema);

// JSON of wire::glue::Partition; nothing where the table has no such partition.
Result<std::optional<std::string>> FindPartition(store::Transaction& tx, Id table, const std::vector<std::string>& values);
// Where it lies: its own place, in the one spelling, or Hive's folder "key=value/…" below the table.
std::string PlaceOf(const store::TableRow& table, const wire::glue::Partition& partition);

// A page of the partitions that fit, after the one that ended in `after`, in an order that stays the same from page to page; looks
// at no more than `scanned_max` rows.
struct PartitionPage {
  std::vector<std::string> definitions;
  std::string last;  // Where it ended.
  bool end = false;  // There are no more.
};
struct Slice {
  std::int64_t number = 0;
  std::int64_t of = 1;
};
Result<Slice> SliceOf(const std::optional<wire::glue::Segment>& segment);
Result<PartitionPage> ReadPartitions(store::Transaction& tx, const store::TableRow& table, const PartitionExpression& expression,
                                     Slice slice, std::string after, std::size_t count_max, std::size_t scanned_max);

}  // namespace hanse::catalog
