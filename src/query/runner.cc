#include "query/runner.h"

#include <fmt/format.h>

#include "base/text.h"
#include "query/data_catalog.h"
#include "query/data_usage.h"
#include "query/ddl.h"
#include "query/explain.h"
#include "query/prepared_sql.h"
#include "query/result_encryption.h"
#include "query/result_text.h"
#include "query/workgroup.h"
#include "query/writing.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

engine::QueryOutcome Failed(engine::ErrorCategory category, std::string type, std::string message) {
  return {.state = engine::QueryState::kFailed, .category = category, .type = std::move(type), .message = std::move(message)};
}

engine::QueryOutcome Lost(const std::string& table) {
  return Failed(engine::ErrorCategory::kUser, "PERMISSION_DENIED",
                fmt::format("PERMISSION_DENIED: the rights to {} changed while the query ran: it was stopped", table));
}

// Collects the .csv in memory, up to Runner::kAnswerBytesMax.
class CsvSink final : public engine::ResultSink {
 public:
  explicit CsvSink(bool with_header) : with_header_(with_header) {}
  Result<void> Columns(const std::vector<engine::ResultColumn>& columns) override {
    infos = ColumnInfos(columns);
    engine::ResultRow header;
    for (const engine::ResultColumn& column : columns) header.emplace_back(column.name);
    if (with_header_) AppendCsv(header, &file);
    return {};
  }
  Result<void> Rows(std::vector<engine::ResultRow> rows) override {
    for (const engine::ResultRow& row : rows) {
      if (with_header_) {
        AppendCsv(row, &file);
      } else {
        file += row.empty() ? "" : row.front().value_or("");
        file += "\n";
      }
    }
    if (file.size() > Runner::kAnswerBytesMax) {
      return Fail(ErrorCode::kLimitExceeded,
                  fmt::format("the answer is larger than {} bytes: narrow the query", Runner::kAnswerBytesMax));
    }
    return {};
  }
  std::vector<athena::ColumnInfo> infos;
  std::string file;

 private:
  bool with_header_;
};

// Keeps what a query would give.
class ColumnsSink final : public engine::ResultSink {
 public:
  Result<void> Columns(const std::vector<engine::ResultColumn>& all) override {
    columns = all;
    return {};
  }
  Result<void> Rows(std::vector<engine::ResultRow>) override { return {}; }
  std::vector<engine::ResultColumn> columns;
};

std::string DatabaseOf(const Execution& execution) {
  const auto& context = execution.definition.query_execution_context;
  std::string database = context ? Lower(context->database.value_or("")) : std::string();
  // Clients of Hive's statements quote it (awswrangler's DESCRIBE).
  bool quoted = database.size() > 2 && database.starts_with('`') && database.ends_with('`');
  return quoted ? database.substr(1, database.size() - 2) : database;
}

// A session is its own caller: people who share a role do not wait for each other.
Lane LaneOf(const Caller& caller, const std::string& workgroup) {
  return {.account = caller.account, .workgroup = workgroup, .caller = caller.arn};
}

CountedGroup CountedGroupOf(const Execution& execution) { return {execution.account, execution.region, execution.workgroup}; }

// The data catalog of names without one; AwsDataCatalog's own name where none was given.
std::string CatalogOf(const Execution& execution) {
  const auto& context = execution.definition.query_execution_context;
  return context ? context->catalog.value_or(std::string(kCatalog)) : std::string(kCatalog);
}

// Whether it is not stopped before.
bool Lasts(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

// As Glue's requests name it; nothing: AwsDataCatalog.
std::optional<std::string> CatalogIdOf(const std::vector<engine::DataCatalog>& known, const std::string& name) {
  for (const engine::DataCatalog& one : known) {
    if (EqualsIgnoreCase(one.name, name)) return one.account;
  }
  return std::nullopt;
}

}  // namespace

Runner::Runner(Parts parts) : parts_(parts), waiting_(parts.shares) {
  for (int i = 0; i < parts_.threads; ++i) threads_.emplace_back([this] { Work(); });
  watch_ = std::jthread([this](std::stop_token stop) { Watch(stop); });
}

Runner::~Runner() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [id, job] : known_) job->stop.request_stop();
  }
  wake_.notify_all();
}

