#include "wire/route.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace hanse::wire {
namespace {

const RouteEntry* FindByName(const Service& service, std::string_view name) {
  const auto found = std::ranges::lower_bound(service.routes, name, {}, &RouteEntry::name);
  return found == service.routes.end() || found->name != name ? nullptr : &*found;
}

Result<Routed> RouteJson(const Service& service, const RawRequest& request) {
  const std::string* target = request.Header("x-amz-target");
  if (request.method != "POST" || target == nullptr) {
    return FailAs(ErrorCode::kNotFound, "UnknownOperationException", "A request is a POST with the header X-Amz-Target.");
  }
  const std::size_t dot = target->rfind('.');
  const RouteEntry* entry = nullptr;
  if (dot != std::string::npos && std::string_view(*target).substr(0, dot) == service.target_prefix) {
    entry = FindByName(service, std::string_view(*target).substr(dot + 1));
  }
  if (entry == nullptr) return FailAs(ErrorCode::kNotFound, "UnknownOperationException", "There is no such operation.");
  return Routed{.operation = entry->operation, .name = entry->name};
}

// "/service/PREFIX/operation/NAME".
Result<Routed> RouteCbor(const Service& service, const RawRequest& request) {
  const std::string before = "/service/" + std::string(service.target_prefix) + "/operation/";
  const RouteEntry* entry = nullptr;
  if (request.method == "POST" && request.path.starts_with(before)) {
    entry = FindByName(service, std::string_view(request.path).substr(before.size()));
  }
  if (entry == nullptr) return FailAs(ErrorCode::kNotFound, "UnknownOperationException", "There is no such operation.");
  return Routed{.operation = entry->operation, .name = entry->name, .spoken = Spoken::kCbor};
}

Result<Routed> RouteQuery(const Service& service, const RawRequest& request) {
  Routed routed{.parameters = request.query};
  if (!ParseForm(request.body, &routed.parameters)) {
    return FailAs(ErrorCode::kInvalidArgument, "MalformedQueryString", "The body is not a form, or has too many parameters.");
  }
  const auto value = [&](std::string_view name) -> std::string_view {
    const auto found = std::ranges::find_if(routed.parameters, [name](const auto& pair) { return pair.first == name; });
    return found == routed.parameters.end() ? std::string_view() : found->second;
  };
  const std::string_view action = value("Action");
  if (action.empty()) return FailAs(ErrorCode::kInvalidArgument, "MissingAction", "The parameter Action is missing.");
  const RouteEntry* entry = FindByName(service, action);
  if (entry == nullptr || (!value("Version").empty() && value("Version") != service.api_version)) {
    return FailAs(ErrorCode::kNotFound, "InvalidAction",
                  "There is no such operation in version " + std::string(service.api_version) + ".");
  }
  routed.operation = entry->operation;
  routed.name = entry->name;
  routed.spoken = Spoken::kQuery;
  return routed;
}

// Matches "/{Bucket}/{Key+}" with a path; a greedy label takes the rest, of which there must be something.
bool MatchPath(std::string_view pattern, std::string_view path, Pairs* labels) {
  while (true) {
    if (!pattern.empty() && pattern.front() == '/') pattern.remove_prefix(1);
    if (!path.empty() && path.front() == '/') path.remove_prefix(1);
    if (pattern.empty() || path.empty()) return pattern.empty() && path.empty();
    const std::string_view part = pattern.substr(0, pattern.find('/'));
    const bool greedy = part.ends_with("+}");
    const std::string_view given = greedy ? path : path.substr(0, path.find('/'));
    if (part.front() == '{') {
      auto& [name, value] = labels->emplace_back(part.substr(1, part.size() - (greedy ? 3 : 2)), "");
      if (!PercentDecode(given, &value)) return false;
    } else if (part != given) {
      return false;
    }
    pattern.remove_prefix(part.size());
    path.remove_prefix(given.size());
  }
}

// How closely a request answers an entry: the more of what tells operations apart it names, the closer. Nothing: not at all.
std::optional<int> Closeness(const RouteEntry& entry, const RawRequest& request, std::string_view path, Pairs* labels) {
  if (entry.method != request.method) return std::nullopt;
  const std::size_t mark = entry.uri.find('?');
  if (!MatchPath(entry.uri.substr(0, mark), path, labels)) return std::nullopt;
  int closeness = 0;
  std::string_view selectors = mark == std::string_view::npos ? std::string_view() : entry.uri.substr(mark + 1);
  while (!selectors.empty()) {
    const std::string_view selector = selectors.substr(0, selectors.find('&'));
    selectors.remove_prefix(std::min(selectors.size(), selector.size() + 1));
    const std::size_t equals = selector.find('=');
    const std::string* given = request.Query(selector.substr(0, equals));
    if (given == nullptr || (equals != std::string_view::npos && *given != selector.substr(equals + 1))) return std::nullopt;
    closeness += 100;
  }
  for (const std::string_view name : entry.query_needed) {
    if (request.Query(name) == nullptr) return std::nullopt;
    closeness += 10;
  }
  for (const std::string_view name : entry.headers_needed) {
    if (request.Header(Lower(name)) == nullptr) return std::nullopt;
    closeness += 10;
  }
  return closeness + (entry.operation == nullptr ? 0 : 1);
}

std::string PathWithBucket(const Service& service, const RawRequest& request) {
  const std::string* host = service.protocol == Protocol::kRestXml ? request.Header("host") : nullptr;
  const std::size_t at = host == nullptr ? std::string::npos : host->find(".s3.");
  return at == std::string::npos ? request.path : "/" + host->substr(0, at) + request.path;
}

Result<Routed> RouteRest(const Service& service, const RawRequest& request) {
  const std::string path = PathWithBucket(service, request);
  Routed best;
  int closest = -1;
  for (const RouteEntry& entry : service.routes) {
    Pairs labels;
    const std::optional<int> closeness = Closeness(entry, request, path, &labels);
    if (!closeness || *closeness <= closest) continue;
    closest = *closeness;
    best = {.operation = entry.operation, .name = entry.name, .labels = std::move(labels)};
  }
  if (closest >= 0) return best;
  if (service.protocol == Protocol::kRestXml) {
    return FailAs(ErrorCode::kNotFound, "MethodNotAllowed", "The specified method is not allowed against this resource.");
  }
  return FailAs(ErrorCode::kNotFound, "UnknownOperationException", "There is no such operation.");
}

}  // namespace

