#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/partition.h"
#include "catalog/table.h"
#include "catalog/write_table.h"
#include "gate/gate.h"
#include "identity/callers.h"
#include "objects/inside.h"
#include "objects/staging.h"
#include "query/world.h"

namespace hanse::server {

// What written files need. All outlive them.
struct WriteParts {
  const gate::Gate& gate;
  store::Store& store;
  const Clock& clock;
  Random& random;
  identity::Callers& callers;
  const catalog::TableWrites& writes;
  const catalog::Tables& tables;
  const catalog::Partitions& partitions;
  objects::Staging& staging;
  objects::Inside& inside;
};

// The files of one statement. They are written as the role of the registered location, else as the caller; the table and its
// partitions are the caller's own doing. Everything that must be allowed is asked when it is opened (CREATE TABLE: by a rehearsal)
// and asked again in the transaction that makes all of it be there. One thread.
class WrittenFiles final : public query::QueryOutput {
 public:
  static Result<std::unique_ptr<query::QueryOutput>> Open(const WriteParts& parts, const gate::Context& as,
                                                          query::OutputRequest request);

  const std::optional<Target>& target() const override { return target_; }
  Result<void> Begin(std::uint64_t file, std::vector<std::string> values, const std::string& extension) override;
  Result<void> Append(std::uint64_t file, std::string_view bytes) override;
  Result<void> End(std::uint64_t file) override;
  Result<std::vector<std::string>> Paths() override;
  Result<void> Commit(const std::optional<wire::glue::TableInput>& made) override;

  // The step that makes everything be there; the gate's alone.
  struct CommitOutput {
    static constexpr gate::Rule kRule{"athena", "CommitOutput", gate::Record::kWrite};
    using Answer = void;
    const query::OutputRequest& request;
    const std::optional<wire::glue::TableInput>& made;
    std::string Parameters() const;
    Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
  };
  Result<void> Do(const gate::Authorized<CommitOutput>& call);

 private:
  using Registered = std::optional<gate::RegisteredLocation>;
  struct File {
    std::vector<std::string> values;
    std::string name;
    std::shared_ptr<objects::StagedObject> staged;
  };
  // Where the files of some values go, and as whom.
  struct Folder {
    std::string location;  // "s3://bucket/prefix/"
    Registered registered;
    bool known = true;  // Otherwise it is a partition that is to be registered.
  };

  WrittenFiles(const WriteParts& parts, gate::Context as, query::OutputRequest request)
      : parts_(parts), as_(std::move(as)), request_(std::move(request)) {}
  Result<void> OpenTable();
  Result<void> RehearseTable();
  Result<void> DemandEmpty();
  Result<catalog::WritableTable> AskTable(const gate::Context& as) const;
  catalog::OpenForWrite Opening() const;
  Result<Caller> WriterOf(store::Transaction& tx, const Registered& registered) const;
  Folder FolderOf(const catalog::WritableTable& table, const std::vector<std::string>& values) const;
  std::vector<std::string> PathsIn(const catalog::WritableTable& table) const;
  Result<void> Store(const gate::Call& call, const catalog::WritableTable& table) const;
  Result<void> AddPartitions(const gate::Call& call, const catalog::WritableTable& table) const;

  WriteParts parts_;
  gate::Context as_;
  query::OutputRequest request_;
  std::optional<Target> target_;
  catalog::WritableTable opened_;  // As it was when it was opened; of UNLOAD and of a new table only what is written to.
  std::map<std::uint64_t, File> files_;
  std::vector<std::string> told_;  // By Paths().
};

}  // namespace hanse::server
