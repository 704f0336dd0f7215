#include "tests/reference/history.h"

#include <algorithm>

namespace hanse::reference {
namespace {

const std::string kOwner = "111111111111", kConsumer = "222222222222", kStranger = "333333333333";

}  // namespace

struct History::Kind {
  const char* name;
  int weight;
  bool (History::*act)();
};

History::History(std::uint64_t seed) : random_(seed) {
  for (const std::string* name : {&kOwner, &kConsumer, &kStranger}) {
    const std::string& account = *name;
    Caller admin = lab_.Governed(account);
    world_.accounts[account] = {true, {}};
    world_.principals[admin.principal] = {admin.principal, account, {}};
    world_.admins[account] = {admin.principal};
    admins_[account] = admin.principal;
    callers_[admin.principal] = admin;
    providers_[account] = lab_.SamlProvider(account, "idp");
    MakeRole(account, "r0");
    MakeRole(account, "r1");
  }
  lab_.EnableSharing();
  lab_.Write("UPDATE accounts SET parent = '' WHERE account = '" + kStranger + "'");
  world_.accounts[kStranger] = {};
  while (world_.tables.empty()) {
    MakeDatabase();
    MakeTable();
  }
}

void History::Step() {
  static const Kind kKinds[] = {
      {"grant", 25, &History::GrantSomething},
      {"pass on", 12, &History::PassOn},
      {"revoke", 16, &History::RevokeSomething},
      {"assign", 10, &History::Assign},
      {"unassign", 4, &History::Unassign},
      {"make tag", 3, &History::MakeTag},
      {"change tag", 2, &History::ChangeTag},
      {"drop tag", 1, &History::DropTag},
      {"put expression", 3, &History::PutExpression},
      {"drop expression", 1, &History::DropExpression},
      {"make filter", 5, &History::MakeFilter},
      {"change filter", 3, &History::ChangeFilter},
      {"drop filter", 1, &History::DropFilter},
      {"make table", 4, &History::MakeTable},
      {"drop table", 2, &History::DropSomeTable},
      {"change columns", 2, &History::ChangeColumns},
      {"make database", 2, &History::MakeDatabase},
      {"drop database", 1, &History::DropSomeDatabase},
      {"replace role", 2, &History::ReplaceRole},
      {"change administrators", 2, &History::ChangeAdmins},
      {"move account", 2, &History::MoveAccount},
      {"tag principal", 2, &History::TagPrincipal},
      {"decorate principal", 4, &History::DecoratePrincipal},
      {"accept", 6, &History::AcceptInvitation},
      {"cut share", 1, &History::CutShare},
      {"wait", 1, &History::LetTimePass},
  };
  int sum = 0;
  for (const Kind& kind : kKinds) sum += kind.weight;
  while (true) {
    int at = Below(sum);
    const Kind* kind = kKinds;
    for (; at >= kind->weight; ++kind) at -= kind->weight;
    last_.clear();
    bool accepted = (this->*kind->act)();
    if (last_.empty()) continue;  // There was nothing to do it to.
    if (accepted) ++counts_[kind->name];
    return;
  }
}

Caller History::CallerOf(Id principal) const {
  Caller caller = callers_.at(principal);
  const Membership& member = world_.accounts.at(caller.account);
  caller.organization = member.organization ? "o-lab" : "";
  caller.organization_path.clear();
  if (member.organization) caller.organization_path = {"r-lab"};
  caller.organization_path.insert(caller.organization_path.end(), member.units.begin(), member.units.end());
  caller.principal_tags = world_.principals.at(principal).tags;
  SamlUser saml{.provider = providers_.at(caller.account)};
  for (const std::string& one : world_.principals.at(principal).worn) {
    const std::string name = one.substr(one.find('/') + 1);
    if (one.find(":user/") != std::string::npos) {
      saml.user = name;
    } else {
      saml.groups.push_back(name);
    }
  }
  caller.saml = std::make_shared<const SamlUser>(std::move(saml));
  return caller;
}

Id History::AnyPrincipal() {
  return std::next(world_.principals.begin(), Below(static_cast<int>(world_.principals.size())))->first;
}

const Table& History::AnyTable() { return std::next(world_.tables.begin(), Below(static_cast<int>(world_.tables.size())))->second; }

const Database& History::AnyDatabase() {
  return std::next(world_.databases.begin(), Below(static_cast<int>(world_.databases.size())))->second;
}

std::string History::AnyAccount() { return Chance(60) ? kOwner : Chance(65) ? kConsumer : kStranger; }

Words History::SomeOf(const std::vector<std::string>& all) {
  Words some = {Pick(all)};
  for (const std::string& one : all) {
    if (Chance(30)) some.insert(one);
  }
  return some;
}

Id History::MakeRole(const std::string& account, const std::string& name) {
  Caller role = lab_.Role(account, name);
  world_.principals[role.principal] = {role.principal, account, {}};
  callers_[role.principal] = role;
  return role.principal;
}

void History::DropRole(Id role) {
  const std::string account = callers_.at(role).account;
  lab_.Drop(role);
  std::erase_if(world_.grants, [&](const Grant& grant) { return grant.to == "role:" + std::to_string(role); });
  world_.admins[account].erase(role);
  world_.readers[account].erase(role);
  world_.principals.erase(role);
  callers_.erase(role);
}

std::optional<std::pair<Id, Id>> History::MakeRoleAgain(Id role) {
  const Caller before = callers_.at(role);
  if (role == admins_.at(before.account)) return std::nullopt;
  DropRole(role);
  last_ = "made again " + before.principal_arn;
  const Id again = MakeRole(before.account, before.name);
  return std::pair(again, MakeRole(before.account, "fresh" + std::to_string(again)));
}

// The namesake has nothing of what the one before it had.
bool History::ReplaceRole() {
  Id gone = AnyPrincipal();
  const Caller caller = callers_.at(gone);
  if (gone == admins_.at(caller.account)) return false;
  DropRole(gone);
  MakeRole(caller.account, caller.name);
  last_ = "replaced " + caller.principal_arn;
  return true;
}

bool History::ChangeAdmins() {
  const std::string account = AnyAccount();
  governance::PutDataLakeSettings put;
  wire::lakeformation::DataLakeSettings settings;
  settings.data_lake_admins.emplace();
  settings.data_lake_admins->push_back({.data_lake_principal_identifier = AdminOf(account).principal_arn});
  settings.read_only_admins.emplace();
  settings.parameters.emplace();
  (*settings.parameters)["CROSS_ACCOUNT_VERSION"] = "4";
  std::set<Id> admins = {admins_.at(account)}, readers;
  for (const auto& [id, principal] : world_.principals) {
    if (principal.account != account || admins.contains(id) || !Chance(20)) continue;
    bool reads = Chance(50);
    (reads ? readers : admins).insert(id);
    (reads ? settings.read_only_admins : settings.data_lake_admins)
        ->push_back({.data_lake_principal_identifier = callers_.at(id).principal_arn});
  }
  put.in.data_lake_settings = settings;
  if (!Accepted("administrators of " + account, lab_.Run(AdminOf(account), put, lab_.settings_))) return false;
  world_.admins[account] = admins;
  world_.readers[account] = readers;
  return true;
}

bool History::MoveAccount() {
  const std::string account = Chance(50) ? kConsumer : kStranger;
  Membership to{Chance(70), {}};
  if (to.organization && Chance(80)) to.units = {Chance(50) ? "ou-lab-one" : "ou-lab-two"};
  if (!to.units.empty() && Chance(30)) to.units.push_back("ou-lab-below");
  std::string parent = !to.organization ? "" : to.units.empty() ? "r-lab" : to.units.back();
  lab_.Write("UPDATE accounts SET parent = '" + parent + "' WHERE account = '" + account + "'");
  world_.accounts[account] = to;
  last_ = "moved " + account + " to " + parent;
  return true;
}

bool History::TagPrincipal() {
  Id id = AnyPrincipal();
  auto& tags = world_.principals.at(id).tags;
  tags.clear();
  if (Chance(80)) tags["department"] = Chance(50) ? "sales" : "hr";
  last_ = "tagged " + callers_.at(id).principal_arn;
  return true;
}

bool History::DecoratePrincipal() {
  Id id = AnyPrincipal();
  const std::string of = "saml:" + callers_.at(id).account + ":";
  Words& worn = world_.principals.at(id).worn;
  worn.clear();
  if (Chance(80)) worn = SomeOf({of + "user/ana", of + "group/sales", of + "group/hr"});
  last_ = "decorated " + callers_.at(id).principal_arn;
  return true;
}

}  // namespace hanse::reference
