#include "policy/statement_reader.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"

namespace hanse::policy {
namespace {

namespace json = boost::json;

std::unexpected<Error> Wrong(std::string why) { return Fail(ErrorCode::kInvalidArgument, std::move(why)); }

std::string_view View(const json::string& text) { return {text.data(), text.size()}; }
std::string_view View(json::string_view text) { return {text.data(), text.size()}; }

bool HasPrincipals(DocumentKind kind) { return kind == DocumentKind::kResource || kind == DocumentKind::kTrust; }

// A text, or a list of at least one.
Result<std::vector<std::string>> Texts(const json::value& value, std::string_view member) {
  std::vector<std::string> texts;
  if (value.is_string()) return std::vector<std::string>{std::string(View(value.get_string()))};
  if (!value.is_array() || value.get_array().empty()) return Wrong(fmt::format("{} must be text or a list of texts.", member));
  for (const json::value& one : value.get_array()) {
    if (!one.is_string()) return Wrong(fmt::format("{} must be text or a list of texts.", member));
    texts.emplace_back(View(one.get_string()));
  }
  return texts;
}

// Texts, numbers and truth values, as conditions take them.
Result<std::vector<std::string>> Scalars(const json::value& value, std::string_view member) {
  auto scalar = [](const json::value& one) -> std::optional<std::string> {
    if (one.is_string()) return std::string(View(one.get_string()));
    if (one.is_bool()) return one.get_bool() ? "true" : "false";
    if (one.is_int64() || one.is_uint64()) return json::serialize(one);
    if (one.is_double()) return fmt::format("{}", one.get_double());
    return std::nullopt;
  };
  std::vector<std::string> texts;
  if (const json::array* list = value.if_array()) {
    for (const json::value& one : *list) {
      auto text = scalar(one);
      if (!text) return Wrong(fmt::format("{} takes texts, numbers and truth values.", member));
      texts.push_back(std::move(*text));
    }
    return texts;
  }
  auto text = scalar(value);
  if (!text) return Wrong(fmt::format("{} takes texts, numbers and truth values.", member));
  texts.push_back(std::move(*text));
  return texts;
}

Result<void> ReadActions(const json::value& value, std::string_view member, DocumentKind kind, Statement* into) {
  TRY_ASSIGN(std::vector<std::string> texts, Texts(value, member));
  for (const std::string& text : texts) {
    std::size_t colon = text.find(':');
    auto spells = [](std::string_view part) {
      for (char c : part) {
        const bool fits =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '*' || c == '?';
        if (!fits) return false;
      }
      return !part.empty();
    };
    if (text != "*") {
      if (colon == std::string::npos || !spells(text.substr(0, colon)) || !spells(std::string_view(text).substr(colon + 1))) {
        return Wrong(fmt::format("{}: Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", member));
      }
      if (kind == DocumentKind::kTrust && Lower(text.substr(0, colon)) != "sts") {
        return Wrong("AssumeRole policy may only specify STS AssumeRole actions.");
      }
    } else if (kind == DocumentKind::kTrust) {
      return Wrong("AssumeRole policy may only specify STS AssumeRole actions.");
    }
    PatternSyntax syntax{.variables = PatternSyntax::Variables::kText, .letters = PatternSyntax::Case::kFolded};
    TRY_ASSIGN(Pattern pattern, Pattern::Compile(text, syntax));
    into->actions.push_back(std::move(pattern));
  }
  return {};
}

Result<void> ReadResources(const json::value& value, std::string_view member, PatternSyntax::Variables variables, Statement* into) {
  TRY_ASSIGN(std::vector<std::string> texts, Texts(value, member));
  for (const std::string& text : texts) {
    TRY_ASSIGN(ArnPattern pattern, ArnPattern::Compile(text, variables, ArnPattern::Shape::kArnOrAny));
    into->resources.push_back(std::move(pattern));
  }
  return {};
}

Result<void> ReadPrincipals(const json::value& value, std::string_view member, Statement* into) {
  if (value.is_string()) {
    if (value != "*") return Wrong(fmt::format("Invalid principal in policy: {} is \"*\" or an object.", member));
    into->principals.push_back({NamedPrincipal::Kind::kEveryone, "*"});
    return {};
  }
  if (!value.is_object() || value.get_object().empty()) return Wrong(fmt::format("{} is \"*\" or an object.", member));
  for (const auto& [type, listed] : value.get_object()) {
    TRY_ASSIGN(std::vector<std::string> texts, Texts(listed, member));
    for (const std::string& text : texts) {
      std::optional<NamedPrincipal> named = ParsePrincipal(View(type), text);
      if (!named) return Wrong(fmt::format("Invalid principal in policy: \"{}\":\"{}\"", View(type), text));
      into->principals.push_back(std::move(*named));
    }
  }
  return {};
}

Result<void> ReadConditions(const json::value& value, PatternSyntax::Variables variables, Statement* into) {
  if (!value.is_object()) return Wrong("Condition must be an object.");
  for (const auto& [name, keys] : value.get_object()) {
    std::optional<Operator> op = ParseOperator(View(name));
    if (!op) return Wrong(fmt::format("Invalid Condition type : {}.", View(name)));
    if (!keys.is_object()) return Wrong(fmt::format("Condition.{} must be an object of condition keys.", View(name)));
    for (const auto& [key, values] : keys.get_object()) {
      if (View(key).find(':') == std::string_view::npos) {
        return Wrong(fmt::format("Condition key {} must be prefaced by a vendor.", View(key)));
      }
      TRY_ASSIGN(std::vector<std::string> texts, Scalars(values, fmt::format("Condition.{}.{}", View(name), View(key))));
      TRY_ASSIGN(Condition condition, Condition::Make(*op, View(key), texts, variables));
      into->conditions.push_back(std::move(condition));
    }
  }
  return {};
}

Result<void> ReadSid(const json::value& value, DocumentKind kind, Statement* into) {
  if (!value.is_string()) return Wrong("Sid must be text.");
  into->sid = View(value.get_string());
  if (kind == DocumentKind::kResource) return {};  // Keys and buckets take any text.
  for (char c : into->sid) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) {
      return Wrong(
          "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*");
    }
  }
  return {};
}

