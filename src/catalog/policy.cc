#include "catalog/policy.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "crypto/digest.h"
#include "gate/principal_lookup.h"
#include "model/arn.h"
#include "policy/principals.h"

namespace hanse::catalog {
namespace {

// Lake Formation decides about each thing that these touch.
constexpr std::array<std::string_view, 10> kGovernedReads = {
    "glue:GetDatabase",      "glue:GetDatabases", "glue:GetTable",      "glue:GetTables",         "glue:GetTableVersion",
    "glue:GetTableVersions", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition", "glue:SearchTables"};
constexpr std::array<std::string_view, 15> kGovernedChanges = {
    "glue:CreateDatabase",       "glue:UpdateDatabase",       "glue:DeleteDatabase",         "glue:CreateTable",
    "glue:UpdateTable",          "glue:DeleteTable",          "glue:BatchDeleteTable",       "glue:DeleteTableVersion",
    "glue:CreatePartition",      "glue:UpdatePartition",      "glue:DeletePartition",        "glue:BatchCreatePartition",
    "glue:BatchUpdatePartition", "glue:BatchDeletePartition", "glue:BatchDeleteTableVersion"};

template <std::size_t N>
bool Among(const std::array<std::string_view, N>& actions, std::string_view action) {
  return std::find(actions.begin(), actions.end(), action) != actions.end();
}

struct PolicyRow {
  std::string policy, hash;
  TimeMs created_ms = 0, updated_ms = 0;
};

Result<std::optional<PolicyRow>> FindPolicy(store::Transaction& tx, std::string_view account, std::string_view region) {
  TRY_ASSIGN(auto row,
             tx.RecallMaybe("SELECT policy, hash, created_ms, updated_ms FROM catalog_policies WHERE account = ? AND region = ?",
                            {std::string(account), std::string(region)}));
  if (!row) return std::optional<PolicyRow>();
  return std::optional(PolicyRow{row->Text(0), row->Text(1), row->Int(2), row->Int(3)});
}

Result<std::string> Shown(store::Transaction& tx, const std::string& policy) {
  return policy::ShowPrincipals(policy, gate::PrincipalArns(tx));
}

std::unexpected<Error> NoPolicy() { return Fail(ErrorCode::kNotFound, "The catalog has no resource policy."); }

std::unexpected<Error> ConditionFailed() {
  return FailAs(ErrorCode::kConflict, "ConditionCheckFailureException",
                "The policy that is there is not the one of the condition.");
}

// Only the catalog as a whole has a policy.
Result<void> CheckArn(const gate::Call& call, const std::optional<std::string>& arn) {
  if (!arn || arn->empty() || *arn == CatalogArn(call.info().region, call.caller().account)) return {};
  return Fail(ErrorCode::kInvalidArgument, "ResourceArn must be the ARN of the caller's own catalog.");
}

}  // namespace

Result<std::vector<gate::Need>> PutResourcePolicy::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCatalog("glue:PutResourcePolicy", context, std::nullopt);
}
Result<std::vector<gate::Need>> GetResourcePolicy::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCatalog("glue:GetResourcePolicy", context, std::nullopt);
}
Result<std::vector<gate::Need>> GetResourcePolicies::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCatalog("glue:GetResourcePolicies", context, std::nullopt);
}
Result<std::vector<gate::Need>> DeleteResourcePolicy::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCatalog("glue:DeleteResourcePolicy", context, std::nullopt);
}
Result<std::vector<gate::Need>> GetCatalogImportStatus::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCatalog("glue:GetCatalogImportStatus", context, std::nullopt);
}
Result<std::vector<gate::Need>> ImportCatalogToGlue::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCatalog("glue:ImportCatalogToGlue", context, in.catalog_id);
}

