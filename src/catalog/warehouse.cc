#include "catalog/warehouse.h"

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/names.h"

namespace hanse::catalog {

Result<WarehouseTable> ReadWarehouseLocation(const std::string& location) {
  std::vector<std::string> parts = Split(location, '.');
  if (parts.size() != 3 || Contains(parts, "")) {
    return Fail(ErrorCode::kInvalidArgument, "the location of a table in a warehouse must be DATABASE.SCHEMA.TABLE");
  }
  return WarehouseTable{std::move(parts[0]), std::move(parts[1]), std::move(parts[2])};
}

std::vector<gate::Need> NeedsOnConnection(std::string_view action, std::string_view region, const AccountId& owner,
                                          std::string_view name) {
  return {{.action = std::string(action), .resource = CatalogArn(region, owner), .owner = owner},
          {.action = std::string(action),
           .resource = fmt::format("arn:aws:glue:{}:{}:connection/{}", region, owner, name),
           .owner = owner}};
}

}  // namespace hanse::catalog
