#include "steward/mesh_names.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "governance/grantee.h"
#include "governance/shown_grants.h"

namespace hanse::steward {
namespace {

namespace lf = wire::lakeformation;

bool IsNumber(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "DATABASE.REST" in two.
Result<std::pair<std::string, std::string>> InDatabase(std::string_view text) {
  std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{}: expected DATABASE.TABLE", text));
  }
  return std::pair(std::string(text.substr(0, dot)), std::string(text.substr(dot + 1)));
}

lf::LFTagPolicyResource Policy(const std::string& account, std::string type, const std::optional<Terms>& terms,
                               const std::string& saved) {
  lf::LFTagPolicyResource policy{.catalog_id = account, .resource_type = std::move(type)};
  if (!terms) {
    policy.expression_name = saved;
    return policy;
  }
  policy.expression = ExpressionOf(*terms);
  return policy;
}

void WritePolicy(const lf::LFTagPolicyResource& policy, WrittenGrant* grant) {
  bool tables = *policy.resource_type == "TABLE";
  if (policy.expression_name) {
    (tables ? grant->tables_expression : grant->databases_expression) = *policy.expression_name;
  } else {
    (tables ? grant->tables : grant->databases) = TermsOf(policy.expression.value_or(std::vector<lf::LFTag>()));
  }
}

}  // namespace

Terms TermsOf(const std::vector<lf::LFTag>& expression) {
  Terms terms;
  for (const lf::LFTag& term : expression) terms[*term.tag_key] = term.tag_values.value_or(std::vector<std::string>());
  return terms;
}

std::vector<lf::LFTag> ExpressionOf(const Terms& terms) {
  std::vector<lf::LFTag> expression;
  for (const auto& [key, values] : terms) expression.push_back({.tag_key = key, .tag_values = values});
  return expression;
}

bool WriteResource(const lf::Resource& on, WrittenGrant* grant) {
  if (on.catalog) {
    grant->catalog = true;
  } else if (on.database) {
    grant->database = *on.database->name;
  } else if (on.table) {
    if (on.table->table_wildcard) {
      grant->all_tables = *on.table->database_name;
    } else {
      grant->table = fmt::format("{}.{}", *on.table->database_name, *on.table->name);
    }
  } else if (on.table_with_columns) {
    grant->table = fmt::format("{}.{}", *on.table_with_columns->database_name, *on.table_with_columns->name);
    grant->columns = on.table_with_columns->column_names.value_or(std::vector<std::string>());
    if (on.table_with_columns->column_wildcard) {
      grant->except = on.table_with_columns->column_wildcard->excluded_column_names.value_or(std::vector<std::string>());
    }
  } else if (on.data_cells_filter) {
    grant->filter = fmt::format("{}.{}/{}", *on.data_cells_filter->database_name, *on.data_cells_filter->table_name,
                                *on.data_cells_filter->name);
  } else if (on.data_location) {
    grant->location = *on.data_location->resource_arn;
  } else if (on.lf_tag) {
    grant->tag = Terms{{*on.lf_tag->tag_key, on.lf_tag->tag_values.value_or(std::vector<std::string>())}};
  } else if (on.lf_tag_policy) {
    WritePolicy(*on.lf_tag_policy, grant);
  } else if (on.rls_policy) {
    grant->row_policy = *on.rls_policy->name;
  } else if (on.lf_tag_expression) {
    grant->expression = *on.lf_tag_expression->name;
  } else {
    return false;
  }
  return true;
}

Result<AccountId> AccountNamed(store::Transaction& tx, std::string_view text) {
  if (IsNumber(text)) return AccountId(text);
  TRY_ASSIGN(auto rows, tx.Query("SELECT account FROM accounts WHERE name = ? LIMIT 2", {std::string(text)}));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, fmt::format("There is no account {}.", text));
  if (rows.size() > 1) return Fail(ErrorCode::kInvalidArgument, fmt::format("Two accounts are called {}: write the number.", text));
  return rows.front().Text(0);
}

Result<std::string> PrincipalNamed(store::Transaction& tx, std::string_view account, std::string_view text) {
  constexpr std::string_view kEveryone = "everyone in ", kEveryPrincipal = ":IAMPrincipals";
  if (text.ends_with(kEveryPrincipal) && IsNumber(text.substr(0, text.size() - kEveryPrincipal.size()))) return std::string(text);
  if (text.starts_with("arn:") || text == governance::kIamAllowedPrincipals || IsNumber(text)) return std::string(text);
  if (text.starts_with(kEveryone)) {
    TRY_ASSIGN(AccountId of, AccountNamed(tx, text.substr(kEveryone.size())));
    return governance::EveryPrincipalKey(of);
  }
  std::vector<std::string> parts = Split(text, '/');
  if (parts.size() == 1) return AccountNamed(tx, text);
  AccountId of(account);
  if (parts.size() == 3) {
    TRY_ASSIGN(of, AccountNamed(tx, parts[0]));
    parts.erase(parts.begin());
  }
  if (parts.size() != 2 || (parts[0] != "role" && parts[0] != "user")) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{}: expected an ARN, an account, role/NAME or user/NAME", text));
  }
  TRY_ASSIGN(auto principal, store::FindPrincipalByName(tx, of, parts[0], parts[1]));
  if (!principal) return Fail(ErrorCode::kNotFound, fmt::format("There is no {} {} in account {}.", parts[0], parts[1], of));
  return principal->arn;
}