Result<void> Runner::FailLeftovers() {
  TRY_ASSIGN(auto tx, parts_.store.BeginWrite());
  TRY_ASSIGN(auto rows, tx->Query("SELECT id FROM executions WHERE state = 'QUEUED' OR state = 'RUNNING'"));
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto execution, FindExecution(*tx, row.Text(0)));
    SetState(&*execution, "FAILED", parts_.clock.NowMs(), "The server was stopped while the query ran: run it again.");
    TRY(UpdateExecution(*tx, *execution));
  }
  return tx->Commit();
}

bool Runner::Full(const Caller& caller, const std::string& workgroup) const {
  std::lock_guard lock(mutex_);
  return waiting_.Full(LaneOf(caller, workgroup));
}

void Runner::Enqueue(gate::Context as, const std::string& workgroup, std::string id, engine::Limits limits) {
  as.caller.invoked_by = "athena.amazonaws.com";
  {
    std::lock_guard lock(mutex_);
    auto job = std::make_shared<Job>(Job{.lane = LaneOf(as.caller, workgroup), .as = std::move(as), .id = id, .limits = limits});
    waiting_.Push(job->lane, id);
    known_[id] = std::move(job);
  }
  wake_.notify_one();
  watching_.notify_one();
}

void Runner::Stop(const std::string& id) {
  std::lock_guard lock(mutex_);
  auto job = known_.find(id);
  if (job == known_.end()) return;
  job->second->stop.request_stop();
  if (waiting_.Remove(job->second->lane, id)) known_.erase(job);
}

Runner::Announced Runner::Announce(gate::Context as, const std::string& workgroup, const std::string& id,
                                   const std::stop_token& stop) {
  auto job = std::make_shared<Job>(Job{.lane = LaneOf(as.caller, workgroup), .as = std::move(as), .id = id, .announced = true});
  std::stop_callback stopped(stop, [&job] { job->stop.request_stop(); });
  {
    std::unique_lock lock(mutex_);
    if (stopping_) job->stop.request_stop();
    waiting_.Push(job->lane, id);
    known_[id] = job;
    wake_.notify_one();
    turn_.wait(lock, job->stop.get_token(), [&] { return job->turn; });
  }
  watching_.notify_one();
  return {job->stop, job->grounds};
}

void Runner::Withdraw(const std::string& id, engine::QueryOutcome* outcome) {
  std::lock_guard lock(mutex_);
  auto job = known_.find(id);
  if (job == known_.end()) return;
  if (!job->second->lost.empty()) *outcome = Lost(job->second->lost);
  if (job->second->turn) {
    waiting_.Ended(job->second->lane);
  } else {
    waiting_.Remove(job->second->lane, id);
  }
  known_.erase(job);
  wake_.notify_one();
}

void Runner::Work() {
  while (true) {
    std::shared_ptr<Job> job;
    std::optional<FairQueue::Turn> turn;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || (turn = waiting_.Next()); });
      if (stopping_) return;
      job = known_.at(turn->id);
      if (job->announced) {
        job->turn = true;
        turn_.notify_all();
        continue;
      }
    }
    Run(*job);
    std::lock_guard lock(mutex_);
    known_.erase(job->id);
    waiting_.Ended(turn->lane);
  }
}

void Runner::Watch(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (watching_.wait(lock, stop, [this] { return !known_.empty(); })) {
    watching_.wait_for(lock, stop, parts_.grounds_every, [] { return false; });
    if (stop.stop_requested()) return;
    lock.unlock();
    StopWhatLostItsRights();
    lock.lock();
  }
}

void Runner::StopWhatLostItsRights() {
  std::vector<std::shared_ptr<Job>> jobs;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, job] : known_) jobs.push_back(job);
  }
  for (const auto& job : jobs) {
    if (job->stop.stop_requested()) continue;
    auto lost = LostOf(*job);
    if (!lost) continue;
    std::lock_guard lock(mutex_);
    job->lost = *lost;
    job->stop.request_stop();
  }
}

std::optional<std::string> Runner::LostOf(Job& job) {
  auto grounds = job.grounds->tables();
  job.held.resize(grounds.size());
  std::unique_ptr<QueryTables> tables;
  for (std::size_t i = 0; i < grounds.size(); ++i) {
    if (parts_.store.Holds(job.held[i])) continue;
    if (!tables) tables = parts_.world.TablesFor(job.as, job.id);
    auto held = tables->HoldRights(grounds[i], &job.held[i]);
    if (!held && held.error().code == ErrorCode::kAccessDenied) return grounds[i].shown();
  }
  return std::nullopt;
}

