#include "server/governed_tables.h"

#include <unistd.h>

#include <fcntl.h>

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/names.h"
#include "catalog/partition_projection.h"
#include "query/grounds.h"
#include "server/asking.h"
#include "server/table_format.h"
#include "server/table_source.h"

namespace hanse::server {
namespace {

constexpr std::size_t kObjectsMax = 1'000'000;                           // Of one query's Iceberg tables.
constexpr std::string_view kHiveDefault = "__HIVE_DEFAULT_PARTITION__";  // How Hive writes a NULL in a partition's value.

// Hive leaves out files whose name, or whose folder's name, begins with '_' or '.'.
bool IsData(std::string_view below, std::uint64_t bytes) {
  if (bytes == 0 || below.ends_with('/')) return false;
  for (const std::string& part : Split(below, '/')) {
    if (part.starts_with('_') || part.starts_with('.')) return false;
  }
  return true;
}

// What both were made of, as of the earlier one.
void Unite(const store::Basis& more, store::Basis* basis) {
  basis->moment = std::min(basis->moment, more.moment);
  basis->tables.insert(more.tables.begin(), more.tables.end());
}

std::string VersionOf(const std::string& bucket, const objects::ListedObject& object) {
  return fmt::format("{}/{} {} {} {}", bucket, object.key, object.etag, object.size, object.modified_ms);
}

}  // namespace

Result<Caller> AssumePlaceRole(identity::Callers& callers, store::Transaction& tx, const gate::RegisteredLocation& registered,
                               const AccountId& account, const std::string& query_id, TimeMs now_ms) {
  std::string session = fmt::format("AWSLF-00-AT-{}-{}", account, query_id.substr(0, 8));
  TRY_ASSIGN(Caller caller, callers.AssumeForService(tx, registered.role_arn, "lakeformation.amazonaws.com", session, now_ms));
  caller.invoked_by = "lakeformation.amazonaws.com";
  return caller;
}

Result<GovernedTables::Reader> GovernedTables::ReaderOf(const gate::Context& as,
                                                        const std::optional<gate::RegisteredLocation>& registered) {
  auto reader = std::make_shared<gate::Context>(as);
  reader->info.service = "s3";
  if (!registered) return Reader(std::move(reader));
  TRY_ASSIGN(auto tx, parts_.store.BeginRead());
  TRY_ASSIGN(reader->caller, AssumePlaceRole(parts_.callers, *tx, *registered, as.caller.account, query_id_, parts_.clock.NowMs()));
  return Reader(std::move(reader));
}

engine::FileSource GovernedTables::Add(const Reader& reader, const std::string& bucket, const objects::ListedObject& object) {
  known_.push_back({reader, bucket, object.key});
  return {.object = known_.size(),
          .bytes = object.size,
          .gzip = object.key.ends_with(".gz"),
          .partition = {},
          .version = VersionOf(bucket, object)};
}

Result<void> GovernedTables::AddFiles(const gate::Context& as, const std::string& location,
                                      const std::optional<gate::RegisteredLocation>& registered,
                                      std::vector<engine::FileSource>* files) {
  TRY_ASSIGN(auto place, BucketAndPrefix(location));
  TRY_ASSIGN(Reader reader, ReaderOf(as, registered));
  objects::ListPrefix list{place.first, place.second};
  TRY_ASSIGN(auto listed, parts_.gate.Run(*reader, list, parts_.inside));
  for (const objects::ListedObject& object : listed) {
    if (!IsData(std::string_view(object.key).substr(place.second.size()), object.size)) continue;
    files->push_back(Add(reader, place.first, object));
  }
  return {};
}

Result<void> GovernedTables::AddPartitions(const gate::Context& as, const catalog::GovernedTable& governed,
                                           std::vector<engine::FileSource>* files) {
  // By who reads a place (nothing: the caller himself) and its bucket.
  std::map<std::pair<std::optional<std::string>, std::string>, std::vector<ListedPlace>> groups;
  for (std::size_t i = 0; i < governed.partitions.size(); ++i) {
    const catalog::GovernedPartition& partition = governed.partitions[i];
    TRY_ASSIGN(auto place, BucketAndPrefix(partition.location));
    auto role = partition.registered ? std::optional(partition.registered->role_arn) : std::nullopt;
    groups[{std::move(role), std::move(place.first)}].push_back({std::move(place.second), i});
  }
  std::vector<std::vector<engine::FileSource>> of(governed.partitions.size());
  for (auto& [key, places] : groups) {
    TRY_ASSIGN(Reader reader, ReaderOf(as, governed.partitions[places.front().partition].registered));
    std::ranges::sort(places, {}, &ListedPlace::prefix);  // Neighbours are listed together.
    for (std::size_t from = 0; from < places.size(); from += objects::ListPrefixes::kPrefixesMax) {
      const std::size_t count = std::min(objects::ListPrefixes::kPrefixesMax, places.size() - from);
      TRY(AddPlaces(reader, key.second, std::span(places).subspan(from, count), governed, &of));
    }
  }
  for (auto& one : of) std::ranges::move(one, std::back_inserter(*files));
  return {};
}

Result<void> GovernedTables::AddPlaces(const Reader& reader, const std::string& bucket, std::span<const ListedPlace> places,
                                       const catalog::GovernedTable& governed,
                                       std::vector<std::vector<engine::FileSource>>* files) {
  objects::ListPrefixes list{.bucket = bucket};
  for (const ListedPlace& place : places) list.prefixes.push_back(place.prefix);
  TRY_ASSIGN(auto listed, parts_.gate.Run(*reader, list, parts_.inside));
  for (const ListedPlace& place : places) {
    std::vector<std::optional<std::string>> values;
    for (const std::string& value : governed.partitions[place.partition].values) {
      values.push_back(value == kHiveDefault ? std::nullopt : std::optional(value));
    }
    // A folder may lie in another one, and be that of two partitions.
    auto object = std::ranges::lower_bound(listed, place.prefix, {}, &objects::ListedObject::key);
    for (; object != listed.end() && object->key.starts_with(place.prefix); ++object) {
      if (!IsData(std::string_view(object->key).substr(place.prefix.size()), object->size)) continue;
      auto& added = (*files)[place.partition].emplace_back(Add(reader, bucket, *object));
      added.partition = values;
    }
  }
  return {};
}

Result<void> GovernedTables::AddProjected(const gate::Context& as, const catalog::GovernedTable& governed,
                                          std::vector<engine::FileSource>* files) {
  TRY_ASSIGN(auto projection, catalog::PartitionProjection::Of(governed.definition, parts_.clock.NowMs()));
  // Who made the table showed a right to its own place alone: wherever else its parameters point, the caller reads with his own.
  bool inside = catalog::LiesBelow(projection.common_place(), governed.table.location);
  TRY_ASSIGN(auto place, BucketAndPrefix(projection.common_place()));
  TRY_ASSIGN(Reader reader, ReaderOf(as, inside ? governed.registered : std::nullopt));
  objects::ListPrefix list{place.first, place.second};
  TRY_ASSIGN(auto listed, parts_.gate.Run(*reader, list, parts_.inside));
  for (const objects::ListedObject& object : listed) {
    if (!IsData(std::string_view(object.key).substr(place.second.size()), object.size)) continue;
    auto values = projection.ValuesOf(fmt::format("s3://{}/{}", place.first, object.key));
    if (!values) continue;
    files->push_back(Add(reader, place.first, object));
    files->back().partition = {values->begin(), values->end()};
  }
  return {};
}

Result<std::uint64_t> GovernedTables::Know(const IcebergPlace& place, const std::string& object) {
  if (known_.size() >= kObjectsMax) return Fail(ErrorCode::kLimitExceeded, "NOT_SUPPORTED: a query of this many files");
  TRY_ASSIGN(auto at, BucketAndKey(object));
  const bool inside = at.first == place.bucket && at.second.starts_with(place.prefix);
  known_.push_back({inside ? place.inside : place.outside, std::move(at.first), std::move(at.second)});
  return known_.size();
}

Result<void> GovernedTables::AddIceberg(const gate::Context& as, const catalog::GovernedTable& governed,
                                        std::vector<engine::FileSource>* files) {
  auto parameters = governed.definition.parameters.value_or(std::map<std::string, std::string>{});
  auto metadata = parameters.find("metadata_location");
  if (metadata == parameters.end())
    return Fail(ErrorCode::kUnsupported, "NOT_SUPPORTED: an Iceberg table without metadata_location");
  TRY_ASSIGN(auto at, BucketAndPrefix(governed.table.location));
  IcebergPlace place{.bucket = std::move(at.first), .prefix = std::move(at.second)};
  TRY_ASSIGN(place.inside, ReaderOf(as, governed.registered));
  TRY_ASSIGN(place.outside, ReaderOf(as, std::nullopt));
  TRY_ASSIGN(std::uint64_t object, Know(place, metadata->second));
  iceberg_.emplace(object, std::move(place));
  files->push_back({.object = object, .version = metadata->second});  // Each commit writes another metadata file.
  return {};
}

Result<std::vector<std::uint64_t>> GovernedTables::Locate(std::uint64_t metadata, const std::vector<std::string>& places) {
  auto table = iceberg_.find(metadata);
  if (table == iceberg_.end()) return Fail(ErrorCode::kNotFound, "no such Iceberg table in this query");
  std::vector<std::uint64_t> objects;
  for (const std::string& place : places) {
    TRY_ASSIGN(std::uint64_t object, Know(table->second, place));
    objects.push_back(object);
  }
  return objects;
}

void GovernedTables::AddWarehouse(const catalog::GovernedTable& governed, std::vector<engine::FileSource>* files) {
  const std::uint64_t object =
      warehouses_.Know({.account = governed.table.account, .region = governed.table.region, .place = *governed.warehouse()});
  // Nobody knows what is there: no answer is as good as another one of the same text.
  files->push_back({.object = object, .bytes = WarehouseBytesOf(governed.definition), .version = query_id_});
}

Result<int> GovernedTables::ReadRows(std::uint64_t object, const std::vector<std::string>& columns) {
  return warehouses_.Start(object, columns);
}

Result<void> GovernedTables::CheckCatalog(const engine::DatabaseName& name) {
  if (catalogs_.contains({name.catalog, name.account})) return {};
  auto got = parts_.world.Call(as_, wire::athena::GetDataCatalogInput{.name = name.catalog});
  if (!got || got->data_catalog->parameters != std::map<std::string, std::string>{{"catalog-id", name.account}}) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("CATALOG_NOT_FOUND: Catalog '{}' not found", name.catalog));
  }
  catalogs_.insert({name.catalog, name.account});
  return {};
}

