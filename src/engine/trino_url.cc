#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/trino_function_of.h"
#include "engine/trino_functions.h"

// Trino's URL functions: parts as java.net.URI has them, escapes as of HTML forms.
namespace hanse::engine {

namespace {

using UrlPart = std::optional<std::string>;

std::string UrlDecode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    int byte = 0;
    std::string_view digits = text.substr(i + 1, 2);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2) {
      throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: Illegal hex characters in escape (%%) pattern");
    }
    out += static_cast<char>(byte);
    i += 2;
  }
  if (!duckdb::Value::StringIsValid(out.data(), out.size())) {
    throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: the escaped bytes are not UTF-8");
  }
  return out;
}

std::string UrlEncode(std::string_view text) {
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == ' ') {
      out += '+';
    } else if (byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-_.*").find(c) != std::string_view::npos)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

struct Url {
  UrlPart scheme, host, query, fragment;
  std::string path;
  std::optional<std::int64_t> port;
};

bool IsScheme(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0 && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
  });
}

// What stands after `mark`, which goes with it.
UrlPart CutFrom(std::string_view* rest, char mark) {
  std::size_t at = rest->find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  std::string after(rest->substr(at + 1));
  *rest = rest->substr(0, at);
  return after;
}

void ReadAuthority(std::string_view authority, Url* url) {
  if (std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    std::int64_t port = 0;
    std::string_view digits = authority.substr(colon + 1);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error == std::errc() && end == digits.data() + digits.size()) url->port = port;
    authority = authority.substr(0, colon);
  }
  if (!authority.empty()) url->host = std::string(authority);
}

// Nothing where the text is no URI.
std::optional<Url> Parse(std::string_view text) {
  bool clean = std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos;
  });
  if (!clean) return std::nullopt;
  Url url;
  url.fragment = CutFrom(&text, '#');
  url.query = CutFrom(&text, '?');
  if (std::size_t colon = text.find(':'); colon != std::string_view::npos && IsScheme(text.substr(0, colon))) {
    url.scheme = std::string(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    std::size_t slash = std::min(text.find('/'), text.size());
    ReadAuthority(text.substr(0, slash), &url);
    text.remove_prefix(slash);
  }
  url.path = text;
  return url;
}

template <class T, T Url::* kPart>
auto PartOf(std::string_view text) -> decltype(std::optional(Url{}.path)) {
  auto url = Parse(text);
  if (!url) return std::nullopt;
  return (*url).*kPart;
}

std::optional<std::int64_t> Port(std::string_view text) {
  auto url = Parse(text);
  return url ? url->port : std::nullopt;
}

// Absent parts of a URL are empty, but its host and port, which are NULL.
UrlPart OrEmpty(std::string_view text, UrlPart Url::* part) {
  auto url = Parse(text);
  if (!url) return std::nullopt;
  return ((*url).*part).value_or("");
}
UrlPart Scheme(std::string_view text) { return OrEmpty(text, &Url::scheme); }
UrlPart Query(std::string_view text) { return OrEmpty(text, &Url::query); }
UrlPart Fragment(std::string_view text) { return OrEmpty(text, &Url::fragment); }

UrlPart Parameter(std::string_view text, std::string_view name) {
  auto url = Parse(text);
  if (!url || !url->query) return std::nullopt;
  std::string_view left = *url->query;
  while (true) {
    std::size_t end = std::min(left.find('&'), left.size());
    std::string_view pair = left.substr(0, end);
    std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name) return equals == pair.size() ? "" : UrlDecode(pair.substr(equals + 1));
    if (end == left.size()) return std::nullopt;
    left.remove_prefix(end + 1);
  }
}

}  // namespace

void RegisterUrls(duckdb::ClientContext& context) {
  Register(context, OverloadsOf<UrlDecode>("hanse_url_decode"));
  Register(context, OverloadsOf<UrlEncode>("hanse_url_encode"));
  Register(context, OverloadsOf<Scheme>("hanse_url_extract_protocol"));
  Register(context, OverloadsOf<PartOf<UrlPart, &Url::host>>("hanse_url_extract_host"));
  Register(context, OverloadsOf<Port>("hanse_url_extract_port"));
  Register(context, OverloadsOf<PartOf<std::string, &Url::path>>("hanse_url_extract_path"));
  Register(context, OverloadsOf<Query>("hanse_url_extract_query"));
  Register(context, OverloadsOf<Fragment>("hanse_url_extract_fragment"));
  Register(context, OverloadsOf<Parameter>("hanse_url_extract_parameter"));
}

}  // namespace hanse::engine
