#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace hanse::audit {

// What `hanse audit verify` found (lakeformation.md, 9.4). Paths are relative to the server's directory.
struct Verification {
  struct Segment {
    std::string path;
    std::int64_t records = 0;  // As far as its chain holds.
  };
  struct Bad {
    std::string path, reason;
  };
  std::vector<Segment> segments;
  std::vector<Bad> bad;
  std::int64_t records() const;
  bool ok() const { return bad.empty(); }
  // {"ok":…,"records":…,"segments":[…],"bad":[…]}
  std::string ToJson() const;
};

// Walks the whole chain of DIR/journal and compares it with the checkpoint. Changes nothing; the server may be running, stopped or
// killed: a last line that is cut short behind the checkpoint was never acknowledged. kNotFound where there is no journal.
Result<Verification> Verify(const std::string& directory);

}  // namespace hanse::audit
