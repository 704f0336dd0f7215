#pragma once
#include "engine/instance.h"
#include "engine/session.h"

namespace hanse::engine {

// Writes the rows of a query whose job has an OutputPlan: to one file, or to one for each value of the partition keys, and to the
// next one where a file has grown large. Tells the server the columns first. Adds the rows to `outcome`; throws. `pending` is what
// the engine made of the job's SELECT.
void RunOutput(Instance& instance, duckdb::ClientContext& context, Session& session, duckdb::PendingQueryResult& pending,
               QueryOutcome& outcome);

}  // namespace hanse::engine
