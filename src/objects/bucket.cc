#include "objects/bucket.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "objects/errors.h"

namespace hanse::objects {
namespace {

constexpr std::string_view kColumns = "id, name, account, region, created_ms, versioning, public_access, key_arn, policy";

std::string Flags(const std::optional<PublicAccess>& access) {
  if (!access) return {};
  return fmt::format("{:d}{:d}{:d}{:d}", access->block_acls, access->ignore_acls, access->block_policy, access->restrict_buckets);
}

std::optional<PublicAccess> ReadFlags(const std::string& flags) {
  if (flags.size() != 4) return std::nullopt;
  return PublicAccess{flags[0] == '1', flags[1] == '1', flags[2] == '1', flags[3] == '1'};
}

Bucket ReadBucket(const store::Row& row) {
  return {row.Int(0),  row.Text(1), row.Text(2), row.Text(3), row.Int(4), row.Text(5), ReadFlags(row.Text(6)),
          row.Text(7), row.Text(8)};
}

bool LooksLikeAddress(std::string_view name) {
  std::vector<std::string> parts = Split(name, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
           return !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
         });
}

}  // namespace

Result<std::optional<Bucket>> LookForBucket(store::Transaction& tx, std::string_view name) {
  TRY_ASSIGN(auto row, tx.RecallMaybe(fmt::format("SELECT {} FROM buckets WHERE name = ?", kColumns), {std::string(name)}));
  return row ? std::optional(ReadBucket(*row)) : std::nullopt;
}

Result<Bucket> FindBucket(store::Transaction& tx, const std::optional<std::string>& name) {
  TRY_ASSIGN(std::optional<Bucket> found, LookForBucket(tx, name.value_or("")));
  if (!found) return NoSuchBucket(name.value_or(""));
  return *std::move(found);
}

Result<std::vector<Bucket>> BucketsOf(store::Transaction& tx, std::string_view account, std::string_view prefix,
                                      std::string_view after, std::int64_t limit) {
  TRY_ASSIGN(
      std::vector<store::Row> rows,
      tx.Query(fmt::format("SELECT {} FROM buckets WHERE account = ? AND name > ? AND name >= ? ORDER BY name LIMIT ?", kColumns),
               {std::string(account), std::string(after), std::string(prefix), limit}));
  std::vector<Bucket> buckets;
  for (const store::Row& row : rows) {
    if (!row.Text(1).starts_with(prefix)) break;
    buckets.push_back(ReadBucket(row));
  }
  return buckets;
}

Result<void> InsertBucket(store::Transaction& tx, const Bucket& bucket) {
  TRY(tx.Execute("INSERT INTO things (id, kind) VALUES (?, 'bucket')", {bucket.id}));
  TRY(tx.Execute(fmt::format("INSERT INTO buckets ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", kColumns),
                 {bucket.id, bucket.name, bucket.account, bucket.region, bucket.created_ms, bucket.versioning,
                  Flags(bucket.public_access), bucket.key_arn, bucket.policy}));
  return {};
}

Result<void> UpdateBucket(store::Transaction& tx, const Bucket& bucket) {
  TRY(tx.Execute("UPDATE buckets SET versioning = ?, public_access = ?, key_arn = ?, policy = ? WHERE id = ?",
                 {bucket.versioning, Flags(bucket.public_access), bucket.key_arn, bucket.policy, bucket.id}));
  return {};
}

Result<void> DeleteBucketRow(store::Transaction& tx, Id bucket) {
  TRY(tx.Execute("DELETE FROM things WHERE id = ?", {bucket}));
  return {};
}

Result<std::string> ReadSetting(store::Transaction& tx, Id bucket, std::string_view kind) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT value FROM bucket_settings WHERE bucket = ? AND kind = ?", {bucket, std::string(kind)}));
  return row ? row->Text(0) : std::string();
}

Result<void> WriteSetting(store::Transaction& tx, Id bucket, std::string_view kind, std::string_view json) {
  TRY(
      tx.Execute("INSERT INTO bucket_settings (bucket, kind, value) VALUES (?, ?, ?) "
                 "ON CONFLICT (bucket, kind) DO UPDATE SET value = excluded.value",
                 {bucket, std::string(kind), std::string(json)}));
  return {};
}

Result<void> DeleteSetting(store::Transaction& tx, Id bucket, std::string_view kind) {
  TRY(tx.Execute("DELETE FROM bucket_settings WHERE bucket = ? AND kind = ?", {bucket, std::string(kind)}));
  return {};
}

Result<void> CheckBucketName(std::string_view name) {
  auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  bool letters = std::all_of(name.begin(), name.end(), [&](char c) { return plain(c) || c == '-' || c == '.'; });
  bool fits = name.size() >= 3 && name.size() <= 63 && letters && plain(name.front()) && plain(name.back()) &&
              name.find("..") == std::string_view::npos && !LooksLikeAddress(name);
  for (std::string_view reserved : {"xn--", "sthree-", "amzn-s3-demo-"}) fits = fits && !name.starts_with(reserved);
  for (std::string_view reserved : {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"})
    fits = fits && !name.ends_with(reserved);
  if (fits) return {};
  return Refuse(
      ErrorCode::kInvalidArgument, "InvalidBucketName",
      "The specified bucket is not valid: 3 to 63 lower case letters, digits, '-' and '.', a letter or digit first and last.");
}

}  // namespace hanse::objects
