#pragma once
#include <cstdint>
#include <expected>
#include <string_view>

#include "doors/http/message.h"
#include "doors/http/server.h"

// The head of an HTTP/1.1 request, read strictly (RFC 9112): what two readers could take for two different things is refused, so
// that nobody in front of us and we ever disagree where a request ends ("request smuggling"). Pure.
namespace hanse::http {

enum class BodyKind { kNone, kLength, kChunked };

struct RequestHead {
  Request request;  // Method, target and headers.
  BodyKind body = BodyKind::kNone;
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool knows_chunks = true;  // HTTP/1.1.
  bool expects_continue = false;
};

struct Refusal {
  int status;
  std::string_view reason;  // For the client.
};

// `head` ends with its empty line ("\r\n\r\n"), which stands nowhere else in it.
std::expected<RequestHead, Refusal> ParseHead(std::string_view head, const Limits& limits);

}  // namespace hanse::http
