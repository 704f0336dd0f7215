#pragma once
#include <string>

namespace hanse::server {

// DIR/config with `endpoint_url` as that of the profile "management", which stands first where there was none, and of every other
// profile that had the same one. All else stays as people wrote it.
std::string WithEndpoint(const std::string& config, const std::string& region, const std::string& endpoint_url);

}  // namespace hanse::server
