#pragma once
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "engine/channel.h"
#include "engine/query_job.h"

namespace hanse::engine {

// What a query may have of the server beside its answers.
struct Terms {
  std::string spill_directory;  // Where its file without a name is made; empty: what does not fit its memory fails.
  // Once, on the query's own thread, when it has run for so long.
  std::chrono::milliseconds long_after = std::chrono::milliseconds::max();
  std::function<void()> when_long;
};

// One query, seen from the server: hands the job to the worker behind `channel`, answers what it asks and passes its rows on, until
// its outcome, the job's time or `stop`. `usable`: whether the worker may be given another query; else it is to be killed. One
// thread a channel.
QueryOutcome Converse(Channel& channel, const QueryJob& job, TableResolver& tables, ResultSink& sink, std::stop_token stop,
                      bool* usable, Terms terms = {});

QueryOutcome FailedOutcome(ErrorCategory category, std::string type, std::string message);
QueryOutcome CancelledOutcome();

}  // namespace hanse::engine
