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

constexpr std::int64_t kBatchMin = 64, kBatchMax = 5000;

// As the record of an operation on many tells of them: "200 keys from a/0 to a/199".
std::string Named(const std::vector<std::string>& all, std::string_view what) {
  if (all.size() > 1) return fmt::format("{} {} from {} to {}", all.size(), what, all.front(), all.back());
  return all.empty() ? std::string() : all.front();
}

// In order, without those that another one begins.
std::vector<std::string> Apart(std::vector<std::string> prefixes) {
  std::sort(prefixes.begin(), prefixes.end());
  std::vector<std::string> apart;
  for (std::string& prefix : prefixes) {
    if (apart.empty() || !prefix.starts_with(apart.back())) apart.push_back(std::move(prefix));
  }
  return apart;
}

// One walk over all; what lies between two prefixes is read over while it is little, else jumped over.
Result<std::vector<ListedObject>> ListBelow(store::Transaction& tx, Id bucket, std::vector<std::string> prefixes,
                                            std::size_t limit) {
  const std::vector<std::string> apart = Apart(std::move(prefixes));
  const std::string end = AfterAllWith(apart.back());
  std::vector<ListedObject> listed;
  std::string from = apart.front();
  auto prefix = apart.begin();
  std::int64_t batch = apart.size() == 1 ? kBatchMax : kBatchMin;
  while (true) {
    TRY_ASSIGN(std::vector<Version> rows, VisibleFrom(tx, bucket, from, end, batch));
    const bool last = rows.size() < static_cast<std::size_t>(batch);
    std::size_t taken = 0;
    for (Version& row : rows) {
      while (!row.key.starts_with(*prefix) && *prefix < row.key) ++prefix;  // No key is behind the last one.
      from = row.key.starts_with(*prefix) ? row.key + '\x01' : *prefix;
      if (!row.key.starts_with(*prefix)) continue;
      if (listed.size() == limit) {
        return Fail(ErrorCode::kLimitExceeded, fmt::format("more than {} objects under the prefix", limit));
      }
      listed.push_back({std::move(row.key), std::move(row.etag), static_cast<std::uint64_t>(row.size), row.modified_ms});
      ++taken;
    }
    if (last) return listed;
    batch = 2 * taken < rows.size() ? std::max(batch / 2, kBatchMin) : std::min(batch * 2, kBatchMax);
  }
}

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
  return wire::ToRecord(wire::s3::GetObjectRequest{.bucket = bucket, .key = Named(keys, "keys")});
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
  return ListBelow(call.tx(), bucket.id, {call->prefix}, call->limit);
}

Result<Needs> ListPrefixes::On(const gate::Context& context, store::Transaction& tx) const {
  if (prefixes.empty() || prefixes.size() > kPrefixesMax)
    return InvalidArgument(fmt::format("prefixes: 1 to {} at once", kPrefixesMax));
  const ListPrefix first{bucket, prefixes.front()};
  TRY_ASSIGN(Needs needs, first.On(context, tx));
  for (std::size_t i = 1; i < prefixes.size(); ++i) {
    gate::Need need = needs.front();
    need.context["s3:prefix"] = {prefixes[i]};
    needs.push_back(std::move(need));
  }
  return needs;
}

std::string ListPrefixes::Parameters() const {
  return wire::ToRecord(wire::s3::ListObjectsV2Request{.bucket = bucket, .prefix = Named(prefixes, "prefixes")});
}

Result<std::vector<ListedObject>> Inside::Do(const gate::Authorized<ListPrefixes>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->bucket));
  return ListBelow(call.tx(), bucket.id, call->prefixes, call->limit);
}

Result<ChangedFolders::Answer> Inside::Do(const gate::Authorized<ChangedFolders>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->bucket));
  return FindChanges(call.tx(), bucket, call->prefix, call->since);
}

Result<std::size_t> TextSource::Read(std::span<char> into) {
  std::size_t size = std::min(into.size(), text_.size() - at_);
  std::copy_n(text_.data() + at_, size, into.data());
  at_ += size;
  return size;
}

}  // namespace hanse::objects