Result<catalog::GovernedTable> GovernedTables::Opened(const gate::Context& as, std::string_view database, std::string_view table,
                                                      const engine::ColumnConditions& conditions,
                                                      const std::optional<catalog::BeneathView>& beneath) {
  catalog::OpenForQuery open;
  const engine::DatabaseName name = engine::DatabaseName::Of(database);
  if (!name.account.empty()) TRY(CheckCatalog(name));
  open.catalog_id = name.catalog_id();
  open.database = name.database;
  open.table = table;
  open.query_id = query_id_;
  open.beneath = beneath;
  for (const engine::ColumnCondition& condition : conditions) open.needed.push_back(NeededOf(condition));
  return parts_.gate.Run(Asking(as, "lakeformation", "GetDataAccess"), open, parts_.tables);
}

Result<engine::TableSource> GovernedTables::ResolveWhere(std::string_view database, std::string_view table,
                                                         const engine::ColumnConditions& conditions) {
  auto opened = Opened(as_, database, table, conditions, std::nullopt);
  if (!opened && opened.error().code == ErrorCode::kNotFound) {
    // One text for missing and for hidden.
    return Fail(ErrorCode::kNotFound, fmt::format("TABLE_NOT_FOUND: Table '{}.{}' does not exist",
                                                  Lower(engine::DatabaseName::Of(database).Whole()), Lower(table)));
  }
  if (!opened) return std::unexpected(std::move(opened).error());
  catalog::GovernedTable governed = std::move(*opened);
  TRY_ASSIGN(engine::TableSource source, SourceOf(governed, database, table));
  if (governed.definer_view()) {
    views_.push_back(query::GroundOf(source));
    source.definer_view = views_.size();
    filtered_ = governed_ = true;
  }
  return Scanned(as_, governed, std::move(source));
}

