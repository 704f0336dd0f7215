#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

// Rows that several folders read: who there is, and what the catalog holds. The folder named writes them; the others only look.
namespace hanse::store {

// A user, role or group. Written by identity/.
struct Principal {
  Id id = 0;
  AccountId account;
  std::string kind;  // "user", "role", "group"
  std::string name, path, arn, unique_id;
  TimeMs created_ms = 0;
  std::string trust;       // Roles: the trust policy's text.
  std::string definition;  // identity/'s own JSON.
};
Result<std::optional<Principal>> FindPrincipalByArn(Transaction& tx, std::string_view arn);
Result<std::optional<Principal>> FindPrincipalByName(Transaction& tx, std::string_view account, std::string_view kind,
                                                     std::string_view name);
Result<std::optional<Principal>> FindPrincipalById(Transaction& tx, Id id);

// A SAML identity provider of an account: who its assertions prove may be granted something. Written by identity/.
struct SamlProvider {
  Id id = 0;
  AccountId account;
  std::string name, arn, unique_id;
  TimeMs created_ms = 0, valid_until_ms = 0;
};
Result<std::optional<SamlProvider>> FindSamlProviderByArn(Transaction& tx, std::string_view arn);
Result<std::optional<SamlProvider>> FindSamlProviderById(Transaction& tx, Id id);
Result<std::optional<SamlProvider>> FindSamlProviderByUniqueId(Transaction& tx, std::string_view unique_id);

// Written by organisation/. `parent`: r-… or ou-…, "" where the account is in no organisation.
struct Account {
  AccountId account;
  std::string name, email, arn, status, parent;
  TimeMs joined_ms = 0;
};
Result<std::optional<Account>> FindAccount(Transaction& tx, std::string_view account);

// Where a resource link points. Empty account: it is no link.
struct LinkTarget {
  AccountId account;
  std::string region, database, table;
  explicit operator bool() const { return !account.empty(); }
};

// Written by catalog/. Names are in lower case.
struct DatabaseRow {
  Id id = 0;
  AccountId account;
  std::string region, name, location;
  LinkTarget target;
  std::string definition;  // catalog/'s own JSON.
};
Result<std::optional<DatabaseRow>> FindDatabase(Transaction& tx, std::string_view account, std::string_view region,
                                                std::string_view name);
Result<std::optional<DatabaseRow>> FindDatabaseById(Transaction& tx, Id id);
// In the order of names, after `after`, at most `limit`.
Result<std::vector<DatabaseRow>> ListDatabases(Transaction& tx, std::string_view account, std::string_view region,
                                               std::string_view after, std::int64_t limit);

struct TableRow {
  Id id = 0, database = 0;
  AccountId account;
  std::string region, database_name, name, location;
  std::vector<std::string> columns, keys;  // Names, in the table's order; keys are the partition keys.
  LinkTarget target;
  std::int64_t version = 0;
  std::string definition;  // catalog/'s own JSON.
};
Result<std::optional<TableRow>> FindTable(Transaction& tx, Id database, std::string_view name);
Result<std::optional<TableRow>> FindTableById(Transaction& tx, Id id);
Result<std::vector<TableRow>> ListTables(Transaction& tx, Id database, std::string_view after, std::int64_t limit);

// Makes the row that others hang things on; returns its id.
Result<Id> NewThing(Transaction& tx, std::string_view kind);
// Deletes a thing and all that hangs on it, in every folder's tables.
Result<void> DeleteThing(Transaction& tx, Id id);

}  // namespace hanse::store
