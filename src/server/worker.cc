#include "server/worker.h"

#include "engine/worker.h"

namespace hanse::server {

int Worker(int control_fd) { return engine::RunWorker(control_fd); }

}  // namespace hanse::server
