#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace hanse {

using AccountId = std::string;  // Twelve digits.
using Id = std::int64_t;        // Of a thing in the store; never reused, so what hangs on it cannot reach a namesake.

struct SamlUser;
struct Vended;

enum class CallerKind { kAnonymous, kRoot, kUser, kSession, kService, kSamlUser };

// Who asks: what sign-in proved, and nothing that was merely claimed. A value; made by identity/ for requests from outside and by
// the server for its own work (CallerKind::kService, or a role that a service assumes).
struct Caller {
  CallerKind kind = CallerKind::kAnonymous;
  AccountId account;
  std::string arn;            // As GetCallerIdentity prints it: …:user/ana, or …:assumed-role/analyst/session.
  std::string principal_arn;  // The user or role behind it (arn:aws:iam::…), which policies and grants name.
  std::string unique_id;      // AIDA…, AROA…:session, or the account of a root.
  Id principal = 0;           // Row of the user or role; grants and memberships hang on it. 0: none (root, service, anonymous).
  std::string name;           // User name, role name, or the service ("athena.amazonaws.com").
  std::string access_key;

  // Of sessions only.
  std::string session_name;
  std::string source_identity;
  TimeMs session_issued_ms = 0;
  std::map<std::string, std::string> session_tags;
  std::vector<std::string> session_policies;  // Documents that narrow the session.
  std::vector<std::string> transitive_tag_keys;

  std::map<std::string, std::string> principal_tags;  // Tags of the user or role, overlaid by session tags.
  std::string organization;                           // o-…; empty where the account is in none.
  std::vector<std::string> organization_path;         // r-…, ou-…, from the root down to the account's unit.
  std::string invoked_by;                             // The service that acts for the caller ("athena.amazonaws.com"), if any.
  std::shared_ptr<const Vended> vended;               // Of a session whose credentials were vended for data.
  std::shared_ptr<const SamlUser> saml;               // Of a kSamlUser, and of sessions that began with an assertion.
};

// Whom a SAML assertion proved: somebody that an account's identity provider vouches for. As a caller (kSamlUser) it can take on
// roles that trust the provider, and nothing else; there unique_id and the ARNs are the provider's, and principal is none.
struct SamlUser {
  Id provider = 0;  // Row of the provider; grants to its users and groups hang on it, never on its name.
  std::string provider_id, provider_arn;
  std::string issuer, subject, subject_type, audience;
  std::string name_qualifier;  // Of issuer, account and provider: one text for one provider's users.
  // Of a session that Lake Formation decorated: whom grants name beside the role. Empty in all others.
  std::string user;
  std::vector<std::string> groups;
};

// Whose reading vended credentials serve, and on what grounds they were given. They stand as long as the grounds do: the gate asks
// at every use.
struct Vended {
  Caller reader;        // As it is now.
  std::string grounds;  // catalog/'s own JSON.
};

// What a request says besides who asks: the source of the global condition keys. A value.
struct RequestInfo {
  std::string id;         // The request's id in answers and in the journal (UUID).
  std::string service;    // "glue"; as in the signature's scope.
  std::string operation;  // "GetTable".
  std::string region;
  std::string source_ip;
  std::string user_agent;
  bool secure_transport = false;
  TimeMs now_ms = 0;
  std::map<std::string, std::vector<std::string>> context;  // Further condition keys of the operation, keys in lower case.
};

}  // namespace hanse
