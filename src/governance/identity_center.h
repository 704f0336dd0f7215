#pragma once
#include "base/random.h"
#include "governance/operation.h"
#include "wire/lakeformation.h"

// The connection of a catalog with IAM Identity Center (lakeformation.md, section 1.6): one for an account and region, kept and
// shown by its administrators.
namespace hanse::governance {

struct CreateLakeFormationIdentityCenterConfiguration
    : Writes<wire::lakeformation::op::CreateLakeFormationIdentityCenterConfiguration> {};
struct DescribeLakeFormationIdentityCenterConfiguration
    : Reads<wire::lakeformation::op::DescribeLakeFormationIdentityCenterConfiguration> {};
struct UpdateLakeFormationIdentityCenterConfiguration
    : Writes<wire::lakeformation::op::UpdateLakeFormationIdentityCenterConfiguration> {};
struct DeleteLakeFormationIdentityCenterConfiguration
    : Writes<wire::lakeformation::op::DeleteLakeFormationIdentityCenterConfiguration> {};

// Any thread.
class IdentityCenter {
 public:
  explicit IdentityCenter(Random& random) : random_(random) {}
  Result<CreateLakeFormationIdentityCenterConfiguration::Answer> Do(
      const gate::Authorized<CreateLakeFormationIdentityCenterConfiguration>& call);
  Result<DescribeLakeFormationIdentityCenterConfiguration::Answer> Do(
      const gate::Authorized<DescribeLakeFormationIdentityCenterConfiguration>& call);
  Result<UpdateLakeFormationIdentityCenterConfiguration::Answer> Do(
      const gate::Authorized<UpdateLakeFormationIdentityCenterConfiguration>& call);
  Result<DeleteLakeFormationIdentityCenterConfiguration::Answer> Do(
      const gate::Authorized<DeleteLakeFormationIdentityCenterConfiguration>& call);

 private:
  Random& random_;
};

using IdentityCenterOperations =
    gate::List<CreateLakeFormationIdentityCenterConfiguration, DescribeLakeFormationIdentityCenterConfiguration,
               UpdateLakeFormationIdentityCenterConfiguration, DeleteLakeFormationIdentityCenterConfiguration>;

}  // namespace hanse::governance