void Runner::FailIfLost(const Job& job, Answer* answer) const {
  std::lock_guard lock(mutex_);
  const bool written = answer->outcome.state == engine::QueryState::kSucceeded && !answer->manifest.empty();
  if (job.lost.empty() || written) return;  // What is written was asked for once more when it was committed.
  const std::uint64_t scanned_bytes = answer->outcome.scanned_bytes;
  *answer = {.outcome = Lost(job.lost)};
  answer->outcome.scanned_bytes = scanned_bytes;
}

// One transaction for a change of the row; what has ended stays as it is. Bytes count however the query ended: who stops one has
// had them read.
Result<void> Runner::Change(const std::string& id, const ChangeOf& change, std::uint64_t scanned_bytes) {
  TRY_ASSIGN(auto tx, parts_.store.BeginWrite());
  TRY_ASSIGN(auto execution, FindExecution(*tx, id));
  if (!execution) return Fail(ErrorCode::kNotFound, "there is no such execution");
  if (execution->ended()) {
    TRY(DataUsage::Count(*tx, CountedGroupOf(*execution), scanned_bytes, parts_.clock.NowMs()));
    // It was stopped, before anybody knew what it had read.
    if (parts_.metrics != nullptr && scanned_bytes > 0) {
      const athena::QueryExecutionStatistics late{.data_scanned_in_bytes = static_cast<std::int64_t>(scanned_bytes)};
      TRY(PublishStatistics(*tx, *parts_.metrics, *execution, late, parts_.clock.NowMs()));
    }
    TRY(tx->Commit());
    return Fail(ErrorCode::kNotFound, "the execution is over");
  }
  TRY(Apply(*tx, *execution, change, scanned_bytes));
  return tx->Commit();
}

Result<void> Runner::Apply(store::Transaction& tx, Execution& execution, const ChangeOf& change,
                           std::uint64_t scanned_bytes) const {
  TRY(DataUsage::Count(tx, CountedGroupOf(execution), scanned_bytes, parts_.clock.NowMs()));
  change(execution);
  TRY(UpdateExecution(tx, execution));
  return execution.ended() ? Ended(tx, execution) : Result<void>{};
}

Result<void> Runner::Ended(store::Transaction& tx, const Execution& execution) const {
  if (parts_.metrics == nullptr) return {};
  return PublishStatistics(tx, *parts_.metrics, execution, *execution.definition.statistics, parts_.clock.NowMs());
}

void Runner::Run(Job& job) {
  auto waiting = Read(job);
  if (!waiting || waiting->ended()) return;
  const TimeMs started_ms = parts_.clock.NowMs();
  auto start = [started_ms](Execution& execution) {
    SetState(&execution, "RUNNING", started_ms);
    execution.definition.statistics->query_queue_time_in_millis =
        started_ms - execution.definition.status->submission_date_time->ms;
  };
  Execution running = *waiting;
  start(running);
  auto statement = Classify(running.definition.query.value_or(""));
  // Of who only reads the disk need not know that he runs: after a crash what runs and what waits are FAILED alike. Who asks is
  // told so once it takes a while.
  const bool reads = statement && statement->kind == StatementKind::kSelect;
  Result<void> begun;
  if (!reads) begun = Change(job.id, start);
  if (!begun) return;
  running.definition.statistics->service_pre_processing_time_in_millis = parts_.clock.NowMs() - started_ms;
  Answer answer;
  {
    std::jthread noting;
    if (reads) {
      noting = std::jthread([&](const std::stop_token& answered) {
        if (!Lasts(parts_.noted_after, answered)) return;
        begun = Change(job.id, start);
        if (!begun) job.stop.request_stop();
      });
    }
    if (statement && statement->kind == StatementKind::kExecute) statement = Prepared(job, &running);
    if (statement) {
      answer = Ask(job, running, *statement);
    } else {
      answer.outcome = Failed(engine::ErrorCategory::kUser, "SYNTAX_ERROR", statement.error().message);
    }
  }
  if (!begun) return;
  FailIfLost(job, &answer);
  Finish(job, running, std::move(answer));
}

Result<Execution> Runner::Read(Job& job) const {
  TRY_ASSIGN(auto tx, parts_.store.BeginRead());
  TRY_ASSIGN(auto execution, FindExecution(*tx, job.id));
  if (!execution) return Fail(ErrorCode::kNotFound, "there is no such execution");
  TRY_ASSIGN(job.catalogs, DataCatalogs::Named(*tx, job.as));
  return *std::move(execution);
}

