#include "policy/context.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::policy {
namespace {

std::string_view PrincipalType(const Caller& caller) {
  switch (caller.kind) {
    case CallerKind::kAnonymous: return "Anonymous";
    case CallerKind::kRoot: return "Account";
    case CallerKind::kUser: return "User";
    case CallerKind::kSession: return caller.arn.find(":federated-user/") != std::string::npos ? "FederatedUser" : "AssumedRole";
    case CallerKind::kService: return "Service";
    case CallerKind::kSamlUser: return "FederatedUser";
  }
  return "Anonymous";
}

// o-…/r-…/ou-…/ou-…/ from the root down to the account's unit.
std::string OrganizationPath(const Caller& caller) {
  std::string path = caller.organization + "/";
  for (const std::string& unit : caller.organization_path) path += unit + "/";
  return path;
}

// An empty value is none.
void Set(Context& context, const char* key, std::string value) {
  if (value.empty()) {
    context.erase(key);
    return;
  }
  std::vector<std::string>& values = context[key];
  values.clear();
  values.push_back(std::move(value));
}

// What a SAML assertion said of its subject: all of it while a role is taken on, its name afterwards (IAM User Guide, "Available
// keys for SAML-based AWS STS federation").
void AddSaml(const Caller& caller, Context& context) {
  const SamlUser none, &user = caller.saml ? *caller.saml : none;
  const bool taking_on = caller.kind == CallerKind::kSamlUser;
  Set(context, "saml:sub", user.subject);
  Set(context, "saml:sub_type", user.subject_type);
  Set(context, "saml:namequalifier", user.name_qualifier);
  Set(context, "saml:iss", taking_on ? user.issuer : "");
  Set(context, "saml:aud", taking_on ? user.audience : "");
  Set(context, "saml:doc", taking_on ? caller.account + user.provider_arn.substr(user.provider_arn.rfind('/')) : "");
  Set(context, "aws:federatedprovider", taking_on ? "" : user.provider_arn);
}

void AddCaller(const Caller& caller, Context& context) {
  auto set = [&](const char* key, std::string value) { Set(context, key, std::move(value)); };
  const bool service = caller.kind == CallerKind::kService;
  set("aws:principaltype", std::string(PrincipalType(caller)));
  const bool nobody_yet = service || caller.kind == CallerKind::kSamlUser;
  set("aws:principalarn", nobody_yet ? "" : caller.principal_arn.empty() ? caller.arn : caller.principal_arn);
  set("aws:principalaccount", service ? "" : caller.account);
  set("aws:principalisawsservice", service ? "true" : "false");
  set("aws:principalservicename", service ? caller.name : "");
  set("aws:userid", caller.kind == CallerKind::kAnonymous ? "anonymous" : caller.unique_id);
  set("aws:username", caller.kind == CallerKind::kUser ? caller.name : "");
  set("aws:sourceidentity", caller.source_identity);
  set("aws:principalorgid", caller.organization);
  set("aws:principalorgpaths", caller.organization.empty() ? "" : OrganizationPath(caller));
  set("aws:tokenissuetime", caller.session_issued_ms != 0 ? FormatIso8601(caller.session_issued_ms) : "");
  set("aws:multifactorauthpresent", caller.session_issued_ms != 0 ? "false" : "");
  for (auto at = context.lower_bound("aws:principaltag/"); at != context.end() && at->first.starts_with("aws:principaltag/");) {
    at = context.erase(at);
  }
  for (const auto& [key, value] : caller.principal_tags) context["aws:principaltag/" + Lower(key)] = {value};
  AddSaml(caller, context);
}

}  // namespace

Context GlobalContext(const Caller& caller, const RequestInfo& request) {
  Context context = request.context;
  auto set = [&](const char* key, std::string value) { Set(context, key, std::move(value)); };
  AddCaller(caller, context);
  set("aws:requestedregion", request.region);
  set("aws:currenttime", FormatIso8601(request.now_ms));
  set("aws:epochtime", std::to_string(request.now_ms / 1000));
  set("aws:securetransport", request.secure_transport ? "true" : "false");
  set("aws:useragent", request.user_agent);
  // Where a service acts for the caller, the address is the service's and says nothing of the caller.
  set("aws:sourceip", caller.invoked_by.empty() ? request.source_ip : "");
  set("aws:viaawsservice", caller.invoked_by.empty() ? "false" : "true");
  set("aws:calledvia", caller.invoked_by);
  set("aws:calledviafirst", caller.invoked_by);
  set("aws:calledvialast", caller.invoked_by);
  return context;
}

void AddResourceContext(const AccountId& owner, const std::map<std::string, std::string>& tags, Context* context) {
  if (!owner.empty()) (*context)["aws:resourceaccount"] = {owner};
  for (const auto& [key, value] : tags) (*context)["aws:resourcetag/" + Lower(key)] = {value};
}

}  // namespace hanse::policy
