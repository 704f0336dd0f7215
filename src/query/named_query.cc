#include "query/named_query.h"

#include <fmt/format.h>

#include "query/page.h"
#include "query/workgroup.h"
#include "wire/json.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

constexpr std::int64_t kNamedQueriesPage = 50;

// The caller's own account and region; elsewhere there is no such query.
Result<std::optional<athena::NamedQuery>> FindNamedQuery(store::Transaction& tx, const gate::Context& context,
                                                         const std::string& id) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT definition FROM named_queries WHERE id = ? AND account = ? AND region = ?",
                                {id, context.caller.account, context.info.region}));
  if (!row) return std::optional<athena::NamedQuery>();
  TRY_ASSIGN(auto query, wire::FromJson<athena::NamedQuery>(row->Text(0)));
  return std::optional(std::move(query));
}

Result<athena::NamedQuery> ReadNamedQuery(const gate::Call& call, const std::string& id) {
  TRY_ASSIGN(auto query, FindNamedQuery(call.tx(), call.context(), id));
  if (!query) return Invalid(fmt::format("NamedQuery {} was not found", id));
  return std::move(*query);
}

// The need is on the query's workgroup; of one that is not there on the primary one, so that ids cannot be tried out.
Result<std::vector<gate::Need>> OnNamedQuery(const gate::Context& context, store::Transaction& tx, std::string_view operation,
                                             const std::string& id) {
  TRY_ASSIGN(auto query, FindNamedQuery(tx, context, id));
  return OnWorkGroup(context, operation, query ? *query->work_group : std::string(kPrimary));
}

// A second creation with the same token is the first one, if it says the same.
Result<std::optional<std::string>> CreatedBefore(const gate::Authorized<CreateNamedQuery>& call, const athena::NamedQuery& asked) {
  if (!call->in.client_request_token) return std::optional<std::string>();
  TRY_ASSIGN(
      auto row,
      call.tx().Maybe("SELECT definition FROM named_queries WHERE account = ? AND region = ? AND caller = ? AND token = ?",
                      {call.caller().account, call.info().region, call.caller().principal_arn, *call->in.client_request_token}));
  if (!row) return std::optional<std::string>();
  TRY_ASSIGN(auto before, wire::FromJson<athena::NamedQuery>(row->Text(0)));
  athena::NamedQuery same = asked;
  same.named_query_id = before.named_query_id;
  if (!(same == before)) {
    return Invalid("Idempotent parameters do not match: the ClientRequestToken was used for another named query.");
  }
  return before.named_query_id;
}

}  // namespace

Result<std::vector<gate::Need>> CreateNamedQuery::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, in.work_group.value_or(std::string(kPrimary)));
}
Result<std::vector<gate::Need>> GetNamedQuery::On(const gate::Context& context, store::Transaction& tx) const {
  return OnNamedQuery(context, tx, kRule.name, *in.named_query_id);
}
Result<std::vector<gate::Need>> BatchGetNamedQuery::On(const gate::Context& context, store::Transaction& tx) const {
  std::vector<gate::Need> needs;
  for (const std::string& id : *in.named_query_ids) {
    TRY_ASSIGN(auto more, OnNamedQuery(context, tx, kRule.name, id));
    needs.insert(needs.end(), more.begin(), more.end());
  }
  return needs;
}
Result<std::vector<gate::Need>> ListNamedQueries::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, in.work_group.value_or(std::string(kPrimary)));
}
Result<std::vector<gate::Need>> UpdateNamedQuery::On(const gate::Context& context, store::Transaction& tx) const {
  return OnNamedQuery(context, tx, kRule.name, *in.named_query_id);
}
Result<std::vector<gate::Need>> DeleteNamedQuery::On(const gate::Context& context, store::Transaction& tx) const {
  return OnNamedQuery(context, tx, kRule.name, *in.named_query_id);
}

