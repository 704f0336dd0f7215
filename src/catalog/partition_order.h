#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/partition_expression.h"

// Values of partition keys as texts whose byte order is the order of their types, so that an index finds what an expression asks
// for. A form is a letter for the type, the value, and kFormEnd:
//   's' text · 'i' 16 hexadecimal digits, the sign turned · 'd' date · 't' timestamp · 'n' decimal · 'z' NULL · '!' what cannot be
//   read as its key's type
// A key's type may change after its partitions were made: forms of another letter say nothing, so every question reaches them too
// and the expression itself is asked. Pure; any thread.
namespace hanse::catalog {

// No form holds a byte below, nor this one but at its end.
inline constexpr char kFormEnd = '\x01', kAfterFormEnd = '\x02';

// Columns of catalog_partitions: the forms of all values one after the other, then those of the second to the fifth key alone. ""
// where there is no such key.
inline constexpr std::array<std::string_view, 5> kOrderColumns = {"sorted", "sorted_1", "sorted_2", "sorted_3", "sorted_4"};
using PartitionOrder = std::array<std::string, kOrderColumns.size()>;
PartitionOrder OrderOf(const std::vector<PartitionKey>& keys, const std::vector<std::string>& values);

// Texts from `from` on, before `until`.
struct TextRange {
  std::string from, until;
  bool operator==(const TextRange&) const = default;
};
// In order, apart from each other.
using TextRanges = std::vector<TextRange>;
TextRanges Both(const TextRanges& one, const TextRanges& other);
TextRanges Either(TextRanges one, const TextRanges& other);

// All forms, those of NULL included.
TextRanges AllForms();

// The ranges of a column of kOrderColumns that hold all partitions that fit the expression, and perhaps others. AllForms() where
// the expression says nothing of it.
TextRanges RangesOf(const PartitionExpression& expression, std::size_t column, std::size_t keys);

}  // namespace hanse::catalog
