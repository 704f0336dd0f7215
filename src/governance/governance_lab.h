#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "gate/gate.h"
#include "governance/expressions.h"
#include "governance/filters.h"
#include "governance/grantee.h"
#include "governance/grants.h"
#include "governance/identity_center.h"
#include "governance/invitations.h"
#include "governance/lake_source.h"
#include "governance/listing.h"
#include "governance/locations.h"
#include "governance/opt_ins.h"
#include "governance/permissions.h"
#include "governance/row_attachments.h"
#include "governance/row_policies.h"
#include "governance/settings.h"
#include "governance/share_listing.h"
#include "governance/share_permissions.h"
#include "governance/share_rows.h"
#include "governance/shares.h"
#include "governance/tag_assignment.h"
#include "governance/tags.h"
#include "model/arn.h"
#include "store/directory.h"
#include "store/test_store.h"
#include "wire/glue.h"
#include "wire/json.h"

// For tests: a store, a gate whose first door lets everybody through, and the verbs of a data mesh in few words.
namespace hanse::governance {

inline constexpr std::string_view kTestRegion = "us-east-1";

class OpenDoor : public gate::PolicySource {
 public:
  OpenDoor() {
    document_ = *policy::ParseDocument(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})",
                                       policy::DocumentKind::kIdentity);
  }
  Result<policy::Facts> FactsOf(store::Transaction&, const Caller& caller) override {
    policy::Facts facts;
    facts.caller = caller;
    facts.identity = {{"all", document_}};
    return facts;
  }

 private:
  policy::DocumentPtr document_;
};

class Unheard : public audit::Journal {
 public:
  Result<void> Append(std::string_view, audit::Durability) override { return {}; }
  void OutboxHasRows() override {}
};

class Lab {
 public:
  Lab()
      : gate_({*store_, journal_, clock_, random_, door_, {}}),
        lake_(clock_),
        grants_(random_),
        identity_center_(random_),
        shares_(random_),
        share_permissions_(random_) {
    Write("INSERT INTO organizations (id, root, management_account, created_ms) VALUES ('o-lab', 'r-lab', '999999999999', 0)");
  }

  // --- who ---------------------------------------------------------------------------------------------------------

  // A new account of the organisation, with an administrator of its lake where nothing is open by default.
  Caller Governed(const std::string& account) {
    Write(
        "INSERT INTO accounts (account, name, email, arn, status, joined_ms, joined_method, parent) "
        "VALUES ('" +
        account + "', 'n', 'e', 'a', 'ACTIVE', 0, 'CREATED', 'r-lab')");
    Caller admin = Role(account, "Admin");
    PutAdmins(admin, {admin.principal_arn});
    (void)Revoke(admin, std::string(kIamAllowedPrincipals), Catalog(), {"CREATE_DATABASE"});
    return admin;
  }

  Caller Role(const std::string& account, const std::string& name) {
    Caller caller;
    caller.kind = CallerKind::kSession;
    caller.account = account;
    caller.principal_arn = RoleArn(account, "/", name);
    caller.arn = AssumedRoleArn(account, name, "s");
    caller.name = name;
    caller.organization = "o-lab";
    caller.organization_path = {"r-lab"};
    auto tx = *store_->BeginWrite();
    caller.principal = *store::NewThing(*tx, "role");
    caller.unique_id = "AROA" + std::to_string(caller.principal);
    std::string trust =
        R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lakeformation.amazonaws.com"},)"
        R"("Action":"sts:AssumeRole"}})";
    (void)*tx->Execute(
        "INSERT INTO principals (id, account, kind, name, name_lower, path, arn, unique_id, created_ms, trust, definition) "
        "VALUES (?, ?, 'role', ?, ?, '/', ?, ?, 0, ?, '{}')",
        {caller.principal, account, name, Lower(name), caller.principal_arn, caller.unique_id, trust});
    (void)*tx->Commit();
    return caller;
  }
  // A SAML identity provider of the account.
  Id SamlProvider(const std::string& account, const std::string& name) {
    auto tx = *store_->BeginWrite();
    const Id id = *store::NewThing(*tx, "saml-provider");
    (void)*tx->Execute(
        "INSERT INTO saml_providers (id, account, name, arn, unique_id, created_ms, valid_until_ms, metadata, entity_id, "
        "certificates, "
        "tags) VALUES (?, ?, ?, ?, ?, 0, 0, '', '', '', '{}')",
        {id, account, name, SamlProviderArn(account, name), "SAMLP" + std::to_string(id)});
    (void)*tx->Commit();
    return id;
  }
  void Drop(Id thing) {
    auto tx = *store_->BeginWrite();
    (void)*store::DeleteThing(*tx, thing);
    (void)*tx->Commit();
  }

