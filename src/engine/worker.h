#pragma once

namespace hanse::engine {

// The whole life of a worker process: `hanse worker --fd N`, started by WorkerPool alone. Prepares one engine, confines itself,
// says that it is ready, then serves the queries that come over the descriptor, one at a time, until the other side closes it.
// Returns the process's exit code.
int RunWorker(int control_fd);

}  // namespace hanse::engine
