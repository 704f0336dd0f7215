#include "objects/version.h"

#include <memory>

#include <fmt/format.h>

#include "base/utf8.h"
#include "objects/changes.h"
#include "objects/errors.h"

namespace hanse::objects {
namespace {

constexpr std::string_view kVersionColumns =
    "id, bucket, key, version, visible, marker, size, etag, modified_ms, blob, key_arn, data_key, details, tags, parts";
constexpr std::size_t kKeyBytesMax = 1024;
constexpr std::string_view kVersionLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.";

Version ReadVersion(const store::Row& row) {
  Version version;
  version.id = row.Int(0);
  version.bucket = row.Int(1);
  version.key = row.Text(2);
  version.version = row.Text(3);
  version.visible = row.Int(4) != 0;
  version.marker = row.Int(5) != 0;
  version.size = row.Int(6);
  version.etag = row.Text(7);
  version.modified_ms = row.Int(8);
  version.sealed = {row.Text(9), row.Text(10), row.Text(11)};
  version.details = row.Text(12);
  version.tags = row.Text(13);
  version.parts = row.Text(14);
  return version;
}

Result<std::vector<Version>> Read(store::Transaction& tx, std::string_view rest, std::vector<store::Value> parameters) {
  TRY_ASSIGN(std::vector<store::Row> rows,
             tx.Query(fmt::format("SELECT {} FROM object_versions WHERE {}", kVersionColumns, rest), parameters));
  std::vector<Version> versions;
  versions.reserve(rows.size());
  for (const store::Row& row : rows) versions.push_back(ReadVersion(row));
  return versions;
}

Result<std::optional<Version>> ReadOne(store::Transaction& tx, std::string_view rest, std::vector<store::Value> parameters) {
  TRY_ASSIGN(std::vector<Version> found, Read(tx, rest, std::move(parameters)));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<void> DeleteRow(store::Transaction& tx, const Version& version, TimeMs now_ms) {
  TRY(tx.Execute("DELETE FROM object_versions WHERE id = ?", {version.id}));
  return version.sealed.blob.empty() ? Result<void>{} : Discard(tx, version.sealed.blob, now_ms);
}

}  // namespace

std::string KeyContext(const AccountId& account, const std::string& blob) { return fmt::format("{} {}", account, blob); }

Result<std::optional<Version>> LookForVisible(store::Transaction& tx, Id bucket, std::string_view key) {
  return ReadOne(tx, "bucket = ? AND key = ? AND visible = 1", {bucket, std::string(key)});
}

Result<std::optional<Version>> LookForVersion(store::Transaction& tx, Id bucket, std::string_view key, std::string_view version) {
  return ReadOne(tx, "bucket = ? AND key = ? AND version = ?", {bucket, std::string(key), std::string(version)});
}

Result<std::optional<Version>> LookFor(store::Transaction& tx, Id bucket, std::string_view key,
                                       const std::optional<std::string>& version) {
  return version ? LookForVersion(tx, bucket, key, *version) : LookForVisible(tx, bucket, key);
}

Result<std::string> TagsOf(store::Transaction& tx, Id bucket, std::string_view key, const std::optional<std::string>& version) {
  std::unique_ptr<store::Row> row;
  if (version) {
    TRY_ASSIGN(row, tx.Maybe("SELECT tags FROM object_versions WHERE bucket = ? AND key = ? AND version = ?",
                             {bucket, std::string(key), *version}));
  } else {
    TRY_ASSIGN(
        row, tx.Maybe("SELECT tags FROM object_versions WHERE bucket = ? AND key = ? AND visible = 1", {bucket, std::string(key)}));
  }
  return row ? row->Text(0) : std::string("{}");
}

Result<void> PutOnTop(store::Transaction& tx, const Bucket& bucket, Random& random, TimeMs now_ms, Version* version) {
  version->version = bucket.versioned() ? random.Text(32, kVersionLetters) : std::string(kNullVersion);
  if (!bucket.versioned()) {
    TRY_ASSIGN(std::optional<Version> replaced, LookForVersion(tx, bucket.id, version->key, kNullVersion));
    if (replaced) TRY(DeleteRow(tx, *replaced, now_ms));
  }
  if (!bucket.versioning.empty()) {  // Else there was nothing but the null version.
    TRY(tx.Execute("UPDATE object_versions SET visible = 0 WHERE bucket = ? AND key = ? AND visible = 1",
                   {bucket.id, version->key}));
  }
  TRY_ASSIGN(version->id, tx.NewId());
  version->bucket = bucket.id;
  version->visible = !version->marker;
  TRY(tx.Execute(
      fmt::format("INSERT INTO object_versions ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", kVersionColumns),
      {version->id, version->bucket, version->key, version->version, std::int64_t{version->visible}, std::int64_t{version->marker},
       version->size, version->etag, version->modified_ms, version->sealed.blob, version->sealed.key_arn, version->sealed.data_key,
       version->details, version->tags, version->parts}));
  return {};
}

Result<void> Remove(store::Transaction& tx, const Version& version, TimeMs now_ms) {
  TRY(DeleteRow(tx, version, now_ms));
  TRY(NoteRemoval(tx, version, now_ms));
  TRY_ASSIGN(std::optional<Version> newest,
             ReadOne(tx, "bucket = ? AND key = ? ORDER BY id DESC LIMIT 1", {version.bucket, version.key}));
  if (newest && !newest->marker && !newest->visible) {
    TRY(tx.Execute("UPDATE object_versions SET visible = 1 WHERE id = ?", {newest->id}));
  }
  return {};
}

Result<void> UpdateTags(store::Transaction& tx, Id version, std::string_view tags) {
  TRY(tx.Execute("UPDATE object_versions SET tags = ? WHERE id = ?", {std::string(tags), version}));
  return {};
}

Result<void> Discard(store::Transaction& tx, std::string_view blob, TimeMs now_ms) {
  TRY(tx.Execute("INSERT INTO blob_trash (blob, since_ms) VALUES (?, ?)", {std::string(blob), now_ms}));
  return {};
}

Result<std::vector<Version>> VisibleFrom(store::Transaction& tx, Id bucket, std::string_view from, std::string_view before,
                                         std::int64_t limit) {
  std::string rest = "bucket = ? AND visible = 1 AND key >= ?";
  std::vector<store::Value> parameters{bucket, std::string(from)};
  if (!before.empty()) {
    rest += " AND key < ?";
    parameters.emplace_back(std::string(before));
  }
  parameters.emplace_back(limit);
  return Read(tx, rest + " ORDER BY key LIMIT ?", std::move(parameters));
}

Result<std::vector<Version>> AllFrom(store::Transaction& tx, Id bucket, std::string_view from, Id below, std::string_view before,
                                     std::int64_t limit) {
  std::string rest = below == 0 ? "bucket = ? AND key >= ?" : "bucket = ? AND (key > ? OR (key = ? AND id < ?))";
  std::vector<store::Value> parameters{bucket, std::string(from)};
  if (below != 0) {
    parameters.emplace_back(std::string(from));
    parameters.emplace_back(below);
  }
  if (!before.empty()) {
    rest += " AND key < ?";
    parameters.emplace_back(std::string(before));
  }
  parameters.emplace_back(limit);
  return Read(tx, rest + " ORDER BY key, id DESC LIMIT ?", std::move(parameters));
}

Result<bool> HasVersions(store::Transaction& tx, Id bucket) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT id FROM object_versions WHERE bucket = ? LIMIT 1", {bucket}));
  return row != nullptr;
}

Result<void> CheckKey(std::string_view key) {
  if (key.empty()) return InvalidArgument("A key must not be empty.");
  if (key.size() > kKeyBytesMax)
    return Refuse(ErrorCode::kInvalidArgument, "KeyTooLongError", "Your key is too long: 1024 bytes are allowed.");
  if (!IsUtf8(key) || key.find('\0') != std::string_view::npos) {
    return Refuse(ErrorCode::kInvalidArgument, "InvalidURI", "A key is text in UTF-8 without zero bytes.");
  }
  return {};
}

}  // namespace hanse::objects
