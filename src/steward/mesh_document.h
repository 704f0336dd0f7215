#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/lakeformation.h"

// The mesh as one YAML file (docs/guide/mesh-file.md): what `hanse plan`, `apply` and `export` read and write. A section that is
// absent is left alone; one that is there is the whole of what it is about.
namespace hanse::steward {

using Terms = std::map<std::string, std::vector<std::string>>;  // Tag -> values.

struct WrittenAccount {
  std::string name, email, unit;  // unit: "Domains" or "Domains/Retail"; empty: where it is, a new one at the root.
};

struct WrittenFilter {
  std::string table, name;  // "DATABASE.TABLE"
  std::string rows;         // Empty: all.
  std::vector<std::string> columns, except;
};

// One grant to one principal; exactly one of what it is on. Of row policies and opt-ins: for whom and where, without rights.
struct WrittenGrant {
  std::string to;  // An ARN, an account's name or number, "everyone in ACCOUNT", "role/NAME", IAM_ALLOWED_PRINCIPALS.
  bool catalog = false;
  std::string database, all_tables, table, filter, location;  // filter: "DATABASE.TABLE/NAME"; location: "s3://bucket/prefix"
  std::vector<std::string> columns, except;                   // Of `table`.
  std::optional<Terms> tables, databases, tag;
  std::string tables_expression, databases_expression;  // The name of a saved one.
  std::string expression, row_policy;                   // Rights on these themselves.
  std::vector<std::string> can, pass_on;
  std::string condition;
};

// A row-level security policy and what it is attached to.
struct WrittenRowPolicy {
  std::string name, rows;
  std::map<std::string, std::string> columns;  // What `rows` reads -> its type; empty: any.
  std::vector<WrittenGrant> attached;          // On table, all_tables, tables or tables_expression; `to` empty: the default there.
};

struct WrittenCatalog {
  std::string account;  // Name or number.
  std::string as;       // The role that changes it; empty: OrganizationAccountAccessRole, or the caller where it is its own.
  std::optional<std::vector<std::string>> admins;
  std::optional<bool> open_to_iam;  // Whether what is created is open to IAM_ALLOWED_PRINCIPALS.
  std::optional<Terms> tags;
  std::optional<std::map<std::string, std::map<std::string, std::string>>> assignments;  // "DB[.TABLE[.COLUMN]]" -> tag -> value
  std::optional<std::map<std::string, Terms>> expressions;                               // Saved ones, by name.
  std::optional<std::vector<WrittenFilter>> filters;
  std::optional<std::vector<WrittenRowPolicy>> row_policies;
  std::optional<std::vector<WrittenGrant>> opt_ins;  // On database, table or all_tables.
  std::optional<std::vector<WrittenGrant>> grants;
};

struct MeshDocument {
  std::vector<std::string> units;
  std::vector<WrittenAccount> accounts;
  std::vector<WrittenCatalog> catalogs;
};

// kInvalidArgument names the line and what is wrong: an unknown key is an error, not a comment.
Result<MeshDocument> ReadMesh(std::string_view yaml);
std::string WriteMesh(const MeshDocument& mesh);

}  // namespace hanse::steward
