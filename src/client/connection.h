#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace hanse::client {

struct HttpRequest {
  std::string method = "POST", target = "/";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// One kept-alive connection to an http:// endpoint (the command line speaks to a server on the same machine). One thread.
class Connection {
 public:
  // "http://127.0.0.1:7700". kInvalidArgument where the URL is of another kind.
  static Result<std::unique_ptr<Connection>> To(const std::string& endpoint_url);
  virtual ~Connection() = default;
  // Connects when needed, and once again where the server had closed an idle connection. kUnavailable: nobody answers there.
  virtual Result<HttpResponse> Send(const HttpRequest& request) = 0;
  virtual const std::string& host() const = 0;  // "127.0.0.1:7700", as the Host header has it.
};

}  // namespace hanse::client
