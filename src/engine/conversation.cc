#include "engine/conversation.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <set>
#include <utility>

#include "engine/codec.h"

namespace hanse::engine {

namespace {

constexpr int kPollMs = 20;
constexpr std::uint64_t kFilesMax = 10'000;  // Of one query.

// A file for reading and writing that only its descriptor leads to: it is gone with the last one.
Result<int> NewNamelessFile(const std::string& directory) {
  int fd = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  std::string name = directory + "/spill-XXXXXX";  // A file system that has no nameless ones.
  fd = mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) return Fail(ErrorCode::kUnavailable, "the server has no room for what a query must put aside");
  unlink(name.c_str());
  return fd;
}

// One query on one worker, seen from the server.
class Conversation {
 public:
  Conversation(Channel& channel, const QueryJob& job, TableResolver& tables, ResultSink& sink, std::string spill_directory)
      : channel_(channel), job_(job), tables_(tables), sink_(sink), spill_directory_(std::move(spill_directory)) {}

  // The outcome, or nothing until the worker has said so.
  Result<std::optional<QueryOutcome>> Hear(Message message) {
    if (message.fd >= 0) close(message.fd);  // A worker has nothing to hand over.
    switch (message.type) {
      case MessageType::kResolve: return Answered(Resolve(message.payload));
      case MessageType::kOpen: return Answered(Open(message.payload));
      case MessageType::kList: return Answered(List());
      case MessageType::kLocate: return Answered(Locate(message.payload));
      case MessageType::kReadRows: return Answered(ReadRows(message.payload));
      case MessageType::kSpill: return Answered(SpillFile());
      case MessageType::kColumns: return Answered(Columns(message.payload));
      case MessageType::kRows: return Answered(Rows(message.payload));
      case MessageType::kOutput: return Answered(Output(message.payload));
      case MessageType::kFile: return Answered(FileBegins(message.payload));
      case MessageType::kFileBytes: return Answered(FileBytes(message.payload));
      case MessageType::kFileEnd: return Answered(FileEnds(message.payload));
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
    const std::uint64_t view = in.Number();
    std::string database = in.Text(), table = in.Text();
    TRY_ASSIGN(ColumnConditions conditions, DecodeConditions(in));
    auto source = view == 0 ? tables_.ResolveWhere(database, table, conditions) : tables_.ResolveBeneath(view, database, table);
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

  Result<void> Locate(const std::string& payload) {
    TRY_ASSIGN(auto question, DecodeFile(payload));
    auto located = tables_.Locate(question.first, question.second);
    if (!located) return Refuse(located.error());
    return channel_.Send(MessageType::kPlaces, Encode(*located));
  }

  Result<void> ReadRows(const std::string& payload) {
    TRY_ASSIGN(auto question, DecodeFile(payload));
    auto stream = tables_.ReadRows(question.first, question.second);
    if (!stream) return Refuse(stream.error());
    auto sent = channel_.Send(MessageType::kRowStream, {}, *stream);
    close(*stream);
    return sent;
  }

  // One a query.
  Result<void> SpillFile() {
    if (spill_directory_.empty()) return Refuse(Error{.code = ErrorCode::kUnsupported, .message = "nothing spills here"});
    auto file = NewNamelessFile(std::exchange(spill_directory_, {}));
    if (!file) return Refuse(file.error());
    auto sent = channel_.Send(MessageType::kSpillFile, {}, *file);
    close(*file);
    return sent;
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

  Result<void> Output(const std::string& payload) {
    TRY_ASSIGN(auto columns, DecodeOutput(payload));
    if (!job_.output) return Fail(ErrorCode::kInternal, "a worker writes what nobody asked it to");
    return ToSink(sink_.OutputColumns(std::move(columns)));
  }

  Result<void> FileBegins(const std::string& payload) {
    TRY_ASSIGN(auto file, DecodeFile(payload));
    if (!job_.output || file.first <= last_file_ || file.second.size() != job_.output->keys.size() || ++files_ > kFilesMax) {
      return Fail(ErrorCode::kInternal, "a worker begins a file that nobody asked for");
    }
    last_file_ = file.first;
    under_way_.insert(file.first);
    return ToSink(sink_.FileBegins(file.first, std::move(file.second)));
  }

  Result<void> FileBytes(std::string_view payload) {
    Decoder in(payload.substr(0, sizeof(std::uint64_t)));
    std::uint64_t file = in.Number();
    if (!in.AtEnd() || !under_way_.contains(file)) return Fail(ErrorCode::kInternal, "bytes of no file");
    payload.remove_prefix(sizeof(std::uint64_t));
    written_ += payload.size();
    if (written_ > job_.limits.written_bytes_max) {
      return ToSink(Fail(ErrorCode::kLimitExceeded,
                         fmt::format("EXCEEDED_WRITE_LIMIT: a query may write at most {} bytes", job_.limits.written_bytes_max)));
    }
    return ToSink(sink_.FileBytes(file, payload));
  }

  Result<void> FileEnds(std::string_view payload) {
    Decoder in(payload);
    std::uint64_t file = in.Number();
    if (!in.AtEnd() || under_way_.erase(file) == 0) return Fail(ErrorCode::kInternal, "the end of no file");
    return ToSink(sink_.FileEnds(file));
  }

  Result<void> ToSink(Result<void> taken) {
    sink_failed_ = !taken;
    return taken;
  }

  Channel& channel_;
  const QueryJob& job_;
  TableResolver& tables_;
  ResultSink& sink_;
  std::string spill_directory_;
  std::size_t columns_ = 0;
  std::uint64_t files_ = 0, last_file_ = 0, written_ = 0;
  std::set<std::uint64_t> under_way_;
  bool sink_failed_ = false;
};

}  // namespace

Result<TableSource> TableResolver::ResolveBeneath(std::uint64_t, std::string_view, std::string_view) {
  return Fail(ErrorCode::kNotFound, "no such view in this query");
}

Result<TableSource> TableResolver::ResolveWhere(std::string_view database, std::string_view table, const ColumnConditions&) {
  return Resolve(database, table);
}

Result<std::vector<std::uint64_t>> TableResolver::Locate(std::uint64_t, const std::vector<std::string>&) {
  return Fail(ErrorCode::kUnsupported, "NOT_SUPPORTED: Iceberg tables are not supported here");
}

Result<int> TableResolver::ReadRows(std::uint64_t, const std::vector<std::string>&) {
  return Fail(ErrorCode::kUnsupported, "NOT_SUPPORTED: tables in a warehouse are not supported here");
}

Result<void> ResultSink::OutputColumns(std::vector<ColumnSource>) {
  return Fail(ErrorCode::kUnsupported, "this query answers with rows");
}
Result<void> ResultSink::FileBegins(std::uint64_t, std::vector<std::string>) { return OutputColumns({}); }
Result<void> ResultSink::FileBytes(std::uint64_t, std::string_view) { return OutputColumns({}); }
Result<void> ResultSink::FileEnds(std::uint64_t) { return OutputColumns({}); }

QueryOutcome FailedOutcome(ErrorCategory category, std::string type, std::string message) {
  QueryOutcome outcome;
  outcome.category = category;
  outcome.message = type + ": " + message;
  outcome.type = std::move(type);
  return outcome;
}

namespace {

// The sink's words may begin with the type of the error: "EXCEEDED_WRITE_LIMIT: …".
QueryOutcome RefusedOutcome(const Error& error) {
  std::size_t colon = error.message.find(": ");
  std::string_view type = std::string_view(error.message).substr(0, colon);
  bool typed = colon != std::string::npos && !type.empty() && type.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == type.npos;
  if (!typed) return FailedOutcome(ErrorCategory::kUser, "GENERIC_USER_ERROR", error.message);
  return FailedOutcome(ErrorCategory::kUser, std::string(type), error.message.substr(colon + 2));
}

}  // namespace

QueryOutcome CancelledOutcome() {
  QueryOutcome outcome = FailedOutcome(ErrorCategory::kUser, "USER_CANCELED", "Query was canceled");
  outcome.state = QueryState::kCancelled;
  outcome.message = "Query was canceled";
  return outcome;
}

QueryOutcome Converse(Channel& channel, const QueryJob& job, TableResolver& tables, ResultSink& sink, std::stop_token stop,
                      bool* usable, Terms terms) {
  *usable = false;
  const auto begin = std::chrono::steady_clock::now();
  Conversation conversation(channel, job, tables, sink, std::move(terms.spill_directory));
  if (!channel.Send(MessageType::kJob, Encode(job))) {
    return FailedOutcome(ErrorCategory::kSystem, "GENERIC_INTERNAL_ERROR", "a query worker stopped");
  }
  while (true) {
    if (stop.stop_requested()) return CancelledOutcome();
    auto lasted = std::chrono::steady_clock::now() - begin;
    if (terms.when_long && lasted > terms.long_after) std::exchange(terms.when_long, nullptr)();
    if (lasted > std::chrono::milliseconds(job.limits.time_ms)) {
      return FailedOutcome(ErrorCategory::kUser, "EXCEEDED_TIME_LIMIT", "Query exceeded the maximum execution time limit");
    }
    auto message = channel.Receive(kPollMs);
    if (!message && message.error().code == ErrorCode::kTimeout) continue;
    if (!message)
      return FailedOutcome(ErrorCategory::kSystem, "GENERIC_INTERNAL_ERROR",
                           "the query's worker stopped; it may have needed too much memory");
    auto heard = conversation.Hear(*std::move(message));
    if (!heard) {
      if (conversation.sink_failed()) return RefusedOutcome(heard.error());
      return FailedOutcome(ErrorCategory::kSystem, "GENERIC_INTERNAL_ERROR", "the query's worker misbehaved and was stopped");
    }
    if (!*heard) continue;
    *usable = true;
    return **std::move(heard);
  }
}

}  // namespace hanse::engine
