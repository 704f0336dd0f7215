#include "secrets/secret.h"

#include <fmt/format.h>

#include "model/arn.h"
#include "store/directory.h"
#include "wire/json.h"

namespace hanse::secrets {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, account, region, name, arn, policy, created_ms, deletion_ms, definition FROM secrets ";
constexpr std::string_view kResource = "secret:";
constexpr std::size_t kTailBytes = 7;  // "-" and six characters.

Result<Secret> ReadSecretRow(const store::Row& row) {
  Secret secret{.id = row.Int(0),
                .account = row.Text(1),
                .region = row.Text(2),
                .name = row.Text(3),
                .arn = row.Text(4),
                .policy = row.Text(5),
                .created_ms = row.Int(6),
                .deletion_ms = row.Int(7)};
  TRY_ASSIGN(secret.details, wire::FromJson<ws::SecretListEntry>(row.Text(8)));
  return secret;
}

Result<std::optional<Secret>> ReadFirst(Result<std::vector<store::Row>> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  if (rows->empty()) return std::optional<Secret>();
  TRY_ASSIGN(Secret secret, ReadSecretRow(rows->front()));
  return std::optional(std::move(secret));
}

Result<std::optional<Secret>> ByName(store::Transaction& tx, std::string_view account, std::string_view region,
                                     std::string_view name) {
  return ReadFirst(tx.Query(std::string(kSelect) + "WHERE account = ? AND region = ? AND name = ?",
                            {std::string(account), std::string(region), std::string(name)}));
}

// The stages of a version, in the service's own form of a list.
std::string StagesText(const std::vector<std::string>& stages) {
  return wire::ToJson(ws::SecretVersionsListEntry{.version_stages = stages});
}

}  // namespace

std::string SecretArnStart(std::string_view region, std::string_view account, std::string_view name) {
  return fmt::format("arn:aws:secretsmanager:{}:{}:secret:{}", region, account, name);
}

Result<std::optional<Secret>> FindSecret(store::Transaction& tx, std::string_view id, std::string_view account,
                                         std::string_view region) {
  if (!id.starts_with("arn:")) return ByName(tx, account, region, id);
  std::optional<Arn> arn = ParseArn(id);
  if (!arn || arn->service != "secretsmanager" || !arn->resource.starts_with(kResource) || arn->region != region) {
    return std::optional<Secret>();
  }
  TRY_ASSIGN(auto whole, ReadFirst(tx.Query(std::string(kSelect) + "WHERE arn = ?", {std::string(id)})));
  if (whole) return whole;
  return ByName(tx, arn->account, arn->region, std::string_view(arn->resource).substr(kResource.size()));
}

Result<std::vector<Secret>> NextSecrets(store::Transaction& tx, std::string_view account, std::string_view region, Order order,
                                        const SecretCursor& after, std::int64_t limit) {
  std::string_view beyond, by;
  switch (order) {
    case Order::kName: beyond = "name > ?", by = "name"; break;
    case Order::kNameDown: beyond = "name < ?", by = "name DESC"; break;
    case Order::kMade: beyond = "id > ?", by = "id"; break;
    case Order::kMadeDown: beyond = "id < ?", by = "id DESC"; break;
  }
  const bool named = order == Order::kName || order == Order::kNameDown;
  std::string sql = std::string(kSelect) + "WHERE account = ? AND region = ?";
  std::vector<store::Value> values{std::string(account), std::string(region)};
  if (after.id != 0) {
    sql += fmt::format(" AND {}", beyond);
    values.push_back(named ? store::Value(after.name) : store::Value(after.id));
  }
  values.emplace_back(limit);
  TRY_ASSIGN(auto rows, tx.Query(fmt::format("{} ORDER BY {} LIMIT ?", sql, by), values));
  std::vector<Secret> secrets;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(Secret secret, ReadSecretRow(row));
    secrets.push_back(std::move(secret));
  }
  return secrets;
}

Result<void> InsertSecret(store::Transaction& tx, Secret* secret) {
  TRY_ASSIGN(secret->id, store::NewThing(tx, "secret"));
  TRY(
      tx.Execute("INSERT INTO secrets (id, account, region, name, arn, policy, created_ms, deletion_ms, definition) VALUES "
                 "(?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 {secret->id, secret->account, secret->region, secret->name, secret->arn, secret->policy, secret->created_ms,
                  secret->deletion_ms, wire::ToJson(secret->details)}));
  return {};
}

Result<void> UpdateSecretRow(store::Transaction& tx, const Secret& secret) {
  TRY(tx.Execute("UPDATE secrets SET policy = ?, deletion_ms = ?, definition = ? WHERE id = ?",
                 {secret.policy, secret.deletion_ms, wire::ToJson(secret.details), secret.id}));
  return {};
}

Result<std::vector<SecretVersion>> VersionsOf(store::Transaction& tx, Id secret) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT number, version, key_arn, wrapped_key, sealed, stages, created_ms FROM secret_versions "
                                 "WHERE secret_id = ? ORDER BY number DESC",
                                 {secret}));
  std::vector<SecretVersion> versions;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto stages, wire::FromJson<ws::SecretVersionsListEntry>(row.Text(5)));
    versions.push_back({.number = row.Int(0),
                        .secret = secret,
                        .version = row.Text(1),
                        .key_arn = row.Text(2),
                        .wrapped_key = row.Text(3),
                        .sealed = row.Text(4),
                        .stages = stages.version_stages.value_or(std::vector<std::string>()),
                        .created_ms = row.Int(6)});
  }
  return versions;
}

Result<void> InsertVersion(store::Transaction& tx, SecretVersion* version) {
  TRY_ASSIGN(version->number, tx.NewId());
  TRY(tx.Execute(
      "INSERT INTO secret_versions (number, secret_id, version, key_arn, wrapped_key, sealed, stages, created_ms) VALUES "
      "(?, ?, ?, ?, ?, ?, ?, ?)",
      {version->number, version->secret, version->version, version->key_arn, version->wrapped_key, version->sealed,
       StagesText(version->stages), version->created_ms}));
  return {};
}

Result<void> UpdateVersion(store::Transaction& tx, const SecretVersion& version) {
  TRY(tx.Execute("UPDATE secret_versions SET key_arn = ?, wrapped_key = ?, sealed = ?, stages = ? WHERE number = ?",
                 {version.key_arn, version.wrapped_key, version.sealed, StagesText(version.stages), version.number}));
  return {};
}

Result<void> DeleteVersion(store::Transaction& tx, Id number) {
  TRY(tx.Execute("DELETE FROM secret_versions WHERE number = ?", {number}));
  return {};
}

}  // namespace hanse::secrets
