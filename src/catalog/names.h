#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gate/gate.h"

// How the catalog's things are named: accounts, names in lower case, ARNs, places in S3; and what a caller needs in IAM to touch
// them.
namespace hanse::catalog {

// The account whose catalog a request is about: its CatalogId, or the caller's own. kNotFound where it is no account's number
// (nested catalogs do not exist here).
Result<AccountId> CatalogOf(const gate::Context& context, const std::optional<std::string>& catalog_id);

// The name in lower case. kInvalidArgument where ARNs or rows could not hold it: '/', '*', '?', control characters, nothing at all.
Result<std::string> FoldName(std::string_view member, std::string_view name);

std::string CatalogArn(std::string_view region, std::string_view account);
std::string DatabaseArn(std::string_view region, std::string_view account, std::string_view database);
std::string TableArn(std::string_view region, std::string_view account, std::string_view database, std::string_view table);
std::string CrawlerArn(std::string_view region, std::string_view account, std::string_view crawler);

// What an action takes in IAM: it must be allowed on the catalog, on the database and on the table ("Actions, resources, and
// condition keys for AWS Glue": the parents of a resource are asked for too). Names as the request has them; they are folded.
struct Names {
  std::string database;  // "*": every one.
  std::string table;
};
Result<std::vector<gate::Need>> NeedOnCatalog(std::string_view action, const gate::Context& context,
                                              const std::optional<std::string>& catalog_id);
Result<std::vector<gate::Need>> NeedOnDatabase(std::string_view action, const gate::Context& context,
                                               const std::optional<std::string>& catalog_id,
                                               const std::optional<std::string>& database);
Result<std::vector<gate::Need>> NeedOnTable(std::string_view action, const gate::Context& context,
                                            const std::optional<std::string>& catalog_id,
                                            const std::optional<std::string>& database, const std::optional<std::string>& table);
// The same for a thing whose account and region are known: the target of a link.
std::vector<gate::Need> NeedsAt(std::string_view action, std::string_view region, const AccountId& owner, const Names& names);

// "s3://bucket/prefix", with the spellings s3a:// and s3n:// and upper-case schemes made one, so that no spelling walks past a
// registered location. Other schemes stay as they are; "" stays "".
std::string NormalLocation(std::string_view location);
// Bucket and prefix of "s3://bucket/prefix"; false where it is no such place.
bool ParseS3Location(std::string_view location, std::string* bucket, std::string* prefix);
// Whether `location` is `root` or lies below it, folder by folder ("s3://b/ab" does not lie below "s3://b/a").
bool LiesBelow(std::string_view location, std::string_view root);

}  // namespace hanse::catalog
