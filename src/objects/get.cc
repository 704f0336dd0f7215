#include <algorithm>

#include <fmt/format.h>

#include "objects/conditions.h"
#include "objects/key_use.h"
#include "objects/objects.h"
#include "objects/range.h"
#include "objects/reading.h"
#include "wire/json.h"

namespace hanse::objects {
namespace {

constexpr int kPartsMax = 10'000, kPartsShown = 1000;

// Of an object that came in parts, the one with this number; of any other the whole is part 1.
Result<Part> PartNumbered(const s3::GetObjectAttributesParts& parts, std::int32_t number, std::uint64_t object_bytes) {
  const auto& all = parts.parts.value_or(std::vector<s3::ObjectPart>());
  if (number < 1 || number > kPartsMax) return InvalidArgument("Part number must be an integer between 1 and 10000, inclusive");
  std::uint64_t offset = 0;
  for (const s3::ObjectPart& part : all) {
    auto size = static_cast<std::uint64_t>(part.size.value_or(0));
    if (part.part_number == number) return Part{offset, size, false};
    offset += size;
  }
  if (all.empty() && number == 1) return Part{0, object_bytes, object_bytes == 0};
  return Refuse(ErrorCode::kInvalidArgument, "InvalidPartNumber", "The requested partnumber is not satisfiable");
}

template <class Input>
Result<Part> PartAsked(const Input& in, const Version& version) {
  auto bytes = static_cast<std::uint64_t>(version.size);
  if (!in.part_number) return ReadRange(in.range, bytes);
  if (in.range) return InvalidRequest("Cannot specify both Range header and partNumber query parameter");
  TRY_ASSIGN(auto parts, wire::FromJson<s3::GetObjectAttributesParts>(version.parts));
  return PartNumbered(parts, *in.part_number, bytes);
}

// What GET and HEAD tell alike.
template <class Input, class Output>
Result<Output> Tell(const Input& in, const Version& version, const Part& part) {
  TRY_ASSIGN(auto kept, wire::FromJson<s3::HeadObjectOutput>(version.details));
  Output out;
  out.accept_ranges = "bytes";
  out.last_modified = wire::Timestamp{version.modified_ms};
  out.content_length = static_cast<std::int64_t>(part.size);
  if (!part.whole) out.content_range = part.ContentRange(static_cast<std::uint64_t>(version.size));
  out.e_tag = version.etag;
  out.metadata = kept.metadata;
  auto either = [](const std::optional<std::string>& asked, const std::optional<std::string>& has) { return asked ? asked : has; };
  out.cache_control = either(in.response_cache_control, kept.cache_control);
  out.content_disposition = either(in.response_content_disposition, kept.content_disposition);
  out.content_encoding = either(in.response_content_encoding, kept.content_encoding);
  out.content_language = either(in.response_content_language, kept.content_language);
  out.content_type = either(in.response_content_type, kept.content_type);
  out.expires = in.response_expires ? std::optional(FormatHttpDate(in.response_expires->ms)) : kept.expires;
  if (kept.storage_class && *kept.storage_class != "STANDARD") out.storage_class = kept.storage_class;
  if (in.checksum_mode.value_or("") == "ENABLED" && part.whole) {  // The checksum is of the whole.
    TRY_ASSIGN(std::optional<Checksum> checksum, ChecksumIn(kept));
    SetChecksum(checksum, &out);
    if (checksum) out.checksum_type = kept.checksum_type;
  }
  if (version.tags.size() > 2) {
    TRY_ASSIGN(auto tags, wire::FromJson<s3::Tagging>(version.tags));
    if (tags.tag_set && !tags.tag_set->empty()) out.tag_count = static_cast<std::int32_t>(tags.tag_set->size());
  }
  if (in.part_number && version.parts.size() > 2) {
    TRY_ASSIGN(auto parts, wire::FromJson<s3::GetObjectAttributesParts>(version.parts));
    out.parts_count = parts.total_parts_count;
  }
  TellSealed(version, &out);
  return out;
}

template <class Input>
ReadConditions ConditionsOf(const Input& in) {
  return {in.if_match, in.if_none_match, in.if_modified_since, in.if_unmodified_since};
}

template <class Input>
Result<void> CheckReadable(const Input& in) {
  if (in.sse_customer_algorithm || in.sse_customer_key) return NotBuilt("Server-side encryption with customer-provided keys");
  return {};
}

}  // namespace

Result<s3::GetObjectOutput> Objects::Do(const gate::Authorized<GetObject>& call) {
  const s3::GetObjectRequest& in = call->in;
  TRY(CheckReadable(in));
  TRY_ASSIGN(Asked asked, FindAsked(call, in.bucket, in.key, in.version_id));
  TRY(ConditionsOf(in).Check(asked.version));
  TRY_ASSIGN(Part part, PartAsked(in, asked.version));
  TRY(RequireKey(call, kOpenKey, asked.version.sealed.key_arn, asked.bucket));
  TRY_ASSIGN(OpenedBytes opened, OpenSealed(parts_.blobs, parts_.keys, call.tx(), asked.bucket.account, asked.version.sealed));
  if (opened.reader->size() != static_cast<std::uint64_t>(asked.version.size)) {
    return Fail(ErrorCode::kInternal, "stored bytes are damaged");
  }
  TRY_ASSIGN(auto out, (Tell<s3::GetObjectRequest, s3::GetObjectOutput>(in, asked.version, part)));
  out.body = std::make_shared<BlobSource>(std::move(opened.reader), part.offset, part.size);
  return out;
}

Result<s3::HeadObjectOutput> Objects::Do(const gate::Authorized<HeadObject>& call) {
  const s3::HeadObjectRequest& in = call->in;
  TRY(CheckReadable(in));
  TRY_ASSIGN(Asked asked, FindAsked(call, in.bucket, in.key, in.version_id));
  TRY(ConditionsOf(in).Check(asked.version));
  TRY_ASSIGN(Part part, PartAsked(in, asked.version));
  return Tell<s3::HeadObjectRequest, s3::HeadObjectOutput>(in, asked.version, part);
}

Result<Needs> GetObjectAttributes::On(const gate::Context& context, store::Transaction& tx) const {
  TRY_ASSIGN(Needs needs, OnObject::On(context, tx));
  needs.push_back(needs.front());
  needs.back().action = in.version_id ? "s3:GetObjectVersionAttributes" : "s3:GetObjectAttributes";
  return needs;
}

Result<s3::GetObjectAttributesOutput> Objects::Do(const gate::Authorized<GetObjectAttributes>& call) {
  const s3::GetObjectAttributesRequest& in = call->in;
  TRY_ASSIGN(Asked asked, FindAsked(call, in.bucket, in.key, in.version_id));
  TRY_ASSIGN(auto kept, wire::FromJson<s3::HeadObjectOutput>(asked.version.details));
  const auto wanted = in.object_attributes.value_or(std::vector<std::string>());
  auto wants = [&](std::string_view name) { return std::find(wanted.begin(), wanted.end(), name) != wanted.end(); };
  s3::GetObjectAttributesOutput out;
  out.last_modified = wire::Timestamp{asked.version.modified_ms};
  if (asked.version.version != kNullVersion) out.version_id = asked.version.version;
  if (wants("ETag")) out.e_tag = asked.version.etag.substr(1, asked.version.etag.size() - 2);
  if (wants("ObjectSize")) out.object_size = asked.version.size;
  if (wants("StorageClass")) out.storage_class = kept.storage_class.value_or("STANDARD");
  if (wants("Checksum")) {
    TRY_ASSIGN(std::optional<Checksum> checksum, ChecksumIn(kept));
    if (checksum) {
      SetChecksum(checksum, &out.checksum.emplace());
      out.checksum->checksum_type = kept.checksum_type;
    }
  }
  if (wants("ObjectParts") && asked.version.parts.size() > 2) {
    TRY_ASSIGN(auto parts, wire::FromJson<s3::GetObjectAttributesParts>(asked.version.parts));
    std::int32_t after = in.part_number_marker.value_or(0), limit = std::clamp(in.max_parts.value_or(kPartsShown), 0, kPartsShown);
    std::vector<s3::ObjectPart> shown;
    for (const s3::ObjectPart& part : parts.parts.value_or(std::vector<s3::ObjectPart>())) {
      if (part.part_number.value_or(0) > after) shown.push_back(part);
    }
    parts.is_truncated = shown.size() > static_cast<std::size_t>(limit);
    if (*parts.is_truncated) shown.resize(static_cast<std::size_t>(limit));
    parts.part_number_marker = after;
    if (!shown.empty()) parts.next_part_number_marker = shown.back().part_number;
    parts.max_parts = limit;
    parts.parts = std::move(shown);
    out.object_parts = std::move(parts);
  }
  return out;
}

}  // namespace hanse::objects
