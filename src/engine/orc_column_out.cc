#include "engine/orc_column_out.h"

#include "duckdb/common/types/hugeint.hpp"
#include "duckdb/common/types/timestamp.hpp"
#include "orc/write_runs.h"

namespace hanse::engine {

using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::UnifiedVectorFormat;
using duckdb::Vector;
using orc::FileOut;
using orc::Kind;
using orc::NumberRunsOut;
using orc::StreamKind;

namespace {

// Says which rows are NULL; the others are the derived class's.
class ColumnOut : public OrcColumnOut {
 public:
  explicit ColumnOut(std::uint32_t number) : number_(number) {}

  void Put(Vector& vector, idx_t size, const OrcRows& rows) final {
    UnifiedVectorFormat format;
    vector.ToUnifiedFormat(size, format);
    OrcRows stored;
    for (idx_t row : rows) {
      const bool valid = format.validity.RowIsValid(format.sel->get_index(row));
      present_.Put(valid);
      if (valid) stored.push_back(row);
    }
    nulls_ = nulls_ || stored.size() < rows.size();
    count_.values += stored.size();
    count_.nulls = count_.nulls || nulls_;
    Stored(vector, format, size, stored);
  }
  void Take(std::vector<FileOut::Piece>* pieces) final {
    std::string present = present_.Take();
    if (nulls_) pieces->push_back({StreamKind::kPresent, number_, std::move(present)});
    nulls_ = false;
    TakeStored(pieces);
  }
  void Count(std::vector<FileOut::Counts>* counts) const override { counts->push_back(count_); }

 protected:
  virtual void Stored(Vector& vector, const UnifiedVectorFormat& format, idx_t size, const OrcRows& rows) = 0;
  virtual void TakeStored(std::vector<FileOut::Piece>* pieces) = 0;
  template <class Runs>
  void TakeRuns(StreamKind kind, Runs& runs, std::vector<FileOut::Piece>* pieces) const {
    pieces->push_back({kind, number_, runs.Take()});
  }
  void TakeBytes(StreamKind kind, std::string& bytes, std::vector<FileOut::Piece>* pieces) const {
    pieces->push_back({kind, number_, std::exchange(bytes, {})});
  }

 private:
  const std::uint32_t number_;
  orc::TruthRunsOut present_;
  bool nulls_ = false;
  FileOut::Counts count_;
};

// T: what the engine keeps them in.
template <class T>
class NumbersOut final : public ColumnOut {
 public:
  using ColumnOut::ColumnOut;
  std::uint64_t bytes() const override { return runs_.bytes(); }

 protected:
  void Stored(Vector&, const UnifiedVectorFormat& format, idx_t, const OrcRows& rows) override {
    const T* data = UnifiedVectorFormat::GetData<T>(format);
    for (idx_t row : rows) runs_.Put(static_cast<std::int64_t>(data[format.sel->get_index(row)]));
  }
  void TakeStored(std::vector<FileOut::Piece>* pieces) override { TakeRuns(StreamKind::kData, runs_, pieces); }

 private:
  NumberRunsOut runs_{NumberRunsOut::Sign::kSigned};
};

class TruthsOut final : public ColumnOut {
 public:
  using ColumnOut::ColumnOut;
  std::uint64_t bytes() const override { return 0; }

 protected:
  void Stored(Vector&, const UnifiedVectorFormat& format, idx_t, const OrcRows& rows) override {
    const bool* data = UnifiedVectorFormat::GetData<bool>(format);
    for (idx_t row : rows) runs_.Put(data[format.sel->get_index(row)]);
  }
  void TakeStored(std::vector<FileOut::Piece>* pieces) override { TakeRuns(StreamKind::kData, runs_, pieces); }

 private:
  orc::TruthRunsOut runs_;
};

class BytesOut final : public ColumnOut {
 public:
  using ColumnOut::ColumnOut;
  std::uint64_t bytes() const override { return 0; }

 protected:
  void Stored(Vector&, const UnifiedVectorFormat& format, idx_t, const OrcRows& rows) override {
    const auto* data = UnifiedVectorFormat::GetData<std::int8_t>(format);
    for (idx_t row : rows) runs_.Put(static_cast<std::uint8_t>(data[format.sel->get_index(row)]));
  }
  void TakeStored(std::vector<FileOut::Piece>* pieces) override { TakeRuns(StreamKind::kData, runs_, pieces); }

