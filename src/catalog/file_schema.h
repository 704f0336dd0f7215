#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/parquet_footer.h"
#include "wire/glue.h"

// What kind of file a crawler has found and which columns it has: Glue's built-in classifiers for Parquet, ORC, Avro, JSON and CSV
// (lakeformation.md 7.5). Everything but ReadFileSchema is pure.
namespace hanse::catalog {

struct FileSchema {
  std::string classification;        // "parquet", "orc", "avro", "json", "csv"
  std::string compression = "none";  // or "gzip": of text files as a whole.
  std::vector<InferredColumn> columns;
  // Of CSV.
  char delimiter = ',';
  bool header = false;
  bool quoted = false;
  char quote = '"';
  std::int64_t rows = 0;                           // Of Parquet and ORC, where it is known.
  std::string grok_pattern, grok_custom_patterns;  // Of text that a grok classifier knows.
  std::string row_tag;                             // Of XML.
};

// How much of a text file is looked at.
inline constexpr std::size_t kSampleBytesMax = 1 << 20;

// A file that is read here and there. One thread.
class RandomAccessFile {
 public:
  virtual ~RandomAccessFile() = default;
  virtual std::uint64_t bytes() const = 0;
  // Up to `size` bytes at `offset`; fewer only at the end.
  virtual Result<std::string> Read(std::uint64_t offset, std::size_t size) = 0;
};

// Nothing where no classifier knows the file. An error only where it cannot be read.
// `custom`: classifiers that come before the built-in ones for text.
Result<std::optional<FileSchema>> ReadFileSchema(RandomAccessFile& file, std::span<const wire::glue::Classifier> custom = {});

// `sample`: the beginning of the text; where it was cut, its last line does not count.
enum class Sample { kWhole, kCut };
// Whether cells are trimmed before their type is told.
enum class Cells { kTrimmed, kAsTheyAre };
// Lines of comma-, bar-, tab-, semicolon- or \u0001-separated values: at least two columns and two rows.
struct CsvFormat {
  char delimiter = ',', quote = '"';
  std::optional<bool> header;      // Nothing: as the text looks.
  std::vector<std::string> names;  // Of the columns; empty: of the header, or col0, col1, …
  std::size_t rows_min = 2, columns_min = 2;
  Cells cells = Cells::kTrimmed;
};
std::optional<FileSchema> InferCsvAs(std::string_view sample, Sample extent, const CsvFormat& format);
std::optional<FileSchema> InferCsv(std::string_view sample, Sample extent);
// What a text says of its column: "bigint", "double", "boolean", "date", else "string"; "" where it is empty.
std::string TypeOfText(std::string_view text);
// Objects: one a line, one after another, or in one array.
std::optional<FileSchema> InferJson(std::string_view sample, Sample extent);
// At most kSampleBytesMax of what a gzip file holds; nothing where it is none.
std::optional<std::string> InflateGzip(std::string_view bytes, Sample* extent);

// One type for both: numbers widen, structs unite their fields, all else becomes string.
std::string MergeTypes(const std::string& a, const std::string& b);
// Columns of both, in the order of their first appearance.
void MergeColumns(const std::vector<InferredColumn>& more, std::vector<InferredColumn>* columns);

}  // namespace hanse::catalog
