#pragma once
#include <spdlog/spdlog.h>

// The server's log goes to standard error through spdlog: spdlog::info("listening on {}", address). It tells operators what the
// server does; it never holds a secret, a data value or a user's SQL. What callers did is the journal's business.
