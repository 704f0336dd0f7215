#include <fmt/format.h>

#include "base/text.h"
#include "query/data_catalog.h"
#include "query/data_usage.h"
#include "query/execution.h"
#include "query/result_encryption.h"
#include "query/workgroup.h"
#include "query/writing.h"
#include "wire/json.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

std::string WorkGroupOf(const StartQueryExecution& op) { return op.in.work_group.value_or(std::string(kPrimary)); }

// The data catalog of names without one, where the statement names it and it is not the account's own.
std::optional<std::string> CatalogOf(const athena::StartQueryExecutionInput& in) {
  if (!in.query_execution_context || !in.query_execution_context->catalog) return std::nullopt;
  if (EqualsIgnoreCase(*in.query_execution_context->catalog, kCatalog)) return std::nullopt;
  return in.query_execution_context->catalog;
}

// Where the answer goes: the workgroup's place where it is enforced, else the caller's, else the workgroup's.
Result<athena::ResultConfiguration> PlaceOf(const athena::StartQueryExecutionInput& in, const athena::WorkGroup& group) {
  athena::WorkGroupConfiguration configuration = group.configuration.value_or(athena::WorkGroupConfiguration{});
  athena::ResultConfiguration place = configuration.result_configuration.value_or(athena::ResultConfiguration{});
  if (!configuration.enforce_work_group_configuration.value_or(false) && in.result_configuration) {
    if (in.result_configuration->output_location) place.output_location = in.result_configuration->output_location;
    if (in.result_configuration->expected_bucket_owner)
      place.expected_bucket_owner = in.result_configuration->expected_bucket_owner;
  }
  TRY_ASSIGN(place.encryption_configuration, EncryptionOf(configuration, in.result_configuration));
  if (place.output_location.value_or("").empty()) {
    return Invalid(
        "No output location provided. An output location is required either through the Workgroup result configuration setting "
        "or as an API input.");
  }
  const std::string& location = *place.output_location;
  if (!location.starts_with("s3://") || location.size() == 5 || location[5] == '/') {
    return Invalid("outputLocation is not a valid S3 path: give s3://bucket/prefix/");
  }
  return place;
}

std::string FileOf(const std::string& location, const std::string& id, const Statement& statement) {
  const bool csv = statement.kind == StatementKind::kSelect || statement.kind == StatementKind::kExecute;
  const char* kind = csv ? ".csv" : Writes(statement.kind) ? "" : ".txt";
  return fmt::format("{}{}{}{}", location, location.ends_with('/') ? "" : "/", id, kind);
}

// A second start with the same token is the first one, if it asks the same.
Result<std::optional<std::string>> StartedBefore(const gate::Authorized<StartQueryExecution>& call) {
  if (!call->in.client_request_token) return std::optional<std::string>();
  TRY_ASSIGN(auto row, call.tx().Maybe("SELECT id FROM executions WHERE account = ? AND region = ? AND caller = ? AND token = ?",
                                       {call.caller().account, call.info().region, call.caller().principal_arn,
                                        *call->in.client_request_token}));
  if (!row) return std::optional<std::string>();
  TRY_ASSIGN(auto before, FindExecution(call.tx(), row->Text(0)));
  if (before->definition.query != call->in.query_string || before->workgroup != WorkGroupOf(call.op())) {
    return Invalid("Idempotent parameters do not match: the ClientRequestToken was used for another query.");
  }
  return std::optional<std::string>(before->id);
}

}  // namespace

