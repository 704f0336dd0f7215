#pragma once
#include <boost/json/fwd.hpp>

#include "base/result.h"
#include "policy/statement.h"

namespace hanse::policy {

// Compiles one element of "Statement"; `index` counts from 0. The error says which member and what is allowed.
Result<Statement> ReadStatement(const boost::json::value& json, DocumentKind kind, PatternSyntax::Variables variables,
                                std::size_t index);

}  // namespace hanse::policy
