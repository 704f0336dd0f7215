#include "query/prepared_statement.h"

#include <fmt/format.h>

#include "query/page.h"
#include "query/prepared_sql.h"
#include "query/workgroup.h"
#include "wire/json.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

constexpr std::int64_t kPreparedStatementsPage = 50;

using Key = std::vector<store::Value>;

Key KeyOf(const gate::Call& call, const std::string& workgroup, const std::string& name) {
  return {call.caller().account, call.info().region, workgroup, name};
}

std::string NotPrepared(const std::string& name) { return fmt::format("PreparedStatement {} was not found", name); }

Result<std::optional<athena::PreparedStatement>> FindPrepared(const gate::Call& call, const std::string& workgroup,
                                                              const std::string& name) {
  TRY_ASSIGN(auto row, call.tx().Maybe("SELECT definition FROM prepared_statements WHERE account = ? AND region = ? AND "
                                       "workgroup = ? AND name = ?",
                                       {call.caller().account, call.info().region, workgroup, name}));
  if (!row) return std::optional<athena::PreparedStatement>();
  TRY_ASSIGN(auto statement, wire::FromJson<athena::PreparedStatement>(row->Text(0)));
  return std::optional(std::move(statement));
}

Result<athena::PreparedStatement> ReadPrepared(const gate::Call& call, const std::string& workgroup, const std::string& name) {
  TRY_ASSIGN(auto statement, FindPrepared(call, workgroup, name));
  if (!statement) return FailAs(ErrorCode::kNotFound, "ResourceNotFoundException", NotPrepared(name));
  return std::move(*statement);
}

Result<void> KeepPrepared(const gate::Call& call, const athena::PreparedStatement& statement) {
  Key key = KeyOf(call, *statement.work_group_name, *statement.statement_name);
  key.emplace_back(wire::ToJson(statement));
  TRY(
      call.tx().Execute("INSERT INTO prepared_statements (account, region, workgroup, name, definition) VALUES (?, ?, ?, ?, ?) "
                        "ON CONFLICT (account, region, workgroup, name) DO UPDATE SET definition = excluded.definition",
                        key));
  return {};
}

}  // namespace

Result<std::vector<gate::Need>> CreatePreparedStatement::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, *in.work_group);
}
Result<std::vector<gate::Need>> GetPreparedStatement::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, *in.work_group);
}
Result<std::vector<gate::Need>> BatchGetPreparedStatement::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, *in.work_group);
}
Result<std::vector<gate::Need>> ListPreparedStatements::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, *in.work_group);
}
Result<std::vector<gate::Need>> UpdatePreparedStatement::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, *in.work_group);
}
Result<std::vector<gate::Need>> DeletePreparedStatement::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, *in.work_group);
}

Result<CreatePreparedStatement::Answer> PreparedStatements::Do(const gate::Authorized<CreatePreparedStatement>& call) const {
  const auto& in = call->in;
  TRY(WorkGroups::Read(call.tx(), call.context(), *in.work_group));
  TRY(CheckPreparable(*in.query_statement));
  TRY_ASSIGN(auto before, FindPrepared(call, *in.work_group, *in.statement_name));
  if (before) return Invalid(fmt::format("PreparedStatement {} already exists", *in.statement_name));
  TRY_ASSIGN(auto count,
             call.tx().One("SELECT count(*) FROM prepared_statements WHERE account = ? AND region = ? AND workgroup = ?",
                           {call.caller().account, call.info().region, *in.work_group}));
  if (count.Int(0) >= kStatementsMax) return Invalid(fmt::format("A workgroup has at most {} prepared statements", kStatementsMax));
  TRY(KeepPrepared(call, {.statement_name = in.statement_name,
                          .query_statement = in.query_statement,
                          .work_group_name = in.work_group,
                          .description = in.description,
                          .last_modified_time = wire::Timestamp{call.now_ms()}}));
  return CreatePreparedStatement::Answer{};
}

Result<GetPreparedStatement::Answer> PreparedStatements::Do(const gate::Authorized<GetPreparedStatement>& call) const {
  TRY_ASSIGN(auto statement, ReadPrepared(call, *call->in.work_group, *call->in.statement_name));
  return GetPreparedStatement::Answer{.prepared_statement = std::move(statement)};
}

Result<BatchGetPreparedStatement::Answer> PreparedStatements::Do(const gate::Authorized<BatchGetPreparedStatement>& call) const {
  BatchGetPreparedStatement::Answer answer{
      .prepared_statements = std::vector<athena::PreparedStatement>{},
      .unprocessed_prepared_statement_names = std::vector<athena::UnprocessedPreparedStatementName>{}};
  for (const std::string& name : *call->in.prepared_statement_names) {
    TRY_ASSIGN(auto statement, FindPrepared(call, *call->in.work_group, name));
    if (statement) {
      answer.prepared_statements->push_back(std::move(*statement));
    } else {
      answer.unprocessed_prepared_statement_names->push_back(
          {.statement_name = name, .error_code = "STATEMENT_NOT_FOUND", .error_message = NotPrepared(name)});
    }
  }
  return answer;
}

Result<ListPreparedStatements::Answer> PreparedStatements::Do(const gate::Authorized<ListPreparedStatements>& call) const {
  TRY(WorkGroups::Read(call.tx(), call.context(), *call->in.work_group));
  TRY_ASSIGN(
      auto rows,
      call.tx().Query("SELECT definition FROM prepared_statements WHERE account = ? AND region = ? AND workgroup = ? ORDER BY name",
                      {call.caller().account, call.info().region, *call->in.work_group}));
  std::vector<athena::PreparedStatementSummary> all;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto statement, wire::FromJson<athena::PreparedStatement>(row.Text(0)));
    all.push_back({.statement_name = statement.statement_name, .last_modified_time = statement.last_modified_time});
  }
  TRY_ASSIGN(auto page, PageOf(all, call->in.next_token, call->in.max_results.value_or(kPreparedStatementsPage)));
  return ListPreparedStatements::Answer{.prepared_statements = std::move(page.items), .next_token = std::move(page.next_token)};
}

Result<UpdatePreparedStatement::Answer> PreparedStatements::Do(const gate::Authorized<UpdatePreparedStatement>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(auto statement, ReadPrepared(call, *in.work_group, *in.statement_name));
  TRY(CheckPreparable(*in.query_statement));
  statement.query_statement = in.query_statement;
  if (in.description) statement.description = in.description;
  statement.last_modified_time = wire::Timestamp{call.now_ms()};
  TRY(KeepPrepared(call, statement));
  return UpdatePreparedStatement::Answer{};
}

Result<DeletePreparedStatement::Answer> PreparedStatements::Do(const gate::Authorized<DeletePreparedStatement>& call) const {
  TRY(ReadPrepared(call, *call->in.work_group, *call->in.statement_name));
  TRY(call.tx().Execute("DELETE FROM prepared_statements WHERE account = ? AND region = ? AND workgroup = ? AND name = ?",
                        KeyOf(call, *call->in.work_group, *call->in.statement_name)));
  return DeletePreparedStatement::Answer{};
}

}  // namespace hanse::query
