#include "client/aws_client.h"

#include <fmt/format.h>
#include <pugixml.hpp>

#include "base/text.h"
#include "client/signing.h"

namespace hanse::client {
namespace {

// How each JSON service names an operation on the wire.
std::string_view TargetPrefix(std::string_view service) {
  if (service == "glue") return "AWSGlue";
  if (service == "hanse") return "Hanse";
  if (service == "kms") return "TrentService";
  if (service == "athena") return "AmazonAthena";
  if (service == "organizations") return "AWSOrganizationsV20161128";
  if (service == "cloudtrail") return "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";
  return {};
}

std::string_view Version(std::string_view service) { return service == "iam" ? "2010-05-08" : "2011-06-15"; }

std::string Header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (EqualsIgnoreCase(key, name)) return value;
  }
  return {};
}

void Flatten(const pugi::xml_node& node, AwsClient::Parameters* into) {
  for (const pugi::xml_node& child : node.children()) {
    if (child.first_child().type() == pugi::node_pcdata) into->emplace(child.name(), child.text().get());
    Flatten(child, into);
  }
}

// "Glue.EntityNotFoundException#…" and "EntityNotFoundException:http://…" are the same code.
std::string ErrorCodeOf(const HttpResponse& response, std::string* message) {
  pugi::xml_document document;
  AwsClient::Parameters elements;
  std::string code = Header(response, "x-amzn-ErrorType");
  if (document.load_string(response.body.c_str()) && document.document_element()) {
    Flatten(document, &elements);
    *message = elements["Message"];
    return elements["Code"];
  }
  auto text = [&](std::string_view member) {
    std::string quoted = fmt::format("\"{}\":\"", member);
    std::size_t at = response.body.find(quoted);
    if (at == std::string::npos) return std::string();
    at += quoted.size();
    std::string value;
    for (; at < response.body.size() && response.body[at] != '"'; ++at) {
      if (response.body[at] == '\\' && at + 1 < response.body.size()) ++at;
      value.push_back(response.body[at]);
    }
    return value;
  };
  if (code.empty()) code = text("__type");
  *message = text("message").empty() ? text("Message") : text("message");
  code = code.substr(0, code.find(':'));
  return code.substr(code.find('#') == std::string::npos ? 0 : code.find('#') + 1);
}

constexpr int kRolesInAChain = 5;

Result<std::unique_ptr<AwsClient>> SignInAs(const std::string& profile_name, const Clock& clock, int roles_left) {
  TRY_ASSIGN(Profile profile, ReadProfile(profile_name));
  if (profile.role_arn.empty()) return AwsClient::Open(std::move(profile), clock);
  if (roles_left == 0) {
    return Fail(
        ErrorCode::kInvalidArgument,
        fmt::format("profile \"{}\": more than {} roles in a chain of source_profile, or a circle", profile.name, kRolesInAChain));
  }
  // As the AWS CLI: a profile may be its own source where it has keys besides.
  Profile own_keys = profile;
  own_keys.role_arn.clear();
  TRY_ASSIGN(auto source, profile.source_profile == profile.name ? AwsClient::Open(std::move(own_keys), clock)
                                                                 : SignInAs(profile.source_profile, clock, roles_left - 1));
  AwsClient::Parameters more;
  if (!profile.external_id.empty()) more["ExternalId"] = profile.external_id;
  if (!profile.duration_seconds.empty()) more["DurationSeconds"] = profile.duration_seconds;
  TRY_ASSIGN(auto session, source->Assume(profile.role_arn, profile.role_session_name.empty() ? "hanse" : profile.role_session_name,
                                          std::move(more)));
  profile.access_key = session->profile().access_key;
  profile.secret_key = session->profile().secret_key;
  profile.session_token = session->profile().session_token;
  return AwsClient::Open(std::move(profile), clock);
}

}  // namespace

Result<std::unique_ptr<AwsClient>> AwsClient::SignIn(const std::string& profile_name, const Clock& clock) {
  return SignInAs(profile_name, clock, kRolesInAChain);
}

Result<std::unique_ptr<AwsClient>> AwsClient::Open(Profile profile, const Clock& clock) {
  TRY_ASSIGN(auto connection, Connection::To(profile.endpoint_url));
  return std::unique_ptr<AwsClient>(new AwsClient(std::move(profile), clock, std::move(connection)));
}