Result<engine::TableSource> GovernedTables::ResolveBeneath(std::uint64_t view, std::string_view database, std::string_view table) {
  if (view == 0 || view > views_.size()) return Fail(ErrorCode::kNotFound, "no such view in this query");
  store::Basis basis;
  TRY_ASSIGN(Definer definer, DefinerOf(views_[view - 1], &basis));
  TRY_ASSIGN(auto governed, Opened(definer.as, database, table, {}, definer.beneath));
  TRY_ASSIGN(engine::TableSource source, SourceOf(governed, database, table));
  return Scanned(definer.as, governed, std::move(source));
}

Result<GovernedTables::Definer> GovernedTables::DefinerOf(const query::TableGround& view, store::Basis* basis) {
  gate::Context as = Asking(as_, "lakeformation", "GetDataAccess");
  as.info.now_ms = parts_.clock.NowMs();
  catalog::GovernedTable opened;
  TRY(parts_.held.Hold(as, {.ground = view, .query_id = query_id_, .basis = basis, .opened = &opened}));
  const auto stands = opened.definer_view();
  TRY_ASSIGN(engine::TableSource now, SourceOf(opened, view.database, view.table));
  // What runs is the text of before: no other definer lends it his eyes.
  if (!stands || query::GroundOf(now).data != view.data) {
    return Fail(ErrorCode::kAccessDenied, fmt::format("{} was changed while the query ran", view.shown()));
  }
  Definer definer{as, {opened.table.id, {}, as_.caller}};
  definer.as.info.region = opened.table.region;
  const store::TableRow& row = opened.table;
  definer.beneath.arn = catalog::TableArn(row.region, row.account, row.database_name, row.name);
  TRY_ASSIGN(auto tx, parts_.store.BeginRead());
  TRY_ASSIGN(definer.as.caller, parts_.callers.AssumeForService(
                                    *tx, *stands->definer, catalog::kLakeFormationService,
                                    fmt::format("AWSLF-00-VW-{}-{}", as_.caller.account, query_id_.substr(0, 8)), as.info.now_ms));
  Unite(tx->basis(), basis);
  return definer;
}

