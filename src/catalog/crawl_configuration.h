#pragma once
#include <optional>
#include <string>

#include "base/result.h"
#include "catalog/crawl_plan.h"

// A crawler's Configuration, which is JSON in a text (AWS Glue Developer Guide, "Setting crawler configuration options"). Pure.
namespace hanse::catalog {

// How a crawler treats a table that is there already.
enum class TableUpdate { kReplace, kMergeNewColumns };

// Unset is the default of each.
struct CrawlConfiguration {
  TableUpdate tables = TableUpdate::kReplace;
  bool partitions_inherit = false;  // InheritFromTable
  Grouping grouping = Grouping::kSimilar;
  std::size_t table_level = 0;      // Folders below the bucket at which tables lie; 0: wherever folders are alike.
  std::size_t table_threshold = 0;  // Tables that a crawl may find; 0: any number.
  bool partition_index = false;     // Tables with partitions get an index over all their keys.
};

// Every member of it either counts or is refused: kUnsupported by its name, kInvalidArgument where its value is none of its kind.
Result<CrawlConfiguration> CheckConfiguration(const std::optional<std::string>& json);
// Of one that was checked when it was set.
CrawlConfiguration ReadConfiguration(const std::optional<std::string>& json);

}  // namespace hanse::catalog
