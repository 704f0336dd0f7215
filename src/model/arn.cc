#include "model/arn.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hanse {

std::string Arn::Text() const { return fmt::format("arn:{}:{}:{}:{}:{}", partition, service, region, account, resource); }

std::optional<Arn> ParseArn(std::string_view text) {
  if (!text.starts_with("arn:")) return std::nullopt;
  text.remove_prefix(4);
  std::string_view parts[4];
  for (std::string_view& part : parts) {
    std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (parts[0].empty() || parts[1].empty() || text.empty()) return std::nullopt;
  return Arn{std::string(parts[0]), std::string(parts[1]), std::string(parts[2]), std::string(parts[3]), std::string(text)};
}

std::string RoleArn(std::string_view account, std::string_view path, std::string_view name) {
  return fmt::format("arn:aws:iam::{}:role{}{}", account, path, name);
}

std::string UserArn(std::string_view account, std::string_view path, std::string_view name) {
  return fmt::format("arn:aws:iam::{}:user{}{}", account, path, name);
}

std::string RootArn(std::string_view account) { return fmt::format("arn:aws:iam::{}:root", account); }

std::string SamlProviderArn(std::string_view account, std::string_view name) {
  return fmt::format("arn:aws:iam::{}:saml-provider/{}", account, name);
}

std::string AssumedRoleArn(std::string_view account, std::string_view role, std::string_view session) {
  return fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", account, role, session);
}

std::string GlueArn(std::string_view region, std::string_view account, std::string_view resource) {
  return fmt::format("arn:aws:glue:{}:{}:{}", region, account, resource);
}

std::string S3Arn(std::string_view bucket, std::string_view key) {
  return key.empty() ? fmt::format("arn:aws:s3:::{}", bucket) : fmt::format("arn:aws:s3:::{}/{}", bucket, key);
}

}  // namespace hanse