Result<engine::TableSource> GovernedTables::Scanned(const gate::Context& as, const catalog::GovernedTable& governed,
                                                    engine::TableSource source) {
  reader_ = ReaderRoleOf(governed);
  if (governed.view()) return source;
  filtered_ = filtered_ || !source.row_filter.empty() || !source.masks.empty();
  auto registered = [](const catalog::GovernedPartition& partition) { return partition.registered.has_value(); };
  governed_ = governed_ || governed.registered || std::ranges::any_of(governed.partitions, registered);
  if (source.format == engine::DataFormat::kIceberg) {
    TRY(AddIceberg(as, governed, &source.files));
    return source;
  }
  if (source.format == engine::DataFormat::kWarehouse) {
    governed_ = governed_ || !governed.access.by_iam;
    AddWarehouse(governed, &source.files);
    return source;
  }
  if (source.keys.empty()) {
    TRY(AddFiles(as, governed.table.location, governed.registered, &source.files));
    return source;
  }
  if (catalog::PartitionProjection::Enabled(governed.definition)) {
    TRY(AddProjected(as, governed, &source.files));
    return source;
  }
  TRY(AddPartitions(as, governed, &source.files));
  return source;
}

Result<void> GovernedTables::HoldRights(const query::TableGround& ground, store::Basis* basis) {
  if (ground.above) {
    TRY_ASSIGN(Definer definer, DefinerOf(*ground.above, basis));
    store::Basis beneath;
    TRY(parts_.held.Hold(definer.as, {.ground = ground, .query_id = query_id_, .basis = &beneath, .beneath = definer.beneath}));
    Unite(beneath, basis);
    return {};
  }
  gate::Context as = Asking(as_, "lakeformation", "GetDataAccess");
  as.info.now_ms = parts_.clock.NowMs();
  return parts_.held.Hold(as, {ground, query_id_, basis});
}

