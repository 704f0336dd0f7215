#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "crypto/sealed.h"
#include "objects/listing.h"
#include "objects/objects.h"

namespace hanse::objects {
namespace {

// "encoding-type=url": keys that XML cannot hold travel percent-encoded.
class Encoding {
 public:
  static Result<Encoding> Of(const std::optional<std::string>& type) {
    if (type && *type != "url") return InvalidArgument("Invalid Encoding Method specified in Request");
    return Encoding(type.has_value());
  }
  std::string operator()(const std::string& text) const { return url_ ? PercentEncode(text, true) : text; }
  std::optional<std::string> operator()(const std::optional<std::string>& text) const {
    return text ? std::optional((*this)(*text)) : std::nullopt;
  }

 private:
  explicit Encoding(bool url) : url_(url) {}
  bool url_;
};

Result<std::int32_t> Limit(const std::optional<std::int32_t>& max_keys) {
  if (max_keys.value_or(0) < 0) return InvalidArgument("Argument maxKeys must be an integer between 0 and 2147483647");
  return std::min(max_keys.value_or(kPageMax), kPageMax);
}

std::string NameOf(const Listing::Entry& entry) { return entry.group.empty() ? entry.version.key : entry.group; }

// What a stored version says about itself beyond its columns; most say nothing.
struct Extras {
  std::string storage_class = "STANDARD";
  std::optional<Checksum> checksum;
  std::optional<std::string> checksum_type;
};

Result<Extras> ExtrasOf(const Version& version) {
  Extras extras;
  if (version.details.find("\"Checksum") == std::string::npos && version.details.find("\"StorageClass") == std::string::npos)
    return extras;
  TRY_ASSIGN(auto kept, wire::FromJson<s3::HeadObjectOutput>(version.details));
  extras.storage_class = kept.storage_class.value_or(extras.storage_class);
  TRY_ASSIGN(extras.checksum, ChecksumIn(kept));
  extras.checksum_type = kept.checksum_type;
  return extras;
}

// An entry as objects and versions tell it alike.
template <class Told>
Result<Told> Tell(const Version& version, const Encoding& encode) {
  TRY_ASSIGN(Extras extras, ExtrasOf(version));
  Told told;
  told.key = encode(version.key);
  told.last_modified = wire::Timestamp{version.modified_ms};
  told.e_tag = version.etag;
  told.size = version.size;
  told.storage_class = extras.storage_class;
  if (extras.checksum) {
    told.checksum_algorithm = std::vector<std::string>{ChecksumName(extras.checksum->kind)};
    told.checksum_type = extras.checksum_type;
  }
  return told;
}

// Contents and common prefixes of a page.
template <class Output>
Result<void> TellPage(const Listing& listing, const Encoding& encode, const std::optional<s3::Owner>& owner, Output* out) {
  out->contents.emplace();
  out->common_prefixes.emplace();
  out->is_truncated = listing.truncated;
  for (const Listing::Entry& entry : listing.entries) {
    if (!entry.group.empty()) {
      out->common_prefixes->push_back({.prefix = encode(entry.group)});
      continue;
    }
    TRY_ASSIGN(s3::Object told, Tell<s3::Object>(entry.version, encode));
    told.owner = owner;
    out->contents->push_back(std::move(told));
  }
  return {};
}

std::string TokenPurpose(const Bucket& bucket) { return fmt::format("s3 list {}", bucket.id); }

}  // namespace

Result<s3::ListObjectsOutput> Objects::Do(const gate::Authorized<ListObjects>& call) {
  const s3::ListObjectsRequest& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  TRY_ASSIGN(Encoding encode, Encoding::Of(in.encoding_type));
  ListingQuestion question{in.prefix.value_or(""), in.delimiter.value_or(""), in.marker.value_or("")};
  TRY_ASSIGN(question.limit, Limit(in.max_keys));
  TRY_ASSIGN(Listing listing, ListKeys(call.tx(), bucket.id, ListingOf::kVisible, question));
  s3::ListObjectsOutput out;
  TRY(TellPage(listing, encode, OwnerOf(bucket.account), &out));
  out.name = bucket.name;
  out.prefix = encode(question.prefix);
  out.delimiter = encode(in.delimiter);
  out.marker = encode(question.after);
  out.max_keys = question.limit;
  out.encoding_type = in.encoding_type;
  if (listing.truncated) out.next_marker = encode(NameOf(listing.entries.back()));
  return out;
}

Result<s3::ListObjectsV2Output> Objects::Do(const gate::Authorized<ListObjectsV2>& call) {
  const s3::ListObjectsV2Request& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  TRY_ASSIGN(Encoding encode, Encoding::Of(in.encoding_type));
  ListingQuestion question{in.prefix.value_or(""), in.delimiter.value_or(""), in.start_after.value_or("")};
  TRY_ASSIGN(question.limit, Limit(in.max_keys));
  if (in.continuation_token) {
    auto opened = crypto::OpenToken(parts_.token_key, TokenPurpose(bucket), *in.continuation_token);
    if (!opened) return InvalidArgument("The continuation token provided is incorrect");
    question.after = *opened;
  }
  TRY_ASSIGN(Listing listing, ListKeys(call.tx(), bucket.id, ListingOf::kVisible, question));
  s3::ListObjectsV2Output out;
  TRY(TellPage(listing, encode, in.fetch_owner.value_or(false) ? std::optional(OwnerOf(bucket.account)) : std::nullopt, &out));
  out.name = bucket.name;
  out.prefix = encode(question.prefix);
  out.delimiter = encode(in.delimiter);
  out.start_after = encode(in.start_after);
  out.continuation_token = in.continuation_token;
  out.max_keys = question.limit;
  out.key_count = static_cast<std::int32_t>(listing.entries.size());
  out.encoding_type = in.encoding_type;
  if (listing.truncated) {
    out.next_continuation_token =
        crypto::SealToken(parts_.token_key, parts_.random, TokenPurpose(bucket), NameOf(listing.entries.back()));
  }
  return out;
}

Result<s3::ListObjectVersionsOutput> Objects::Do(const gate::Authorized<ListObjectVersions>& call) {
  const s3::ListObjectVersionsRequest& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  TRY_ASSIGN(Encoding encode, Encoding::Of(in.encoding_type));
  ListingQuestion question{in.prefix.value_or(""), in.delimiter.value_or(""), in.key_marker.value_or("")};
  TRY_ASSIGN(question.limit, Limit(in.max_keys));
  if (in.version_id_marker && !in.version_id_marker->empty()) {
    if (question.after.empty()) return InvalidArgument("A version-id marker cannot be specified without a key marker.");
    TRY_ASSIGN(std::optional<Version> mark, LookForVersion(call.tx(), bucket.id, question.after, *in.version_id_marker));
    if (!mark) return InvalidArgument("Invalid version id specified");
    question.below = mark->id;
  }
  TRY_ASSIGN(Listing listing, ListKeys(call.tx(), bucket.id, ListingOf::kAllVersions, question));
  s3::ListObjectVersionsOutput out{.versions = std::vector<s3::ObjectVersion>(),
                                   .delete_markers = std::vector<s3::DeleteMarkerEntry>(),
                                   .common_prefixes = std::vector<s3::CommonPrefix>()};
  s3::Owner owner = OwnerOf(bucket.account);
  for (const Listing::Entry& entry : listing.entries) {
    const Version& version = entry.version;
    if (!entry.group.empty()) {
      out.common_prefixes->push_back({.prefix = encode(entry.group)});
    } else if (version.marker) {
      out.delete_markers->push_back({.owner = owner,
                                     .key = encode(version.key),
                                     .version_id = version.version,
                                     .is_latest = entry.latest,
                                     .last_modified = wire::Timestamp{version.modified_ms}});
    } else {
      TRY_ASSIGN(s3::ObjectVersion told, Tell<s3::ObjectVersion>(version, encode));
      told.version_id = version.version;
      told.is_latest = entry.latest;
      told.owner = owner;
      out.versions->push_back(std::move(told));
    }
  }
  out.name = bucket.name;
  out.prefix = encode(question.prefix);
  out.delimiter = encode(in.delimiter);
  out.key_marker = encode(question.after);
  out.version_id_marker = in.version_id_marker.value_or("");
  out.max_keys = question.limit;
  out.encoding_type = in.encoding_type;
  out.is_truncated = listing.truncated;
  if (listing.truncated) {
    out.next_key_marker = encode(NameOf(listing.entries.back()));
    if (listing.entries.back().group.empty()) out.next_version_id_marker = listing.entries.back().version.version;
  }
  return out;
}

}  // namespace hanse::objects
