#include "wire/shape.h"

#include <algorithm>

#include "wire/access.h"

namespace hanse::wire {

const Service* FindService(std::string_view name) {
  const auto services = Services();
  const auto found = std::ranges::find(services, name, &Service::name);
  return found == services.end() ? nullptr : *found;
}

constinit const Shape kEmptyShape{.name = "Empty", .kind = Kind::kStructure};

const Shape& Empty::WireShape() { return kEmptyShape; }

}  // namespace hanse::wire
