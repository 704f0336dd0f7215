#pragma once
#include "store/history.h"
#include "store/store.h"

namespace hanse::store {

// Makes the triggers that keep history (store/history.h) in a PostgreSQL database, anew from the columns that the tables have now.
// Once a database, by whichever node starts.
Result<void> KeepHistoryInPostgres(Store& store);

}  // namespace hanse::store
