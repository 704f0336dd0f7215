#pragma once
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "doors/aws/signing_keys.h"
#include "doors/aws/sigv4_verifier.h"
#include "doors/http/message.h"
#include "gate/gate.h"
#include "wire/request.h"
#include "wire/route.h"
#include "wire/shape.h"
#include "wire/write.h"

namespace hanse::aws {

// A service whose operation's own input proves who asks (a SAML assertion), so that nobody needs to sign it: Prove() puts the
// caller into the context, whoever signed, and keeps in the operation what it found. It reads, and changes nothing; the gate
// decides after it as for everybody. Errors end the request.
template <class Service, class Op>
concept Proves = requires(Service& service, Op* op, gate::Context* context) {
  { service.Prove(op, context) } -> std::same_as<Result<void>>;
};

// The AWS APIs on one listener: translates between HTTP and operations, never decides. The order of a request: signature, route,
// parse, validate, gate, write. Operations are registered before the first request; after that any thread.
class Door {
 public:
  struct Parts {
    const gate::Gate& gate;
    gate::Authenticator& authenticator;
    const Clock& clock;
    Random& random;
    audit::Journal& journal;  // For requests that never reach the gate.
    // Told of every use of a key that proved right, for GetAccessKeyLastUsed.
    std::function<void(const Caller& caller, const RequestInfo& info)> key_used;
  };
  explicit Door(Parts parts) : parts_(std::move(parts)) {}

  // Serves every operation of a list by the folder's service object, which outlives the door.
  template <class Service, gate::Operation... Ops>
  void Serve(Service& service, gate::List<Ops...>) {
    (ServeOne<Ops>(service), ...);
  }

  // What it serves, in the order of Serve().
  const std::vector<const wire::Operation*>& served() const { return served_; }

  http::Response Handle(http::Request& request) const;

  static constexpr std::uint64_t kBodyBytesMax = 16 * 1024 * 1024;  // Of operations that do not stream.
  static constexpr std::uint64_t kUnsignedBodyBytesMax = 512 * 1024;

 private:
  struct Arrived {
    const wire::Service& service;
    wire::Routed routed;
    wire::RawRequest raw;
    gate::Context context;
    wire::AnswerIds ids;
  };
  // An operation's service and its way through the gate, which knows their types.
  struct Act {
    void* service = nullptr;
    Result<wire::RawResponse> (*run)(const Door& door, void* service, Arrived& arrived) = nullptr;
    bool proves_caller = false;  // Needs no signature.
  };

  template <class Op, class Service>
  void ServeOne(Service& service) {
    served_.push_back(&Op::Wire::Descriptor());
    acts_[served_.back()] = {const_cast<void*>(static_cast<const void*>(&service)), &RunOne<Op, Service>, Proves<Service, Op>};
  }
  template <class Op, class Service>
  static Result<wire::RawResponse> RunOne(const Door& door, void* service, Arrived& arrived) {
    Service& acts = *static_cast<Service*>(service);
    if constexpr (requires { typename Op::Written; }) {
      if (arrived.routed.spoken == wire::Spoken::kOwn) return door.RunWritten<typename Op::Written>(acts, arrived);
    }
    Op op;
    gate::TypedStep<Op, Service> step(arrived.context, op, acts);
    if constexpr (Proves<Service, Op>) {
      return door.Carry(arrived, &op.in, step, [&] { return acts.Prove(&op, &arrived.context); });
    } else {
      return door.Carry(arrived, &op.in, step, {});
    }
  }
  // Of an operation that writes its answer itself, as JSON: for who speaks that.
  template <class Op, class Service>
  Result<wire::RawResponse> RunWritten(Service& service, Arrived& arrived) const {
    Op op;
    gate::TypedStep<Op, Service> step(arrived.context, op, service);
    TRY(Perform(arrived, &op.in, step, {}));
    TRY_ASSIGN(std::string json, step.Take());
    return wire::WriteText(arrived.service, std::move(json), arrived.ids);
  }
  // From the request's bytes in `input` to the answer's; `prove`: what Proves says, where the operation does.
  Result<wire::RawResponse> Carry(Arrived& arrived, void* input, gate::Step& step,
                                  const std::function<Result<void>()>& prove) const;
  // From the request's bytes to what the step answers.
  Result<void> Perform(Arrived& arrived, void* input, gate::Step& step, const std::function<Result<void>()>& prove) const;
  // The refusal of what never became an operation, with its record where the caller is known (CloudTrail keeps no others).
  std::unexpected<Error> Reject(const gate::Rule& rule, const Arrived& arrived, Error error) const;
  // Parses and validates.
  Result<void> Read(Arrived& arrived, void* input) const;
  // The service of an unsigned request for an operation that proves its caller; nullptr for all others. Reads a form's body.
  const wire::Service* OpenServiceOf(http::Request& request) const;
  Result<Caller> SignIn(http::Request& request, Result<Presented> presented, RequestInfo* info) const;
  Result<wire::RawResponse> Answer(const wire::Service& service, http::Request& request, Caller caller, RequestInfo info,
                                   const wire::AnswerIds& ids) const;
  http::Response Refuse(const wire::Service& service, const http::Request& request, const Error& error,
                        const wire::AnswerIds& ids) const;

  Parts parts_;
  mutable SigningKeys signing_keys_;
  std::unordered_map<const wire::Operation*, Act> acts_;
  std::vector<const wire::Operation*> served_;
};

}  // namespace hanse::aws
