#pragma once
#include "server/options.h"

namespace hanse::server {

// `hanse serve`: runs until SIGTERM or SIGINT. Exit code: 0 ended cleanly, 1 could not start or lost a part, 2 wrong options.
int Serve(const ServeOptions& options);

}  // namespace hanse::server
