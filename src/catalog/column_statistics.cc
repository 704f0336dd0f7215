#include "catalog/column_statistics.h"

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/definition.h"
#include "catalog/outside_reader.h"
#include "catalog/partition_rows.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using Statistics = wire::glue::ColumnStatistics;

// Whose statistics: the table's, or those of one of its partitions.
struct Subject {
  OpenedTable opened;
  std::optional<std::string> values_key;

  std::string_view rows() const { return values_key ? "catalog_partition_statistics" : "catalog_table_statistics"; }
  std::string_view where() const {
    return values_key ? "table_id = ? AND column_name = ? AND values_key = ?" : "table_id = ? AND column_name = ?";
  }
  std::vector<store::Value> key(const std::string& column) const {
    std::vector<store::Value> values{opened.table.id, column};
    if (values_key) values.emplace_back(*values_key);
    return values;
  }
};

std::unexpected<Error> NoStatistics(const std::string& column) {
  return Fail(ErrorCode::kNotFound, fmt::format("Column statistics of {} not found.", column));
}

template <class Input>
Result<Subject> SubjectOf(const Access& access, const gate::Call& call, Intent intent, std::string_view action, const Input& in) {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  Subject subject;
  TRY_ASSIGN(subject.opened, access.OpenTarget(call, intent, action, account, *in.database_name, *in.table_name));
  if (intent == Intent::kChange) TRY(Access::Demand(subject.opened.access.permissions, policy::Permission::kAlter, *in.table_name));
  if constexpr (requires { in.partition_values; }) {
    TRY_ASSIGN(auto partition, FindPartition(call.tx(), subject.opened.table.id, *in.partition_values));
    if (!partition) return Fail(ErrorCode::kNotFound, "Cannot find partition.");
    subject.values_key = ValuesKey(*in.partition_values);
  }
  return subject;
}

// The member that goes with each type.
bool HoldsItsData(const wire::glue::ColumnStatisticsData& data) {
  const std::string type = data.type.value_or("");
  const std::pair<std::string_view, bool> members[] = {
      {"BOOLEAN", data.boolean_column_statistics_data.has_value()}, {"DATE", data.date_column_statistics_data.has_value()},
      {"DECIMAL", data.decimal_column_statistics_data.has_value()}, {"DOUBLE", data.double_column_statistics_data.has_value()},
      {"LONG", data.long_column_statistics_data.has_value()},       {"STRING", data.string_column_statistics_data.has_value()},
      {"BINARY", data.binary_column_statistics_data.has_value()}};
  bool fits = false;
  for (const auto& [name, present] : members) {
    if (present != (name == type)) return false;
    fits = fits || present;
  }
  return fits;
}

Result<void> KeepStatistics(store::Transaction& tx, const Subject& subject, Statistics statistics) {
  const store::TableRow& table = subject.opened.table;
  statistics.column_name = Lower(statistics.column_name.value_or(""));
  if (!Contains(table.columns, *statistics.column_name) && !Contains(table.keys, *statistics.column_name)) {
    return Fail(ErrorCode::kNotFound, fmt::format("Column {} not found.", *statistics.column_name));
  }
  if (!statistics.statistics_data || !HoldsItsData(*statistics.statistics_data)) {
    return Fail(ErrorCode::kInvalidArgument, "StatisticsData must hold the data of its Type, and no other.");
  }
  std::vector<store::Value> values = subject.key(*statistics.column_name);
  values.emplace_back(wire::ToJson(statistics));
  std::string_view keys = subject.values_key ? "table_id, column_name, values_key" : "table_id, column_name";
  TRY(tx.Execute(fmt::format("INSERT INTO {} ({}, definition) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET definition = "
                             "excluded.definition",
                             subject.rows(), keys, subject.values_key ? "?, ?, ?, ?" : "?, ?, ?", keys),
                 values));
  return {};
}

template <class Answer>
Result<Answer> Keep(const gate::Call& call, const Subject& subject, const std::vector<Statistics>& list) {
  Answer answer;
  for (const Statistics& statistics : list) {
    auto kept = KeepStatistics(call.tx(), subject, statistics);
    if (kept) continue;
    if (kept.error().code != ErrorCode::kNotFound && kept.error().code != ErrorCode::kInvalidArgument) {
      return std::unexpected(std::move(kept).error());
    }
    if (!answer.errors) answer.errors.emplace();
    answer.errors->push_back({.column_statistics = statistics, .error = ErrorDetailOf(kept.error())});
  }
  return answer;
}

bool MayRead(const OpenedTable& opened, const std::string& column) {
  return opened.access.readable && opened.access.broken.empty() && !FinerThanTable(opened.access, opened.table).rows &&
         Contains(opened.access.columns, column);
}

