#include <algorithm>
#include <string>

#include "engine/orc_streams.h"

namespace hanse::engine {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::ValidityMask;
using duckdb::Vector;
using orc::NumberRuns;
using orc::StreamKind;

namespace {

constexpr std::size_t kTextStepBytes = 1 << 20;
constexpr std::int64_t kTextBytesMax = 1 << 30;

// Text that is no UTF-8 is NULL.
enum class OrcText : std::uint8_t { kUtf8, kBytes };

// Reads texts of given lengths into a vector's heap.
class TextBytes {
 public:
  TextBytes(const OrcStreams& streams, StreamKind kind, OrcText text)
      : input_(streams.input()), bytes_(streams.Open(kind)), text_(text) {}
  // False where it is no text.
  bool Next(std::int64_t length, Vector& heap, duckdb::string_t* value) {
    if (length < 0 || length > kTextBytesMax) input_.Broken();
    const auto size = static_cast<std::size_t>(length);
    if (size > kTextStepBytes) {  // Memory only for what is there.
      std::string whole;
      while (whole.size() < size) {
        const std::size_t before = whole.size(), step = std::min(kTextStepBytes, size - before);
        whole.resize(before + step);
        if (!bytes_->Next(whole.data() + before, step)) input_.Broken();
      }
      *value = duckdb::StringVector::AddStringOrBlob(heap, whole.data(), whole.size());
    } else {
      *value = duckdb::StringVector::EmptyString(heap, size);
      if (!bytes_->Next(value->GetDataWriteable(), size)) input_.Broken();
      value->Finalize();
    }
    return text_ == OrcText::kBytes || duckdb::Value::StringIsValid(value->GetData(), value->GetSize());
  }

 private:
  OrcInput& input_;
  std::unique_ptr<orc::Bytes> bytes_;
  OrcText text_;
};

class TextColumn final : public StoredColumn {
 public:
  TextColumn(const OrcStreams& streams, OrcText text)
      : StoredColumn(streams),
        lengths_(streams, StreamKind::kLength, NumberRuns::Sign::kUnsigned),
        texts_(streams, StreamKind::kData, text) {}

 protected:
  void Stored(idx_t rows, idx_t stored, const ValidityMask& valid, Vector& out) override {
    const auto& lengths = lengths_.Next(stored);
    auto* data = FlatVector::GetData<duckdb::string_t>(out);
    ForStored(rows, valid, [&](idx_t row, idx_t i) {
      if (!texts_.Next(lengths[i], out, &data[row])) FlatVector::SetNull(out, row, true);
    });
  }

 private:
  OrcNumbers lengths_;
  TextBytes texts_;
};

class DictionaryColumn final : public StoredColumn {
 public:
  DictionaryColumn(const OrcStreams& streams, OrcText text)
      : StoredColumn(streams), places_(streams, StreamKind::kData, NumberRuns::Sign::kUnsigned), words_(LogicalType::BLOB) {
    const std::uint64_t size = streams.encoding().dictionary_size;
    if (size > static_cast<std::uint64_t>(kOrcElementsMax)) input().Broken();
    OrcNumbers lengths(streams, StreamKind::kLength, NumberRuns::Sign::kUnsigned);
    TextBytes texts(streams, StreamKind::kDictionary, text);
    while (values_.size() < size) {
      for (std::int64_t length : lengths.Next(std::min<idx_t>(size - values_.size(), STANDARD_VECTOR_SIZE))) {
        duckdb::string_t value;
        fits_.push_back(texts.Next(length, words_, &value));
        values_.push_back(value);
      }
    }
  }

 protected:
  void Stored(idx_t rows, idx_t stored, const ValidityMask& valid, Vector& out) override {
    const auto& places = places_.Next(stored);
    duckdb::StringVector::AddHeapReference(out, words_);
    auto* data = FlatVector::GetData<duckdb::string_t>(out);
    ForStored(rows, valid, [&](idx_t row, idx_t i) {
      const auto place = static_cast<std::uint64_t>(places[i]);
      if (place >= values_.size()) input().Broken();
      if (fits_[place]) {
        data[row] = values_[place];
      } else {
        FlatVector::SetNull(out, row, true);
      }
    });
  }

 private:
  OrcNumbers places_;
  Vector words_;  // Holds the texts that are too long for a string_t.
  std::vector<duckdb::string_t> values_;
  std::vector<bool> fits_;
};

}  // namespace

std::unique_ptr<OrcColumn> MakeOrcText(const OrcStreams& streams, const LogicalType& type) {
  const OrcText text = type.id() == duckdb::LogicalTypeId::BLOB ? OrcText::kBytes : OrcText::kUtf8;
  if (streams.encoding().dictionary) return std::make_unique<DictionaryColumn>(streams, text);
  return std::make_unique<TextColumn>(streams, text);
}

}  // namespace hanse::engine
