#include "query/operation.h"

#include <fmt/format.h>

namespace hanse::query {

std::string WorkGroupArn(const gate::Context& context, std::string_view name) {
  return fmt::format("arn:aws:athena:{}:{}:workgroup/{}", context.info.region, context.caller.account, name);
}

std::string DataCatalogArn(const gate::Context& context, std::string_view name) {
  return fmt::format("arn:aws:athena:{}:{}:datacatalog/{}", context.info.region, context.caller.account, name);
}

Result<std::vector<gate::Need>> OnWorkGroup(const gate::Context& context, std::string_view operation, std::string_view name) {
  return std::vector<gate::Need>{{fmt::format("athena:{}", operation), WorkGroupArn(context, name), {}}};
}

Result<std::vector<gate::Need>> OnDataCatalog(const gate::Context& context, std::string_view operation, std::string_view name) {
  return std::vector<gate::Need>{{fmt::format("athena:{}", operation), DataCatalogArn(context, name), {}}};
}

std::unexpected<Error> Invalid(std::string message) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidRequestException", std::move(message));
}

}  // namespace hanse::query
