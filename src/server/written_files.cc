#include "server/written_files.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"
#include "server/asking.h"
#include "server/governed_tables.h"
#include "server/table_format.h"

namespace hanse::server {
namespace {

namespace glue = wire::glue;

// As Hive writes a partition key's value in a path.
std::string HivePath(std::string_view value) {
  constexpr std::string_view kEscaped = "\"#%'*/:=?\\{[]^";
  std::string path;
  for (char c : value) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || kEscaped.find(c) != std::string_view::npos) {
      path += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      path += c;
    }
  }
  return path;
}

// A definition that the table will have until its columns are known.
glue::CreateTableRequest Creating(const query::OutputRequest& request, const std::optional<glue::TableInput>& made) {
  glue::TableInput input = made.value_or(glue::TableInput{.name = request.table, .table_type = "EXTERNAL_TABLE"});
  if (!made) input.storage_descriptor = glue::StorageDescriptor{.location = request.location};
  return {.database_name = request.database, .table_input = std::move(input)};
}

Error Reworded(Error error, const query::OutputRequest& request) {
  std::string name = fmt::format("awsdatacatalog.{}.{}", Lower(request.database), Lower(request.table));
  if (error.code == ErrorCode::kNotFound) {
    error.name = request.create ? "SCHEMA_NOT_FOUND" : "TABLE_NOT_FOUND";
    error.message = request.create ? fmt::format("SCHEMA_NOT_FOUND: line 1:1: Schema {} not found", Lower(request.database))
                                   : fmt::format("TABLE_NOT_FOUND: Table '{}' does not exist", name);
  } else if (error.code == ErrorCode::kAlreadyExists) {
    error.name = "TABLE_ALREADY_EXISTS";
    error.message = fmt::format("TABLE_ALREADY_EXISTS: line 1:1: Destination table '{}' already exists", name);
  }
  return error;
}

template <class T>
Result<T> Reword(Result<T> result, const query::OutputRequest& request) {
  if (!result) return std::unexpected(Reworded(std::move(result).error(), request));
  return result;
}

}  // namespace

Result<std::unique_ptr<query::QueryOutput>> WrittenFiles::Open(const WriteParts& parts, const gate::Context& as,
                                                               query::OutputRequest request) {
  auto files = std::unique_ptr<WrittenFiles>(new WrittenFiles(parts, as, std::move(request)));
  if (files->request_.table.empty()) {
    files->opened_.table.location = files->request_.location;
    files->opened_.table.keys = files->request_.keys;
  } else if (files->request_.create) {
    TRY(files->RehearseTable());
  } else {
    TRY(files->OpenTable());
  }
  if (!files->target_) TRY(files->DemandEmpty());
  return std::unique_ptr<query::QueryOutput>(std::move(files));
}

catalog::OpenForWrite WrittenFiles::Opening() const {
  catalog::OpenForWrite open;
  open.database = request_.database;
  open.table = request_.table;
  open.alone = request_.create;
  open.query_id = request_.query_id;
  for (const auto& [number, file] : files_) {
    if (!file.values.empty()) open.partitions.push_back(file.values);
  }
  return open;
}

Result<catalog::WritableTable> WrittenFiles::AskTable(const gate::Context& as) const {
  return Reword(parts_.gate.Run(Asking(as, "lakeformation", "GetDataAccess"), Opening(), parts_.writes), request_);
}

Result<void> WrittenFiles::OpenTable() {
  TRY_ASSIGN(opened_, AskTable(as_));
  const glue::Table& table = opened_.definition;
  if (table.table_type.value_or("") == "VIRTUAL_VIEW") {
    return FailAs(ErrorCode::kUnsupported, "NOT_SUPPORTED", "NOT_SUPPORTED: Inserting into views is not supported");
  }
  Target target;
  TRY_ASSIGN(target.format, FormatOf(table));
  if (target.format == engine::DataFormat::kWarehouse) {
    return FailAs(ErrorCode::kUnsupported, "NOT_SUPPORTED", "NOT_SUPPORTED: Inserting into tables in a warehouse is not supported");
  }
  if (target.format == engine::DataFormat::kAvro || target.format == engine::DataFormat::kIceberg) {
    return FailAs(ErrorCode::kUnsupported, "NOT_SUPPORTED",
                  "NOT_SUPPORTED: Inserting into tables of Avro or Iceberg is not supported");
  }
  target.serde = SerdeParametersOf(table);
  target.columns = ColumnsOf(table.storage_descriptor.value_or(glue::StorageDescriptor{}).columns);
  for (engine::ColumnSource& key : ColumnsOf(table.partition_keys)) {
    target.keys.push_back(key.name);
    target.columns.push_back(std::move(key));
  }
  target_ = std::move(target);
  return {};
}