engine::QueryJob Runner::JobOf(const Job& job, const Execution& execution, engine::QueryJob ask) {
  ask.id = job.id;
  ask.limits = job.limits;
  ask.database = DatabaseOf(execution);
  ask.catalogs = job.catalogs;
  ask.catalog = CatalogOf(execution);
  ask.parameters = execution.definition.execution_parameters.value_or(std::vector<std::string>{});
  return ask;
}

// Of EXECUTE: the statement that the caller may read in the workgroup takes its place, with the values for its question marks.
Result<Statement> Runner::Prepared(const Job& job, Execution* execution) {
  TRY_ASSIGN(PreparedSql execute, ParsePreparedSql(*execution->definition.query));
  TRY_ASSIGN(auto got, parts_.world.Call(job.as, athena::GetPreparedStatementInput{.statement_name = execute.name,
                                                                                   .work_group = execution->workgroup}));
  execution->definition.query = got.prepared_statement->query_statement;
  if (!execute.values.empty()) execution->definition.execution_parameters = std::move(execute.values);
  TRY(CheckPreparable(*execution->definition.query));
  TRY_ASSIGN(auto tx, parts_.store.BeginRead());
  TRY_ASSIGN(athena::WorkGroup group, WorkGroups::Read(*tx, job.as, execution->workgroup));
  TRY(CheckPlace(group, *execution->definition.query));
  return Classify(*execution->definition.query);
}

Runner::Answer Runner::Ask(const Job& job, const Execution& execution, const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::kSelect: return AskSelect(job, execution);
    case StatementKind::kExplain: return AskExplain(job, execution);
    case StatementKind::kDdl: return AskCatalog(job, execution, *statement.ddl);
    case StatementKind::kPrepare:
    case StatementKind::kDeallocate:
      return Lines(RunPrepare(parts_.world, job.as, execution.workgroup, execution.definition.query.value_or("")));
    case StatementKind::kInsert:
    case StatementKind::kCreateTableAs:
    case StatementKind::kUnload: return AskToWrite(job, execution);
    default: break;
  }
  return {.outcome = Failed(engine::ErrorCategory::kUser, "NOT_SUPPORTED",
                            fmt::format("NOT_SUPPORTED: {} statements are not supported", statement.first))};
}

Runner::Answer Runner::AskSelect(const Job& job, const Execution& execution) {
  if (auto before = GivenBefore(job, execution)) return std::move(*before);
  const std::string& sql = *execution.definition.query;
  Answer answer = AskEngine(job, execution, {.sql = sql});
  bool again =
      answer.outcome.state == engine::QueryState::kSucceeded && !answer.filtered && !answer.governed && job.grounds->repeatable();
  if (!again || AsksClockOrLots(sql)) return answer;
  given_.Keep(ReusableResults::KeyOf(execution), {.path = *execution.definition.result_configuration->output_location,
                                                  .bytes = answer.file.size(),
                                                  .columns = answer.columns,
                                                  .rows = answer.outcome.rows,
                                                  .grounds = job.grounds->tables(),
                                                  .given_ms = parts_.clock.NowMs()});
  return answer;
}

