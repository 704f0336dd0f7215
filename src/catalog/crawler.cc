#include "catalog/crawler.h"

#include <fmt/format.h>

#include "catalog/classifier.h"
#include "catalog/crawl_configuration.h"
#include "catalog/crawl_memory.h"
#include "catalog/crawl_run.h"
#include "catalog/definition.h"
#include "catalog/passed_role.h"
#include "catalog/rows.h"
#include "catalog/schedule.h"
#include "model/arn.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using wire::glue::Crawler;

template <class List>
bool Some(const std::optional<List>& list) {
  return list && !list->empty();
}

// There are no queues here: the store's own changes are the events. The names are kept for clients that set them.
Result<void> CheckQueue(std::string_view member, const std::optional<std::string>& arn) {
  if (!arn || arn->empty()) return {};
  const std::optional<Arn> queue = ParseArn(*arn);
  const bool well_formed = queue && queue->service == "sqs" && !queue->region.empty() && queue->account.size() == 12 &&
                           !queue->resource.empty() && queue->resource.find_first_of(":/") == std::string::npos;
  if (!well_formed) return Fail(ErrorCode::kInvalidArgument, fmt::format("{} must be the ARN of a queue of SQS.", member));
  return {};
}

Result<void> CheckPlace(std::string_view member, const std::string& path) {
  std::string bucket, prefix;
  if (!ParseS3Location(path, &bucket, &prefix)) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{} must be s3://bucket/prefix.", member));
  }
  return {};
}

Result<void> CheckS3Target(const wire::glue::S3Target& target) {
  TRY(CheckPlace("Targets.S3Targets.Path", target.path.value_or("")));
  if (Some(target.connection_name)) return Fail(ErrorCode::kUnsupported, "Targets.S3Targets.ConnectionName");
  TRY(CheckQueue("Targets.S3Targets.EventQueueArn", target.event_queue_arn));
  TRY(CheckQueue("Targets.S3Targets.DlqEventQueueArn", target.dlq_event_queue_arn));
  if (target.sample_size && (*target.sample_size < 1 || *target.sample_size > 249)) {
    return Fail(ErrorCode::kInvalidArgument, "Targets.S3Targets.SampleSize must be 1 to 249.");
  }
  return {};
}

Result<void> CheckCatalogTarget(const wire::glue::CatalogTarget& target) {
  if (Some(target.connection_name)) return Fail(ErrorCode::kUnsupported, "Targets.CatalogTargets.ConnectionName");
  TRY(CheckQueue("Targets.CatalogTargets.EventQueueArn", target.event_queue_arn));
  return CheckQueue("Targets.CatalogTargets.DlqEventQueueArn", target.dlq_event_queue_arn);
}

Result<void> CheckIcebergTarget(const wire::glue::IcebergTarget& target) {
  constexpr std::int32_t kDepthMax = 20;
  if (Some(target.connection_name)) return Fail(ErrorCode::kUnsupported, "Targets.IcebergTargets.ConnectionName");
  if (!Some(target.paths)) return Fail(ErrorCode::kInvalidArgument, "Targets.IcebergTargets.Paths must name at least one place.");
  for (const std::string& path : *target.paths) TRY(CheckPlace("Targets.IcebergTargets.Paths", path));
  const std::int32_t depth = target.maximum_traversal_depth.value_or(1);
  if (depth < 1 || depth > kDepthMax) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("Targets.IcebergTargets.MaximumTraversalDepth must be 1 to {}.", kDepthMax));
  }
  return {};
}

Result<void> CheckJdbcTarget(const wire::glue::JdbcTarget& target) {
  if (target.connection_name.value_or("").empty()) {
    return Fail(ErrorCode::kInvalidArgument, "Targets.JdbcTargets.ConnectionName is missing.");
  }
  if (Some(target.enable_additional_metadata)) return Fail(ErrorCode::kUnsupported, "Targets.JdbcTargets.EnableAdditionalMetadata");
  TRY(ReadIncludePath(target.path.value_or("")));
  return {};
}

