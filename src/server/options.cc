#include "server/options.h"

#include <charconv>

#include <fmt/format.h>

namespace hanse::server {

Result<HostPort> ParseHostPort(const std::string& option, const std::string& text) {
  std::size_t colon = text.rfind(':');
  int port = -1;
  if (colon != std::string::npos) {
    const char* first = text.data() + colon + 1;
    const char* last = text.data() + text.size();
    auto [end, error] = std::from_chars(first, last, port);
    if (error != std::errc() || end != last) port = -1;
  }
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (port < 0 || port > 65535 || host.empty()) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{} {}: give ADDRESS:PORT, as in 127.0.0.1:7700", option, text));
  }
  return HostPort{host, port};
}

bool IsLoopback(const std::string& host) { return host.starts_with("127.") || host == "::1" || host == "localhost"; }

Result<void> CheckListeners(const ServeOptions& options) {
  if (options.tls_cert.empty() != options.tls_key.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--tls-cert and --tls-key go together");
  }
  for (const auto& [option, text] : {std::pair<std::string, std::string>{"--listen", options.listen},
                                     {"--portal-listen", options.portal_listen},
                                     {"--pg-listen", options.pg_listen}}) {
    TRY_ASSIGN(HostPort address, ParseHostPort(option, text));
    if (!IsLoopback(address.host) && options.tls_cert.empty()) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("{} {} can be reached from other machines: give --tls-cert and --tls-key, or listen on 127.0.0.1",
                              option, text));
    }
  }
  return {};
}

}  // namespace hanse::server
