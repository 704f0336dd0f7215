#include "keys/key_policy.h"

#include <fmt/format.h>

#include "gate/principal_lookup.h"
#include "keys/errors.h"
#include "keys/grants.h"
#include "model/arn.h"
#include "policy/principals.h"

namespace hanse::keys {
namespace {

constexpr std::size_t kPolicyBytesMax = 32 * 1024;

Refusal Malformed(std::string why) {
  return Refuse(ErrorCode::kInvalidArgument, "MalformedPolicyDocumentException", std::move(why));
}

constexpr std::string_view kLeftToAccount =
    R"({{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"kms:*","Resource":"*"}})";

}  // namespace

std::string DefaultPolicy(std::string_view account) {
  return fmt::format(R"({{"Version":"2012-10-17","Id":"key-default-1","Statement":[{}]}})",
                     fmt::format(kLeftToAccount, RootArn(account)));
}

std::string DomainPolicy(std::string_view account, std::string_view region) {
  std::string services;
  for (const char* service : {"s3", "athena", "secretsmanager"}) {
    services += fmt::format(R"({}"{}.{}.amazonaws.com")", services.empty() ? "" : ",", service, region);
  }
  return fmt::format(R"({{"Version":"2012-10-17","Id":"auto-domain-1","Statement":[{},)"
                     R"({{"Sid":"Allow use through services by every principal of the account","Effect":"Allow",)"
                     R"("Principal":{{"AWS":"*"}},)"
                     R"("Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:DescribeKey"],)"
                     R"("Resource":"*","Condition":{{"StringEquals":{{"kms:CallerAccount":"{}","kms:ViaService":[{}]}}}}}}]}})",
                     fmt::format(kLeftToAccount, RootArn(account)), account, services);
}

Result<std::string> KeptPolicy(store::Transaction& tx, std::string_view document) {
  if (document.size() > kPolicyBytesMax) {
    return Refuse(ErrorCode::kLimitExceeded, "LimitExceededException", "The key policy exceeds the maximum allowed size of 32 KB");
  }
  auto parsed = policy::ParseDocument(document, policy::DocumentKind::kResource);
  if (!parsed) return Malformed(parsed.error().message);
  auto bound = policy::BindPrincipals(document, gate::PrincipalIds(tx));
  if (!bound && bound.error().code == ErrorCode::kInvalidArgument) return Malformed(bound.error().message);
  return bound;
}

Result<std::string> ShownPolicy(store::Transaction& tx, std::string_view kept) {
  return policy::ShowPrincipals(kept, gate::PrincipalArns(tx));
}

// What KMS does by itself (keeper.h) is nobody else's to do.
Result<std::optional<gate::ResourcePolicySource::Found>> KeyPolicies::OfService(const AccountId& owner) {
  constexpr std::string_view kServiceAlone =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"kms.amazonaws.com"},)"
      R"("Action":["kms:DeleteKey","kms:RotateKey"],"Resource":"*"}]})";
  TRY_ASSIGN(policy::DocumentPtr document, documents_.Parse(kServiceAlone, policy::DocumentKind::kResource));
  Found found{.owner = owner, .document = {}, .delegation = policy::Delegation::kResource};
  found.document = policy::NamedDocument{"KMS", std::move(document)};
  return std::optional(std::move(found));
}

Result<std::optional<gate::ResourcePolicySource::Found>> KeyPolicies::PolicyOf(store::Transaction& tx, const Caller& caller,
                                                                               std::string_view action,
                                                                               std::string_view resource_arn) {
  std::optional<Arn> arn = ParseArn(resource_arn);
  if (!arn) return std::optional<Found>();
  if (action == "kms:DeleteKey" || action == "kms:RotateKey") return OfService(arn->account);
  TRY_ASSIGN(auto row, tx.RecallMaybe("SELECT account, policy, id FROM keys WHERE arn = ?", {std::string(resource_arn)}));
  if (!row && arn->account == caller.account) return std::optional<Found>();  // Its own account's policies decide who learns that.
  Found found{.owner = row ? row->Text(0) : arn->account, .document = {}, .delegation = policy::Delegation::kResource};
  if (!row) return std::optional(std::move(found));
  TRY_ASSIGN(std::string text, WithGrants(tx, row->Int(2), row->Text(1), caller));
  TRY_ASSIGN(policy::DocumentPtr document, documents_.Parse(text, policy::DocumentKind::kResource));
  found.document = policy::NamedDocument{fmt::format("key policy of {}", resource_arn), std::move(document)};
  return std::optional(std::move(found));
}

}  // namespace hanse::keys
