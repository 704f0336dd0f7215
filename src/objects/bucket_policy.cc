#include "objects/bucket_policy.h"

#include "base/text.h"
#include "gate/principal_lookup.h"
#include "objects/bucket.h"
#include "objects/errors.h"
#include "policy/principals.h"
#include "policy/statement.h"

namespace hanse::objects {
namespace {

constexpr std::string_view kArnStart = "arn:aws:s3:::";
constexpr std::size_t kPolicyBytesMax = 20 * 1024;

Refusal Malformed(const std::string& why) { return Refuse(ErrorCode::kInvalidArgument, "MalformedPolicy", why); }

std::string_view BucketOf(std::string_view arn) {
  if (!arn.starts_with(kArnStart)) return {};
  arn.remove_prefix(kArnStart.size());
  return arn.substr(0, arn.find('/'));
}

bool IsOwnersRoot(const Caller& caller, const Bucket& bucket) {
  return caller.kind == CallerKind::kRoot && caller.account == bucket.account;
}

bool IsAboutThePolicy(std::string_view action) {
  return action == "s3:GetBucketPolicy" || action == "s3:PutBucketPolicy" || action == "s3:DeleteBucketPolicy";
}

Result<void> CheckStatement(const policy::Statement& statement, std::string_view bucket) {
  for (const policy::Pattern& action : statement.actions) {
    std::string text = Lower(action.source());
    if (text != "*" && !text.starts_with("s3:")) return Malformed("Policy has invalid action");
  }
  for (const policy::ArnPattern& resource : statement.resources) {
    std::string_view text = resource.source();
    if (BucketOf(text) != bucket) return Malformed("Policy has invalid resource");
  }
  return {};
}

}  // namespace

Result<std::optional<gate::ResourcePolicySource::Found>> BucketPolicies::PolicyOf(store::Transaction& tx, const Caller& caller,
                                                                                  std::string_view action,
                                                                                  std::string_view resource_arn) {
  // CreateBucket is asked before there is a bucket; whose name it is, the act says.
  if (action == "s3:CreateBucket") return std::optional<Found>();
  TRY_ASSIGN(std::optional<Bucket> bucket, LookForBucket(tx, BucketOf(resource_arn)));
  if (!bucket) return std::optional<Found>();
  Found found;
  found.owner = bucket->account;
  if (bucket->policy.empty() || (IsOwnersRoot(caller, *bucket) && IsAboutThePolicy(action))) return std::optional(std::move(found));
  TRY_ASSIGN(policy::DocumentPtr document, documents_.Parse(bucket->policy, policy::DocumentKind::kResource));
  bool outside = caller.account != bucket->account && caller.kind != CallerKind::kService;
  bool restricted = bucket->public_access && bucket->public_access->restrict_buckets;
  if (outside && restricted && policy::IsPublic(*document)) return std::optional(std::move(found));
  found.document = policy::NamedDocument{"bucket policy of " + bucket->name, std::move(document)};
  return std::optional(std::move(found));
}

Result<std::string> KeptPolicy(store::Transaction& tx, std::string_view bucket, std::string_view document) {
  if (document.size() > kPolicyBytesMax) {
    return Refuse(ErrorCode::kInvalidArgument, "PolicyTooLarge", "The policy exceeds the maximum allowed size of 20 KB");
  }
  auto parsed = policy::ParseDocument(document, policy::DocumentKind::kResource);
  if (!parsed) return Malformed(parsed.error().message);
  for (const policy::Statement& statement : (*parsed)->statements()) TRY(CheckStatement(statement, bucket));
  auto bound = policy::BindPrincipals(document, gate::PrincipalIds(tx));
  if (!bound && bound.error().code == ErrorCode::kInvalidArgument) return Malformed(bound.error().message);
  return bound;
}

Result<std::string> ShownPolicy(store::Transaction& tx, std::string_view kept) {
  return policy::ShowPrincipals(kept, gate::PrincipalArns(tx));
}

Result<bool> IsPublicPolicy(std::string_view document) {
  TRY_ASSIGN(policy::DocumentPtr parsed, policy::ParseDocument(document, policy::DocumentKind::kResource));
  return policy::IsPublic(*parsed);
}

}  // namespace hanse::objects
