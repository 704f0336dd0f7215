#pragma once
#include "governance/operation.h"
#include "wire/lakeformation.h"

// Expressions over LF-Tags with a name (lakeformation.md, section 3.6). Grants name them; a change acts on those grants at once, a
// deletion takes them along.
namespace hanse::governance {

struct CreateLFTagExpression : Writes<wire::lakeformation::op::CreateLFTagExpression> {};
struct GetLFTagExpression : Reads<wire::lakeformation::op::GetLFTagExpression> {};
struct UpdateLFTagExpression : Writes<wire::lakeformation::op::UpdateLFTagExpression> {};
struct DeleteLFTagExpression : Writes<wire::lakeformation::op::DeleteLFTagExpression> {};
struct ListLFTagExpressions : Reads<wire::lakeformation::op::ListLFTagExpressions> {};

// Any thread.
class TagExpressions {
 public:
  static constexpr std::int64_t kMaxExpressions = 1000;
  Result<CreateLFTagExpression::Answer> Do(const gate::Authorized<CreateLFTagExpression>& call);
  Result<GetLFTagExpression::Answer> Do(const gate::Authorized<GetLFTagExpression>& call);
  Result<UpdateLFTagExpression::Answer> Do(const gate::Authorized<UpdateLFTagExpression>& call);
  Result<DeleteLFTagExpression::Answer> Do(const gate::Authorized<DeleteLFTagExpression>& call);
  Result<ListLFTagExpressions::Answer> Do(const gate::Authorized<ListLFTagExpressions>& call);
};

using ExpressionOperations =
    gate::List<CreateLFTagExpression, GetLFTagExpression, UpdateLFTagExpression, DeleteLFTagExpression, ListLFTagExpressions>;

}  // namespace hanse::governance
