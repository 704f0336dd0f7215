#pragma once
#include <string>
#include <vector>

#include "model/caller.h"
#include "policy/condition.h"
#include "policy/document.h"
#include "policy/pattern.h"

// One statement of a document, compiled. For policy/ alone; others ask Decide().
namespace hanse::policy {

enum class Sense { kListed, kAllBut };  // Action or NotAction, …

// Who a statement of a resource or trust policy names.
struct NamedPrincipal {
  enum class Kind {
    kEveryone,  // "*"
    kAccount,   // Twelve digits, or the ARN of an account's root.
    kArn,       // A user, role or session by ARN.
    kUniqueId,  // AIDA…, AROA…, AROA…:SESSION: what a kept document has in place of an ARN (principals.h).
    kService,
    kFederated,  // A SAML provider by its unique id (principals.h); others are kept and name nobody.
    kCanonicalUser,
  };
  Kind kind = Kind::kEveryone;
  std::string value;
};

// How closely a statement names a caller. What it gives to the very user or session is not held by boundaries and sessions.
enum class Closeness { kNone, kAccount, kEveryone, kRole, kCaller };

struct Statement {
  std::string sid;
  std::string label;  // For reasons: the Sid, or "#1".
  Effect effect = Effect::kDeny;
  Sense principal_sense = Sense::kListed;
  std::vector<NamedPrincipal> principals;  // Resource and trust policies alone.
  Sense action_sense = Sense::kListed;
  std::vector<Pattern> actions;
  Sense resource_sense = Sense::kListed;
  std::vector<ArnPattern> resources;  // None in trust policies.
  std::vector<Condition> conditions;

  bool CoversAction(std::string_view action) const;
  bool CoversResource(std::string_view resource, const Context& context) const;
  bool ConditionsHold(const Context& context) const;
  // Whether action, resource and conditions apply; principals apart.
  bool Applies(std::string_view action, std::string_view resource, const Context& context) const {
    return CoversAction(action) && CoversResource(resource, context) && ConditionsHold(context);
  }
  Closeness Names(const Caller& caller) const;
};

// Reads one element of a Principal; nothing where it is no principal ("zoe", "arn:…:role/*").
std::optional<NamedPrincipal> ParsePrincipal(std::string_view type, std::string_view value);

// AIDA… or AROA… and what follows; with ":SESSION" or without.
bool LooksLikeUniqueId(std::string_view text);

}  // namespace hanse::policy
