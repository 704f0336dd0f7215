#include "catalog/statistics_run.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/passed_role.h"

namespace hanse::catalog {
namespace {

using wire::glue::Column;

constexpr std::string_view kNullPartition = "__HIVE_DEFAULT_PARTITION__";

std::vector<Column> KeysOfTable(const wire::glue::Table& table) { return table.partition_keys.value_or(std::vector<Column>()); }

std::vector<Column> ColumnsOfTable(const wire::glue::Table& table) {
  std::vector<Column> columns;
  if (table.storage_descriptor) columns = table.storage_descriptor->columns.value_or(std::vector<Column>());
  for (const Column& key : KeysOfTable(table)) columns.push_back(key);
  return columns;
}

// A partition's value as the engine tells it: "07" of an int is 7.
std::string TextOfValue(const std::string& value, std::string_view kind) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc() && end == value.data() + value.size();
  return kind == "LONG" && whole ? std::to_string(number) : value;
}

template <class Answer>
Result<void> CheckKept(const Answer& kept) {
  if (!kept.errors || kept.errors->empty()) return {};
  const auto& error = kept.errors->front().error;
  return Fail(ErrorCode::kConflict, error ? error->error_message.value_or("") : "Statistics were not kept.");
}

}  // namespace

template <class Op, class Service>
Result<typename Op::Answer> StatisticsTaskRun::Ask(const Op& op, const Service& service) {
  if (stop_.stop_requested()) return Fail(ErrorCode::kTimeout, "The task was stopped.");
  return parts_.gate.Run(ContextOfRole(role_, "StartColumnStatisticsTaskRun", run_.region, parts_.random, parts_.clock), op,
                         service);
}

Result<std::vector<AnswerRow>> StatisticsTaskRun::Ask(const StatisticsQuery& query) {
  TableReader::Question question{.database = query.database, .table = query.table, .sql = SqlOf(query)};
  for (const MeasuredColumn& column : query.columns) question.columns.push_back(column.name);
  question.columns.insert(question.columns.end(), query.group_by.begin(), query.group_by.end());
  gate::Context as = ContextOfRole(role_, "StartColumnStatisticsTaskRun", run_.region, parts_.random, parts_.clock);
  TRY_ASSIGN(auto rows, parts_.reader.Ask(as, question, stop_));
  const std::size_t least = query.group_by.size() + 1;
  for (const AnswerRow& row : rows) {
    if (row.size() < least) return Fail(ErrorCode::kInternal, "an answer of a statistics query is too short");
  }
  return rows;
}

Result<void> StatisticsTaskRun::Run() {
  GetTable get{.in = {.database_name = run_.definition.database_name, .name = run_.definition.table_name}};
  TRY_ASSIGN(auto found, Ask(get, parts_.tables));
  const wire::glue::Table& table = *found.table;
  if (table.table_type.value_or("") == "VIRTUAL_VIEW") return Fail(ErrorCode::kInvalidArgument, "A view has no column statistics.");
  TRY_ASSIGN(StatisticsQuery query, QueryOver(table));
  StatisticsQuery count = query;
  count.columns.clear();
  count.percent = 0;
  TRY_ASSIGN(auto counted, Ask(count));
  std::int64_t rows = 0;
  if (!counted.empty() && counted.front().front()) {
    const std::string& text = *counted.front().front();
    std::from_chars(text.data(), text.data() + text.size(), rows);
  }
  query.distinct = rows <= kExactRowsMax ? Distinct::kExact : Distinct::kEstimated;
  TRY(MeasureTable(query));
  if (KeysOfTable(table).empty()) return {};
  return MeasurePartitions(table, std::move(query));
}

