#include "duckdb/common/types/hugeint.hpp"
#include "engine/orc_streams.h"

namespace hanse::engine {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::ValidityMask;
using duckdb::Vector;
using orc::Kind;
using orc::NumberRuns;
using orc::StreamKind;

namespace {

template <class T>
class NumberColumn final : public StoredColumn {
 public:
  explicit NumberColumn(const OrcStreams& streams)
      : StoredColumn(streams), numbers_(streams, StreamKind::kData, NumberRuns::Sign::kSigned) {}

 protected:
  void Stored(idx_t rows, idx_t stored, const ValidityMask& valid, Vector& out) override {
    const auto& values = numbers_.Next(stored);
    T* data = FlatVector::GetData<T>(out);
    ForStored(rows, valid, [&](idx_t row, idx_t i) { data[row] = static_cast<T>(values[i]); });
  }

 private:
  OrcNumbers numbers_;
};

class DateColumn final : public StoredColumn {
 public:
  explicit DateColumn(const OrcStreams& streams)
      : StoredColumn(streams), days_(streams, StreamKind::kData, NumberRuns::Sign::kSigned) {}

 protected:
  void Stored(idx_t rows, idx_t stored, const ValidityMask& valid, Vector& out) override {
    const auto& days = days_.Next(stored);
    auto* data = FlatVector::GetData<duckdb::date_t>(out);
    ForStored(rows, valid, [&](idx_t row, idx_t i) {
      constexpr std::int64_t kFirst = -719162, kLast = 2932896;  // 0001-01-01, 9999-12-31
      if (days[i] < kFirst || days[i] > kLast) {
        FlatVector::SetNull(out, row, true);
      } else {
        data[row] = duckdb::date_t(static_cast<std::int32_t>(days[i]));
      }
    });
  }

 private:
  OrcNumbers days_;
};

class TruthColumn final : public StoredColumn {
 public:
  explicit TruthColumn(const OrcStreams& streams)
      : StoredColumn(streams), bytes_(streams.Open(StreamKind::kData)), truths_(*bytes_) {}

 protected:
  void Stored(idx_t rows, idx_t, const ValidityMask& valid, Vector& out) override {
    bool* data = FlatVector::GetData<bool>(out);
    ForStored(rows, valid, [&](idx_t row, idx_t) {
      if (!truths_.Next(&data[row])) input().Broken();
    });
  }

 private:
  std::unique_ptr<orc::Bytes> bytes_;
  orc::TruthRuns truths_;
};

class ByteColumn final : public StoredColumn {
 public:
  explicit ByteColumn(const OrcStreams& streams)
      : StoredColumn(streams), bytes_(streams.Open(StreamKind::kData)), values_(*bytes_) {}

 protected:
  void Stored(idx_t rows, idx_t, const ValidityMask& valid, Vector& out) override {
    auto* data = FlatVector::GetData<std::int8_t>(out);
    ForStored(rows, valid, [&](idx_t row, idx_t) {
      std::uint8_t value = 0;
      if (!values_.Next(&value)) input().Broken();
      data[row] = static_cast<std::int8_t>(value);
    });
  }

 private:
  std::unique_ptr<orc::Bytes> bytes_;
  orc::ByteRuns values_;
};

// IEEE 754, little end first.
template <class T>
class FloatColumn final : public StoredColumn {
 public:
  explicit FloatColumn(const OrcStreams& streams) : StoredColumn(streams), bytes_(streams.Open(StreamKind::kData)) {}

 protected:
  void Stored(idx_t rows, idx_t stored, const ValidityMask& valid, Vector& out) override {
    T* data = FlatVector::GetData<T>(out);
    if (stored == rows) {
      if (!bytes_->Next(reinterpret_cast<char*>(data), rows * sizeof(T))) input().Broken();
      return;
    }
    ForStored(rows, valid, [&](idx_t row, idx_t) {
      if (!bytes_->Next(reinterpret_cast<char*>(data + row), sizeof(T))) input().Broken();
    });
  }

