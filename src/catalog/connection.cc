#include "catalog/connection.h"

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/definition.h"
#include "catalog/rows.h"
#include "crypto/aead.h"
#include "store/directory.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using wire::glue::Connection;
using wire::glue::ConnectionInput;
using wire::glue::DataCatalogEncryptionSettings;
using Properties = std::map<std::string, std::string>;

constexpr std::string_view kPasswordsContext = "catalog connection";
constexpr std::string_view kEncryptedPrefix = "ENCRYPTED_";

bool IsEncrypted(const std::string& name) { return name.starts_with(kEncryptedPrefix); }
// "PASSWORD", "KAFKA_SASL_SCRAM_PASSWORD", …: what is never kept in the clear.
bool IsPassword(const std::string& name) { return Lower(name).ends_with("password") && !IsEncrypted(name); }

void Redact(std::optional<Properties>* properties) {
  if (!*properties) return;
  for (auto& [name, value] : **properties) {
    if (IsPassword(name)) value = "HIDDEN_DUE_TO_SECURITY_REASONS";
  }
}

using Authentication = wire::glue::AuthenticationConfigurationInput;

// Of what stands for an identity elsewhere only the secret's name is recorded.
void Redact(std::optional<Authentication>* authentication) {
  if (!*authentication) return;
  *authentication = Authentication{.authentication_type = (*authentication)->authentication_type,
                                   .secret_arn = (*authentication)->secret_arn,
                                   .kms_key_arn = (*authentication)->kms_key_arn};
}

template <class Input>
std::string Redacted(Input in) {
  if (in.connection_input) {
    ConnectionInput& input = *in.connection_input;
    for (auto* properties :
         {&input.connection_properties, &input.spark_properties, &input.athena_properties, &input.python_properties}) {
      Redact(properties);
    }
    Redact(&input.authentication_configuration);
  }
  return wire::ToRecord(in);
}

Result<std::vector<gate::Need>> NeedOnConnection(std::string_view action, const gate::Context& context,
                                                 const std::optional<std::string>& catalog, std::string_view name) {
  TRY_ASSIGN(AccountId owner, CatalogOf(context, catalog));
  return NeedsOnConnection(action, context.info.region, owner, name);
}

std::unexpected<Error> NoConnection(std::string_view name) {
  return Fail(ErrorCode::kNotFound, fmt::format("Connection {} not found.", name));
}

Result<store::Row> RowOfConnection(store::Transaction& tx, const AccountId& account, const std::string& region,
                                   const std::string& name) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT id, definition, key_arn, wrapped_key, passwords FROM catalog_connections WHERE "
                                "account = ? AND region = ? AND name = ?",
                                {account, region, name}));
  if (!row) return NoConnection(name);
  return std::move(*row);
}

Result<store::Row> RowOfConnection(const gate::Call& call, const std::optional<std::string>& catalog, const std::string& name) {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), catalog));
  return RowOfConnection(call.tx(), account, call.info().region, name);
}

// The secret that holds user and password; empty: the connection has its own.
Result<std::string> SecretOf(const std::optional<Properties>& properties,
                             const std::optional<wire::glue::AuthenticationConfiguration>& authentication) {
  std::string named = authentication ? authentication->secret_arn.value_or("") : "";
  auto property = properties ? properties->find("SECRET_ID") : Properties::const_iterator();
  if (!properties || property == properties->end() || property->second.empty()) return named;
  if (!named.empty() && named != property->second) {
    return Fail(ErrorCode::kInvalidArgument, "SECRET_ID and AuthenticationConfiguration.SecretArn name two secrets.");
  }
  return property->second;
}

Result<std::optional<wire::glue::AuthenticationConfiguration>> FromInput(const std::optional<Authentication>& input) {
  if (!input) return std::optional<wire::glue::AuthenticationConfiguration>();
  if (input->basic_authentication_credentials || input->custom_authentication_credentials || input->o_auth_2_properties) {
    return Fail(ErrorCode::kUnsupported, "ConnectionInput.AuthenticationConfiguration with anything but SecretArn");
  }
  const std::string type = input->authentication_type.value_or("BASIC");
  if (type != "BASIC") {
    return Fail(ErrorCode::kUnsupported, fmt::format("ConnectionInput.AuthenticationConfiguration.AuthenticationType {}", type));
  }
  return std::optional(wire::glue::AuthenticationConfiguration{
      .authentication_type = type, .secret_arn = input->secret_arn, .kms_key_arn = input->kms_key_arn});
}

