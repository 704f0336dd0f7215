#pragma once
#include <string_view>

#include "base/result.h"

// A bucket asked in another region than its own. S3's clients read from the refusal where the bucket lies and ask again there, so
// that the door (doors/aws) must learn from the error what the domain (objects) knew (Amazon S3 API Reference, "Error responses":
// AuthorizationHeaderMalformed).
namespace hanse {

std::unexpected<Error> WrongRegion(std::string_view asked, std::string_view home);
// The region in which such a bucket lies; empty for every other error.
std::string_view HomeRegionOf(const Error& error);

}  // namespace hanse
