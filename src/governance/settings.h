#pragma once
#include "governance/operation.h"
#include "wire/lakeformation.h"

// The settings of a catalog and its administrators (lakeformation.md, sections 1.1, 2.5 and Appendix B).
namespace hanse::governance {

struct GetDataLakeSettings : LakeOperation<wire::lakeformation::op::GetDataLakeSettings> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};
struct PutDataLakeSettings : LakeOperation<wire::lakeformation::op::PutDataLakeSettings> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct GetDataLakePrincipal : LakeOperation<wire::lakeformation::op::GetDataLakePrincipal> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};

// Any thread.
class Settings {
 public:
  Result<GetDataLakeSettings::Answer> Do(const gate::Authorized<GetDataLakeSettings>& call);
  Result<PutDataLakeSettings::Answer> Do(const gate::Authorized<PutDataLakeSettings>& call);
  Result<GetDataLakePrincipal::Answer> Do(const gate::Authorized<GetDataLakePrincipal>& call);
};

using SettingsOperations = gate::List<GetDataLakeSettings, PutDataLakeSettings, GetDataLakePrincipal>;

}  // namespace hanse::governance
