#pragma once
#include "base/random.h"
#include "crypto/key.h"
#include "organisation/operations.h"
#include "organisation/rows.h"

namespace hanse::organisation {

// What a new account gets besides its row, in the transaction that makes it: the administrator's role, the domain key. server/
// connects it to identity/ and keys/.
class Baseline {
 public:
  virtual ~Baseline() = default;
  virtual Result<void> Lay(store::Transaction& tx, const AccountId& account, const std::string& admin_role,
                           const AccountId& management_account, TimeMs now_ms) = 0;
};

// The organisation: its tree of units, its accounts, the services it trusts. Any thread; what it is made of outlives it.
class Organisation {
 public:
  struct Parts {
    crypto::Key key;  // The server's; page tokens are sealed under it.
    Random& random;
    Baseline& baseline;
  };
  explicit Organisation(Parts parts) : parts_(std::move(parts)) {}

  // First start: the organisation with its root and management account. Nothing where it is there already.
  Result<void> Found(store::Transaction& tx, const AccountId& management_account, TimeMs now_ms);

  Result<CreateOrganization::Answer> Do(const gate::Authorized<CreateOrganization>& call);
  Result<DescribeOrganization::Answer> Do(const gate::Authorized<DescribeOrganization>& call);
  Result<ListRoots::Answer> Do(const gate::Authorized<ListRoots>& call);

  Result<CreateOrganizationalUnit::Answer> Do(const gate::Authorized<CreateOrganizationalUnit>& call);
  Result<DescribeOrganizationalUnit::Answer> Do(const gate::Authorized<DescribeOrganizationalUnit>& call);
  Result<ListOrganizationalUnitsForParent::Answer> Do(const gate::Authorized<ListOrganizationalUnitsForParent>& call);
  Result<UpdateOrganizationalUnit::Answer> Do(const gate::Authorized<UpdateOrganizationalUnit>& call);
  Result<DeleteOrganizationalUnit::Answer> Do(const gate::Authorized<DeleteOrganizationalUnit>& call);
  Result<ListParents::Answer> Do(const gate::Authorized<ListParents>& call);
  Result<ListChildren::Answer> Do(const gate::Authorized<ListChildren>& call);

  Result<CreateAccount::Answer> Do(const gate::Authorized<CreateAccount>& call);
  Result<DescribeCreateAccountStatus::Answer> Do(const gate::Authorized<DescribeCreateAccountStatus>& call);
  Result<ListCreateAccountStatus::Answer> Do(const gate::Authorized<ListCreateAccountStatus>& call);
  Result<ListAccounts::Answer> Do(const gate::Authorized<ListAccounts>& call);
  Result<ListAccountsForParent::Answer> Do(const gate::Authorized<ListAccountsForParent>& call);
  Result<DescribeAccount::Answer> Do(const gate::Authorized<DescribeAccount>& call);
  Result<MoveAccount::Answer> Do(const gate::Authorized<MoveAccount>& call);

  Result<EnableAWSServiceAccess::Answer> Do(const gate::Authorized<EnableAWSServiceAccess>& call);
  Result<DisableAWSServiceAccess::Answer> Do(const gate::Authorized<DisableAWSServiceAccess>& call);
  Result<ListAWSServiceAccessForOrganization::Answer> Do(const gate::Authorized<ListAWSServiceAccessForOrganization>& call);
  Result<TagResource::Answer> Do(const gate::Authorized<TagResource>& call);
  Result<UntagResource::Answer> Do(const gate::Authorized<UntagResource>& call);
  Result<ListTagsForResource::Answer> Do(const gate::Authorized<ListTagsForResource>& call);

 private:
  // Rows after the token's key, one more than the page; the token for the next page, if there is one.
  Result<std::string> After(std::string_view list, const std::optional<std::string>& token) const;
  std::optional<std::string> Next(std::string_view list, bool more, const std::string& last) const;
  Result<std::vector<store::Account>> AccountsAfter(store::Transaction& tx, const std::string& parent, const std::string& after,
                                                    std::int64_t limit) const;

  Parts parts_;
};

}  // namespace hanse::organisation
