#pragma once
#include "gate/gate.h"
#include "gate/wire_operation.h"
#include "wire/glue.h"

// The struct of an operation of Glue. Needs are of its own On().
#define HANSE_GLUE_OPERATION(Name, kRecord)                                                         \
  struct Name : gate::WireOperation<wire::glue::op::Name, kRecord> {                                \
    Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const; \
  }
