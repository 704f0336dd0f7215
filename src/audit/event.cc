#include "audit/event.h"

#include <fmt/format.h>

#include "audit/json_text.h"
#include "base/text.h"
#include "model/arn.h"

namespace hanse::audit {
namespace {

// CloudTrail cuts requestParameters and responseElements at 100 KB.
constexpr std::size_t kMemberBytesMax = 100'000;
constexpr std::size_t kMessageBytesMax = 1'024;

// Writes the members of one JSON object.
class Members {
 public:
  explicit Members(std::string* out) : out_(out) { out_->push_back('{'); }

  Members& Text(std::string_view name, std::string_view value) {
    Name(name);
    AppendJsonString(out_, value);
    return *this;
  }
  Members& TextIfAny(std::string_view name, std::string_view value) { return value.empty() ? *this : Text(name, value); }
  // `json` as it stands; a text that is too long is left out by name and size.
  Members& Json(std::string_view name, std::string_view json) {
    Name(name);
    if (json.size() > kMemberBytesMax) {
      *out_ += fmt::format(R"({{"omitted":true,"originalSize":{}}})", json.size());
    } else {
      *out_ += json.empty() ? "null" : json;
    }
    return *this;
  }
  void End() { out_->push_back('}'); }

 private:
  void Name(std::string_view name) {
    if (any_) out_->push_back(',');
    any_ = true;
    out_->push_back('"');
    *out_ += name;
    *out_ += "\":";
  }
  std::string* out_;
  bool any_ = false;
};

std::string ResourcesJson(const std::vector<std::pair<std::string, std::string>>& resources) {
  std::string json = "[";
  for (const auto& [type, name] : resources) {
    if (json.size() > 1) json.push_back(',');
    Members one(&json);
    if (auto arn = ParseArn(name)) one.TextIfAny("accountId", arn->account);
    one.Text("type", type).Text("ARN", name).End();
  }
  return json + "]";
}

std::string TextsJson(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const std::string& text : texts) {
    if (json.size() > 1) json.push_back(',');
    AppendJsonString(&json, text);
  }
  return json + "]";
}

std::string SessionContextJson(const Caller& caller, bool of_role) {
  std::string json;
  Members context(&json);
  if (of_role) {
    std::string issuer;
    Members members(&issuer);
    members.Text("type", "Role").TextIfAny("principalId", caller.unique_id.substr(0, caller.unique_id.find(':')));
    members.Text("arn", caller.principal_arn).Text("accountId", caller.account).Text("userName", caller.name).End();
    context.Json("sessionIssuer", issuer);
  }
  std::string attributes;
  Members members(&attributes);
  members.Text("creationDate", FormatIso8601(caller.session_issued_ms)).Text("mfaAuthenticated", "false").End();
  context.Json("attributes", attributes).TextIfAny("sourceIdentity", caller.source_identity).End();
  return json;
}

std::string_view TypeOf(const Caller& caller, bool of_user) {
  switch (caller.kind) {
    case CallerKind::kRoot: return "Root";
    case CallerKind::kUser: return "IAMUser";
    case CallerKind::kSession: return of_user ? "IAMUser" : "AssumedRole";
    case CallerKind::kService: return "AWSService";
    case CallerKind::kSamlUser: return "SAMLUser";
    case CallerKind::kAnonymous: break;
  }
  return "AWSAccount";
}

}  // namespace

std::string IdentityJson(const Caller& caller) {
  const auto principal = ParseArn(caller.principal_arn);
  const bool of_user = principal && principal->resource.starts_with("user/");  // A user's own session: GetSessionToken.
  std::string json;
  Members members(&json);
  members.Text("type", TypeOf(caller, of_user));
  if (caller.kind == CallerKind::kService) {
    members.Text("invokedBy", caller.invoked_by.empty() ? caller.name : caller.invoked_by).End();
    return json;
  }
  if (caller.kind == CallerKind::kAnonymous) {
    members.Text("principalId", "").Text("accountId", "anonymous").End();
    return json;
  }
  if (caller.kind == CallerKind::kSamlUser && caller.saml) {
    const SamlUser& user = *caller.saml;
    members.Text("principalId", user.name_qualifier + ":" + user.subject).Text("userName", user.subject);
    members.Text("identityProvider", user.name_qualifier).End();
    return json;
  }
  members.Text("principalId", caller.unique_id).Text("arn", caller.arn).Text("accountId", caller.account);
  members.TextIfAny("accessKeyId", caller.access_key);
  if (caller.kind == CallerKind::kUser || of_user) members.TextIfAny("userName", caller.name);
  if (caller.kind == CallerKind::kSession) members.Json("sessionContext", SessionContextJson(caller, !of_user));
  members.TextIfAny("invokedBy", caller.invoked_by).End();
  return json;
}

std::string ForeignIdentityJson(const Caller& caller) {
  std::string json;
  Members members(&json);
  members.Text("type", "AWSAccount").Text("principalId", caller.unique_id).Text("accountId", caller.account).End();
  return json;
}

std::string Event::ToJson() const {
  std::string json;
  json.reserve(1024 + identity.size() + request.size() + response.size());
  Members members(&json);
  members.Text("eventVersion", "1.11").Json("userIdentity", identity).Text("eventTime", FormatIso8601(time_ms));
  members.Text("eventSource", source).Text("eventName", name).Text("awsRegion", region);
  members.Text("sourceIPAddress", source_ip).Text("userAgent", std::string_view(user_agent).substr(0, kMessageBytesMax));
  if (!error_code.empty()) {
    members.Text("errorCode", error_code).Text("errorMessage", std::string_view(error_message).substr(0, kMessageBytesMax));
  }
  members.Json("requestParameters", request).Json("responseElements", error_code.empty() ? response : "null");
  if (!additional.empty() && additional != "null") members.Json("additionalEventData", additional);
  members.Text("requestID", request_id).Text("eventID", id).Json("readOnly", read_only ? "true" : "false");
  if (!resources.empty()) members.Json("resources", ResourcesJson(resources));
  members.Text("eventType", "AwsApiCall").Json("managementEvent", category == "Management" ? "true" : "false");
  members.Text("recipientAccountId", recipient_account).TextIfAny("sharedEventID", shared_event_id).Text("eventCategory", category);
  if (!reasons.empty()) members.Json("hanseDecision", TextsJson(reasons));
  members.End();
  return json;
}

}  // namespace hanse::audit