Result<void> CheckTargets(const std::optional<wire::glue::CrawlerTargets>& targets) {
  if (!targets) return Fail(ErrorCode::kInvalidArgument, "Targets must name at least one place.");
  if (Some(targets->mongo_db_targets)) return Fail(ErrorCode::kUnsupported, "Targets.MongoDBTargets");
  if (Some(targets->dynamo_db_targets)) return Fail(ErrorCode::kUnsupported, "Targets.DynamoDBTargets");
  if (Some(targets->delta_targets)) return Fail(ErrorCode::kUnsupported, "Targets.DeltaTargets");
  if (Some(targets->hudi_targets)) return Fail(ErrorCode::kUnsupported, "Targets.HudiTargets");
  const bool places = Some(targets->s3_targets) || Some(targets->iceberg_targets) || Some(targets->jdbc_targets);
  if (!places && !Some(targets->catalog_targets)) return Fail(ErrorCode::kInvalidArgument, "Targets must name at least one place.");
  if (places && Some(targets->catalog_targets)) {
    return Fail(ErrorCode::kInvalidArgument, "Targets.CatalogTargets stand alone: a crawler has no other targets beside them.");
  }
  for (const auto& target : targets->jdbc_targets.value_or(std::vector<wire::glue::JdbcTarget>())) TRY(CheckJdbcTarget(target));
  for (const auto& target : targets->s3_targets.value_or(std::vector<wire::glue::S3Target>())) TRY(CheckS3Target(target));
  for (const auto& target : targets->catalog_targets.value_or(std::vector<wire::glue::CatalogTarget>())) {
    TRY(CheckCatalogTarget(target));
  }
  for (const auto& target : targets->iceberg_targets.value_or(std::vector<wire::glue::IcebergTarget>())) {
    TRY(CheckIcebergTarget(target));
  }
  return {};
}

Result<void> CheckCatalog(const std::optional<std::string>& catalog_id, const CrawlerRow& crawler) {
  if (!catalog_id || *catalog_id == crawler.account) return {};
  return Fail(ErrorCode::kUnsupported, "a crawler of another account's catalog");
}

bool OfCatalog(const Crawler& definition) { return definition.targets && Some(definition.targets->catalog_targets); }

// What a crawler can be told and does not do.
Result<void> CheckServed(const Crawler& definition) {
  const auto& lineage = definition.lineage_configuration;
  if (lineage && lineage->crawler_lineage_settings.value_or("DISABLE") != "DISABLE") {
    return Fail(ErrorCode::kUnsupported, "LineageConfiguration.CrawlerLineageSettings ENABLE");
  }
  if (const auto& lake = definition.lake_formation_configuration; lake) {
    if (lake->use_lake_formation_credentials.value_or(false)) {
      return Fail(ErrorCode::kUnsupported, "LakeFormationConfiguration.UseLakeFormationCredentials");
    }
    if (!lake->account_id.value_or("").empty()) return Fail(ErrorCode::kUnsupported, "LakeFormationConfiguration.AccountId");
  }
  if (!definition.crawler_security_configuration.value_or("").empty()) {
    return Fail(ErrorCode::kUnsupported, "CrawlerSecurityConfiguration");
  }
  return {};
}

Result<Crawler> Shown(const gate::Call& call, const CrawlerRow& row) {
  Crawler shown = row.definition;
  shown.name = row.name;
  shown.state = row.state;
  if (shown.schedule) shown.schedule->state = row.schedule.empty() ? "NOT_SCHEDULED" : "SCHEDULED";
  TRY_ASSIGN(auto runs,
             call.tx().Query("SELECT state, started_ms, ended_ms, message, crawl_id FROM catalog_crawls WHERE crawler_id = ? "
                             "ORDER BY id DESC LIMIT 2",
                             {row.id}));
  shown.crawl_elapsed_time = 0;
  for (const store::Row& run : runs) {
    if (run.Text(0) == "RUNNING") {
      shown.crawl_elapsed_time = call.now_ms() - run.Int(1);
      continue;
    }
    wire::glue::LastCrawlInfo last{.start_time = wire::Timestamp{run.Int(1)}};
    last.status = run.Text(0) == "COMPLETED" ? "SUCCEEDED" : (run.Text(0) == "STOPPED" ? "CANCELLED" : "FAILED");
    if (!run.Text(3).empty()) last.error_message = run.Text(3);
    last.log_group = "/aws-glue/crawlers";
    last.log_stream = row.name;
    last.message_prefix = run.Text(4);
    shown.last_crawl = std::move(last);
    break;
  }
  return shown;
}

