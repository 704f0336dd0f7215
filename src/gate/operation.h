#pragma once
#include <concepts>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/caller.h"
#include "store/store.h"

// What an operation tells the gate of itself.
namespace hanse::gate {

enum class Record {
  kRead,        // A read transaction; written to the journal before the answer. Denials are synced.
  kWrite,       // The one write transaction; the outcome's record commits with the change.
  kUpload,      // Two steps: Receive() streams bytes with no transaction open, then as kWrite. Decided before each.
  kDataAccess,  // As kRead, but the record is synced before the answer.
};

// What an operation is called in policies and in the journal.
struct Rule {
  std::string_view service;  // "glue"
  std::string_view name;     // "GetTable"
  Record record = Record::kRead;
  std::string_view event_category = "Management";
};

// One thing that the caller must be allowed. All needs of an operation must be.
struct Need {
  std::string action;    // "glue:GetTable"
  std::string resource;  // The ARN; "*" where the action has none.
  AccountId owner;       // The account of the resource; empty: the caller's. Another one needs the resource's policy to agree.
  std::map<std::string, std::vector<std::string>> context = {};  // Further condition keys for this need alone, lower case.
  std::string shown = {};  // What a refusal calls the resource, where its ARN is not for everybody to know.
};

// A request on its way: who, and what the request says. A value.
struct Context {
  Caller caller;
  RequestInfo info;
};

// An operation is a struct: `struct GetTable { static constexpr gate::Rule kRule{…}; using Wire = wire::glue::op::GetTable;
// using Answer = Wire::Output; Wire::Input in; Result<std::vector<Need>> On(const Context&, store::Transaction&) const; };`
// On() lists what the caller needs; it may read the store to find the owner of a thing. An operation without Wire (inside the
// server) has a Parameters() that gives the journal its requestParameters. On() must give at least one need, except where
// every caller may (gate.cc lists them: GetCallerIdentity …).
template <class T>
concept Operation = requires(const T op, const Context& context, store::Transaction& tx) {
  { T::kRule } -> std::convertible_to<Rule>;
  typename T::Answer;
  { op.On(context, tx) } -> std::same_as<Result<std::vector<Need>>>;
};

template <Operation... Ops>
struct List {
  static constexpr Rule kRules[] = {Ops::kRule...};
};

}  // namespace hanse::gate
