#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hanse::client {

// A cell: text, or NULL.
using Cell = std::optional<std::string>;

// Columns side by side, as a terminal shows them: a header, a rule, numbers to the right, NULL in parentheses. `width_max` is the
// terminal's width in characters (0: no limit); what does not fit is cut with "…".
std::string FormatTable(const std::vector<std::string>& columns, const std::vector<std::vector<Cell>>& rows,
                        std::size_t width_max = 0);
// RFC 4180; NULL is an empty field, "" a quoted one.
std::string FormatCsv(const std::vector<std::string>& columns, const std::vector<std::vector<Cell>>& rows);

// "63 B", "4.1 kB", "3.2 MB", "14.0 GB", "120.0 TB": powers of 1,000, as Athena's prices count.
std::string BytesText(std::int64_t bytes);

}  // namespace hanse::client
