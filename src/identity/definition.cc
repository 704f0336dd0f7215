#include "identity/definition.h"

#include <set>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"

namespace hanse::identity {
namespace {

namespace json = boost::json;

json::object TagsObject(const Tags& tags) {
  json::object object;
  for (const auto& [key, value] : tags) object[key] = value;
  return object;
}

Tags ReadTags(const json::value* value) {
  Tags tags;
  if (value == nullptr || !value->is_object()) return tags;
  for (const auto& [key, one] : value->get_object()) {
    if (one.is_string()) tags[std::string(key)] = std::string(one.get_string());
  }
  return tags;
}

json::value Parse(std::string_view text) {
  json::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  return error ? json::value(json::object()) : value;
}

}  // namespace

std::string Definition::ToJson() const {
  json::object object;
  if (!description.empty()) object["description"] = description;
  if (!service.empty()) object["service"] = service;
  object["max_session_s"] = max_session_s;
  if (!tags.empty()) object["tags"] = TagsObject(tags);
  return json::serialize(object);
}

Definition Definition::FromJson(std::string_view text) {
  Definition made;
  json::value value = Parse(text);
  const json::object* object = value.if_object();
  if (object == nullptr) return made;
  auto read = [&](const char* key, std::string* into) {
    const json::value* found = object->if_contains(key);
    if (found != nullptr && found->is_string()) *into = std::string(found->get_string());
  };
  read("description", &made.description);
  read("service", &made.service);
  if (const json::value* found = object->if_contains("max_session_s"); found != nullptr && found->is_int64()) {
    made.max_session_s = static_cast<std::int32_t>(found->get_int64());
  }
  made.tags = ReadTags(object->if_contains("tags"));
  return made;
}

std::string TagsToJson(const Tags& tags) { return json::serialize(TagsObject(tags)); }

Tags TagsFromJson(std::string_view text) {
  json::value value = Parse(text);
  return ReadTags(&value);
}

Result<void> AddTags(const std::vector<std::pair<std::string, std::string>>& more, Tags* tags) {
  std::set<std::string> seen;
  for (const auto& [key, value] : more) {
    if (Lower(key).starts_with("aws:")) {
      return FailAs(ErrorCode::kInvalidArgument, "InvalidInput",
                    fmt::format("Tag key {} begins with aws:, which is reserved.", key));
    }
    if (!seen.insert(Lower(key)).second) {
      return FailAs(ErrorCode::kInvalidArgument, "InvalidInput",
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    RemoveTag(key, tags);
    (*tags)[key] = value;
  }
  if (tags->size() > kMaxTags) {
    return FailAs(ErrorCode::kLimitExceeded, "LimitExceeded",
                  fmt::format("The number of tags has reached the maximum limit of {}.", kMaxTags));
  }
  return {};
}

void RemoveTag(std::string_view key, Tags* tags) {
  std::erase_if(*tags, [&](const auto& one) { return EqualsIgnoreCase(one.first, key); });
}

Tags Overlay(Tags under, const Tags& over) {
  for (const auto& [key, value] : over) {
    RemoveTag(key, &under);
    under[key] = value;
  }
  return under;
}

}  // namespace hanse::identity
