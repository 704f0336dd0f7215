#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gate/gate.h"
#include "wire/athena.h"

// What all of Athena's operations share.
namespace hanse::query {

inline constexpr std::string_view kPrimary = "primary";  // The workgroup that every account has.
inline constexpr std::string_view kEngineVersion = "Athena engine version 3";
inline constexpr std::string_view kCatalog = "AwsDataCatalog";

std::string WorkGroupArn(const gate::Context& context, std::string_view name);
std::string DataCatalogArn(const gate::Context& context, std::string_view name);
// The one need of an operation on a workgroup.
Result<std::vector<gate::Need>> OnWorkGroup(const gate::Context& context, std::string_view operation, std::string_view name);
// … and on a data catalog.
Result<std::vector<gate::Need>> OnDataCatalog(const gate::Context& context, std::string_view operation, std::string_view name);
// InvalidRequestException.
std::unexpected<Error> Invalid(std::string message);

// The struct of an operation: its rule, its wire form and its input. Needs are of the operation's own On().
#define HANSE_ATHENA_OPERATION(Name, kRecord)                                                       \
  struct Name {                                                                                     \
    static constexpr gate::Rule kRule{"athena", #Name, kRecord};                                    \
    using Wire = wire::athena::op::Name;                                                            \
    using Answer = Wire::Output;                                                                    \
    Wire::Input in;                                                                                 \
    Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const; \
  }

}  // namespace hanse::query
