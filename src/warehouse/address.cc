#include "warehouse/address.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::warehouse {
namespace {

constexpr std::string_view kUrlForm = "JDBC_CONNECTION_URL must be jdbc:postgresql://HOST[:PORT]/DATABASE";
constexpr int kRedshiftPort = 5439;
constexpr std::size_t kNameMax = 255;

std::unexpected<Error> Wrong(std::string message) { return Fail(ErrorCode::kInvalidArgument, std::move(message)); }

// One host and nothing else that a client library takes for one: no list, no socket's path.
bool IsHost(std::string_view text) {
  return !text.empty() && text.size() <= kNameMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
           c == ':';
  });
}

bool IsPlain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

std::optional<int> PortOf(std::string_view text) {
  int port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535) return std::nullopt;
  return port;
}

// "host:5432", "[::1]:5432", "host"; `port` stays what it is where there is none.
bool SplitHostPort(std::string_view text, std::string* host, int* port) {
  std::string_view rest;
  if (text.starts_with('[')) {
    std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    *host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    std::size_t colon = text.find(':');
    *host = text.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
  }
  if (!IsHost(*host)) return false;
  if (rest.empty()) return true;
  auto read = rest.starts_with(':') ? PortOf(rest.substr(1)) : std::nullopt;
  if (read) *port = *read;
  return read.has_value();
}

bool OnThisMachine(std::string_view host) { return host == "localhost" || host == "127.0.0.1" || host == "::1"; }

struct Parameters {
  bool encrypted = false, verified = false;
};

Result<Parameters> ReadParameters(std::string_view query) {
  Parameters read;
  for (const std::string& one : Split(query, '&')) {
    if (one.empty()) continue;
    const std::size_t equals = one.find('=');
    const std::string name = one.substr(0, equals), value = equals == std::string::npos ? "" : one.substr(equals + 1);
    if (name == "ssl" && (value == "true" || value.empty())) {
      read.encrypted = true;
    } else if (name == "sslmode" && (value == "require" || value == "verify-ca" || value == "verify-full")) {
      read.encrypted = true;
      read.verified = read.verified || value != "require";
    } else if (name == "sslmode" && (value == "disable" || value == "allow" || value == "prefer")) {
      continue;  // TLS is asked of whoever is not on this machine, whatever the URL says.
    } else {
      // The name alone: a value may be a password.
      return Wrong("JDBC_CONNECTION_URL may have the parameters ssl and sslmode; name and password are USERNAME and PASSWORD");
    }
  }
  return read;
}

Result<Parameters> ReadUrl(std::string_view url, Address* address) {
  std::string_view rest = url;
  bool known = false;
  for (const auto& [scheme, port] :
       {std::pair<std::string_view, int>{"jdbc:postgresql://", address->port}, {"jdbc:redshift://", kRedshiftPort}}) {
    if (!rest.starts_with(scheme)) continue;
    rest.remove_prefix(scheme.size());
    address->port = port;
    known = true;
    break;
  }
  if (!known && url.starts_with("jdbc:")) {
    return Fail(ErrorCode::kUnsupported,
                "connections of JDBC lead to PostgreSQL (jdbc:postgresql:) or Redshift (jdbc:redshift:) alone");
  }
  const std::size_t slash = rest.find('/');
  if (!known || slash == std::string_view::npos) return Wrong(std::string(kUrlForm));
  if (!SplitHostPort(rest.substr(0, slash), &address->host, &address->port)) return Wrong(std::string(kUrlForm));
  rest.remove_prefix(slash + 1);
  const std::size_t question = rest.find('?');
  if (!PercentDecode(rest.substr(0, question), &address->database)) return Wrong(std::string(kUrlForm));
  return ReadParameters(question == std::string_view::npos ? std::string_view() : rest.substr(question + 1));
}

}  // namespace

Result<Address> ReadAddress(const std::map<std::string, std::string>& properties) {
  auto of = [&](const char* name) {
    auto found = properties.find(name);
    return found == properties.end() ? std::string() : found->second;
  };
  Address address;
  Parameters parameters;
  if (const std::string url = of("JDBC_CONNECTION_URL"); !url.empty()) {
    TRY_ASSIGN(parameters, ReadUrl(url, &address));
  } else {
    address.host = of("HOST");
    if (!IsHost(address.host)) return Wrong("the connection needs JDBC_CONNECTION_URL, or HOST, PORT and DATABASE");
    if (const std::string port = of("PORT"); !port.empty()) {
      auto read = PortOf(port);
      if (!read) return Wrong("PORT must be 1 to 65535");
      address.port = *read;
    }
    address.database = of("DATABASE");
  }
  address.user = of("USERNAME");
  address.password = of("PASSWORD");
  if (address.database.empty()) return Wrong("the connection names no database");
  if (address.user.empty()) return Wrong("the connection has no user: USERNAME and PASSWORD, or SECRET_ID");
  for (const std::string* text : {&address.database, &address.user, &address.password}) {
    if (!IsPlain(*text)) return Wrong("database, user and password have no control characters");
  }
  const bool enforced = EqualsIgnoreCase(of("JDBC_ENFORCE_SSL"), "true") || parameters.verified;
  const bool near = OnThisMachine(address.host) && !parameters.encrypted;
  address.encryption = enforced ? Encryption::kVerified : near ? Encryption::kPreferred : Encryption::kRequired;
  return address;
}

Result<AllowedHosts> AllowedHosts::Parse(const std::vector<std::string>& texts) {
  AllowedHosts allowed;
  for (const std::string& text : texts) {
    Host host;
    if (!SplitHostPort(text, &host.name, &host.port)) {
      return Wrong(fmt::format("--warehouse {}: give HOST or HOST:PORT, as in warehouse.example.com:5432", text));
    }
    host.name = Lower(host.name);
    allowed.hosts_.push_back(std::move(host));
  }
  return allowed;
}

Result<void> AllowedHosts::Check(const Address& address) const {
  const std::string name = Lower(address.host);
  bool allowed = std::ranges::any_of(
      hosts_, [&](const Host& host) { return host.name == name && (host.port == 0 || host.port == address.port); });
  if (allowed) return {};
  return Fail(ErrorCode::kAccessDenied, fmt::format("this server does not call {0}:{1}: its operator allows it by "
                                                    "--warehouse {0}:{1}",
                                                    address.host, address.port));
}

}  // namespace hanse::warehouse
