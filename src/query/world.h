#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/query_job.h"
#include "gate/gate.h"
#include "wire/athena.h"
#include "wire/glue.h"

namespace hanse::query {

// One table that a query asked for: what of it its caller might see, and a digest of that and of its files.
struct TableGround {
  std::string database, table;          // As the engine asked for it (engine/database_name.h).
  engine::ColumnConditions conditions;  // Its files are those that they leave.
  std::vector<std::string> visible;
  std::string row_filter;
  std::vector<engine::CellMask> masks;
  std::string reader;     // The role that reads its place; empty: its caller.
  bool governed = false;  // Lake Formation stood before this table or one that the query asked for earlier.
  std::string data;
  // The view with its definer's rights beneath which it was asked for; nothing: the caller asked for it himself.
  std::shared_ptr<const TableGround> above;

  // How it is called before the query's caller: what lies beneath a definer's view goes by the view's name.
  std::string shown() const { return above ? above->shown() : engine::DatabaseName::Of(database).Shown() + "." + table; }
};

// The tables of one query, and what they told on the way.
class QueryTables : public engine::TableResolver {
 public:
  // Asks whether the caller may still see what he saw of a table: rights alone, by the decisions that opened it; nothing is
  // listed. `basis`: what the answer is made of. Where a right is lost, which is recorded, it fails: kAccessDenied. Any other error
  // takes nobody's rights away.
  virtual Result<void> HoldRights(const TableGround& ground, store::Basis* basis) = 0;
  // Who reads the table that Resolve() answered last: TableGround::reader.
  virtual std::string reader() const = 0;
  // Whether a row or cell filter stood over any table of the query: then counts of rows are not told (lakeformation.md 8.4).
  virtual bool filtered() const = 0;
  // Whether Lake Formation stands before the data of any table of the query: no answer of it is given again (lakeformation.md 8.4).
  virtual bool governed() const = 0;
};

// Where the files of a statement go.
struct OutputRequest {
  std::string query_id;
  std::string database, table;  // Of a table to insert into or to make; both empty: only `location`.
  bool create = false;
  std::string location;                     // Of a new table, or UNLOAD's: "s3://bucket/prefix/"; nothing may lie there.
  std::vector<std::string> keys;            // Partition keys of a new table or of UNLOAD.
  std::optional<std::string> kms_key = {};  // Seals the files; nothing: the key of their bucket.
};

// The files of one statement: staged until Commit(), before it nobody sees them and without it they are gone. One thread.
class QueryOutput {
 public:
  virtual ~QueryOutput() = default;
  // The table that is inserted into; nothing of others.
  struct Target {
    engine::DataFormat format = engine::DataFormat::kParquet;
    std::map<std::string, std::string> serde;
    std::vector<engine::ColumnSource> columns;  // Keys last.
    std::vector<std::string> keys;
  };
  virtual const std::optional<Target>& target() const = 0;
  virtual Result<void> Begin(std::uint64_t file, std::vector<std::string> values, const std::string& extension) = 0;
  virtual Result<void> Append(std::uint64_t file, std::string_view bytes) = 0;
  virtual Result<void> End(std::uint64_t file) = 0;
  // Where the files will lie, in their order: "s3://bucket/key".
  virtual Result<std::vector<std::string>> Paths() = 0;
  // In one transaction: what the caller may do is asked again, `made` becomes a table, new partitions are registered, the files
  // are there.
  virtual Result<void> Commit(const std::optional<wire::glue::TableInput>& made) = 0;
};

// An object of an answer.
struct NewObject {
  std::string path, bytes;
};
using WithObjects = std::function<Result<void>(store::Transaction&)>;

// Everything that a statement touches outside query/. Each call goes through the gate as the caller in `as`; server/ wires it to
// catalog/, governance/ and objects/. Any thread.
class World {
 public:
  virtual ~World() = default;

  virtual std::unique_ptr<QueryTables> TablesFor(const gate::Context& as, const std::string& query_id) = 0;