void FillDefaults(Crawler* definition) {
  if (!definition->schema_change_policy) definition->schema_change_policy.emplace();
  auto& policy = *definition->schema_change_policy;
  if (!policy.update_behavior) policy.update_behavior = "UPDATE_IN_DATABASE";
  if (!policy.delete_behavior) policy.delete_behavior = OfCatalog(*definition) ? "LOG" : "DEPRECATE_IN_DATABASE";
  if (!definition->recrawl_policy) definition->recrawl_policy.emplace();
  if (!definition->recrawl_policy->recrawl_behavior) definition->recrawl_policy->recrawl_behavior = "CRAWL_EVERYTHING";
  if (!definition->lineage_configuration) definition->lineage_configuration.emplace();
  if (!definition->lineage_configuration->crawler_lineage_settings)
    definition->lineage_configuration->crawler_lineage_settings = "DISABLE";
  if (!definition->lake_formation_configuration) definition->lake_formation_configuration.emplace();
  if (!definition->lake_formation_configuration->use_lake_formation_credentials) {
    definition->lake_formation_configuration->use_lake_formation_credentials = false;
  }
  if (!definition->classifiers) definition->classifiers.emplace();
}

Result<void> SetSchedule(const std::optional<std::string>& expression, CrawlerRow* row) {
  if (!expression) return {};
  if (expression->empty()) {
    row->schedule.clear();
    row->definition.schedule.reset();
    return {};
  }
  TRY(Schedule::Parse(*expression));
  row->schedule = *expression;
  row->definition.schedule = wire::glue::Schedule{.schedule_expression = *expression, .state = "SCHEDULED"};
  return {};
}

}  // namespace

Result<std::vector<gate::Need>> CreateCrawler::On(const gate::Context& context, store::Transaction&) const {
  TRY_ASSIGN(auto needs, NeedOnCrawler("glue:CreateCrawler", context, in.name));
  if (in.tags && !in.tags->empty()) {
    TRY_ASSIGN(auto tagging, NeedOnCrawler("glue:TagResource", context, in.name));
    needs.push_back(tagging.front());
  }
  return needs;
}
Result<std::vector<gate::Need>> GetCrawler::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:GetCrawler", context, in.name);
}
Result<std::vector<gate::Need>> GetCrawlers::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:GetCrawlers", context);
}
Result<std::vector<gate::Need>> ListCrawlers::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:ListCrawlers", context);
}
Result<std::vector<gate::Need>> BatchGetCrawlers::On(const gate::Context& context, store::Transaction&) const {
  std::vector<gate::Need> needs;
  for (const std::string& name : in.crawler_names.value_or(std::vector<std::string>())) {
    TRY_ASSIGN(auto one, NeedOnCrawler("glue:BatchGetCrawlers", context, name));
    needs.push_back(std::move(one.front()));
  }
  if (needs.empty()) return NeedOnCrawler("glue:BatchGetCrawlers", context);
  return needs;
}
Result<std::vector<gate::Need>> UpdateCrawler::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:UpdateCrawler", context, in.name);
}
Result<std::vector<gate::Need>> DeleteCrawler::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:DeleteCrawler", context, in.name);
}

