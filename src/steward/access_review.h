#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gate/wire_operation.h"
#include "steward/decided.h"
#include "steward/moment.h"
#include "wire/hanse_service.h"

// Who may see what, and why: ExplainAccess, ListWhoCan, ListWhatCan. The answers come from the doors that decide real requests.
// IAM asks for hanse:NAME on the table (or the principal); beyond that an asker learns
//   * everything of accounts that it oversees (subject.h);
//   * of a principal of such an account and somebody else's table: what the principal may see of it, and nothing where it sees
//     nothing, in the same words whether the table is there or not;
//   * of somebody else's principal and a table of such an account: the verdict, without the principal's policies.
// AsOf asks about a past moment: the rows of then, the same decision (store/history.h).
namespace hanse::steward {

template <class W>
struct AsksAboutTable : gate::WireOperation<W, gate::Record::kRead> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
struct ExplainAccess : AsksAboutTable<wire::hanse_service::op::ExplainAccess> {};
struct ListWhoCan : AsksAboutTable<wire::hanse_service::op::ListWhoCan> {};
struct ListWhatCan : gate::WireOperation<wire::hanse_service::op::ListWhatCan, gate::Record::kRead> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread.
class AccessReview {
 public:
  // How many principals or tables one page looks at: a page may come out short, or empty, with a token to go on.
  static constexpr std::int64_t kExaminedMax = 20'000;

  AccessReview(Doors doors, Moments& moments) : doors_(doors), moments_(moments) {}
  Result<ExplainAccess::Answer> Do(const gate::Authorized<ExplainAccess>& call) const;
  Result<ListWhoCan::Answer> Do(const gate::Authorized<ListWhoCan>& call) const;
  Result<ListWhatCan::Answer> Do(const gate::Authorized<ListWhatCan>& call) const;

 private:
  // When is asked about: now, or a past moment with its own rows. Whether the asker may ask is always decided by today's.
  struct When {
    store::Transaction* tx = nullptr;
    RequestInfo info;
    std::unique_ptr<Moment> past;
    std::optional<wire::Timestamp> shown;
  };
  Result<When> WhenOf(const gate::Call& call, const std::optional<wire::Timestamp>& as_of) const;

  Result<std::vector<wire::hanse_service::PrincipalAccess>> WhoCan(store::Transaction& tx, const RequestInfo& now,
                                                                   const Subject& subject, const AskedTable& asked,
                                                                   const std::string& column) const;

  Doors doors_;
  Moments& moments_;
};

using AccessReviewOperations = gate::List<ExplainAccess, ListWhoCan, ListWhatCan>;

}  // namespace hanse::steward
