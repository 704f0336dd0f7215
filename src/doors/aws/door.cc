#include "doors/aws/door.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/text.h"
#include "doors/aws/errors.h"
#include "doors/aws/gzip_body.h"
#include "doors/aws/sigv4_errors.h"
#include "doors/aws/sigv4_verifier.h"
#include "gate/rejection.h"
#include "model/ids.h"
#include "model/wrong_region.h"
#include "wire/validate.h"

namespace hanse::aws {
namespace {

http::Response ToHttp(wire::RawResponse raw) {
  http::Response response;
  response.status = raw.status;
  for (auto& [name, value] : raw.headers) response.headers.Add(std::move(name), std::move(value));
  response.body = std::move(raw.body);
  response.stream = std::move(raw.stream);
  return response;
}

bool TakesStream(const wire::Operation& operation) {
  return operation.input->payload != nullptr && operation.input->payload->shape->kind == wire::Kind::kStream;
}

Result<wire::RawRequest> ToRaw(http::Request& request) {
  wire::RawRequest raw{.method = request.method, .path = std::string(request.path())};
  if (!wire::ParseForm(request.query(), &raw.query)) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidURI", "The query string is not well encoded, or has too many parameters.");
  }
  for (const http::Header& header : request.headers) raw.headers.emplace_back(Lower(header.name), header.value);
  raw.body = std::move(request.body);
  raw.stream = std::move(request.stream);
  return raw;
}

// The services but S3, whose objects are what they are, take bodies that were compressed on the way.
Result<void> Inflate(const wire::Service& service, wire::RawRequest* raw) {
  const std::string* coding = raw->Header("content-encoding");
  if (service.protocol == wire::Protocol::kRestXml || coding == nullptr || Lower(*coding) != "gzip") return {};
  if (raw->stream) {
    TRY_ASSIGN(raw->body, http::ReadWhole(*raw->stream, Door::kBodyBytesMax));
    raw->stream.reset();
  }
  TRY_ASSIGN(raw->body, InflateGzip(raw->body, Door::kBodyBytesMax));
  return {};
}

// The service that a request means: that of the credential's scope, which the signature covers; nullptr where it is none of ours.
// Without a scope, S3 alone takes strangers.
const wire::Service* ServiceOf(const http::Request& request, const Result<Presented>& presented) {
  if (presented && !presented->service.empty()) return wire::FindService(presented->service);
  return wire::FindService(StyleOf(request) == ErrorStyle::kS3 ? "s3" : StyleOf(request) == ErrorStyle::kQuery ? "sts" : "glue");
}

// How a service that we do not have would write its errors.
const wire::Service& LikeServiceOf(const http::Request& request) {
  const ErrorStyle style = StyleOf(request);
  return *wire::FindService(style == ErrorStyle::kS3 ? "s3" : style == ErrorStyle::kQuery ? "sts" : "glue");
}

std::unexpected<Error> NoSuchService(const http::Request& request) {
  const std::string_view target = request.headers.Get("X-Amz-Target");
  if (target.empty()) return FailAs(ErrorCode::kNotFound, "UnknownOperationException", "There is no such service or operation.");
  return FailAs(ErrorCode::kUnsupported, "NotImplemented", fmt::format("{} is not implemented.", target));
}

// What the XML of a body breaks has its own name in S3.
Result<void> ValidatePayload(const wire::Service& service, const wire::Operation& operation, const void* input) {
  const wire::Member* payload = operation.input->payload;
  if (service.protocol != wire::Protocol::kRestXml || payload == nullptr || payload->shape->kind != wire::Kind::kStructure)
    return {};
  const void* value = wire::MemberOf(*payload, input);
  if (value == nullptr) return {};
  auto valid = wire::Validate(*payload->shape, value);
  if (valid) return {};
  return FailAs(valid.error().code, "MalformedXML", valid.error().message);
}

// Condition keys of S3 about the signature itself (Service Authorization Reference, S3).
void NoteProof(const Presented& presented, RequestInfo* info) {
  if (info->service != "s3" || presented.proof == Proof::kAnonymous) return;
  const bool header = presented.proof == Proof::kHeader;
  info->context["s3:authtype"] = {header ? "REST-HEADER" : "REST-QUERY-STRING"};
  info->context["s3:signatureversion"] = {"AWS4-HMAC-SHA256"};
  if (!header) info->context["s3:signatureage"] = {std::to_string(info->now_ms - presented.signed_at_ms)};
}

// The body of a request that nobody signed, into `body`; false where it is too long.
bool ReadUnsigned(http::Request& request) {
  if (!request.stream) return true;
  Result<std::string> body = http::ReadWhole(*request.stream, Door::kUnsignedBodyBytesMax);
  if (!body) return false;
  request.body = *std::move(body);
  request.stream.reset();
  return true;
}

// What a form says is to be done; "" where it says nothing, or more than one thing.
std::string ActionOf(http::Request& request) {
  wire::Pairs form;
  if (!ReadUnsigned(request) || !wire::ParseForm(request.body, &form)) return "";
  std::erase_if(form, [](const auto& pair) { return pair.first != "Action"; });
  return form.size() == 1 ? form.front().second : "";
}

}  // namespace