Result<Connection> FromInput(const gate::Call& call, const ConnectionInput& input) {
  TRY_ASSIGN(auto authentication, FromInput(input.authentication_configuration));
  for (const auto* properties : {&input.spark_properties, &input.athena_properties, &input.python_properties}) {
    for (const auto& [name, value] : properties->value_or(Properties())) {
      if (IsPassword(name)) return Fail(ErrorCode::kInvalidArgument, "Passwords belong into ConnectionProperties.");
    }
  }
  return Connection{.name = input.name,
                    .description = input.description,
                    .connection_type = input.connection_type,
                    .match_criteria = input.match_criteria,
                    .connection_properties = input.connection_properties.value_or(Properties()),
                    .spark_properties = input.spark_properties,
                    .athena_properties = input.athena_properties,
                    .python_properties = input.python_properties,
                    .physical_connection_requirements = input.physical_connection_requirements,
                    .creation_time = wire::Timestamp{call.now_ms()},
                    .last_updated_time = wire::Timestamp{call.now_ms()},
                    .last_updated_by = call.caller().arn,
                    .status = "READY",
                    .authentication_configuration = std::move(authentication),
                    .connection_schema_version = 1};
}

Result<DataCatalogEncryptionSettings> SettingsOf(store::Transaction& tx, const AccountId& account, const std::string& region) {
  TRY_ASSIGN(auto row,
             tx.Maybe("SELECT definition FROM catalog_encryption_settings WHERE account = ? AND region = ?", {account, region}));
  if (row) return wire::FromJson<DataCatalogEncryptionSettings>(row->Text(0));
  return DataCatalogEncryptionSettings{
      .encryption_at_rest = wire::glue::EncryptionAtRest{.catalog_encryption_mode = "DISABLED"},
      .connection_password_encryption = wire::glue::ConnectionPasswordEncryption{.return_connection_password_encrypted = false}};
}

std::string ContextOf(Id id) { return fmt::format("{} {}", kPasswordsContext, id); }

bool Fits(const Connection& connection, const std::optional<wire::glue::GetConnectionsFilter>& filter) {
  if (!filter) return true;
  if (filter->connection_type && filter->connection_type != connection.connection_type) return false;
  if (filter->connection_schema_version && filter->connection_schema_version != connection.connection_schema_version) return false;
  for (const std::string& criterion : filter->match_criteria.value_or(std::vector<std::string>())) {
    if (!Contains(connection.match_criteria.value_or(std::vector<std::string>()), criterion)) return false;
  }
  return true;
}

}  // namespace

std::string CreateConnection::Parameters() const { return Redacted(in); }
std::string UpdateConnection::Parameters() const { return Redacted(in); }
std::string TestConnection::Parameters() const {
  Wire::Input shown = in;
  if (shown.test_connection_input) {
    Redact(&shown.test_connection_input->connection_properties);
    Redact(&shown.test_connection_input->authentication_configuration);
  }
  return wire::ToRecord(shown);
}
std::string OpenConnection::Parameters() const { return wire::ToRecord(wire::glue::GetConnectionRequest{.name = name}); }

Result<std::vector<gate::Need>> CreateConnection::On(const gate::Context& context, store::Transaction&) const {
  const std::string name = in.connection_input->name.value_or("");
  TRY_ASSIGN(auto needs, NeedOnConnection("glue:CreateConnection", context, in.catalog_id, name));
  if (in.tags && !in.tags->empty()) {
    TRY_ASSIGN(auto tagging, NeedOnConnection("glue:TagResource", context, in.catalog_id, name));
    needs.push_back(tagging.back());
  }
  return needs;
}
Result<std::vector<gate::Need>> GetConnection::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnConnection("glue:GetConnection", context, in.catalog_id, *in.name);
}
Result<std::vector<gate::Need>> GetConnections::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnConnection("glue:GetConnections", context, in.catalog_id, "*");
}
Result<std::vector<gate::Need>> UpdateConnection::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnConnection("glue:UpdateConnection", context, in.catalog_id, *in.name);
}
Result<std::vector<gate::Need>> DeleteConnection::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnConnection("glue:DeleteConnection", context, in.catalog_id, *in.connection_name);
}
Result<std::vector<gate::Need>> BatchDeleteConnection::On(const gate::Context& context, store::Transaction&) const {
  TRY_ASSIGN(auto needs, NeedOnCatalog("glue:BatchDeleteConnection", context, in.catalog_id));
  for (const std::string& name : *in.connection_name_list) {
    TRY_ASSIGN(auto one, NeedOnConnection("glue:BatchDeleteConnection", context, in.catalog_id, name));
    needs.push_back(one.back());
  }
  return needs;
}
Result<std::vector<gate::Need>> TestConnection::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnConnection("glue:TestConnection", context, in.catalog_id, in.connection_name.value_or("*"));
}
Result<std::vector<gate::Need>> OpenConnection::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnConnection("glue:GetConnection", context, std::nullopt, name);
}
Result<std::vector<gate::Need>> GetDataCatalogEncryptionSettings::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCatalog("glue:GetDataCatalogEncryptionSettings", context, in.catalog_id);
}
Result<std::vector<gate::Need>> PutDataCatalogEncryptionSettings::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCatalog("glue:PutDataCatalogEncryptionSettings", context, in.catalog_id);
}