template <class Answer>
Result<Answer> Show(const gate::Call& call, const Subject& subject, const std::vector<std::string>& columns) {
  Answer answer{.column_statistics_list = std::vector<Statistics>(), .errors = std::vector<wire::glue::ColumnError>()};
  for (const std::string& name : columns) {
    const std::string column = Lower(name);
    std::vector<store::Row> rows;
    if (MayRead(subject.opened, column)) {
      TRY_ASSIGN(rows, call.tx().Query(fmt::format("SELECT definition FROM {} WHERE {}", subject.rows(), subject.where()),
                                       subject.key(column)));
    }
    if (!rows.empty()) {
      TRY_ASSIGN(auto statistics, wire::FromJson<Statistics>(rows.front().Text(0)));
      answer.column_statistics_list->push_back(std::move(statistics));
    } else {
      answer.errors->push_back({.column_name = name, .error = ErrorDetailOf(NoStatistics(name).error())});
    }
  }
  return answer;
}

Result<void> Forget(const gate::Call& call, const Subject& subject, const std::string& column) {
  TRY_ASSIGN(auto gone, call.tx().Execute(fmt::format("DELETE FROM {} WHERE {}", subject.rows(), subject.where()),
                                          subject.key(Lower(column))));
  if (gone == 0) return NoStatistics(column);
  return {};
}

template <class Input>
std::string WithoutData(Input in) {
  if (in.column_statistics_list) {
    for (Statistics& statistics : *in.column_statistics_list) statistics.statistics_data.reset();
  }
  return wire::ToRecord(in);
}

}  // namespace

std::string UpdateColumnStatisticsForTable::Parameters() const { return WithoutData(in); }
std::string UpdateColumnStatisticsForPartition::Parameters() const { return WithoutData(in); }

Result<std::vector<gate::Need>> UpdateColumnStatisticsForTable::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:UpdateTable", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> GetColumnStatisticsForTable::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetTable", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> DeleteColumnStatisticsForTable::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:DeleteTable", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> UpdateColumnStatisticsForPartition::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:UpdatePartition", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> GetColumnStatisticsForPartition::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetPartition", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> DeleteColumnStatisticsForPartition::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:DeletePartition", context, in.catalog_id, in.database_name, in.table_name);
}

Result<UpdateColumnStatisticsForTable::Answer> ColumnStatistics::Do(
    const gate::Authorized<UpdateColumnStatisticsForTable>& call) const {
  TRY_ASSIGN(Subject subject, SubjectOf(access_, call, Intent::kChange, "glue:UpdateTable", call->in));
  return Keep<UpdateColumnStatisticsForTable::Answer>(call, subject, *call->in.column_statistics_list);
}

Result<GetColumnStatisticsForTable::Answer> ColumnStatistics::Do(const gate::Authorized<GetColumnStatisticsForTable>& call) const {
  TRY_ASSIGN(Subject subject, SubjectOf(access_, call, Intent::kRead, "glue:GetTable", call->in));
  return Show<GetColumnStatisticsForTable::Answer>(call, subject, *call->in.column_names);
}

Result<DeleteColumnStatisticsForTable::Answer> ColumnStatistics::Do(
    const gate::Authorized<DeleteColumnStatisticsForTable>& call) const {
  TRY_ASSIGN(Subject subject, SubjectOf(access_, call, Intent::kChange, "glue:DeleteTable", call->in));
  TRY(Forget(call, subject, *call->in.column_name));
  return DeleteColumnStatisticsForTable::Answer();
}

Result<UpdateColumnStatisticsForPartition::Answer> ColumnStatistics::Do(
    const gate::Authorized<UpdateColumnStatisticsForPartition>& call) const {
  TRY_ASSIGN(Subject subject, SubjectOf(access_, call, Intent::kChange, "glue:UpdatePartition", call->in));
  return Keep<UpdateColumnStatisticsForPartition::Answer>(call, subject, *call->in.column_statistics_list);
}

Result<GetColumnStatisticsForPartition::Answer> ColumnStatistics::Do(
    const gate::Authorized<GetColumnStatisticsForPartition>& call) const {
  TRY_ASSIGN(Subject subject, SubjectOf(access_, call, Intent::kRead, "glue:GetPartition", call->in));
  return Show<GetColumnStatisticsForPartition::Answer>(call, subject, *call->in.column_names);
}

Result<DeleteColumnStatisticsForPartition::Answer> ColumnStatistics::Do(
    const gate::Authorized<DeleteColumnStatisticsForPartition>& call) const {
  TRY_ASSIGN(Subject subject, SubjectOf(access_, call, Intent::kChange, "glue:DeletePartition", call->in));
  TRY(Forget(call, subject, *call->in.column_name));
  return DeleteColumnStatisticsForPartition::Answer();
}

}  // namespace hanse::catalog
