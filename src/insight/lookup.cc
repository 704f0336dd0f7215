#include "insight/lookup.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "crypto/digest.h"

namespace hanse::insight {
namespace {

using audit::Lookup;

constexpr std::int32_t kPageMax = 50;

struct Named {
  std::string_view name;
  Lookup::Attribute attribute;
};
constexpr Named kAttributes[] = {
    {"EventId", Lookup::Attribute::kEventId},           {"EventName", Lookup::Attribute::kEventName},
    {"ReadOnly", Lookup::Attribute::kReadOnly},         {"Username", Lookup::Attribute::kUsername},
    {"ResourceType", Lookup::Attribute::kResourceType}, {"ResourceName", Lookup::Attribute::kResourceName},
    {"EventSource", Lookup::Attribute::kEventSource},   {"AccessKeyId", Lookup::Attribute::kAccessKeyId},
};

Result<void> ReadAttribute(const wire::cloudtrail::LookupAttribute& asked, Lookup* lookup) {
  const std::string key = asked.attribute_key.value_or("");
  for (const Named& one : kAttributes) {
    if (one.name == key) lookup->attribute = one.attribute;
  }
  if (lookup->attribute == Lookup::Attribute::kNone) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidLookupAttributesException",
                  "AttributeKey is none of those that can be looked up");
  }
  lookup->value = asked.attribute_value.value_or("");
  if (lookup->attribute == Lookup::Attribute::kReadOnly && lookup->value != "true" && lookup->value != "false") {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidLookupAttributesException", "ReadOnly is true or false");
  }
  return {};
}

// What a token must agree on: everything that was asked, but for the page's size.
std::string Asked(const Lookup& lookup) {
  std::string text = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", lookup.account, lookup.region, static_cast<int>(lookup.attribute),
                                 lookup.value, lookup.from_ms.value_or(-1), lookup.until_ms.value_or(-1));
  return crypto::Sha256Hex(text).substr(0, 16);
}

Result<Lookup::Place> ReadToken(const Lookup& lookup, const std::string& token) {
  auto wrong = [] {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidNextTokenException", "NextToken is not one of this request's");
  };
  std::string text;
  if (!UnBase64(token, &text)) return wrong();
  std::vector<std::string> parts = Split(text, ' ');
  if (parts.size() != 3 || parts[0] != Asked(lookup)) return wrong();
  Lookup::Place place;
  auto number = [](const std::string& digits, std::int64_t* value) {
    auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *value);
    return error == std::errc() && rest == digits.data() + digits.size();
  };
  if (!number(parts[1], &place.time_ms) || !number(parts[2], &place.sequence)) return wrong();
  return place;
}

}  // namespace

Result<Lookup> LookupOf(const wire::cloudtrail::LookupEventsRequest& in, std::string_view account, std::string_view region) {
  Lookup lookup;
  lookup.account = account;
  lookup.region = region;
  if (in.lookup_attributes && in.lookup_attributes->size() > 1) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidLookupAttributesException", "LookupAttributes has at most one attribute");
  }
  if (in.lookup_attributes && !in.lookup_attributes->empty()) TRY(ReadAttribute(in.lookup_attributes->front(), &lookup));
  if (in.start_time) lookup.from_ms = in.start_time->ms;
  if (in.end_time) lookup.until_ms = in.end_time->ms;
  if (lookup.from_ms && lookup.until_ms && *lookup.from_ms > *lookup.until_ms) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidTimeRangeException", "StartTime is after EndTime");
  }
  if (in.max_results && (*in.max_results < 1 || *in.max_results > kPageMax)) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidMaxResultsException", "MaxResults is from 1 to 50");
  }
  lookup.limit = in.max_results.value_or(kPageMax);
  if (in.next_token) {
    TRY_ASSIGN(lookup.after, ReadToken(lookup, *in.next_token));
  }
  return lookup;
}

std::string NextToken(const Lookup& lookup, const Lookup::Place& last) {
  return Base64(fmt::format("{} {} {}", Asked(lookup), last.time_ms, last.sequence));
}

}  // namespace hanse::insight
