#include "governance/identity_center.h"

#include "governance/grantee.h"
#include "governance/office.h"
#include "governance/refusals.h"
#include "model/arn.h"
#include "wire/json.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;

// What is kept: as Describe shows it, with the status that only Update knows.
struct Connection {
  lf::DescribeLakeFormationIdentityCenterConfigurationResponse shown;
  std::string status = "ENABLED";
};

Result<AccountId> Administered(const gate::Call& call, const std::optional<std::string>& catalog_id, Office least) {
  TRY_ASSIGN(AccountId account, OwnCatalog(call, catalog_id));
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), account, call.info().region));
  if (office < least) return Insufficient("Data Lake Administrator on Catalog");
  return account;
}

Result<Connection> FindConnection(const gate::Call& call, const AccountId& account) {
  TRY_ASSIGN(auto row, call.tx().Maybe("SELECT configuration, status FROM lf_identity_center WHERE account = ? AND region = ?",
                                       {account, call.info().region}));
  if (!row) return NoSuch("There is no IAM Identity Center configuration");
  Connection connection;
  TRY_ASSIGN(connection.shown, wire::FromJson<lf::DescribeLakeFormationIdentityCenterConfigurationResponse>(row->Text(0)));
  connection.status = row->Text(1);
  return connection;
}

Result<void> KeepConnection(const gate::Call& call, const AccountId& account, const Connection& connection) {
  TRY(call.tx().Execute(
      "INSERT INTO lf_identity_center (account, region, configuration, status) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (account, region) DO UPDATE SET configuration = excluded.configuration, status = excluded.status",
      {account, call.info().region, wire::ToJson(connection.shown), connection.status}));
  return {};
}

// An account, an organisation or a unit.
Result<void> CheckRecipients(const gate::Call& call, const std::optional<std::vector<lf::DataLakePrincipal>>& recipients) {
  for (const lf::DataLakePrincipal& one : recipients.value_or(std::vector<lf::DataLakePrincipal>())) {
    std::string identifier = one.data_lake_principal_identifier.value_or("");
    TRY_ASSIGN(Grantee grantee, FindGrantee(call.tx(), call.caller(), identifier));
    bool fits =
        grantee.kind == GranteeKind::kAccount || grantee.kind == GranteeKind::kOrganization || grantee.kind == GranteeKind::kUnit;
    if (!fits) return Invalid("ShareRecipients must be accounts, organizations or organizational units: " + identifier);
  }
  return {};
}

Result<void> CheckFiltering(const std::optional<lf::ExternalFilteringConfiguration>& filtering) {
  if (!filtering) return {};
  for (const std::string& target : filtering->authorized_targets.value_or(std::vector<std::string>())) {
    std::optional<Arn> arn = ParseArn(target);
    if (!arn || arn->service != "sso") return Invalid("AuthorizedTargets must be ARNs of applications: " + target);
  }
  return {};
}

}  // namespace

Result<CreateLakeFormationIdentityCenterConfiguration::Answer> IdentityCenter::Do(
    const gate::Authorized<CreateLakeFormationIdentityCenterConfiguration>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, Administered(call, in.catalog_id, Office::kAdmin));
  std::optional<Arn> instance = ParseArn(in.instance_arn.value_or(""));
  bool fits = instance && instance->service == "sso" && instance->resource.starts_with("instance/ssoins-");
  if (!fits) return Invalid("InstanceArn must be the ARN of an IAM Identity Center instance");
  TRY(CheckFiltering(in.external_filtering));
  TRY(CheckRecipients(call, in.share_recipients));
  TRY_ASSIGN(auto there, call.tx().Maybe("SELECT status FROM lf_identity_center WHERE account = ? AND region = ?",
                                         {account, call.info().region}));
  if (there) return Fail(ErrorCode::kAlreadyExists, "There is an IAM Identity Center configuration already");
  std::string id = instance->resource.substr(std::string_view("instance/").size());
  Connection connection;
  connection.shown = {
      .catalog_id = account,
      .instance_arn = in.instance_arn,
      .application_arn = "arn:aws:sso::" + account + ":application/" + id + "/apl-" + random_.Text(16, "0123456789abcdef"),
      .external_filtering = in.external_filtering,
      .share_recipients = in.share_recipients,
      .service_integrations = in.service_integrations};
  TRY(KeepConnection(call, account, connection));
  return CreateLakeFormationIdentityCenterConfiguration::Answer{.application_arn = connection.shown.application_arn};
}

Result<DescribeLakeFormationIdentityCenterConfiguration::Answer> IdentityCenter::Do(
    const gate::Authorized<DescribeLakeFormationIdentityCenterConfiguration>& call) {
  TRY_ASSIGN(AccountId account, Administered(call, call->in.catalog_id, Office::kReader));
  TRY_ASSIGN(Connection connection, FindConnection(call, account));
  return std::move(connection.shown);
}

// What is not given stays; an empty list takes all away.
Result<UpdateLakeFormationIdentityCenterConfiguration::Answer> IdentityCenter::Do(
    const gate::Authorized<UpdateLakeFormationIdentityCenterConfiguration>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, Administered(call, in.catalog_id, Office::kAdmin));
  TRY_ASSIGN(Connection connection, FindConnection(call, account));
  TRY(CheckFiltering(in.external_filtering));
  TRY(CheckRecipients(call, in.share_recipients));
  if (in.external_filtering) connection.shown.external_filtering = in.external_filtering;
  if (in.share_recipients) connection.shown.share_recipients = in.share_recipients;
  if (in.service_integrations) connection.shown.service_integrations = in.service_integrations;
  connection.status = in.application_status.value_or(connection.status);
  TRY(KeepConnection(call, account, connection));
  return UpdateLakeFormationIdentityCenterConfiguration::Answer();
}

Result<DeleteLakeFormationIdentityCenterConfiguration::Answer> IdentityCenter::Do(
    const gate::Authorized<DeleteLakeFormationIdentityCenterConfiguration>& call) {
  TRY_ASSIGN(AccountId account, Administered(call, call->in.catalog_id, Office::kAdmin));
  TRY(FindConnection(call, account));
  TRY(call.tx().Execute("DELETE FROM lf_identity_center WHERE account = ? AND region = ?", {account, call.info().region}));
  return DeleteLakeFormationIdentityCenterConfiguration::Answer();
}

}  // namespace hanse::governance
