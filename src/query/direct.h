#pragma once
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/query_job.h"
#include "query/grounds.h"
#include "query/operation.h"
#include "query/runner.h"

namespace hanse::query {

// A statement whose rows go to its caller and into no file: of doors that keep a connection (PostgreSQL wire). The same rights as
// StartQueryExecution, the same name in the journal, and an execution as any other, which Athena's operations list and stop.
struct StartDirect {
  static constexpr gate::Rule kRule{"athena", "StartQueryExecution", gate::Record::kWrite};
  struct Answer {
    std::string id, workgroup;
    engine::Limits limits;
    std::vector<engine::DataCatalog> catalogs;  // That the statement may name.
  };
  wire::athena::StartQueryExecutionInput in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// What a statement would give, without running it: as who may run it.
struct DescribeDirect {
  static constexpr gate::Rule kRule{"athena", "DescribeStatement"};
  using Answer = std::vector<engine::DataCatalog>;  // That the statement may name.
  wire::athena::StartQueryExecutionInput in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// A question about the catalog, as who may run statements: what the answer shows is decided by the listing.
struct AskCatalog {
  static constexpr gate::Rule kRule{"athena", "AskCatalog"};
  using Answer = std::monostate;
  wire::athena::StartQueryExecutionInput in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct DirectStatement {
  std::string sql;
  engine::JobKind kind = engine::JobKind::kRun;
  std::string database, workgroup;
  std::uint64_t time_ms_max = 0;  // 0: what every query has.
};

// What the answer of a direct statement rests on, for who hands it out bit by bit.
struct AnswerGrounds {
  std::string query_id;
  std::shared_ptr<Grounds> grounds;  // Nothing: no rights to tables.
};

// Runs direct statements on the thread that asks. Any thread.
class DirectQueries {
 public:
  DirectQueries(const gate::Gate& gate, const Clock& clock, engine::QueryEngine& engine, World& world, Runner& runner,
                Random& random)
      : gate_(gate), clock_(clock), engine_(engine), world_(world), runner_(runner), random_(random) {}

  // kRun and kExplain. An error where it was not begun: what is denied, broken or over a limit; else the outcome, however it ended.
  Result<engine::QueryOutcome> Run(const gate::Context& as, const DirectStatement& statement, engine::ResultSink& sink,
                                   std::stop_token stop, AnswerGrounds* rests_on = nullptr);
  // Asks for the rights that an answer rests on again. kAccessDenied where one is gone: nobody is given the rest of it.
  Result<void> Hold(const gate::Context& as, const AnswerGrounds& rests_on);
  // The columns alone. Of a statement that fails the outcome says why.
  Result<engine::QueryOutcome> Describe(const gate::Context& as, const DirectStatement& statement, engine::ResultSink& sink,
                                        std::stop_token stop);
  // kPgCatalog and kPgCatalogColumns: of nothing but what the catalog's own listing shows the caller (engine/pg_catalog.h).
  Result<engine::QueryOutcome> Ask(const gate::Context& as, const DirectStatement& statement,
                                   const std::map<std::string, std::string>& session, engine::ResultSink& sink,
                                   std::stop_token stop);

  Result<StartDirect::Answer> Do(const gate::Authorized<StartDirect>& call);
  Result<DescribeDirect::Answer> Do(const gate::Authorized<DescribeDirect>& call);
  Result<AskCatalog::Answer> Do(const gate::Authorized<AskCatalog>& call);

 private:
  Result<void> End(const std::string& id, const engine::QueryOutcome& outcome, bool filtered);

  const gate::Gate& gate_;
  const Clock& clock_;
  engine::QueryEngine& engine_;
  World& world_;
  Runner& runner_;
  Random& random_;
};

}  // namespace hanse::query
