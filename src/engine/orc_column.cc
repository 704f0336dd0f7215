#include <algorithm>
#include <vector>

#include "base/text.h"
#include "duckdb/common/vector_operations/vector_operations.hpp"
#include "engine/hive_types.h"
#include "engine/orc_streams.h"

namespace hanse::engine {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::ValidityMask;
using duckdb::Vector;
using orc::Kind;
using orc::NumberRuns;
using orc::StreamKind;

namespace {

class StructColumn final : public StoredColumn {
 public:
  // Nothing among `fields`: the file has no such field.
  StructColumn(const OrcStreams& streams, std::vector<std::unique_ptr<OrcColumn>> fields)
      : StoredColumn(streams), fields_(std::move(fields)) {}

 protected:
  void Stored(idx_t rows, idx_t, const ValidityMask& valid, Vector& out) override {
    auto& entries = duckdb::StructVector::GetEntries(out);
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i]) {
        fields_[i]->Read(rows, valid.AllValid() ? nullptr : &valid, *entries[i]);
      } else {
        entries[i]->SetVectorType(duckdb::VectorType::FLAT_VECTOR);
        FlatVector::Validity(*entries[i]).SetAllInvalid(rows);
      }
    }
  }

 private:
  std::vector<std::unique_ptr<OrcColumn>> fields_;
};

// Lists; and maps, which are lists of keys with values.
class ListColumn final : public StoredColumn {
 public:
  ListColumn(const OrcStreams& streams, std::unique_ptr<OrcColumn> elements, std::unique_ptr<OrcColumn> values)
      : StoredColumn(streams),
        lengths_(streams, StreamKind::kLength, NumberRuns::Sign::kUnsigned),
        elements_(std::move(elements)),
        values_(std::move(values)) {}

 protected:
  void Stored(idx_t rows, idx_t stored, const ValidityMask& valid, Vector& out) override {
    const auto& lengths = lengths_.Next(stored);
    auto* entries = FlatVector::GetData<duckdb::list_entry_t>(out);
    std::fill_n(entries, rows, duckdb::list_entry_t(0, 0));
    std::int64_t total = 0;
    ForStored(rows, valid, [&](idx_t row, idx_t i) {
      if (lengths[i] < 0 || lengths[i] > kOrcElementsMax - total) input().Broken();
      entries[row] = duckdb::list_entry_t(static_cast<idx_t>(total), static_cast<idx_t>(lengths[i]));
      total += lengths[i];
    });
    const auto count = static_cast<idx_t>(total);
    duckdb::ListVector::Reserve(out, count);
    if (values_) {
      Vector& keys = duckdb::MapVector::GetKeys(out);
      elements_->Read(count, nullptr, keys);
      values_->Read(count, nullptr, duckdb::MapVector::GetValues(out));
      RefuseNullKeys(rows, FlatVector::Validity(keys), entries, out);
    } else {
      elements_->Read(count, nullptr, duckdb::ListVector::GetEntry(out));
    }
    duckdb::ListVector::SetListSize(out, count);
  }

 private:
  // A map has none: one that does is NULL.
  static void RefuseNullKeys(idx_t rows, const ValidityMask& keys, const duckdb::list_entry_t* entries, Vector& out) {
    if (keys.AllValid()) return;
    for (idx_t row = 0; row < rows; ++row) {
      for (idx_t i = 0; i < entries[row].length; ++i) {
        if (!keys.RowIsValid(entries[row].offset + i)) FlatVector::SetNull(out, row, true);
      }
    }
  }

  OrcNumbers lengths_;
  std::unique_ptr<OrcColumn> elements_, values_;
};

// Another type than the stored one, of which every value is one.
class WiderColumn final : public OrcColumn {
 public:
  WiderColumn(std::unique_ptr<OrcColumn> stored, LogicalType type) : stored_(std::move(stored)), type_(std::move(type)) {}
  void Read(idx_t rows, const ValidityMask* there, Vector& out) override {
    Vector values(type_, std::max<idx_t>(rows, STANDARD_VECTOR_SIZE));
    stored_->Read(rows, there, values);
    std::string error;
    duckdb::VectorOperations::DefaultTryCast(values, out, rows, &error, true);
  }

 private:
  std::unique_ptr<OrcColumn> stored_;
  LogicalType type_;
};

[[noreturn]] void RefuseOrcType(const std::string& name, Kind stored, const LogicalType& wanted) {
  static constexpr const char* kNames[] = {
      "BOOLEAN", "BYTE", "SHORT",  "INT",   "LONG",    "FLOAT", "DOUBLE",  "STRING", "BINARY",           "TIMESTAMP",
      "LIST",    "MAP",  "STRUCT", "UNION", "DECIMAL", "DATE",  "VARCHAR", "CHAR",   "TIMESTAMP_INSTANT"};
  throw duckdb::InvalidInputException("HIVE_BAD_DATA: Malformed ORC file. Cannot read SQL type %s from ORC stream .%s of type %s",
                                      TrinoType(wanted), name, kNames[static_cast<std::size_t>(stored)]);
}

std::unique_ptr<OrcColumn> MakeStruct(const OrcStripe& stripe, const OrcStreams& streams, const orc::Type& type,
                                      const LogicalType& wanted, const std::string& name) {
  std::vector<std::unique_ptr<OrcColumn>> fields;
  for (const auto& [field, child] : duckdb::StructType::GetChildTypes(wanted)) {
    auto& made = fields.emplace_back();
    for (std::size_t i = 0; i < type.children.size() && !made; ++i) {
      if (EqualsIgnoreCase(type.names[i], field)) made = MakeOrcColumn(stripe, type.children[i], child, name + "." + field);
    }
  }
  return std::make_unique<StructColumn>(streams, std::move(fields));
}

}  // namespace

std::unique_ptr<OrcColumn> MakeOrcColumn(const OrcStripe& stripe, std::uint32_t number, const LogicalType& wanted,
                                         const std::string& name) {
  const orc::Type& type = stripe.tail.types[number];
  const OrcStreams streams(stripe, number);
  const LogicalTypeId as = wanted.id();
  if (type.kind == Kind::kStruct && as == LogicalTypeId::STRUCT) return MakeStruct(stripe, streams, type, wanted, name);
  if (type.kind == Kind::kList && as == LogicalTypeId::LIST) {
    auto elements = MakeOrcColumn(stripe, type.children[0], duckdb::ListType::GetChildType(wanted), name + ".item");
    return std::make_unique<ListColumn>(streams, std::move(elements), nullptr);
  }
  if (type.kind == Kind::kMap && as == LogicalTypeId::MAP) {
    auto keys = MakeOrcColumn(stripe, type.children[0], duckdb::MapType::KeyType(wanted), name + ".key");
    auto values = MakeOrcColumn(stripe, type.children[1], duckdb::MapType::ValueType(wanted), name + ".value");
    return std::make_unique<ListColumn>(streams, std::move(keys), std::move(values));
  }
  const bool nested =
      type.kind == Kind::kStruct || type.kind == Kind::kList || type.kind == Kind::kMap || type.kind == Kind::kUnion;
  const LogicalType stored = nested ? LogicalType::SQLNULL : StoredOrcType(type, wanted);
  if (nested || !ReadsAs(stored, wanted)) RefuseOrcType(name, type.kind, wanted);
  auto column = MakeOrcScalar(stripe, streams, type.kind, stored);
  if (stored == wanted) return column;
  return std::make_unique<WiderColumn>(std::move(column), stored);
}

}  // namespace hanse::engine
