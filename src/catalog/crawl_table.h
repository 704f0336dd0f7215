#pragma once
#include <string>
#include <string_view>

#include "catalog/crawl.h"
#include "catalog/crawl_configuration.h"
#include "catalog/crawl_plan.h"

// What a crawler writes about what it found (lakeformation.md 7.1, 7.5). Pure.
namespace hanse::catalog {

inline constexpr std::string_view kCrawledBy = "UPDATED_BY_CRAWLER";
inline constexpr std::string_view kDeprecatedBy = "DEPRECATED_BY_CRAWLER";

wire::glue::TableInput CrawledTable(std::string_view crawler, std::string_view name, std::string_view location,
                                    const PlannedTable& planned);
wire::glue::StorageDescriptor CrawledStorage(std::string_view location, const FileSchema& schema,
                                             const std::vector<InferredColumn>& columns);

// `existing` as the run leaves it, or nothing where there is nothing to change.
std::optional<wire::glue::TableInput> UpdatedTable(const wire::glue::Table& existing, const wire::glue::TableInput& found,
                                                   TableUpdate how);
// The definition of a table as an update sends it back.
wire::glue::TableInput InputOf(const wire::glue::Table& table);

// Glue's patterns of Exclusions, against a path below the target: '*' within a folder, '**' over folders, '?', [a-z], {a,b}.
bool Excluded(const std::vector<std::string>& exclusions, std::string_view path);

}  // namespace hanse::catalog
