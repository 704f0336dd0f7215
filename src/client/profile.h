#pragma once
#include <string>

#include "base/result.h"

namespace hanse::client {

// Who signs, and where the server is: one profile of the AWS CLI's files.
struct Profile {
  std::string name, access_key, secret_key, session_token, region = "us-east-1", endpoint_url;
  // A profile that is a role: who takes it on, and how. Empty: the keys above sign themselves.
  std::string role_arn, source_profile, external_id, role_session_name, duration_seconds;
  std::string results;  // hanse_results: where the answers of `hanse query` go, "s3://bucket/prefix/".
};

// Reads profile `name`, which has keys or is a role with a source profile, from the files that AWS_SHARED_CREDENTIALS_FILE and
// AWS_CONFIG_FILE name, else ~/.aws/credentials and
// ~/.aws/config. Empty name: AWS_PROFILE, else "default". Where there is no such profile: AWS_ACCESS_KEY_ID and its companions.
// kNotFound says which file was looked at and what to set.
Result<Profile> ReadProfile(const std::string& name);
// The same from two given files.
Result<Profile> ReadProfile(const std::string& name, const std::string& credentials_file, const std::string& config_file);

}  // namespace hanse::client
