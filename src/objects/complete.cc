#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "objects/conditions.h"
#include "objects/key_use.h"
#include "objects/reading.h"
#include "objects/uploads.h"

// Parts that become an object.
namespace hanse::objects {
namespace {

constexpr std::int64_t kPartBytesMin = 5 << 20;  // Of all parts but the last.

// One stream of all the parts, each opened when its turn comes.
class PartsSource final : public ByteSource {
 public:
  explicit PartsSource(std::vector<OpenedBytes> parts) : parts_(std::move(parts)) {
    for (const OpenedBytes& part : parts_) size_ += part.reader->size();
  }
  std::optional<std::uint64_t> size() const override { return size_; }
  Result<std::size_t> Read(std::span<char> into) override {
    while (next_ < parts_.size()) {
      const blob::Reader& reader = *parts_[next_].reader;
      std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), reader.size() - at_));
      if (size == 0) {
        ++next_;
        at_ = 0;
        continue;
      }
      TRY(reader.ReadAt(at_, into.first(size)));
      at_ += size;
      return size;
    }
    return std::size_t{0};
  }

 private:
  std::vector<OpenedBytes> parts_;
  std::size_t next_ = 0;
  std::uint64_t at_ = 0, size_ = 0;
};

// The parts that the request lists, as they are stored. The upload lives on where the list is wrong.
Result<std::vector<UploadedPart>> Listed(const s3::CompleteMultipartUploadRequest& in, const std::vector<UploadedPart>& stored) {
  const auto given = in.multipart_upload ? in.multipart_upload->parts.value_or(std::vector<s3::CompletedPart>())
                                         : std::vector<s3::CompletedPart>();
  if (given.empty()) {
    return Refuse(ErrorCode::kInvalidArgument, "MalformedXML", "You must specify at least one part");
  }
  std::vector<UploadedPart> parts;
  for (const s3::CompletedPart& one : given) {
    std::int32_t number = one.part_number.value_or(0);
    if (!parts.empty() && number <= parts.back().number) {
      return Refuse(ErrorCode::kInvalidArgument, "InvalidPartOrder",
                    "The list of parts was not in ascending order. The parts list must be specified in order by part number.");
    }
    auto there = std::find_if(stored.begin(), stored.end(), [&](const UploadedPart& part) { return part.number == number; });
    TRY_ASSIGN(std::optional<Checksum> checksum, ChecksumIn(one));
    bool same = there != stored.end() && one.e_tag && ListsTag(*one.e_tag, there->etag);
    if (same && checksum && there->checksum)
      same = checksum->kind == there->checksum->kind && checksum->value == there->checksum->value;
    if (!same) {
      return Refuse(
          ErrorCode::kInvalidArgument, "InvalidPart",
          fmt::format("One or more of the specified parts could not be found. The part may not have been uploaded, or the "
                      "specified entity tag may not match the part's entity tag: part {}",
                      number));
    }
    parts.push_back(*there);
  }
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i].size < kPartBytesMin) {
      return Refuse(ErrorCode::kInvalidArgument, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
    }
  }
  return parts;
}

std::string TagOf(const std::vector<UploadedPart>& parts) {
  std::string digests;
  for (const UploadedPart& part : parts) {
    std::string md5;
    UnHex(std::string_view(part.etag).substr(1, part.etag.size() - 2), &md5);
    digests += md5;
  }
  return fmt::format("\"{}-{}\"", Hex(crypto::Md5(digests)), parts.size());
}

// The checksum of the parts' checksums; nothing where a part has none of this kind.
std::optional<Checksum> Composite(crypto::DigestKind kind, const std::vector<UploadedPart>& parts) {
  std::string values;
  for (const UploadedPart& part : parts) {
    std::string value;
    if (!part.checksum || part.checksum->kind != kind || !UnBase64(part.checksum->value, &value)) return std::nullopt;
    values += value;
  }
  return Checksum{kind, fmt::format("{}-{}", Base64(crypto::DigestOf(kind, values)), parts.size())};
}

s3::GetObjectAttributesParts Describe(const std::vector<UploadedPart>& parts) {
  s3::GetObjectAttributesParts described;
  described.total_parts_count = static_cast<std::int32_t>(parts.size());
  described.parts.emplace();
  for (const UploadedPart& part : parts) {
    s3::ObjectPart& one = described.parts->emplace_back();
    one.part_number = part.number;
    one.size = part.size;
    SetChecksum(part.checksum, &one);
  }
  return described;
}

Result<void> CheckWhole(const s3::CompleteMultipartUploadRequest& in, const Assembled& assembled) {
  std::int64_t size = 0;
  for (const UploadedPart& part : assembled.parts) size += part.size;
  if (in.mpu_object_size && *in.mpu_object_size != size) {
    return InvalidRequest(fmt::format("The provided 'x-amz-mp-object-size' header does not match what was computed: {}", size));
  }
  TRY_ASSIGN(std::optional<Checksum> given, ChecksumIn(in));
  if (!given) return {};
  bool same = assembled.checksum && assembled.checksum->kind == given->kind && assembled.checksum->value == given->value;
  if (same) return {};
  return Refuse(ErrorCode::kInvalidArgument, "BadDigest",
                fmt::format("The {} you specified did not match the calculated checksum.", ChecksumName(given->kind)));
}

}  // namespace

