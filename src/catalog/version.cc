#include "catalog/version.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/definition.h"

namespace hanse::catalog {
namespace {

using policy::Permission;

std::unexpected<Error> NoVersion() { return Fail(ErrorCode::kNotFound, "Version not found."); }

// Nothing where it is no number: there is no such version.
std::optional<std::int64_t> VersionNumber(const std::string& text) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

Result<void> DropVersion(const gate::Call& call, const store::TableRow& table, const std::string& text) {
  auto number = VersionNumber(text);
  if (!number) return NoVersion();
  if (*number == table.version) return Fail(ErrorCode::kInvalidArgument, "The current version of a table cannot be deleted.");
  TRY_ASSIGN(auto gone,
             call.tx().Execute("DELETE FROM catalog_table_versions WHERE table_id = ? AND version = ?", {table.id, *number}));
  if (gone == 0) return NoVersion();
  return {};
}

Result<wire::glue::TableVersion> Shown(const OpenedTable& opened, std::string_view definition, std::int64_t version) {
  TRY_ASSIGN(auto table, ShownVersion(opened, definition, version));
  return wire::glue::TableVersion{.table = std::move(table), .version_id = std::to_string(version)};
}

}  // namespace

Result<std::vector<gate::Need>> GetTableVersion::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetTableVersion", context, in.catalog_id, in.database_name, in.table_name);
}

Result<std::vector<gate::Need>> GetTableVersions::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetTableVersions", context, in.catalog_id, in.database_name, in.table_name);
}

Result<std::vector<gate::Need>> DeleteTableVersion::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:DeleteTableVersion", context, in.catalog_id, in.database_name, in.table_name);
}

Result<std::vector<gate::Need>> BatchDeleteTableVersion::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:BatchDeleteTableVersion", context, in.catalog_id, in.database_name, in.table_name);
}

Result<GetTableVersion::Answer> TableVersions::Do(const gate::Authorized<GetTableVersion>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  TRY_ASSIGN(OpenedTable opened, access_.OpenTarget(call, Intent::kRead, "glue:GetTableVersion", account,
                                                    in.database_name.value_or(""), in.table_name.value_or("")));
  auto number = in.version_id ? VersionNumber(*in.version_id) : std::optional(opened.table.version);
  if (!number) return NoVersion();
  if (*number == opened.table.version) {
    TRY_ASSIGN(auto current, Shown(opened, opened.table.definition, *number));
    return GetTableVersion::Answer{.table_version = std::move(current)};
  }
  TRY_ASSIGN(auto row, call.tx().Maybe("SELECT definition FROM catalog_table_versions WHERE table_id = ? AND version = ?",
                                       {opened.table.id, *number}));
  if (!row) return NoVersion();
  TRY_ASSIGN(auto old, Shown(opened, row->Text(0), *number));
  return GetTableVersion::Answer{.table_version = std::move(old)};
}

Result<GetTableVersions::Answer> TableVersions::Do(const gate::Authorized<GetTableVersions>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  GetTableVersions::Answer answer{.table_versions = std::vector<wire::glue::TableVersion>()};
  TRY_ASSIGN(OpenedTable opened, access_.Open(call, Intent::kRead, Links::kFollow, "glue:GetTableVersions", account,
                                              in.database_name.value_or(""), in.table_name.value_or("")));
  if (opened.bare) return answer;
  const std::string list = fmt::format("GetTableVersions/{}/{}", call.caller().unique_id, opened.table.id);
  TRY_ASSIGN(std::string cursor, pages_.Cursor(list, in.next_token));
  const std::size_t page = PageSize(in.max_results, kPageMax);
  std::int64_t before = opened.table.version;
  if (cursor.empty()) {
    TRY_ASSIGN(auto current, Shown(opened, opened.table.definition, opened.table.version));
    answer.table_versions->push_back(std::move(current));
  } else {
    before = VersionNumber(cursor).value_or(0);
  }
  std::int64_t room = static_cast<std::int64_t>(page - answer.table_versions->size());
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT version, definition FROM catalog_table_versions WHERE table_id = ? AND version < ? "
                                        "ORDER BY version DESC LIMIT ?",
                                        {opened.table.id, before, room + 1}));
  for (const store::Row& row : rows) {
    if (answer.table_versions->size() == page) {
      answer.next_token = pages_.Next(list, std::to_string(before));
      break;
    }
    before = row.Int(0);
    TRY_ASSIGN(auto old, Shown(opened, row.Text(1), before));
    answer.table_versions->push_back(std::move(old));
  }
  return answer;
}

Result<DeleteTableVersion::Answer> TableVersions::Do(const gate::Authorized<DeleteTableVersion>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  TRY_ASSIGN(OpenedTable opened, access_.OpenTarget(call, Intent::kChange, "glue:DeleteTableVersion", account,
                                                    in.database_name.value_or(""), in.table_name.value_or("")));
  TRY(Access::Demand(opened.access.permissions, Permission::kAlter, in.table_name.value_or("")));
  TRY(DropVersion(call, opened.table, in.version_id.value_or("")));
  return DeleteTableVersion::Answer();
}

Result<BatchDeleteTableVersion::Answer> TableVersions::Do(const gate::Authorized<BatchDeleteTableVersion>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  TRY_ASSIGN(OpenedTable opened, access_.OpenTarget(call, Intent::kChange, "glue:BatchDeleteTableVersion", account,
                                                    in.database_name.value_or(""), in.table_name.value_or("")));
  TRY(Access::Demand(opened.access.permissions, Permission::kAlter, in.table_name.value_or("")));
  BatchDeleteTableVersion::Answer answer;
  for (const std::string& version : in.version_ids.value_or(std::vector<std::string>())) {
    auto dropped = DropVersion(call, opened.table, version);
    if (dropped) continue;
    if (dropped.error().code != ErrorCode::kNotFound && dropped.error().code != ErrorCode::kInvalidArgument) {
      return std::unexpected(std::move(dropped).error());
    }
    if (!answer.errors) answer.errors.emplace();
    answer.errors->push_back({.table_name = in.table_name, .version_id = version, .error_detail = ErrorDetailOf(dropped.error())});
  }
  return answer;
}

}  // namespace hanse::catalog
