// The head of a request: whatever comes, it is taken apart or refused, and what is taken has one meaning only.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "doors/http/request_head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  text = text.substr(0, text.find("\r\n\r\n")) + "\r\n\r\n";
  const auto head = hanse::http::ParseHead(text, {});
  if (!head) {
    if (head.error().status < 400 || head.error().reason.empty()) std::abort();
    return 0;
  }
  const auto& headers = head->request.headers;
  if (headers.Count("Content-Length") > 0 && headers.Count("Transfer-Encoding") > 0) std::abort();
  if (!head->request.target.starts_with('/') && head->request.target != "*") std::abort();
  for (const auto& header : headers) {
    if ((header.name + header.value).find_first_of(std::string("\r\n\0", 3)) != std::string::npos) std::abort();
  }
  // Written again, it is the same.
  std::string again = head->request.method + " " + head->request.target + (head->knows_chunks ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
  for (const auto& header : headers) again += header.name + ": " + header.value + "\r\n";
  const auto twin = hanse::http::ParseHead(again + "\r\n", {});
  if (!twin || twin->content_length != head->content_length || twin->body != head->body) std::abort();
  return 0;
}