 private:
  std::unique_ptr<orc::Bytes> bytes_;
};

class TimestampColumn final : public StoredColumn {
 public:
  // `zone`: nothing where the moments are of UTC and shown so.
  TimestampColumn(const OrcStreams& streams, OrcZone* zone)
      : StoredColumn(streams),
        seconds_(streams, StreamKind::kData, NumberRuns::Sign::kSigned),
        nanos_(streams, StreamKind::kSecondary, NumberRuns::Sign::kUnsigned),
        zone_(zone) {}

 protected:
  void Stored(idx_t rows, idx_t stored, const ValidityMask& valid, Vector& out) override {
    const auto& seconds = seconds_.Next(stored);
    const auto& nanos = nanos_.Next(stored);
    const std::int64_t begin = zone_ ? zone_->begin_of_2015() : orc::kBeginOf2015;
    auto* data = FlatVector::GetData<duckdb::timestamp_t>(out);
    ForStored(rows, valid, [&](idx_t row, idx_t i) {
      constexpr std::int64_t kFirst = -62135596800, kEnd = 253402300800;  // The years 1 to 9999.
      const std::int64_t nano = Nanos(static_cast<std::uint64_t>(nanos[i]));
      if (seconds[i] < kFirst - kDaySeconds - orc::kBeginOf2015 || seconds[i] > kEnd + kDaySeconds - orc::kBeginOf2015) {
        FlatVector::SetNull(out, row, true);
        return;
      }
      std::int64_t second = seconds[i] + begin;
      if (second < 0 && nano > 999'999) --second;  // Writers round the seconds of moments before 1970 up.
      if (second < kFirst || second >= kEnd) {
        FlatVector::SetNull(out, row, true);
      } else {
        data[row] = duckdb::timestamp_t(second * 1'000'000 + nano / 1000);
      }
    });
    if (zone_) zone_->ToWall(out, rows);
  }

 private:
  static constexpr std::int64_t kDaySeconds = 86400;

  // The lowest three bits say how many zeros, less one, were cut from the end; none where they are 0.
  std::int64_t Nanos(std::uint64_t stored) const {
    std::uint64_t value = stored >> 3;
    if (value > 999'999'999) input().Broken();
    if ((stored & 7) != 0) {
      for (std::uint64_t i = 0; i <= (stored & 7); ++i) value *= 10;
    }
    if (value > 999'999'999) input().Broken();
    return static_cast<std::int64_t>(value);
  }

  OrcNumbers seconds_, nanos_;
  OrcZone* zone_;
};

// T: what the engine keeps decimals of this width in.
template <class T>
class DecimalColumn final : public StoredColumn {
 public:
  DecimalColumn(const OrcStreams& streams, const LogicalType& type)
      : StoredColumn(streams),
        bytes_(streams.Open(StreamKind::kData)),
        scales_(streams, StreamKind::kSecondary, NumberRuns::Sign::kSigned),
        limit_(duckdb::Hugeint::POWERS_OF_TEN[duckdb::DecimalType::GetWidth(type)]),
        scale_(duckdb::DecimalType::GetScale(type)) {}

 protected:
  void Stored(idx_t rows, idx_t stored, const ValidityMask& valid, Vector& out) override {
    const auto& scales = scales_.Next(stored);
    T* data = FlatVector::GetData<T>(out);
    ForStored(rows, valid, [&](idx_t row, idx_t i) {
      duckdb::hugeint_t value = Unscaled();
      if (!Rescale(scales[i], &value) || value >= limit_ || value <= -limit_) {
        FlatVector::SetNull(out, row, true);
      } else {
        data[row] = duckdb::Hugeint::Cast<T>(value);
      }
    });
  }

 private:
  // Zigzag, seven bits a byte, of 128 bits.
  duckdb::hugeint_t Unscaled() {
    std::uint64_t lower = 0, upper = 0;
    for (unsigned shift = 0;; shift += 7) {
      std::uint8_t byte = 0;
      if (shift >= 128 || !bytes_->Next(&byte)) input().Broken();
      const std::uint64_t bits = byte & 0x7f;
      if (shift < 64) lower |= bits << shift;
      if (shift > 57) upper |= shift < 64 ? bits >> (64 - shift) : bits << (shift - 64);
      if (!(byte & 0x80)) break;
    }
    const std::uint64_t sign = 0 - (lower & 1);
    lower = ((lower >> 1) | (upper << 63)) ^ sign;
    upper = (upper >> 1) ^ sign;
    return duckdb::hugeint_t(static_cast<std::int64_t>(upper), lower);
  }

