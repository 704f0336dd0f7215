#include "governance/managed_permissions.h"

#include <algorithm>

#include <boost/json.hpp>

namespace hanse::governance {
namespace {

using Actions = std::vector<std::string_view>;

constexpr std::string_view kCatalog = "glue:Catalog", kDatabase = "glue:Database", kTable = "glue:Table";
constexpr std::string_view kSince2[] = {"glue:SearchTables", "glue:GetTableVersion", "glue:GetTableVersions"};

const Actions kReadDatabase = {"glue:GetDatabase", "glue:GetDatabases"};
const Actions kReadTable = {"glue:GetTable",     "glue:GetTables",     "glue:GetTableVersion",   "glue:GetTableVersions",
                            "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition", "glue:SearchTables"};
const Actions kWriteDatabase = {"glue:UpdateDatabase", "glue:CreateTable", "glue:DeleteTable", "glue:BatchDeleteTable"};
const Actions kWriteTable = {"glue:UpdateTable",          "glue:DeleteTableVersion",   "glue:BatchDeleteTableVersion",
                             "glue:CreatePartition",      "glue:BatchCreatePartition", "glue:UpdatePartition",
                             "glue:BatchUpdatePartition", "glue:DeletePartition",      "glue:BatchDeletePartition"};

Actions Sum(std::initializer_list<Actions> parts) {
  Actions all;
  for (const Actions& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::vector<ManagedPermission> Build() {
  Actions read = Sum({kReadDatabase, kReadTable});
  Actions database = Sum({kReadDatabase, kWriteDatabase}), table = Sum({kReadTable, kWriteTable});
  Actions tables = Sum({kReadDatabase, kReadTable, kWriteTable});
  return {
      {"AWSRAMDefaultPermissionGlueCatalog", kCatalog, true, read},
      {"AWSRAMPermissionGlueDatabaseReadWriteForCatalog", kCatalog, false, database},
      {"AWSRAMPermissionGlueTableReadWriteForCatalog", kCatalog, false, table},
      {"AWSRAMPermissionGlueAllTablesReadWriteForCatalog", kCatalog, false, tables},
      {"AWSRAMPermissionLFTagGlueDatabaseReadWriteForCatalog", kCatalog, false, database},
      {"AWSRAMPermissionLFTagGlueTableReadWriteForCatalog", kCatalog, false, tables},
      {"AWSRAMLFEnabledGlueDatabaseReadWriteForCatalog", kCatalog, false, database},
      {"AWSRAMLFEnabledGlueTableReadWriteForCatalog", kCatalog, false, tables},
      {"AWSRAMDefaultPermissionGlueDatabase", kDatabase, true, kReadDatabase},
      {"AWSRAMPermissionGlueDatabaseReadWrite", kDatabase, false, database},
      {"AWSRAMPermissionGlueTableReadWriteForDatabase", kDatabase, false, tables},
      {"AWSRAMPermissionGlueAllTablesReadWriteForDatabase", kDatabase, false, tables},
      {"AWSRAMPermissionLFTagGlueDatabaseReadWrite", kDatabase, false, database},
      {"AWSRAMLFEnabledGlueDatabaseReadWrite", kDatabase, false, database},
      {"AWSRAMLFEnabledGlueTableReadWriteForDatabase", kDatabase, false, tables},
      {"AWSRAMDefaultPermissionGlueTable", kTable, true, kReadTable},
      {"AWSRAMPermissionGlueTableReadWrite", kTable, false, table},
      {"AWSRAMPermissionGlueDatabaseReadWriteForTable", kTable, false, Sum({kReadDatabase, kReadTable})},
      {"AWSRAMPermissionLFTagGlueTableReadWrite", kTable, false, table},
      {"AWSRAMLFEnabledGlueTableReadWrite", kTable, false, table},
      {"AWSRAMLFEnabledGlueAllTablesReadWrite", kTable, false, table},
  };
}

const ManagedPermission* Named(std::string_view name) {
  for (const ManagedPermission& one : ManagedPermissions()) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

}  // namespace

std::string ManagedPermission::arn() const { return "arn:aws:ram::aws:permission/" + std::string(name); }

std::optional<std::string> ManagedPermission::Template(int version) const {
  if (version < 1 || version > kVersions) return std::nullopt;
  boost::json::array list;
  for (std::string_view action : actions) {
    bool later = std::ranges::find(kSince2, action) != std::end(kSince2);
    if (version > 1 || !later) list.emplace_back(std::string(action));
  }
  return boost::json::serialize(boost::json::object{{"Effect", "Allow"}, {"Action", std::move(list)}});
}

const std::vector<ManagedPermission>& ManagedPermissions() {
  static const std::vector<ManagedPermission> kAll = Build();
  return kAll;
}

const ManagedPermission* FindManagedPermission(std::string_view arn) {
  constexpr std::string_view kPrefix = "arn:aws:ram::aws:permission/";
  return arn.starts_with(kPrefix) ? Named(arn.substr(kPrefix.size())) : nullptr;
}

const ManagedPermission* DefaultPermission(std::string_view type) {
  for (const ManagedPermission& one : ManagedPermissions()) {
    if (one.type_default && one.type == type) return &one;
  }
  return nullptr;
}

const ManagedPermission* GrantedPermission(std::string_view type, std::string_view arn) {
  if (type == kCatalog) return Named("AWSRAMPermissionLFTagGlueTableReadWriteForCatalog");
  if (type == kDatabase) return Named("AWSRAMLFEnabledGlueDatabaseReadWrite");
  return Named(arn.ends_with("/*") ? "AWSRAMLFEnabledGlueAllTablesReadWrite" : "AWSRAMLFEnabledGlueTableReadWrite");
}

std::vector<std::string_view> SharedTypes() { return {kCatalog, kDatabase, kTable}; }

}  // namespace hanse::governance
