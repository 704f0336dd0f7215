#include "catalog/function.h"

#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/name_pattern.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using wire::glue::UserDefinedFunction;
using wire::glue::UserDefinedFunctionInput;

std::unexpected<Error> NoFunction(std::string_view name) {
  return Fail(ErrorCode::kNotFound, fmt::format("Function {} not found.", name));
}

// IAM asks for the catalog, the database and the function ("*": any).
template <class Input>
Result<std::vector<gate::Need>> NeedOnFunction(std::string_view action, const gate::Context& context, const Input& in,
                                               std::string_view function) {
  const std::string database = Lower(in.database_name.value_or("*"));
  TRY_ASSIGN(auto needs, NeedOnDatabase(action, context, in.catalog_id, database));
  const AccountId owner = needs.front().owner;
  needs.push_back({.action = std::string(action),
                   .resource = fmt::format("arn:aws:glue:{}:{}:userDefinedFunction/{}/{}", context.info.region, owner, database,
                                           Lower(function)),
                   .owner = owner});
  return needs;
}

// The database whose functions are meant, which the caller may see; for a change it must hold ALTER on it.
template <class Input>
Result<store::DatabaseRow> FunctionHome(const Access& access, const gate::Call& call, Intent intent, std::string_view action,
                                        const Input& in) {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  const std::string name = in.database_name.value_or("");
  TRY_ASSIGN(Place place, access.Find(call, intent, action, account, name));
  if (!place.home) return Refuse(NoDatabase(name));
  TRY_ASSIGN(auto held, access.VisibleDatabase(call, *place.home, name));
  if (intent == Intent::kChange) TRY(Access::Demand(held.permissions, policy::Permission::kAlter, name));
  return std::move(*place.home);
}

Result<std::optional<UserDefinedFunction>> FindFunction(store::Transaction& tx, Id database, const std::string& name) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT definition FROM catalog_functions WHERE database_id = ? AND name = ?", {database, name}));
  if (!row) return std::optional<UserDefinedFunction>();
  TRY_ASSIGN(auto function, wire::FromJson<UserDefinedFunction>(row->Text(0)));
  return std::optional(std::move(function));
}

UserDefinedFunction FunctionOf(const store::DatabaseRow& home, const std::string& name, const UserDefinedFunctionInput& input,
                               wire::Timestamp created) {
  return {.function_name = name,
          .database_name = home.name,
          .class_name = input.class_name,
          .owner_name = input.owner_name,
          .function_type = input.function_type,
          .owner_type = input.owner_type,
          .create_time = created,
          .resource_uris = input.resource_uris,
          .artifact_location = input.artifact_location,
          .governance_mode = input.governance_mode,
          .catalog_id = home.account};
}

}  // namespace

Result<std::vector<gate::Need>> CreateUserDefinedFunction::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnFunction("glue:CreateUserDefinedFunction", context, in, in.function_input->function_name.value_or(""));
}
Result<std::vector<gate::Need>> GetUserDefinedFunction::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnFunction("glue:GetUserDefinedFunction", context, in, *in.function_name);
}
Result<std::vector<gate::Need>> GetUserDefinedFunctions::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnFunction("glue:GetUserDefinedFunctions", context, in, "*");
}
Result<std::vector<gate::Need>> UpdateUserDefinedFunction::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnFunction("glue:UpdateUserDefinedFunction", context, in, *in.function_name);
}
Result<std::vector<gate::Need>> DeleteUserDefinedFunction::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnFunction("glue:DeleteUserDefinedFunction", context, in, *in.function_name);
}

Result<CreateUserDefinedFunction::Answer> Functions::Do(const gate::Authorized<CreateUserDefinedFunction>& call) const {
  const UserDefinedFunctionInput& input = *call->in.function_input;
  TRY_ASSIGN(auto home, FunctionHome(access_, call, Intent::kChange, "glue:CreateUserDefinedFunction", call->in));
  TRY_ASSIGN(std::string name, FoldName("FunctionInput.FunctionName", input.function_name.value_or("")));
  TRY_ASSIGN(auto taken, FindFunction(call.tx(), home.id, name));
  if (taken) return Fail(ErrorCode::kAlreadyExists, "Function already exists.");
  TRY_ASSIGN(auto count, call.tx().One("SELECT COUNT(*) FROM catalog_functions WHERE database_id = ?", {home.id}));
  if (count.Int(0) >= kFunctionsMax) {
    return FailAs(ErrorCode::kLimitExceeded, "ResourceNumberLimitExceededException",
                  fmt::format("A database has at most {} functions.", kFunctionsMax));
  }
  UserDefinedFunction function = FunctionOf(home, name, input, wire::Timestamp{call.now_ms()});
  TRY(call.tx().Execute("INSERT INTO catalog_functions (database_id, name, definition) VALUES (?, ?, ?)",
                        {home.id, name, wire::ToJson(function)}));
  return CreateUserDefinedFunction::Answer();
}

