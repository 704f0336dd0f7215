#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "model/caller.h"
#include "policy/lake.h"
#include "store/directory.h"

namespace hanse::gate {

// A location that is registered with Lake Formation.
struct RegisteredLocation {
  AccountId account;     // Who registered it.
  std::string arn;       // arn:aws:s3:::bucket/prefix
  std::string role_arn;  // The role that reads it; empty: it is gone, and nobody reads.
  bool hybrid = false;   // Whom IAM_ALLOWED_PRINCIPALS lets in (TableAccess::by_iam) reads with its own rights in S3.
};

// What an engine outside the server may be given of a catalog's tables (lakeformation.md, section 6.1).
struct OutsideReading {
  bool full_tables = false;  // Tables that the caller may read whole: it need not be trusted.
  bool filters = false;      // The caller is an engine that is trusted to apply columns, rows and cells itself.
};

// The registration that counts for a reader with this access: none where it goes by its own rights in S3.
inline std::optional<RegisteredLocation> Counting(std::optional<RegisteredLocation> found, const policy::TableAccess& access) {
  if (found && found->hybrid && access.by_iam) found.reset();
  return found;
}

// The second door. governance/ implements it, server/ connects it; catalog/ and query/ ask it. Any thread; reads in the caller's
// transaction, so that every grant, tag and setting of before counts, and nothing is cached.
class Lake {
 public:
  virtual ~Lake() = default;

  // What `caller` may do with a database or table of any account (never with a link itself: links are rows of their own and are
  // asked about as such). Unknown or gone: nothing.
  virtual Result<policy::TableAccess> OnTable(store::Transaction& tx, const Caller& caller, const store::TableRow& table) = 0;
  virtual Result<policy::DatabaseAccess> OnDatabase(store::Transaction& tx, const Caller& caller,
                                                    const store::DatabaseRow& database) = 0;
  // CREATE_DATABASE, CREATE_LF_TAG… on the catalog of `account`.
  virtual Result<policy::PermissionSet> OnCatalog(store::Transaction& tx, const Caller& caller, std::string_view account,
                                                  std::string_view region) = 0;
  // Whether `caller` may attach metadata to the S3 path "s3://bucket/prefix/": true where it is not registered, or by
  // DATA_LOCATION_ACCESS (lakeformation.md 2.9; the exemption below the database's own location included).
  virtual Result<bool> MayUseLocation(store::Transaction& tx, const Caller& caller, std::string_view account,
                                      std::string_view region, std::string_view s3_path, const store::DatabaseRow* within) = 0;
  // The registration with whose role a table of `account`'s catalog at this path is read: the longest prefix among the account's
  // own; else among those of accounts that have given somebody in `account` DATA_LOCATION_ACCESS there (a stranger's table over
  // somebody's registered data never borrows the owner's role). Nothing: not registered, the caller's own S3 rights decide.
  virtual Result<std::optional<RegisteredLocation>> LocationOf(store::Transaction& tx, std::string_view account,
                                                               std::string_view region, std::string_view s3_path) = 0;
  // What the settings of `account`'s catalog let the caller read outside, and where it is another one's, those of the caller's own
  // account too.
  virtual Result<OutsideReading> OutsideReadingOf(store::Transaction& tx, const Caller& caller, std::string_view account,
                                                  std::string_view region) = 0;
  // Whether an account other than the owner's has been given anything in the owner's catalog (by grant or share), so that the
  // owner's side of a cross-account Glue call is open.
  virtual Result<bool> SharedWith(store::Transaction& tx, std::string_view owner, std::string_view region,
                                  const Caller& consumer) = 0;

  // Whether the copy that `owner` receives of an access to its tables may name the reader: as the settings of the reader's own
  // account say (TrustedResourceOwners).
  virtual Result<bool> NamesReaderTo(store::Transaction& tx, const Caller& reader, std::string_view region,
                                     std::string_view owner) = 0;

  // Called in the transaction that makes the thing: the creator's grants, and those of IAM_ALLOWED_PRINCIPALS as the settings (or
  // the database's own defaults, `create_table_defaults_all`) say.
  virtual Result<void> DatabaseCreated(store::Transaction& tx, const Caller& creator, const store::DatabaseRow& database) = 0;
  virtual Result<void> TableCreated(store::Transaction& tx, const Caller& creator, const store::TableRow& table,
                                    const store::DatabaseRow& in) = 0;
  // The settings' CreateTableDefaultPermissions as JSON of the wire's PrincipalPermissions list, for CreateDatabase to copy.
  virtual Result<bool> TableDefaultsAllowIam(store::Transaction& tx, std::string_view account, std::string_view region) = 0;
};

}  // namespace hanse::gate
