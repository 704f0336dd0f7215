#include "doors/aws/errors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace hanse::aws {
namespace {

// Codes that every service has and no model lists (each service's API reference, "Common errors").
const std::set<std::string, std::less<>> kCommon = {"AccessDenied",
                                                    "AccessDeniedException",
                                                    "InternalError",
                                                    "InternalFailure",
                                                    "InvalidAccessKeyId",
                                                    "InvalidArgument",
                                                    "InvalidClientTokenId",
                                                    "NotImplemented",
                                                    "OperationAborted",
                                                    "EntityTooLarge",
                                                    "RequestTimeout",
                                                    "ServiceUnavailable",
                                                    "ServiceUnavailableException",
                                                    "SlowDown",
                                                    "Throttling",
                                                    "ThrottlingException",
                                                    "UnrecognizedClientException",
                                                    "ValidationError",
                                                    "ValidationException"};

wire::WireError Of(std::string_view service, Error error) { return ErrorFor(*wire::FindService(service), error); }

// A code that is neither in the service's model nor common to all would reach no client's handler.
TEST(Errors, EveryCodeIsOneThatTheServiceHas) {
  for (const wire::Service* service : wire::Services()) {
    if (service->name == "sts") continue;  // Answers with IAM's, which its model does not repeat.
    for (int code = 0; code < kErrorCodes; ++code) {
      const wire::WireError error = ErrorFor(*service, Error{.code = static_cast<ErrorCode>(code), .message = "m"});
      const bool modelled =
          std::ranges::any_of(service->errors, [&](const wire::ErrorStatus& known) { return known.code == error.code; });
      EXPECT_TRUE(modelled || kCommon.contains(error.code)) << service->name << " " << error.code;
      EXPECT_GE(error.status, 400) << service->name << " " << error.code;
      EXPECT_LT(error.status, 600) << service->name << " " << error.code;
    }
  }
}

// design.md, section 8.
TEST(Errors, InputThatIsWrong) {
  const auto code = [](std::string_view service) { return Of(service, {.code = ErrorCode::kInvalidArgument}).code; };
  EXPECT_EQ(code("lakeformation"), "InvalidInputException");
  EXPECT_EQ(code("organizations"), "InvalidInputException");
  EXPECT_EQ(code("glue"), "InvalidInputException");
  EXPECT_EQ(code("athena"), "InvalidRequestException");
  EXPECT_EQ(code("iam"), "ValidationError");
  EXPECT_EQ(code("sts"), "ValidationError");
  EXPECT_EQ(code("ram"), "InvalidParameterException");
  EXPECT_EQ(code("cloudtrail"), "InvalidParameterException");
  EXPECT_EQ(code("kms"), "ValidationException");
}

TEST(Errors, ANameOfItsOwnKeepsTheModelsStatus) {
  EXPECT_EQ(Of("iam", {.code = ErrorCode::kInvalidArgument, .name = "MalformedPolicyDocument"}).status, 400);
  EXPECT_EQ(Of("iam", {.code = ErrorCode::kNotFound, .name = "NoSuchEntity"}).status, 404);
  EXPECT_EQ(Of("s3", {.code = ErrorCode::kConflict, .name = "PreconditionFailed"}).status, 412);
  EXPECT_EQ(Of("s3", {.code = ErrorCode::kConflict, .name = "NotModified"}).status, 304);
  EXPECT_EQ(Of("s3", {.code = ErrorCode::kInvalidArgument, .name = "InvalidRange"}).status, 416);
  EXPECT_EQ(Of("glue", {.code = ErrorCode::kConflict, .name = "CrawlerRunningException"}).status, 400);
  EXPECT_EQ(Of("sts", {.code = ErrorCode::kNotFound, .name = "InvalidAction"}).status, 400);
  EXPECT_EQ(Of("glue", {.code = ErrorCode::kNotFound, .name = "UnknownOperationException"}).status, 400);
}

// Logs of real calls: lakeformation.md, section 0.
TEST(Errors, DenialsOfTheLakeAre400) {
  EXPECT_EQ(Of("lakeformation", {.code = ErrorCode::kAccessDenied}).status, 400);
  EXPECT_EQ(Of("glue", {.code = ErrorCode::kAccessDenied, .name = "AccessDeniedException"}).status, 400);
  EXPECT_EQ(Of("s3", {.code = ErrorCode::kAccessDenied}).status, 403);
  EXPECT_EQ(Of("iam", {.code = ErrorCode::kAccessDenied}).status, 403);
}

TEST(Errors, WhatIsNotBuiltIs501Everywhere) {
  for (const wire::Service* service : wire::Services()) {
    const wire::WireError error =
        ErrorFor(*service, Error{.code = ErrorCode::kUnsupported, .message = "glue:CreateJob is not implemented."});
    EXPECT_EQ(error.code, "NotImplemented");
    EXPECT_EQ(error.status, 501);
    EXPECT_EQ(error.message, "glue:CreateJob is not implemented.");
  }
}

TEST(Errors, NobodyIsToldWhatWentWrongInside) {
  EXPECT_EQ(Of("glue", {.code = ErrorCode::kInternal, .message = "row 7 of tables: secret"}).message.find("secret"),
            std::string::npos);
}

}  // namespace
}  // namespace hanse::aws
