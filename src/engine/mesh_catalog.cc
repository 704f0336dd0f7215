#include "engine/mesh_catalog.h"

#include "base/text.h"
#include "duckdb/catalog/catalog.hpp"
#include "duckdb/catalog/entry_lookup_info.hpp"
#include "duckdb/catalog/similar_catalog_entry.hpp"
#include "duckdb/main/attached_database.hpp"
#include "duckdb/parser/parsed_data/attach_info.hpp"
#include "duckdb/parser/parsed_data/create_schema_info.hpp"
#include "duckdb/storage/database_size.hpp"
#include "duckdb/storage/storage_extension.hpp"
#include "duckdb/transaction/transaction_manager.hpp"
#include "engine/mesh_tables.h"

namespace hanse::engine {

namespace {

using duckdb::CatalogEntry;
using duckdb::ClientContext;
using duckdb::optional_ptr;

[[noreturn]] void ReadOnly() { throw duckdb::PermissionException("the catalog is read-only"); }

class MeshSchema final : public duckdb::SchemaCatalogEntry {
 public:
  MeshSchema(duckdb::Catalog& catalog, duckdb::CreateSchemaInfo& info, const InnerScans& scans)
      : SchemaCatalogEntry(catalog, info), scans_(scans) {}

  optional_ptr<CatalogEntry> LookupEntry(duckdb::CatalogTransaction transaction, const duckdb::EntryLookupInfo& lookup) override {
    if (lookup.GetCatalogType() != duckdb::CatalogType::TABLE_ENTRY && lookup.GetCatalogType() != duckdb::CatalogType::VIEW_ENTRY) {
      return nullptr;
    }
    if (!transaction.context) return nullptr;
    return ResolveTable(*transaction.context, *this, lookup.GetEntryName(), scans_, lookup.GetAtClause());
  }
  // Nothing is listed and nothing is suggested for a name that is not there: a guess must not be confirmed.
  void Scan(ClientContext&, duckdb::CatalogType, const std::function<void(CatalogEntry&)>&) override {}
  void Scan(duckdb::CatalogType, const std::function<void(CatalogEntry&)>&) override {}
  duckdb::SimilarCatalogEntry GetSimilarEntry(duckdb::CatalogTransaction, const duckdb::EntryLookupInfo&) override { return {}; }

  optional_ptr<CatalogEntry> CreateIndex(duckdb::CatalogTransaction, duckdb::CreateIndexInfo&,
                                         duckdb::TableCatalogEntry&) override {
    ReadOnly();
  }
  optional_ptr<CatalogEntry> CreateFunction(duckdb::CatalogTransaction, duckdb::CreateFunctionInfo&) override { ReadOnly(); }
  optional_ptr<CatalogEntry> CreateTable(duckdb::CatalogTransaction, duckdb::BoundCreateTableInfo&) override { ReadOnly(); }
  optional_ptr<CatalogEntry> CreateView(duckdb::CatalogTransaction, duckdb::CreateViewInfo&) override { ReadOnly(); }
  optional_ptr<CatalogEntry> CreateSequence(duckdb::CatalogTransaction, duckdb::CreateSequenceInfo&) override { ReadOnly(); }
  optional_ptr<CatalogEntry> CreateTableFunction(duckdb::CatalogTransaction, duckdb::CreateTableFunctionInfo&) override {
    ReadOnly();
  }
  optional_ptr<CatalogEntry> CreateCopyFunction(duckdb::CatalogTransaction, duckdb::CreateCopyFunctionInfo&) override {
    ReadOnly();
  }
  optional_ptr<CatalogEntry> CreatePragmaFunction(duckdb::CatalogTransaction, duckdb::CreatePragmaFunctionInfo&) override {
    ReadOnly();
  }
  optional_ptr<CatalogEntry> CreateCollation(duckdb::CatalogTransaction, duckdb::CreateCollationInfo&) override { ReadOnly(); }
  optional_ptr<CatalogEntry> CreateType(duckdb::CatalogTransaction, duckdb::CreateTypeInfo&) override { ReadOnly(); }
  void DropEntry(ClientContext&, duckdb::DropInfo&) override { ReadOnly(); }
  void Alter(duckdb::CatalogTransaction, duckdb::AlterInfo&) override { ReadOnly(); }

 private:
  const InnerScans& scans_;
};

struct MeshInfo final : duckdb::StorageExtensionInfo {
  InnerScans scans;
};

class MeshCatalog final : public duckdb::Catalog {
 public:
  MeshCatalog(duckdb::AttachedDatabase& database, const InnerScans& scans) : Catalog(database), scans_(scans) {}

  void Initialize(bool) override {}
  std::string GetCatalogType() override { return "hanse"; }
  std::string GetDefaultSchema() const override { return kNoDatabase; }
  bool InMemory() override { return true; }
  bool SupportsTimeTravel() const override { return true; }
  std::string GetDBPath() override { return ""; }
  duckdb::DatabaseSize GetDatabaseSize(ClientContext&) override { return duckdb::DatabaseSize(); }

