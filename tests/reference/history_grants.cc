#include <algorithm>

#include "tests/reference/history.h"

namespace hanse::reference {
namespace {

using governance::Lab;

std::vector<std::string> Listed(const Words& words) { return {words.begin(), words.end()}; }

bool SameResource(const Grant& one, const Grant& other) {
  bool columns = one.on != On::kAllBut || one.columns == other.columns;  // Lists of columns are one list (2.7).
  return one.on == other.on && one.thing == other.thing && one.filter == other.filter && one.saved == other.saved &&
         one.granted == other.granted && columns;
}

bool SameRow(const Grant& one, const Grant& other) {
  return one.keeper == other.keeper && one.owner == other.owner && one.to == other.to && one.condition == other.condition &&
         SameResource(one, other);
}

std::string ConditionOf(const Grant& grant) {
  if (!grant.condition) return "";
  const auto& [key, value] = *grant.condition;
  const std::string tags = "context.iam.principalTags.";
  return tags + "hasTag(\"" + key + "\") && " + tags + "getTag(\"" + key + "\") == \"" + value + "\"";
}

std::string Told(const Grant& grant) {
  std::string text = "on " + std::to_string(static_cast<int>(grant.on)) + "/" + std::to_string(grant.thing) + " to " + grant.to +
                     " by " + grant.keeper + ":";
  for (const std::string& permission : grant.permissions) text += " " + permission;
  return text;
}

}  // namespace

std::string History::Identifier(const std::string& to) const {
  const std::string rest = to.substr(to.find(':') + 1);
  if (to == "iam") return "IAM_ALLOWED_PRINCIPALS";
  if (to == "organization") return "arn:aws:organizations::999999999999:organization/o-lab";
  if (to.starts_with("unit:")) return "arn:aws:organizations::999999999999:ou/o-lab/" + rest;
  if (to.starts_with("every:")) return rest + ":IAMPrincipals";
  if (to.starts_with("saml:")) return "arn:aws:iam::" + rest.substr(0, 12) + ":saml-provider/idp" + rest.substr(12);
  if (to.starts_with("role:")) return callers_.at(std::stoll(rest)).principal_arn;
  return rest;
}

void History::FillGrantee(Grant* grant) {
  Id some = AnyPrincipal();
  const std::string& account = callers_.at(some).account;
  switch (Below(11)) {
    case 0: grant->to = "iam"; return;
    case 1: grant->to = "organization"; return;
    case 2: grant->to = Chance(50) ? "unit:ou-lab-one" : "unit:ou-lab-below"; return;
    case 3:
    case 4: grant->to = "account:" + account; return;
    case 5:
      grant->to = "every:" + account;
      if (Chance(50)) grant->condition = {"department", Chance(50) ? "sales" : "hr"};
      return;
    case 10: grant->to = "saml:" + account + Pick<std::string>({":user/ana", ":group/sales", ":group/hr"}); return;
    default: grant->to = "role:" + std::to_string(some); return;
  }
}

bool History::FillResource(Grant* grant) {
  const Table& table = AnyTable();
  grant->owner = table.account;
  grant->on = static_cast<On>(Below(8));
  switch (grant->on) {
    case On::kDatabase:
    case On::kAllTables: grant->thing = table.database; return true;
    case On::kTable: grant->thing = table.id; return true;
    case On::kColumns:
    case On::kAllBut: {
      std::vector<std::string> names = table.columns;
      if (grant->on == On::kColumns) names.insert(names.end(), table.keys.begin(), table.keys.end());
      if (names.empty()) return false;
      grant->thing = table.id;
      grant->columns = SomeOf(names);
      return true;
    }
    case On::kCells: {
      std::vector<int> numbers;
      for (const auto& [named, number] : filters_) numbers.push_back(number);
      if (numbers.empty()) return false;
      grant->filter = Pick(numbers);
      grant->thing = world_.filters.at(grant->filter).table;
      grant->owner = world_.tables.at(grant->thing).account;
      return true;
    }
    default: break;
  }
  if (Chance(25)) {
    for (const auto& [named, number] : saved_) {
      if (named.first == grant->owner) grant->saved = number;
    }
  }
  if (grant->saved == 0) grant->granted = grant->expression = SomeExpression(grant->owner);
  return grant->saved != 0 || !grant->expression.empty();
}

bool History::Fill(Grant* grant, bool by_owner) {
  if (!FillResource(grant)) return false;
  FillGrantee(grant);
  grant->keeper = grant->owner;
  if (!by_owner) {
    const Caller& to = callers_.at(AnyPrincipal());
    if (to.account == grant->owner) return false;
    grant->keeper = to.account;
    grant->to = Chance(80) ? "role:" + std::to_string(to.principal) : "every:" + to.account;
    grant->condition.reset();
  }
  std::vector<std::string> known = {"SELECT"};
  if (grant->on == On::kTable || grant->on == On::kAllTables || grant->on == On::kTablePolicy) {
    known = {"ALL", "SELECT", "SELECT", "ALTER", "DROP", "DELETE", "INSERT", "DESCRIBE"};
  } else if (grant->on == On::kDatabase || grant->on == On::kDatabasePolicy) {
    known = {"ALL", "ALTER", "DROP", "DESCRIBE", "CREATE_TABLE"};
  }
  if (grant->on == On::kTable && world_.tables.at(grant->thing).link) known = {"DESCRIBE", "DROP"};
  if (grant->to == "iam") known = {"ALL"};
  grant->permissions = {Pick(known)};
  if (Chance(30)) grant->permissions.insert(Pick(known));
  if (by_owner && grant->to != "iam" && !grant->condition && Chance(50)) grant->grantable = grant->permissions;
  return true;
}

Lab::Resource History::ResourceOf(const Grant& grant) const {
  auto policy = [&](const std::string& type) {
    wire::lakeformation::LFTagPolicyResource policy{.catalog_id = grant.owner, .resource_type = type};
    if (grant.saved == 0) {
      policy.expression = Shown(grant.owner, grant.granted);
    } else {
      for (const auto& [named, number] : saved_) {
        if (number == grant.saved) policy.expression_name = named.second;
      }
    }
    return Lab::Resource{.lf_tag_policy = std::move(policy)};
  };
  switch (grant.on) {
    case On::kDatabase: return Lab::On(database_rows_.at(grant.thing));
    case On::kAllTables: return Lab::AllIn(database_rows_.at(grant.thing));
    case On::kTable: return Lab::On(table_rows_.at(grant.thing));
    case On::kColumns: return Lab::Columns(table_rows_.at(grant.thing), Listed(grant.columns));
    case On::kAllBut: {
      auto resource = Lab::Columns(table_rows_.at(grant.thing), {});
      resource.table_with_columns->column_names.reset();
      resource.table_with_columns->column_wildcard =
          wire::lakeformation::ColumnWildcard{.excluded_column_names = Listed(grant.columns)};
      return resource;
    }
    case On::kCells: {
      for (const auto& [named, number] : filters_) {
        if (number == grant.filter) return Lab::Cells(table_rows_.at(grant.thing), std::get<2>(named));
      }
      return {};
    }
    case On::kDatabasePolicy: return policy("DATABASE");
    case On::kTablePolicy: return policy("TABLE");
  }
  return {};
}

// 5.2 and 5.3: through which share a grant leaves the account. Inside the organisation it is open at once.
int History::ShareFor(const Grant& grant) {
  std::string account = grant.to.substr(grant.to.find(':') + 1);
  if (grant.to.find(':') == std::string::npos) account.clear();
  if (grant.to.starts_with("role:")) account = callers_.at(std::stoll(account)).account;
  if (grant.to.starts_with("saml:")) account = account.substr(0, 12);
  if (grant.to == "iam" || grant.keeper != grant.owner || account == grant.owner) return 0;
  const TimeMs now = lab_.clock_.NowMs();
  for (const auto& [number, share] : world_.shares) {
    bool usable = share.state == Share::State::kOpen ||
                  (share.state == Share::State::kWaiting && share.invited_ms > now - governance::kInvitationLifeMs);
    if (share.owner == grant.owner && share.to == grant.to && usable) return number;
  }
  auto member = world_.accounts.find(account);
  bool inside = member == world_.accounts.end() || member->second.organization;
  inside = inside && world_.accounts.at(grant.owner).organization;
  auto tx = *lab_.store_->BeginRead();
  world_.shares[next_] = {tx->One("SELECT max(id) FROM ram_shares")->Int(0), grant.owner, grant.to,
                          inside ? Share::State::kOpen : Share::State::kWaiting, now};
  return next_++;
}

// 2.6 rule 1: additive on the key of principal, resource and condition.
void History::Mirror(const Grant& grant) {
  const int share = ShareFor(grant);
  for (Grant& there : world_.grants) {
    if (!SameRow(there, grant)) continue;
    there.permissions.insert(grant.permissions.begin(), grant.permissions.end());
    there.grantable.insert(grant.grantable.begin(), grant.grantable.end());
    there.columns.insert(grant.columns.begin(), grant.columns.end());
    there.expression = grant.granted;
    there.share = share;
    return;
  }
  world_.grants.push_back(grant);
  world_.grants.back().expression = grant.granted;  // As it was asked for: of what is passed on, too.
  world_.grants.back().share = share;
}

bool History::Sayable(const Grant& grant) const {
  for (const Term& term : grant.granted) {
    if (!tag_values_.contains(term.tag)) return false;
  }
  for (const auto& [named, number] : filters_) {
    const auto& [table, maker, name] = named;
    if (number != grant.filter || maker == grant.keeper) continue;
    // A consumer's own filter goes before the owner's of the same name.
    if (maker != grant.owner || filters_.contains({table, grant.keeper, name})) return false;
  }
  return true;
}

bool History::GrantSomething() {
  Grant grant;
  if (!Fill(&grant, true) || !Sayable(grant)) return false;
  auto done = lab_.Grant(AdminOf(grant.keeper), Identifier(grant.to), ResourceOf(grant), Listed(grant.permissions),
                         Listed(grant.grantable), ConditionOf(grant));
  if (!Accepted("grant " + Told(grant), done)) return false;
  Mirror(grant);
  return true;
}

bool History::PassOn() {
  // Mostly of what has been given to the account with the option: no more than that may be passed on.
  std::vector<const Grant*> given;
  for (const Grant& one : world_.grants) {
    bool crosses =
        one.keeper == one.owner && (one.to.starts_with("account:") || one.to.starts_with("o") || one.to.starts_with("u"));
    if (crosses && !one.grantable.empty() && one.to != "account:" + one.owner) given.push_back(&one);
  }
  Grant grant;
  if (!Fill(&grant, false)) return false;
  if (!given.empty() && Chance(80)) {
    const Grant& above = *Pick(given);
    if (above.owner == grant.keeper) return false;
    grant = Grant{grant.keeper,
                  above.owner,
                  grant.to,
                  above.on,
                  above.thing,
                  above.filter,
                  above.saved,
                  above.expression,
                  above.granted,
                  above.columns,
                  {},
                  SomeOf(Listed(above.grantable)),
                  {},
                  0};
    const bool table = above.on == On::kTable && !world_.tables.at(above.thing).link;
    if (table && Chance(50) && !world_.tables.at(above.thing).columns.empty()) {
      grant.on = Chance(50) ? On::kColumns : On::kAllBut;
      grant.columns = SomeOf(world_.tables.at(above.thing).columns);
      grant.permissions = {"SELECT"};
    }
  }
  if (!Sayable(grant)) return false;
  auto done = lab_.Grant(AdminOf(grant.keeper), Identifier(grant.to), ResourceOf(grant), Listed(grant.permissions));
  if (!Accepted("pass on " + Told(grant), done)) return false;
  Mirror(grant);
  return true;
}

// 2.6 rules 7 and 8: the exact form only; a permission takes its option along.
bool History::RevokeSomething() {
  if (world_.grants.empty()) return false;
  const std::size_t at = static_cast<std::size_t>(Below(static_cast<int>(world_.grants.size())));
  Grant& grant = world_.grants[at];
  if (!Sayable(grant)) return false;
  Words permissions = {Pick(Listed(grant.permissions))};
  if (Chance(50)) permissions = grant.permissions;
  bool option_only = !grant.grantable.empty() && Chance(20);
  governance::RevokePermissions op;
  op.in.principal = wire::lakeformation::DataLakePrincipal{.data_lake_principal_identifier = Identifier(grant.to)};
  op.in.resource = ResourceOf(grant);
  op.in.permissions = option_only ? std::vector<std::string>() : Listed(permissions);
  if (option_only) op.in.permissions_with_grant_option = Listed(grant.grantable);
  if (grant.condition) op.in.condition = wire::lakeformation::Condition{.expression = ConditionOf(grant)};
  if (!Accepted("revoke " + Told(grant), lab_.Run(AdminOf(grant.keeper), op, lab_.grants_))) return false;
  if (option_only) grant.grantable.clear();
  if (option_only) return true;
  for (const std::string& permission : permissions) {
    grant.permissions.erase(permission);
    grant.grantable.erase(permission);
  }
  if (grant.permissions.empty()) world_.grants.erase(world_.grants.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

bool History::AcceptInvitation() {
  const Caller admin = AdminOf(AnyAccount());
  governance::GetResourceShareInvitations get;
  auto waiting = lab_.Run(admin, get, lab_.invitations_);
  if (!waiting || !waiting->resource_share_invitations || waiting->resource_share_invitations->empty()) return false;
  const auto invitation = Pick(*waiting->resource_share_invitations);
  governance::AcceptResourceShareInvitation accept;
  accept.in.resource_share_invitation_arn = invitation.resource_share_invitation_arn;
  auto tx = *lab_.store_->BeginRead();
  const Id share =
      tx->One("SELECT share_id FROM ram_invitations WHERE arn = ?", {*invitation.resource_share_invitation_arn})->Int(0);
  tx.reset();
  if (!Accepted("accepted " + std::to_string(share), lab_.Run(admin, accept, lab_.invitations_))) return false;
  for (auto& [number, one] : world_.shares) {
    if (one.row == share) one.state = Share::State::kOpen;
  }
  return true;
}

bool History::CutShare() {
  auto tx = *lab_.store_->BeginRead();
  auto rows = *tx->Query(
      "SELECT s.arn, s.owner, p.shown, s.id FROM ram_principals p JOIN ram_shares s ON s.id = p.share_id "
      "WHERE p.status <> 'DISASSOCIATED' AND EXISTS (SELECT 1 FROM lf_grants g WHERE g.share_id = s.id) ORDER BY s.id");
  tx.reset();
  if (rows.empty()) return false;
  const store::Row row = Pick(rows);
  governance::DisassociateResourceShare cut;
  cut.in.resource_share_arn = row.Text(0);
  cut.in.principals = std::vector<std::string>{row.Text(2)};
  if (!Accepted("cut the share to " + row.Text(2), lab_.Run(AdminOf(row.Text(1)), cut, lab_.shares_))) return false;
  for (auto& [number, one] : world_.shares) {
    if (one.row == row.Int(3)) one.state = Share::State::kCut;
  }
  return true;
}

bool History::LetTimePass() {
  lab_.clock_.Advance(governance::kInvitationLifeMs / 2 + Below(1000));
  last_ = "waited";
  return true;
}

}  // namespace hanse::reference
