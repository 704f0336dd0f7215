#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "steward/decided.h"

// Who reaches which tables of some catalogs, before a change and after it.
namespace hanse::steward {

// What somebody sees of a table.
struct Seen {
  Verdict verdict = Verdict::kNothing;
  std::vector<std::string> columns;
  std::string row_filter;
  std::map<std::string, std::string> cell_filters;
  bool operator==(const Seen&) const = default;
};

struct Reach {
  std::map<std::pair<std::string, std::string>, Seen> seen;  // (ARN of the principal, "ACCOUNT/DATABASE.TABLE"); only what is seen.
  bool truncated = false;                                    // There was more than kPairsMax to look at.
};
// How many pairs of principal and table are looked at: a rehearsal holds the store's one writer.
inline constexpr std::int64_t kPairsMax = 200'000;

// Of every principal that any grant or office in the catalogs can reach.
Result<Reach> ReachOf(const Doors& doors, store::Transaction& tx, const RequestInfo& now, const std::vector<AccountId>& catalogs);

// What differs, by principal and table.
std::vector<wire::hanse_service::Effect> EffectsBetween(const Reach& before, const Reach& after);
wire::hanse_service::BlastRadius BlastRadiusOf(const std::vector<wire::hanse_service::Effect>& effects);

// A read of a table that the journal holds.
struct PastRead {
  std::string query_id, principal_arn;
  std::string table;  // "ACCOUNT/DATABASE.TABLE"
  TimeMs at_ms = 0;
};

// The journal's reads of tables; the server connects it. Any thread.
class PastReads {
 public:
  virtual ~PastReads() = default;
  // Whether a user or role has done anything since then that the journal knows of.
  virtual Result<bool> Acted(const store::Principal& who, const std::string& region, TimeMs since_ms) = 0;
  // Reads by principals of `account`, newest first, no older than `since_ms`; a bounded number.
  virtual Result<std::vector<PastRead>> Of(const AccountId& account, const std::string& region, TimeMs since_ms) = 0;
};

// What the effects would have done to reads of the past: REFUSED, SEES_LESS, SEES_MORE, SEES_OTHER.
std::vector<wire::hanse_service::ReplayedQuery> Replayed(const std::vector<PastRead>& reads, const Reach& before,
                                                         const Reach& after);

}  // namespace hanse::steward