athena::QueryExecution NewDefinition(const Execution& execution, const athena::StartQueryExecutionInput& in,
                                     const Statement& statement, TimeMs now_ms) {
  athena::QueryExecution definition = {
      .query_execution_id = execution.id,
      .query = in.query_string,
      .statement_type = statement.type,
      .query_execution_context = in.query_execution_context.value_or(athena::QueryExecutionContext{}),
      .status = athena::QueryExecutionStatus{.state = execution.state, .submission_date_time = wire::Timestamp{now_ms}},
      .statistics = athena::QueryExecutionStatistics{.data_scanned_in_bytes = 0,
                                                     .query_queue_time_in_millis = 0,
                                                     .service_pre_processing_time_in_millis = 0,
                                                     .service_processing_time_in_millis = 0,
                                                     .result_reuse_information =
                                                         athena::ResultReuseInformation{.reused_previous_result = false}},
      .work_group = execution.workgroup,
      .engine_version =
          athena::EngineVersion{.selected_engine_version = "AUTO", .effective_engine_version = std::string(kEngineVersion)},
      .execution_parameters = in.execution_parameters};
  if (!statement.subtype.empty()) definition.substatement_type = statement.subtype;
  return definition;
}

Result<engine::Limits> LimitsOf(const gate::Call& call, const athena::WorkGroup& group, const Statement& statement) {
  engine::Limits limits;
  if (statement.kind == StatementKind::kDdl) return limits;
  if (group.configuration && group.configuration->bytes_scanned_cutoff_per_query) {
    limits.scanned_bytes_max = static_cast<std::uint64_t>(*group.configuration->bytes_scanned_cutoff_per_query);
  }
  TRY_ASSIGN(auto left, DataUsage::Left(call.tx(), {call.caller().account, call.info().region, *group.name}, call.now_ms()));
  if (!left) return limits;
  if (*left == 0) {
    return Invalid(
        fmt::format("WorkGroup {} has scanned as much as its data usage controls allow: try again later, or use another "
                    "workgroup.",
                    *group.name));
  }
  if (limits.scanned_bytes_max == 0 || *left < limits.scanned_bytes_max) limits.scanned_bytes_max = *left;
  return limits;
}

Result<std::vector<gate::Need>> StartQueryExecution::On(const gate::Context& context, store::Transaction&) const {
  TRY_ASSIGN(auto needs, OnWorkGroup(context, kRule.name, WorkGroupOf(*this)));
  if (auto named = CatalogOf(in)) {
    TRY_ASSIGN(auto more, OnDataCatalog(context, GetDataCatalog::kRule.name, *named));
    needs.insert(needs.end(), more.begin(), more.end());
  }
  return needs;
}

Result<StartQueryExecution::Answer> Executions::Do(const gate::Authorized<StartQueryExecution>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(auto before, StartedBefore(call));
  if (before) return StartQueryExecution::Answer{.query_execution_id = *before};
  TRY_ASSIGN(athena::WorkGroup group, WorkGroups::ReadEnabled(call.tx(), call.context(), WorkGroupOf(call.op())));
  TRY_ASSIGN(athena::ResultConfiguration place, PlaceOf(in, group));
  TRY_ASSIGN(Statement statement, Classify(*in.query_string));
  TRY(CheckPlace(group, *in.query_string));
  if (auto named = CatalogOf(in)) TRY(DataCatalogs::Read(call.tx(), call.context(), *named));
  TRY_ASSIGN(engine::Limits limits, LimitsOf(call, group, statement));
  if (runner_.Full(call.caller(), *group.name))
    return FailAs(ErrorCode::kThrottled, "TooManyRequestsException", "Too many queries wait: try again later.");

  Execution execution{.id = random_.Uuid(),
                      .account = call.caller().account,
                      .region = call.info().region,
                      .workgroup = *group.name,
                      .state = "QUEUED",
                      .caller = call.caller().principal_arn};
  place.output_location = FileOf(*place.output_location, execution.id, statement);
  execution.definition = NewDefinition(execution, in, statement, call.now_ms());
  execution.definition.result_configuration = std::move(place);
  execution.definition.result_reuse_configuration = in.result_reuse_configuration;
  TRY(InsertExecution(call.tx(), execution, in.client_request_token.value_or(execution.id)));

  call.AfterCommit([this, as = call.context(), group = execution.workgroup, id = execution.id, limits] {
    runner_.Enqueue(as, group, id, limits);
  });
  return StartQueryExecution::Answer{.query_execution_id = execution.id};
}

}  // namespace hanse::query
