#pragma once
#include <memory>
#include <vector>

#include "engine/orc_column.h"
#include "orc/bytes.h"
#include "orc/runs.h"

// What the columns of an ORC stripe are read of: streams, numbers in runs, and which rows are NULL. For orc_*.cc alone.
namespace hanse::engine {

inline constexpr std::int64_t kOrcElementsMax = 1 << 26;  // Of the lists of one vector's rows, and of a dictionary.

// A column's streams. One that is missing is empty.
class OrcStreams {
 public:
  OrcStreams(const OrcStripe& stripe, std::uint32_t column) : stripe_(stripe), column_(column) {}
  std::unique_ptr<orc::Bytes> Open(orc::StreamKind kind) const {
    const orc::Stream* stream = stripe_.footer.Find(column_, kind);
    return std::make_unique<orc::Bytes>(stripe_.input, stripe_.tail, stream ? *stream : orc::Stream{});
  }
  bool Has(orc::StreamKind kind) const { return stripe_.footer.Find(column_, kind) != nullptr; }
  const orc::Encoding& encoding() const { return stripe_.footer.encodings[column_]; }
  orc::NumberRuns::Version version() const {
    return encoding().second ? orc::NumberRuns::Version::kSecond : orc::NumberRuns::Version::kFirst;
  }
  OrcInput& input() const { return stripe_.input; }

 private:
  const OrcStripe& stripe_;
  std::uint32_t column_;
};

// Whole numbers of a stream.
class OrcNumbers {
 public:
  OrcNumbers(const OrcStreams& streams, orc::StreamKind kind, orc::NumberRuns::Sign sign)
      : input_(streams.input()), bytes_(streams.Open(kind)), runs_(*bytes_, streams.version(), sign) {}
  const std::vector<std::int64_t>& Next(duckdb::idx_t count) {
    values_.resize(count);
    if (!runs_.Next(values_.data(), count)) input_.Broken();
    return values_;
  }

 private:
  OrcInput& input_;
  std::unique_ptr<orc::Bytes> bytes_;
  orc::NumberRuns runs_;
  std::vector<std::int64_t> values_;
};

// A column that says which of its rows are NULL.
class StoredColumn : public OrcColumn {
 public:
  explicit StoredColumn(const OrcStreams& streams) : input_(streams.input()) {
    if (!streams.Has(orc::StreamKind::kPresent)) return;
    present_bytes_ = streams.Open(orc::StreamKind::kPresent);
    present_ = std::make_unique<orc::TruthRuns>(*present_bytes_);
  }
  void Read(duckdb::idx_t rows, const duckdb::ValidityMask* there, duckdb::Vector& out) final {
    duckdb::ValidityMask& valid = duckdb::FlatVector::Validity(out);
    duckdb::idx_t stored = rows;
    if (there || present_) {
      stored = 0;
      for (duckdb::idx_t row = 0; row < rows; ++row) {
        bool present = !there || there->RowIsValid(row);
        if (present && present_ && !present_->Next(&present)) input_.Broken();
        if (present) {
          ++stored;
        } else {
          valid.SetInvalid(row);
        }
      }
    }
    Stored(rows, stored, valid, out);
  }

 protected:
  // The `stored` values of the rows that are valid.
  virtual void Stored(duckdb::idx_t rows, duckdb::idx_t stored, const duckdb::ValidityMask& valid, duckdb::Vector& out) = 0;
  OrcInput& input() const { return input_; }

 private:
  OrcInput& input_;
  std::unique_ptr<orc::Bytes> present_bytes_;
  std::unique_ptr<orc::TruthRuns> present_;
};

// put(row, i): value i belongs to the row.
template <class Put>
void ForStored(duckdb::idx_t rows, const duckdb::ValidityMask& valid, Put put) {
  duckdb::idx_t i = 0;
  for (duckdb::idx_t row = 0; row < rows; ++row) {
    if (valid.RowIsValid(row)) put(row, i++);
  }
}

// Types that hold no others (orc_scalars.cc), texts and bytes (orc_text.cc). `type`: what StoredOrcType() says.
std::unique_ptr<OrcColumn> MakeOrcScalar(const OrcStripe& stripe, const OrcStreams& streams, orc::Kind kind,
                                         const duckdb::LogicalType& type);
std::unique_ptr<OrcColumn> MakeOrcText(const OrcStreams& streams, const duckdb::LogicalType& type);
// What such a type is to the engine; of texts, what is wanted of them.
duckdb::LogicalType StoredOrcType(const orc::Type& type, const duckdb::LogicalType& wanted);

}  // namespace hanse::engine
