#include "client/profile.h"

#include <cstdlib>
#include <fstream>
#include <map>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::client {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

using Section = std::map<std::string, std::string>;

// The section [`section`] of an INI file; empty where there is none.
Section ReadSection(const std::string& path, const std::string& section) {
  Section found;
  std::ifstream file(path);
  std::string line;
  bool inside = false;
  while (std::getline(file, line)) {
    std::string_view text = Trim(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') continue;
    if (text.front() == '[') {
      inside = text == fmt::format("[{}]", section);
      continue;
    }
    std::size_t equals = text.find('=');
    if (!inside || equals == std::string_view::npos) continue;
    found[std::string(Trim(text.substr(0, equals)))] = std::string(Trim(text.substr(equals + 1)));
  }
  return found;
}

void Overlay(const Section& section, Profile* profile) {
  auto take = [&](const char* key, std::string* into) {
    if (auto it = section.find(key); it != section.end()) *into = it->second;
  };
  take("aws_access_key_id", &profile->access_key);
  take("aws_secret_access_key", &profile->secret_key);
  take("aws_session_token", &profile->session_token);
  take("region", &profile->region);
  take("endpoint_url", &profile->endpoint_url);
  take("hanse_results", &profile->results);
  take("role_arn", &profile->role_arn);
  take("source_profile", &profile->source_profile);
  take("external_id", &profile->external_id);
  take("role_session_name", &profile->role_session_name);
  take("duration_seconds", &profile->duration_seconds);
}

}  // namespace

Result<Profile> ReadProfile(const std::string& name, const std::string& credentials_file, const std::string& config_file) {
  Profile profile;
  profile.name = name;
  Overlay(ReadSection(config_file, name == "default" ? name : "profile " + name), &profile);
  Overlay(ReadSection(credentials_file, name), &profile);
  bool is_role = !profile.role_arn.empty() && !profile.source_profile.empty();
  if (!is_role && (profile.access_key.empty() || profile.secret_key.empty())) {
    return Fail(
        ErrorCode::kNotFound,
        fmt::format(
            "no profile \"{}\" with keys, or with role_arn and source_profile, in {}: start `hanse serve --data DIR` and set "
            "AWS_SHARED_CREDENTIALS_FILE=DIR/credentials AWS_CONFIG_FILE=DIR/config",
            name, credentials_file));
  }
  if (profile.endpoint_url.empty()) profile.endpoint_url = "http://127.0.0.1:7700";
  return profile;
}

Result<Profile> ReadProfile(const std::string& name) {
  std::string home = Environment("HOME");
  std::string credentials = Environment("AWS_SHARED_CREDENTIALS_FILE");
  std::string config = Environment("AWS_CONFIG_FILE");
  if (credentials.empty()) credentials = home + "/.aws/credentials";
  if (config.empty()) config = home + "/.aws/config";
  std::string wanted = name.empty() ? Environment("AWS_PROFILE") : name;
  Result<Profile> profile = ReadProfile(wanted.empty() ? "default" : wanted, credentials, config);
  if (!profile && wanted.empty() && !Environment("AWS_ACCESS_KEY_ID").empty()) {
    profile = Profile{.name = "environment",
                      .access_key = Environment("AWS_ACCESS_KEY_ID"),
                      .secret_key = Environment("AWS_SECRET_ACCESS_KEY"),
                      .session_token = Environment("AWS_SESSION_TOKEN"),
                      .endpoint_url = "http://127.0.0.1:7700"};
  }
  if (!profile) return profile;
  if (std::string url = Environment("AWS_ENDPOINT_URL"); !url.empty()) profile->endpoint_url = url;
  if (std::string region = Environment("AWS_REGION"); !region.empty()) profile->region = region;
  return profile;
}

}  // namespace hanse::client
