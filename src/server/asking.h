#pragma once
#include <string_view>

#include "gate/gate.h"

namespace hanse::server {

// The same caller on the same request, asking another service.
inline gate::Context Asking(const gate::Context& as, std::string_view service, std::string_view operation) {
  gate::Context context = as;
  context.info.service = service;
  context.info.operation = operation;
  return context;
}

}  // namespace hanse::server