Result<void> WrittenFiles::RehearseTable() {
  const std::optional<glue::TableInput> none;
  auto tried = parts_.gate.Rehearse(as_, [&](const gate::Call& call) -> Result<void> {
    TRY(call.Perform(call.caller(), catalog::CreateTable{Creating(request_, none)}, parts_.tables));
    TRY_ASSIGN(opened_, call.Perform(call.caller(), Opening(), parts_.writes));
    return {};
  });
  opened_.table.keys = request_.keys;
  return Reword(std::move(tried), request_);
}

// Nothing of others becomes part of what is written, and nothing written becomes part of what lies there.
Result<void> WrittenFiles::DemandEmpty() {
  TRY_ASSIGN(auto place, BucketAndPrefix(request_.location));
  gate::Context writer = Asking(as_, "s3", "ListObjectsV2");
  {
    TRY_ASSIGN(auto tx, parts_.store.BeginRead());
    TRY_ASSIGN(writer.caller, WriterOf(*tx, opened_.registered));
  }
  objects::ListPrefix list{.bucket = place.first, .prefix = place.second, .limit = 1};
  auto listed = parts_.gate.Run(writer, list, parts_.inside);
  bool full = listed ? !listed->empty() : listed.error().code == ErrorCode::kLimitExceeded;
  if (!listed && !full) return std::unexpected(std::move(listed).error());
  if (!full) return {};
  return FailAs(ErrorCode::kConflict, "HIVE_PATH_ALREADY_EXISTS",
                fmt::format("HIVE_PATH_ALREADY_EXISTS: Target directory already exists: {}", request_.location));
}

Result<Caller> WrittenFiles::WriterOf(store::Transaction& tx, const Registered& registered) const {
  if (!registered) return as_.caller;
  return AssumePlaceRole(parts_.callers, tx, *registered, as_.caller.account, request_.query_id, parts_.clock.NowMs());
}

Result<void> WrittenFiles::Begin(std::uint64_t file, std::vector<std::string> values, const std::string& extension) {
  TRY_ASSIGN(auto staged, parts_.staging.Begin());
  std::string name = fmt::format("{}_{}{}", request_.query_id, parts_.random.Uuid(), extension);
  files_.emplace(file, File{std::move(values), std::move(name), std::move(staged)});
  return {};
}

Result<void> WrittenFiles::Append(std::uint64_t file, std::string_view bytes) { return files_.at(file).staged->Append(bytes); }

Result<void> WrittenFiles::End(std::uint64_t file) { return files_.at(file).staged->Finish(); }

WrittenFiles::Folder WrittenFiles::FolderOf(const catalog::WritableTable& table, const std::vector<std::string>& values) const {
  if (auto known = table.partitions.find(values); known != table.partitions.end()) {
    return {known->second.location, known->second.registered};
  }
  Folder folder{table.table.location, table.registered, values.empty() || request_.table.empty()};
  if (!folder.location.ends_with('/')) folder.location += '/';
  for (std::size_t i = 0; i < values.size() && i < table.table.keys.size(); ++i) {
    folder.location += table.table.keys[i] + "=" + HivePath(values[i]) + "/";
  }
  return folder;
}

std::vector<std::string> WrittenFiles::PathsIn(const catalog::WritableTable& table) const {
  std::vector<std::string> paths;
  for (const auto& [number, file] : files_) {
    std::string location = FolderOf(table, file.values).location;
    paths.push_back(location + (location.ends_with('/') ? "" : "/") + file.name);
  }
  return paths;
}