Result<Caller> Door::SignIn(http::Request& request, Result<Presented> presented, RequestInfo* info) const {
  if (!presented) return std::unexpected(std::move(presented).error());
  Caller caller;
  TRY_ASSIGN(SignedIn signed_in, VerifySignature(
                                     request, *std::move(presented), parts_.clock,
                                     [&](const std::string& access_key, const std::string& token) -> Result<std::string> {
                                       TRY_ASSIGN(auto secret, parts_.authenticator.Find(access_key, token));
                                       caller = std::move(secret.caller);
                                       return std::move(secret.secret_key);
                                     },
                                     signing_keys_));
  info->region = signed_in.presented.region.empty() ? "us-east-1" : signed_in.presented.region;
  NoteProof(signed_in.presented, info);
  if (signed_in.anonymous()) return Caller{};
  if (parts_.key_used) parts_.key_used(caller, *info);
  return caller;
}

Result<void> Door::Read(Arrived& arrived, void* input) const {
  const wire::Operation& operation = *arrived.routed.operation;
  if (arrived.raw.stream && !TakesStream(operation)) {
    TRY_ASSIGN(arrived.raw.body, http::ReadWhole(*arrived.raw.stream, kBodyBytesMax));
    arrived.raw.stream.reset();
  }
  if (!arrived.raw.stream && TakesStream(operation)) arrived.raw.stream = http::SourceOf(std::move(arrived.raw.body));
  TRY(wire::Parse(arrived.service, arrived.routed, arrived.raw, input));
  wire::FillIdempotencyToken(operation, input, parts_.random.Uuid());
  TRY(ValidatePayload(arrived.service, operation, input));
  return wire::Validate(*operation.input, input);
}

std::unexpected<Error> Door::Reject(const gate::Rule& rule, const Arrived& arrived, Error error) const {
  if (arrived.context.caller.kind == CallerKind::kAnonymous) return std::unexpected(std::move(error));
  error.name = ErrorFor(arrived.service, error).code;
  auto recorded = gate::RecordRejection(parts_.journal, parts_.random, rule, arrived.context, error);
  if (!recorded) return std::unexpected(std::move(recorded).error());
  return std::unexpected(std::move(error));
}

Result<void> Door::Perform(Arrived& arrived, void* input, gate::Step& step, const std::function<Result<void>()>& prove) const {
  if (auto read = Read(arrived, input); !read) return Reject(step.rule(), arrived, std::move(read).error());
  if (prove) {
    if (auto proven = prove(); !proven) return Reject(step.rule(), arrived, std::move(proven).error());
  }
  return parts_.gate.Run(step);
}

Result<wire::RawResponse> Door::Carry(Arrived& arrived, void* input, gate::Step& step,
                                      const std::function<Result<void>()>& prove) const {
  TRY(Perform(arrived, input, step, prove));
  return wire::Write(arrived.service, *arrived.routed.operation, step.output(), arrived.ids, arrived.routed.spoken);
}

