#pragma once
#include <string>
#include <utility>

#include <fmt/format.h>

#include "steward/mesh_change.h"
#include "wire/validate.h"

namespace hanse::steward {

// Checks the input as a door would, performs, and notes what it was; what is refused says which change it was.
template <class Op, class Service>
Result<typename Op::Answer> MeshChange::Step(const Site& site, const Op& op, Service& service, char sign, std::string change) {
  auto named = [&](Error error) {
    error.message = fmt::format("{} (account {}): {}", change, site.account, error.message);
    return std::unexpected(std::move(error));
  };
  if (auto valid = wire::Validate(*Op::Wire::Descriptor().input, &op.in); !valid) return named(std::move(valid).error());
  auto answer = call_.Perform(site.as, op, service);
  if (!answer) return named(std::move(answer).error());
  steps.push_back({.account_id = site.account,
                   .change = std::move(change),
                   .operation = fmt::format("{}:{}", Op::kRule.service, Op::kRule.name),
                   .sign = std::string(1, sign)});
  return answer;
}

}  // namespace hanse::steward
