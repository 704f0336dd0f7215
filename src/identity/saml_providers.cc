#include "identity/saml_providers.h"

#include <fmt/format.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "identity/iam.h"
#include "identity/limits.h"
#include "identity/shapes.h"
#include "model/arn.h"
#include "model/ids.h"
#include "policy/principals.h"

namespace hanse::identity {
namespace {

constexpr std::int64_t kMaxProviders = 100;
constexpr std::size_t kMaxMetadataBytes = 1'000'000;

Result<store::SamlProvider> ProviderOf(const gate::Call& call, const std::optional<std::string>& arn) {
  TRY_ASSIGN(auto found, store::FindSamlProviderByArn(call.tx(), arn.value_or("")));
  if (!found || found->account != call.caller().account) {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("Manifest not found for arn {}", arn.value_or("")));
  }
  return *std::move(found);
}

template <class In>
Result<void> RefuseEncryption(const In& in) {
  if (in.assertion_encryption_mode || in.add_private_key) {
    return Fail(ErrorCode::kUnsupported, "Encrypted assertions are not supported.");
  }
  return {};
}

Result<SamlMetadata> ReadMetadata(const std::string& text, TimeMs now_ms) {
  if (text.size() > kMaxMetadataBytes) return OverQuota("SAMLMetadataDocumentSize", kMaxMetadataBytes);
  return ParseSamlMetadata(text, now_ms);
}

std::string CertificateLines(const SamlMetadata& metadata) {
  std::vector<std::string> lines;
  for (const std::string& der : metadata.certificates) lines.push_back(Base64(der));
  return Join(lines, "\n");
}

Result<void> StoreTags(store::Transaction& tx, Id provider, const Tags& tags) {
  TRY(tx.Execute("UPDATE saml_providers SET tags = ? WHERE id = ?", {TagsToJson(tags), provider}));
  return {};
}

// The journal knows a document by its digest.
template <class In>
std::string WithoutDocument(In in) {
  if (in.saml_metadata_document) in.saml_metadata_document = "sha256:" + crypto::Sha256Hex(*in.saml_metadata_document);
  return wire::ToRecord(in);
}

}  // namespace

Result<std::optional<SamlKeys>> FindSamlKeys(store::Transaction& tx, std::string_view arn) {
  TRY_ASSIGN(auto provider, store::FindSamlProviderByArn(tx, arn));
  if (!provider) return std::optional<SamlKeys>();
  TRY_ASSIGN(auto row, tx.One("SELECT entity_id, certificates FROM saml_providers WHERE id = ?", {provider->id}));
  SamlKeys keys{.provider = *std::move(provider)};
  keys.metadata = {.entity_id = row.Text(0), .valid_until_ms = keys.provider.valid_until_ms};
  for (const std::string& line : Split(row.Text(1), '\n')) {
    std::string der;
    if (!UnBase64(line, &der)) return Fail(ErrorCode::kInternal, "a certificate in the store is not Base64");
    keys.metadata.certificates.push_back(std::move(der));
  }
  return std::optional(std::move(keys));
}

Result<Tags> SamlProviderTags(store::Transaction& tx, Id provider) {
  TRY_ASSIGN(auto row, tx.One("SELECT tags FROM saml_providers WHERE id = ?", {provider}));
  return TagsFromJson(row.Text(0));
}

std::string CreateSAMLProvider::Parameters() const { return WithoutDocument(in); }
std::string UpdateSAMLProvider::Parameters() const { return WithoutDocument(in); }

Result<CreateSAMLProvider::Answer> Iam::Do(const gate::Authorized<CreateSAMLProvider>& call) {
  const auto& in = call->in;
  const AccountId& account = call.caller().account;
  TRY(RefuseEncryption(in));
  TRY_ASSIGN(SamlMetadata metadata, ReadMetadata(*in.saml_metadata_document, call.now_ms()));
  Tags tags;
  TRY(AddTags(FromTags(in.tags), &tags));
  TRY_ASSIGN(auto count, call.tx().One("SELECT count(*) FROM saml_providers WHERE account = ?", {account}));
  if (count.Int(0) >= kMaxProviders) return OverQuota("SAMLProvidersPerAccount", kMaxProviders);
  const std::string arn = SamlProviderArn(account, *in.name);
  TRY_ASSIGN(auto taken, store::FindSamlProviderByArn(call.tx(), arn));
  if (taken) {
    return FailAs(ErrorCode::kAlreadyExists, "EntityAlreadyExists", fmt::format("SAMLProvider {} already exists.", *in.name));
  }
  TRY_ASSIGN(Id id, store::NewThing(call.tx(), "saml-provider"));
  TRY(call.tx().Execute(
      "INSERT INTO saml_providers (id, account, name, arn, unique_id, created_ms, valid_until_ms, metadata, entity_id, "
      "certificates, "
      "tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id, account, *in.name, arn, NewIamId(random_, policy::kSamlProviderIdPrefix), call.now_ms(), metadata.valid_until_ms,
       *in.saml_metadata_document, metadata.entity_id, CertificateLines(metadata), TagsToJson(tags)}));
  call.NoteResource("AWS::IAM::SAMLProvider", arn);
  CreateSAMLProvider::Answer answer{.saml_provider_arn = arn};
  if (!tags.empty()) answer.tags = ToTags(tags);
  return answer;
}

