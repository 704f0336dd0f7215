#include "objects/conditions.h"

#include "base/text.h"
#include "objects/errors.h"

namespace hanse::objects {
namespace {

std::string_view Bare(std::string_view etag) {
  etag = Trim(etag);
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  return etag;
}

// Headers carry whole seconds.
TimeMs Seconds(TimeMs at) { return at / 1000; }

}  // namespace

bool ListsTag(const std::string& header, const std::string& etag) {
  for (const std::string& one : Split(header, ',')) {
    if (Trim(one) == "*" || Bare(one) == Bare(etag)) return true;
  }
  return false;
}

Result<void> ReadConditions::Check(const Version& version) const {
  if (if_match) {
    if (!ListsTag(*if_match, version.etag)) return PreconditionFailed("If-Match");
  } else if (if_unmodified_since && Seconds(version.modified_ms) > Seconds(if_unmodified_since->ms)) {
    return PreconditionFailed("If-Unmodified-Since");
  }
  if (if_none_match) {
    if (ListsTag(*if_none_match, version.etag)) return NotModified();
  } else if (if_modified_since && Seconds(version.modified_ms) <= Seconds(if_modified_since->ms)) {
    return NotModified();
  }
  return {};
}

Result<void> ReadConditions::CheckSource(const Version& version) const {
  auto checked = Check(version);
  if (!checked && checked.error().name == "NotModified") return PreconditionFailed("x-amz-copy-source-if-none-match");
  return checked;
}

Result<void> CheckWrite(const std::optional<std::string>& if_match, const std::optional<std::string>& if_none_match,
                        const std::optional<Version>& there) {
  if (if_none_match) {
    if (Trim(*if_none_match) != "*") return NotBuilt("If-None-Match with anything but *");
    if (there) return PreconditionFailed("If-None-Match");
  }
  if (if_match) {
    if (!there) return NoSuchKey();
    if (!ListsTag(*if_match, there->etag)) return PreconditionFailed("If-Match");
  }
  return {};
}

}  // namespace hanse::objects