Result<PutResourcePolicy::Answer> ResourcePolicies::Do(const gate::Authorized<PutResourcePolicy>& call) const {
  const auto& in = call->in;
  TRY(CheckArn(call, in.resource_arn));
  const AccountId& account = call.caller().account;
  TRY_ASSIGN(auto before, FindPolicy(call.tx(), account, call.info().region));
  std::string exists = in.policy_exists_condition.value_or("NONE");
  if ((exists == "MUST_EXIST" && !before) || (exists == "NOT_EXIST" && before)) return ConditionFailed();
  if (in.policy_hash_condition && (!before || before->hash != *in.policy_hash_condition)) return ConditionFailed();
  const std::string text = in.policy_in_json.value_or("");
  auto parsed = policy::ParseDocument(text, policy::DocumentKind::kResource);
  if (!parsed) return Fail(ErrorCode::kInvalidArgument, parsed.error().message);
  auto bound = policy::BindPrincipals(text, gate::PrincipalIds(call.tx()));
  if (!bound) {
    if (bound.error().code != ErrorCode::kInvalidArgument) return std::unexpected(std::move(bound).error());
    return Fail(ErrorCode::kInvalidArgument, bound.error().message);
  }
  std::string hash = Base64(crypto::Sha256(*bound));
  std::int64_t hybrid = in.enable_hybrid.value_or("FALSE") == "TRUE" ? 1 : 0;
  TRY(call.tx().Execute(
      "INSERT INTO catalog_policies (account, region, policy, hash, hybrid, created_ms, updated_ms) VALUES "
      "(?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, region) DO UPDATE SET policy = ?, hash = ?, hybrid = ?, "
      "updated_ms = ?",
      {account, call.info().region, *bound, hash, hybrid, call.now_ms(), call.now_ms(), *bound, hash, hybrid, call.now_ms()}));
  return PutResourcePolicy::Answer{.policy_hash = hash};
}

Result<GetResourcePolicy::Answer> ResourcePolicies::Do(const gate::Authorized<GetResourcePolicy>& call) const {
  TRY(CheckArn(call, call->in.resource_arn));
  TRY_ASSIGN(auto row, FindPolicy(call.tx(), call.caller().account, call.info().region));
  if (!row) return NoPolicy();
  TRY_ASSIGN(std::string shown, Shown(call.tx(), row->policy));
  return GetResourcePolicy::Answer{.policy_in_json = std::move(shown),
                                   .policy_hash = row->hash,
                                   .create_time = wire::Timestamp{row->created_ms},
                                   .update_time = wire::Timestamp{row->updated_ms}};
}

Result<GetResourcePolicies::Answer> ResourcePolicies::Do(const gate::Authorized<GetResourcePolicies>& call) const {
  GetResourcePolicies::Answer answer{.get_resource_policies_response_list = std::vector<wire::glue::GluePolicy>()};
  TRY_ASSIGN(auto row, FindPolicy(call.tx(), call.caller().account, call.info().region));
  if (!row) return answer;
  TRY_ASSIGN(std::string shown, Shown(call.tx(), row->policy));
  answer.get_resource_policies_response_list->push_back({.policy_in_json = std::move(shown),
                                                         .policy_hash = row->hash,
                                                         .create_time = wire::Timestamp{row->created_ms},
                                                         .update_time = wire::Timestamp{row->updated_ms}});
  return answer;
}

Result<DeleteResourcePolicy::Answer> ResourcePolicies::Do(const gate::Authorized<DeleteResourcePolicy>& call) const {
  TRY(CheckArn(call, call->in.resource_arn));
  TRY_ASSIGN(auto row, FindPolicy(call.tx(), call.caller().account, call.info().region));
  if (!row) return NoPolicy();
  if (call->in.policy_hash_condition && *call->in.policy_hash_condition != row->hash) return ConditionFailed();
  TRY(call.tx().Execute("DELETE FROM catalog_policies WHERE account = ? AND region = ?",
                        {call.caller().account, call.info().region}));
  return DeleteResourcePolicy::Answer();
}

Result<GetCatalogImportStatus::Answer> ResourcePolicies::Do(const gate::Authorized<GetCatalogImportStatus>&) const {
  return GetCatalogImportStatus::Answer{.import_status = wire::glue::CatalogImportStatus{.import_completed = true}};
}

Result<ImportCatalogToGlue::Answer> ResourcePolicies::Do(const gate::Authorized<ImportCatalogToGlue>&) const {
  return ImportCatalogToGlue::Answer();
}

Result<std::optional<gate::ResourcePolicySource::Found>> CatalogPolicies::PolicyOf(store::Transaction& tx, const Caller& caller,
                                                                                   std::string_view action,
                                                                                   std::string_view resource_arn) {
  std::optional<Arn> arn = ParseArn(resource_arn);
  if (!arn || arn->service != "glue") return std::optional<Found>();
  Found found{.owner = arn->account};
  TRY_ASSIGN(auto row, FindPolicy(tx, arn->account, arn->region));
  if (row) {
    TRY_ASSIGN(auto document, documents_.Parse(row->policy, policy::DocumentKind::kResource));
    found.document = policy::NamedDocument{.id = "catalog policy of " + arn->account, .document = std::move(document)};
  }
  if (caller.account != arn->account) {
    found.open_to_caller = Among(kGovernedReads, action);
    if (Among(kGovernedChanges, action)) {
      TRY_ASSIGN(found.open_to_caller, lake_.SharedWith(tx, arn->account, arn->region, caller));
    }
  }
  return std::optional(std::move(found));
}

}  // namespace hanse::catalog