Result<GetSAMLProvider::Answer> Iam::Do(const gate::Authorized<GetSAMLProvider>& call) {
  TRY_ASSIGN(store::SamlProvider provider, ProviderOf(call, call->in.saml_provider_arn));
  TRY_ASSIGN(auto row, call.tx().One("SELECT metadata FROM saml_providers WHERE id = ?", {provider.id}));
  TRY_ASSIGN(Tags tags, SamlProviderTags(call.tx(), provider.id));
  return GetSAMLProvider::Answer{.saml_provider_uuid = provider.unique_id,
                                 .saml_metadata_document = row.Text(0),
                                 .create_date = wire::Timestamp{provider.created_ms},
                                 .valid_until = wire::Timestamp{provider.valid_until_ms},
                                 .tags = ToTags(tags)};
}

Result<ListSAMLProviders::Answer> Iam::Do(const gate::Authorized<ListSAMLProviders>& call) {
  TRY_ASSIGN(auto rows,
             call.tx().Query("SELECT arn, valid_until_ms, created_ms FROM saml_providers WHERE account = ? ORDER BY name",
                             {call.caller().account}));
  ListSAMLProviders::Answer answer;
  answer.saml_provider_list.emplace();
  for (const store::Row& row : rows) {
    answer.saml_provider_list->push_back(
        {.arn = row.Text(0), .valid_until = wire::Timestamp{row.Int(1)}, .create_date = wire::Timestamp{row.Int(2)}});
  }
  return answer;
}

Result<UpdateSAMLProvider::Answer> Iam::Do(const gate::Authorized<UpdateSAMLProvider>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(store::SamlProvider provider, ProviderOf(call, in.saml_provider_arn));
  TRY(RefuseEncryption(in));
  if (in.remove_private_key) return Fail(ErrorCode::kUnsupported, "Encrypted assertions are not supported.");
  if (in.saml_metadata_document) {
    TRY_ASSIGN(SamlMetadata metadata, ReadMetadata(*in.saml_metadata_document, call.now_ms()));
    TRY(call.tx().Execute(
        "UPDATE saml_providers SET valid_until_ms = ?, metadata = ?, entity_id = ?, certificates = ? WHERE id = ?",
        {metadata.valid_until_ms, *in.saml_metadata_document, metadata.entity_id, CertificateLines(metadata), provider.id}));
  }
  call.NoteResource("AWS::IAM::SAMLProvider", provider.arn);
  return UpdateSAMLProvider::Answer{.saml_provider_arn = provider.arn};
}

Result<DeleteSAMLProvider::Answer> Iam::Do(const gate::Authorized<DeleteSAMLProvider>& call) {
  TRY_ASSIGN(store::SamlProvider provider, ProviderOf(call, call->in.saml_provider_arn));
  // What hangs on the provider's id goes with it: grants to its users and groups, their sessions.
  TRY(store::DeleteThing(call.tx(), provider.id));
  call.NoteResource("AWS::IAM::SAMLProvider", provider.arn);
  return DeleteSAMLProvider::Answer{};
}

Result<TagSAMLProvider::Answer> Iam::Do(const gate::Authorized<TagSAMLProvider>& call) {
  TRY_ASSIGN(store::SamlProvider provider, ProviderOf(call, call->in.saml_provider_arn));
  TRY_ASSIGN(Tags tags, SamlProviderTags(call.tx(), provider.id));
  TRY(AddTags(FromTags(call->in.tags), &tags));
  TRY(StoreTags(call.tx(), provider.id, tags));
  return TagSAMLProvider::Answer{};
}

Result<UntagSAMLProvider::Answer> Iam::Do(const gate::Authorized<UntagSAMLProvider>& call) {
  TRY_ASSIGN(store::SamlProvider provider, ProviderOf(call, call->in.saml_provider_arn));
  TRY_ASSIGN(Tags tags, SamlProviderTags(call.tx(), provider.id));
  for (const std::string& key : *call->in.tag_keys) RemoveTag(key, &tags);
  TRY(StoreTags(call.tx(), provider.id, tags));
  return UntagSAMLProvider::Answer{};
}

Result<ListSAMLProviderTags::Answer> Iam::Do(const gate::Authorized<ListSAMLProviderTags>& call) {
  TRY_ASSIGN(store::SamlProvider provider, ProviderOf(call, call->in.saml_provider_arn));
  TRY_ASSIGN(Tags tags, SamlProviderTags(call.tx(), provider.id));
  ListSAMLProviderTags::Answer answer;
  answer.tags = ToTags(tags);
  answer.is_truncated = false;
  return answer;
}

}  // namespace hanse::identity
