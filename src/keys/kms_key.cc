#include "keys/kms_key.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "keys/errors.h"
#include "model/arn.h"

namespace hanse::keys {
namespace {

namespace json = boost::json;

constexpr std::string_view kColumns =
    "keys.id, keys.key_id, keys.account, keys.region, keys.arn, keys.state, keys.created_ms, keys.policy, keys.definition";

KmsKey ReadKey(const store::Row& row) {
  return {row.Int(0),  row.Text(1), row.Text(2),
          row.Text(3), row.Text(4), row.Text(5),
          row.Int(6),  row.Text(7), KeyDetails::FromJson(row.Text(8))};
}

Result<std::optional<KmsKey>> One(store::Transaction& tx, std::string_view rest, std::initializer_list<store::Value> parameters) {
  TRY_ASSIGN(auto row, tx.Maybe(fmt::format("SELECT {} FROM keys {}", kColumns, rest), parameters));
  if (!row) return std::optional<KmsKey>();
  return std::optional(ReadKey(*row));
}

Result<std::optional<KmsKey>> ByAlias(store::Transaction& tx, std::string_view account, std::string_view region,
                                      std::string_view alias) {
  return One(tx,
             "JOIN key_aliases ON key_aliases.key = keys.id WHERE key_aliases.account = ? AND key_aliases.region = ? AND "
             "key_aliases.name = ?",
             {std::string(account), std::string(region), std::string(alias)});
}

// When the server itself must act on the key (Keeper).
TimeMs DueOf(const KmsKey& key) {
  if (key.state == kPendingDeletion) return key.details.deletion_ms;
  return key.state == kEnabled && key.details.rotation_days > 0 ? key.details.rotates_ms : 0;
}

}  // namespace

std::string KeyDetails::ToJson() const {
  json::object object;
  if (!description.empty()) object["description"] = description;
  if (!tags.empty()) {
    json::object& all = object["tags"].emplace_object();
    for (const auto& [name, value] : tags) all[name] = value;
  }
  for (const auto& [name, value] : {std::pair<const char*, std::int64_t>{"deletion_ms", deletion_ms},
                                    {"window_days", window_days},
                                    {"rotation_days", rotation_days},
                                    {"rotates_ms", rotates_ms}}) {
    if (value != 0) object[name] = value;
  }
  if (!on_demand.empty()) object["on_demand"] = json::array(on_demand.begin(), on_demand.end());
  return json::serialize(object);
}

KeyDetails KeyDetails::FromJson(std::string_view text) {
  KeyDetails details;
  json::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  const json::object* object = error ? nullptr : value.if_object();
  if (object == nullptr) return details;
  auto number = [&](const char* name) -> std::int64_t {
    const json::value* found = object->if_contains(name);
    return found != nullptr && found->is_int64() ? found->get_int64() : 0;
  };
  details.deletion_ms = number("deletion_ms");
  details.window_days = static_cast<std::int32_t>(number("window_days"));
  details.rotation_days = static_cast<std::int32_t>(number("rotation_days"));
  details.rotates_ms = number("rotates_ms");
  if (const json::value* found = object->if_contains("description"); found != nullptr && found->is_string()) {
    details.description = std::string(found->get_string());
  }
  if (const json::value* found = object->if_contains("tags"); found != nullptr && found->is_object()) {
    for (const auto& [name, one] : found->get_object()) {
      if (one.is_string()) details.tags[std::string(name)] = std::string(one.get_string());
    }
  }
  if (const json::value* found = object->if_contains("on_demand"); found != nullptr && found->is_array()) {
    for (const json::value& one : found->get_array()) {
      if (one.is_int64()) details.on_demand.push_back(one.get_int64());
    }
  }
  return details;
}

std::string KeyArn(std::string_view region, std::string_view account, std::string_view key_id) {
  return fmt::format("arn:aws:kms:{}:{}:key/{}", region, account, key_id);
}

std::string AliasArn(std::string_view region, std::string_view account, std::string_view alias) {
  return fmt::format("arn:aws:kms:{}:{}:{}", region, account, alias);
}

Result<std::optional<KmsKey>> FindKey(store::Transaction& tx, std::string_view name, std::string_view account,
                                      std::string_view region) {
  if (std::optional<Arn> arn = ParseArn(name)) {
    if (arn->service != "kms") return std::optional<KmsKey>();
    if (arn->resource.starts_with("alias/")) return ByAlias(tx, arn->account, arn->region, arn->resource);
    return One(tx, "WHERE keys.arn = ?", {std::string(name)});
  }
  if (name.starts_with("alias/")) return ByAlias(tx, account, region, name);
  return One(tx, "WHERE keys.key_id = ? AND keys.account = ? AND keys.region = ?",
             {std::string(name), std::string(account), std::string(region)});
}

Result<std::vector<KmsKey>> KeysOf(store::Transaction& tx, std::string_view account, std::string_view region,
                                   std::string_view after, std::int64_t limit) {
  TRY_ASSIGN(
      auto rows,
      tx.Query(fmt::format("SELECT {} FROM keys WHERE account = ? AND region = ? AND key_id > ? ORDER BY key_id LIMIT ?", kColumns),
               {std::string(account), std::string(region), std::string(after), limit}));
  std::vector<KmsKey> keys;
  for (const store::Row& row : rows) keys.push_back(ReadKey(row));
  return keys;
}

Result<void> InsertKey(store::Transaction& tx, const KmsKey& key) {
  TRY(tx.Execute("INSERT INTO things (id, kind) VALUES (?, 'key')", {key.id}));
  TRY(
      tx.Execute("INSERT INTO keys (id, key_id, account, region, arn, state, created_ms, policy, definition, due_ms) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 {key.id, key.key_id, key.account, key.region, key.arn, key.state, key.created_ms, key.policy, key.details.ToJson(),
                  DueOf(key)}));
  return {};
}

Result<void> UpdateKey(store::Transaction& tx, const KmsKey& key) {
  TRY(tx.Execute("UPDATE keys SET state = ?, policy = ?, definition = ?, due_ms = ? WHERE id = ?",
                 {key.state, key.policy, key.details.ToJson(), DueOf(key), key.id}));
  return {};
}

Result<void> CheckUsable(std::string_view state, std::string_view arn) {
  if (state == kEnabled) return {};
  return state == kDisabled ? Disabled(arn) : PendingDeletion(arn);
}

}  // namespace hanse::keys