Result<Connections::Sealed> Connections::Seal(const gate::Call& call, const AccountId& account, Id id,
                                              Connection* connection) const {
  Properties passwords;
  std::erase_if(*connection->connection_properties, [&](const auto& property) {
    if (IsPassword(property.first)) passwords.insert(property);
    return IsPassword(property.first);
  });
  if (passwords.empty()) return Sealed{};
  TRY_ASSIGN(auto settings, SettingsOf(call.tx(), account, call.info().region));
  const auto& own = settings.connection_password_encryption;
  if (own && own->return_connection_password_encrypted.value_or(false)) {
    for (const auto& [name, password] : passwords) {
      TRY_ASSIGN((*connection->connection_properties)[std::string(kEncryptedPrefix) + name],
                 keys_.Encrypt(call, own->aws_kms_key_id.value_or(""), password));
    }
    return Sealed{};
  }
  crypto::Key key = crypto::Key::Draw(random_);
  Sealed sealed;
  TRY_ASSIGN(sealed.key_arn, keys_.Domain(call.tx(), account, call.info().region, call.now_ms()));
  TRY_ASSIGN(sealed.wrapped_key, keys_.Wrap(call.tx(), sealed.key_arn, key, ContextOf(id)));
  // The key is new and seals this once.
  const std::string nonce(crypto::kNonceBytes, '\0');
  sealed.passwords =
      Base64(crypto::Seal(key, nonce, ContextOf(id), wire::ToJson(ConnectionInput{.connection_properties = passwords})));
  return sealed;
}

Result<void> Connections::Unseal(store::Transaction& tx, Id id, const Sealed& sealed, Connection* connection) const {
  if (sealed.passwords.empty()) return {};
  TRY_ASSIGN(crypto::Key key, keys_.Unwrap(tx, sealed.key_arn, sealed.wrapped_key, ContextOf(id)));
  std::string bytes;
  if (!UnBase64(sealed.passwords, &bytes)) return Fail(ErrorCode::kInternal, "a connection's passwords are damaged");
  TRY_ASSIGN(std::string plain, crypto::Open(key, std::string(crypto::kNonceBytes, '\0'), ContextOf(id), bytes));
  TRY_ASSIGN(auto passwords, wire::FromJson<ConnectionInput>(plain));
  connection->connection_properties->insert(passwords.connection_properties->begin(), passwords.connection_properties->end());
  return {};
}

Result<Connection> Connections::Shown(store::Transaction& tx, const store::Row& row, bool hide) const {
  TRY_ASSIGN(Connection shown, wire::FromJson<Connection>(row.Text(1)));
  if (!shown.connection_properties) shown.connection_properties.emplace();
  if (hide) {
    std::erase_if(*shown.connection_properties, [](const auto& property) { return IsEncrypted(property.first); });
  } else {
    TRY(Unseal(tx, row.Int(0), {row.Text(2), row.Text(3), row.Text(4)}, &shown));
  }
  return shown;
}

Result<void> Connections::RequireSecret(const gate::Call& call, const AccountId& account, const Connection& connection) const {
  TRY_ASSIGN(std::string secret, SecretOf(connection.connection_properties, connection.authentication_configuration));
  if (secret.empty()) return {};
  TRY_ASSIGN(gate::Need need, warehouses_.NeedOnSecret(call, account, secret));
  if (need.owner != account) return Fail(ErrorCode::kInvalidArgument, "The secret must be of the connection's own account.");
  return call.Require(need);
}

