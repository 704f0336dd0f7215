#include "keys/materials.h"

#include <mutex>

#include <fmt/format.h>

#include "keys/errors.h"
#include "keys/sealing.h"

namespace hanse::keys {
namespace {

constexpr std::size_t kOpenedMax = 10'000;

// What sealed material is bound to: nobody can put one key's material into another's row.
std::string MaterialContext(Id key, std::int64_t version) { return fmt::format("material {} {}", key, version); }

}  // namespace

Result<Materials::Material> Materials::Usable(store::Transaction& tx, std::string_view arn, std::optional<std::int64_t> version) {
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
  TRY_ASSIGN(std::vector<store::Row> rows, tx.Recall(sql, parameters));
  if (rows.empty()) return NoSuchKey(arn);
  const store::Row& row = rows.front();
  TRY(CheckUsable(row.Text(1), arn));
  TRY_ASSIGN(crypto::Key key, Open(row.Int(0), row.Int(2), row.Text(3)));
  return Material{row.Int(2), key};
}

Result<std::int64_t> Materials::Add(store::Transaction& tx, Id key, TimeMs now_ms) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT max(version) FROM key_materials WHERE key = ?", {key}));
  const std::int64_t version = (row ? row->Int(0) : 0) + 1;
  std::string sealed = SealKey(root_, random_, MaterialContext(key, version), crypto::Key::Draw(random_));
  TRY(tx.Execute("INSERT INTO key_materials (key, version, sealed, created_ms) VALUES (?, ?, ?, ?)",
                 {key, version, sealed, now_ms}));
  return version;
}

Result<std::vector<Materials::Made>> Materials::Of(store::Transaction& tx, Id key) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT version, created_ms FROM key_materials WHERE key = ? ORDER BY version", {key}));
  std::vector<Made> all;
  for (const store::Row& row : rows) all.push_back({row.Int(0), row.Int(1)});
  return all;
}

Result<crypto::Key> Materials::Open(Id key, std::int64_t version, const std::string& sealed) {
  {
    std::shared_lock lock(mutex_);
    if (auto at = opened_.find(sealed); at != opened_.end()) return at->second;
  }
  TRY_ASSIGN(crypto::Key material, OpenKey(root_, MaterialContext(key, version), sealed));
  std::unique_lock lock(mutex_);
  if (opened_.size() >= kOpenedMax) opened_.clear();
  opened_.emplace(sealed, material);
  return material;
}

}  // namespace hanse::keys
