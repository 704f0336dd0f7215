#pragma once
#include <memory>
#include <vector>

#include "duckdb.hpp"
#include "orc/file_out.h"

namespace hanse::engine {

using OrcRows = std::vector<duckdb::idx_t>;  // Of a vector, in order.

// What rows of one column, and of those in it, have become since the last stripe. One thread.
class OrcColumnOut {
 public:
  virtual ~OrcColumnOut() = default;
  // These of the `size` rows of a vector of its type.
  virtual void Put(duckdb::Vector& vector, duckdb::idx_t size, const OrcRows& rows) = 0;
  // Takes what there is out, as the streams of a stripe.
  virtual void Take(std::vector<orc::FileOut::Piece>* pieces) = 0;
  // About how many bytes there are.
  virtual std::uint64_t bytes() const = 0;
  // Of the whole file, a column each.
  virtual void Count(std::vector<orc::FileOut::Counts>* counts) const = 0;
};

// Describes `type` behind `types` and makes what writes it. NOT_SUPPORTED is thrown where the format has no such type.
std::unique_ptr<OrcColumnOut> MakeOrcColumnOut(const duckdb::LogicalType& type, std::vector<orc::Type>* types);

}  // namespace hanse::engine