 private:
  orc::ByteRunsOut runs_;
};

template <class T>
class FloatsOut final : public ColumnOut {
 public:
  using ColumnOut::ColumnOut;
  std::uint64_t bytes() const override { return data_.size(); }

 protected:
  void Stored(Vector&, const UnifiedVectorFormat& format, idx_t, const OrcRows& rows) override {
    const T* data = UnifiedVectorFormat::GetData<T>(format);
    for (idx_t row : rows) data_.append(reinterpret_cast<const char*>(&data[format.sel->get_index(row)]), sizeof(T));
  }
  void TakeStored(std::vector<FileOut::Piece>* pieces) override { TakeBytes(StreamKind::kData, data_, pieces); }

 private:
  std::string data_;
};

class TextsOut final : public ColumnOut {
 public:
  using ColumnOut::ColumnOut;
  std::uint64_t bytes() const override { return data_.size() + lengths_.bytes(); }

 protected:
  void Stored(Vector&, const UnifiedVectorFormat& format, idx_t, const OrcRows& rows) override {
    const auto* data = UnifiedVectorFormat::GetData<duckdb::string_t>(format);
    for (idx_t row : rows) {
      const duckdb::string_t& text = data[format.sel->get_index(row)];
      data_.append(text.GetData(), text.GetSize());
      lengths_.Put(static_cast<std::int64_t>(text.GetSize()));
    }
  }
  void TakeStored(std::vector<FileOut::Piece>* pieces) override {
    TakeBytes(StreamKind::kData, data_, pieces);
    TakeRuns(StreamKind::kLength, lengths_, pieces);
  }

 private:
  std::string data_;
  NumberRunsOut lengths_{NumberRunsOut::Sign::kUnsigned};
};

class TimestampsOut final : public ColumnOut {
 public:
  using ColumnOut::ColumnOut;
  std::uint64_t bytes() const override { return seconds_.bytes() + nanos_.bytes(); }

 protected:
  void Stored(Vector&, const UnifiedVectorFormat& format, idx_t, const OrcRows& rows) override {
    constexpr std::int64_t kMicros = 1'000'000;
    const auto* data = UnifiedVectorFormat::GetData<duckdb::timestamp_t>(format);
    for (idx_t row : rows) {
      const duckdb::timestamp_t at = data[format.sel->get_index(row)];
      if (!duckdb::Timestamp::IsFinite(at)) throw duckdb::InvalidInputException("HIVE_WRITER_DATA_ERROR: a timestamp has no end");
      std::int64_t second = at.value / kMicros, micros = at.value % kMicros;
      if (micros < 0) micros += kMicros, --second;
      // Readers take a second off moments before 1970 that have a fraction of a millisecond or more, so it is added.
      if (second < 0 && micros >= 1000) ++second;
      if (second == 0 && at.value < 0) {
        throw duckdb::InvalidInputException(
            "HIVE_WRITER_DATA_ERROR: a timestamp of the last second of 1969 cannot be written as ORC");
      }
      seconds_.Put(second - orc::kBeginOf2015);
      nanos_.Put(Nanos(static_cast<std::uint64_t>(micros) * 1000));
    }
  }
  void TakeStored(std::vector<FileOut::Piece>* pieces) override {
    TakeRuns(StreamKind::kData, seconds_, pieces);
    TakeRuns(StreamKind::kSecondary, nanos_, pieces);
  }

 private:
  // Zeros at the end, of which whole microseconds have three, are cut, and counted (less one) in the lowest three bits.
  static std::int64_t Nanos(std::uint64_t nanos) {
    std::uint64_t zeros = 0;
    while (nanos > 0 && nanos % 10 == 0 && zeros < 8) nanos /= 10, ++zeros;
    return static_cast<std::int64_t>((nanos << 3) | (zeros == 0 ? 0 : zeros - 1));
  }

  NumberRunsOut seconds_{NumberRunsOut::Sign::kSigned}, nanos_{NumberRunsOut::Sign::kUnsigned};
};

template <class T>
class DecimalsOut final : public ColumnOut {
 public:
  DecimalsOut(std::uint32_t number, std::int64_t scale) : ColumnOut(number), scale_(scale) {}
  std::uint64_t bytes() const override { return data_.size(); }

