#pragma once
#include <optional>
#include <string>
#include <vector>

#include "gate/gate.h"
#include "gate/lake.h"
#include "policy/evaluate.h"
#include "steward/subject.h"
#include "wire/hanse_service.h"

// What both doors decide about one principal and one table, asked of those who decide real requests: the gate (policies) and the
// lake (grants, tags, filters, shares). Nothing here decides.
namespace hanse::steward {

// Who decides. Any thread; what it refers to outlives it.
struct Doors {
  const gate::Gate& gate;
  gate::PolicySource& policies;
  gate::Lake& lake;
};

// A table by the name that was asked for: itself, or the target of the links in its name.
struct AskedTable {
  store::TableRow table;
  std::string through_link;  // "ACCOUNT/DATABASE.TABLE"; empty: it was named itself.
  bool registered = false;   // Its place is: reading takes lakeformation:GetDataAccess; else the reader's own S3 rights besides.
  wire::hanse_service::Table Shown() const;
  std::string Name() const;  // "ACCOUNT/DATABASE.TABLE"
};
Result<std::optional<AskedTable>> FindAskedTable(store::Transaction& tx, gate::Lake& lake, std::string_view account,
                                                 std::string_view region, std::string_view database, std::string_view table);
Result<AskedTable> AskedOf(store::Transaction& tx, gate::Lake& lake, store::TableRow table);

enum class Verdict { kNothing, kDescribes, kReadsSome, kReadsAll };
std::string_view Name(Verdict verdict);

struct Decided {
  policy::TableAccess access;  // The second door.
  std::vector<gate::Need> needs;
  std::vector<policy::Decision> first_door;  // One a need.
  bool described = false;                    // Both doors show its metadata.
  bool read = false;                         // Both let some of it be read.
  Verdict verdict = Verdict::kNothing;
  // Whether a column is read, in some rows at least.
  bool Reads(std::string_view column) const;
};
// Whether the first door is asked about what the second has shut already: for an explanation, not for lists.
enum class Ask { kBothDoors, kWhatIsSeen };
// `now`: the request, for what conditions ask of it (time, address, region).
Result<Decided> Decide(const Doors& doors, store::Transaction& tx, const RequestInfo& now, const Subject& subject,
                       const AskedTable& asked, Ask ask);

}  // namespace hanse::steward
