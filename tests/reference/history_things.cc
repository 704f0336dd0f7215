#include <algorithm>

#include "base/text.h"
#include "tests/reference/history.h"

namespace hanse::reference {

bool History::MakeDatabase() {
  const std::string account = AnyAccount(), name = "d" + std::to_string(Below(2));
  for (const auto& [id, row] : database_rows_) {
    if (row.account == account && row.name == name) return false;
  }
  store::DatabaseRow row = lab_.Database(AdminOf(account), name, Chance(10));
  database_rows_[row.id] = row;
  world_.databases[row.id] = {row.id, account, false};
  // What its maker got: an administrator has all (2.5).
  Grant grant{.keeper = account, .owner = account, .to = "role:" + std::to_string(admins_.at(account)), .on = On::kDatabase};
  grant.thing = row.id;
  grant.permissions = grant.grantable = {"ALL"};
  world_.grants.push_back(grant);
  last_ = "made database " + account + "/" + name;
  return true;
}

bool History::MakeTable() {
  if (world_.databases.empty()) return false;
  const store::DatabaseRow in = database_rows_.at(AnyDatabase().id);
  const std::string name = "t" + std::to_string(Below(4));
  for (const auto& [id, row] : table_rows_) {
    if (row.database == in.id && row.name == name) return false;
  }
  bool link = Chance(8);
  Words columns = SomeOf({"a", "b", "c"});
  std::vector<std::string> keys;
  if (Chance(40)) keys = {"k"};
  if (link) columns.clear(), keys.clear();
  Caller maker = CallerOf(admins_.at(in.account));
  if (Chance(20)) {
    Id other = AnyPrincipal();
    if (callers_.at(other).account == in.account) maker = CallerOf(other);
  }
  AddTable(maker, in, name, {columns.begin(), columns.end()}, keys, link);
  last_ = "made table " + in.name + "/" + name;
  return true;
}

Id History::AddTable(const Caller& maker, const store::DatabaseRow& in, const std::string& name,
                     const std::vector<std::string>& columns, const std::vector<std::string>& keys, bool link) {
  store::TableRow row = lab_.Table(maker, in, name, columns, keys);
  table_rows_[row.id] = row;
  world_.tables[row.id] = {row.id, in.id, in.account, row.columns, row.keys, link};
  Grant grant{.keeper = in.account, .owner = in.account, .to = "role:" + std::to_string(maker.principal), .on = On::kTable};
  grant.thing = row.id;
  grant.permissions = grant.grantable = {"ALL"};
  world_.grants.push_back(grant);
  if (in.definition.find("IAM_ALLOWED_PRINCIPALS") != std::string::npos) {  // 2.8: the database's own defaults.
    grant.to = "iam";
    grant.grantable.clear();
    world_.grants.push_back(grant);
  }
  return row.id;
}

std::pair<Id, Id> History::MakeTableAgain(Id table) {
  const store::TableRow before = table_rows_.at(table);
  const bool link = world_.tables.at(table).link;
  const store::DatabaseRow in = database_rows_.at(before.database);
  DropTable(table);
  const Caller maker = AdminOf(in.account);
  const Id again = AddTable(maker, in, before.name, before.columns, before.keys, link);
  const Id fresh = AddTable(maker, in, "fresh" + std::to_string(again), before.columns, before.keys, link);
  last_ = "made again " + in.name + "/" + before.name;
  return {again, fresh};
}

void History::DropTable(Id table) {
  lab_.Drop(table);
  std::erase_if(world_.grants, [&](const Grant& grant) { return grant.thing == table; });
  std::erase_if(world_.assigned, [&](const auto& one) { return one.first.first == table; });
  std::erase_if(world_.filters, [&](const auto& one) { return one.second.table == table; });
  std::erase_if(filters_, [&](const auto& one) { return std::get<0>(one.first) == table; });
  world_.tables.erase(table);
  table_rows_.erase(table);
}

bool History::DropSomeTable() {
  if (world_.tables.size() < 2) return false;
  Id table = AnyTable().id;
  last_ = "dropped table " + table_rows_.at(table).name;
  DropTable(table);
  return true;
}

bool History::DropSomeDatabase() {
  Id database = AnyDatabase().id;
  std::vector<Id> within;
  for (const auto& [id, table] : world_.tables) {
    if (table.database == database) within.push_back(id);
  }
  if (within.size() == world_.tables.size()) return false;
  last_ = "dropped database " + database_rows_.at(database).name;
  for (Id table : within) DropTable(table);
  lab_.Drop(database);
  std::erase_if(world_.grants, [&](const Grant& grant) { return grant.thing == database; });
  std::erase_if(world_.assigned, [&](const auto& one) { return one.first.first == database; });
  world_.databases.erase(database);
  database_rows_.erase(database);
  return true;
}

// Columns are known by name: one that comes back has what its name has.
bool History::ChangeColumns() {
  Table& table = world_.tables.at(AnyTable().id);
  if (table.link) return false;
  Words columns = SomeOf({"a", "b", "c"});
  table.columns.assign(columns.begin(), columns.end());
  table_rows_.at(table.id).columns = table.columns;
  lab_.Write("UPDATE catalog_tables SET columns = '" + Join(table.columns, "\n") + "' WHERE id = " + std::to_string(table.id));
  last_ = "columns of table " + table_rows_.at(table.id).name;
  return true;
}

std::optional<Predicate> History::SomeRows(const Table& table, int depth) {
  std::vector<std::string> columns = table.columns;
  columns.insert(columns.end(), table.keys.begin(), table.keys.end());
  if (columns.empty() || (depth == 0 && Chance(15))) return std::nullopt;
  Predicate predicate;
  if (depth < 2 && Chance(35)) {
    predicate.shape = Pick(std::vector{Shape::kAnd, Shape::kOr, Shape::kNot});
    for (int i = 0; i < (predicate.shape == Shape::kNot ? 1 : 2); ++i) predicate.parts.push_back(*SomeRows(table, depth + 1));
    return predicate;
  }
  predicate.column = Pick(columns);
  std::vector<Shape> shapes = {Shape::kEqual, Shape::kUnequal, Shape::kLess, Shape::kIn, Shape::kNotIn, Shape::kBetween};
  if (predicate.column != "k") shapes.insert(shapes.end(), {Shape::kIsNull, Shape::kIsNotNull});
  predicate.shape = Pick(shapes);
  predicate.values = {Below(2) + 1};
  if (predicate.shape == Shape::kIn || predicate.shape == Shape::kNotIn || predicate.shape == Shape::kBetween) {
    predicate.values.push_back(Below(2) + 1);
  }
  if (predicate.shape == Shape::kIsNull || predicate.shape == Shape::kIsNotNull) predicate.values.clear();
  return predicate;
}

Result<void> History::PutFilter(const Table& table, const Caller& by, const std::string& name, const Filter& filter, bool anew) {
  const store::TableRow& row = table_rows_.at(table.id);
  wire::lakeformation::DataCellsFilter data{
      .table_catalog_id = row.account, .database_name = row.database_name, .table_name = row.name, .name = name};
  data.row_filter.emplace();
  if (filter.rows) {
    data.row_filter->filter_expression = TextOf(*filter.rows);
  } else {
    data.row_filter->all_rows_wildcard.emplace();
  }
  std::vector<std::string> columns(filter.columns.begin(), filter.columns.end());
  if (filter.all_but) {
    data.column_wildcard = wire::lakeformation::ColumnWildcard{.excluded_column_names = columns};
  } else {
    data.column_names = columns;
  }
  if (anew) {
    governance::CreateDataCellsFilter create;
    create.in.table_data = data;
    TRY(lab_.Run(by, create, lab_.filters_));
    return {};
  }
  governance::UpdateDataCellsFilter update;
  update.in.table_data = data;
  TRY(lab_.Run(by, update, lab_.filters_));
  return {};
}

bool History::MakeFilter() {
  const Table table = AnyTable();
  if (table.link) return false;
  Caller by = CallerOf(Chance(75) ? admins_.at(table.account) : AnyPrincipal());
  std::string name = "f" + std::to_string(Below(2));
  Filter filter{table.id, SomeRows(table, 0), Chance(30), SomeOf(table.columns)};
  if (filters_.contains({table.id, by.account, name})) return false;
  if (!Accepted("filter " + name + " by " + by.arn, PutFilter(table, by, name, filter, true))) return false;
  filters_[{table.id, by.account, name}] = next_;
  world_.filters[next_++] = filter;
  return true;
}

bool History::ChangeFilter() {
  if (filters_.empty()) return false;
  auto [named, number] = *std::next(filters_.begin(), Below(static_cast<int>(filters_.size())));
  const auto& [id, account, name] = named;
  const Table& table = world_.tables.at(id);
  Filter filter{table.id, SomeRows(table, 0), Chance(30), SomeOf(table.columns)};
  if (!Accepted("changed filter " + name, PutFilter(table, CallerOf(admins_.at(account)), name, filter, false))) return false;
  world_.filters[number] = filter;
  return true;
}

bool History::DropFilter() {
  if (filters_.empty()) return false;
  auto [named, number] = *std::next(filters_.begin(), Below(static_cast<int>(filters_.size())));
  const auto& [id, account, name] = named;
  const store::TableRow& row = table_rows_.at(id);
  governance::DeleteDataCellsFilter drop;
  drop.in.table_catalog_id = row.account;
  drop.in.database_name = row.database_name;
  drop.in.table_name = row.name;
  drop.in.name = name;
  if (!Accepted("dropped filter " + name, lab_.Run(CallerOf(admins_.at(account)), drop, lab_.filters_))) return false;
  world_.filters.erase(number);
  filters_.erase(named);
  return true;
}

}  // namespace hanse::reference
