#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace hanse::identity {

// Only services make roles under it, and guardrails do not bind them.
inline constexpr std::string_view kServiceRolePath = "/aws-service-role/";

// A service that has a role of its own in accounts (IAM User Guide, "service-linked roles").
struct LinkedService {
  std::string_view service;    // "lakeformation.amazonaws.com"
  std::string_view role_name;  // "AWSServiceRoleForLakeFormationDataAccess"
  std::string_view actions;    // What the service needs, separated by spaces.
};
const LinkedService* FindLinkedService(std::string_view service);

}  // namespace hanse::identity