Result<void> Crawlers::Check(const gate::Call& call, const std::string& role_before, const Crawler& definition) const {
  TRY(CheckTargets(definition.targets));
  TRY(CheckConfiguration(definition.configuration));
  for (const std::string& name : definition.classifiers.value_or(std::vector<std::string>())) TRY(ReadClassifier(call, name));
  TRY(CheckServed(definition));
  if (OfCatalog(definition) && definition.schema_change_policy->delete_behavior != "LOG") {
    return Fail(ErrorCode::kInvalidArgument,
                "SchemaChangePolicy.DeleteBehavior must be LOG where the targets are tables of the catalog.");
  }
  if (definition.recrawl_policy->recrawl_behavior == kEventMode && Some(definition.targets->iceberg_targets)) {
    return Fail(ErrorCode::kInvalidArgument, "CRAWL_EVENT_MODE is for targets in S3 and in the catalog.");
  }
  if (definition.database_name.value_or("").empty() && !OfCatalog(definition))
    return Fail(ErrorCode::kInvalidArgument, "DatabaseName is missing.");
  const std::string role = definition.role.value_or("");
  if (role == role_before) return {};
  return RequirePassing(call, roles_, role);
}

Result<CreateCrawler::Answer> Crawlers::Do(const gate::Authorized<CreateCrawler>& call) const {
  const auto& in = call->in;
  CrawlerRow row{.account = call.caller().account, .region = call.info().region, .state = "READY"};
  row.name = in.name.value_or("");
  // Names are kept as they are written; what ARNs could not hold is refused.
  TRY(FoldName("Name", row.name));
  TRY(CheckCatalog(in.catalog_id, row));
  Crawler& definition = row.definition;
  definition.role = in.role;
  definition.targets = in.targets;
  definition.database_name = in.database_name;
  definition.description = in.description;
  definition.classifiers = in.classifiers;
  definition.recrawl_policy = in.recrawl_policy;
  definition.schema_change_policy = in.schema_change_policy;
  definition.lineage_configuration = in.lineage_configuration;
  definition.lake_formation_configuration = in.lake_formation_configuration;
  definition.table_prefix = in.table_prefix;
  definition.configuration = in.configuration;
  definition.crawler_security_configuration = in.crawler_security_configuration;
  definition.creation_time = definition.last_updated = wire::Timestamp{call.now_ms()};
  definition.version = 1;
  FillDefaults(&definition);
  TRY(SetSchedule(in.schedule, &row));
  TRY(Check(call, "", definition));
  TRY_ASSIGN(auto taken, FindCrawler(call.tx(), row.account, row.region, row.name));
  if (taken) return Fail(ErrorCode::kAlreadyExists, fmt::format("{} already exists", row.name));
  TRY_ASSIGN(row.id, store::NewThing(call.tx(), "crawler"));
  TRY(call.tx().Execute(
      "INSERT INTO catalog_crawlers (id, account, region, name, state, schedule, definition) VALUES (?, ?, ?, ?, ?, ?, ?)",
      {row.id, row.account, row.region, row.name, row.state, row.schedule, wire::ToJson(definition)}));
  if (in.tags) TRY(PutTags(call.tx(), row.id, *in.tags));
  return CreateCrawler::Answer();
}

Result<GetCrawler::Answer> Crawlers::Do(const gate::Authorized<GetCrawler>& call) const {
  TRY_ASSIGN(CrawlerRow row, ExistingCrawler(call, call->in.name));
  TRY_ASSIGN(Crawler shown, Shown(call, row));
  return GetCrawler::Answer{.crawler = std::move(shown)};
}

Result<GetCrawlers::Answer> Crawlers::Do(const gate::Authorized<GetCrawlers>& call) const {
  const std::string list = fmt::format("GetCrawlers/{}/{}", call.caller().account, call.info().region);
  TRY_ASSIGN(std::string after, pages_.Cursor(list, call->in.next_token));
  const std::size_t page = PageSize(call->in.max_results, kPageMax);
  TRY_ASSIGN(auto rows,
             ListCrawlerRows(call.tx(), call.caller().account, call.info().region, after, static_cast<std::int64_t>(page) + 1));
  GetCrawlers::Answer answer{.crawlers = std::vector<Crawler>()};
  for (const CrawlerRow& row : rows) {
    if (answer.crawlers->size() == page) {
      answer.next_token = pages_.Next(list, *answer.crawlers->back().name);
      break;
    }
    TRY_ASSIGN(Crawler shown, Shown(call, row));
    answer.crawlers->push_back(std::move(shown));
  }
  return answer;
}

