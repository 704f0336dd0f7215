#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "client/connection.h"
#include "client/profile.h"
#include "wire/json.h"

namespace hanse::client {

// The services of a running server as one identity: what the command line and the demonstration speak, over the wire like any
// other client. One thread at a time.
class AwsClient {
 public:
  static Result<std::unique_ptr<AwsClient>> Open(Profile profile, const Clock& clock);
  // As the profile of this name (empty: as ReadProfile). One with a role_arn assumes it as its source_profile, which may itself be
  // a role.
  static Result<std::unique_ptr<AwsClient>> SignIn(const std::string& profile_name, const Clock& clock);

  // An operation of a JSON service: glue, athena, lakeformation, ram, organizations, cloudtrail.
  template <class Op>
  Result<typename Op::Output> Call(const typename Op::Input& in) {
    TRY_ASSIGN(std::string body, SendJson(Op::kService, Op::kName, wire::ToJson(in)));
    return wire::FromJson<typename Op::Output>(body);
  }

  // An operation of iam or sts; gives the answer's elements by name (the first of each name).
  using Parameters = std::map<std::string, std::string>;
  Result<Parameters> Form(std::string_view service, std::string_view action, Parameters parameters);
  // The same identity's session as a role; `more` are further parameters of AssumeRole.
  Result<std::unique_ptr<AwsClient>> Assume(const std::string& role_arn, const std::string& session_name, Parameters more = {});

  Result<void> CreateBucket(const std::string& bucket);
  Result<void> PutObject(const std::string& bucket, const std::string& key, std::string body);
  Result<std::string> GetObject(const std::string& bucket, const std::string& key);
  Result<void> DeleteObject(const std::string& bucket, const std::string& key);
  // The keys that begin with `prefix`, in order: the first thousand.
  Result<std::vector<std::string>> ListObjects(const std::string& bucket, const std::string& prefix);
  Result<void> PutBucketPolicy(const std::string& bucket, std::string document);

  const Profile& profile() const { return profile_; }

 private:
  AwsClient(Profile profile, const Clock& clock, std::unique_ptr<Connection> connection)
      : profile_(std::move(profile)), clock_(clock), connection_(std::move(connection)) {}
  Result<std::string> SendJson(std::string_view service, std::string_view operation, std::string body);
  // Signs, sends, and turns what is no 2xx into an Error whose name is the service's code.
  Result<HttpResponse> Send(std::string_view service, HttpRequest request);

  Profile profile_;
  const Clock& clock_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace hanse::client