// The caller's own answer to the same question, where he wants it and where everything that decided it is asked anew and is as it
// was. Whatever is not is for the engine to answer, and to refuse.
std::optional<Runner::Answer> Runner::GivenBefore(const Job& job, const Execution& execution) {
  const auto& wanted = execution.definition.result_reuse_configuration;
  if (!wanted || !wanted->result_reuse_by_age_configuration) return std::nullopt;
  const auto& by_age = *wanted->result_reuse_by_age_configuration;
  auto before = by_age.enabled.value_or(false) ? given_.Find(ReusableResults::KeyOf(execution)) : std::nullopt;
  if (!before || parts_.clock.NowMs() - before->given_ms > TimeMs{by_age.max_age_in_minutes.value_or(60)} * 60'000)
    return std::nullopt;
  auto tables = parts_.world.TablesFor(job.as, job.id);
  if (!HoldsData(*tables, before->grounds) || tables->filtered() || tables->governed()) return std::nullopt;
  auto file = parts_.world.ReadObject(job.as, before->path, 0, before->bytes + 1);
  if (!file || file->size() != before->bytes) return std::nullopt;
  Answer answer{.columns = std::move(before->columns), .file = std::move(*file), .reused = true};
  answer.outcome = {.state = engine::QueryState::kSucceeded, .rows = before->rows};
  return answer;
}

Runner::Answer Runner::AskExplain(const Job& job, const Execution& execution) {
  auto explain = ReadExplain(execution.definition.query.value_or(""));
  if (!explain) return {.outcome = Failed(engine::ErrorCategory::kUser, explain.error().name, explain.error().message)};
  auto kind = explain->validate ? engine::JobKind::kDescribe : engine::JobKind::kExplain;
  Answer answer = AskEngine(job, execution, {.sql = explain->sql, .kind = kind});
  if (answer.outcome.state != engine::QueryState::kSucceeded) return answer;
  if (explain->analyze) return Analyzed(job, execution, explain->sql, std::move(answer));
  if (!explain->validate) return answer;
  answer.columns = ColumnInfos({{.name = "Valid", .type = "boolean"}});
  answer.file = "true\n";
  answer.outcome.rows = 1;
  return answer;
}

// Of the whole query, whose rows and bytes its caller is told anyway; what a single step met might be rows that he may not see.
Runner::Answer Runner::Analyzed(const Job& job, const Execution& execution, const std::string& sql, Answer plan) {
  auto started = std::chrono::steady_clock::now();
  Answer run = AskEngine(job, execution, {.sql = sql});
  if (run.outcome.state != engine::QueryState::kSucceeded) return run;
  auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started);
  plan.file = fmt::format("Planning: {} ms, Execution: {:.0f} ms\nInput: {} bytes scanned\nOutput: {} rows\n",
                          run.outcome.planning_ms, took.count(), run.outcome.scanned_bytes, run.outcome.rows) +
              plan.file;
  plan.outcome.scanned_bytes = run.outcome.scanned_bytes;
  plan.outcome.rows += 3;
  plan.filtered = run.filtered;
  return plan;
}

Runner::Answer Runner::AskCatalog(const Job& job, const Execution& execution, const Ddl& ddl) {
  const std::string catalog = ddl.catalog.empty() ? CatalogOf(execution) : ddl.catalog;
  auto catalog_id = CatalogIdOf(job.catalogs, catalog);
  if (!catalog_id && !EqualsIgnoreCase(catalog, kCatalog)) {
    return {.outcome = Failed(engine::ErrorCategory::kUser, "CATALOG_NOT_FOUND",
                              fmt::format("CATALOG_NOT_FOUND: Catalog '{}' not found", Lower(catalog)))};
  }
  std::string session_database = DatabaseOf(execution);
  auto analyze = [&](const std::string& sql, const std::string& database) -> Result<DdlCall::Analyzed> {
    auto tables = parts_.world.TablesFor(job.as, job.id);
    Grounds grounds;
    NotedTables noted(*tables, grounds);
    ColumnsSink sink;
    engine::QueryJob ask{.id = job.id,
                         .sql = sql,
                         .database = database,
                         .limits = job.limits,
                         .kind = engine::JobKind::kDescribe,
                         .catalogs = job.catalogs};
    engine::QueryOutcome outcome = parts_.engine.Run(ask, noted, sink, job.stop.get_token());
    if (outcome.state != engine::QueryState::kSucceeded) {
      bool ours = outcome.category == engine::ErrorCategory::kSystem;
      return FailAs(ours ? ErrorCode::kUnavailable : ErrorCode::kInvalidArgument, outcome.type, outcome.message);
    }
    DdlCall::Analyzed analyzed{std::move(sink.columns), {}};
    for (const TableGround& ground : grounds.tables()) {
      if (!ground.above) analyzed.tables.emplace_back(Lower(ground.database), Lower(ground.table));
    }
    return analyzed;
  };
  return Lines(RunDdl({.world = parts_.world,
                       .as = job.as,
                       .ddl = ddl,
                       .query_id = job.id,
                       .database = ddl.database.empty() ? session_database : ddl.database,
                       .session_database = session_database,
                       .catalog_id = std::move(catalog_id),
                       .analyze = analyze}));
}

Runner::Answer Runner::Lines(Result<DdlAnswer> done) {
  Answer answer;
  if (!done) {
    bool ours = done.error().code == ErrorCode::kInternal || done.error().code == ErrorCode::kUnavailable;
    answer.outcome =
        Failed(ours ? engine::ErrorCategory::kSystem : engine::ErrorCategory::kUser, done.error().name, done.error().message);
    return answer;
  }
  answer.outcome.state = engine::QueryState::kSucceeded;
  answer.outcome.rows = done->lines.size();
  answer.columns = ColumnInfos(done->columns);
  for (const std::string& line : done->lines) answer.file += line + "\n";
  return answer;
}

