#pragma once
#include "catalog/classifier.h"
#include "catalog/column_statistics.h"
#include "catalog/connection.h"
#include "catalog/crawl_control.h"
#include "catalog/crawl_runner.h"
#include "catalog/crawler.h"
#include "catalog/database.h"
#include "catalog/definer_view.h"
#include "catalog/function.h"
#include "catalog/partition.h"
#include "catalog/partition_index.h"
#include "catalog/policy.h"
#include "catalog/query_table.h"
#include "catalog/search.h"
#include "catalog/statistics_runner.h"
#include "catalog/statistics_task.h"
#include "catalog/table.h"
#include "catalog/tags.h"
#include "catalog/unfiltered.h"
#include "catalog/vending.h"
#include "catalog/version.h"
#include "catalog/write_table.h"

namespace hanse::catalog {

// The services of the catalog, wired: what server/ makes one of and doors hand operations to. Any thread. What it is given
// outlives it. The gate is made before this: its resource policies of "glue" are a CatalogPolicies of their own, and what it asks
// about vended credentials comes back here (Vending::Stand).
class Catalog {
 public:
  struct Parts {
    gate::Lake& lake;
    const gate::ViewRights& view_rights;
    const gate::Gate& gate;  // For crawlers, which come back through it as their roles.
    store::Store& store;
    RoleSessions& roles;
    CrawlStorage& storage;
    TableReader& reader;
    CredentialIssuer& issuer;
    ConnectionKeys& connection_keys;
    WarehouseCalls& warehouses;
    const Clock& clock;
    Random& random;
    const crypto::Key& key;                        // Page tokens are sealed by a key of it.
    const gate::ReachedTables* reached = nullptr;  // As access.h says.
  };
  explicit Catalog(const Parts& parts)
      : access_(parts.lake, parts.reached),
        pages_(parts.key, parts.random),
        views_(parts.lake, parts.view_rights, parts.roles),
        databases_(access_, pages_),
        tables_(access_, pages_, views_),
        versions_(access_, pages_),
        partitions_(access_, pages_),
        partition_indexes_(access_),
        column_statistics_(access_),
        functions_(access_, pages_),
        connections_(parts.connection_keys, parts.warehouses, parts.random, pages_),
        classifiers_(pages_),
        search_(access_, pages_),
        tags_(access_),
        query_tables_(access_, views_),
        table_writes_(access_),
        authorizations_(parts.key, parts.random),
        unfiltered_(access_, pages_, authorizations_),
        vending_({access_, authorizations_, parts.gate, parts.issuer, parts.random}),
        runner_(parts.store, parts.roles,
                {parts.gate, tables_, partitions_, classifiers_, parts.storage, partition_indexes_, parts.store, parts.clock,
                 parts.random, &connections_, &parts.warehouses}),
        crawlers_(parts.roles, pages_),
        crawl_control_(runner_, parts.random, pages_),
        statistics_runner_(parts.store, parts.roles,
                           {parts.gate, tables_, partitions_, column_statistics_, parts.reader, parts.clock, parts.random}),
        statistics_tasks_(access_, parts.roles, statistics_runner_, parts.random, pages_) {}

  // Crawlers and statistics tasks begin to run; before it, and after Stop(), they only wait.
  Result<void> Start() {
    TRY(runner_.Start());
    return statistics_runner_.Start();
  }
  void Stop() {
    runner_.Stop();
    statistics_runner_.Stop();
  }

  const Databases& databases() const { return databases_; }
  const Tables& tables() const { return tables_; }
  const TableVersions& versions() const { return versions_; }
  const Partitions& partitions() const { return partitions_; }
  const PartitionIndexes& partition_indexes() const { return partition_indexes_; }
  const ColumnStatistics& column_statistics() const { return column_statistics_; }
  const Functions& functions() const { return functions_; }
  const Connections& connections() const { return connections_; }
  const Classifiers& classifiers() const { return classifiers_; }
  const Search& search() const { return search_; }
  const Tags& tags() const { return tags_; }
  const ResourcePolicies& resource_policies() const { return resource_policies_; }
  const QueryTables& query_tables() const { return query_tables_; }
  const TableWrites& table_writes() const { return table_writes_; }
  const Unfiltered& unfiltered() const { return unfiltered_; }
  const Vending& vending() const { return vending_; }
  const Crawlers& crawlers() const { return crawlers_; }
  const CrawlControl& crawl_control() const { return crawl_control_; }
  const StatisticsTasks& statistics_tasks() const { return statistics_tasks_; }

 private:
  Access access_;
  Pages pages_;
  DefinerViews views_;
  Databases databases_;
  Tables tables_;
  TableVersions versions_;
  Partitions partitions_;
  PartitionIndexes partition_indexes_;
  ColumnStatistics column_statistics_;
  Functions functions_;
  Connections connections_;
  Classifiers classifiers_;
  Search search_;
  Tags tags_;
  ResourcePolicies resource_policies_;
  QueryTables query_tables_;
  TableWrites table_writes_;
  QueryAuthorizations authorizations_;
  Unfiltered unfiltered_;
  Vending vending_;
  CrawlRunner runner_;
  Crawlers crawlers_;
  CrawlControl crawl_control_;
  StatisticsRunner statistics_runner_;
  StatisticsTasks statistics_tasks_;
};

}  // namespace hanse::catalog
