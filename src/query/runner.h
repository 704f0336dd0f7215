#pragma once
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "engine/query_job.h"
#include "gate/gate.h"
#include "query/ddl.h"
#include "query/execution_store.h"
#include "query/statement.h"
#include "query/world.h"
#include "store/store.h"

namespace hanse::query {

// Runs executions whose rows are committed, a few at once, in the order in which they came; the rest waits in a bounded queue.
// Owns its threads. Any thread may call.
class Runner {
 public:
  struct Parts {
    store::Store& store;
    const Clock& clock;
    engine::QueryEngine& engine;
    World& world;
    int threads = 4;
    engine::Limits limits;
  };
  static constexpr std::size_t kWaitingMax = 1000;
  static constexpr std::uint64_t kAnswerBytesMax = 512ull << 20;  // Of one answer's file.

  explicit Runner(Parts parts);
  ~Runner();  // Cancels what runs and waits for it.

  // Executions that an earlier server left unfinished are FAILED. Before anything is enqueued.
  Result<void> FailLeftovers();
  bool full() const;
  // `as`: the caller, and what the request said.
  void Enqueue(gate::Context as, std::string id, engine::Limits limits);
  // Asks a running or waiting execution to end; its row is the caller's business.
  void Stop(const std::string& id);

 private:
  struct Job {
    gate::Context as;
    std::string id;
    engine::Limits limits;
    std::stop_source stop;
  };
  struct Answer {
    engine::QueryOutcome outcome;
    std::vector<wire::athena::ColumnInfo> columns;
    std::string file;      // The .csv or .txt.
    std::string manifest;  // Of a statement that wrote: there is no file then.
    bool filtered = false;
  };

  void Work();
  void Run(Job& job);
  Result<Statement> Prepared(const Job& job, Execution* execution);
  Answer Ask(const Job& job, const Execution& execution, const Statement& statement);
  Answer AskExplain(const Job& job, const Execution& execution);
  Answer AskCatalog(const Job& job, const Execution& execution, const Ddl& ddl);
  static Answer Lines(Result<DdlAnswer> done);
  Answer AskToWrite(const Job& job, const Execution& execution);
  // `ask` has its kind and SQL.
  Answer AskEngine(const Job& job, const Execution& execution, engine::QueryJob ask);
  Result<void> Change(const std::string& id, const std::function<void(Execution&)>& change);
  void Finish(const Job& job, const Execution& execution, Answer answer);

  Parts parts_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::map<std::string, std::shared_ptr<Job>> known_;  // Waiting or running.
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace hanse::query
