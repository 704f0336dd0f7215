#include <algorithm>
#include <string_view>

#include "model/arn.h"
#include "policy/statement.h"

namespace hanse::policy {
namespace {

// Keys whose fixed value names an owner, a network or a principal (S3 User Guide, "The meaning of public").
constexpr std::string_view kNarrowing[] = {"aws:principalorgid",
                                           "aws:principalorgpaths",
                                           "aws:principalaccount",
                                           "aws:principalarn",
                                           "aws:sourcearn",
                                           "aws:sourceaccount",
                                           "aws:sourceowner",
                                           "aws:sourcevpc",
                                           "aws:sourcevpce",
                                           "aws:sourceip",
                                           "aws:userid",
                                           "aws:sourceorgid",
                                           "s3:dataaccesspointaccount",
                                           "s3:dataaccesspointarn",
                                           "kms:calleraccount"};

constexpr int kWidestIpv4Bits = 96 + 8, kWidestIpv6Bits = 32;

bool Fixed(const Condition& condition, const std::string& value) {
  if (condition.op().comparison == Comparison::kIpAddress) {
    auto network = ParseIpNetwork(value);
    if (!network) return false;
    const bool four = network->address[10] == 0xFF && network->address[11] == 0xFF && network->address[0] == 0;
    return network->bits >= (four ? kWidestIpv4Bits : kWidestIpv6Bits);
  }
  const bool compares_whole =
      condition.op().comparison == Comparison::kString || condition.op().comparison == Comparison::kStringIgnoreCase;
  if (value.find("${") != std::string::npos) return false;
  if (compares_whole) return true;
  // In an ARN the account must be whole; elsewhere nothing may be open.
  if (condition.op().comparison == Comparison::kArn) {
    std::optional<Arn> arn = ParseArn(value);
    return arn && !arn->account.empty() && arn->account.find_first_of("*?") == std::string::npos;
  }
  if (condition.key() == "aws:principalorgpaths") return value.starts_with("o-") && value.find('/') != std::string::npos;
  return condition.op().comparison == Comparison::kStringLike && value.find_first_of("*?") == std::string::npos;
}

bool Narrows(const Condition& condition) {
  const Operator& op = condition.op();
  if (op.negated || op.if_exists || op.quantifier == Quantifier::kForAllValues || op.comparison == Comparison::kNull) return false;
  if (std::ranges::find(kNarrowing, condition.key()) == std::end(kNarrowing) || condition.values().empty()) return false;
  return std::ranges::all_of(condition.values(), [&](const std::string& value) { return Fixed(condition, value); });
}

}  // namespace

bool IsPublic(const Document& document) {
  return std::ranges::any_of(document.statements(), [](const Statement& statement) {
    if (statement.effect != Effect::kAllow) return false;
    const bool everyone =
        statement.principal_sense == Sense::kAllBut || std::ranges::any_of(statement.principals, [](const NamedPrincipal& one) {
          return one.kind == NamedPrincipal::Kind::kEveryone;
        });
    return everyone && std::ranges::none_of(statement.conditions, Narrows);
  });
}

}  // namespace hanse::policy
