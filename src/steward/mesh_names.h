#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "governance/grant_rows.h"
#include "steward/mesh_document.h"
#include "store/store.h"
#include "wire/lakeformation.h"

// What a mesh document calls things, as the services call them, and back.
namespace hanse::steward {

// A name or number of an account. kNotFound; kInvalidArgument where two accounts have that name.
Result<AccountId> AccountNamed(store::Transaction& tx, std::string_view text);
// Whom a document means, as Lake Formation writes it: an ARN, an account, ACCOUNT:IAMPrincipals, IAM_ALLOWED_PRINCIPALS.
// "role/NAME" and "user/NAME" are of `account`, "ACCOUNT/role/NAME" of another.
Result<std::string> PrincipalNamed(store::Transaction& tx, std::string_view account, std::string_view text);

// What a written grant is on, in the catalog of `account`.
Result<wire::lakeformation::Resource> ResourceOf(std::string_view account, const WrittenGrant& grant);
// "DATABASE", "DATABASE.TABLE", "DATABASE.TABLE.COLUMN"
Result<wire::lakeformation::Resource> ThingNamed(std::string_view account, std::string_view text);

// What a grant or an attachment is on, as a document writes it. False where it has no word for it.
bool WriteResource(const wire::lakeformation::Resource& on, WrittenGrant* grant);
Terms TermsOf(const std::vector<wire::lakeformation::LFTag>& expression);
std::vector<wire::lakeformation::LFTag> ExpressionOf(const Terms& terms);

// A row of the grant table as a document writes it. Nothing where what it is on is gone.
Result<std::optional<WrittenGrant>> Written(store::Transaction& tx, const governance::GrantRow& row);
Result<std::string> ShownPrincipal(store::Transaction& tx, const governance::GrantRow& row);

}  // namespace hanse::steward
