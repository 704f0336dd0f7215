#pragma once
#include "engine/instance.h"
#include "engine/server_link.h"

namespace hanse::engine {

// Runs one query in the worker: parse, bind through the server, execute, send columns and rows. Never throws.
QueryOutcome RunQuery(Instance& instance, ServerLink& server, const QueryJob& job);

}  // namespace hanse::engine
