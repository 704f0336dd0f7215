#include "server/past_reads.h"

#include <algorithm>

#include <boost/json.hpp>

#include "base/text.h"
#include "model/arn.h"

namespace hanse::server {
namespace {

constexpr int kPage = 500;

std::string TextAt(const boost::json::value& record, std::string_view pointer) {
  boost::system::error_code error;
  const boost::json::value* found = record.find_pointer(pointer, error);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

// "arn:aws:glue:REGION:ACCOUNT:table/DATABASE/TABLE" as ACCOUNT/DATABASE.TABLE.
std::string TableIn(const std::string& arn_text) {
  auto arn = ParseArn(arn_text);
  if (!arn) return {};
  std::vector<std::string> parts = Split(arn->resource, '/');
  return parts.size() == 3 ? arn->account + "/" + parts[1] + "." + parts[2] : std::string();
}

}  // namespace

Result<std::vector<steward::PastRead>> PastReads::Of(const AccountId& account, const std::string& region, TimeMs since_ms) {
  std::vector<steward::PastRead> reads;
  audit::Lookup lookup{.account = account, .region = region, .attribute = audit::Lookup::Attribute::kEventName};
  lookup.value = "GetDataAccess";
  lookup.from_ms = since_ms;
  lookup.limit = kPage;
  while (static_cast<int>(reads.size()) < kReadsMax) {
    TRY_ASSIGN(std::vector<audit::Found> found, index_.Search(lookup));
    for (const audit::Found& one : found) {
      boost::system::error_code error;
      boost::json::value record = boost::json::parse(one.json, error);
      if (error) continue;
      steward::PastRead read{.query_id = TextAt(record, "/requestParameters/querySessionContext/queryId"),
                             .principal_arn = TextAt(record, "/additionalEventData/lakeFormationPrincipal"),
                             .table = TableIn(TextAt(record, "/requestParameters/tableArn")),
                             .at_ms = one.place.time_ms};
      if (!read.principal_arn.empty() && !read.table.empty()) reads.push_back(std::move(read));
    }
    if (static_cast<int>(found.size()) < kPage) break;
    lookup.after = found.back().place;
  }
  return reads;
}

Result<bool> PastReads::Acted(const store::Principal& who, const std::string& region, TimeMs since_ms) {
  audit::Lookup lookup{.account = who.account, .region = region, .attribute = audit::Lookup::Attribute::kUsername};
  lookup.value = who.name;
  if (who.kind == "role") {
    lookup.attribute = audit::Lookup::Attribute::kResourceName;
    lookup.value = who.arn;
  }
  lookup.from_ms = since_ms;
  lookup.limit = kPage;
  TRY_ASSIGN(std::vector<audit::Found> found, index_.Search(lookup));
  return std::ranges::any_of(found, [&](const audit::Found& one) { return who.kind == "user" || one.name == "AssumeRole"; });
}

}  // namespace hanse::server