Result<ConnectionLogin> Connections::LoginOf(store::Transaction& tx, const AccountId& account, const std::string& region,
                                             const std::string& name) const {
  TRY_ASSIGN(store::Row row, RowOfConnection(tx, account, region, name));
  TRY_ASSIGN(Connection connection, Shown(tx, row, false));
  ConnectionLogin login{.account = account, .region = region, .name = name, .type = connection.connection_type.value_or("")};
  TRY_ASSIGN(login.secret, SecretOf(connection.connection_properties, connection.authentication_configuration));
  login.properties = std::move(*connection.connection_properties);
  return login;
}

Result<OpenConnection::Answer> Connections::Do(const gate::Authorized<OpenConnection>& call) const {
  return LoginOf(call.tx(), call.caller().account, call.info().region, call->name);
}

Result<TestConnection::Answer> Connections::Do(const gate::Authorized<TestConnection>& call) const {
  const auto& in = call->in;
  if (in.connection_name.has_value() == in.test_connection_input.has_value()) {
    return Fail(ErrorCode::kInvalidArgument, "Give ConnectionName or TestConnectionInput.");
  }
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  ConnectionLogin login;
  if (in.connection_name) {
    TRY_ASSIGN(login, LoginOf(call.tx(), account, call.info().region, *in.connection_name));
  } else {
    const auto& input = *in.test_connection_input;
    TRY_ASSIGN(Connection tried, FromInput(call, {.connection_type = input.connection_type,
                                                  .connection_properties = input.connection_properties,
                                                  .authentication_configuration = input.authentication_configuration}));
    TRY(RequireSecret(call, account, tried));
    TRY_ASSIGN(login.secret, SecretOf(tried.connection_properties, tried.authentication_configuration));
    login.account = account;
    login.region = call.info().region;
    login.type = tried.connection_type.value_or("");
    login.properties = std::move(*tried.connection_properties);
  }
  TRY(warehouses_.Test(login));
  return TestConnection::Answer();
}

Result<CreateConnection::Answer> Connections::Do(const gate::Authorized<CreateConnection>& call) const {
  const ConnectionInput& input = *call->in.connection_input;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->in.catalog_id));
  const std::string name = input.name.value_or("");
  TRY(FoldName("ConnectionInput.Name", name));
  auto taken = RowOfConnection(call, call->in.catalog_id, name);
  if (taken) return Fail(ErrorCode::kAlreadyExists, "Connection already exists.");
  if (taken.error().code != ErrorCode::kNotFound) return std::unexpected(std::move(taken).error());
  TRY_ASSIGN(Connection connection, FromInput(call, input));
  TRY(RequireSecret(call, account, connection));
  TRY_ASSIGN(Id id, store::NewThing(call.tx(), "connection"));
  TRY_ASSIGN(Sealed sealed, Seal(call, account, id, &connection));
  TRY(call.tx().Execute(
      "INSERT INTO catalog_connections (id, account, region, name, definition, key_arn, wrapped_key, passwords) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {id, account, call.info().region, name, wire::ToJson(connection), sealed.key_arn, sealed.wrapped_key, sealed.passwords}));
  TRY(PutTags(call.tx(), id, call->in.tags.value_or(Properties())));
  return CreateConnection::Answer{.create_connection_status = "READY"};
}

Result<GetConnection::Answer> Connections::Do(const gate::Authorized<GetConnection>& call) const {
  TRY_ASSIGN(store::Row row, RowOfConnection(call, call->in.catalog_id, *call->in.name));
  TRY_ASSIGN(Connection shown, Shown(call.tx(), row, call->in.hide_password.value_or(false)));
  return GetConnection::Answer{.connection = std::move(shown)};
}

Result<GetConnections::Answer> Connections::Do(const gate::Authorized<GetConnections>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  const std::string list = fmt::format("GetConnections/{}/{}/{}", call.caller().unique_id, call.info().region, account);
  TRY_ASSIGN(std::string after, pages_.Cursor(list, in.next_token));
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT id, definition, key_arn, wrapped_key, passwords FROM catalog_connections WHERE "
                                        "account = ? AND region = ? AND name > ? ORDER BY name",
                                        {account, call.info().region, after}));
  GetConnections::Answer answer{.connection_list = std::vector<Connection>()};
  const std::size_t page = PageSize(in.max_results, kPageMax);
  for (const store::Row& row : rows) {
    if (answer.connection_list->size() == page) {
      answer.next_token = pages_.Next(list, *answer.connection_list->back().name);
      break;
    }
    TRY_ASSIGN(Connection shown, Shown(call.tx(), row, in.hide_password.value_or(false)));
    if (Fits(shown, in.filter)) answer.connection_list->push_back(std::move(shown));
  }
  return answer;
}

