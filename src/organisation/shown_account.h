#pragma once
#include <string_view>

#include "store/store.h"
#include "wire/organizations.h"

// An account as Organizations shows it. T: wire::organizations::Account or DelegatedAdministrator, which has the same members.
namespace hanse::organisation {

// The first columns of a row that ShownAccount() reads; `a` is the table of accounts.
inline constexpr std::string_view kAccountColumns = "a.account, a.arn, a.email, a.name, a.status, a.joined_method, a.joined_ms";

template <class T>
T ShownAccount(const store::Row& row) {
  T shown;
  shown.id = row.Text(0);
  shown.arn = row.Text(1);
  shown.email = row.Text(2);
  shown.name = row.Text(3);
  shown.status = shown.state = row.Text(4);
  shown.joined_method = row.Text(5);
  shown.joined_timestamp = wire::Timestamp{row.Int(6)};
  return shown;
}

}  // namespace hanse::organisation
