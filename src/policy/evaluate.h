#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/caller.h"
#include "policy/context.h"
#include "policy/document.h"

// The IAM family's decision. Source: IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic".
//
//   1 a Deny in any document that applies ends it
//   2 every level of service control policies over the caller's account must allow
//   3 in the owner's own account: its resource policy or the caller's identity policies must allow
//     across accounts:            both must
//   4 boundary and session policies only take away. In one account they do not hold what a resource policy gives to the very user
//     or session that it names; what it gives to a role, an account or everybody they do hold.
//   5 nothing said is no
//
// Pure: no I/O, no clock, no state. What it is told is all there is; whoever gathers Facts must fail where it cannot know.
namespace hanse::policy {

// Where in the order above a document stands.
enum class Layer { kServiceControl, kResource, kIdentity, kBoundary, kSession, kAccountRoot, kNone };

// A document and what reasons call it: a policy's ARN, "inline:NAME", "p-FullAWSAccess".
struct NamedDocument {
  std::string id;
  DocumentPtr document;
};

// All that is known of the caller. Gathered by a gate::PolicySource for each request.
struct Facts {
  Caller caller;
  std::vector<NamedDocument> identity;  // Inline, attached and of the groups.
  std::optional<NamedDocument> boundary;
  std::optional<std::vector<NamedDocument>> session;        // United; present and empty: nothing is left.
  std::vector<std::vector<NamedDocument>> service_control;  // One list a level, root to account; none: the account is not held.
};

// Whether a document, or any document behind the caller, reads a condition key or variable.
bool AsksContext(const NamedDocument& one);
bool AsksContext(const Facts& facts);

// How a resource's policy counts in its own account.
enum class Delegation {
  kEither,    // It or the caller's own policies (S3, Secrets Manager, Glue, …).
  kResource,  // Nothing without it; where it names the account, the caller's own policies decide (KMS keys, trust of roles).
};

// What is asked. The context holds the global keys and the operation's; see context.h. Views stay the asker's.
struct Question {
  std::string_view action;    // "s3:GetObject"
  std::string_view resource;  // An ARN, or "*" where the action knows no resource.
  const Context& context;
  std::string_view owner = {};  // The account of the resource; empty: the caller's own.
  const NamedDocument* resource_policy = nullptr;
  Delegation delegation = Delegation::kEither;
  // Across accounts: the owner's side is open by something other than a resource policy (a share of Lake Formation). The caller's
  // side must allow all the same, and a Deny of the resource policy still counts.
  bool shared_by_owner = false;
};

// The statement that decided.
struct Reason {
  Layer layer = Layer::kNone;
  std::string policy;
  std::string statement;  // Its Sid, or "#2".
  Effect effect = Effect::kDeny;
};

class Decision;
Decision Decide(const Facts& facts, const Question& question);

// An answer and why. Only Decide() can allow.
class [[nodiscard]] Decision {
 public:
  // A refusal that needs no policies: what is asked for is not known, or whoever asks is not.
  static Decision Refused(std::string why);

  bool allowed() const { return allowed_; }
  bool explicit_deny() const { return explicit_deny_; }
  // What allowed it, or the Deny; for an implicit denial the layers that stayed silent, with no statement.
  const std::vector<Reason>& reasons() const { return reasons_; }
  // "identity policy inline:reader allows by statement #1", for explain and the journal.
  std::string Text() const;

 private:
  friend Decision Decide(const Facts& facts, const Question& question);
  Decision() = default;

  bool allowed_ = false;
  bool explicit_deny_ = false;
  std::vector<Reason> reasons_;
};

std::string_view Name(Layer layer);

}  // namespace hanse::policy