Result<lf::Resource> ResourceOf(std::string_view of, const WrittenGrant& grant) {
  const std::string account(of);
  if (grant.catalog) return lf::Resource{.catalog = lf::CatalogResource{}};
  if (!grant.database.empty()) return lf::Resource{.database = lf::DatabaseResource{account, grant.database}};
  if (!grant.all_tables.empty()) {
    return lf::Resource{.table = lf::TableResource{account, grant.all_tables, std::nullopt, lf::TableWildcard()}};
  }
  if (!grant.table.empty()) {
    TRY_ASSIGN(auto named, InDatabase(grant.table));
    if (grant.columns.empty() && grant.except.empty()) {
      return lf::Resource{.table = lf::TableResource{account, named.first, named.second, std::nullopt}};
    }
    lf::TableWithColumnsResource columns{.catalog_id = account, .database_name = named.first, .name = named.second};
    if (!grant.columns.empty()) columns.column_names = grant.columns;
    if (!grant.except.empty()) columns.column_wildcard = lf::ColumnWildcard{grant.except};
    return lf::Resource{.table_with_columns = std::move(columns)};
  }
  if (!grant.filter.empty()) {
    std::size_t slash = grant.filter.find('/');
    TRY_ASSIGN(auto named, InDatabase(grant.filter.substr(0, slash)));
    std::string name = slash == std::string::npos ? std::string() : grant.filter.substr(slash + 1);
    return lf::Resource{.data_cells_filter = lf::DataCellsFilterResource{account, named.first, named.second, std::move(name)}};
  }
  if (!grant.location.empty()) {
    constexpr std::string_view kScheme = "s3://";
    std::string arn =
        grant.location.starts_with(kScheme) ? "arn:aws:s3:::" + grant.location.substr(kScheme.size()) : grant.location;
    return lf::Resource{.data_location = lf::DataLocationResource{account, std::move(arn)}};
  }
  if (grant.tag) {
    const auto& [key, values] = *grant.tag->begin();
    return lf::Resource{.lf_tag = lf::LFTagKeyResource{account, key, values}};
  }
  if (!grant.row_policy.empty()) return lf::Resource{.rls_policy = lf::RLSPolicyResource{account, grant.row_policy}};
  if (!grant.expression.empty()) return lf::Resource{.lf_tag_expression = lf::LFTagExpressionResource{account, grant.expression}};
  bool tables = grant.tables || !grant.tables_expression.empty();
  return lf::Resource{.lf_tag_policy = tables ? Policy(account, "TABLE", grant.tables, grant.tables_expression)
                                              : Policy(account, "DATABASE", grant.databases, grant.databases_expression)};
}

Result<lf::Resource> ThingNamed(std::string_view of, std::string_view text) {
  const std::string account(of);
  if (text.find('.') == std::string_view::npos) {
    return lf::Resource{.database = lf::DatabaseResource{account, std::string(text)}};
  }
  TRY_ASSIGN(auto named, InDatabase(text));
  std::size_t dot = named.second.find('.');
  std::string table = named.second.substr(0, dot);
  if (dot == std::string::npos) return lf::Resource{.table = lf::TableResource{account, named.first, table, std::nullopt}};
  return lf::Resource{.table_with_columns = lf::TableWithColumnsResource{account, named.first, table,
                                                                         std::vector{named.second.substr(dot + 1)}, std::nullopt}};
}

Result<std::string> ShownPrincipal(store::Transaction& tx, const governance::GrantRow& row) {
  if (row.principal_id == 0) return row.shown;
  TRY_ASSIGN(auto principal, store::FindPrincipalById(tx, row.principal_id));
  return principal ? principal->arn : row.shown;
}

Result<std::optional<WrittenGrant>> Written(store::Transaction& tx, const governance::GrantRow& row) {
  TRY_ASSIGN(auto resource, governance::ShownResource(tx, row));
  WrittenGrant grant;
  if (!resource || !WriteResource(*resource, &grant)) return std::optional<WrittenGrant>();
  TRY_ASSIGN(grant.to, ShownPrincipal(tx, row));
  grant.can = policy::PermissionNames(row.permissions);
  grant.pass_on = policy::PermissionNames(row.grantable);
  grant.condition = row.condition;
  return std::optional(std::move(grant));
}

}  // namespace hanse::steward
