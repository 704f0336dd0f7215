#include "objects/inside.h"

#include <algorithm>

#include <fmt/format.h>

#include "objects/errors.h"
#include "objects/key_use.h"
#include "objects/reading.h"
#include "objects/utf8.h"
#include "wire/json.h"

namespace hanse::objects {
namespace {

constexpr std::int64_t kBatch = 5000;

}  // namespace

Result<Needs> OpenObjects::On(const gate::Context&, store::Transaction& tx) const {
  if (keys.empty() || keys.size() > kKeysMax) return InvalidArgument(fmt::format("keys: 1 to {} at once", kKeysMax));
  Needs needs;
  for (const std::string& key : keys) {
    TRY_ASSIGN(gate::Need need, NeedOnObject(tx, "s3:GetObject", bucket, key, std::nullopt, {}));
    needs.push_back(std::move(need));
  }
  return needs;
}

std::string OpenObjects::Parameters() const {
  return wire::ToRecord(
      wire::s3::GetObjectRequest{.bucket = bucket, .key = keys.size() == 1 ? keys.front() : fmt::format("{} keys", keys.size())});
}

Result<std::vector<OpenedObject>> Inside::Do(const gate::Authorized<OpenObjects>& call) {
  std::vector<OpenedObject> opened;
  std::string allowed_key;  // Asked about once for a run of objects: nothing changes within the transaction.
  for (const std::string& key : call->keys) {
    TRY_ASSIGN(Asked asked, FindAsked(call, call->bucket, key, std::nullopt));
    if (asked.version.sealed.key_arn != allowed_key) {
      TRY(RequireKey(call, kOpenKey, asked.version.sealed.key_arn, asked.bucket));
      allowed_key = asked.version.sealed.key_arn;
    }
    TRY_ASSIGN(OpenedBytes bytes, OpenSealed(parts_.blobs, parts_.keys, call.tx(), asked.bucket.account, asked.version.sealed));
    if (bytes.reader->size() != static_cast<std::uint64_t>(asked.version.size)) {
      return Fail(ErrorCode::kInternal, "stored bytes are damaged");
    }
    std::uint64_t size = bytes.reader->size();
    opened.push_back(
        {std::move(bytes.reader), bytes.key, size, asked.version.etag, asked.version.version, asked.version.modified_ms});
  }
  return opened;
}

Result<Needs> ListPrefix::On(const gate::Context&, store::Transaction& tx) const {
  ConditionKeys keys{{"s3:prefix", {prefix}}, {"s3:delimiter", {""}}};
  TRY_ASSIGN(gate::Need need, NeedOnBucket(tx, "s3:ListBucket", bucket, {}, std::move(keys)));
  return Needs{std::move(need)};
}

std::string ListPrefix::Parameters() const {
  return wire::ToRecord(wire::s3::ListObjectsV2Request{.bucket = bucket, .prefix = prefix});
}

Result<std::vector<ListedObject>> Inside::Do(const gate::Authorized<ListPrefix>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->bucket));
  std::vector<ListedObject> listed;
  std::string from = call->prefix, end = AfterAllWith(call->prefix);
  while (true) {
    TRY_ASSIGN(std::vector<Version> rows, VisibleFrom(call.tx(), bucket.id, from, end, kBatch));
    for (Version& row : rows) {
      if (listed.size() == call->limit) {
        return Fail(ErrorCode::kLimitExceeded, fmt::format("more than {} objects under the prefix", call->limit));
      }
      listed.push_back({std::move(row.key), std::move(row.etag), static_cast<std::uint64_t>(row.size), row.modified_ms});
    }
    if (rows.size() < static_cast<std::size_t>(kBatch)) return listed;
    from = listed.back().key + '\x01';
  }
}

Result<std::size_t> TextSource::Read(std::span<char> into) {
  std::size_t size = std::min(into.size(), text_.size() - at_);
  std::copy_n(text_.data() + at_, size, into.data());
  at_ += size;
  return size;
}

}  // namespace hanse::objects
