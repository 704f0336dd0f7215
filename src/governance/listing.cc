#include "governance/listing.h"

#include <algorithm>

#include "base/text.h"
#include "governance/grantee.h"
#include "governance/location_rows.h"
#include "governance/office.h"
#include "governance/page.h"
#include "governance/refusals.h"
#include "governance/rights.h"
#include "governance/settings_rows.h"
#include "governance/shown_grants.h"
#include "governance/target.h"
#include "governance/visibility.h"
#include "policy/lake_decide.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;
using policy::Permission;
using policy::PermissionSet;

constexpr std::int64_t kChunk = 500;
constexpr std::size_t kMaxRows = 1000;

bool IsTableKind(GrantKind kind) {
  return kind == GrantKind::kTable || kind == GrantKind::kAllTables || kind == GrantKind::kColumns ||
         kind == GrantKind::kAllButColumns || kind == GrantKind::kCells;
}

// Which rows a question is about, besides the catalog.
struct Question {
  std::optional<std::string> principal;  // A key.
  std::optional<Target> target;
  std::string type;
  bool related = false;

  bool Fits(const GrantRow& row) const {
    if (principal && row.principal != *principal) return false;
    return FitsType(row.kind) && (!target || FitsTarget(row));
  }

 private:
  bool FitsType(GrantKind kind) const {
    if (type.empty() || type == "ANY_RESOURCE") return true;
    if (type == "CATALOG") return kind == GrantKind::kCatalog;
    if (type == "DATABASE") return kind == GrantKind::kDatabase;
    if (type == "TABLE") return IsTableKind(kind) && (related || kind != GrantKind::kCells);
    if (type == "DATA_LOCATION") return kind == GrantKind::kLocation;
    if (type == "LF_TAG") return kind == GrantKind::kTag;
    if (type == "LF_TAG_POLICY_DATABASE") return kind == GrantKind::kDatabasesByTag;
    if (type == "LF_TAG_POLICY_TABLE") return kind == GrantKind::kTablesByTag;
    if (type == "LF_TAG_POLICY") return kind == GrantKind::kDatabasesByTag || kind == GrantKind::kTablesByTag;
    return type == "LF_NAMED_TAG_EXPRESSION" && kind == GrantKind::kExpression;
  }

  bool FitsTarget(const GrantRow& row) const {
    if (target->kind == GrantKind::kTag) {
      bool wanted = std::ranges::any_of(target->values,
                                        [&](const std::string& v) { return v == "*" || v == row.detail || row.detail == "*"; });
      return row.kind == GrantKind::kTag && row.object == target->tag.id && wanted;
    }
    if (target->kind == GrantKind::kTable || target->kind == GrantKind::kColumns || target->kind == GrantKind::kAllButColumns) {
      if (row.object != target->table->id) return false;
      return row.kind != GrantKind::kCells || related;
    }
    return row.resource_key == target->Rows().front().resource_key;
  }
};

// Who may see a row of the grant table.
class Sight {
 public:
  Sight(const gate::Call& call, const AccountId& owner)
      : caller_(call.caller()), foreign_(caller_.account != owner), own_(OwnKeys(caller_)) {
    if (foreign_) account_ = AccountKeys(caller_);
  }
  Result<void> Load(const gate::Call& call, const std::optional<Target>& target) {
    TRY_ASSIGN(Office office, OfficeOf(call.tx(), caller_, caller_.account, call.info().region));
    whole_ = office != Office::kNone;
    if (!whole_ && target) {
      TRY_ASSIGN(passes_, MayPass(call, *target));
    }
    return {};
  }
  bool whole() const { return whole_; }
  bool Shows(const GrantRow& row) const {
    bool mine = Has(own_, row.principal);
    if (!foreign_) return mine || (row.keeper == caller_.account && (whole_ || passes_));
    // What the owner gave straight to somebody here is theirs alone (section 5.6).
    if (row.keeper == caller_.account) return mine || whole_ || passes_;
    return mine || (whole_ && row.open && Has(account_, row.principal));
  }

 private:
  static bool Has(const std::vector<std::string>& keys, const std::string& key) {
    return std::ranges::find(keys, key) != keys.end();
  }

  // Who may pass something on sees to whom it was given.
  Result<bool> MayPass(const gate::Call& call, const Target& target) {
    PermissionSet may;
    if (target.table) {
      TRY_ASSIGN(policy::TableAccess access, RightsOnTable(call.tx(), caller_, *target.table, Which::kGrantable));
      return access.visible;
    }
    if (target.database) {
      TRY_ASSIGN(may, RightsOnDatabase(call.tx(), caller_, *target.database, Which::kGrantable));
    }
    return !may.empty();
  }

  const Caller& caller_;
  bool foreign_, whole_ = false, passes_ = false;
  std::vector<std::string> own_, account_;
};

