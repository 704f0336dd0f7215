#include "demo/company.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "client/accounts.h"
#include "wire/glue.h"
#include "wire/kms.h"
#include "wire/organizations.h"

namespace hanse::demo {
namespace {

namespace glue = wire::glue;
namespace kms = wire::kms;
namespace lf = wire::lakeformation;
namespace orgs = wire::organizations;

constexpr const char* kLakeActions =
    R"(["s3:GetObject","s3:PutObject","s3:DeleteObject","s3:ListBucket","s3:GetBucketLocation",
        "kms:Decrypt","kms:GenerateDataKey"])";
constexpr const char* kAnalystActions =
    R"(["athena:*","glue:Get*","glue:BatchGet*","glue:SearchTables","lakeformation:GetDataAccess","ram:Get*","ram:List*"])";

std::string Trust(const std::string& principal) {
  return fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{},"Action":"sts:AssumeRole"}}]}})",
                     principal);
}

std::string Document(const std::vector<std::string>& statements) {
  return fmt::format(R"({{"Version":"2012-10-17","Statement":[{}]}})", fmt::join(statements, ","));
}

std::string Allow(const std::string& actions, const std::string& resources) {
  return fmt::format(R"({{"Effect":"Allow","Action":{},"Resource":{}}})", actions, resources);
}

lf::DataLakePrincipal Principal(const std::string& arn) { return {.data_lake_principal_identifier = arn}; }

}  // namespace

std::string Account::AdminRole() const { return fmt::format("arn:aws:iam::{}:role/OrganizationAccountAccessRole", id); }
std::string Account::Bucket() const { return fmt::format("nimbus-{}-products-{}", name, id); }
std::string Account::Results() const { return fmt::format("s3://nimbus-{}-results-{}/", name, id); }