  void PutAdmins(const Caller& by, const std::vector<std::string>& arns) {
    PutDataLakeSettings put;
    wire::lakeformation::DataLakeSettings settings;
    settings.data_lake_admins.emplace();
    for (const std::string& arn : arns) settings.data_lake_admins->push_back({.data_lake_principal_identifier = arn});
    settings.parameters.emplace();
    (*settings.parameters)["CROSS_ACCOUNT_VERSION"] = "4";
    put.in.data_lake_settings = settings;
    (void)Run(by, put, settings_).value();
  }

  // --- things ------------------------------------------------------------------------------------------------------

  store::DatabaseRow Database(const Caller& by, const std::string& name, bool tables_open = false) {
    auto tx = *store_->BeginWrite();
    store::DatabaseRow row{*store::NewThing(*tx, "database"), by.account, std::string(kTestRegion), name, "", {}, "{}"};
    if (tables_open) {
      row.definition = R"({"CreateTableDefaultPermissions":[{"Principal":{"DataLakePrincipalIdentifier":"IAM_ALLOWED_PRINCIPALS"},)"
                       R"("Permissions":["ALL"]}]})";
    }
    (void)*tx->Execute(
        "INSERT INTO catalog_databases (id, account, region, name, location, target_account, target_database, target_region, "
        "definition) VALUES (?, ?, ?, ?, '', '', '', '', ?)",
        {row.id, row.account, row.region, name, row.definition});
    lake_.DatabaseCreated(*tx, by, row).value();
    (void)*tx->Commit();
    return row;
  }

  store::TableRow Table(const Caller& by, const store::DatabaseRow& in, const std::string& name, std::vector<std::string> columns,
                        std::vector<std::string> keys = {}) {
    auto tx = *store_->BeginWrite();
    store::TableRow row{*store::NewThing(*tx, "table"),
                        in.id,
                        in.account,
                        in.region,
                        in.name,
                        name,
                        "s3://lake/" + in.name + "/" + name + "/",
                        std::move(columns),
                        std::move(keys),
                        {},
                        0,
                        {}};
    wire::glue::Table definition{.storage_descriptor = wire::glue::StorageDescriptor{.columns = Strings(row.columns)},
                                 .partition_keys = Strings(row.keys)};
    row.definition = wire::ToJson(definition);
    (void)*tx->Execute(
        "INSERT INTO catalog_tables (id, database_id, account, region, database_name, name, location, columns, keys, "
        "target_account, target_database, target_table, target_region, version, definition) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', '', 0, ?)",
        {row.id, row.database, row.account, row.region, in.name, name, row.location, Join(row.columns, "\n"), Join(row.keys, "\n"),
         row.definition});
    lake_.TableCreated(*tx, by, row, in).value();
    (void)*tx->Commit();
    return row;
  }

  // Columns of the type string, every one.
  static std::vector<wire::glue::Column> Strings(const std::vector<std::string>& names) {
    std::vector<wire::glue::Column> columns;
    for (const std::string& name : names) columns.push_back({.name = name, .type = "string"});
    return columns;
  }

  // --- resources ---------------------------------------------------------------------------------------------------

  using Resource = wire::lakeformation::Resource;
  static Resource Catalog() { return {.catalog = wire::lakeformation::CatalogResource()}; }
  static Resource On(const store::DatabaseRow& row) {
    return {.database = wire::lakeformation::DatabaseResource{row.account, row.name}};
  }
  static Resource On(const store::TableRow& row) {
    return {.table = wire::lakeformation::TableResource{row.account, row.database_name, row.name, std::nullopt}};
  }
  static Resource AllIn(const store::DatabaseRow& row) {
    return {.table = wire::lakeformation::TableResource{row.account, row.name, std::nullopt, wire::lakeformation::TableWildcard()}};
  }
  static Resource Columns(const store::TableRow& row, std::vector<std::string> names) {
    return {.table_with_columns =
                wire::lakeformation::TableWithColumnsResource{row.account, row.database_name, row.name, std::move(names), {}}};
  }
  static Resource Cells(const store::TableRow& row, const std::string& filter) {
    return {.data_cells_filter = wire::lakeformation::DataCellsFilterResource{row.account, row.database_name, row.name, filter}};
  }
  static Resource Tag(const std::string& account, const std::string& key, std::vector<std::string> values) {
    return {.lf_tag = wire::lakeformation::LFTagKeyResource{account, key, std::move(values)}};
  }
  static Resource Policy(const std::string& account, const std::string& type,
                         std::vector<std::pair<std::string, std::vector<std::string>>> terms) {
    wire::lakeformation::LFTagPolicyResource policy{.catalog_id = account, .resource_type = type};
    policy.expression.emplace();
    for (auto& [key, values] : terms) policy.expression->push_back({.tag_key = key, .tag_values = values});
    return {.lf_tag_policy = std::move(policy)};
  }

  // --- verbs -------------------------------------------------------------------------------------------------------

