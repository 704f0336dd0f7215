#pragma once
#include "base/result.h"
#include "doors/pgwire/message.h"
#include "engine/query_job.h"

namespace hanse::pgwire {

// The one table: an error's code, or the SQLSTATE that it names itself, as clients read it. What went wrong inside is not told.
Refusal RefusalOf(const Error& error);
// A query that did not succeed, as an error with its SQLSTATE.
Error ErrorOf(const engine::QueryOutcome& outcome);

}  // namespace hanse::pgwire
