#include "doors/http/request_head.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace hanse::http {
namespace {

using Parsed = std::expected<void, Refusal>;

std::unexpected<Refusal> Refuse(int status, std::string_view reason) { return std::unexpected(Refusal{status, reason}); }

// "token" of RFC 9110, section 5.6.2.
bool IsToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

Parsed ParseRequestLine(std::string_view line, RequestHead* head, bool* is_1_1, const Limits& limits) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || first == last) return Refuse(400, "the request line is not METHOD TARGET VERSION");
  const std::string_view method = line.substr(0, first), target = line.substr(first + 1, last - first - 1),
                         version = line.substr(last + 1);
  if (!IsToken(method) || method.size() > 32) return Refuse(400, "the method is not a token");
  if (target.size() > limits.target_bytes_max) return Refuse(414, "the target is too long");
  const bool plain = std::ranges::all_of(target, [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '#'; });
  if (!plain || !(target.starts_with('/') || (method == "OPTIONS" && target == "*"))) {
    return Refuse(400, "the target is not a path with percent-encoding");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return Refuse(505, "the version is neither HTTP/1.1 nor HTTP/1.0");
  *is_1_1 = version == "HTTP/1.1";
  head->request.method = method;
  head->request.target = target;
  return {};
}

Parsed ParseField(std::string_view line, Headers* headers) {
  if (line.starts_with(' ') || line.starts_with('\t')) return Refuse(400, "a header may not go on in another line");
  const std::size_t colon = line.find(':');
  if (colon == line.npos || !IsToken(line.substr(0, colon))) return Refuse(400, "a header's name is not a token followed by ':'");
  const std::string_view value = Trim(line.substr(colon + 1));
  const bool plain = std::ranges::all_of(value, [](unsigned char c) { return (c >= 0x20 && c != 0x7f) || c == '\t'; });
  if (!plain) return Refuse(400, "a header has a control character");
  headers->Add(std::string(line.substr(0, colon)), std::string(value));
  return {};
}

bool HasWord(std::string_view list, std::string_view word) {
  for (const std::string& part : Split(list, ',')) {
    if (EqualsIgnoreCase(Trim(part), word)) return true;
  }
  return false;
}

Parsed ReadLength(std::string_view text, std::uint64_t* length) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *length);
  if (text.empty() || text[0] < '0' || text[0] > '9' || error != std::errc() || end != text.data() + text.size()) {
    return Refuse(400, "Content-Length is not a number");
  }
  return {};
}

// What RFC 9112, section 6.3 says about the length of the body, and nothing that it leaves open.
Parsed FindBody(RequestHead* head, bool is_1_1, const Limits& limits) {
  const Headers& headers = head->request.headers;
  const std::size_t codings = headers.Count("Transfer-Encoding"), lengths = headers.Count("Content-Length");
  if (codings > 0 && lengths > 0) return Refuse(400, "both Content-Length and Transfer-Encoding");
  if (lengths > 1) return Refuse(400, "more than one Content-Length");
  if (codings > 0) {
    if (!is_1_1 || codings > 1 || !EqualsIgnoreCase(headers.Get("Transfer-Encoding"), "chunked")) {
      return Refuse(is_1_1 ? 501 : 400, "the only Transfer-Encoding is chunked");
    }
    head->body = BodyKind::kChunked;
  } else if (lengths == 1) {
    if (auto read = ReadLength(headers.Get("Content-Length"), &head->content_length); !read) return read;
    if (head->content_length > limits.body_bytes_max) return Refuse(413, "the body is too large");
    head->body = head->content_length > 0 ? BodyKind::kLength : BodyKind::kNone;
  }
  return {};
}

Parsed ReadConnection(RequestHead* head, bool is_1_1) {
  const Headers& headers = head->request.headers;
  if (headers.Count("Host") != 1 && (is_1_1 || headers.Count("Host") > 1)) return Refuse(400, "there must be one Host");
  bool close = false, keep = false;
  for (const Header& header : headers) {
    if (!EqualsIgnoreCase(header.name, "Connection")) continue;
    close |= HasWord(header.value, "close");
    keep |= HasWord(header.value, "keep-alive");
  }
  head->knows_chunks = is_1_1;
  head->keep_alive = !close && (is_1_1 || keep);
  if (const std::string* expect = headers.Find("Expect")) {
    if (!EqualsIgnoreCase(*expect, "100-continue")) return Refuse(417, "the only expectation is 100-continue");
    head->expects_continue = is_1_1 && head->body != BodyKind::kNone;
  }
  return {};
}

}  // namespace

std::expected<RequestHead, Refusal> ParseHead(std::string_view text, const Limits& limits) {
  RequestHead head;
  bool is_1_1 = true;
  bool first = true;
  if (!text.ends_with("\r\n\r\n")) return Refuse(400, "the head does not end");
  text.remove_suffix(2);
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    if (first && line.size() > limits.target_bytes_max + 64) return Refuse(414, "the target is too long");
    const Parsed parsed = first ? ParseRequestLine(line, &head, &is_1_1, limits) : ParseField(line, &head.request.headers);
    if (!parsed) return std::unexpected(parsed.error());
    if (head.request.headers.size() > limits.headers_max) return Refuse(431, "there are too many headers");
    first = false;
  }
  if (auto found = FindBody(&head, is_1_1, limits); !found) return std::unexpected(found.error());
  if (auto read = ReadConnection(&head, is_1_1); !read) return std::unexpected(read.error());
  return head;
}

}  // namespace hanse::http