// A thing that is not there, or not for the caller, reads the same (section 2.12).
Result<void> CheckVisible(const gate::Call& call, const Target& target, bool administers) {
  bool visible = true;
  if (target.table) {
    TRY_ASSIGN(policy::TableAccess access, RightsOnTable(call.tx(), call.caller(), *target.table, Which::kHeld));
    visible = access.visible;
  } else if (target.database) {
    TRY_ASSIGN(policy::DatabaseAccess access, AccessToDatabase(call.tx(), call.caller(), *target.database));
    visible = access.visible;
  } else if (target.kind == GrantKind::kTag) {
    visible = false;
    for (const std::string& value : target.values) {
      TRY_ASSIGN(PermissionSet held, RightsOnTag(call.tx(), call.caller(), target.tag, value, Which::kHeld));
      visible = visible || ShowsTag(held);
    }
    visible = visible || (administers && target.owner == call.caller().account);
  } else if (target.kind == GrantKind::kRowPolicy) {
    TRY_ASSIGN(PermissionSet held, RightsOnRowPolicy(call.tx(), call.caller(), target.row_policy, Which::kHeld));
    visible = !held.empty();
  }
  return visible ? Result<void>() : NotYours();
}

// Somebody else as a caller: what the store knows of a principal.
Result<Caller> AsCaller(store::Transaction& tx, const Caller& asker, const Grantee& grantee) {
  Caller caller;
  caller.kind = CallerKind::kUser;
  caller.account = grantee.account;
  caller.principal = grantee.principal;
  caller.principal_arn = grantee.shown;
  // Only principals of the asker's own account are looked into; they share its organisation.
  caller.organization = asker.organization;
  caller.organization_path = asker.organization_path;
  TRY_ASSIGN(auto found, store::FindPrincipalById(tx, grantee.principal));
  if (!found) return NotYours();
  return caller;
}

lf::PrincipalResourcePermissions Effective(const Grantee& grantee, lf::Resource resource, PermissionSet held,
                                           PermissionSet grantable) {
  lf::PrincipalResourcePermissions row;
  row.principal = lf::DataLakePrincipal{.data_lake_principal_identifier = grantee.shown};
  row.resource = std::move(resource);
  row.permissions = policy::PermissionNames(held);
  row.permissions_with_grant_option = policy::PermissionNames(grantable);
  return row;
}

// What a principal can do with a table, whatever it comes from (section 2.12).
Result<std::vector<lf::PrincipalResourcePermissions>> EffectiveOnTable(store::Transaction& tx, const Caller& whose,
                                                                       const Grantee& grantee, const store::TableRow& table) {
  TRY_ASSIGN(policy::TableAccess held, GrantedOnTable(tx, whose, table));
  TRY_ASSIGN(policy::TableAccess may, RightsOnTable(tx, whose, table, Which::kGrantable));
  std::vector<lf::PrincipalResourcePermissions> rows;
  lf::TableResource named{.catalog_id = table.account, .database_name = table.database_name, .name = table.name};
  PermissionSet whole = held.permissions, grantable = may.permissions;
  whole.Remove(Permission::kSelect);
  grantable.Remove(Permission::kSelect);
  if (!whole.empty()) rows.push_back(Effective(grantee, lf::Resource{.table = named}, whole, grantable));
  if (!held.readable) return rows;
  lf::TableWithColumnsResource columns{.catalog_id = table.account, .database_name = table.database_name, .name = table.name};
  bool all = held.permissions.Has(Permission::kSelect);
  if (all) {
    columns.column_wildcard.emplace();
  } else {
    columns.column_names = held.columns;
  }
  PermissionSet select_option = all ? may.permissions & Permission::kSelect : PermissionSet();
  rows.push_back(Effective(grantee, lf::Resource{.table_with_columns = std::move(columns)}, Permission::kSelect, select_option));
  return rows;
}

// "ID:PART": the row that comes next, and which of its answers.
struct Cursor {
  Id id = 0;
  std::size_t part = 0;
};
Result<Cursor> ReadCursor(const std::optional<std::string>& token) {
  TRY_ASSIGN(std::string text, PageCursor("ListPermissions", token));
  std::size_t colon = text.find(':');
  if (text.empty()) return Cursor();
  if (colon == std::string::npos) return Invalid("NextToken is not one of this list");
  TRY_ASSIGN(Id id, CursorId(text.substr(0, colon)));
  TRY_ASSIGN(Id part, CursorId(text.substr(colon + 1)));
  return Cursor{id, static_cast<std::size_t>(part)};
}

// The rows that fit, from the cursor on.
Result<ListPermissions::Answer> Walk(const gate::Call& call, const AccountId& owner, const Question& question, const Sight& sight,
                                     Cursor cursor, std::size_t most) {
  ListPermissions::Answer answer;
  auto& out = answer.principal_resource_permissions.emplace();
  Id after = cursor.id == 0 ? 0 : cursor.id - 1;
  while (true) {
    TRY_ASSIGN(auto rows, GrantsIn(call.tx(), owner, call.info().region, after, kChunk));
    for (const GrantRow& row : rows) {
      after = row.id;
      if (!question.Fits(row) || !sight.Shows(row)) continue;
      TRY_ASSIGN(auto shown, Shown(call.tx(), row));
      for (std::size_t part = row.id == cursor.id ? cursor.part : 0; part < shown.size(); ++part) {
        if (out.size() == most) {
          answer.next_token = PageToken("ListPermissions", std::to_string(row.id) + ":" + std::to_string(part));
          return answer;
        }
        out.push_back(std::move(shown[part]));
      }
    }
    if (rows.size() < static_cast<std::size_t>(kChunk)) return answer;
  }
}