// Which of "X" and "NotX" was there; both, or another where one is needed, is an error.
struct Pair {
  std::string_view plain, negated;
  int seen = 0;
  Result<void> Check(bool wanted) const {
    if (seen > 1) return Wrong(fmt::format("{} and {} cannot stand together.", plain, negated));
    if (wanted && seen == 0) return Wrong(fmt::format("it must have {} or {}.", plain, negated));
    if (!wanted && seen > 0) return Wrong(fmt::format("Policy document should not specify a {}.", Lower(plain)));
    return {};
  }
};

Result<void> ReadEffect(const json::value& value, Statement* into) {
  if (value == "Allow")
    into->effect = Effect::kAllow;
  else if (value == "Deny")
    into->effect = Effect::kDeny;
  else
    return Wrong("Effect must be Allow or Deny.");
  return {};
}

}  // namespace

Result<Statement> ReadStatement(const json::value& value, DocumentKind kind, PatternSyntax::Variables variables,
                                std::size_t index) {
  if (!value.is_object()) return Wrong("it must be an object.");
  Statement made;
  bool has_effect = false;
  Pair principal{"Principal", "NotPrincipal"}, action{"Action", "NotAction"}, resource{"Resource", "NotResource"};
  auto sense = [](std::string_view name, Pair& pair) {
    ++pair.seen;
    return name == pair.plain ? Sense::kListed : Sense::kAllBut;
  };
  for (const auto& [key, member] : value.get_object()) {
    std::string_view name = View(key);
    if (name == "Sid") {
      TRY(ReadSid(member, kind, &made));
    } else if (name == "Effect") {
      TRY(ReadEffect(member, &made));
      has_effect = true;
    } else if (name == principal.plain || name == principal.negated) {
      made.principal_sense = sense(name, principal);
      TRY(ReadPrincipals(member, name, &made));
    } else if (name == action.plain || name == action.negated) {
      made.action_sense = sense(name, action);
      TRY(ReadActions(member, name, kind, &made));
    } else if (name == resource.plain || name == resource.negated) {
      made.resource_sense = sense(name, resource);
      TRY(ReadResources(member, name, variables, &made));
    } else if (name == "Condition") {
      TRY(ReadConditions(member, variables, &made));
    } else {
      return Wrong(fmt::format("unknown element {}.", name));
    }
  }
  if (!has_effect) return Wrong("Effect is missing.");
  TRY(principal.Check(HasPrincipals(kind)));
  TRY(action.Check(true));
  TRY(resource.Check(kind != DocumentKind::kTrust));
  made.label = made.sid.empty() ? fmt::format("#{}", index + 1) : made.sid;
  return made;
}

}  // namespace hanse::policy
