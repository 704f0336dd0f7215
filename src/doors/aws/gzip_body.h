#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace hanse::aws {

// What a body of Content-Encoding gzip holds. SerializationException where it is no whole gzip, or more than `bytes_max` come out.
Result<std::string> InflateGzip(std::string_view gzip, std::size_t bytes_max);

}  // namespace hanse::aws