 protected:
  void Stored(Vector&, const UnifiedVectorFormat& format, idx_t, const OrcRows& rows) override {
    const T* data = UnifiedVectorFormat::GetData<T>(format);
    for (idx_t row : rows) {
      PutUnscaled(duckdb::hugeint_t(data[format.sel->get_index(row)]));
      scales_.Put(scale_);
    }
  }
  void TakeStored(std::vector<FileOut::Piece>* pieces) override {
    TakeBytes(StreamKind::kData, data_, pieces);
    TakeRuns(StreamKind::kSecondary, scales_, pieces);
  }

 private:
  // Zigzag, seven bits a byte, of 128 bits.
  void PutUnscaled(duckdb::hugeint_t value) {
    const std::uint64_t sign = value.upper < 0 ? ~0ull : 0;
    auto upper = ((static_cast<std::uint64_t>(value.upper) << 1) | (value.lower >> 63)) ^ sign;
    auto lower = (value.lower << 1) ^ sign;
    while (upper > 0 || lower > 0x7f) {
      data_ += static_cast<char>((lower & 0x7f) | 0x80);
      lower = (lower >> 7) | (upper << 57);
      upper >>= 7;
    }
    data_ += static_cast<char>(lower);
  }

  const std::int64_t scale_;
  std::string data_;
  NumberRunsOut scales_{NumberRunsOut::Sign::kSigned};
};

// OrcColumnsOut in other columns.
using OrcColumnsOut = std::vector<std::unique_ptr<OrcColumnOut>>;

class NestedOut : public ColumnOut {
 public:
  NestedOut(std::uint32_t number, OrcColumnsOut parts) : ColumnOut(number), parts_(std::move(parts)) {}
  std::uint64_t bytes() const override {
    std::uint64_t all = 0;
    for (const auto& part : parts_) all += part->bytes();
    return all;
  }
  void Count(std::vector<FileOut::Counts>* counts) const final {
    ColumnOut::Count(counts);
    for (const auto& part : parts_) part->Count(counts);
  }

 protected:
  void TakeStored(std::vector<FileOut::Piece>* pieces) override {
    for (const auto& part : parts_) part->Take(pieces);
  }
  const OrcColumnsOut& parts() const { return parts_; }

 private:
  OrcColumnsOut parts_;
};

class StructsOut final : public NestedOut {
 public:
  using NestedOut::NestedOut;

 protected:
  void Stored(Vector& vector, const UnifiedVectorFormat&, idx_t size, const OrcRows& rows) override {
    vector.Flatten(size);
    auto& entries = duckdb::StructVector::GetEntries(vector);
    for (std::size_t i = 0; i < parts().size(); ++i) parts()[i]->Put(*entries[i], size, rows);
  }
};

// Lists of one column, maps of two.
class ListsOut final : public NestedOut {
 public:
  using NestedOut::NestedOut;
  std::uint64_t bytes() const override { return lengths_.bytes() + NestedOut::bytes(); }

 protected:
  void Stored(Vector& vector, const UnifiedVectorFormat& format, idx_t, const OrcRows& rows) override {
    const auto* entries = UnifiedVectorFormat::GetData<duckdb::list_entry_t>(format);
    OrcRows elements;
    for (idx_t row : rows) {
      const duckdb::list_entry_t& entry = entries[format.sel->get_index(row)];
      lengths_.Put(static_cast<std::int64_t>(entry.length));
      for (idx_t i = 0; i < entry.length; ++i) elements.push_back(entry.offset + i);
    }
    const idx_t size = duckdb::ListVector::GetListSize(vector);
    if (parts().size() == 1) return parts()[0]->Put(duckdb::ListVector::GetEntry(vector), size, elements);
    duckdb::ListVector::GetEntry(vector).Flatten(size);
    parts()[0]->Put(duckdb::MapVector::GetKeys(vector), size, elements);
    parts()[1]->Put(duckdb::MapVector::GetValues(vector), size, elements);
  }
  void TakeStored(std::vector<FileOut::Piece>* pieces) override {
    TakeRuns(StreamKind::kLength, lengths_, pieces);
    NestedOut::TakeStored(pieces);
  }