Result<ListCrawlers::Answer> Crawlers::Do(const gate::Authorized<ListCrawlers>& call) const {
  const std::string list = fmt::format("ListCrawlers/{}/{}", call.caller().account, call.info().region);
  TRY_ASSIGN(std::string after, pages_.Cursor(list, call->in.next_token));
  const std::size_t page = PageSize(call->in.max_results, kPageMax);
  ListCrawlers::Answer answer{.crawler_names = std::vector<std::string>()};
  TRY_ASSIGN(auto rows, ListCrawlerRows(call.tx(), call.caller().account, call.info().region, after, 1'000));
  for (const CrawlerRow& row : rows) {
    if (answer.crawler_names->size() == page) {
      answer.next_token = pages_.Next(list, after);
      return answer;
    }
    after = row.name;
    bool fits = true;
    for (const auto& [name, value] : call->in.tags.value_or(std::map<std::string, std::string>())) {
      TRY_ASSIGN(auto tag, call.tx().Maybe("SELECT value FROM catalog_tags WHERE thing_id = ? AND name = ?", {row.id, name}));
      fits = fits && tag && tag->Text(0) == value;
    }
    if (fits) answer.crawler_names->push_back(row.name);
  }
  if (rows.size() == 1'000) answer.next_token = pages_.Next(list, after);
  return answer;
}

Result<BatchGetCrawlers::Answer> Crawlers::Do(const gate::Authorized<BatchGetCrawlers>& call) const {
  BatchGetCrawlers::Answer answer{.crawlers = std::vector<Crawler>(), .crawlers_not_found = std::vector<std::string>()};
  for (const std::string& name : call->in.crawler_names.value_or(std::vector<std::string>())) {
    TRY_ASSIGN(auto row, FindCrawler(call.tx(), call.caller().account, call.info().region, name));
    if (!row) {
      answer.crawlers_not_found->push_back(name);
      continue;
    }
    TRY_ASSIGN(Crawler shown, Shown(call, *row));
    answer.crawlers->push_back(std::move(shown));
  }
  return answer;
}

Result<UpdateCrawler::Answer> Crawlers::Do(const gate::Authorized<UpdateCrawler>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(CrawlerRow row, ExistingCrawler(call, in.name));
  if (row.state != "READY") {
    return FailAs(ErrorCode::kConflict, "CrawlerRunningException", fmt::format("Crawler with name {} is running", row.name));
  }
  TRY(CheckCatalog(in.catalog_id, row));
  Crawler& definition = row.definition;
  const std::string role_before = definition.role.value_or("");
  auto set = [](const auto& from, auto* into) {
    if (from) *into = from;
  };
  set(in.role, &definition.role);
  set(in.targets, &definition.targets);
  set(in.database_name, &definition.database_name);
  set(in.description, &definition.description);
  set(in.classifiers, &definition.classifiers);
  set(in.recrawl_policy, &definition.recrawl_policy);
  set(in.schema_change_policy, &definition.schema_change_policy);
  set(in.lineage_configuration, &definition.lineage_configuration);
  set(in.lake_formation_configuration, &definition.lake_formation_configuration);
  set(in.table_prefix, &definition.table_prefix);
  set(in.configuration, &definition.configuration);
  set(in.crawler_security_configuration, &definition.crawler_security_configuration);
  definition.last_updated = wire::Timestamp{call.now_ms()};
  definition.version = definition.version.value_or(1) + 1;
  FillDefaults(&definition);
  TRY(SetSchedule(in.schedule, &row));
  TRY(Check(call, role_before, definition));
  TRY(ReplaceCrawler(call.tx(), row));
  TRY(ForgetMarks(call.tx(), row.id));
  return UpdateCrawler::Answer();
}

Result<DeleteCrawler::Answer> Crawlers::Do(const gate::Authorized<DeleteCrawler>& call) const {
  TRY_ASSIGN(CrawlerRow row, ExistingCrawler(call, call->in.name));
  if (row.state != "READY") {
    return FailAs(ErrorCode::kConflict, "CrawlerRunningException", fmt::format("Crawler with name {} is running", row.name));
  }
  TRY(store::DeleteThing(call.tx(), row.id));
  return DeleteCrawler::Answer();
}

}  // namespace hanse::catalog
