#include "query/writing.h"

#include <fmt/format.h>

#include "base/text.h"
#include "query/operation.h"
#include "query/output_format.h"

namespace hanse::query {
namespace {

using Kind = WriteStatement::Kind;

engine::QueryOutcome OutcomeOf(const Error& error) {
  bool ours = error.code == ErrorCode::kInternal || error.code == ErrorCode::kUnavailable;
  std::string type = error.name;
  if (error.code == ErrorCode::kAccessDenied) type = "PERMISSION_DENIED";
  if (error.message.starts_with("TABLE_NOT_FOUND: ")) type = "TABLE_NOT_FOUND";
  return {.category = ours ? engine::ErrorCategory::kSystem : engine::ErrorCategory::kUser,
          .type = type,
          .message = type == "PERMISSION_DENIED" ? "PERMISSION_DENIED: " + error.message : error.message};
}

// Hands the engine's files to where they are staged.
class FileSink final : public engine::ResultSink {
 public:
  FileSink(QueryOutput& output, std::string extension) : output_(output), extension_(std::move(extension)) {}
  Result<void> Columns(const std::vector<engine::ResultColumn>&) override { return Rows({}); }
  Result<void> Rows(std::vector<engine::ResultRow>) override {
    return Fail(ErrorCode::kInternal, "a statement that writes answers with rows");
  }
  Result<void> OutputColumns(std::vector<engine::ColumnSource> told) override {
    columns = std::move(told);
    return {};
  }
  Result<void> FileBegins(std::uint64_t file, std::vector<std::string> values) override {
    return output_.Begin(file, std::move(values), extension_);
  }
  Result<void> FileBytes(std::uint64_t file, std::string_view bytes) override { return output_.Append(file, bytes); }
  Result<void> FileEnds(std::uint64_t file) override { return output_.End(file); }

  std::vector<engine::ColumnSource> columns;

 private:
  QueryOutput& output_;
  std::string extension_;
};

// "s3://bucket/prefix/", or the error that it is none.
Result<std::string> FolderAt(std::string place) {
  bool there = place.starts_with("s3://") && place.size() > 5 && place[5] != '/';
  if (!there || place.find('/', 5) == std::string::npos) {
    return FailAs(ErrorCode::kInvalidArgument, "INVALID_TABLE_PROPERTY",
                  "INVALID_TABLE_PROPERTY: the place must be s3://bucket/prefix/: " + place);
  }
  return place.ends_with('/') ? place : place + "/";
}

struct Prepared {
  WriteStatement statement;
  engine::OutputPlan plan;
  OutputRequest request;
  std::unique_ptr<QueryOutput> output;  // Nothing: IF NOT EXISTS, and it does.
};

Result<Prepared> Prepare(World& world, const gate::Context& as, const engine::QueryJob& job, const WritePlace& to) {
  TRY_ASSIGN(auto statement, ParseWrite(job.sql));
  Prepared prepared{.statement = std::move(statement), .request = {.query_id = job.id, .kms_key = to.kms_key}};
  const WriteStatement& write = prepared.statement;
  OutputRequest& request = prepared.request;
  if (write.kind != Kind::kUnload) {
    const std::string& catalog = write.catalog.empty() ? job.catalog : write.catalog;
    if (!catalog.empty() && !EqualsIgnoreCase(catalog, kCatalog)) {
      return FailAs(ErrorCode::kUnsupported, "NOT_SUPPORTED", "NOT_SUPPORTED: statements write to AwsDataCatalog alone");
    }
    request.database = write.database.empty() ? Lower(job.database) : write.database;
    request.table = write.table;
    request.create = write.kind == Kind::kCreate;
    if (request.database.empty()) {
      return FailAs(ErrorCode::kInvalidArgument, "MISSING_SCHEMA_NAME",
                    "MISSING_SCHEMA_NAME: line 1:1: Schema must be specified when session schema is not set");
    }
  }
  if (write.kind != Kind::kInsert) {
    TRY_ASSIGN(prepared.plan, PlanOf(write));
    request.keys = prepared.plan.keys;
    auto own = write.properties.find("external_location");
    std::string place = write.kind == Kind::kUnload ? write.place : to.tables;
    if (own != write.properties.end() && !own->second.empty()) place = own->second.front();
    TRY_ASSIGN(request.location, FolderAt(place));
  }
  auto output = world.OpenOutput(as, request);
  if (!output && write.tolerant && output.error().code == ErrorCode::kAlreadyExists) return prepared;
  if (!output) return std::unexpected(std::move(output).error());
  prepared.output = std::move(*output);
  if (write.kind == Kind::kInsert) {
    TRY_ASSIGN(prepared.plan, PlanOf(write, *prepared.output->target()));
  }
  return prepared;
}

// Lists the files, then makes them and their table be there.
Result<void> Complete(World& world, const gate::Context& as, const Prepared& prepared,
                      const std::vector<engine::ColumnSource>& columns, const std::string& manifest) {
  TRY_ASSIGN(auto paths, prepared.output->Paths());
  std::string list;
  for (const std::string& path : paths) list += path + "\n";
  TRY(world.WriteObjects(as, {{manifest, std::move(list)}}, prepared.request.kms_key, {}));
  std::optional<wire::glue::TableInput> made;
  if (prepared.request.create) made = TableOf(prepared.statement, prepared.plan, columns, prepared.request.location);
  return prepared.output->Commit(made);
}

}  // namespace

Written RunWrite(World& world, engine::QueryEngine& engine, const gate::Context& as, engine::QueryJob job, const WritePlace& to,
                 Grounds& grounds, std::stop_token stop) {
  Written written;
  auto prepared = Prepare(world, as, job, to);
  if (!prepared) {
    written.outcome = OutcomeOf(prepared.error());
    return written;
  }
  written.manifest = to.answer + "-manifest.csv";
  if (!prepared->output) {
    written.outcome.state = engine::QueryState::kSucceeded;
    if (auto listed = world.WriteObjects(as, {{written.manifest, ""}}, to.kms_key, {}); !listed)
      written.outcome = OutcomeOf(listed.error());
    return written;
  }
  job.sql = prepared->statement.query;
  job.output = prepared->plan;
  auto tables = world.TablesFor(as, job.id);
  FileSink sink(*prepared->output, ExtensionOf(prepared->plan));
  NotedTables noted(*tables, grounds);
  written.outcome = engine.Run(job, noted, sink, stop);
  written.filtered = tables->filtered();
  if (written.outcome.state != engine::QueryState::kSucceeded) return written;
  std::uint64_t scanned = written.outcome.scanned_bytes, planning_ms = written.outcome.planning_ms;
  if (auto done = Complete(world, as, *prepared, sink.columns, written.manifest); !done) {
    written.outcome = OutcomeOf(done.error());
    written.outcome.scanned_bytes = scanned;
    written.outcome.planning_ms = planning_ms;
  }
  return written;
}

Result<void> CheckPlace(const wire::athena::WorkGroup& group, std::string_view sql) {
  if (!group.configuration || !group.configuration->enforce_work_group_configuration.value_or(false)) return {};
  auto statement = ParseWrite(sql);
  const bool names = statement && statement->kind == Kind::kCreate && statement->properties.contains("external_location");
  if (!names) return {};
  return Invalid(
      "The Create Table As Select query failed because it was submitted with an 'external_location' property to an Athena "
      "Workgroup that enforces a centralized output location for all queries. Please remove the 'external_location' property "
      "and resubmit the query.");
}

}  // namespace hanse::query
