#pragma once
#include <sstream>
#include <string>

#include "wire/request.h"
#include "wire/route.h"

namespace hanse::wire {

// For tests and the fuzz target: a request as testdata/requests/CASE.http tells it ("service METHOD target", headers "name: value",
// an empty line, the body). `service` is nullptr where there is none of that name.
inline RawRequest ReadRequest(const std::string& text, const Service** service) {
  RawRequest request;
  std::string target, service_name, line;
  std::istringstream in(text);
  std::getline(in, line);
  std::istringstream(line) >> service_name >> request.method >> target;
  *service = FindService(service_name);
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) (void)ParseForm(std::string_view(target).substr(mark + 1), &request.query);
  while (std::getline(in, line) && !line.empty()) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  if (in) request.body = text.substr(static_cast<std::size_t>(in.tellg()));
  return request;
}

}  // namespace hanse::wire
