#pragma once
#include <map>
#include <string>
#include <vector>

#include "governance/row_policy_rows.h"
#include "model/caller.h"
#include "policy/lake_decide.h"
#include "store/directory.h"

// Which row-level security policies bind a caller on a table (lakeformation-2026.md, semantics 2 and 5). The owner's bind
// everybody, administrators and other accounts included; a consumer's those of its own account, whichever way they come to the
// table. A policy binds whom its attachment names (itself, its account, its organisation or unit); the default of a resource binds
// whomever no attachment to that resource names. All that bind must hold. Any thread.
namespace hanse::governance {

// The keys by which an attachment names a caller.
std::vector<std::string> NamingKeys(const Caller& caller);

// Of attachments that are about a table, those that bind the caller. Pure. A condition that cannot be read binds.
std::vector<policy::Restriction> Binding(const std::vector<AttachmentRow>& attachments, const Caller& caller);

// All policies that bind the caller on the table. Empty: none applies, and a reader that cannot apply rows may be served.
Result<std::vector<policy::Restriction>> RestrictionsOn(store::Transaction& tx, const Caller& caller, const store::TableRow& table);

// The types of the table's columns and keys, by name in lower case.
std::map<std::string, std::string> TypesOf(const store::TableRow& table);

}  // namespace hanse::governance
