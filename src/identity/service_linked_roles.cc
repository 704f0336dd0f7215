#include "identity/service_linked_roles.h"

#include <fmt/format.h>

#include "base/text.h"
#include "identity/iam.h"
#include "identity/principal_names.h"
#include "identity/roles.h"
#include "identity/shapes.h"
#include "model/arn.h"

namespace hanse::identity {
namespace {

constexpr LinkedService kServices[] = {
    {"lakeformation.amazonaws.com", "AWSServiceRoleForLakeFormationDataAccess",
     "s3:GetObject s3:PutObject s3:DeleteObject s3:ListBucket"},
    {"ram.amazonaws.com", "AWSServiceRoleForResourceAccessManager", "organizations:Describe* organizations:List*"},
    {"organizations.amazonaws.com", "AWSServiceRoleForOrganizations", "iam:DeleteRole iam:GetRole"},
    {"cloudtrail.amazonaws.com", "AWSServiceRoleForCloudTrail", "organizations:Describe* organizations:List*"},
    {"sso.amazonaws.com", "AWSServiceRoleForSSO", "iam:GetRole iam:ListRoles"},
};

std::string TrustIn(std::string_view service) {
  return fmt::format(
      R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"{}"}},"Action":"sts:AssumeRole"}}]}})",
      service);
}

std::string PolicyFor(const LinkedService& service) {
  std::string listed;
  for (const std::string& action : Split(service.actions, ' '))
    listed += fmt::format("{}\"{}\"", listed.empty() ? "" : ",", action);
  return fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":[{}],"Resource":"*"}}]}})", listed);
}

}  // namespace

const LinkedService* FindLinkedService(std::string_view service) {
  for (const LinkedService& one : kServices) {
    if (one.service == service) return &one;
  }
  return nullptr;
}

Result<std::vector<gate::Need>> CreateServiceLinkedRole::On(const gate::Context& context, store::Transaction&) const {
  const LinkedService* service = FindLinkedService(*in.aws_service_name);
  std::string name(service != nullptr ? service->role_name : "*");
  if (in.custom_suffix) name += "_" + *in.custom_suffix;
  return std::vector<gate::Need>{
      {.action = "iam:CreateServiceLinkedRole",
       .resource = RoleArn(context.caller.account, fmt::format("/aws-service-role/{}/", *in.aws_service_name), name),
       .context = {{"iam:awsservicename", {*in.aws_service_name}}}}};
}

Result<CreateServiceLinkedRole::Answer> Iam::Do(const gate::Authorized<CreateServiceLinkedRole>& call) {
  const LinkedService* service = FindLinkedService(*call->in.aws_service_name);
  if (service == nullptr) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidInput",
                  fmt::format("{} has no service-linked role.", *call->in.aws_service_name));
  }
  NewRole role{.account = call.caller().account,
               .name = std::string(service->role_name),
               .path = fmt::format("/aws-service-role/{}/", service->service),
               .trust = TrustIn(service->service)};
  if (call->in.custom_suffix) role.name += "_" + *call->in.custom_suffix;
  role.definition.description = call->in.description.value_or("");
  role.definition.service = service->service;
  TRY_ASSIGN(auto taken, store::FindPrincipalByName(call.tx(), role.account, "role", role.name));
  if (taken) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidInput",
                  fmt::format("Service role name {} has been taken in this account, please try a different suffix.", role.name));
  }
  TRY_ASSIGN(store::Principal row, InsertRole(call.tx(), random_, std::move(role), call.now_ms()));
  TRY(call.tx().Execute("INSERT INTO iam_inline_policies (principal, name, document) VALUES (?, ?, ?)",
                        {row.id, std::string("service"), PolicyFor(*service)}));
  call.NoteResource("AWS::IAM::Role", row.arn);
  CreateServiceLinkedRole::Answer answer;
  TRY_ASSIGN(answer.role, ToRole(call.tx(), row, Detail::kFull));
  return answer;
}

Result<DeleteServiceLinkedRole::Answer> Iam::Do(const gate::Authorized<DeleteServiceLinkedRole>& call) {
  TRY_ASSIGN(store::Principal role, FindNamed(call.tx(), call.caller().account, "role", *call->in.role_name));
  if (!role.path.starts_with("/aws-service-role/")) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidInput", fmt::format("{} is not a service-linked role.", role.name));
  }
  TRY(store::DeleteThing(call.tx(), role.id));
  DeleteServiceLinkedRole::Answer answer;
  answer.deletion_task_id = fmt::format("task{}{}/{}", role.path, role.name, random_.Uuid());
  return answer;
}

// Deleting is done when it was answered: any task that this server named has succeeded.
Result<GetServiceLinkedRoleDeletionStatus::Answer> Iam::Do(const gate::Authorized<GetServiceLinkedRoleDeletionStatus>& call) {
  const std::string task = *call->in.deletion_task_id;
  if (!task.starts_with("task/aws-service-role/")) {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("There is no deletion task {}.", task));
  }
  std::vector<std::string> parts = Split(task, '/');
  if (parts.size() == 5) {
    TRY_ASSIGN(auto role, store::FindPrincipalByName(call.tx(), call.caller().account, "role", parts[3]));
    if (!role) return GetServiceLinkedRoleDeletionStatus::Answer{.status = "SUCCEEDED"};
  }
  return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("There is no deletion task {}.", task));
}

}  // namespace hanse::identity
