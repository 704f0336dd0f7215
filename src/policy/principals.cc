#include "policy/principals.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "model/arn.h"
#include "policy/statement.h"

namespace hanse::policy {
namespace {

namespace json = boost::json;

enum class Missing { kRefused, kKept };

constexpr std::string_view kSession = "assumed-role/";

// A session is its role and a name of its own. A lookup may know roles alone: then the role is asked for, and the name goes along.
Result<std::optional<std::string>> LookUp(std::string_view text, const PrincipalLookup& lookup) {
  TRY_ASSIGN(std::optional<std::string> found, lookup(text));
  if (found) return found;
  if (LooksLikeUniqueId(text)) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return found;
    TRY_ASSIGN(std::optional<std::string> role, lookup(text.substr(0, colon)));
    std::optional<Arn> arn = role ? ParseArn(*role) : std::nullopt;
    if (!arn) return std::nullopt;
    return std::optional(AssumedRoleArn(arn->account, arn->resource.substr(arn->resource.rfind('/') + 1), text.substr(colon + 1)));
  }
  std::optional<Arn> arn = ParseArn(text);
  if (!arn || arn->service != "sts" || !arn->resource.starts_with(kSession)) return found;
  const std::string_view rest = std::string_view(arn->resource).substr(kSession.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return found;
  TRY_ASSIGN(std::optional<std::string> role, lookup(RoleArn(arn->account, "/", rest.substr(0, slash))));
  if (!role) return std::nullopt;
  return std::optional(*role + ":" + std::string(rest.substr(slash + 1)));
}

// Whether an element of that type is one to look up.
bool IsWanted(const char* type, std::string_view text, NamedPrincipal::Kind wanted) {
  if (std::string_view(type) == "AWS") {
    std::optional<NamedPrincipal> named = ParsePrincipal("AWS", text);
    return named && named->kind == wanted;
  }
  if (wanted == NamedPrincipal::Kind::kUniqueId) return text.starts_with(kSamlProviderIdPrefix);
  std::optional<Arn> arn = ParseArn(text);
  return arn && arn->service == "iam" && arn->resource.starts_with("saml-provider/");
}

Result<void> Replace(json::value& principal, const char* type, const PrincipalLookup& lookup, NamedPrincipal::Kind wanted,
                     Missing missing) {
  if (!principal.is_string()) return {};
  std::string_view text(principal.get_string().data(), principal.get_string().size());
  if (!IsWanted(type, text, wanted)) return {};
  TRY_ASSIGN(std::optional<std::string> other, LookUp(text, lookup));
  if (other) {
    principal = json::string(json::string_view(other->data(), other->size()));
  } else if (missing == Missing::kRefused) {
    return FailAs(ErrorCode::kInvalidArgument, "MalformedPolicyDocument",
                  fmt::format("Invalid principal in policy: \"{}\":\"{}\"", type, text));
  }
  return {};
}

Result<std::string> Rewrite(std::string_view document, const PrincipalLookup& lookup, NamedPrincipal::Kind wanted,
                            Missing missing) {
  json::error_code error;
  json::value whole = json::parse(json::string_view(document.data(), document.size()), error);
  if (error || !whole.is_object()) {
    return FailAs(ErrorCode::kInvalidArgument, "MalformedPolicyDocument", "This policy contains invalid Json");
  }
  auto in_statement = [&](json::value& statement) -> Result<void> {
    if (!statement.is_object()) return {};
    for (const char* member : {"Principal", "NotPrincipal"}) {
      json::value* principals = statement.get_object().if_contains(member);
      if (principals == nullptr || !principals->is_object()) continue;
      for (const char* type : {"AWS", "Federated"}) {
        json::value* named = principals->get_object().if_contains(type);
        if (named == nullptr) continue;
        if (named->is_array()) {
          for (json::value& one : named->get_array()) TRY(Replace(one, type, lookup, wanted, missing));
        } else {
          TRY(Replace(*named, type, lookup, wanted, missing));
        }
      }
    }
    return {};
  };
  if (json::value* statements = whole.get_object().if_contains("Statement")) {
    if (statements->is_array()) {
      for (json::value& one : statements->get_array()) TRY(in_statement(one));
    } else {
      TRY(in_statement(*statements));
    }
  }
  return json::serialize(whole);
}

}  // namespace

Result<std::string> BindPrincipals(std::string_view document, const PrincipalLookup& id_of) {
  return Rewrite(document, id_of, NamedPrincipal::Kind::kArn, Missing::kRefused);
}

Result<std::string> ShowPrincipals(std::string_view document, const PrincipalLookup& arn_of) {
  return Rewrite(document, arn_of, NamedPrincipal::Kind::kUniqueId, Missing::kKept);
}

}  // namespace hanse::policy