Result<std::vector<std::string>> GovernedTables::DataBelow(const wire::glue::Table& table) {
  auto opened = Opened(as_, table.database_name.value_or(""), table.name.value_or(""), {}, std::nullopt);
  TRY_ASSIGN(Reader reader, ReaderOf(as_, opened ? opened->registered : std::nullopt));
  std::string location = table.storage_descriptor ? table.storage_descriptor->location.value_or("") : "";
  TRY_ASSIGN(auto place, BucketAndPrefix(location));
  objects::ListPrefix list{place.first, place.second};
  TRY_ASSIGN(auto listed, parts_.gate.Run(*reader, list, parts_.inside));
  std::vector<std::string> keys;
  for (const objects::ListedObject& object : listed) {
    std::string below = object.key.substr(place.second.size());
    if (IsData(below, object.size)) keys.push_back(std::move(below));
  }
  return keys;
}

Result<engine::OpenObject> GovernedTables::Open(std::uint64_t object) {
  if (object == 0 || object > known_.size()) return Fail(ErrorCode::kNotFound, "no such object in this query");
  const Known& known = known_[object - 1];
  objects::OpenObjects open{known.bucket, {known.key}};
  TRY_ASSIGN(auto opened, parts_.gate.Run(*known.as, open, parts_.inside));
  // The worker's copy: the reader's own descriptor goes with it.
  int fd = fcntl(opened.front().reader->sealed_fd(), F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return Fail(ErrorCode::kUnavailable, "the object cannot be handed to a worker");
  return engine::OpenObject{fd, opened.front().key};
}

Result<std::vector<engine::ListedTable>> GovernedTables::List() {
  std::vector<engine::ListedTable> all;
  std::optional<std::string> databases_token;
  do {
    TRY_ASSIGN(auto databases, parts_.world.Call(as_, wire::glue::GetDatabasesRequest{.next_token = databases_token}));
    for (const auto& database : databases.database_list.value_or(std::vector<wire::glue::Database>{})) {
      std::optional<std::string> token;
      all.push_back({*database.name, {}, {}, {}});
      do {
        auto tables = parts_.world.Call(as_, wire::glue::GetTablesRequest{.database_name = database.name, .next_token = token});
        if (!tables) break;  // Gone meanwhile, or a link that leads nowhere.
        for (const auto& table : tables->table_list.value_or(std::vector<wire::glue::Table>{})) {
          engine::ListedTable listed{*database.name, *table.name, table.table_type == "VIRTUAL_VIEW" ? "VIEW" : "BASE TABLE", {}};
          if (table.storage_descriptor) listed.columns = ColumnsOf(table.storage_descriptor->columns);
          for (engine::ColumnSource& key : ColumnsOf(table.partition_keys)) listed.columns.push_back(std::move(key));
          all.push_back(std::move(listed));
        }
        token = tables->next_token;
      } while (token);
    }
    databases_token = databases.next_token;
  } while (databases_token);
  return all;
}

}  // namespace hanse::server
