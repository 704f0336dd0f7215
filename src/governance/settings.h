#pragma once
#include "governance/operation.h"
#include "wire/lakeformation.h"

// The settings of a catalog and its administrators (lakeformation.md, sections 1.1, 2.5 and Appendix B).
namespace hanse::governance {

struct GetDataLakeSettings : Reads<wire::lakeformation::op::GetDataLakeSettings> {};
struct PutDataLakeSettings : Writes<wire::lakeformation::op::PutDataLakeSettings> {};
struct GetDataLakePrincipal : Reads<wire::lakeformation::op::GetDataLakePrincipal> {};

// Any thread.
class Settings {
 public:
  Result<GetDataLakeSettings::Answer> Do(const gate::Authorized<GetDataLakeSettings>& call);
  Result<PutDataLakeSettings::Answer> Do(const gate::Authorized<PutDataLakeSettings>& call);
  Result<GetDataLakePrincipal::Answer> Do(const gate::Authorized<GetDataLakePrincipal>& call);
};

using SettingsOperations = gate::List<GetDataLakeSettings, PutDataLakeSettings, GetDataLakePrincipal>;

}  // namespace hanse::governance
