#include <algorithm>

#include "tests/reference/history.h"

namespace hanse::reference {
namespace {

const std::vector<std::string> kKeys = {"level", "domain", "pii"}, kValues = {"x", "y", "z"};

}  // namespace

bool History::MakeTag() {
  const std::string account = AnyAccount(), key = Pick(kKeys);
  if (tags_.contains({account, key})) return false;
  Words values = SomeOf(kValues);
  if (!Accepted("tag " + key + " of " + account, lab_.Tag(AdminOf(account), key, {values.begin(), values.end()}))) return false;
  tags_[{account, key}] = next_;
  tag_values_[next_++] = values;
  return true;
}

// 3.3: what policies say of a value that goes is gone for good.
bool History::ChangeTag() {
  if (tags_.empty()) return false;
  auto [named, number] = *std::next(tags_.begin(), Below(static_cast<int>(tags_.size())));
  const std::string value = Pick(kValues);
  const bool has = tag_values_[number].contains(value);
  governance::UpdateLFTag update;
  update.in.tag_key = named.second;
  (has ? update.in.tag_values_to_delete : update.in.tag_values_to_add) = {{value}};
  if (!Accepted("value " + value + " of tag " + named.second, lab_.Run(AdminOf(named.first), update, lab_.tags_))) return false;
  if (!has) {
    tag_values_[number].insert(value);
    return true;
  }
  tag_values_[number].erase(value);
  auto forget = [&](Expression* expression) {
    for (Term& term : *expression) {
      if (term.tag == number) term.values.erase(value);
    }
  };
  for (Grant& grant : world_.grants) forget(&grant.expression);
  for (auto& [id, expression] : world_.saved) forget(&expression);
  return true;
}

bool History::DropTag() {
  if (tags_.empty()) return false;
  auto [named, number] = *std::next(tags_.begin(), Below(static_cast<int>(tags_.size())));
  governance::DeleteLFTag drop;
  drop.in.tag_key = named.second;
  if (!Accepted("dropped tag " + named.second, lab_.Run(AdminOf(named.first), drop, lab_.tags_))) return false;
  for (auto& [thing, tags] : world_.assigned) tags.erase(number);
  tags_.erase(named);
  tag_values_.erase(number);
  return true;
}

bool History::Assign() {
  const Table table = AnyTable();
  auto of_database = Chance(25);
  std::vector<std::pair<std::string, int>> known;
  for (const auto& [named, number] : tags_) {
    if (named.first == table.account) known.push_back({named.second, number});
  }
  if (known.empty()) return false;
  auto [key, number] = Pick(known);
  const std::string value = Pick(kValues);
  std::string column = !of_database && !table.columns.empty() && Chance(50) ? Pick(table.columns) : "";
  if (!column.empty() && !table.keys.empty() && Chance(20)) column = table.keys.front();
  auto on = of_database      ? governance::Lab::On(database_rows_.at(table.database))
            : column.empty() ? governance::Lab::On(table_rows_.at(table.id))
                             : governance::Lab::Columns(table_rows_.at(table.id), {column});
  auto failures = lab_.Assign(AdminOf(table.account), on, key, value);
  if (!Accepted("assigned " + key + "=" + value + " to " + table_rows_.at(table.id).name + "." + column, failures)) return false;
  if (!failures->empty()) return false;
  world_.assigned[{of_database ? table.database : table.id, column}][number] = value;
  return true;
}

bool History::Unassign() {
  if (world_.assigned.empty()) return false;
  auto [place, tags] = *std::next(world_.assigned.begin(), Below(static_cast<int>(world_.assigned.size())));
  if (tags.empty()) return false;
  auto [number, value] = *std::next(tags.begin(), Below(static_cast<int>(tags.size())));
  const bool of_table = table_rows_.contains(place.first);
  governance::RemoveLFTagsFromResource remove;
  remove.in.resource = !of_table              ? governance::Lab::On(database_rows_.at(place.first))
                       : place.second.empty() ? governance::Lab::On(table_rows_.at(place.first))
                                              : governance::Lab::Columns(table_rows_.at(place.first), {place.second});
  std::string account = of_table ? table_rows_.at(place.first).account : database_rows_.at(place.first).account, key;
  for (const auto& [named, tag] : tags_) {
    if (tag == number) key = named.second;
  }
  remove.in.lf_tags = {{{.tag_key = key, .tag_values = std::vector{value}}}};
  auto answer = lab_.Run(AdminOf(account), remove, lab_.assignment_);
  if (!Accepted("took " + key + " away", answer) || answer->failures) return false;
  world_.assigned[place].erase(number);
  return true;
}

Expression History::SomeExpression(const std::string& account) {
  Expression expression;
  for (const auto& [named, number] : tags_) {
    if (named.first != account || (!expression.empty() && !Chance(30))) continue;
    if (expression.empty() && Chance(30)) continue;
    const Words& values = tag_values_.at(number);
    expression.push_back({number, Chance(10) ? Words{"*"} : SomeOf({values.begin(), values.end()})});
  }
  std::ranges::sort(expression);
  return expression;
}

std::vector<wire::lakeformation::LFTag> History::Shown(const std::string& account, const Expression& expression) const {
  std::vector<wire::lakeformation::LFTag> shown;
  for (const Term& term : expression) {
    for (const auto& [named, number] : tags_) {
      if (named.first != account || number != term.tag) continue;
      shown.push_back({.tag_key = named.second, .tag_values = std::vector<std::string>(term.values.begin(), term.values.end())});
    }
  }
  return shown;
}

bool History::PutExpression() {
  const std::string account = AnyAccount(), name = "e" + std::to_string(Below(2));
  Expression expression = SomeExpression(account);
  if (expression.empty()) return false;
  auto there = saved_.find({account, name});
  if (there == saved_.end()) {
    governance::CreateLFTagExpression create;
    create.in.name = name;
    create.in.expression = Shown(account, expression);
    if (!Accepted("saved " + name, lab_.Run(AdminOf(account), create, lab_.expressions_))) return false;
    saved_[{account, name}] = next_;
    world_.saved[next_++] = expression;
    return true;
  }
  governance::UpdateLFTagExpression update;
  update.in.name = name;
  update.in.expression = Shown(account, expression);
  if (!Accepted("changed " + name, lab_.Run(AdminOf(account), update, lab_.expressions_))) return false;
  world_.saved[there->second] = expression;
  return true;
}

bool History::DropExpression() {
  if (saved_.empty()) return false;
  auto [named, number] = *std::next(saved_.begin(), Below(static_cast<int>(saved_.size())));
  governance::DeleteLFTagExpression drop;
  drop.in.name = named.second;
  if (!Accepted("dropped " + named.second, lab_.Run(AdminOf(named.first), drop, lab_.expressions_))) return false;
  std::erase_if(world_.grants, [&](const Grant& grant) { return grant.saved == number; });
  world_.saved.erase(number);
  saved_.erase(named);
  return true;
}

}  // namespace hanse::reference
