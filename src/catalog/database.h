#pragma once
#include "catalog/access.h"
#include "catalog/page.h"
#include "wire/glue.h"

// Databases, and resource links to databases. Sources: AWS Glue API Reference, "Database API"; lakeformation.md 2.3, 5.5, 7.
namespace hanse::catalog {

struct CreateDatabase {
  static constexpr gate::Rule kRule{"glue", "CreateDatabase", gate::Record::kWrite};
  using Wire = wire::glue::op::CreateDatabase;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetDatabase {
  static constexpr gate::Rule kRule{"glue", "GetDatabase", gate::Record::kRead};
  using Wire = wire::glue::op::GetDatabase;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetDatabases {
  static constexpr gate::Rule kRule{"glue", "GetDatabases", gate::Record::kRead};
  using Wire = wire::glue::op::GetDatabases;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Through a link it changes the target.
struct UpdateDatabase {
  static constexpr gate::Rule kRule{"glue", "UpdateDatabase", gate::Record::kWrite};
  using Wire = wire::glue::op::UpdateDatabase;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Takes the tables with it; of a link the link alone.
struct DeleteDatabase {
  static constexpr gate::Rule kRule{"glue", "DeleteDatabase", gate::Record::kWrite};
  using Wire = wire::glue::op::DeleteDatabase;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread; what it is given outlives it.
class Databases {
 public:
  static constexpr std::size_t kPageMax = 100;

  Databases(const Access& access, const Pages& pages) : access_(access), pages_(pages) {}
  Result<CreateDatabase::Answer> Do(const gate::Authorized<CreateDatabase>& call) const;
  Result<GetDatabase::Answer> Do(const gate::Authorized<GetDatabase>& call) const;
  Result<GetDatabases::Answer> Do(const gate::Authorized<GetDatabases>& call) const;
  Result<UpdateDatabase::Answer> Do(const gate::Authorized<UpdateDatabase>& call) const;
  Result<DeleteDatabase::Answer> Do(const gate::Authorized<DeleteDatabase>& call) const;

 private:
  // What the caller is shown of a row in a list; nothing where it is not visible.
  Result<std::optional<wire::glue::Database>> Listed(const gate::Call& call, const store::DatabaseRow& row) const;

  const Access& access_;
  const Pages& pages_;
};

namespace database {
using Operations = gate::List<CreateDatabase, GetDatabase, GetDatabases, UpdateDatabase, DeleteDatabase>;
}

}  // namespace hanse::catalog