Result<std::vector<std::string>> WrittenFiles::Paths() {
  if (target_) {
    TRY_ASSIGN(opened_, AskTable(as_));
  }
  told_ = PathsIn(opened_);
  return told_;
}

Result<void> WrittenFiles::Commit(const std::optional<glue::TableInput>& made) {
  if (request_.table.empty()) {
    if (files_.empty()) return {};
    TRY_ASSIGN(auto place, BucketAndPrefix(request_.location));
    objects::StoreObjects store{.bucket = place.first, .kms_key = request_.kms_key};
    for (const auto& [number, file] : files_) {
      store.objects.push_back({told_[store.objects.size()].substr(sizeof "s3://" + place.first.size()), file.staged});
    }
    return parts_.gate.Run(Asking(as_, "s3", "PutObject"), store, parts_.staging);
  }
  return Reword(parts_.gate.Run(Asking(as_, "athena", "CommitOutput"), CommitOutput{request_, made}, *this), request_);
}

std::string WrittenFiles::CommitOutput::Parameters() const {
  return boost::json::serialize(
      boost::json::object{{"databaseName", request.database}, {"tableName", request.table}, {"queryId", request.query_id}});
}

Result<std::vector<gate::Need>> WrittenFiles::CommitOutput::On(const gate::Context& context, store::Transaction&) const {
  return catalog::NeedOnTable("glue:GetTable", context, std::nullopt, request.database, request.table);
}

Result<void> WrittenFiles::Do(const gate::Authorized<CommitOutput>& call) {
  if (request_.create) TRY(call.Perform(call.caller(), catalog::CreateTable{Creating(request_, call->made)}, parts_.tables));
  TRY_ASSIGN(auto table, call.Perform(call.caller(), Opening(), parts_.writes));
  // What the manifest says is what there is.
  if (PathsIn(table) != told_) return Fail(ErrorCode::kConflict, "the table was changed while the query ran: run it again");
  TRY(Store(call, table));
  return AddPartitions(call, table);
}

Result<void> WrittenFiles::Store(const gate::Call& call, const catalog::WritableTable& table) const {
  struct Group {
    Registered registered;
    objects::StoreObjects store;
  };
  std::map<std::pair<std::string, std::string>, Group> groups;  // By role and bucket.
  for (const auto& [number, file] : files_) {
    Folder folder = FolderOf(table, file.values);
    TRY_ASSIGN(auto place, BucketAndPrefix(folder.location));
    Group& group = groups[{folder.registered ? folder.registered->role_arn : "", place.first}];
    group.registered = folder.registered;
    group.store.bucket = place.first;
    group.store.kms_key = request_.kms_key;
    group.store.objects.push_back({place.second + file.name, file.staged});
  }
  for (const auto& [key, group] : groups) {
    TRY_ASSIGN(Caller writer, WriterOf(call.tx(), group.registered));
    TRY(call.Perform(writer, group.store, parts_.staging));
  }
  return {};
}

Result<void> WrittenFiles::AddPartitions(const gate::Call& call, const catalog::WritableTable& table) const {
  glue::BatchCreatePartitionRequest add{.database_name = request_.database, .table_name = request_.table};
  std::map<std::vector<std::string>, glue::PartitionInput> added;
  for (const auto& [number, file] : files_) {
    Folder folder = FolderOf(table, file.values);
    if (folder.known) continue;
    glue::StorageDescriptor storage = table.definition.storage_descriptor.value_or(glue::StorageDescriptor{});
    storage.location = folder.location;
    added[file.values] = {.values = file.values, .storage_descriptor = std::move(storage)};
  }
  if (added.empty()) return {};
  add.partition_input_list.emplace();
  for (auto& [values, input] : added) add.partition_input_list->push_back(std::move(input));
  TRY_ASSIGN(auto answer, call.Perform(call.caller(), catalog::BatchCreatePartition{std::move(add)}, parts_.partitions));
  if (!answer.errors || answer.errors->empty()) return {};
  const auto& detail = answer.errors->front().error_detail;
  return Fail(ErrorCode::kAccessDenied,
              detail && detail->error_message ? *detail->error_message : "a partition cannot be registered");
}

}  // namespace hanse::server
