#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/file_schema.h"

// From the files below a crawler's target to tables and partitions (lakeformation.md 7.5). Pure.
//   * Files of one folder are one table, of the format that most of them have.
//   * Folders side by side that are alike (same format, similar columns) are partitions of one table: keys are named by "key=value"
//     folders, else partition_0, partition_1, …; their values are text. Folders "key=value" of one key always belong together.
//   * Folders that are unlike are tables of their own.
namespace hanse::catalog {

struct CrawledFile {
  std::string path;  // Below the target's folder: "year=2024/a.parquet"
  std::uint64_t bytes = 0;
  FileSchema schema;
  std::uint64_t files = 1;  // More than one: it stands for all files of its folder, and its path ends with '/' or is empty.
};

struct PlannedPartition {
  std::vector<std::string> values;
  std::string path;  // Below the target's folder, with a '/' at its end.
  std::vector<InferredColumn> columns;
};

struct PlannedTable {
  std::string name;   // Of the folder, as tables are named.
  std::string path;   // Below the target's folder: "" or with a '/' at its end.
  FileSchema schema;  // With the columns of all its files.
  std::vector<std::string> keys;
  std::vector<PlannedPartition> partitions;
  std::uint64_t files = 0, bytes = 0;
};

enum class Grouping { kSimilar, kAllCompatible };  // TableGroupingPolicy CombineCompatibleSchemas: alike means of one format.

inline constexpr std::size_t kPlannedDepthMax = 64;

// `root_name`: of the target's own folder, or its bucket. `table_level`: how many folders below the target tables lie
// (TableLevelConfiguration): none that holds folders lies above, and what lies there is one table of one format, alike or not.
std::vector<PlannedTable> PlanTables(std::string_view root_name, const std::vector<CrawledFile>& files, Grouping grouping,
                                     std::optional<std::size_t> table_level = std::nullopt);

// One for each folder, of the format that most of its files have: tables are planned of these as of the files.
std::vector<CrawledFile> OneAFolder(const std::vector<CrawledFile>& files);

// A folder's name as that of a table or key: lower case, '_' for all but letters, digits and '_'.
std::string FoldFolderName(std::string_view folder);

}  // namespace hanse::catalog
