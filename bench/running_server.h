#pragma once
#include <memory>
#include <string>

#include "base/clock.h"
#include "client/aws_client.h"
#include "demo/server_process.h"

namespace hanse::bench {

// A server in a temporary folder, which is removed at the end.
class RunningServer {
 public:
  static Result<std::unique_ptr<RunningServer>> Start();
  ~RunningServer();
  // Ends the server and starts it again on the same folder; clients must be opened anew.
  Result<void> Stop();
  Result<void> StartAgain();
  Result<std::unique_ptr<client::AwsClient>> Management() const;
  Result<client::Profile> ManagementProfile() const;
  const std::string& data() const { return data_; }
  const Clock& clock() const { return clock_; }
  pid_t pid() const { return process_->pid(); }

 private:
  explicit RunningServer(std::string data) : data_(std::move(data)) {}
  std::string data_;
  SystemClock clock_;
  std::unique_ptr<demo::ServerProcess> process_;
};

}  // namespace hanse::bench
