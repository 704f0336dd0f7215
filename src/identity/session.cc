#include "identity/session.h"

#include <boost/json.hpp>

#include "crypto/sealed.h"

namespace hanse::identity {
namespace {

namespace json = boost::json;

constexpr std::string_view kPurpose = "session";

json::array ToArray(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& one : texts) array.emplace_back(one);
  return array;
}

std::string Text(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::int64_t Number(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

std::vector<std::string> Texts(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  if (found == nullptr || !found->is_array()) return texts;
  for (const json::value& one : found->get_array()) {
    if (one.is_string()) texts.emplace_back(one.get_string());
  }
  return texts;
}

json::object SamlObject(const SamlUser& user) {
  json::object object;
  object["provider"] = user.provider;
  object["id"] = user.provider_id;
  object["subject"] = user.subject;
  object["type"] = user.subject_type;
  object["qualifier"] = user.name_qualifier;
  if (!user.user.empty()) object["user"] = user.user;
  if (!user.groups.empty()) object["groups"] = ToArray(user.groups);
  return object;
}

SamlUser SamlFrom(const json::object& object) {
  return {.provider = Number(object, "provider"),
          .provider_id = Text(object, "id"),
          .subject = Text(object, "subject"),
          .subject_type = Text(object, "type"),
          .name_qualifier = Text(object, "qualifier"),
          .user = Text(object, "user"),
          .groups = Texts(object, "groups")};
}

json::object ToObject(const Session& session) {
  json::object object;
  object["kind"] = static_cast<int>(session.kind);
  object["key"] = session.access_key;
  object["secret"] = session.secret;
  object["account"] = session.account;
  object["principal"] = session.principal;
  object["id"] = session.unique_id;
  object["name"] = session.name;
  object["issued"] = session.issued_ms;
  object["expires"] = session.expires_ms;
  if (!session.source_identity.empty()) object["source"] = session.source_identity;
  if (!session.tags.empty()) {
    json::object tags;
    for (const auto& [name, value] : session.tags) tags[name] = value;
    object["tags"] = std::move(tags);
  }
  if (!session.transitive_tag_keys.empty()) object["transitive"] = ToArray(session.transitive_tag_keys);
  if (!session.policies.empty()) object["policies"] = ToArray(session.policies);
  if (session.reader) {
    object["reader"] = ToObject(*session.reader);
    object["grounds"] = session.grounds;
  }
  if (session.saml) object["saml"] = SamlObject(*session.saml);
  return object;
}

Session FromObject(const json::object& object) {
  Session session;
  session.kind = static_cast<SessionKind>(Number(object, "kind"));
  session.access_key = Text(object, "key");
  session.secret = Text(object, "secret");
  session.account = Text(object, "account");
  session.principal = Number(object, "principal");
  session.unique_id = Text(object, "id");
  session.name = Text(object, "name");
  session.issued_ms = Number(object, "issued");
  session.expires_ms = Number(object, "expires");
  session.source_identity = Text(object, "source");
  if (const json::value* tags = object.if_contains("tags"); tags != nullptr && tags->is_object()) {
    for (const auto& [name, one] : tags->get_object()) {
      if (one.is_string()) session.tags[std::string(name)] = std::string(one.get_string());
    }
  }
  session.transitive_tag_keys = Texts(object, "transitive");
  session.policies = Texts(object, "policies");
  if (const json::value* reader = object.if_contains("reader"); reader != nullptr && reader->is_object()) {
    session.reader = std::make_shared<const Session>(FromObject(reader->get_object()));
    session.grounds = Text(object, "grounds");
  }
  if (const json::value* saml = object.if_contains("saml"); saml != nullptr && saml->is_object()) {
    session.saml = std::make_shared<const SamlUser>(SamlFrom(saml->get_object()));
  }
  return session;
}

}  // namespace

std::string SealSession(const crypto::Key& key, Random& random, const Session& session) {
  return crypto::SealToken(key, random, kPurpose, json::serialize(ToObject(session)));
}

Result<Session> OpenSession(const crypto::Key& key, std::string_view token) {
  auto opened = crypto::OpenToken(key, kPurpose, token);
  if (!opened) return InvalidToken();
  json::error_code error;
  json::value value = json::parse(*opened, error);
  if (error || !value.is_object()) return InvalidToken();
  return FromObject(value.get_object());
}

std::unexpected<Error> InvalidToken() {
  return FailAs(ErrorCode::kUnauthenticated, "InvalidClientTokenId", "The security token included in the request is invalid.");
}

}  // namespace hanse::identity
