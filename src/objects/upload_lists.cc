#include <algorithm>

#include "base/text.h"
#include "objects/uploads.h"
#include "objects/utf8.h"

namespace hanse::objects {
namespace {

constexpr std::int32_t kUploadPageMax = 1000;

}  // namespace

Result<s3::ListPartsOutput> Uploads::Do(const gate::Authorized<ListParts>& call) {
  const s3::ListPartsRequest& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  TRY_ASSIGN(Upload upload, FindUpload(call.tx(), bucket.id, *in.key, in.upload_id));
  std::int32_t limit = std::clamp(in.max_parts.value_or(kUploadPageMax), 0, kUploadPageMax),
               after = in.part_number_marker.value_or(0);
  TRY_ASSIGN(std::vector<UploadedPart> parts, PartsOf(call.tx(), upload.id, after, std::int64_t{limit} + 1));
  s3::ListPartsOutput out{.bucket = bucket.name,
                          .key = upload.key,
                          .upload_id = upload.id,
                          .part_number_marker = after,
                          .max_parts = limit,
                          .is_truncated = false};
  if (parts.size() > static_cast<std::size_t>(limit)) {
    parts.pop_back();
    out.is_truncated = limit > 0;
  }
  out.parts.emplace();
  for (const UploadedPart& part : parts) {
    s3::Part& told = out.parts->emplace_back();
    told.part_number = part.number;
    told.last_modified = wire::Timestamp{part.modified_ms};
    told.e_tag = part.etag;
    told.size = part.size;
    SetChecksum(part.checksum, &told);
  }
  if (!parts.empty()) out.next_part_number_marker = parts.back().number;
  out.owner = OwnerOf(bucket.account);
  out.initiator = s3::Initiator{.id = upload.initiator};
  out.storage_class = "STANDARD";
  if (!upload.checksum.empty()) {
    out.checksum_algorithm = upload.checksum;
    out.checksum_type = upload.checksum_type;
  }
  return out;
}

Result<s3::ListMultipartUploadsOutput> Uploads::Do(const gate::Authorized<ListMultipartUploads>& call) {
  const s3::ListMultipartUploadsRequest& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  if (in.encoding_type && *in.encoding_type != "url") return InvalidArgument("Invalid Encoding Method specified in Request");
  auto encode = [&](const std::string& text) { return in.encoding_type ? PercentEncode(text, true) : text; };
  const std::string prefix = in.prefix.value_or(""), delimiter = in.delimiter.value_or(""), end = AfterAllWith(prefix);
  std::size_t limit = static_cast<std::size_t>(std::clamp(in.max_uploads.value_or(kUploadPageMax), 0, kUploadPageMax));
  std::string from = in.key_marker.value_or(""), after_id = in.upload_id_marker.value_or("");
  if (!from.empty() && after_id.empty()) from += '\x01';  // Behind all of the marker's uploads.
  if (from < prefix) {
    from = prefix;
    after_id.clear();
  }
  s3::ListMultipartUploadsOutput out{.bucket = bucket.name,
                                     .key_marker = encode(in.key_marker.value_or("")),
                                     .upload_id_marker = in.upload_id_marker.value_or(""),
                                     .prefix = encode(prefix),
                                     .max_uploads = static_cast<std::int32_t>(limit),
                                     .is_truncated = false};
  if (in.delimiter) out.delimiter = encode(delimiter);
  out.encoding_type = in.encoding_type;
  out.uploads.emplace();
  out.common_prefixes.emplace();
  std::size_t told = 0;
  while (limit > 0) {
    TRY_ASSIGN(std::vector<Upload> found, UploadsFrom(call.tx(), bucket.id, from, after_id, end, kUploadPageMax));
    bool jumped = false;
    for (const Upload& upload : found) {
      if (told == limit) {
        out.is_truncated = true;
        out.next_key_marker = encode(from);
        out.next_upload_id_marker = after_id;
        return out;
      }
      std::size_t at = delimiter.empty() ? std::string::npos : upload.key.find(delimiter, prefix.size());
      ++told;
      if (at != std::string::npos) {
        std::string group = upload.key.substr(0, at + delimiter.size());
        out.common_prefixes->push_back({.prefix = encode(group)});
        from = AfterAllWith(group);
        after_id.clear();
        jumped = true;
        break;
      }
      out.uploads->push_back({.upload_id = upload.id,
                              .key = encode(upload.key),
                              .initiated = wire::Timestamp{upload.begun_ms},
                              .storage_class = "STANDARD",
                              .owner = OwnerOf(bucket.account),
                              .initiator = s3::Initiator{.id = upload.initiator}});
      from = upload.key;
      after_id = upload.id;
    }
    if (jumped ? from.empty() : found.size() < static_cast<std::size_t>(kUploadPageMax)) break;
  }
  return out;
}

}  // namespace hanse::objects
