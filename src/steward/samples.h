#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/gate.h"
#include "store/directory.h"

namespace hanse::steward {

// A few values of tables, read as anybody reads them: through both doors, with row filters and masks, each read in the journal.
// server/ implements it over the engine. Any thread.
class Samples {
 public:
  static constexpr int kRowsMax = 1000;  // Of one table,
  static constexpr int kFilesMax = 3;    // of that many of its files.

  using Visit = std::function<void(std::size_t column, std::string_view value)>;  // No NULLs.

  virtual ~Samples() = default;
  // Values of `columns` as `as` sees them; its own catalog's table. kAccessDenied or kNotFound where it may not read it;
  // kUnavailable where it cannot be read in time, or another sample is being taken. The text of the error holds no value.
  virtual Result<void> Take(const gate::Context& as, const store::TableRow& table, const std::vector<std::string>& columns,
                            const Visit& visit) = 0;
};

}  // namespace hanse::steward