Result<HttpResponse> AwsClient::Send(std::string_view service, HttpRequest request) {
  request.headers.emplace_back("Host", connection_->host());
  request.headers.emplace_back("User-Agent", "hanse-cli");
  Sign(profile_, service, clock_.NowMs(), &request);
  TRY_ASSIGN(HttpResponse response, connection_->Send(request));
  if (response.status >= 200 && response.status < 300) return response;
  std::string message;
  std::string code = ErrorCodeOf(response, &message);
  if (code.empty()) code = fmt::format("HTTP {}", response.status);
  return FailAs(ErrorCode::kConflict, code, fmt::format("{}: {}", code, message));
}

Result<std::string> AwsClient::SendJson(std::string_view service, std::string_view operation, std::string body) {
  HttpRequest request;
  request.body = std::move(body);
  if (std::string_view prefix = TargetPrefix(service); !prefix.empty()) {
    request.headers.emplace_back("X-Amz-Target", fmt::format("{}.{}", prefix, operation));
    request.headers.emplace_back("Content-Type", "application/x-amz-json-1.1");
  } else {
    request.target = fmt::format("/{}", service == "ram" ? Lower(operation) : std::string(operation));
    request.headers.emplace_back("Content-Type", "application/json");
  }
  TRY_ASSIGN(HttpResponse response, Send(service, std::move(request)));
  return response.body.empty() ? "{}" : std::move(response.body);
}

Result<AwsClient::Parameters> AwsClient::Form(std::string_view service, std::string_view action, Parameters parameters) {
  parameters["Action"] = action;
  parameters["Version"] = Version(service);
  HttpRequest request;
  for (const auto& [key, value] : parameters) {
    request.body += fmt::format("{}{}={}", request.body.empty() ? "" : "&", PercentEncode(key), PercentEncode(value));
  }
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  TRY_ASSIGN(HttpResponse response, Send(service, std::move(request)));
  pugi::xml_document document;
  if (!document.load_string(response.body.c_str())) return Fail(ErrorCode::kInternal, "the server's answer is no XML");
  Parameters elements;
  Flatten(document, &elements);
  return elements;
}

Result<std::unique_ptr<AwsClient>> AwsClient::Assume(const std::string& role_arn, const std::string& session_name,
                                                     Parameters more) {
  more["RoleArn"] = role_arn;
  more["RoleSessionName"] = session_name;
  TRY_ASSIGN(Parameters answer, Form("sts", "AssumeRole", std::move(more)));
  Profile session = profile_;
  session.name = session_name;
  session.access_key = answer["AccessKeyId"];
  session.secret_key = answer["SecretAccessKey"];
  session.session_token = answer["SessionToken"];
  return Open(std::move(session), clock_);
}

Result<void> AwsClient::CreateBucket(const std::string& bucket) {
  TRY(Send("s3", HttpRequest{"PUT", "/" + bucket, {}, {}}));
  return {};
}

Result<void> AwsClient::PutObject(const std::string& bucket, const std::string& key, std::string body) {
  TRY(Send("s3", HttpRequest{"PUT", fmt::format("/{}/{}", bucket, PercentEncode(key, true)), {}, std::move(body)}));
  return {};
}

Result<std::string> AwsClient::GetObject(const std::string& bucket, const std::string& key) {
  TRY_ASSIGN(HttpResponse response,
             Send("s3", HttpRequest{"GET", fmt::format("/{}/{}", bucket, PercentEncode(key, true)), {}, {}}));
  return std::move(response.body);
}

Result<void> AwsClient::DeleteObject(const std::string& bucket, const std::string& key) {
  TRY(Send("s3", HttpRequest{"DELETE", fmt::format("/{}/{}", bucket, PercentEncode(key, true)), {}, {}}));
  return {};
}

Result<std::vector<std::string>> AwsClient::ListObjects(const std::string& bucket, const std::string& prefix) {
  std::string target = fmt::format("/{}?list-type=2&prefix={}", bucket, PercentEncode(prefix));
  TRY_ASSIGN(HttpResponse response, Send("s3", HttpRequest{"GET", target, {}, {}}));
  pugi::xml_document document;
  if (!document.load_string(response.body.c_str())) return Fail(ErrorCode::kInternal, "the server's answer is no XML");
  std::vector<std::string> keys;
  for (const pugi::xml_node& object : document.document_element().children("Contents")) keys.push_back(object.child_value("Key"));
  return keys;
}

Result<void> AwsClient::PutBucketPolicy(const std::string& bucket, std::string document) {
  TRY(Send("s3", HttpRequest{"PUT", fmt::format("/{}?policy=", bucket), {}, std::move(document)}));
  return {};
}

}  // namespace hanse::client
