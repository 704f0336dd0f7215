#include "server/mesh.h"

#include <filesystem>

#include "audit/index.h"
#include "audit/outbox.h"
#include "audit/segment_journal.h"
#include "blob/local/local_blobs.h"
#include "catalog/catalog.h"
#include "doors/aws/door.h"
#include "doors/pgwire/parts.h"
#include "engine/worker_pool.h"
#include "governance/lake_keeper.h"
#include "identity/callers.h"
#include "identity/iam.h"
#include "identity/saml_sessions.h"
#include "identity/sign_in.h"
#include "identity/simulation.h"
#include "identity/sts.h"
#include "insight/cloudtrail.h"
#include "insight/cloudwatch.h"
#include "keys/keeper.h"
#include "keys/key_policy.h"
#include "keys/kms.h"
#include "keys/root_key.h"
#include "objects/bucket_policy.h"
#include "objects/buckets.h"
#include "objects/sweeper.h"
#include "objects/uploads.h"
#include "organisation/guardrails.h"
#include "query/data_catalog.h"
#include "query/data_usage.h"
#include "query/direct.h"
#include "query/execution.h"
#include "query/metadata.h"
#include "query/named_query.h"
#include "query/prepared_statement.h"
#include "query/tagging.h"
#include "query/workgroup.h"
#include "secrets/keeper.h"
#include "secrets/secret_policy.h"
#include "secrets/secrets.h"
#include "server/account_baseline.h"
#include "server/athena_metrics.h"
#include "server/connection_keys.h"
#include "server/crawl_storage.h"
#include "server/data_keys.h"
#include "server/first_start.h"
#include "server/history_keeper.h"
#include "server/lake_services.h"
#include "server/past_moments.h"
#include "server/past_reads.h"
#include "server/query_world.h"
#include "server/role_sessions.h"
#include "server/table_reader.h"
#include "server/table_samples.h"
#include "server/vended_credentials.h"
#include "server/warehouses.h"
#include "steward/access_review.h"
#include "steward/doctor.h"
#include "steward/mesh_plan.h"
#include "store/sqlite/sqlite_store.h"

namespace hanse::server {
namespace {

constexpr int kQueriesAtOnce = 8;

engine::WorkerPool::Options WorkerOptions(const std::string& data) {
  return {.command = {"/proc/self/exe", "worker", "--fd"},
          .spill_directory = data,
          .workers_max = kQueriesAtOnce + 2};  // One for samples, one for statistics.
}

}  // namespace

// In the order in which they are made; the last is ended first.
struct Mesh::Parts {
  Parts(ServeOptions serve, crypto::Key root_key, std::unique_ptr<store::Store> opened_store,
        std::unique_ptr<blob::Blobs> opened_blobs, std::unique_ptr<audit::SegmentJournal> opened_journal,
        std::unique_ptr<audit::Index> opened_index);
  gate::Gate::Parts GateParts();
  void NoteUse(const Caller& caller, const RequestInfo& info) {
    key_uses.Note(caller.access_key, {info.now_ms, info.service, info.region});
  }

  SystemClock clock;
  SystemRandom random;
  const ServeOptions options;
  const crypto::Key key;
  std::unique_ptr<store::Store> store;
  governance::LakeKeeper lake_keeper;  // Whoever commits to the store ends before it.
  std::unique_ptr<blob::Blobs> blobs;
  std::unique_ptr<audit::SegmentJournal> journal;
  std::unique_ptr<audit::Index> index;
  audit::Outbox outbox;

  keys::Materials materials;
  keys::DomainKeys domain_keys;
  AccountBaseline baseline;
  organisation::Organisation organisation;
  identity::Callers callers;
  identity::SignIn sign_in;
  identity::KeyUses key_uses;
  identity::Iam iam;
  identity::Sts sts;
  identity::SamlSessions saml_sessions;
  identity::Simulator simulator;
  LakeServices lake;
  objects::BucketPolicies bucket_policies;
  keys::KeyPolicies key_policies;
  secrets::SecretPolicies secret_policies;
  catalog::CatalogPolicies catalog_policies;
  VendedCredentials vended;
  gate::Gate gate;
  keys::Kms kms;
  keys::Keeper key_keeper;
  SecretKeys secret_keys;
  secrets::Secrets secrets;
  secrets::Keeper secret_keeper;
  DataKeys data_keys;

