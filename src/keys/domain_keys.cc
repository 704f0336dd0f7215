#include "keys/domain_keys.h"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <vector>

#include <fmt/format.h>

#include "keys/sealing.h"
#include "model/arn.h"

namespace hanse::keys {
namespace {

constexpr std::size_t kOpenedMax = 10'000;

constexpr std::string_view kColumns = "keys.id, keys.key_id, keys.account, keys.region, keys.arn, keys.state";

DomainKey ReadKey(const store::Row& row) { return {row.Int(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5)}; }

Result<std::optional<DomainKey>> One(store::Transaction& tx, std::string_view rest,
                                     std::initializer_list<store::Value> parameters) {
  TRY_ASSIGN(auto row, tx.Maybe(fmt::format("SELECT {} FROM keys {}", kColumns, rest), parameters));
  if (!row) return std::optional<DomainKey>();
  return std::optional(ReadKey(*row));
}

Result<std::optional<DomainKey>> ByAlias(store::Transaction& tx, std::string_view account, std::string_view region,
                                         std::string_view alias) {
  return One(tx,
             "JOIN key_aliases ON key_aliases.key = keys.id WHERE key_aliases.account = ? AND key_aliases.region = ? AND "
             "key_aliases.name = ?",
             {std::string(account), std::string(region), std::string(alias)});
}

// What sealed material is bound to: nobody can put one key's material into another's row.
std::string MaterialContext(Id key, std::int64_t version) { return fmt::format("material {} {}", key, version); }
std::string DataKeyContext(std::string_view arn, std::int64_t version, std::string_view context) {
  return fmt::format("data key {} {} {}", arn, version, context);
}

}  // namespace

Result<DomainKey> DomainKeys::Domain(store::Transaction& tx, std::string_view account, std::string_view region, TimeMs now_ms) {
  TRY_ASSIGN(std::optional<DomainKey> found, FindDomain(tx, account, region));
  if (found) return *found;
  TRY_ASSIGN(Id id, tx.NewId());
  DomainKey key{id, random_.Uuid(), std::string(account), std::string(region), {}, "Enabled"};
  key.arn = fmt::format("arn:aws:kms:{}:{}:key/{}", key.region, key.account, key.key_id);
  TRY(tx.Execute("INSERT INTO things (id, kind) VALUES (?, 'key')", {id}));
  TRY(
      tx.Execute("INSERT INTO keys (id, key_id, account, region, arn, state, created_ms, policy, definition) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, '', '{}')",
                 {id, key.key_id, key.account, key.region, key.arn, key.state, now_ms}));
  std::string sealed = SealKey(root_, random_, MaterialContext(id, 1), crypto::Key::Draw(random_));
  TRY(tx.Execute("INSERT INTO key_materials (key, version, sealed, created_ms) VALUES (?, 1, ?, ?)", {id, sealed, now_ms}));
  TRY(tx.Execute("INSERT INTO key_aliases (account, region, name, key, created_ms) VALUES (?, ?, ?, ?, ?)",
                 {key.account, key.region, std::string(kDomainAlias), id, now_ms}));
  return key;
}

Result<std::optional<DomainKey>> DomainKeys::FindDomain(store::Transaction& tx, std::string_view account, std::string_view region) {
  return ByAlias(tx, account, region, kDomainAlias);
}

Result<std::optional<DomainKey>> DomainKeys::Find(store::Transaction& tx, std::string_view name, std::string_view account,
                                                  std::string_view region) {
  if (std::optional<Arn> arn = ParseArn(name)) {
    if (arn->service != "kms") return std::optional<DomainKey>();
    if (arn->resource.starts_with("alias/")) return ByAlias(tx, arn->account, arn->region, arn->resource);
    return One(tx, "WHERE keys.arn = ?", {std::string(name)});
  }
  if (name.starts_with("alias/")) return ByAlias(tx, account, region, name);
  return One(tx, "WHERE keys.key_id = ? AND keys.account = ? AND keys.region = ?",
             {std::string(name), std::string(account), std::string(region)});
}

Result<std::string> DomainKeys::Wrap(store::Transaction& tx, std::string_view arn, const crypto::Key& data_key,
                                     std::string_view context) {
  TRY_ASSIGN(Usable usable, Find(tx, arn, std::nullopt));
  TRY_ASSIGN(crypto::Key material, Open(usable));
  return fmt::format("{}:{}", usable.version, SealKey(material, random_, DataKeyContext(arn, usable.version, context), data_key));
}

Result<crypto::Key> DomainKeys::Unwrap(store::Transaction& tx, std::string_view arn, std::string_view wrapped,
                                       std::string_view context) {
  std::size_t colon = wrapped.find(':');
  std::int64_t version = 0;
  auto [end, error] = std::from_chars(wrapped.data(), wrapped.data() + std::min(colon, wrapped.size()), version);
  if (colon == std::string_view::npos || error != std::errc() || end != wrapped.data() + colon) {
    return Fail(ErrorCode::kInternal, "a sealed key is damaged");
  }
  TRY_ASSIGN(Usable usable, Find(tx, arn, version));
  TRY_ASSIGN(crypto::Key material, Open(usable));
  return OpenKey(material, DataKeyContext(arn, version, context), wrapped.substr(colon + 1));
}

Result<DomainKeys::Usable> DomainKeys::Find(store::Transaction& tx, std::string_view arn, std::optional<std::int64_t> version) {
  std::string sql =
      "SELECT keys.id, keys.state, key_materials.version, key_materials.sealed FROM keys "
      "JOIN key_materials ON key_materials.key = keys.id WHERE keys.arn = ?";
  std::vector<store::Value> parameters{std::string(arn)};
  if (version) {
    sql += " AND key_materials.version = ?";
    parameters.emplace_back(*version);
  } else {
    sql += " ORDER BY key_materials.version DESC LIMIT 1";
  }
  TRY_ASSIGN(std::vector<store::Row> rows, tx.Query(sql, parameters));
  if (rows.empty()) return FailAs(ErrorCode::kNotFound, "KMS.NotFoundException", fmt::format("Key '{}' does not exist", arn));
  const store::Row& row = rows.front();
  const std::string& state = row.Text(1);
  if (state == "Disabled") return FailAs(ErrorCode::kConflict, "KMS.DisabledException", fmt::format("{} is disabled.", arn));
  if (state != "Enabled") {
    return FailAs(ErrorCode::kConflict, "KMS.KMSInvalidStateException", fmt::format("{} is pending deletion.", arn));
  }
  return Usable{row.Int(0), row.Int(2), row.Text(3)};
}

Result<crypto::Key> DomainKeys::Open(const Usable& usable) {
  {
    std::shared_lock lock(mutex_);
    if (auto at = opened_.find(usable.sealed); at != opened_.end()) return at->second;
  }
  TRY_ASSIGN(crypto::Key material, OpenKey(root_, MaterialContext(usable.key, usable.version), usable.sealed));
  std::unique_lock lock(mutex_);
  if (opened_.size() >= kOpenedMax) opened_.clear();
  opened_.emplace(usable.sealed, material);
  return material;
}

}  // namespace hanse::keys
