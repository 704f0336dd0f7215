#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// COPY … TO STDOUT: the rows of a query as lines of text or CSV (PostgreSQL 15, "COPY"). Pure; any thread.
namespace hanse::pgwire {

struct Copy {
  std::string query;
  bool csv = false;
  bool header = false;
  char delimiter = '\t';
  char quote = '"', escape = '"';  // Of CSV.
  std::string null_text = "\\N";
  bool quotes_all = false;  // FORCE_QUOTE *
};

// COPY (query) | table [(column, …)] TO STDOUT [[WITH] options], the options in parentheses or as PostgreSQL 8 had them. 0A000 for
// what is not served by name: FROM, files, programs, binary.
Result<Copy> ReadCopy(std::string_view sql);

// A row as a line, ended.
std::string CopyLine(const Copy& copy, const std::vector<std::optional<std::string>>& values);
std::string CopyHeader(const Copy& copy, const std::vector<std::string>& names);

}  // namespace hanse::pgwire
