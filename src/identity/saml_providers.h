#pragma once
#include <optional>
#include <string_view>

#include "identity/definition.h"
#include "identity/saml_metadata.h"
#include "store/directory.h"

// SAML identity providers as rows (store/migrations/0021_saml.sql). Trust policies and grants mean a provider's id: deleted and
// made again under its name, it is another one.
namespace hanse::identity {

// What its assertions are verified with: all that sign-in reads of a provider.
struct SamlKeys {
  store::SamlProvider provider;
  SamlMetadata metadata;
};
// Nothing where there is no such provider.
Result<std::optional<SamlKeys>> FindSamlKeys(store::Transaction& tx, std::string_view arn);

Result<Tags> SamlProviderTags(store::Transaction& tx, Id provider);

}  // namespace hanse::identity