 private:
  NumberRunsOut lengths_{NumberRunsOut::Sign::kUnsigned};
};

template <class T>
std::unique_ptr<OrcColumnOut> MakeOrcOut(std::uint32_t number) {
  return std::make_unique<T>(number);
}

std::unique_ptr<OrcColumnOut> MakeDecimalOut(const LogicalType& type, std::uint32_t number, orc::Type* described) {
  const std::uint8_t scale = duckdb::DecimalType::GetScale(type);
  *described = {.kind = Kind::kDecimal, .precision = duckdb::DecimalType::GetWidth(type), .scale = scale};
  switch (type.InternalType()) {
    case duckdb::PhysicalType::INT16: return std::make_unique<DecimalsOut<std::int16_t>>(number, scale);
    case duckdb::PhysicalType::INT32: return std::make_unique<DecimalsOut<std::int32_t>>(number, scale);
    case duckdb::PhysicalType::INT64: return std::make_unique<DecimalsOut<std::int64_t>>(number, scale);
    default: return std::make_unique<DecimalsOut<duckdb::hugeint_t>>(number, scale);
  }
}

// Of a type that holds others; its children's names are of structs alone.
std::unique_ptr<OrcColumnOut> MakeNestedOut(Kind kind, const duckdb::child_list_t<LogicalType>& children,
                                            std::vector<orc::Type>* types) {
  const std::size_t number = types->size() - 1;
  (*types)[number].kind = kind;
  OrcColumnsOut parts;
  for (const auto& [name, child] : children) {
    (*types)[number].children.push_back(static_cast<std::uint32_t>(types->size()));
    if (kind == Kind::kStruct) (*types)[number].names.push_back(name);
    parts.push_back(MakeOrcColumnOut(child, types));
  }
  if (kind == Kind::kStruct) return std::make_unique<StructsOut>(static_cast<std::uint32_t>(number), std::move(parts));
  return std::make_unique<ListsOut>(static_cast<std::uint32_t>(number), std::move(parts));
}

}  // namespace

std::unique_ptr<OrcColumnOut> MakeOrcColumnOut(const LogicalType& type, std::vector<orc::Type>* types) {
  const auto number = static_cast<std::uint32_t>(types->size());
  Kind& kind = types->emplace_back().kind;
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN: kind = Kind::kBoolean; return MakeOrcOut<TruthsOut>(number);
    case LogicalTypeId::TINYINT: kind = Kind::kByte; return MakeOrcOut<BytesOut>(number);
    case LogicalTypeId::SMALLINT: kind = Kind::kShort; return MakeOrcOut<NumbersOut<std::int16_t>>(number);
    case LogicalTypeId::INTEGER: kind = Kind::kInt; return MakeOrcOut<NumbersOut<std::int32_t>>(number);
    case LogicalTypeId::BIGINT: kind = Kind::kLong; return MakeOrcOut<NumbersOut<std::int64_t>>(number);
    case LogicalTypeId::FLOAT: kind = Kind::kFloat; return MakeOrcOut<FloatsOut<float>>(number);
    case LogicalTypeId::DOUBLE: kind = Kind::kDouble; return MakeOrcOut<FloatsOut<double>>(number);
    case LogicalTypeId::VARCHAR: kind = Kind::kString; return MakeOrcOut<TextsOut>(number);
    case LogicalTypeId::BLOB: kind = Kind::kBinary; return MakeOrcOut<TextsOut>(number);
    case LogicalTypeId::DATE: kind = Kind::kDate; return MakeOrcOut<NumbersOut<std::int32_t>>(number);
    case LogicalTypeId::TIMESTAMP: kind = Kind::kTimestamp; return MakeOrcOut<TimestampsOut>(number);
    case LogicalTypeId::DECIMAL: return MakeDecimalOut(type, number, &types->back());
    case LogicalTypeId::STRUCT: return MakeNestedOut(Kind::kStruct, duckdb::StructType::GetChildTypes(type), types);
    case LogicalTypeId::LIST: return MakeNestedOut(Kind::kList, {{"item", duckdb::ListType::GetChildType(type)}}, types);
    case LogicalTypeId::MAP:
      return MakeNestedOut(Kind::kMap, {{"key", duckdb::MapType::KeyType(type)}, {"value", duckdb::MapType::ValueType(type)}},
                           types);
    default: throw duckdb::InvalidInputException("NOT_SUPPORTED: type %s cannot be written as ORC", type.ToString());
  }
}

}  // namespace hanse::engine
