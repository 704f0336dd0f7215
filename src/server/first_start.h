#pragma once
#include "base/clock.h"
#include "base/random.h"
#include "crypto/key.h"
#include "organisation/organisation.h"
#include "server/directory.h"
#include "server/options.h"
#include "store/store.h"

namespace hanse::server {

// Makes the organisation with its management account and that account's administrator, where the store has none yet, in one
// transaction, and writes the AWS CLI's profile of that administrator to DIR/credentials and DIR/config (0600). A start that was
// cut short between the two finds the administrator without his files: it gives him a new key. `endpoint_url`: where the AWS APIs
// listen now; DIR/config follows it.
Result<void> FirstStart(const Directory& directory, const ServeOptions& options, store::Store& store, const crypto::Key& key,
                        Random& random, const Clock& clock, organisation::Organisation& organisation,
                        const std::string& endpoint_url);

}  // namespace hanse::server
