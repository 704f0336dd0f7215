#include "bench/running_server.h"

#include <stdlib.h>

#include <filesystem>

namespace hanse::bench {

Result<std::unique_ptr<RunningServer>> RunningServer::Start() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hanse-bench-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) return Fail(ErrorCode::kUnavailable, "cannot make a temporary folder");
  std::unique_ptr<RunningServer> server(new RunningServer(pattern + "/data"));
  TRY(server->StartAgain());
  return server;
}

Result<void> RunningServer::StartAgain() {
  TRY_ASSIGN(process_, demo::ServerProcess::Start(data_));
  return {};
}

Result<void> RunningServer::Stop() {
  process_.reset();
  return {};
}

RunningServer::~RunningServer() {
  process_.reset();
  std::error_code error;
  std::filesystem::remove_all(std::filesystem::path(data_).parent_path(), error);
}

Result<client::Profile> RunningServer::ManagementProfile() const {
  return client::ReadProfile("management", data_ + "/credentials", data_ + "/config");
}

Result<std::unique_ptr<client::AwsClient>> RunningServer::Management() const {
  TRY_ASSIGN(client::Profile profile, ManagementProfile());
  return client::AwsClient::Open(profile, clock_);
}

}  // namespace hanse::bench
