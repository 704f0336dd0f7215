#include "policy/document.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "policy/statement.h"
#include "policy/statement_reader.h"

namespace hanse::policy {

Document::Document(std::string text, DocumentKind kind, std::vector<Statement> statements)
    : text_(std::move(text)), kind_(kind), statements_(std::move(statements)), asks_context_(!ContextKeys().empty()) {}
Document::~Document() = default;

std::vector<std::string> Document::ContextKeys() const {
  std::vector<std::string> keys;
  for (const Statement& statement : statements_) {
    for (const ArnPattern& resource : statement.resources) resource.AddKeys(&keys);
    for (const Condition& condition : statement.conditions) condition.AddKeys(&keys);
  }
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

Result<DocumentPtr> ParseDocument(std::string_view text, DocumentKind kind) {
  auto malformed = [](std::string why) { return FailAs(ErrorCode::kInvalidArgument, "MalformedPolicyDocument", std::move(why)); };
  if (text.size() > kMaxDocumentBytes) return malformed(fmt::format("The policy is longer than {} bytes.", kMaxDocumentBytes));
  boost::json::error_code error;
  boost::json::value json = boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
  if (error) return malformed("This policy contains invalid Json");
  const boost::json::object* whole = json.if_object();
  if (whole == nullptr) return malformed("Syntax errors in policy: it must be a JSON object.");

  auto variables = PatternSyntax::Variables::kText;
  const boost::json::value* statement = nullptr;
  for (const auto& [name, value] : *whole) {
    if (name == "Version") {
      if (value == "2012-10-17")
        variables = PatternSyntax::Variables::kRead;
      else if (value != "2008-10-17")
        return malformed("Syntax errors in policy: Version must be 2012-10-17 or 2008-10-17.");
    } else if (name == "Id") {
      if (!value.is_string()) return malformed("Syntax errors in policy: Id must be text.");
    } else if (name == "Statement") {
      statement = &value;
    } else {
      return malformed(fmt::format("Syntax errors in policy: unknown element {}.", std::string_view(name)));
    }
  }
  if (statement == nullptr) return malformed("Syntax errors in policy: Statement is missing.");

  std::vector<Statement> statements;
  std::set<std::string> sids;
  auto add = [&](const boost::json::value& one) -> Result<void> {
    const std::string place = fmt::format("Statement[{}]", statements.size());
    auto read = ReadStatement(one, kind, variables, statements.size());
    if (!read) return malformed(fmt::format("Syntax errors in policy: {}: {}", place, read.error().message));
    if (!read->sid.empty() && !sids.insert(read->sid).second) {
      return malformed(fmt::format("Statement IDs (SID) in a single policy must be unique: {}", read->sid));
    }
    statements.push_back(std::move(*read));
    return {};
  };
  if (const boost::json::array* list = statement->if_array()) {
    if (list->empty()) return malformed("Syntax errors in policy: Statement is empty.");
    for (const boost::json::value& one : *list) TRY(add(one));
  } else {
    TRY(add(*statement));
  }
  return std::make_shared<const Document>(std::string(text), kind, std::move(statements));
}

}  // namespace hanse::policy