Result<UpdateConnection::Answer> Connections::Do(const gate::Authorized<UpdateConnection>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  TRY_ASSIGN(store::Row row, RowOfConnection(call, in.catalog_id, *in.name));
  if (in.connection_input->name != in.name) return Fail(ErrorCode::kInvalidArgument, "A connection cannot be renamed.");
  TRY_ASSIGN(Connection before, wire::FromJson<Connection>(row.Text(1)));
  TRY_ASSIGN(Connection next, FromInput(call, *in.connection_input));
  TRY(RequireSecret(call, account, next));
  next.creation_time = before.creation_time;
  TRY_ASSIGN(Sealed sealed, Seal(call, account, row.Int(0), &next));
  TRY(call.tx().Execute("UPDATE catalog_connections SET definition = ?, key_arn = ?, wrapped_key = ?, passwords = ? WHERE id = ?",
                        {wire::ToJson(next), sealed.key_arn, sealed.wrapped_key, sealed.passwords, row.Int(0)}));
  return UpdateConnection::Answer();
}

Result<DeleteConnection::Answer> Connections::Do(const gate::Authorized<DeleteConnection>& call) const {
  TRY_ASSIGN(store::Row row, RowOfConnection(call, call->in.catalog_id, *call->in.connection_name));
  TRY(store::DeleteThing(call.tx(), row.Int(0)));
  return DeleteConnection::Answer();
}

Result<BatchDeleteConnection::Answer> Connections::Do(const gate::Authorized<BatchDeleteConnection>& call) const {
  BatchDeleteConnection::Answer answer{.succeeded = std::vector<std::string>(),
                                       .errors = std::map<std::string, wire::glue::ErrorDetail>()};
  for (const std::string& name : *call->in.connection_name_list) {
    auto row = RowOfConnection(call, call->in.catalog_id, name);
    if (row) {
      TRY(store::DeleteThing(call.tx(), row->Int(0)));
      answer.succeeded->push_back(name);
    } else if (row.error().code == ErrorCode::kNotFound) {
      answer.errors->emplace(name, ErrorDetailOf(row.error()));
    } else {
      return std::unexpected(std::move(row).error());
    }
  }
  return answer;
}

Result<GetDataCatalogEncryptionSettings::Answer> Connections::Do(
    const gate::Authorized<GetDataCatalogEncryptionSettings>& call) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->in.catalog_id));
  TRY_ASSIGN(auto settings, SettingsOf(call.tx(), account, call.info().region));
  return GetDataCatalogEncryptionSettings::Answer{.data_catalog_encryption_settings = std::move(settings)};
}

Result<PutDataCatalogEncryptionSettings::Answer> Connections::Do(
    const gate::Authorized<PutDataCatalogEncryptionSettings>& call) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->in.catalog_id));
  TRY_ASSIGN(auto settings, SettingsOf(call.tx(), account, call.info().region));
  const DataCatalogEncryptionSettings& asked = *call->in.data_catalog_encryption_settings;
  if (asked.encryption_at_rest) settings.encryption_at_rest = asked.encryption_at_rest;
  if (asked.connection_password_encryption) settings.connection_password_encryption = asked.connection_password_encryption;
  const auto& own = settings.connection_password_encryption;
  if (own->return_connection_password_encrypted.value_or(false) && own->aws_kms_key_id.value_or("").empty()) {
    return Fail(ErrorCode::kInvalidArgument, "ConnectionPasswordEncryption.AwsKmsKeyId is missing.");
  }
  TRY(
      call.tx().Execute("INSERT INTO catalog_encryption_settings (account, region, definition) VALUES (?, ?, ?) ON CONFLICT "
                        "(account, region) DO UPDATE SET definition = excluded.definition",
                        {account, call.info().region, wire::ToJson(settings)}));
  return PutDataCatalogEncryptionSettings::Answer();
}

}  // namespace hanse::catalog