  // Every name is a database until a table of it is asked for: only the server knows, and it answers for both at once.
  optional_ptr<duckdb::SchemaCatalogEntry> LookupSchema(duckdb::CatalogTransaction transaction,
                                                        const duckdb::EntryLookupInfo& lookup,
                                                        duckdb::OnEntryNotFound if_not_found) override {
    if (transaction.context && Session::Of(*transaction.context)) return Schema(lookup.GetEntryName());
    if (if_not_found == duckdb::OnEntryNotFound::THROW_EXCEPTION) throw duckdb::CatalogException("no session");
    return nullptr;
  }
  void ScanSchemas(ClientContext&, std::function<void(duckdb::SchemaCatalogEntry&)>) override {}

  optional_ptr<CatalogEntry> CreateSchema(duckdb::CatalogTransaction, duckdb::CreateSchemaInfo&) override { ReadOnly(); }
  void DropSchema(ClientContext&, duckdb::DropInfo&) override { ReadOnly(); }
  duckdb::PhysicalOperator& PlanCreateTableAs(ClientContext&, duckdb::PhysicalPlanGenerator&, duckdb::LogicalCreateTable&,
                                              duckdb::PhysicalOperator&) override {
    ReadOnly();
  }
  duckdb::PhysicalOperator& PlanInsert(ClientContext&, duckdb::PhysicalPlanGenerator&, duckdb::LogicalInsert&,
                                       optional_ptr<duckdb::PhysicalOperator>) override {
    ReadOnly();
  }
  duckdb::PhysicalOperator& PlanDelete(ClientContext&, duckdb::PhysicalPlanGenerator&, duckdb::LogicalDelete&,
                                       duckdb::PhysicalOperator&) override {
    ReadOnly();
  }
  duckdb::PhysicalOperator& PlanUpdate(ClientContext&, duckdb::PhysicalPlanGenerator&, duckdb::LogicalUpdate&,
                                       duckdb::PhysicalOperator&) override {
    ReadOnly();
  }

 private:
  optional_ptr<duckdb::SchemaCatalogEntry> Schema(const std::string& name) {
    std::lock_guard lock(mutex_);
    auto& schema = schemas_[name];
    if (!schema) {
      duckdb::CreateSchemaInfo info;
      info.catalog = GetName();
      info.schema = name;
      info.internal = true;
      schema = duckdb::make_uniq<MeshSchema>(*this, info, scans_);
    }
    return schema.get();
  }

  const InnerScans& scans_;
  std::mutex mutex_;
  duckdb::case_insensitive_map_t<duckdb::unique_ptr<MeshSchema>> schemas_;  // A worker is replaced before this grows without end.
};

// Nothing is written, so transactions only have to be there.
class MeshTransaction final : public duckdb::Transaction {
 public:
  MeshTransaction(duckdb::TransactionManager& manager, ClientContext& context) : Transaction(manager, context) {}
};

class MeshTransactions final : public duckdb::TransactionManager {
 public:
  explicit MeshTransactions(duckdb::AttachedDatabase& database) : TransactionManager(database) {}
  duckdb::Transaction& StartTransaction(ClientContext& context) override {
    auto transaction = duckdb::make_uniq<MeshTransaction>(*this, context);
    auto& reference = *transaction;
    std::lock_guard lock(mutex_);
    running_[reference] = std::move(transaction);
    return reference;
  }
  duckdb::ErrorData CommitTransaction(ClientContext&, duckdb::Transaction& transaction) override {
    RollbackTransaction(transaction);
    return duckdb::ErrorData();
  }
  void RollbackTransaction(duckdb::Transaction& transaction) override {
    std::lock_guard lock(mutex_);
    running_.erase(transaction);
  }
  void Checkpoint(ClientContext&, bool) override {}

 private:
  std::mutex mutex_;
  duckdb::reference_map_t<duckdb::Transaction, duckdb::unique_ptr<duckdb::Transaction>> running_;
};

duckdb::unique_ptr<duckdb::Catalog> Attach(optional_ptr<duckdb::StorageExtensionInfo> info, ClientContext&,
                                           duckdb::AttachedDatabase& database, const std::string&, duckdb::AttachInfo&,
                                           duckdb::AttachOptions&) {
  return duckdb::make_uniq<MeshCatalog>(database, static_cast<MeshInfo&>(*info).scans);
}

duckdb::unique_ptr<duckdb::TransactionManager> Transactions(optional_ptr<duckdb::StorageExtensionInfo>,
                                                            duckdb::AttachedDatabase& database, duckdb::Catalog&) {
  return duckdb::make_uniq<MeshTransactions>(database);
}

}  // namespace

void AttachMeshCatalog(duckdb::DatabaseInstance& instance, InnerScans scans) {
  auto info = duckdb::make_shared_ptr<MeshInfo>();
  info->scans = std::move(scans);
  auto extension = duckdb::make_shared_ptr<duckdb::StorageExtension>();
  extension->attach = Attach;
  extension->create_transaction_manager = Transactions;
  extension->storage_info = info;
  duckdb::StorageExtension::Register(duckdb::DBConfig::GetConfig(instance), "hanse", std::move(extension));
  duckdb::Connection connection(instance);
  auto attached = connection.Query(std::string("ATTACH '' AS ") + kCatalog + " (TYPE hanse, READ_ONLY)");
  if (attached->HasError()) attached->ThrowError();
}

}  // namespace hanse::engine
