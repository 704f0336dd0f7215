#pragma once
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gate/gate.h"

namespace hanse::gate {

// What one request has gathered on its way through the gate. Private to gate/.
struct Call::State {
  std::optional<policy::Facts> facts;  // Read once a transaction.
  bool facts_ask_context = false;
  bool asked_context = false;  // Whether anything that decided the last need reads condition keys.
  // Those of one need: the request's, the need's own and the resource's. Most needs of a request differ in the resource alone. Put
  // together only where a document reads one.
  policy::Context keys;
  std::optional<AccountId> keys_owner;  // Whose resources `keys` are good for; nothing where they are one need's alone.
  const policy::Context& KeysOf(const RequestInfo& info, const Need& need, const AccountId& owner);
  std::vector<std::string> reasons;
  std::vector<std::pair<std::string, std::string>> resources;
  std::string additional = "null";
  std::vector<audit::Event> more_events;
  std::vector<std::function<void()>> after_commit;
};

// The operation's record: everything but its outcome.
audit::Event NewEvent(const Rule& rule, const Context& context, Random& random);
// errorCode as the journal writes it where the service has no name of its own for the case.
std::string ErrorName(const Error& error);
// AWS's text for a refusal.
Error Denial(const Caller& caller, const Need& need, const policy::Decision& decision);

}  // namespace hanse::gate
