#include "steward/decided.h"

#include <algorithm>

#include <fmt/format.h>

#include "catalog/names.h"

namespace hanse::steward {
namespace {

const std::string& TargetRegion(const store::LinkTarget& target, const std::string& otherwise) {
  return target.region.empty() ? otherwise : target.region;
}

}  // namespace

wire::hanse_service::Table AskedTable::Shown() const {
  wire::hanse_service::Table shown{
      .catalog_id = table.account, .region = table.region, .database_name = table.database_name, .name = table.name};
  shown.arn = catalog::TableArn(table.region, table.account, table.database_name, table.name);
  if (!through_link.empty()) shown.through_link = through_link;
  return shown;
}

std::string AskedTable::Name() const { return fmt::format("{}/{}.{}", table.account, table.database_name, table.name); }

Result<AskedTable> AskedOf(store::Transaction& tx, gate::Lake& lake, store::TableRow table) {
  AskedTable asked{.table = std::move(table)};
  TRY_ASSIGN(auto location, lake.LocationOf(tx, asked.table.account, asked.table.region, asked.table.location));
  asked.registered = location.has_value();
  return asked;
}

Result<std::optional<AskedTable>> FindAskedTable(store::Transaction& tx, gate::Lake& lake, std::string_view account,
                                                 std::string_view region, std::string_view database, std::string_view name) {
  using None = std::optional<AskedTable>;
  std::string link;
  TRY_ASSIGN(auto home, store::FindDatabase(tx, account, region, database));
  if (home && home->target) {
    link = fmt::format("{}/{}.{}", account, home->name, name);
    const store::LinkTarget target = home->target;
    TRY_ASSIGN(home, store::FindDatabase(tx, target.account, TargetRegion(target, home->region), target.database));
  }
  if (!home || home->target) return None();
  TRY_ASSIGN(auto table, store::FindTable(tx, home->id, name));
  if (table && table->target && link.empty()) {
    link = fmt::format("{}/{}.{}", account, home->name, name);
    const store::LinkTarget target = table->target;
    TRY_ASSIGN(home, store::FindDatabase(tx, target.account, TargetRegion(target, table->region), target.database));
    if (!home || home->target) return None();
    TRY_ASSIGN(table, store::FindTable(tx, home->id, target.table));
  }
  if (!table || table->target) return None();
  TRY_ASSIGN(AskedTable asked, AskedOf(tx, lake, std::move(*table)));
  asked.through_link = std::move(link);
  return None(std::move(asked));
}

std::string_view Name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNothing: return "NOTHING";
    case Verdict::kDescribes: return "DESCRIBES";
    case Verdict::kReadsSome: return "READS_SOME";
    case Verdict::kReadsAll: return "READS_ALL";
  }
  return "NOTHING";
}

bool Decided::Reads(std::string_view column) const {
  return read && std::ranges::find(access.columns, column) != access.columns.end();
}

Result<Decided> Decide(const Doors& doors, store::Transaction& tx, const RequestInfo& now, const Subject& subject,
                       const AskedTable& asked, Ask ask) {
  Decided decided;
  if (!subject.active) return decided;
  const store::TableRow& table = asked.table;
  TRY_ASSIGN(decided.access, doors.lake.OnTable(tx, subject.caller, table));
  if (ask == Ask::kWhatIsSeen && !decided.access.visible) return decided;
  decided.needs =
      catalog::NeedsAt("glue:GetTable", table.region, table.account, {.database = table.database_name, .table = table.name});
  if (asked.registered) {
    decided.needs.push_back({.action = "lakeformation:GetDataAccess", .resource = "*", .owner = subject.caller.account});
  }
  gate::Context context{subject.caller, now};
  TRY_ASSIGN(decided.first_door, doors.gate.Explain(tx, context, decided.needs));
  bool metadata = true, data = true;
  for (std::size_t i = 0; i < decided.needs.size(); ++i) {
    bool& open = decided.needs[i].action == "glue:GetTable" ? metadata : data;
    open = open && decided.first_door[i].allowed();
  }
  const policy::TableAccess& access = decided.access;
  decided.described = access.visible && metadata;
  decided.read = access.readable && metadata && data;
  bool whole =
      access.columns.size() == table.columns.size() + table.keys.size() && access.row_filter.empty() && access.cell_filters.empty();
  if (decided.read) {
    decided.verdict = whole ? Verdict::kReadsAll : Verdict::kReadsSome;
  } else if (decided.described) {
    decided.verdict = Verdict::kDescribes;
  }
  return decided;
}

}  // namespace hanse::steward