Result<GetUserDefinedFunction::Answer> Functions::Do(const gate::Authorized<GetUserDefinedFunction>& call) const {
  TRY_ASSIGN(auto home, FunctionHome(access_, call, Intent::kRead, "glue:GetUserDefinedFunction", call->in));
  TRY_ASSIGN(auto function, FindFunction(call.tx(), home.id, Lower(*call->in.function_name)));
  if (!function) return NoFunction(*call->in.function_name);
  return GetUserDefinedFunction::Answer{.user_defined_function = std::move(function)};
}

Result<GetUserDefinedFunctions::Answer> Functions::Do(const gate::Authorized<GetUserDefinedFunctions>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  TRY_ASSIGN(auto pattern, NamePattern("Pattern", in.pattern));
  Id within = 0;  // All databases.
  if (in.database_name) {
    TRY_ASSIGN(auto home, FunctionHome(access_, call, Intent::kRead, "glue:GetUserDefinedFunctions", in));
    within = home.id;
  }
  const std::string list = fmt::format("GetUserDefinedFunctions/{}/{}/{}/{}", call.caller().unique_id, call.info().region, account,
                                       Lower(in.database_name.value_or("")));
  TRY_ASSIGN(std::string cursor, pages_.Cursor(list, in.next_token));
  const std::string database_after = cursor.substr(0, cursor.find('\n'));
  const std::string after = cursor.empty() ? "" : cursor.substr(database_after.size() + 1);
  std::vector<store::Value> values{account, call.info().region};
  if (within != 0) values = {within};
  for (const std::string& place : {database_after, database_after, after}) values.emplace_back(place);
  values.emplace_back(static_cast<std::int64_t>(kScannedMax));
  TRY_ASSIGN(auto rows, call.tx().Query(fmt::format("SELECT d.name, f.name, f.definition, d.id FROM catalog_functions f JOIN "
                                                    "catalog_databases d ON d.id = f.database_id WHERE {} AND (d.name > ? OR "
                                                    "(d.name = ? AND f.name > ?)) ORDER BY d.name, f.name LIMIT ?",
                                                    within == 0 ? "d.account = ? AND d.region = ?" : "d.id = ?"),
                                        values));
  GetUserDefinedFunctions::Answer answer{.user_defined_functions = std::vector<UserDefinedFunction>()};
  const std::size_t page = PageSize(in.max_results, kPageMax);
  std::map<Id, bool> visible{{within, true}};
  std::string last;
  for (const store::Row& row : rows) {
    if (answer.user_defined_functions->size() == page) {
      answer.next_token = pages_.Next(list, last);
      return answer;
    }
    last = row.Text(0) + "\n" + row.Text(1);
    if (pattern && !re2::RE2::FullMatch(row.Text(1), *pattern)) continue;
    if (!visible.contains(row.Int(3))) {
      TRY_ASSIGN(auto database, store::FindDatabaseById(call.tx(), row.Int(3)));
      TRY_ASSIGN(auto held, access_.lake().OnDatabase(call.tx(), call.caller(), *database));
      visible[row.Int(3)] = held.visible;
    }
    if (!visible[row.Int(3)]) continue;
    TRY_ASSIGN(auto function, wire::FromJson<UserDefinedFunction>(row.Text(2)));
    if (in.function_type && function.function_type != in.function_type) continue;
    answer.user_defined_functions->push_back(std::move(function));
  }
  if (rows.size() == kScannedMax) answer.next_token = pages_.Next(list, last);
  return answer;
}

Result<UpdateUserDefinedFunction::Answer> Functions::Do(const gate::Authorized<UpdateUserDefinedFunction>& call) const {
  const std::string name = Lower(*call->in.function_name);
  TRY_ASSIGN(auto home, FunctionHome(access_, call, Intent::kChange, "glue:UpdateUserDefinedFunction", call->in));
  TRY_ASSIGN(auto before, FindFunction(call.tx(), home.id, name));
  if (!before) return NoFunction(*call->in.function_name);
  if (Lower(call->in.function_input->function_name.value_or(name)) != name) {
    return Fail(ErrorCode::kInvalidArgument, "A function cannot be renamed.");
  }
  UserDefinedFunction next = FunctionOf(home, name, *call->in.function_input, *before->create_time);
  TRY(call.tx().Execute("UPDATE catalog_functions SET definition = ? WHERE database_id = ? AND name = ?",
                        {wire::ToJson(next), home.id, name}));
  return UpdateUserDefinedFunction::Answer();
}

Result<DeleteUserDefinedFunction::Answer> Functions::Do(const gate::Authorized<DeleteUserDefinedFunction>& call) const {
  TRY_ASSIGN(auto home, FunctionHome(access_, call, Intent::kChange, "glue:DeleteUserDefinedFunction", call->in));
  TRY_ASSIGN(auto gone, call.tx().Execute("DELETE FROM catalog_functions WHERE database_id = ? AND name = ?",
                                          {home.id, Lower(*call->in.function_name)}));
  if (gone == 0) return NoFunction(*call->in.function_name);
  return DeleteUserDefinedFunction::Answer();
}

}  // namespace hanse::catalog