Runner::Answer Runner::AskToWrite(const Job& job, const Execution& execution) {
  const std::string& place = *execution.definition.result_configuration->output_location;
  WritePlace to{.answer = place,
                .tables = place.substr(0, place.rfind('/')) + "/tables/" + job.id + "/",
                .kms_key = KmsKeyOf(execution.definition.result_configuration)};
  auto ask = JobOf(job, execution, {.sql = execution.definition.query.value_or("")});
  Written written = RunWrite(parts_.world, parts_.engine, job.as, std::move(ask), to, *job.grounds, job.stop.get_token());
  Answer answer{.outcome = std::move(written.outcome), .manifest = std::move(written.manifest), .filtered = written.filtered};
  answer.columns = ColumnInfos({{"rows", "bigint", 19, 0}});
  return answer;
}

Runner::Answer Runner::AskEngine(const Job& job, const Execution& execution, engine::QueryJob ask) {
  ask = JobOf(job, execution, std::move(ask));
  auto tables = parts_.world.TablesFor(job.as, job.id);
  CsvSink sink(ask.kind == engine::JobKind::kRun);
  Answer answer;
  NotedTables noted(*tables, *job.grounds);
  answer.outcome = parts_.engine.Run(ask, noted, sink, job.stop.get_token());
  answer.columns = std::move(sink.infos);
  answer.file = std::move(sink.file);
  answer.filtered = tables->filtered();
  answer.governed = tables->governed();
  return answer;
}

void Runner::Finish(const Job& job, const Execution& execution, Answer answer) {
  engine::QueryOutcome& outcome = answer.outcome;
  const TimeMs answered_ms = parts_.clock.NowMs();
  // Who was told CANCELLED meanwhile stays so: what has ended is left.
  auto end = [&](Execution& ended) {
    const TimeMs now_ms = parts_.clock.NowMs();
    const athena::QueryExecutionStatistics& began = *execution.definition.statistics;
    athena::QueryExecutionStatistics& statistics = *ended.definition.statistics;
    if (!answer.manifest.empty()) statistics.data_manifest_location = answer.manifest;
    ended.filtered = answer.filtered;
    statistics.query_queue_time_in_millis = began.query_queue_time_in_millis;
    statistics.service_pre_processing_time_in_millis = began.service_pre_processing_time_in_millis;
    statistics.service_processing_time_in_millis = now_ms - answered_ms;
    statistics.result_reuse_information = athena::ResultReuseInformation{.reused_previous_result = answer.reused};
    if (outcome.state == engine::QueryState::kSucceeded) {
      ended.columns = answer.columns;
      ended.output_rows = static_cast<std::int64_t>(outcome.rows);
      ended.output_bytes = answer.file_bytes;
    }
    SetOutcome(&ended, outcome, now_ms);
  };
  if (outcome.state == engine::QueryState::kSucceeded && answer.manifest.empty()) {
    auto written = WriteAnswer(job, execution, answer, end);
    if (written) return;
    outcome.state = engine::QueryState::kFailed;
    outcome.category = engine::ErrorCategory::kUser;
    outcome.type = "PERMISSION_DENIED";
    outcome.message = fmt::format("Unable to write the result to {}: {}",
                                  *execution.definition.result_configuration->output_location, written.error().message);
  }
  (void)Change(job.id, end, outcome.scanned_bytes);
}

Result<void> Runner::WriteAnswer(const Job& job, const Execution& execution, Answer& answer, const ChangeOf& end) {
  const std::string& place = *execution.definition.result_configuration->output_location;
  answer.file_bytes = static_cast<std::int64_t>(answer.file.size());
  std::vector<NewObject> files{{place, std::move(answer.file)}, {place + ".metadata", MetadataFile(job.id, answer.columns)}};
  return parts_.world.WriteObjects(job.as, std::move(files), KmsKeyOf(execution.definition.result_configuration),
                                   [&](store::Transaction& tx) -> Result<void> {
                                     TRY_ASSIGN(auto ended, FindExecution(tx, job.id));
                                     if (!ended || ended->ended()) return Fail(ErrorCode::kConflict, "the execution is over");
                                     return Apply(tx, *ended, end, answer.outcome.scanned_bytes);
                                   });
}

}  // namespace hanse::query
