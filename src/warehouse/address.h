#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Where a warehouse is, and which the server may call. Pure. Source of the properties' names: AWS Glue API Reference, "Connection",
// ConnectionPropertyKey.
namespace hanse::warehouse {

// A warehouse on this machine is spoken to as it likes, any other in TLS alone; kVerified: its certificate must be trusted and
// name the host.
enum class Encryption : std::uint8_t { kPreferred, kRequired, kVerified };

struct Address {
  std::string host;
  int port = 5432;
  std::string database, user, password;
  Encryption encryption = Encryption::kRequired;
};

// Of a connection's properties: JDBC_CONNECTION_URL (jdbc:postgresql://HOST[:PORT]/DATABASE, jdbc:redshift://…) or HOST, PORT and
// DATABASE; USERNAME, PASSWORD; JDBC_ENFORCE_SSL. kUnsupported names what leads elsewhere, kInvalidArgument what is missing or
// wrong; no error repeats a value of theirs.
Result<Address> ReadAddress(const std::map<std::string, std::string>& properties);

// THE SECURITY RULE. A connection is anybody's text: without this list whoever may make one could have the server call any host
// that it reaches. Only what the operator names is called, by the very name that the connection gives; nothing named, nothing
// called.
class AllowedHosts {
 public:
  AllowedHosts() = default;
  // "HOST" (any port of it), "HOST:PORT", "[::1]:5432". kInvalidArgument names the option.
  static Result<AllowedHosts> Parse(const std::vector<std::string>& texts);
  // kAccessDenied says how the host is allowed.
  Result<void> Check(const Address& address) const;

 private:
  struct Host {
    std::string name;  // In lower case.
    int port = 0;      // 0: any.
  };
  std::vector<Host> hosts_;
};

}  // namespace hanse::warehouse