Result<wire::RawResponse> Door::Answer(const wire::Service& service, http::Request& request, Caller caller, RequestInfo info,
                                       const wire::AnswerIds& ids) const {
  TRY_ASSIGN(wire::RawRequest raw, ToRaw(request));
  TRY(Inflate(service, &raw));
  TRY_ASSIGN(wire::Routed routed, wire::Route(service, raw));
  info.operation = routed.name;
  Arrived arrived{service, std::move(routed), std::move(raw), {std::move(caller), std::move(info)}, ids};
  auto act = acts_.find(arrived.routed.operation);
  const bool stranger = arrived.context.caller.kind == CallerKind::kAnonymous && service.protocol != wire::Protocol::kRestXml;
  if (stranger && (act == acts_.end() || !act->second.proves_caller)) {
    const ErrorStyle style = service.protocol == wire::Protocol::kQuery ? ErrorStyle::kQuery : ErrorStyle::kJson;
    return RefuseAs(style, Reason::kMissing, "Missing Authentication Token");
  }
  if (arrived.routed.operation != nullptr && act != acts_.end()) return act->second.run(*this, act->second.service, arrived);
  const std::string_view name = arrived.routed.name;
  return Reject({service.name, name}, arrived,
                {ErrorCode::kUnsupported, fmt::format("{}:{} is not implemented.", service.name, name), "NotImplemented"});
}

http::Response Door::Refuse(const wire::Service& service, const http::Request& request, const Error& error,
                            const wire::AnswerIds& ids) const {
  if (error.code == ErrorCode::kInternal || error.code == ErrorCode::kUnavailable) {
    spdlog::error("{} {}: {} ({}:{})", service.name, ids.request_id, error.message, error.where.file_name(), error.where.line());
  }
  auto body = request.method == "HEAD" ? wire::ErrorBody::kHead : wire::ErrorBody::kWhole;
  wire::WireError told = ErrorFor(service, error);
  if (service.protocol == wire::Protocol::kRestXml) told.details.emplace_back("Resource", request.path());
  const std::string home(HomeRegionOf(error));
  if (!home.empty()) told.details.emplace_back("Region", home);
  const wire::Spoken spoken = wire::SpokenIn(service, request.headers.Get("smithy-protocol"), request.headers.Get("Content-Type"));
  http::Response response = ToHttp(wire::WriteError(service, told, ids, body, spoken));
  if (!home.empty()) response.headers.Add("x-amz-bucket-region", home);
  return response;
}

const wire::Service* Door::OpenServiceOf(http::Request& request) const {
  if (request.method != "POST" || !PresentsNothing(request)) return nullptr;
  const bool form = StyleOf(request) == ErrorStyle::kQuery;  // Which names its operation in the body.
  const std::string action = form ? ActionOf(request) : "";
  for (const wire::Operation* operation : served_) {
    if (!acts_.at(operation).proves_caller) continue;
    const wire::Service* service = wire::FindService(operation->service);
    const bool named = service->protocol == wire::Protocol::kQuery ? action == operation->name : request.path() == operation->uri;
    if (named) return ReadUnsigned(request) ? service : nullptr;
  }
  return nullptr;
}

http::Response Door::Handle(http::Request& request) const {
  wire::AnswerIds ids{NewRequestId(parts_.random), {}};
  Result<Presented> presented = ParsePresented(request);
  const wire::Service* service = ServiceOf(request, presented);
  const wire::Service& like = service == nullptr ? LikeServiceOf(request) : *service;
  if (like.name == "s3") ids.host_id = Base64(parts_.random.Bytes(24));
  RequestInfo info{.id = ids.request_id, .service = std::string(like.name), .source_ip = request.remote_address};
  info.user_agent = request.headers.Get("user-agent");
  info.secure_transport = request.tls;
  info.now_ms = parts_.clock.NowMs();
  if (const wire::Service* open = OpenServiceOf(request)) {
    presented = Presented{};  // Nothing, and whoever asks is for the operation to prove.
    service = open;
    info.service = std::string(open->name);
  }
  auto caller = SignIn(request, std::move(presented), &info);
  if (!caller) return Refuse(service == nullptr ? like : *service, request, caller.error(), ids);
  if (service == nullptr) return Refuse(like, request, NoSuchService(request).error(), ids);
  auto answer = Answer(*service, request, std::move(*caller), std::move(info), ids);
  if (!answer) return Refuse(*service, request, answer.error(), ids);
  return ToHttp(std::move(*answer));
}

}  // namespace hanse::aws