Result<CreateNamedQuery::Answer> NamedQueries::Do(const gate::Authorized<CreateNamedQuery>& call) {
  const auto& in = call->in;
  athena::NamedQuery query{.name = in.name,
                           .description = in.description,
                           .database = in.database,
                           .query_string = in.query_string,
                           .named_query_id = random_.Uuid(),
                           .work_group = in.work_group.value_or(std::string(kPrimary))};
  TRY(WorkGroups::Read(call.tx(), call.context(), *query.work_group));
  TRY_ASSIGN(auto before, CreatedBefore(call, query));
  if (before) return CreateNamedQuery::Answer{.named_query_id = *before};
  TRY_ASSIGN(Id number, call.tx().NewId());
  TRY(call.tx().Execute(
      "INSERT INTO named_queries (id, number, account, region, workgroup, caller, token, definition) VALUES (?, ?, ?, ?, ?, ?, ?, "
      "?)",
      {*query.named_query_id, number, call.caller().account, call.info().region, *query.work_group, call.caller().principal_arn,
       in.client_request_token.value_or(*query.named_query_id), wire::ToJson(query)}));
  return CreateNamedQuery::Answer{.named_query_id = query.named_query_id};
}

Result<GetNamedQuery::Answer> NamedQueries::Do(const gate::Authorized<GetNamedQuery>& call) {
  TRY_ASSIGN(athena::NamedQuery query, ReadNamedQuery(call, *call->in.named_query_id));
  return GetNamedQuery::Answer{.named_query = std::move(query)};
}

Result<BatchGetNamedQuery::Answer> NamedQueries::Do(const gate::Authorized<BatchGetNamedQuery>& call) {
  BatchGetNamedQuery::Answer answer{.named_queries = std::vector<athena::NamedQuery>{},
                                    .unprocessed_named_query_ids = std::vector<athena::UnprocessedNamedQueryId>{}};
  for (const std::string& id : *call->in.named_query_ids) {
    TRY_ASSIGN(auto query, FindNamedQuery(call.tx(), call.context(), id));
    if (query) {
      answer.named_queries->push_back(std::move(*query));
    } else {
      answer.unprocessed_named_query_ids->push_back(
          {.named_query_id = id, .error_code = "INVALID_INPUT", .error_message = fmt::format("NamedQuery {} was not found", id)});
    }
  }
  return answer;
}

Result<ListNamedQueries::Answer> NamedQueries::Do(const gate::Authorized<ListNamedQueries>& call) {
  std::string workgroup = call->in.work_group.value_or(std::string(kPrimary));
  TRY(WorkGroups::Read(call.tx(), call.context(), workgroup));
  TRY_ASSIGN(auto rows,
             call.tx().Query("SELECT id FROM named_queries WHERE account = ? AND region = ? AND workgroup = ? ORDER BY number DESC",
                             {call.caller().account, call.info().region, workgroup}));
  std::vector<std::string> ids;
  for (const store::Row& row : rows) ids.push_back(row.Text(0));
  TRY_ASSIGN(auto page, PageOf(ids, call->in.next_token, call->in.max_results.value_or(kNamedQueriesPage)));
  return ListNamedQueries::Answer{.named_query_ids = std::move(page.items), .next_token = std::move(page.next_token)};
}

Result<UpdateNamedQuery::Answer> NamedQueries::Do(const gate::Authorized<UpdateNamedQuery>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(athena::NamedQuery query, ReadNamedQuery(call, *in.named_query_id));
  query.name = in.name;
  query.query_string = in.query_string;
  if (in.description) query.description = in.description;
  TRY(call.tx().Execute("UPDATE named_queries SET definition = ? WHERE id = ?", {wire::ToJson(query), *in.named_query_id}));
  return UpdateNamedQuery::Answer{};
}

Result<DeleteNamedQuery::Answer> NamedQueries::Do(const gate::Authorized<DeleteNamedQuery>& call) {
  TRY(ReadNamedQuery(call, *call->in.named_query_id));
  TRY(call.tx().Execute("DELETE FROM named_queries WHERE id = ?", {*call->in.named_query_id}));
  return DeleteNamedQuery::Answer{};
}

}  // namespace hanse::query