Result<StatisticsQuery> StatisticsTaskRun::QueryOver(const wire::glue::Table& table) const {
  StatisticsQuery query{.database = run_.definition.database_name.value_or(""),
                        .table = run_.definition.table_name.value_or(""),
                        .percent = run_.definition.sample_size.value_or(0)};
  std::vector<std::string> wanted;
  for (const std::string& name : run_.definition.column_name_list.value_or(std::vector<std::string>())) {
    wanted.push_back(Lower(name));
  }
  std::vector<std::string> shown;
  for (const Column& column : ColumnsOfTable(table)) {
    shown.push_back(column.name.value_or(""));
    if (!wanted.empty() && !Contains(wanted, shown.back())) continue;
    if (auto measured = Measurable(shown.back(), column.type.value_or(""))) query.columns.push_back(std::move(*measured));
  }
  for (const std::string& name : wanted) {
    if (!Contains(shown, name)) return Fail(ErrorCode::kNotFound, fmt::format("Column {} not found.", name));
  }
  if (query.columns.empty()) return Fail(ErrorCode::kInvalidArgument, "No column is of a type that has statistics.");
  return query;
}

Result<void> StatisticsTaskRun::MeasureTable(const StatisticsQuery& query) {
  TRY_ASSIGN(auto rows, Ask(query));
  if (rows.size() != 1) return Fail(ErrorCode::kInternal, "a statistics query answered not one row");
  UpdateColumnStatisticsForTable keep;
  keep.in.database_name = query.database;
  keep.in.table_name = query.table;
  TRY_ASSIGN(keep.in.column_statistics_list, StatisticsOf(query, rows.front(), wire::Timestamp{parts_.clock.NowMs()}));
  TRY_ASSIGN(auto kept, Ask(keep, parts_.statistics));
  return CheckKept(kept);
}

Result<std::map<std::vector<std::string>, std::vector<std::string>>> StatisticsTaskRun::PartitionsByText(
    const wire::glue::Table& table) {
  std::map<std::vector<std::string>, std::vector<std::string>> partitions;
  std::vector<std::string> kinds;
  for (const Column& key : KeysOfTable(table)) {
    auto measured = Measurable(key.name.value_or(""), key.type.value_or(""));
    kinds.push_back(measured ? measured->kind : "");
  }
  GetPartitions list;
  list.in.database_name = run_.definition.database_name;
  list.in.table_name = run_.definition.table_name;
  list.in.exclude_column_schema = true;
  do {
    TRY_ASSIGN(auto page, Ask(list, parts_.partitions));
    for (const auto& partition : page.partitions.value_or(std::vector<wire::glue::Partition>())) {
      const auto values = partition.values.value_or(std::vector<std::string>());
      std::vector<std::string> text;
      for (std::size_t i = 0; i < values.size() && i < kinds.size(); ++i) text.push_back(TextOfValue(values[i], kinds[i]));
      partitions.emplace(std::move(text), values);
      if (partitions.size() > kMeasuredPartitionsMax) return std::map<std::vector<std::string>, std::vector<std::string>>();
    }
    list.in.next_token = page.next_token;
  } while (list.in.next_token);
  return partitions;
}

Result<void> StatisticsTaskRun::MeasurePartitions(const wire::glue::Table& table, StatisticsQuery query) {
  TRY_ASSIGN(auto partitions, PartitionsByText(table));
  if (partitions.empty()) return {};
  for (const Column& key : KeysOfTable(table)) {
    query.group_by.push_back(key.name.value_or(""));
    std::erase_if(query.columns, [&](const MeasuredColumn& column) { return column.name == key.name; });
  }
  if (query.columns.empty()) return {};
  TRY_ASSIGN(auto rows, Ask(query));
  for (const AnswerRow& row : rows) {
    std::vector<std::string> text;
    for (std::size_t i = 0; i < query.group_by.size(); ++i) text.push_back(row[i].value_or(std::string(kNullPartition)));
    auto partition = partitions.find(text);
    if (partition == partitions.end()) continue;
    UpdateColumnStatisticsForPartition keep;
    keep.in.database_name = query.database;
    keep.in.table_name = query.table;
    keep.in.partition_values = partition->second;
    TRY_ASSIGN(keep.in.column_statistics_list, StatisticsOf(query, row, wire::Timestamp{parts_.clock.NowMs()}));
    auto kept = Ask(keep, parts_.statistics);
    if (!kept && kept.error().code == ErrorCode::kNotFound) continue;  // It was deleted meanwhile.
    if (!kept) return std::unexpected(std::move(kept).error());
    TRY(CheckKept(*kept));
  }
  return {};
}

}  // namespace hanse::catalog