  // Refuses at once what Commit() would refuse of an empty file: rights, a table that is there already, a place that is taken.
  virtual Result<std::unique_ptr<QueryOutput>> OpenOutput(const gate::Context& as, OutputRequest request) = 0;

  // The place of answers: "s3://bucket/key". What is written at once lies in one bucket and is there all or not at all; `kms_key`
  // seals it, nothing: its bucket's. `also`: runs in the transaction that makes them be there, which fails with it; may be empty.
  // Reads from `offset` at most `bytes_max`.
  virtual Result<void> WriteObjects(const gate::Context& as, std::vector<NewObject> objects,
                                    const std::optional<std::string>& kms_key, const WithObjects& also) = 0;
  virtual Result<std::string> ReadObject(const gate::Context& as, const std::string& path, std::uint64_t offset,
                                         std::uint64_t bytes_max) = 0;

  virtual Result<wire::glue::GetDatabasesResponse> Call(const gate::Context& as, wire::glue::GetDatabasesRequest in) = 0;
  virtual Result<wire::glue::GetDatabaseResponse> Call(const gate::Context& as, wire::glue::GetDatabaseRequest in) = 0;
  virtual Result<wire::glue::GetTablesResponse> Call(const gate::Context& as, wire::glue::GetTablesRequest in) = 0;
  virtual Result<wire::glue::GetTableResponse> Call(const gate::Context& as, wire::glue::GetTableRequest in) = 0;
  virtual Result<wire::glue::CreateDatabaseResponse> Call(const gate::Context& as, wire::glue::CreateDatabaseRequest in) = 0;
  virtual Result<wire::glue::DeleteDatabaseResponse> Call(const gate::Context& as, wire::glue::DeleteDatabaseRequest in) = 0;
  virtual Result<wire::athena::GetDataCatalogOutput> Call(const gate::Context& as, wire::athena::GetDataCatalogInput in) = 0;
  virtual Result<wire::athena::CreatePreparedStatementOutput> Call(const gate::Context& as,
                                                                   wire::athena::CreatePreparedStatementInput in) = 0;
  virtual Result<wire::athena::GetPreparedStatementOutput> Call(const gate::Context& as,
                                                                wire::athena::GetPreparedStatementInput in) = 0;
  virtual Result<wire::athena::DeletePreparedStatementOutput> Call(const gate::Context& as,
                                                                   wire::athena::DeletePreparedStatementInput in) = 0;
  virtual Result<wire::glue::DeleteTableResponse> Call(const gate::Context& as, wire::glue::DeleteTableRequest in) = 0;
  virtual Result<wire::glue::UpdateDatabaseResponse> Call(const gate::Context& as, wire::glue::UpdateDatabaseRequest in) = 0;
  virtual Result<wire::glue::CreateTableResponse> Call(const gate::Context& as, wire::glue::CreateTableRequest in) = 0;
  virtual Result<wire::glue::UpdateTableResponse> Call(const gate::Context& as, wire::glue::UpdateTableRequest in) = 0;
  virtual Result<wire::glue::GetPartitionResponse> Call(const gate::Context& as, wire::glue::GetPartitionRequest in) = 0;
  virtual Result<wire::glue::GetPartitionsResponse> Call(const gate::Context& as, wire::glue::GetPartitionsRequest in) = 0;
  virtual Result<wire::glue::UpdatePartitionResponse> Call(const gate::Context& as, wire::glue::UpdatePartitionRequest in) = 0;
  virtual Result<wire::glue::BatchCreatePartitionResponse> Call(const gate::Context& as,
                                                                wire::glue::BatchCreatePartitionRequest in) = 0;
  virtual Result<wire::glue::BatchDeletePartitionResponse> Call(const gate::Context& as,
                                                                wire::glue::BatchDeletePartitionRequest in) = 0;

  // The keys of the data files of a table, below its place: "day=1/part-0". Read as a query of the table would read them where the
  // caller may query it, else with his own rights in S3.
  virtual Result<std::vector<std::string>> DataBelow(const gate::Context& as, const std::string& query_id,
                                                     const wire::glue::Table& table) = 0;
};

}  // namespace hanse::query
