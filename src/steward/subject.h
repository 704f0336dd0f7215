#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gate/sources.h"
#include "store/directory.h"

namespace hanse::steward {

// Somebody who is asked about: a user, or a role as any of its sessions is (without session policies and session tags).
struct Subject {
  store::Principal principal;
  Caller caller;
  std::vector<std::string> groups;  // ARNs.
  bool active = true;               // Its account is; else it may do nothing.
};

// kNotFound where there is no user or role of that ARN. A session's ARN (assumed-role/NAME/…) is read as its role's.
Result<Subject> FindSubject(store::Transaction& tx, gate::PolicySource& policies, std::string_view arn);
Result<Subject> SubjectOf(store::Transaction& tx, gate::PolicySource& policies, store::Principal principal);

// Users and roles after `after` in the order of ids; empty `account`: of all accounts.
Result<std::vector<store::Principal>> ListSubjects(store::Transaction& tx, std::string_view account, Id after, std::int64_t limit);

// THE SECURITY RULE of this folder. Whether a caller may ask about everything of an account, once IAM allows it the operation: its
// own account; for the organisation's management account and for delegated administrators of "hanse.amazonaws.com" or
// "lakeformation.amazonaws.com" every account of the organisation.
Result<bool> Oversees(store::Transaction& tx, const Caller& caller, std::string_view account);

}  // namespace hanse::steward
