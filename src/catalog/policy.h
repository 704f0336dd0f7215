#pragma once
#include "catalog/access.h"
#include "gate/sources.h"
#include "gate/wire_operation.h"
#include "policy/document_cache.h"
#include "wire/glue.h"

// The resource policy of an account's catalog, and what the gate asks about it. Sources: AWS Glue API Reference, "Resource
// policies"; lakeformation.md 5.7, row 5.
namespace hanse::catalog {

struct PutResourcePolicy {
  static constexpr gate::Rule kRule{"glue", "PutResourcePolicy", gate::Record::kWrite};
  using Wire = wire::glue::op::PutResourcePolicy;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetResourcePolicy {
  static constexpr gate::Rule kRule{"glue", "GetResourcePolicy", gate::Record::kRead};
  using Wire = wire::glue::op::GetResourcePolicy;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetResourcePolicies {
  static constexpr gate::Rule kRule{"glue", "GetResourcePolicies", gate::Record::kRead};
  using Wire = wire::glue::op::GetResourcePolicies;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct DeleteResourcePolicy {
  static constexpr gate::Rule kRule{"glue", "DeleteResourcePolicy", gate::Record::kWrite};
  using Wire = wire::glue::op::DeleteResourcePolicy;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Old drivers ask it first: the catalog needs no import.
struct GetCatalogImportStatus {
  static constexpr gate::Rule kRule{"glue", "GetCatalogImportStatus", gate::Record::kRead};
  using Wire = wire::glue::op::GetCatalogImportStatus;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// What tables were elsewhere before the catalog was: nothing is, so nothing is left to do.
struct ImportCatalogToGlue : gate::WireOperation<wire::glue::op::ImportCatalogToGlue, gate::Record::kWrite> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// The gate asks it whether the owner of a catalog lets a caller in. For an account other than the owner's the side of the owner is
// open by its resource policy; for changes by what Lake Formation shares; for reading metadata altogether: Lake Formation then
// decides about each thing, and what it does not give does not exist for the caller, so that a stranger cannot tell missing from
// forbidden. Nothing else (tags, crawlers, the policy itself) is open by a share. Any thread.
class CatalogPolicies final : public gate::ResourcePolicySource {
 public:
  explicit CatalogPolicies(gate::Lake& lake) : lake_(lake) {}
  Result<std::optional<Found>> PolicyOf(store::Transaction& tx, const Caller& caller, std::string_view action,
                                        std::string_view resource_arn) override;

 private:
  gate::Lake& lake_;
  policy::DocumentCache documents_;
};

// Any thread.
class ResourcePolicies {
 public:
  Result<PutResourcePolicy::Answer> Do(const gate::Authorized<PutResourcePolicy>& call) const;
  Result<GetResourcePolicy::Answer> Do(const gate::Authorized<GetResourcePolicy>& call) const;
  Result<GetResourcePolicies::Answer> Do(const gate::Authorized<GetResourcePolicies>& call) const;
  Result<DeleteResourcePolicy::Answer> Do(const gate::Authorized<DeleteResourcePolicy>& call) const;
  Result<GetCatalogImportStatus::Answer> Do(const gate::Authorized<GetCatalogImportStatus>& call) const;
  Result<ImportCatalogToGlue::Answer> Do(const gate::Authorized<ImportCatalogToGlue>& call) const;
};

namespace resource_policy {
using Operations = gate::List<PutResourcePolicy, GetResourcePolicy, GetResourcePolicies, DeleteResourcePolicy,
                              GetCatalogImportStatus, ImportCatalogToGlue>;
}

}  // namespace hanse::catalog
