#pragma once
#include <string>
#include <string_view>

#include "audit/index.h"
#include "base/result.h"
#include "wire/cloudtrail.h"

namespace hanse::insight {

// The question to the index that a request puts, for the events of one account and region. Errors with CloudTrail's names.
Result<audit::Lookup> LookupOf(const wire::cloudtrail::LookupEventsRequest& in, std::string_view account, std::string_view region);
// Where the next page starts; good for the same question alone.
std::string NextToken(const audit::Lookup& lookup, const audit::Lookup::Place& last);

}  // namespace hanse::insight
