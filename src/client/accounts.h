#pragma once
#include <string>

#include "client/aws_client.h"

namespace hanse::client {

// Makes an account of the organisation and waits for it; its id. An account that is not made is an error with the reason that
// Organizations gives.
Result<std::string> CreateAccount(AwsClient& as, const std::string& name, const std::string& email);

}  // namespace hanse::client
