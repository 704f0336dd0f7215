#include "query/reusable_results.h"

#include <fmt/format.h>

#include "crypto/digest.h"

namespace hanse::query {

std::string ReusableResults::KeyOf(const Execution& execution) {
  const auto& definition = execution.definition;
  std::string text;
  auto add = [&](std::string_view part) { text += fmt::format("{}:{};", part.size(), part); };
  for (const std::string& part : {execution.caller, execution.account, execution.region, execution.workgroup}) add(part);
  const auto& context = definition.query_execution_context;
  add(context ? context->catalog.value_or("") : "");
  add(context ? context->database.value_or("") : "");
  add(definition.query.value_or(""));
  for (const std::string& parameter : definition.execution_parameters.value_or(std::vector<std::string>{})) add(parameter);
  return crypto::Sha256(text);
}

void ReusableResults::Keep(const std::string& key, GivenAnswer answer) {
  if (answer.grounds.size() > kTablesMax) return;
  std::lock_guard lock(mutex_);
  if (answers_.insert_or_assign(key, std::move(answer)).second) order_.push_back(key);
  if (order_.size() <= kKeptMax) return;
  answers_.erase(order_.front());
  order_.pop_front();
}

std::optional<GivenAnswer> ReusableResults::Find(const std::string& key) const {
  std::lock_guard lock(mutex_);
  auto found = answers_.find(key);
  if (found == answers_.end()) return std::nullopt;
  return found->second;
}

}  // namespace hanse::query
