#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "duckdb.hpp"
#include "engine/file_selection.h"

namespace hanse::engine {

// The lines of one text object, unpacked where it is gzip. One thread.
class LineReader {
 public:
  LineReader(duckdb::ClientContext& context, const std::string& path, bool gzip, std::uint64_t skip_lines);
  // The next line without its end; false at the end of the object. Throws for a line of more than 16 MiB.
  bool Next(std::string_view* line);

 private:
  bool Fill();
  duckdb::unique_ptr<duckdb::FileHandle> file_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

// Turns a line into values of a table's data columns, as one SerDe reads it. Immutable; any thread.
class LineParser {
 public:
  virtual ~LineParser() = default;
  // `values` has a place for each data column; those of `wanted` are set, to NULL where the line has nothing that parses.
  virtual void Parse(std::string_view line, const std::vector<bool>& wanted, std::vector<duckdb::Value>& values) const = 0;
};

std::unique_ptr<LineParser> MakeLineParser(const TableShape& table);
// text_json.cc
std::unique_ptr<LineParser> MakeJsonParser(const TableShape& table);
// A character that a SerDe's parameter names: itself, "\\t", or its number.
char SerdeCharacter(const std::map<std::string, std::string>& serde, const std::string& key, char otherwise);
// A value of `type` from text; NULL where it is none.
duckdb::Value TypedText(std::string_view text, const duckdb::LogicalType& type);

}  // namespace hanse::engine