// Its parts are opened to become one, and that is sealed again.
Result<Needs> CompleteMultipartUpload::On(const gate::Context& context, store::Transaction& tx) const {
  TRY_ASSIGN(Needs needs, OnObject::On(context, tx));
  TRY_ASSIGN(std::optional<Bucket> bucket, LookForBucket(tx, in.bucket.value_or("")));
  if (!bucket) return needs;
  auto upload = FindUpload(tx, bucket->id, in.key.value_or(""), in.upload_id);
  if (!upload && upload.error().code != ErrorCode::kNotFound) return std::unexpected(std::move(upload).error());
  if (!upload) return needs;  // The act says so.
  for (std::string_view action : {kOpenKey, kSealKey}) {
    needs.push_back(NeedOnKey(action, upload->key_arn, *bucket, context.caller.account));
  }
  return needs;
}

Result<Assembled> Uploads::Receive(const CompleteMultipartUpload& op, const gate::Context&) {
  const s3::CompleteMultipartUploadRequest& in = op.in;
  Assembled assembled;
  std::vector<OpenedBytes> opened;
  {
    TRY_ASSIGN(auto tx, parts_.store.BeginRead());
    TRY_ASSIGN(Bucket bucket, FindBucket(*tx, in.bucket));
    TRY_ASSIGN(assembled.upload, FindUpload(*tx, bucket.id, *in.key, in.upload_id));
    if (in.if_match || in.if_none_match) {
      TRY_ASSIGN(std::optional<Version> there, LookForVisible(*tx, bucket.id, *in.key));
      TRY(CheckWrite(in.if_match, in.if_none_match, there));
    }
    TRY_ASSIGN(std::vector<UploadedPart> stored, PartsOf(*tx, assembled.upload.id, 0, kPartNumberMax));
    TRY_ASSIGN(assembled.parts, Listed(in, stored));
    if (assembled.parts.size() > 1) {
      for (const UploadedPart& part : assembled.parts) {
        TRY_ASSIGN(OpenedBytes one, OpenSealed(parts_.blobs, parts_.keys, *tx, bucket.account, part.sealed));
        opened.push_back(std::move(one));
      }
    }
  }
  assembled.etag = TagOf(assembled.parts);
  std::optional<crypto::DigestKind> kind;
  bool whole = assembled.upload.checksum_type == "FULL_OBJECT";
  if (!assembled.upload.checksum.empty()) {
    TRY_ASSIGN(kind, ChecksumKind(assembled.upload.checksum));
  }
  if (!opened.empty()) {
    Announced announced;
    announced.bytes_max = std::uint64_t{50} << 40;  // An object in parts; its parts were each within the limit.
    if (whole) announced.wanted = kind;
    PartsSource body(std::move(opened));
    announced.bytes = static_cast<std::int64_t>(*body.size());
    TRY_ASSIGN(Received bytes, ReceiveBody(parts_.blobs, parts_.random, &body, announced));
    if (whole) assembled.checksum = bytes.checksum;
    assembled.bytes.emplace(std::move(bytes));
  } else if (whole) {
    assembled.checksum = assembled.parts.front().checksum;
  }
  if (kind && !whole) assembled.checksum = Composite(*kind, assembled.parts);
  TRY(CheckWhole(in, assembled));
  return assembled;
}

Result<s3::CompleteMultipartUploadOutput> Uploads::Do(const gate::Authorized<CompleteMultipartUpload>& call, Assembled assembled) {
  const s3::CompleteMultipartUploadRequest& in = call->in;
  store::Transaction& tx = call.tx();
  TRY_ASSIGN(Bucket bucket, FindBucket(tx, in.bucket));
  TRY_ASSIGN(Upload upload, FindUpload(tx, bucket.id, *in.key, in.upload_id));
  TRY_ASSIGN(std::vector<UploadedPart> stored, PartsOf(tx, upload.id, 0, kPartNumberMax));
  TRY_ASSIGN(std::vector<UploadedPart> now, Listed(in, stored));
  bool same = std::equal(now.begin(), now.end(), assembled.parts.begin(), assembled.parts.end(),
                         [](const UploadedPart& a, const UploadedPart& b) { return a.sealed.blob == b.sealed.blob; });
  if (!same) {
    return Refuse(ErrorCode::kConflict, "OperationAborted", "A part was uploaded again meanwhile. Please try again.");
  }
  TRY_ASSIGN(std::optional<Version> there, LookForVisible(tx, bucket.id, *in.key));
  TRY(CheckWrite(in.if_match, in.if_none_match, there));

  Version version;
  version.key = *in.key;
  for (const UploadedPart& part : now) version.size += part.size;
  version.etag = assembled.etag;
  version.modified_ms = call.now_ms() / 1000 * 1000;
  TRY_ASSIGN(auto kept, wire::FromJson<s3::HeadObjectOutput>(upload.details));
  SetChecksum(assembled.checksum, &kept);
  if (assembled.checksum) kept.checksum_type = upload.checksum_type;
  version.details = wire::ToJson(kept);
  version.tags = upload.tags;
  version.parts = wire::ToJson(Describe(now));
  version.sealed = now.front().sealed;
  if (assembled.bytes) {
    TRY_ASSIGN(version.sealed, SealBytes(parts_.keys, call, bucket, upload.key_arn, *assembled.bytes));
  }
  TRY(PutOnTop(tx, bucket, parts_.random, call.now_ms(), &version));
  for (const UploadedPart& part : stored) {
    if (part.sealed.blob != version.sealed.blob) TRY(Discard(tx, part.sealed.blob, call.now_ms()));
  }
  TRY(DeleteUpload(tx, upload.id));
  if (assembled.bytes) assembled.bytes->Keep();

  s3::CompleteMultipartUploadOutput out{
      .location = fmt::format("/{}/{}", bucket.name, PercentEncode(version.key, true)), .bucket = bucket.name, .key = version.key};
  TellWritten(call, bucket, version, assembled.checksum, kept.checksum_type, &out);
  return out;
}

}  // namespace hanse::objects
