#pragma once
#include "audit/journal.h"
#include "base/random.h"
#include "base/result.h"
#include "gate/gate.h"

namespace hanse::gate {

// The record of a request whose caller is known but which never became an operation: its input breaks the model, or what it names
// is not built. Without its parameters, since nobody could tell a secret among them; written before the answer, not synced.
// `error` has the name that the caller is told. Any thread.
Result<void> RecordRejection(audit::Journal& journal, Random& random, const Rule& rule, const Context& context, const Error& error);

}  // namespace hanse::gate
