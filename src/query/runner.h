#pragma once
#include <chrono>
#include <condition_variable>
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
#include "query/fair_queue.h"
#include "query/grounds.h"
#include "query/query_metrics.h"
#include "query/reusable_results.h"
#include "query/statement.h"
#include "query/world.h"
#include "store/store.h"

namespace hanse::query {

// Runs executions whose rows are committed, a few at once, as FairQueue says; the rest waits, and the queue is bounded. The
// rights that a query stands on (tables, columns, filters) are asked for again while it runs, whenever the store has changed in
// what decided them: when one is gone it is stopped and FAILED. An answer is given again where that is asked for and every ground
// of it holds still. Owns its threads. Any thread may call.
class Runner {
 public:
  struct Parts {
    store::Store& store;
    const Clock& clock;
    engine::QueryEngine& engine;
    World& world;
    int threads = 8;
    FairQueue::Shares shares;
    std::chrono::milliseconds grounds_every{250};  // How often the store is looked at while something runs.
    std::chrono::milliseconds noted_after{20};     // A query that only reads is RUNNING to others when it has run for so long.
    QueryMetrics* metrics = nullptr;               // Is told of queries that end.
  };
  static constexpr std::uint64_t kAnswerBytesMax = 512ull << 20;  // Of one answer's file.

  explicit Runner(Parts parts);
  ~Runner();  // Cancels what runs and waits for it.

  // Executions that an earlier server left unfinished are FAILED. Before anything is enqueued.
  Result<void> FailLeftovers();
  // Whether no more of this caller's may wait in this workgroup.
  bool Full(const Caller& caller, const std::string& workgroup) const;
  // `as`: the caller, and what the request said.
  void Enqueue(gate::Context as, const std::string& workgroup, std::string id, engine::Limits limits);
  // Somebody else has ended the execution, in this transaction.
  Result<void> Ended(store::Transaction& tx, const Execution& execution) const;
  // Asks a running or waiting execution to end; its row is the caller's business.
  void Stop(const std::string& id);
  // A running execution of somebody else's thread, for Stop(), the end of the server and the watch over its grounds, until it is
  // withdrawn: where its grounds were lost meanwhile, `outcome` becomes a refusal. Waits for its turn, but not beyond `stop`.
  struct Announced {
    std::stop_source stop;
    std::shared_ptr<Grounds> grounds;
  };
  Announced Announce(gate::Context as, const std::string& workgroup, const std::string& id, const std::stop_token& stop);
  void Withdraw(const std::string& id, engine::QueryOutcome* outcome);
  // One transaction for a change of an execution's row, with what its query has scanned by then; kNotFound where it has ended: ends
  // are final.
  using ChangeOf = std::function<void(Execution&)>;
  Result<void> Change(const std::string& id, const ChangeOf& change, std::uint64_t scanned_bytes = 0);

 private:
  struct Job {
    Lane lane;
    gate::Context as;
    std::string id;
    engine::Limits limits;
    std::vector<engine::DataCatalog> catalogs;  // That its statement may name. Of Run().
    bool announced = false;                     // Somebody else's thread runs it,
    bool turn = false;                          // and may, from now on. Of the runner's mutex.
    std::stop_source stop;
    std::shared_ptr<Grounds> grounds = std::make_shared<Grounds>();
    std::vector<store::Basis> held;  // What the last answers about the grounds were made of, in their order. Of Watch().
    std::string lost;                // The table whose rights were taken away while the query ran. Of the runner's mutex.
  };
  struct Answer {
    engine::QueryOutcome outcome;
    std::vector<wire::athena::ColumnInfo> columns;
    std::string file;                         // The .csv or .txt.
    std::int64_t file_bytes = 0;              // Once it is written.
    std::string manifest;                     // Of a statement that wrote: there is no file then.
    bool filtered = false, governed = false;  // As QueryTables says.
    bool reused = false;
  };

  void Work();
  void Watch(std::stop_token stop);
  void StopWhatLostItsRights();
  // The first ground whose right is lost, as "database.table".
  std::optional<std::string> LostOf(Job& job);
  void FailIfLost(const Job& job, Answer* answer) const;
  void Run(Job& job);
  // The execution as it waits, and what catalogs its statement may name.
  Result<Execution> Read(Job& job) const;
  Result<Statement> Prepared(const Job& job, Execution* execution);
  // `ask` has its kind and SQL.
  static engine::QueryJob JobOf(const Job& job, const Execution& execution, engine::QueryJob ask);
  Answer Ask(const Job& job, const Execution& execution, const Statement& statement);
  Answer AskSelect(const Job& job, const Execution& execution);
  std::optional<Answer> GivenBefore(const Job& job, const Execution& execution);
  Answer AskExplain(const Job& job, const Execution& execution);
  // Runs the query and tells before its plan what it took.
  Answer Analyzed(const Job& job, const Execution& execution, const std::string& sql, Answer plan);
  Answer AskCatalog(const Job& job, const Execution& execution, const Ddl& ddl);
  static Answer Lines(Result<DdlAnswer> done);
  Answer AskToWrite(const Job& job, const Execution& execution);
  // `ask` has its kind and SQL.
  Answer AskEngine(const Job& job, const Execution& execution, engine::QueryJob ask);
  void Finish(const Job& job, const Execution& execution, Answer answer);
  // The files of an answer and the end of its execution, in one transaction.
  Result<void> WriteAnswer(const Job& job, const Execution& execution, Answer& answer, const ChangeOf& end);
  // Of an execution that has not ended.
  Result<void> Apply(store::Transaction& tx, Execution& execution, const ChangeOf& change, std::uint64_t scanned_bytes) const;

  Parts parts_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;      // The runner's threads: one may have something to run.
  std::condition_variable_any turn_;  // Announce(): a turn was given.
  std::condition_variable_any watching_;
  FairQueue waiting_;
  std::map<std::string, std::shared_ptr<Job>> known_;  // Waiting or running.
  bool stopping_ = false;
  ReusableResults given_;
  std::vector<std::jthread> threads_;
  std::jthread watch_;  // Last: it is joined first.
};

}  // namespace hanse::query