Spoken SpokenIn(const Service& service, std::string_view smithy_protocol, std::string_view content_type) {
  if (service.protocol == Protocol::kQuery) return Spoken::kQuery;
  if (service.protocol != Protocol::kJson) return Spoken::kOwn;
  if (smithy_protocol == "rpc-v2-cbor") return Spoken::kCbor;
  const bool form = Lower(content_type).starts_with("application/x-www-form-urlencoded");
  return form && !service.xml_uri.empty() ? Spoken::kQuery : Spoken::kOwn;
}

Result<Routed> Route(const Service& service, const RawRequest& request) {
  const std::string* smithy = request.Header("smithy-protocol");
  const std::string* type = request.Header("content-type");
  switch (SpokenIn(service, smithy ? *smithy : "", type ? *type : "")) {
    case Spoken::kCbor: return RouteCbor(service, request);
    case Spoken::kQuery: return RouteQuery(service, request);
    case Spoken::kOwn: break;
  }
  switch (service.protocol) {
    case Protocol::kJson: return RouteJson(service, request);
    case Protocol::kQuery: return RouteQuery(service, request);
    case Protocol::kRestJson:
    case Protocol::kRestXml: return RouteRest(service, request);
  }
  return Fail(ErrorCode::kInternal, "unknown protocol");
}

}  // namespace hanse::wire
