#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hanse::identity {

// Keys as they were given; two keys that differ by case alone are the same key.
using Tags = std::map<std::string, std::string>;

inline constexpr std::size_t kMaxTags = 50;

// What a user, role or group is beyond its columns in store::Principal: store::Principal::definition, as JSON.
struct Definition {
  std::string description;
  std::int32_t max_session_s = 3600;
  std::string service;  // The service that a service-linked role belongs to.
  Tags tags;

  std::string ToJson() const;
  static Definition FromJson(std::string_view json);  // Ours: what is not there has its default.
};

std::string TagsToJson(const Tags& tags);
Tags TagsFromJson(std::string_view json);

// Adds tags over those that are there, case aside. kLimitExceeded beyond kMaxTags; kInvalidArgument for a key given twice and for
// keys of AWS's own ("aws:…").
Result<void> AddTags(const std::vector<std::pair<std::string, std::string>>& more, Tags* tags);
void RemoveTag(std::string_view key, Tags* tags);
// `over` wins where keys are the same but for case.
Tags Overlay(Tags under, const Tags& over);

}  // namespace hanse::identity
