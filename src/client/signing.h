#pragma once
#include <string_view>

#include "base/clock.h"
#include "client/connection.h"
#include "client/profile.h"

namespace hanse::client {

// Adds X-Amz-Date, x-amz-content-sha256, the session's token and Authorization to a request whose Host header is set: AWS
// Signature Version 4 over the whole body.
void Sign(const Profile& profile, std::string_view service, TimeMs now_ms, HttpRequest* request);

}  // namespace hanse::client
