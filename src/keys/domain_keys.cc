#include "keys/domain_keys.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "keys/aliases.h"
#include "keys/key_policy.h"
#include "keys/sealing.h"

namespace hanse::keys {
namespace {

std::string DataKeyContext(std::string_view arn, std::int64_t version, std::string_view context) {
  return fmt::format("data key {} {} {}", arn, version, context);
}

}  // namespace

Result<KmsKey> DomainKeys::Domain(store::Transaction& tx, std::string_view account, std::string_view region, TimeMs now_ms) {
  TRY_ASSIGN(std::optional<KmsKey> found, FindDomain(tx, account, region));
  if (found) return *std::move(found);
  TRY_ASSIGN(Id id, tx.NewId());
  KmsKey key{.id = id,
             .key_id = random_.Uuid(),
             .account = std::string(account),
             .region = std::string(region),
             .arn = {},
             .state = std::string(kEnabled),
             .created_ms = now_ms,
             .policy = DomainPolicy(account, region)};
  key.arn = KeyArn(key.region, key.account, key.key_id);
  key.details.description = "The key of this account's domain: its objects lie under it unless another one is named.";
  TRY(InsertKey(tx, key));
  TRY(materials_.Add(tx, id, now_ms));
  TRY(InsertAlias(tx, {.account = key.account, .region = key.region, .name = std::string(kDomainAlias), .created_ms = now_ms}, id));
  return key;
}

Result<std::optional<KmsKey>> DomainKeys::FindDomain(store::Transaction& tx, std::string_view account, std::string_view region) {
  return FindKey(tx, kDomainAlias, account, region);
}

Result<std::string> DomainKeys::Wrap(store::Transaction& tx, std::string_view arn, const crypto::Key& data_key,
                                     std::string_view context) {
  TRY_ASSIGN(Materials::Material material, materials_.Usable(tx, arn));
  return fmt::format("{}:{}", material.version,
                     SealKey(material.key, random_, DataKeyContext(arn, material.version, context), data_key));
}

Result<crypto::Key> DomainKeys::Unwrap(store::Transaction& tx, std::string_view arn, std::string_view wrapped,
                                       std::string_view context) {
  std::size_t colon = wrapped.find(':');
  std::int64_t version = 0;
  auto [end, error] = std::from_chars(wrapped.data(), wrapped.data() + std::min(colon, wrapped.size()), version);
  if (colon == std::string_view::npos || error != std::errc() || end != wrapped.data() + colon) {
    return Fail(ErrorCode::kInternal, "a sealed key is damaged");
  }
  TRY_ASSIGN(Materials::Material material, materials_.Usable(tx, arn, version));
  return OpenKey(material.key, DataKeyContext(arn, version, context), wrapped.substr(colon + 1));
}

}  // namespace hanse::keys