  Result<void> Grant(const Caller& by, const std::string& to, Resource on, std::vector<std::string> permissions,
                     std::vector<std::string> option = {}, const std::string& condition = {}) {
    GrantPermissions op;
    Fill(&op.in, to, std::move(on), std::move(permissions), std::move(option), condition);
    return Drained(Run(by, op, grants_));
  }
  Result<void> Revoke(const Caller& by, const std::string& to, Resource on, std::vector<std::string> permissions,
                      std::vector<std::string> option = {}) {
    RevokePermissions op;
    Fill(&op.in, to, std::move(on), std::move(permissions), std::move(option), {});
    return Drained(Run(by, op, grants_));
  }
  Result<void> Tag(const Caller& by, const std::string& key, std::vector<std::string> values) {
    CreateLFTag op;
    op.in.tag_key = key;
    op.in.tag_values = std::move(values);
    return Drained(Run(by, op, tags_));
  }
  // The codes of the pairs that failed.
  Result<std::vector<std::string>> Assign(const Caller& by, Resource on, const std::string& key, const std::string& value) {
    AddLFTagsToResource op;
    op.in.resource = std::move(on);
    op.in.lf_tags = {{{.tag_key = key, .tag_values = std::vector{value}}}};
    TRY_ASSIGN(auto answer, Run(by, op, assignment_));
    std::vector<std::string> codes;
    for (const auto& failure : answer.failures.value_or(std::vector<wire::lakeformation::LFTagError>())) {
      codes.push_back(*failure.error->error_code);
    }
    return codes;
  }
  Result<void> Filter(const Caller& by, const store::TableRow& table, const std::string& name, const std::string& rows,
                      std::vector<std::string> columns = {}) {
    CreateDataCellsFilter op;
    wire::lakeformation::DataCellsFilter data{
        .table_catalog_id = table.account, .database_name = table.database_name, .table_name = table.name, .name = name};
    data.row_filter = wire::lakeformation::RowFilter{.filter_expression = rows};
    if (columns.empty())
      data.column_wildcard.emplace();
    else
      data.column_names = std::move(columns);
    op.in.table_data = std::move(data);
    return Drained(Run(by, op, filters_));
  }
  void EnableSharing() { Write("INSERT INTO organization_services (service, enabled_ms) VALUES ('ram.amazonaws.com', 0)"); }

  policy::TableAccess Sees(const Caller& caller, const store::TableRow& table) {
    auto tx = *store_->BeginRead();
    auto now = *store::FindTableById(*tx, table.id);
    return now ? lake_.OnTable(*tx, caller, *now).value() : policy::TableAccess();
  }
  policy::DatabaseAccess Sees(const Caller& caller, const store::DatabaseRow& database) {
    auto tx = *store_->BeginRead();
    return lake_.OnDatabase(*tx, caller, database).value();
  }

  template <class Op, class Service>
  Result<typename Op::Answer> Run(const Caller& caller, const Op& op, Service& service) {
    gate::Context context{caller, {}};
    context.info.id = "request";
    context.info.service = std::string(Op::kRule.service);
    context.info.operation = std::string(Op::kRule.name);
    context.info.region = std::string(kTestRegion);
    context.info.now_ms = clock_.NowMs();
    return gate_.Run(context, op, service);
  }

  void Write(const std::string& sql) {
    auto tx = *store_->BeginWrite();
    (void)tx->Execute(sql).value();
    (void)*tx->Commit();
  }

  store::TestStore store_;
  Unheard journal_;
  ManualClock clock_;
  SeededRandom random_{5};
  OpenDoor door_;
  gate::Gate gate_;
  LakeSource lake_;
  Settings settings_;
  LFTags tags_;
  TagAssignment assignment_;
  TagSearch search_;
  TagExpressions expressions_;
  Filters filters_;
  Grants grants_;
  GrantListing listing_;
  Locations locations_;
  IdentityCenter identity_center_;
  OptIns opt_ins_;
  RowPolicies row_policies_;
  RowAttachments row_attachments_;
  Shares shares_;
  ShareListing share_listing_;
  Permissions permissions_;
  SharePermissions share_permissions_;
  Invitations invitations_;

 private:
  template <class In>
  static void Fill(In* in, const std::string& to, Resource on, std::vector<std::string> permissions,
                   std::vector<std::string> option, const std::string& condition) {
    in->principal = wire::lakeformation::DataLakePrincipal{.data_lake_principal_identifier = to};
    in->resource = std::move(on);
    in->permissions = std::move(permissions);
    if (!option.empty()) in->permissions_with_grant_option = std::move(option);
    if (!condition.empty()) in->condition = wire::lakeformation::Condition{.expression = condition};
  }
  template <class T>
  static Result<void> Drained(Result<T> result) {
    if (!result) return std::unexpected(std::move(result).error());
    return {};
  }
};

}  // namespace hanse::governance
