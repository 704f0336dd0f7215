#pragma once
#include <map>
#include <set>
#include <span>
#include <stop_token>

#include "catalog/classifier.h"
#include "catalog/connection.h"
#include "catalog/crawl.h"
#include "catalog/crawl_memory.h"
#include "catalog/crawl_plan.h"
#include "catalog/crawl_table.h"
#include "catalog/partition.h"
#include "catalog/partition_index.h"
#include "catalog/table.h"

// One run of a crawler. It has no rights of its own: it lists, reads and writes as its role, each step through the gate
// (design.md, section 8, "Who acts as whom"). First it finds everything, then it writes.
namespace hanse::catalog {

// What a run works with; all of it outlives the run.
struct CrawlParts {
  const gate::Gate& gate;
  const Tables& tables;
  const Partitions& partitions;
  const Classifiers& classifiers;
  CrawlStorage& storage;
  const PartitionIndexes& indexes;
  store::Store& store;  // For what it remembers between runs (crawl_memory.h), and nothing else.
  const Clock& clock;
  Random& random;
  // Of crawls of warehouses; without them there are none.
  const Connections* connections = nullptr;
  WarehouseCalls* warehouses = nullptr;
};

inline constexpr std::size_t kCrawledFilesMax = 5'000'000;

// "DATABASE/SCHEMA/TABLE", where '%' stands for any characters and what is missing for all. kInvalidArgument.
Result<WarehouseTable> ReadIncludePath(const std::string& path);

class CrawlRun {
 public:
  // `role`: the session of the crawler's role.
  CrawlRun(const CrawlParts& parts, const CrawlerRow& crawler, Caller role, std::stop_token stop)
      : parts_(parts), crawler_(crawler), role_(std::move(role)), stop_(std::move(stop)) {}
  // Never fails: what went wrong is in the summary.
  CrawlSummary Run();

 private:
  struct Target {
    std::string bucket, prefix;  // The prefix ends with '/' or is empty.
    std::vector<std::string> exclusions;
    std::size_t sample_size = 0;             // Files of a folder that are read; 0: all.
    std::string place;                       // What lies there is remembered under this name.
    std::string database;                    // Where its tables are.
    std::optional<wire::glue::Table> table;  // That lies there, where the catalog named it.
    std::size_t depth = 0;                   // Of Iceberg: folders below it that are looked into.
  };
  // What lies at a target.
  struct Found {
    Target target;
    std::vector<PlannedTable> tables;
    std::optional<std::set<std::string>> changed;  // The folders that changed; nothing: any may have.
  };
  struct FoundIceberg {
    std::string bucket, folder;         // The table's own, with a '/' at its end.
    std::vector<std::string> metadata;  // Keys of what may be its newest metadata.
    std::string database;
    std::optional<wire::glue::Table> table;
  };

  Result<void> Crawl();
  Result<void> ReadClassifiers();
  Result<void> FindAll();
  Result<void> FindCatalogTargets();
  Result<void> CheckTableThreshold() const;
  Result<void> FindTables(Target target);
  Result<std::vector<CrawledFile>> ReadFiles(const Target& target);
  // Whether the target takes a file into account; `of_folder`: how many of its folder it has taken before.
  static bool Takes(const Target& target, const CrawlStorage::File& file, std::size_t* of_folder);
  Result<void> ReadAll(const Target& target, std::span<const CrawlStorage::File> taken, std::vector<CrawledFile>* files);
  // Nothing in the place of a file that is not there any more.
  Result<CrawlStorage::Files> Open(const std::string& bucket, std::span<const CrawlStorage::File> files);

  // Event mode (crawl_events.cc): one for each folder, of which only those that changed are read.
  Result<std::vector<CrawledFile>> FollowChanges(Found* found);
  Result<std::vector<CrawledFile>> ReadFolder(const Target& target, const std::string& folder);
  Result<CrawlStorage::Listed> ListWhole(const std::string& bucket, const std::string& folder);

  // Iceberg (crawl_iceberg.cc).
  Result<void> FindIceberg(const Target& target);
  Result<std::vector<std::string>> NewestMetadata(const std::string& bucket, const std::string& folder);
  Result<void> WriteIceberg(const FoundIceberg& found);
  Result<void> RefreshIceberg(const wire::glue::Table& existing, wire::glue::TableInput input);

  Result<void> CrawlWarehouse(const wire::glue::JdbcTarget& target);
  // Whether a table lies in a warehouse where a target of this crawler leads.
  bool InWarehouseTarget(const wire::glue::Table& table) const;

  Result<void> WriteFound(const Found& found);
  // Where a table of that name lies elsewhere, this one has the mark of its place in its name, the same at every crawl.
  struct Named {
    std::string name;
    std::optional<wire::glue::Table> existing;
  };
  Result<Named> NameFor(const std::string& folder_name, const std::string& location);
  Result<void> WriteKnown(const Found& found);
  Result<void> Write(const Found& found, const PlannedTable& planned);
  Result<void> Create(const wire::glue::TableInput& input);
  Result<void> Update(const wire::glue::Table& existing, const wire::glue::TableInput& input);
  // By their values' keys (partition_rows.h).
  using KnownPartitions = std::map<std::string, wire::glue::Partition>;
  Result<KnownPartitions> ReadPartitions(const std::string& name);
  Result<void> AddPartitions(const std::string& name, std::vector<wire::glue::PartitionInput> batch);
  Result<void> UpdateOne(const std::string& name, const wire::glue::Partition& before, wire::glue::PartitionInput input);
  Result<void> DeletePartitions(const std::string& name, const std::vector<std::string>& gone);
  // Whether what is there already may change (SchemaChangePolicy, RecrawlPolicy).
  bool ChangesSchemas() const;
  Result<void> WritePartitions(const Found& found, const std::string& name, const PlannedTable& planned, bool fresh);
  // Tables of this crawler below its targets that the run has not found again.
  Result<void> RemoveGone();
  Result<std::optional<wire::glue::Table>> Find(const std::string& name);
  Result<void> Ended() const;

  gate::Context Context() const;
  template <class Op, class Service>
  Result<typename Op::Answer> Ask(const Op& op, const Service& service) {
    TRY(Ended());
    return parts_.gate.Run(Context(), op, service);
  }

  CrawlParts parts_;
  const CrawlerRow& crawler_;
  Caller role_;
  std::stop_token stop_;
  const CrawlConfiguration configuration_ = ReadConfiguration(crawler_.definition.configuration);
  std::string database_ = crawler_.definition.database_name.value_or("");  // Where what is written now belongs.
  std::vector<Found> found_;
  std::vector<FoundIceberg> found_iceberg_;
  std::vector<std::string> roots_;  // "s3://bucket/prefix/" of all targets but those of the catalog.
  CrawlSummary summary_;
  std::vector<wire::glue::Classifier> custom_;  // In the order in which they are tried.
  std::vector<std::string> written_;            // Names of the tables of this run.
};

}  // namespace hanse::catalog
