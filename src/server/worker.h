#pragma once

namespace hanse::server {

// `hanse worker --fd N`: the query worker, started by the server with one end of a socket pair. Exit code.
int Worker(int control_fd);

}  // namespace hanse::server
