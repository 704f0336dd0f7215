#include "engine/worker_pool.h"

#include <unistd.h>

#include <chrono>

#include "base/log.h"
#include "engine/codec.h"

namespace hanse::engine {

namespace {

constexpr int kPollMs = 20;

QueryOutcome Failed(ErrorCategory category, std::string type, std::string message) {
  QueryOutcome outcome;
  outcome.category = category;
  outcome.message = type + ": " + message;
  outcome.type = std::move(type);
  return outcome;
}

QueryOutcome Cancelled() {
  QueryOutcome outcome = Failed(ErrorCategory::kUser, "USER_CANCELED", "Query was canceled");
  outcome.state = QueryState::kCancelled;
  outcome.message = "Query was canceled";
  return outcome;
}

// One query on one worker, seen from the server.
class Conversation {
 public:
  Conversation(WorkerProcess& worker, TableResolver& tables, ResultSink& sink)
      : channel_(worker.channel()), tables_(tables), sink_(sink) {}

  // The outcome, or nothing until the worker has said so.
  Result<std::optional<QueryOutcome>> Hear(Message message) {
    if (message.fd >= 0) close(message.fd);  // A worker has nothing to hand over.
    switch (message.type) {
      case MessageType::kResolve: return Answered(Resolve(message.payload));
      case MessageType::kOpen: return Answered(Open(message.payload));
      case MessageType::kList: return Answered(List());
      case MessageType::kColumns: return Answered(Columns(message.payload));
      case MessageType::kRows: return Answered(Rows(message.payload));
      case MessageType::kOutcome: {
        TRY_ASSIGN(QueryOutcome outcome, DecodeOutcome(message.payload));
        return std::optional(std::move(outcome));
      }
      default: return Fail(ErrorCode::kInternal, "a worker said what only a server says");
    }
  }
  bool sink_failed() const { return sink_failed_; }

 private:
  static Result<std::optional<QueryOutcome>> Answered(Result<void> done) {
    if (!done) return std::unexpected(std::move(done).error());
    return std::optional<QueryOutcome>();
  }

  Result<void> Refuse(const Error& error) {
    Encoder out;
    out.Number(static_cast<std::uint64_t>(error.code));
    out.Text(error.message);
    return channel_.Send(MessageType::kRefused, out.Take());
  }

  Result<void> Resolve(const std::string& payload) {
    Decoder in(payload);
    std::string database = in.Text(), table = in.Text();
    if (!in.AtEnd()) return Fail(ErrorCode::kInternal, "a worker's question does not parse");
    auto source = tables_.Resolve(database, table);
    if (!source) return Refuse(source.error());
    return channel_.Send(MessageType::kTable, Encode(*source));
  }

  Result<void> Open(const std::string& payload) {
    Decoder in(payload);
    std::uint64_t object = in.Number();
    if (!in.AtEnd()) return Fail(ErrorCode::kInternal, "a worker's question does not parse");
    auto open = tables_.Open(object);
    if (!open) return Refuse(open.error());
    auto sent = channel_.Send(MessageType::kObject, open->key.bytes(), open->fd);
    close(open->fd);
    return sent;
  }

  Result<void> List() {
    auto listed = tables_.List();
    if (!listed) return Refuse(listed.error());
    return channel_.Send(MessageType::kListing, Encode(*listed));
  }

  Result<void> Columns(const std::string& payload) {
    TRY_ASSIGN(auto columns, DecodeColumns(payload));
    columns_ = columns.size();
    return ToSink(sink_.Columns(columns));
  }

  Result<void> Rows(const std::string& payload) {
    TRY_ASSIGN(auto rows, DecodeRows(payload, columns_));
    return ToSink(sink_.Rows(std::move(rows)));
  }

  Result<void> ToSink(Result<void> taken) {
    sink_failed_ = !taken;
    return taken;
  }

  Channel& channel_;
  TableResolver& tables_;
  ResultSink& sink_;
  std::size_t columns_ = 0;
  bool sink_failed_ = false;
};

QueryOutcome Converse(WorkerProcess& worker, const QueryJob& job, TableResolver& tables, ResultSink& sink, std::stop_token stop,
                      bool* usable) {
  *usable = false;
  auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(job.limits.time_ms);
  Conversation conversation(worker, tables, sink);
  if (!worker.channel().Send(MessageType::kJob, Encode(job))) {
    return Failed(ErrorCategory::kSystem, "GENERIC_INTERNAL_ERROR", "a query worker stopped");
  }
  while (true) {
    if (stop.stop_requested()) return Cancelled();
    if (std::chrono::steady_clock::now() > deadline) {
      return Failed(ErrorCategory::kUser, "EXCEEDED_TIME_LIMIT", "Query exceeded the maximum execution time limit");
    }
    auto message = worker.channel().Receive(kPollMs);
    if (!message && message.error().code == ErrorCode::kTimeout) continue;
    if (!message)
      return Failed(ErrorCategory::kSystem, "GENERIC_INTERNAL_ERROR",
                    "the query's worker stopped; it may have needed too much memory");
    auto heard = conversation.Hear(*std::move(message));
    if (!heard) {
      if (conversation.sink_failed()) return Failed(ErrorCategory::kUser, "GENERIC_USER_ERROR", heard.error().message);
      return Failed(ErrorCategory::kSystem, "GENERIC_INTERNAL_ERROR", "the query's worker misbehaved and was stopped");
    }
    if (!*heard) continue;
    *usable = true;
    return **std::move(heard);
  }
}

}  // namespace

Result<void> WorkerPool::Warm() {
  for (std::size_t i = 0; i < options_.workers; ++i) {
    TRY_ASSIGN(auto worker, WorkerProcess::Start(options_.command));
    if (i == 0) spdlog::info("query workers: {}", worker->told());
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(worker));
  }
  return {};
}

Result<std::unique_ptr<WorkerProcess>> WorkerPool::Take(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  if (!free_.wait(lock, stop, [&] { return busy_ < options_.workers; })) return Fail(ErrorCode::kConflict, "stopped");
  ++busy_;
  if (!idle_.empty()) {
    auto worker = std::move(idle_.back());
    idle_.pop_back();
    return worker;
  }
  lock.unlock();
  auto started = WorkerProcess::Start(options_.command);
  if (!started) GiveBack(nullptr);
  return started;
}

void WorkerPool::GiveBack(std::unique_ptr<WorkerProcess> worker) {
  std::unique_ptr<WorkerProcess> spent;
  {
    std::lock_guard lock(mutex_);
    --busy_;
    if (worker && ++worker->queries < options_.queries_max) {
      idle_.push_back(std::move(worker));
    } else {
      spent = std::move(worker);
    }
  }
  free_.notify_one();
}

QueryOutcome WorkerPool::Run(const QueryJob& job, TableResolver& tables, ResultSink& sink, std::stop_token stop) {
  auto worker = Take(stop);
  if (!worker && stop.stop_requested()) return Cancelled();
  if (!worker) return Failed(ErrorCategory::kSystem, "GENERIC_INTERNAL_ERROR", worker.error().message);
  bool usable = false;
  QueryOutcome outcome = Converse(**worker, job, tables, sink, stop, &usable);
  if (!usable) worker->reset();  // Killed; the next query starts another.
  GiveBack(*std::move(worker));
  return outcome;
}

}  // namespace hanse::engine
