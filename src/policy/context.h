#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/caller.h"

namespace hanse::policy {

// What a request says about itself, as conditions and policy variables read it: keys in lower case ("aws:sourceip",
// "aws:principaltag/team"), each with its values. A key that is not there is missing, which is not the same as an empty value.
using Context = std::map<std::string, std::vector<std::string>>;

// The global condition keys of a request (IAM User Guide, "Global condition context keys"), over the operation's own keys in
// `request.context`: what the request claims can never stand in for what the server knows of it.
Context GlobalContext(const Caller& caller, const RequestInfo& request);

// The keys that belong to one resource of the request: aws:ResourceAccount, aws:ResourceTag/….
void AddResourceContext(const AccountId& owner, const std::map<std::string, std::string>& tags, Context* context);

}  // namespace hanse::policy
