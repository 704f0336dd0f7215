#pragma once
#include <map>
#include <stop_token>

#include "catalog/classifier.h"
#include "catalog/crawl.h"
#include "catalog/crawl_plan.h"
#include "catalog/partition.h"
#include "catalog/table.h"

// One run of a crawler. It has no rights of its own: it lists, reads and writes as its role, each step through the gate
// (design.md, section 8, "Who acts as whom").
namespace hanse::catalog {

// What a run works with; all of it outlives the run.
struct CrawlParts {
  const gate::Gate& gate;
  const Tables& tables;
  const Partitions& partitions;
  const Classifiers& classifiers;
  CrawlStorage& storage;
  const Clock& clock;
  Random& random;
};

inline constexpr std::size_t kCrawledFilesMax = 5'000'000;

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
    std::size_t sample_size = 0;  // Files of a folder that are read; 0: all.
  };

  Result<void> ReadClassifiers();
  Result<void> CrawlTarget(const Target& target);
  Result<std::vector<CrawledFile>> ReadFiles(const Target& target);
  Result<void> ReadOne(const Target& target, const CrawlStorage::File& file, std::vector<CrawledFile>* files);

  Result<void> Write(const Target& target, const PlannedTable& planned);
  Result<void> Create(const std::string& name, const wire::glue::TableInput& input);
  Result<void> Update(const wire::glue::Table& existing, const wire::glue::TableInput& input);
  // By their values' keys (partition_rows.h).
  using KnownPartitions = std::map<std::string, wire::glue::Partition>;
  Result<KnownPartitions> ReadPartitions(const std::string& name);
  Result<void> AddPartitions(const std::string& name, std::vector<wire::glue::PartitionInput> batch);
  Result<void> UpdateOne(const std::string& name, const wire::glue::Partition& before, wire::glue::PartitionInput input);
  Result<void> DeletePartitions(const std::string& name, const std::vector<std::string>& gone);
  // Whether what is there already may change (SchemaChangePolicy, RecrawlPolicy).
  bool ChangesSchemas() const;
  Result<void> WritePartitions(const Target& target, const std::string& name, const PlannedTable& planned, bool fresh);
  // Tables of this crawler below its targets that the run has not found again.
  Result<void> RemoveGone(const std::vector<Target>& targets);
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
  CrawlSummary summary_;
  std::vector<wire::glue::Classifier> custom_;  // In the order in which they are tried.
  std::vector<std::string> written_;            // Names of the tables of this run.
};

}  // namespace hanse::catalog