std::string Company::DatabaseOf(const std::string& domain) {
  std::string name = domain;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

Result<void> Company::AddUnit(const std::string& unit, const std::vector<std::string>& accounts) {
  if (root_.empty()) {
    TRY_ASSIGN(auto roots, management_.Call<orgs::op::ListRoots>({}));
    root_ = *roots.roots->front().id;
  }
  TRY_ASSIGN(auto made, management_.Call<orgs::op::CreateOrganizationalUnit>({.parent_id = root_, .name = unit}));
  for (const std::string& name : accounts) TRY(AddAccount(*made.organizational_unit->id, name));
  return {};
}

Result<void> Company::AddAccount(const std::string& unit_id, const std::string& name) {
  auto account = std::make_unique<Account>();
  account->name = name;
  TRY_ASSIGN(account->id, client::CreateAccount(management_, name, name + "@nimbuscart.example"));
  TRY(management_.Call<orgs::op::MoveAccount>(
      {.account_id = account->id, .source_parent_id = root_, .destination_parent_id = unit_id}));
  TRY_ASSIGN(account->admin, management_.Assume(account->AdminRole(), "demo"));
  TRY(account->admin->CreateBucket(account->Results().substr(5, account->Results().size() - 6)));
  accounts_[name] = std::move(account);
  return {};
}

Result<void> Company::Govern(Account& account) {
  lf::DataLakeSettings settings{.data_lake_admins = {{Principal(account.AdminRole())}},
                                .create_database_default_permissions = std::vector<lf::PrincipalPermissions>{},
                                .create_table_default_permissions = std::vector<lf::PrincipalPermissions>{},
                                .parameters = {{{"CROSS_ACCOUNT_VERSION", "4"}}}};
  TRY(account.admin->Call<lf::op::PutDataLakeSettings>({.data_lake_settings = settings}));
  // Where nobody had it, there is nothing to take away.
  auto revoked = account.admin->Call<lf::op::RevokePermissions>({.principal = Principal("IAM_ALLOWED_PRINCIPALS"),
                                                                 .resource = lf::Resource{.catalog = lf::CatalogResource{}},
                                                                 .permissions = {{"CREATE_DATABASE"}}});
  if (!revoked && revoked.error().name != "InvalidInputException") return std::unexpected(std::move(revoked).error());
  return {};
}

Result<void> Company::AddTag(const std::string& key, const std::vector<std::string>& values) {
  TRY(At("governance").admin->Call<lf::op::CreateLFTag>({.tag_key = key, .tag_values = values}));
  return {};
}

Result<std::string> Company::ServiceRole(Account& account, const std::string& name, const std::string& service,
                                         const std::string& statement) {
  TRY_ASSIGN(auto made, account.admin->Form("iam", "CreateRole",
                                            {{"RoleName", name},
                                             {"AssumeRolePolicyDocument", Trust(fmt::format(R"({{"Service":"{}"}})", service))}}));
  TRY(account.admin->Form("iam", "PutRolePolicy",
                          {{"RoleName", name}, {"PolicyName", "lake"}, {"PolicyDocument", Document({statement})}}));
  return made["Arn"];
}

// The bucket's policy opens objects, the key's policy what they are sealed under: the domain says both.
Result<void> Company::OpenKey(Account& owner, const Account& reader) {
  TRY_ASSIGN(auto key, owner.admin->Call<kms::op::DescribeKey>({.key_id = "alias/domain"}));
  TRY_ASSIGN(auto kept, owner.admin->Call<kms::op::GetKeyPolicy>({.key_id = key.key_metadata->key_id}));
  boost::json::error_code error;
  boost::json::value policy = boost::json::parse(kept.policy.value_or(""), error);
  auto* statements = policy.is_object() ? policy.get_object().if_contains("Statement") : nullptr;
  if (error || statements == nullptr || !statements->is_array()) return Fail(ErrorCode::kInternal, "the key's policy is no policy");
  statements->get_array().push_back({{"Effect", "Allow"},
                                     {"Principal", {{"AWS", fmt::format("arn:aws:iam::{}:root", reader.id)}}},
                                     {"Action", {"kms:Decrypt", "kms:DescribeKey"}},
                                     {"Resource", "*"}});
  TRY(owner.admin->Call<kms::op::PutKeyPolicy>({.key_id = key.key_metadata->key_id, .policy = boost::json::serialize(policy)}));
  return {};
}

Result<void> Company::OpenDomain(const std::string& domain) {
  Account &owner = At(domain), &hub = At("governance");
  std::string arns = fmt::format(R"(["arn:aws:s3:::{0}","arn:aws:s3:::{0}/*"])", owner.Bucket());
  TRY(owner.admin->CreateBucket(owner.Bucket()));
  TRY(owner.admin->PutBucketPolicy(
      owner.Bucket(),
      fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{}:root"}},)"
                  R"("Action":["s3:GetObject","s3:ListBucket"],"Resource":{}}}]}})",
                  hub.id, arns)));
  TRY(OpenKey(owner, hub));
  TRY_ASSIGN(std::string reader, ServiceRole(hub, "lake-" + domain, "lakeformation.amazonaws.com", Allow(kLakeActions, "\"*\"")));
  TRY(hub.admin->Call<lf::op::RegisterResource>({.resource_arn = "arn:aws:s3:::" + owner.Bucket(), .role_arn = reader}));
  glue::DatabaseInput database{.name = DatabaseOf(domain), .location_uri = fmt::format("s3://{}/", owner.Bucket())};
  TRY(hub.admin->Call<glue::op::CreateDatabase>({.database_input = database}));
  return Tag(lf::Resource{.database = lf::DatabaseResource{.name = DatabaseOf(domain)}},
             {{"domain", domain}, {"layer", "curated"}});
}

Result<void> Company::AddTable(const std::string& domain, const std::string& table,
                               const std::vector<std::pair<std::string, std::string>>& columns) {
  std::vector<glue::Column> listed;
  for (const auto& [name, type] : columns) listed.push_back({.name = name, .type = type});
  glue::StorageDescriptor storage{
      .columns = listed,
      .location = fmt::format("s3://{}/{}/", At(domain).Bucket(), table),
      .input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      .output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      .serde_info = glue::SerDeInfo{.serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}};
  glue::TableInput input{.name = table,
                         .storage_descriptor = storage,
                         .partition_keys = std::vector<glue::Column>{},
                         .table_type = "EXTERNAL_TABLE",
                         .parameters = {{{"classification", "parquet"}}}};
  TRY(At("governance").admin->Call<glue::op::CreateTable>({.database_name = DatabaseOf(domain), .table_input = input}));
  return {};
}

Result<void> Company::Crawl(const std::string& domain, const std::vector<std::string>& folders) {
  Account& hub = At("governance");
  std::string name = "crawler-" + domain;
  TRY_ASSIGN(
      std::string role,
      ServiceRole(hub, name, "glue.amazonaws.com",
                  Allow(R"(["glue:*","lakeformation:GetDataAccess","s3:GetObject","s3:ListBucket","kms:Decrypt"])", "\"*\"")));
  TRY(Grant(hub, role, lf::Resource{.database = lf::DatabaseResource{.name = DatabaseOf(domain)}},
            {"CREATE_TABLE", "ALTER", "DESCRIBE"}));
  lf::DataLocationResource location{.resource_arn = "arn:aws:s3:::" + At(domain).Bucket()};
  TRY(Grant(hub, role, lf::Resource{.data_location = location}, {"DATA_LOCATION_ACCESS"}));
  std::vector<glue::S3Target> targets;
  for (const std::string& folder : folders) targets.push_back({.path = fmt::format("s3://{}/{}/", At(domain).Bucket(), folder)});
  TRY(hub.admin->Call<glue::op::CreateCrawler>(
      {.name = name, .role = role, .database_name = DatabaseOf(domain), .targets = glue::CrawlerTargets{.s3_targets = targets}}));
  TRY(hub.admin->Call<glue::op::StartCrawler>({.name = name}));
  while (true) {
    TRY_ASSIGN(auto got, hub.admin->Call<glue::op::GetCrawler>({.name = name}));
    if (*got.crawler->state == "READY" && got.crawler->last_crawl) {
      if (*got.crawler->last_crawl->status == "SUCCEEDED") return {};
      return Fail(ErrorCode::kConflict, fmt::format("{}: {}", name, got.crawler->last_crawl->error_message.value_or("failed")));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }
}

Result<void> Company::Tag(const lf::Resource& resource, const std::vector<std::pair<std::string, std::string>>& tags) {
  std::vector<lf::LFTagPair> pairs;
  for (const auto& [key, value] : tags) pairs.push_back({.tag_key = key, .tag_values = {{value}}});
  TRY_ASSIGN(auto answer, At("governance").admin->Call<lf::op::AddLFTagsToResource>({.resource = resource, .lf_tags = pairs}));
  if (answer.failures && !answer.failures->empty()) return Fail(ErrorCode::kConflict, "a tag could not be set");
  return {};
}

Result<void> Company::Grant(Account& by, const std::string& principal, const lf::Resource& resource,
                            const std::vector<std::string>& permissions, bool with_option) {
  lf::GrantPermissionsRequest grant{.principal = Principal(principal), .resource = resource, .permissions = permissions};
  if (with_option) grant.permissions_with_grant_option = permissions;
  TRY(by.admin->Call<lf::op::GrantPermissions>(grant));
  return {};
}

lf::Resource Company::OpenData() const {
  return {.lf_tag_policy = lf::LFTagPolicyResource{
              .catalog_id = accounts_.at("governance")->id,
              .resource_type = "TABLE",
              .expression = {{lf::LFTag{.tag_key = "sensitivity", .tag_values = {{"public", "internal"}}}}}}};
}

Result<void> Company::GrantOpenData(const std::string& consumer) {
  TRY(Grant(At("governance"), At(consumer).id, OpenData(), {"SELECT", "DESCRIBE"}, true));
  ++tag_grants_;
  return {};
}

Result<void> Company::RevokeOpenData(const std::string& consumer) {
  TRY(At("governance")
          .admin->Call<lf::op::RevokePermissions>({.principal = Principal(At(consumer).id),
                                                   .resource = OpenData(),
                                                   .permissions = {{"SELECT", "DESCRIBE"}},
                                                   .permissions_with_grant_option = {{"SELECT", "DESCRIBE"}}}));
  return {};
}

Result<void> Company::Link(const std::string& consumer, const std::string& domain, const Person& reader) {
  std::string name = DatabaseOf(domain);
  glue::DatabaseIdentifier target{.catalog_id = At("governance").id, .database_name = name};
  TRY(At(consumer).admin->Call<glue::op::CreateDatabase>(
      {.database_input = glue::DatabaseInput{.name = name, .target_database = target}}));
  return Grant(At(consumer), reader.arn, lf::Resource{.database = lf::DatabaseResource{.name = name}}, {"DESCRIBE"});
}

Result<Person> Company::Hire(const std::string& account, const std::string& role, const std::string& title) {
  Account& home = At(account);
  std::string bucket = home.Results().substr(5, home.Results().size() - 6);
  std::string trust = Trust(fmt::format(R"({{"AWS":"arn:aws:iam::{}:root"}})", home.id));
  TRY_ASSIGN(auto made, home.admin->Form("iam", "CreateRole", {{"RoleName", role}, {"AssumeRolePolicyDocument", trust}}));
  std::string policy =
      Document({Allow(kAnalystActions, "\"*\""), Allow(R"(["s3:GetObject","s3:PutObject","s3:ListBucket"])",
                                                       fmt::format(R"(["arn:aws:s3:::{0}","arn:aws:s3:::{0}/*"])", bucket))});
  TRY(home.admin->Form("iam", "PutRolePolicy", {{"RoleName", role}, {"PolicyName", "analyst"}, {"PolicyDocument", policy}}));
  Person person{title, made["Arn"], &home, nullptr};
  TRY_ASSIGN(person.session, home.admin->Assume(person.arn, role));
  return person;
}

Result<void> Company::AddFilter(const std::string& database, const std::string& table, const std::string& name,
                                const std::string& rows, const std::vector<std::string>& hidden) {
  lf::DataCellsFilter filter{.table_catalog_id = At("governance").id, .database_name = database, .table_name = table, .name = name};
  filter.row_filter =
      rows.empty() ? lf::RowFilter{.all_rows_wildcard = lf::AllRowsWildcard{}} : lf::RowFilter{.filter_expression = rows};
  filter.column_wildcard = lf::ColumnWildcard{.excluded_column_names = hidden};
  TRY(At("governance").admin->Call<lf::op::CreateDataCellsFilter>({.table_data = filter}));
  return {};
}

}  // namespace hanse::demo
