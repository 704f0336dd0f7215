#pragma once
#include <string>

#include "base/result.h"
#include "wire/shape.h"
#include "wire/write.h"

namespace hanse::aws {

// What a service calls an error and with which HTTP status it goes out: one table of service and ErrorCode. An error that has the
// service's own name keeps it; its status is then the model's, where the model says one. Sources: each service's API reference,
// "Common errors"; design.md section 8; lakeformation.md section 0.
wire::WireError ErrorFor(const wire::Service& service, const Error& error);

}  // namespace hanse::aws
