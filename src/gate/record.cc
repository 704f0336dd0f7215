#include <fmt/format.h>

#include "gate/rejection.h"
#include "gate/state.h"

namespace hanse::gate {

audit::Event NewEvent(const Rule& rule, const Context& context, Random& random) {
  audit::Event event;
  event.id = random.Uuid();
  event.time_ms = context.info.now_ms;
  event.source = fmt::format("{}.amazonaws.com", rule.service);
  event.name = rule.name;
  event.region = context.info.region;
  event.source_ip = context.caller.invoked_by.empty() ? context.info.source_ip : context.caller.invoked_by;
  event.user_agent = context.caller.invoked_by.empty() ? context.info.user_agent : context.caller.invoked_by;
  event.identity = audit::IdentityJson(context.caller);
  event.request_id = context.info.id;
  event.recipient_account = context.caller.account;
  event.category = rule.event_category;
  event.read_only = rule.record == Record::kRead || rule.record == Record::kDataAccess;
  event.username = context.caller.session_name.empty() ? context.caller.name : context.caller.session_name;
  event.access_key = context.caller.access_key;
  return event;
}

Result<void> RecordRejection(audit::Journal& journal, Random& random, const Rule& rule, const Context& context,
                             const Error& error) {
  audit::Event event = NewEvent(rule, context, random);
  event.error_code = ErrorName(error);
  event.error_message = error.message;
  return journal.Append(event.ToJson(), audit::Durability::kWritten);
}

std::string ErrorName(const Error& error) {
  if (!error.name.empty()) return error.name;
  switch (error.code) {
    case ErrorCode::kInvalidArgument: return "ValidationException";
    case ErrorCode::kNotFound: return "EntityNotFoundException";
    case ErrorCode::kAlreadyExists: return "AlreadyExistsException";
    case ErrorCode::kAccessDenied: return "AccessDenied";
    case ErrorCode::kUnauthenticated: return "UnrecognizedClientException";
    case ErrorCode::kConflict: return "ConflictException";
    case ErrorCode::kLimitExceeded: return "LimitExceededException";
    case ErrorCode::kThrottled: return "ThrottlingException";
    case ErrorCode::kUnsupported: return "NotImplemented";
    case ErrorCode::kTimeout: return "RequestTimeout";
    case ErrorCode::kUnavailable: return "ServiceUnavailable";
    case ErrorCode::kInternal: break;
  }
  return "InternalFailure";
}

namespace {

// As IAM words it (IAM User Guide, "Troubleshoot access denied error messages").
std::string_view Worded(policy::Layer layer) {
  switch (layer) {
    case policy::Layer::kServiceControl: return "service control policy";
    case policy::Layer::kResource: return "resource-based policy";
    case policy::Layer::kBoundary: return "permissions boundary";
    case policy::Layer::kSession: return "session policy";
    case policy::Layer::kIdentity:
    case policy::Layer::kAccountRoot:
    case policy::Layer::kNone: break;
  }
  return "identity-based policy";
}

}  // namespace

Error Denial(const Caller& caller, const Need& need, const policy::Decision& decision) {
  // Of the layers that stayed silent the first says what is missing.
  policy::Layer layer = decision.reasons().empty() ? policy::Layer::kNone : decision.reasons().front().layer;
  std::string why = decision.explicit_deny() ? fmt::format("with an explicit deny in {} {}",
                                                           layer == policy::Layer::kIdentity ? "an" : "a", Worded(layer))
                                             : fmt::format("because no {} allows the {} action", Worded(layer), need.action);
  std::string who = caller.arn.empty() ? "anonymous" : caller.arn;
  const std::string& resource = need.shown.empty() ? need.resource : need.shown;
  return {ErrorCode::kAccessDenied,
          fmt::format("User: {} is not authorized to perform: {} on resource: {} {}", who, need.action, resource, why),
          {},
          std::source_location::current()};
}

}  // namespace hanse::gate
