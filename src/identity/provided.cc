#include <unordered_map>

#include <fmt/format.h>

#include "base/text.h"
#include "identity/managed.h"

namespace hanse::identity {
namespace {

struct Row {
  std::string_view path, name, description;
  std::string_view actions;  // Separated by spaces; a "-" before one puts it into NotAction.
};

constexpr std::string_view kReading =
    "athena:Get* athena:List* athena:BatchGet* cloudtrail:Describe* cloudtrail:Get* cloudtrail:List* cloudtrail:LookupEvents "
    "cloudwatch:Describe* cloudwatch:Get* cloudwatch:List* datazone:Get* datazone:List* datazone:Search* glue:BatchGet* glue:Get* "
    "glue:List* glue:SearchTables iam:Generate* iam:Get* iam:List* iam:Simulate* identitystore:Describe* identitystore:List* "
    "kms:Describe* kms:Get* kms:List* lakeformation:DescribeResource lakeformation:GetDataLakeSettings "
    "lakeformation:GetEffectivePermissionsForPath lakeformation:GetLFTag lakeformation:GetResourceLFTags lakeformation:List* "
    "lakeformation:Search* logs:Describe* logs:Get* logs:FilterLogEvents organizations:Describe* organizations:List* ram:Get* "
    "ram:List* s3:Get* s3:List* secretsmanager:Describe* secretsmanager:List* secretsmanager:GetResourcePolicy sso:Describe* "
    "sso:Get* "
    "sso:List* sts:GetCallerIdentity sts:GetAccessKeyInfo";

constexpr Row kRows[] = {
    {"/", "AdministratorAccess", "Provides full access to AWS services and resources.", "*"},
    {"/", "PowerUserAccess",
     "Provides full access to AWS services and resources, but does not allow management of users and groups.",
     "-iam:* -organizations:* -account:*"},
    {"/", "ReadOnlyAccess", "Provides read-only access to AWS services and resources.", kReading},
    {"/", "SecurityAudit", "Reads security configuration metadata.",
     "cloudtrail:Describe* cloudtrail:Get* cloudtrail:List* cloudtrail:LookupEvents glue:Get* iam:Generate* iam:Get* iam:List* "
     "iam:Simulate* kms:Describe* kms:Get* kms:List* lakeformation:Get* lakeformation:List* organizations:Describe* "
     "organizations:List* "
     "ram:Get* ram:List* s3:GetBucket* s3:GetEncryptionConfiguration s3:List*"},
    {"/", "IAMFullAccess", "Provides full access to IAM.",
     "iam:* organizations:DescribeAccount organizations:DescribeOrganization "
     "organizations:DescribeOrganizationalUnit organizations:DescribePolicy organizations:ListChildren organizations:ListParents "
     "organizations:ListPoliciesForTarget organizations:ListRoots organizations:ListPolicies organizations:ListTargetsForPolicy"},
    {"/", "IAMReadOnlyAccess", "Provides read only access to IAM.", "iam:Generate* iam:Get* iam:List* iam:Simulate*"},
    {"/", "AmazonS3FullAccess", "Provides full access to all buckets.", "s3:*"},
    {"/", "AmazonS3ReadOnlyAccess", "Provides read only access to all buckets.", "s3:Get* s3:List* s3:Describe*"},
    {"/", "AmazonAthenaFullAccess", "Provides full access to Athena and to the catalog that it needs.",
     "athena:* glue:CreateDatabase glue:DeleteDatabase glue:GetDatabase glue:GetDatabases glue:UpdateDatabase glue:CreateTable "
     "glue:DeleteTable glue:BatchDeleteTable glue:UpdateTable glue:GetTable glue:GetTables glue:BatchCreatePartition "
     "glue:CreatePartition "
     "glue:DeletePartition glue:BatchDeletePartition glue:UpdatePartition glue:GetPartition glue:GetPartitions "
     "glue:BatchGetPartition "
     "lakeformation:GetDataAccess s3:ListAllMyBuckets"},
    {"/", "AWSGlueConsoleFullAccess", "Provides full access to Glue.",
     "glue:* s3:GetBucketLocation s3:ListBucket s3:ListAllMyBuckets s3:GetBucketAcl iam:ListRoles iam:ListUsers iam:ListGroups "
     "iam:GetRole iam:ListRolePolicies iam:ListAttachedRolePolicies kms:ListAliases kms:DescribeKey"},
    {"/service-role/", "AWSGlueServiceRole", "What a crawler's role needs besides its data.",
     "glue:* s3:GetBucketLocation s3:ListBucket s3:ListAllMyBuckets s3:GetBucketAcl cloudwatch:PutMetricData iam:ListRolePolicies "
     "iam:GetRole iam:GetRolePolicy"},
    {"/", "AWSLakeFormationDataAdmin", "Grants administrative access to Lake Formation.",
     "lakeformation:* cloudtrail:DescribeTrails cloudtrail:LookupEvents glue:CreateCatalog glue:UpdateCatalog glue:DeleteCatalog "
     "glue:GetCatalog glue:GetCatalogs glue:GetDatabase glue:GetDatabases glue:CreateDatabase glue:UpdateDatabase "
     "glue:DeleteDatabase "
     "glue:GetConnections glue:SearchTables glue:GetTable glue:CreateTable glue:UpdateTable glue:DeleteTable glue:GetTableVersions "
     "glue:GetPartitions glue:GetTables glue:ListWorkflows glue:BatchGetWorkflows glue:DeleteWorkflow glue:GetWorkflowRuns "
     "glue:StartWorkflowRun s3:ListBucket s3:GetBucketLocation s3:ListAllMyBuckets s3:GetBucketAcl iam:ListUsers iam:ListRoles "
     "iam:GetRole iam:GetRolePolicy"},
    {"/", "AWSLakeFormationCrossAccountManager", "What sharing with other accounts needs.",
     "ram:CreateResourceShare ram:UpdateResourceShare ram:DeleteResourceShare ram:AssociateResourceShare "
     "ram:DisassociateResourceShare ram:GetResourceShares ram:EnableSharingWithAwsOrganization ram:Get* ram:List* "
     "ram:AssociateResourceSharePermission glue:PutResourcePolicy glue:DeleteResourcePolicy organizations:DescribeOrganization "
     "organizations:DescribeAccount organizations:ListAccounts organizations:ListRoots organizations:ListAccountsForParent "
     "organizations:ListOrganizationalUnitsForParent organizations:DescribeOrganizationalUnit organizations:ListParents"},
    {"/", "AWSOrganizationsFullAccess", "Provides full access to Organizations.", "organizations:* iam:CreateServiceLinkedRole"},
    {"/", "AWSOrganizationsReadOnlyAccess", "Provides read-only access to Organizations.",
     "organizations:Describe* organizations:List*"},
    {"/", "AWSResourceAccessManagerFullAccess", "Provides full access to Resource Access Manager.", "ram:*"},
    {"/", "AWSResourceAccessManagerReadOnlyAccess", "Provides read only access to Resource Access Manager.", "ram:Get* ram:List*"},
    {"/", "SecretsManagerReadWrite", "Provides read and write access to Secrets Manager.",
     "secretsmanager:* kms:DescribeKey kms:ListAliases kms:ListKeys"},
    {"/", "AWSKeyManagementServicePowerUser", "Provides access to Key Management Service.",
     "kms:CreateAlias kms:CreateKey kms:DeleteAlias kms:Describe* kms:GenerateRandom kms:Get* kms:List* kms:TagResource "
     "kms:UntagResource iam:ListGroups iam:ListRoles iam:ListUsers"},
    {"/", "AWSCloudTrail_FullAccess", "Provides full access to CloudTrail.", "cloudtrail:*"},
    {"/", "AWSCloudTrail_ReadOnlyAccess", "Provides read only access to CloudTrail.",
     "cloudtrail:Get* cloudtrail:Describe* cloudtrail:List* cloudtrail:LookupEvents"},
    {"/", "CloudWatchFullAccess", "Provides full access to CloudWatch.", "cloudwatch:* logs:*"},
    {"/", "CloudWatchReadOnlyAccess", "Provides read only access to CloudWatch.",
     "cloudwatch:Describe* cloudwatch:Get* cloudwatch:List* logs:Get* logs:List* logs:Describe* logs:FilterLogEvents"},
    {"/", "CloudWatchLogsFullAccess", "Provides full access to CloudWatch Logs.", "logs:*"},
    {"/", "CloudWatchLogsReadOnlyAccess", "Provides read only access to CloudWatch Logs.",
     "logs:Describe* logs:Get* logs:List* logs:FilterLogEvents"},
    {"/", "AmazonDataZoneFullAccess", "Provides full access to DataZone.",
     "datazone:* glue:GetDatabases glue:GetTables iam:ListRoles"},
    {"/", "AWSSSOReadOnly", "Provides read only access to Identity Center.",
     "sso:Describe* sso:Get* sso:List* identitystore:Describe* identitystore:List*"},
    {"/", "AWSSSODirectoryAdministrator", "Administers the directory of Identity Center.", "identitystore:* sso-directory:*"},
    {"/", "AWSSSOMasterAccountAdministrator", "Administers Identity Center from the management account.",
     "sso:* identitystore:* sso-directory:* organizations:Describe* organizations:List* iam:ListPolicies"},
};

std::string DocumentOf(const Row& row) {
  std::string listed, element = "Action";
  for (std::string action : Split(row.actions, ' ')) {
    if (action.starts_with('-')) {
      element = "NotAction";
      action.erase(0, 1);
    }
    listed += fmt::format("{}\"{}\"", listed.empty() ? "" : ",", action);
  }
  return fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","{}":[{}],"Resource":"*"}}]}})", element, listed);
}

// ANPA and 17 characters that follow from the name: the same in every organisation, as AWS's are.
std::string UniqueIdOf(std::string_view name) {
  std::uint64_t state = 0xcbf29ce484222325;
  std::string id = "ANPA";
  for (int i = 0; i < 17; ++i) {
    for (char c : name) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    id.push_back("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(state >> 40) % 32]);
  }
  return id;
}

}  // namespace

const std::vector<ManagedPolicy>& ProvidedPolicies() {
  static const std::vector<ManagedPolicy> kPolicies = [] {
    std::vector<ManagedPolicy> made;
    for (const Row& row : kRows) {
      ManagedPolicy policy;
      policy.account = "aws";
      policy.name = row.name;
      policy.path = row.path;
      policy.arn = fmt::format("arn:aws:iam::aws:policy{}{}", row.path, row.name);
      policy.unique_id = UniqueIdOf(row.name);
      policy.description = row.description;
      policy.created_ms = policy.updated_ms = 1'423'162'560'000;  // 2015-02-06, when AWS made its first ones.
      policy.document = DocumentOf(row);
      made.push_back(std::move(policy));
    }
    return made;
  }();
  return kPolicies;
}

const ManagedPolicy* FindProvided(std::string_view arn) {
  static const std::unordered_map<std::string_view, const ManagedPolicy*> kByArn = [] {
    std::unordered_map<std::string_view, const ManagedPolicy*> made;
    for (const ManagedPolicy& policy : ProvidedPolicies()) made.emplace(policy.arn, &policy);
    return made;
  }();
  auto found = kByArn.find(arn);
  return found == kByArn.end() ? nullptr : found->second;
}

}  // namespace hanse::identity
