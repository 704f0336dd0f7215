#include "objects/upload.h"

#include <fmt/format.h>

#include "objects/errors.h"

namespace hanse::objects {
namespace {

constexpr std::string_view kUploadColumns = "id, bucket, key, begun_ms, initiator, key_arn, checksum, checksum_type, details, tags";
constexpr std::string_view kPartColumns = "number, size, etag, modified_ms, blob, key_arn, data_key, checksums";

Upload ReadUpload(const store::Row& row) {
  return {row.Text(0), row.Int(1),  row.Text(2), row.Int(3),  row.Text(4),
          row.Text(5), row.Text(6), row.Text(7), row.Text(8), row.Text(9)};
}

// "SHA256 BASE64", or "".
std::string Write(const std::optional<Checksum>& checksum) {
  return checksum ? fmt::format("{} {}", ChecksumName(checksum->kind), checksum->value) : std::string();
}

Result<std::optional<Checksum>> Read(const std::string& text) {
  std::size_t space = text.find(' ');
  if (space == std::string::npos) return std::optional<Checksum>();
  TRY_ASSIGN(crypto::DigestKind kind, ChecksumKind(text.substr(0, space)));
  return std::optional(Checksum{kind, text.substr(space + 1)});
}

}  // namespace

Result<Upload> FindUpload(store::Transaction& tx, Id bucket, std::string_view key, const std::optional<std::string>& id) {
  TRY_ASSIGN(auto row,
             tx.Maybe(fmt::format("SELECT {} FROM multipart_uploads WHERE id = ? AND bucket = ? AND key = ?", kUploadColumns),
                      {id.value_or(""), bucket, std::string(key)}));
  if (!row) return NoSuchUpload();
  return ReadUpload(*row);
}

Result<void> InsertUpload(store::Transaction& tx, const Upload& upload) {
  TRY(tx.Execute(fmt::format("INSERT INTO multipart_uploads ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", kUploadColumns),
                 {upload.id, upload.bucket, upload.key, upload.begun_ms, upload.initiator, upload.key_arn, upload.checksum,
                  upload.checksum_type, upload.details, upload.tags}));
  return {};
}

Result<void> DeleteUpload(store::Transaction& tx, const std::string& id) {
  TRY(tx.Execute("DELETE FROM multipart_uploads WHERE id = ?", {id}));
  return {};
}

Result<std::vector<Upload>> UploadsFrom(store::Transaction& tx, Id bucket, std::string_view from, std::string_view after_id,
                                        std::string_view before, std::int64_t limit) {
  std::string sql =
      fmt::format("SELECT {} FROM multipart_uploads WHERE bucket = ? AND (key > ? OR (key = ? AND id > ?))", kUploadColumns);
  std::vector<store::Value> parameters{bucket, std::string(from), std::string(from), std::string(after_id)};
  if (!before.empty()) {
    sql += " AND key < ?";
    parameters.emplace_back(std::string(before));
  }
  parameters.emplace_back(limit);
  TRY_ASSIGN(std::vector<store::Row> rows, tx.Query(sql + " ORDER BY key, id LIMIT ?", parameters));
  std::vector<Upload> uploads;
  for (const store::Row& row : rows) uploads.push_back(ReadUpload(row));
  return uploads;
}

Result<std::vector<UploadedPart>> PartsOf(store::Transaction& tx, const std::string& upload, std::int32_t after,
                                          std::int64_t limit) {
  TRY_ASSIGN(
      std::vector<store::Row> rows,
      tx.Query(fmt::format("SELECT {} FROM multipart_parts WHERE upload = ? AND number > ? ORDER BY number LIMIT ?", kPartColumns),
               {upload, std::int64_t{after}, limit}));
  std::vector<UploadedPart> parts;
  for (const store::Row& row : rows) {
    UploadedPart part{static_cast<std::int32_t>(row.Int(0)),   row.Int(1), row.Text(2), row.Int(3),
                      {row.Text(4), row.Text(5), row.Text(6)}, {}};
    TRY_ASSIGN(part.checksum, Read(row.Text(7)));
    parts.push_back(std::move(part));
  }
  return parts;
}

Result<void> PutPart(store::Transaction& tx, const std::string& upload, const UploadedPart& part, TimeMs now_ms) {
  std::int64_t number = part.number;
  TRY_ASSIGN(auto replaced, tx.Maybe("SELECT blob FROM multipart_parts WHERE upload = ? AND number = ?", {upload, number}));
  if (replaced) {
    TRY(Discard(tx, replaced->Text(0), now_ms));
    TRY(tx.Execute("DELETE FROM multipart_parts WHERE upload = ? AND number = ?", {upload, number}));
  }
  TRY(tx.Execute(fmt::format("INSERT INTO multipart_parts (upload, {}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", kPartColumns),
                 {upload, number, part.size, part.etag, part.modified_ms, part.sealed.blob, part.sealed.key_arn,
                  part.sealed.data_key, Write(part.checksum)}));
  return {};
}

}  // namespace hanse::objects
