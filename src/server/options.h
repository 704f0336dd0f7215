#pragma once
#include <string>
#include <vector>

#include "base/result.h"

namespace hanse::server {

// What `hanse serve` was told.
struct ServeOptions {
  std::string data;
  std::string listen = "127.0.0.1:7700";         // AWS APIs.
  std::string portal_listen = "127.0.0.1:7701";  // The governance API, and the portal to come.
  std::string pg_listen = "127.0.0.1:7702";      // PostgreSQL wire.
  std::string tls_cert, tls_key;
  std::string management_account = "111111111111";
  std::string region = "us-east-1";
  std::vector<std::string> warehouses;  // Hosts that connections of the catalog may lead to: "HOST" or "HOST:PORT".
  std::string warehouse_ca = "/etc/ssl/certs/ca-certificates.crt";  // Whom connections with JDBC_ENFORCE_SSL trust (PEM).
  std::vector<std::string> saml_audiences;                          // What SAML providers call this mesh, beside AWS's own names.
  int history_days = 0;                                             // How far back the time machine reaches; 0: for ever.
};

struct HostPort {
  std::string host;
  int port = 0;
};

// "127.0.0.1:7700", "[::1]:7700". kInvalidArgument names the option.
Result<HostPort> ParseHostPort(const std::string& option, const std::string& text);
// Whether only this machine can reach the address.
bool IsLoopback(const std::string& host);
// Refuses what would speak to other machines in plain: not loopback and no TLS.
Result<void> CheckListeners(const ServeOptions& options);

}  // namespace hanse::server
