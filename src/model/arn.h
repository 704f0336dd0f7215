#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace hanse {

// arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE. The resource may hold colons.
struct Arn {
  std::string partition, service, region, account, resource;
  std::string Text() const;
};

// Nothing where `text` has not the six parts or is no "arn:".
std::optional<Arn> ParseArn(std::string_view text);

// The ARNs of this server's things, written in one place.
std::string RoleArn(std::string_view account, std::string_view path, std::string_view name);  // path: "/" or "/a/b/"
std::string UserArn(std::string_view account, std::string_view path, std::string_view name);
std::string RootArn(std::string_view account);
std::string SamlProviderArn(std::string_view account, std::string_view name);
std::string AssumedRoleArn(std::string_view account, std::string_view role, std::string_view session);
std::string GlueArn(std::string_view region, std::string_view account,
                    std::string_view resource);  // "catalog", "database/d", "table/d/t"
std::string S3Arn(std::string_view bucket, std::string_view key = {});

}  // namespace hanse
