#include "doors/aws/errors.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "doors/aws/sigv4_errors.h"
#include "doors/aws/sigv4_verifier.h"

namespace hanse::aws {
namespace {

struct Named {
  std::string_view code;
  int status;
};
using Column = std::array<Named, kErrorCodes>;  // In the order of ErrorCode.

// kInvalidArgument, kNotFound, kAlreadyExists, kAccessDenied, kUnauthenticated, kConflict,
// kLimitExceeded, kThrottled, kUnsupported, kTimeout, kUnavailable, kInternal
constexpr Column kGlue = {{{"InvalidInputException", 400},
                           {"EntityNotFoundException", 400},
                           {"AlreadyExistsException", 400},
                           {"AccessDeniedException", 400},
                           {"UnrecognizedClientException", 400},
                           {"ConcurrentModificationException", 400},
                           {"ResourceNumberLimitExceededException", 400},
                           {"ThrottlingException", 400},
                           {"NotImplemented", 501},
                           {"OperationTimeoutException", 400},
                           {"ServiceUnavailableException", 503},
                           {"InternalServiceException", 500}}};
constexpr Column kAthena = {{{"InvalidRequestException", 400},
                             {"ResourceNotFoundException", 400},
                             {"InvalidRequestException", 400},
                             {"AccessDeniedException", 400},
                             {"UnrecognizedClientException", 400},
                             {"InvalidRequestException", 400},
                             {"InvalidRequestException", 400},
                             {"TooManyRequestsException", 400},
                             {"NotImplemented", 501},
                             {"InternalServerException", 500},
                             {"ServiceUnavailableException", 503},
                             {"InternalServerException", 500}}};
constexpr Column kOrganizations = {{{"InvalidInputException", 400},
                                    {"TargetNotFoundException", 400},
                                    {"DuplicateAccountException", 400},
                                    {"AccessDeniedException", 400},
                                    {"UnrecognizedClientException", 400},
                                    {"ConcurrentModificationException", 400},
                                    {"ConstraintViolationException", 400},
                                    {"TooManyRequestsException", 400},
                                    {"NotImplemented", 501},
                                    {"ServiceException", 500},
                                    {"ServiceUnavailableException", 503},
                                    {"ServiceException", 500}}};
constexpr Column kRam = {{{"InvalidParameterException", 400},
                          {"UnknownResourceException", 400},
                          {"InvalidParameterException", 400},
                          {"AccessDeniedException", 400},
                          {"UnrecognizedClientException", 400},
                          {"OperationNotPermittedException", 400},
                          {"ResourceShareLimitExceededException", 400},
                          {"ThrottlingException", 429},
                          {"NotImplemented", 501},
                          {"ServerInternalException", 500},
                          {"ServiceUnavailableException", 503},
                          {"ServerInternalException", 500}}};
constexpr Column kCloudTrail = {{{"InvalidParameterException", 400},
                                 {"TrailNotFoundException", 400},
                                 {"TrailAlreadyExistsException", 400},
                                 {"AccessDeniedException", 400},
                                 {"UnrecognizedClientException", 400},
                                 {"ConflictException", 400},
                                 {"MaximumNumberOfTrailsExceededException", 400},
                                 {"ThrottlingException", 400},
                                 {"NotImplemented", 501},
                                 {"OperationNotPermittedException", 400},
                                 {"ServiceUnavailableException", 503},
                                 {"InternalFailure", 500}}};
constexpr Column kKms = {{{"ValidationException", 400},
                          {"NotFoundException", 400},
                          {"AlreadyExistsException", 400},
                          {"AccessDeniedException", 400},
                          {"UnrecognizedClientException", 400},
                          {"KMSInvalidStateException", 400},
                          {"LimitExceededException", 400},
                          {"ThrottlingException", 400},
                          {"NotImplemented", 501},
                          {"DependencyTimeoutException", 503},
                          {"ServiceUnavailableException", 503},
                          {"KMSInternalException", 500}}};
constexpr Column kSecretsManager = {{{"InvalidParameterException", 400},
                                     {"ResourceNotFoundException", 400},
                                     {"ResourceExistsException", 400},
                                     {"AccessDeniedException", 400},
                                     {"UnrecognizedClientException", 400},
                                     {"InvalidRequestException", 400},
                                     {"LimitExceededException", 400},
                                     {"ThrottlingException", 400},
                                     {"NotImplemented", 501},
                                     {"InternalServiceError", 500},
                                     {"ServiceUnavailableException", 503},
                                     {"InternalServiceError", 500}}};
constexpr Column kCloudWatch = {{{"InvalidParameterValue", 400},
                                 {"ResourceNotFound", 404},
                                 {"InvalidParameterValue", 400},
                                 {"AccessDenied", 403},
                                 {"InvalidClientTokenId", 403},
                                 {"ConcurrentModificationException", 429},
                                 {"LimitExceeded", 400},
                                 {"Throttling", 400},
                                 {"NotImplemented", 501},
                                 {"InternalServiceError", 500},
                                 {"ServiceUnavailable", 503},
                                 {"InternalServiceError", 500}}};
constexpr Column kIam = {{{"ValidationError", 400},
                          {"NoSuchEntity", 404},
                          {"EntityAlreadyExists", 409},
                          {"AccessDenied", 403},
                          {"InvalidClientTokenId", 403},
                          {"DeleteConflict", 409},
                          {"LimitExceeded", 409},
                          {"Throttling", 400},
                          {"NotImplemented", 501},
                          {"ServiceFailure", 500},
                          {"ServiceUnavailable", 503},
                          {"ServiceFailure", 500}}};
constexpr Column kS3 = {{{"InvalidArgument", 400},
                         {"NoSuchKey", 404},
                         {"BucketAlreadyExists", 409},
                         {"AccessDenied", 403},
                         {"InvalidAccessKeyId", 403},
                         {"OperationAborted", 409},
                         {"EntityTooLarge", 400},
                         {"SlowDown", 503},
                         {"NotImplemented", 501},
                         {"RequestTimeout", 400},
                         {"ServiceUnavailable", 503},
                         {"InternalError", 500}}};

// S3's errors are not in its model with a status: those that differ from their ErrorCode's.
constexpr Named kS3Statuses[] = {
    {"BadDigest", 400},
    {"BucketAlreadyOwnedByYou", 409},
    {"BucketNotEmpty", 409},
    {"EntityTooSmall", 400},
    {"EntityTooLarge", 400},
    {"InvalidBucketName", 400},
    {"InvalidPart", 400},
    {"InvalidPartOrder", 400},
    {"InvalidRange", 416},
    {"MalformedPolicy", 400},
    {"MalformedXML", 400},
    {"MethodNotAllowed", 405},
    {"NoSuchBucket", 404},
    {"NoSuchUpload", 404},
    {"NoSuchVersion", 404},
    {"NotModified", 304},
    {"PreconditionFailed", 412},
    {"ConditionalRequestConflict", 409},
    {"IncompleteBody", 400},
    {"MissingContentLength", 411},
    {"KeyTooLongError", 400},
    {"NoSuchTagSet", 404},
    {"NoSuchBucketPolicy", 404},
    {"MaxMessageLengthExceeded", 400},
    {"KMS.DisabledException", 400},
    {"KMS.KMSInvalidStateException", 400},
    {"KMS.NotFoundException", 400},
};

const Column& ColumnOf(std::string_view service) {
  if (service == "s3") return kS3;
  if (service == "iam" || service == "sts") return kIam;
  if (service == "kms") return kKms;
  if (service == "secretsmanager") return kSecretsManager;
  if (service == "athena") return kAthena;
  if (service == "organizations") return kOrganizations;
  if (service == "ram") return kRam;
  if (service == "cloudtrail") return kCloudTrail;
  if (service == "monitoring") return kCloudWatch;
  return kGlue;  // And Lake Formation, whose codes are the same.
}

ErrorStyle StyleOfService(const wire::Service& service) {
  switch (service.protocol) {
    case wire::Protocol::kRestXml: return ErrorStyle::kS3;
    case wire::Protocol::kQuery: return ErrorStyle::kQuery;
    default: return ErrorStyle::kJson;
  }
}

int StatusOf(const wire::Service& service, const std::string& name, int otherwise) {
  if (service.name == "s3") {
    const auto* found =
        std::find_if(std::begin(kS3Statuses), std::end(kS3Statuses), [&](const Named& n) { return n.code == name; });
    if (found != std::end(kS3Statuses)) return found->status;
  }
  if (int status = SignatureErrorStatus(StyleOfService(service), name); status != 0) return status;
  // Requests that name no operation of ours.
  if (name == "InvalidAction" || name == "MissingAction" || name == "UnknownOperationException") return 400;
  // Logs of real calls show denials of the JSON services as 400, whatever their models say (lakeformation.md, section 0).
  if (name == "AccessDeniedException") return 400;
  for (const wire::ErrorStatus& known : service.errors) {
    if (known.code == name) return known.status;
  }
  return otherwise;
}

}  // namespace

wire::WireError ErrorFor(const wire::Service& service, const Error& error) {
  const Named& named = ColumnOf(service.name)[static_cast<std::size_t>(error.code)];
  wire::WireError out{std::string(named.code), error.message, named.status};
  if (!error.name.empty()) {
    out.code = error.name;
    out.status = StatusOf(service, error.name, named.status);
  }
  // What went wrong inside is for the operators' log, not for callers.
  if (error.code == ErrorCode::kInternal) out.message = "We encountered an internal error. Please try again.";
  return out;
}

}  // namespace hanse::aws