  // Each value has a scale of its own.
  bool Rescale(std::int64_t stored, duckdb::hugeint_t* value) const {
    if (stored == scale_) return true;
    if (stored < 0 || stored > 38) return false;
    if (stored > scale_) {
      *value = *value / duckdb::Hugeint::POWERS_OF_TEN[stored - scale_];
      return true;
    }
    return duckdb::Hugeint::TryMultiply(*value, duckdb::Hugeint::POWERS_OF_TEN[scale_ - stored], *value);
  }

  std::unique_ptr<orc::Bytes> bytes_;
  OrcNumbers scales_;
  duckdb::hugeint_t limit_;
  std::int64_t scale_;
};

std::unique_ptr<OrcColumn> MakeDecimal(const OrcStreams& streams, const LogicalType& type) {
  switch (type.InternalType()) {
    case duckdb::PhysicalType::INT16: return std::make_unique<DecimalColumn<std::int16_t>>(streams, type);
    case duckdb::PhysicalType::INT32: return std::make_unique<DecimalColumn<std::int32_t>>(streams, type);
    case duckdb::PhysicalType::INT64: return std::make_unique<DecimalColumn<std::int64_t>>(streams, type);
    default: return std::make_unique<DecimalColumn<duckdb::hugeint_t>>(streams, type);
  }
}

}  // namespace

LogicalType StoredOrcType(const orc::Type& type, const LogicalType& wanted) {
  switch (type.kind) {
    case Kind::kBoolean: return LogicalType::BOOLEAN;
    case Kind::kByte: return LogicalType::TINYINT;
    case Kind::kShort: return LogicalType::SMALLINT;
    case Kind::kInt: return LogicalType::INTEGER;
    case Kind::kLong: return LogicalType::BIGINT;
    case Kind::kFloat: return LogicalType::FLOAT;
    case Kind::kDouble: return LogicalType::DOUBLE;
    case Kind::kBinary: return LogicalType::BLOB;
    case Kind::kTimestamp:
    case Kind::kInstant: return LogicalType::TIMESTAMP;
    case Kind::kDate: return LogicalType::DATE;
    case Kind::kDecimal:
      if (type.precision < 1 || type.precision > 38 || type.scale > type.precision) return LogicalType::DECIMAL(38, 18);
      return LogicalType::DECIMAL(static_cast<std::uint8_t>(type.precision), static_cast<std::uint8_t>(type.scale));
    default: return wanted.id() == duckdb::LogicalTypeId::BLOB ? LogicalType::BLOB : LogicalType::VARCHAR;
  }
}

std::unique_ptr<OrcColumn> MakeOrcScalar(const OrcStripe& stripe, const OrcStreams& streams, Kind kind, const LogicalType& type) {
  switch (kind) {
    case Kind::kBoolean: return std::make_unique<TruthColumn>(streams);
    case Kind::kByte: return std::make_unique<ByteColumn>(streams);
    case Kind::kShort: return std::make_unique<NumberColumn<std::int16_t>>(streams);
    case Kind::kInt: return std::make_unique<NumberColumn<std::int32_t>>(streams);
    case Kind::kLong: return std::make_unique<NumberColumn<std::int64_t>>(streams);
    case Kind::kFloat: return std::make_unique<FloatColumn<float>>(streams);
    case Kind::kDouble: return std::make_unique<FloatColumn<double>>(streams);
    case Kind::kDate: return std::make_unique<DateColumn>(streams);
    case Kind::kTimestamp:
      if (!stripe.zone) stripe.zone = MakeOrcZone(stripe.context, stripe.footer.timezone);
      return std::make_unique<TimestampColumn>(streams, stripe.zone.get());
    case Kind::kInstant: return std::make_unique<TimestampColumn>(streams, nullptr);
    case Kind::kDecimal: return MakeDecimal(streams, type);
    default: return MakeOrcText(streams, type);
  }
}

}  // namespace hanse::engine
