#pragma once
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "engine/channel.h"
#include "engine/query_job.h"

namespace hanse::engine {

// What is done once, on the query's own thread, when a query has run for so long.
struct Aging {
  std::chrono::milliseconds after = std::chrono::milliseconds::max();
  std::function<void()> then;
};

// One query, seen from the server: hands the job to the worker behind `channel`, answers what it asks and passes its rows on, until
// its outcome, the job's time or `stop`. `usable`: whether the worker may be given another query; else it is to be killed. One
// thread a channel.
QueryOutcome Converse(Channel& channel, const QueryJob& job, TableResolver& tables, ResultSink& sink, std::stop_token stop,
                      bool* usable, Aging aging = {});

QueryOutcome FailedOutcome(ErrorCategory category, std::string type, std::string message);
QueryOutcome CancelledOutcome();

}  // namespace hanse::engine