Result<Question> Ask(const gate::Call& call, const lf::ListPermissionsRequest& in, bool administers) {
  Question question;
  question.type = in.resource_type.value_or("");
  question.related = in.include_related == "TRUE";
  if (in.principal && in.principal->data_lake_principal_identifier) {
    TRY_ASSIGN(Grantee grantee, FindGrantee(call.tx(), call.caller(), *in.principal->data_lake_principal_identifier));
    question.principal = grantee.key;
  }
  if (!in.resource) return question;
  auto target = FindTarget(call.tx(), call.caller(), call.info().region, in.catalog_id, *in.resource);
  if (!target) {
    if (target.error().code == ErrorCode::kNotFound && !administers) return NotYours();
    return std::unexpected(std::move(target).error());
  }
  question.target = std::move(*target);
  TRY(CheckVisible(call, *question.target, administers));
  return question;
}

}  // namespace

Result<ListPermissions::Answer> GrantListing::Do(const gate::Authorized<ListPermissions>& call) {
  const auto& in = call->in;
  const Caller& caller = call.caller();
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), caller, caller.account, call.info().region));
  TRY_ASSIGN(Question question, Ask(call, in, office != Office::kNone));
  AccountId owner = question.target ? question.target->owner : in.catalog_id.value_or(caller.account);
  Sight sight(call, owner);
  TRY(sight.Load(call, question.target));
  bool table = question.target && question.target->kind == GrantKind::kTable;
  if (question.principal && table && question.principal->starts_with('#')) {
    TRY_ASSIGN(Grantee grantee, FindGrantee(call.tx(), caller, *in.principal->data_lake_principal_identifier));
    bool may_ask = grantee.account == caller.account && (sight.whole() || grantee.principal == caller.principal);
    if (may_ask) {
      TRY_ASSIGN(Caller whose, AsCaller(call.tx(), caller, grantee));
      if (grantee.principal == caller.principal) whose = caller;
      TRY_ASSIGN(auto rows, EffectiveOnTable(call.tx(), whose, grantee, *question.target->table));
      return ListPermissions::Answer{.principal_resource_permissions = std::move(rows)};
    }
  }
  TRY_ASSIGN(Cursor cursor, ReadCursor(in.next_token));
  TRY_ASSIGN(auto answer, Walk(call, owner, question, sight, cursor, PageSize(in.max_results, kMaxRows)));
  return answer;
}

Result<GetEffectivePermissionsForPath::Answer> GrantListing::Do(const gate::Authorized<GetEffectivePermissionsForPath>& call) {
  const auto& in = call->in;
  AccountId owner = in.catalog_id.value_or(call.caller().account);
  std::optional<std::string> path = PathOfArn(in.resource_arn.value_or(""));
  if (!path) return Invalid("ResourceArn must be a place in S3: arn:aws:s3:::bucket/prefix");
  Sight sight(call, owner);
  TRY(sight.Load(call, std::nullopt));
  std::size_t most = PageSize(in.max_results, kMaxRows);
  TRY_ASSIGN(std::string text, PageCursor("EffectivePermissions", in.next_token));
  TRY_ASSIGN(Id skip, CursorId(text));
  GetEffectivePermissionsForPath::Answer answer;
  answer.permissions.emplace();
  std::string low = "s3://" + path->substr(0, path->size() - 1),
              high = low + "0";  // What begins with the path: '0' comes after '/'.
  store::Value parameters[] = {owner, call.info().region, low, high, owner, call.info().region, low, high};
  TRY_ASSIGN(auto things,
             call.tx().Query("SELECT id, location FROM catalog_tables WHERE account = ? AND region = ? AND location >= ? AND "
                             "location < ? UNION ALL SELECT id, location FROM catalog_databases WHERE account = ? AND region = ? "
                             "AND location >= ? AND location < ? ORDER BY id",
                             parameters));
  std::int64_t seen = 0;
  for (const store::Row& thing : things) {
    std::optional<std::string> place = PathOfUri(thing.Text(1));
    if (!place || !place->starts_with(*path)) continue;
    TRY_ASSIGN(auto rows, GrantsOn(call.tx(), thing.Int(0)));
    for (const GrantRow& row : rows) {
      if (!sight.Shows(row)) continue;
      TRY_ASSIGN(auto shown, Shown(call.tx(), row));
      for (auto& one : shown) {
        if (seen++ < skip) continue;
        if (answer.permissions->size() == most) {
          answer.next_token = PageToken("EffectivePermissions", std::to_string(seen - 1));
          return answer;
        }
        answer.permissions->push_back(std::move(one));
      }
    }
  }
  return answer;
}

}  // namespace hanse::governance
