#include "doors/http/response_head.h"

#include <charconv>

#include "base/text.h"

namespace hanse::http {
namespace {

// Formatted once a second on each thread.
const std::string& DateText(TimeMs now) {
  thread_local TimeMs second = -1;
  thread_local std::string text;
  if (now / 1000 != second) {
    second = now / 1000;
    text = FormatHttpDate(now);
  }
  return text;
}

bool IsOurs(std::string_view name) {
  return EqualsIgnoreCase(name, "Content-Length") || EqualsIgnoreCase(name, "Transfer-Encoding") ||
         EqualsIgnoreCase(name, "Connection") || EqualsIgnoreCase(name, "Date");
}

void AppendNumber(std::uint64_t number, std::string* text) {
  char digits[20];
  text->append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void AppendClean(std::string_view value, std::string* text) {
  for (char c : value) text->push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
}

}  // namespace

bool HasBody(int status) { return status >= 200 && status != 204 && status != 304; }

std::string_view ReasonOf(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

std::string WriteHead(const ResponseHead& head, TimeMs now) {
  std::string text = "HTTP/1.1 ";
  text.reserve(512);
  AppendNumber(static_cast<std::uint64_t>(head.response.status), &text);
  text.append(" ").append(ReasonOf(head.response.status)).append("\r\nDate: ").append(DateText(now)).append("\r\n");
  for (const Header& header : head.response.headers) {
    if (IsOurs(header.name)) continue;
    AppendClean(header.name, &text);
    text.append(": ");
    AppendClean(header.value, &text);
    text.append("\r\n");
  }
  if (head.framing == Framing::kChunked) text.append("Transfer-Encoding: chunked\r\n");
  if (head.framing == Framing::kLength && head.content_length) {
    text.append("Content-Length: ");
    AppendNumber(*head.content_length, &text);
    text.append("\r\n");
  }
  if (head.after == After::kClose) text.append("Connection: close\r\n");
  return text.append("\r\n");
}

}  // namespace hanse::http