  objects::Parts object_parts;
  objects::Buckets buckets;
  objects::Objects objects;
  objects::Uploads uploads;
  objects::Inside inside;
  objects::Staging staging;
  objects::Sweeper sweeper;
  RoleSessions role_sessions;
  CrawlStorage crawl_storage;
  ConnectionKeys connection_keys;
  Warehouses warehouses;
  TableReader table_reader;
  catalog::Catalog catalog;
  engine::WorkerPool workers;
  HeldRights held_rights;
  QueryWorld world;
  AthenaMetrics athena_metrics;
  query::Runner runner;
  query::WorkGroups workgroups;
  query::DataUsage data_usage;
  query::Executions executions;
  query::DirectQueries direct;
  query::DataCatalogs data_catalogs;
  query::Tagging tagging;
  query::Metadata metadata;
  query::NamedQueries named_queries;
  query::PreparedStatements prepared_statements;
  insight::CloudTrail trail;
  insight::CloudWatch cloudwatch;
  PastReads past_reads;
  PastMoments past_moments;
  HistoryKeeper history_keeper;
  TableSamples samples;
  steward::AccessReview access_review;
  steward::MeshPlan mesh_plan;
  steward::Doctor doctor;
  aws::Door door;
  pgwire::Parts pgwire;
};

gate::Gate::Parts Mesh::Parts::GateParts() {
  return {*store,
          *journal,
          clock,
          random,
          callers,
          {{"s3", &bucket_policies},
           {"kms", &key_policies},
           {"secretsmanager", &secret_policies},
           {"glue", &catalog_policies},
           {"sts", &callers}},
          &vended};
}

Mesh::Parts::Parts(ServeOptions serve, crypto::Key root_key, std::unique_ptr<store::Store> opened_store,
                   std::unique_ptr<blob::Blobs> opened_blobs, std::unique_ptr<audit::SegmentJournal> opened_journal,
                   std::unique_ptr<audit::Index> opened_index)
    : options(std::move(serve)),
      key(std::move(root_key)),
      store(std::move(opened_store)),
      blobs(std::move(opened_blobs)),
      journal(std::move(opened_journal)),
      index(std::move(opened_index)),
      outbox(*store, *journal),
      materials(key, random),
      domain_keys(materials, random),
      baseline(domain_keys, random, options.region),
      organisation({key, random, baseline}),
      callers(organisation::PlacementOf),
      sign_in(*store, key, clock, callers),
      iam({key, random, key_uses}),
      sts(key, random),
      saml_sessions(*store, callers, sts, options.saml_audiences),
      simulator(callers),
      lake(random, clock, lake_keeper),
      catalog_policies(lake.source()),
      vended(callers, sts, catalog),
      gate(GateParts()),
      kms(materials, key, random),
      key_keeper(gate, *store, materials, clock, random),
      secret_keys(domain_keys),
      secrets(secret_keys, key, random),
      secret_keeper(gate, *store, clock, random),
      data_keys(domain_keys),
      object_parts{*store, *blobs, data_keys, random, key},
      buckets(data_keys, random, key),
      objects(object_parts),
      uploads(object_parts),
      inside(object_parts),
      staging(object_parts),
      sweeper(*store, *blobs, clock),
      role_sessions(callers, clock),
      crawl_storage(gate, objects, inside),
      connection_keys(domain_keys, kms),
      warehouses({*store, gate, secrets, catalog, clock, random},
                 warehouse::AllowedHosts::Parse(options.warehouses).value_or(warehouse::AllowedHosts()), options.warehouse_ca),
      table_reader(workers, world, random),
      catalog({lake.source(), lake.source(), gate, *store, role_sessions, crawl_storage, table_reader, vended, connection_keys,
               warehouses, clock, random, key, &lake.source()}),
      workers(WorkerOptions(options.data)),
      held_rights(gate, GateParts(), catalog.query_tables()),
      world({gate, *store, clock, callers, catalog.query_tables(), held_rights, catalog.databases(), catalog.tables(),
             catalog.partitions(), inside, warehouses, catalog.table_writes(), staging, random}),
      runner({.store = *store,
              .clock = clock,
              .engine = workers,
              .world = world,
              .threads = kQueriesAtOnce,
              .metrics = &athena_metrics}),
      executions(runner, world, random),
      direct(gate, clock, workers, world, runner, random),
      metadata(world),
      named_queries(random),
      trail(*index, outbox),
      past_reads(*index),
      past_moments(options.data),
      history_keeper(*store, clock, options.history_days),
      samples(workers, world, random),
      access_review({gate, callers, lake.source()}, past_moments),
      mesh_plan({gate, callers, lake.source()}, {callers, organisation, random}, past_reads),
      doctor({gate, callers, lake.source()}, past_reads, samples, clock),
      door({gate, sign_in, clock, random, *journal,
            [this](const Caller& caller, const RequestInfo& info) { NoteUse(caller, info); }}),
      pgwire{direct, sign_in,        clock,
             random, options.region, [this](const Caller& caller, const RequestInfo& info) { NoteUse(caller, info); }} {
  door.Serve(organisation, organisation::Operations{});
  door.Serve(iam, identity::IamOperations{});
  door.Serve(sts, identity::StsOperations{});
  door.Serve(saml_sessions, identity::SamlOperations{});
  door.Serve(simulator, identity::SimulationOperations{});
  door.Serve(kms, keys::Operations{});
  door.Serve(secrets, secrets::Operations{});
  door.Serve(buckets, objects::BucketOperations{});
  door.Serve(objects, objects::ObjectOperations{});
  door.Serve(uploads, objects::UploadOperations{});
  lake.Serve(door);
  door.Serve(catalog.databases(), catalog::database::Operations{});
  door.Serve(catalog.tables(), catalog::table::Operations{});
  door.Serve(catalog.versions(), catalog::version::Operations{});
  door.Serve(catalog.partitions(), catalog::partition::Operations{});
  door.Serve(catalog.partition_indexes(), catalog::partition_index::Operations{});
  door.Serve(catalog.column_statistics(), catalog::column_statistics::Operations{});
  door.Serve(catalog.functions(), catalog::function::Operations{});
  door.Serve(catalog.connections(), catalog::connection::Operations{});
  door.Serve(catalog.classifiers(), catalog::classifier::Operations{});
  door.Serve(catalog.unfiltered(), catalog::unfiltered::Operations{});
  door.Serve(catalog.vending(), catalog::vending::Operations{});
  door.Serve(catalog.search(), catalog::search::Operations{});
  door.Serve(catalog.tags(), catalog::tags::Operations{});
  door.Serve(catalog.resource_policies(), catalog::resource_policy::Operations{});
  door.Serve(catalog.crawlers(), catalog::crawler::Operations{});
  door.Serve(catalog.crawl_control(), catalog::crawl_control::Operations{});
  door.Serve(catalog.statistics_tasks(), catalog::statistics_task::Operations{});
  door.Serve(workgroups, query::WorkGroupOperations{});
  door.Serve(data_usage, query::DataUsageOperations{});
  door.Serve(executions, query::ExecutionOperations{});
  door.Serve(data_catalogs, query::DataCatalogOperations{});
  door.Serve(tagging, query::TaggingOperations{});
  door.Serve(metadata, query::MetadataOperations{});
  door.Serve(named_queries, query::NamedQueryOperations{});
  door.Serve(prepared_statements, query::PreparedStatementOperations{});
  door.Serve(trail, insight::Operations{});
  door.Serve(cloudwatch, insight::MetricOperations{});
  door.Serve(access_review, steward::AccessReviewOperations{});
  door.Serve(mesh_plan, steward::MeshPlanOperations{});
  door.Serve(doctor, steward::DoctorOperations{});
}

Mesh::Mesh(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
// What runs by itself ends before the workers that it asks.
Mesh::~Mesh() { parts_->catalog.Stop(); }

Result<std::unique_ptr<Mesh>> Mesh::Open(const Directory& directory, const ServeOptions& options) {
  // Journal and blobs, which are opened before Parts, keep these as long as the process lives.
  static const SystemClock clock;
  static SystemRandom random;
  bool first = !std::filesystem::exists(directory.Path("hanse.db"));
  auto missing = first ? keys::MissingRoot::kDraw : keys::MissingRoot::kRefuse;
  TRY_ASSIGN(crypto::Key key, keys::LoadRootKey(directory.Path("keys"), random, missing));
  TRY_ASSIGN(auto store, store::SqliteStore::Open(directory.Path("hanse.db")));
  TRY(store::Migrate(*store));
  TRY(store::KeepHistory(*store));
  store::SqliteStore& followed = *store;
  TRY_ASSIGN(auto blobs, blob::LocalBlobs::Open(directory.Path("blobs"), random));
  TRY_ASSIGN(auto journal, audit::SegmentJournal::Open({.folder = directory.Path("journal")}, clock));
  TRY_ASSIGN(auto index, audit::Index::Open(directory.Path("journal")));
  auto parts =
      std::make_unique<Parts>(options, std::move(key), std::move(store), std::move(blobs), std::move(journal), std::move(index));
  TRY(followed.Follow(parts->lake_keeper));
  TRY(parts->runner.FailLeftovers());
  TRY(parts->sweeper.DeleteOrphans(parts->clock.NowMs()));
  TRY(parts->workers.Warm());
  return std::unique_ptr<Mesh>(new Mesh(std::move(parts)));
}

Result<void> Mesh::Begin(const Directory& directory, const std::string& endpoint_url) {
  TRY(FirstStart(directory, parts_->options, *parts_->store, parts_->key, parts_->random, parts_->clock, parts_->organisation,
                 endpoint_url));
  parts_->sweeper.Start();
  parts_->key_keeper.Start();
  parts_->secret_keeper.Start();
  parts_->history_keeper.Start();
  return parts_->catalog.Start();
}

aws::Door& Mesh::door() { return parts_->door; }
const pgwire::Parts& Mesh::pgwire() const { return parts_->pgwire; }
const Clock& Mesh::clock() const { return parts_->clock; }

}  // namespace hanse::server
