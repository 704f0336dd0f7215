#pragma once
#include "catalog/access.h"
#include "catalog/operation.h"
#include "catalog/page.h"

// User-defined functions of databases: kept for engines that load them, never run here. Sources: AWS Glue API Reference,
// "User-Defined Function API"; lakeformation.md 5.5, 7.3. Who sees the database sees them; to change them takes ALTER on it.
namespace hanse::catalog {

HANSE_GLUE_OPERATION(CreateUserDefinedFunction, gate::Record::kWrite);
HANSE_GLUE_OPERATION(GetUserDefinedFunction, gate::Record::kRead);
HANSE_GLUE_OPERATION(GetUserDefinedFunctions, gate::Record::kRead);
HANSE_GLUE_OPERATION(UpdateUserDefinedFunction, gate::Record::kWrite);
HANSE_GLUE_OPERATION(DeleteUserDefinedFunction, gate::Record::kWrite);

// Any thread; what it is given outlives it.
class Functions {
 public:
  static constexpr std::size_t kPageMax = 100;
  static constexpr std::int64_t kFunctionsMax = 100;  // Of one database.

  Functions(const Access& access, const Pages& pages) : access_(access), pages_(pages) {}
  Result<CreateUserDefinedFunction::Answer> Do(const gate::Authorized<CreateUserDefinedFunction>& call) const;
  Result<GetUserDefinedFunction::Answer> Do(const gate::Authorized<GetUserDefinedFunction>& call) const;
  Result<GetUserDefinedFunctions::Answer> Do(const gate::Authorized<GetUserDefinedFunctions>& call) const;
  Result<UpdateUserDefinedFunction::Answer> Do(const gate::Authorized<UpdateUserDefinedFunction>& call) const;
  Result<DeleteUserDefinedFunction::Answer> Do(const gate::Authorized<DeleteUserDefinedFunction>& call) const;

 private:
  const Access& access_;
  const Pages& pages_;
};

namespace function {
using Operations = gate::List<CreateUserDefinedFunction, GetUserDefinedFunction, GetUserDefinedFunctions, UpdateUserDefinedFunction,
                              DeleteUserDefinedFunction>;
}

}  // namespace hanse::catalog
