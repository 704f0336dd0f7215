#include <array>

#include "duckdb/common/file_system.hpp"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/function/function_binder.hpp"
#include "duckdb/planner/expression/bound_constant_expression.hpp"
#include "duckdb/planner/expression/bound_reference_expression.hpp"
#include "engine/orc_column.h"

namespace hanse::engine {

using duckdb::idx_t;
using duckdb::LogicalType;

OrcInput::OrcInput(duckdb::ClientContext& context, const std::string& path, std::string table)
    : file_(duckdb::FileSystem::GetFileSystem(context).OpenFile(path, duckdb::FileFlags::FILE_FLAGS_READ)),
      table_(std::move(table)) {}

std::uint64_t OrcInput::bytes() const { return static_cast<std::uint64_t>(file_->GetFileSize()); }

Result<void> OrcInput::Read(std::uint64_t offset, std::size_t size, char* into) {
  if (size == 0) return {};
  try {
    file_->Read(into, size, offset);
  } catch (...) {
    failed_ = std::current_exception();
    return Fail(ErrorCode::kUnavailable, "an object cannot be read");
  }
  return {};
}

void OrcInput::Broken() {
  if (failed_) std::rethrow_exception(std::exchange(failed_, nullptr));
  throw duckdb::InvalidInputException("HIVE_BAD_DATA: an ORC file of table '%s' cannot be read", table_);
}

void OrcInput::Refuse(const Error& error) {
  if (error.code == ErrorCode::kUnsupported) throw duckdb::NotImplementedException("NOT_SUPPORTED: %s", error.message);
  Broken();
}

namespace {

constexpr std::array<std::string_view, 12> kNamesOfUtc = {"",    "UTC",  "GMT",       "Etc/UTC", "Etc/GMT",  "Z",
                                                          "UCT", "Zulu", "Universal", "Etc/UCT", "Etc/Zulu", "Etc/Universal"};

class UtcZone final : public OrcZone {
 public:
  std::int64_t begin_of_2015() const override { return orc::kBeginOf2015; }
  void ToWall(duckdb::Vector&, idx_t) override {}
};

// By the engine's own time zones: none is read of a file.
class NamedZone final : public OrcZone {
 public:
  NamedZone(duckdb::ClientContext& context, const std::string& name) : executor_(context) {
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>> arguments;
    arguments.push_back(duckdb::make_uniq<duckdb::BoundConstantExpression>(duckdb::Value(name)));
    arguments.push_back(duckdb::make_uniq<duckdb::BoundReferenceExpression>(LogicalType::TIMESTAMP_TZ, 0));
    duckdb::ErrorData error;
    clock_ = duckdb::FunctionBinder(context).BindScalarFunction(DEFAULT_SCHEMA, "timezone", std::move(arguments), error);
    if (!clock_) error.Throw();
    executor_.AddExpression(*clock_);
    begin_ = orc::kBeginOf2015;
    for (int i = 0; i < 2; ++i)
      begin_ -= WallOf(begin_) - orc::kBeginOf2015;  // Once more: its offset there is the one that counts.
  }
  std::int64_t begin_of_2015() const override { return begin_; }
  void ToWall(duckdb::Vector& timestamps, idx_t count) override {
    for (idx_t at = 0; at < count; at += STANDARD_VECTOR_SIZE) {
      const idx_t rows = std::min<idx_t>(STANDARD_VECTOR_SIZE, count - at);
      duckdb::Vector part(timestamps, at, at + rows), wall(LogicalType::TIMESTAMP);
      duckdb::DataChunk moments;
      moments.InitializeEmpty({LogicalType::TIMESTAMP_TZ});
      moments.data[0].Reinterpret(part);
      moments.SetCardinality(rows);
      executor_.ExecuteExpression(moments, wall);
      wall.Flatten(rows);
      auto* data = duckdb::FlatVector::GetData<duckdb::timestamp_t>(timestamps);
      const auto* shown = duckdb::FlatVector::GetData<duckdb::timestamp_t>(wall);
      for (idx_t row = 0; row < rows; ++row) {
        if (duckdb::FlatVector::Validity(timestamps).RowIsValid(at + row)) data[at + row] = shown[row];
      }
    }
  }

 private:
  std::int64_t WallOf(std::int64_t seconds) {
    duckdb::Vector one(LogicalType::TIMESTAMP);
    duckdb::FlatVector::GetData<duckdb::timestamp_t>(one)[0] = duckdb::timestamp_t(seconds * 1'000'000);
    ToWall(one, 1);
    return duckdb::FlatVector::GetData<duckdb::timestamp_t>(one)[0].value / 1'000'000;
  }

  duckdb::ExpressionExecutor executor_;
  duckdb::unique_ptr<duckdb::Expression> clock_;
  std::int64_t begin_ = 0;
};

}  // namespace

std::unique_ptr<OrcZone> MakeOrcZone(duckdb::ClientContext& context, const std::string& name) {
  for (std::string_view known : kNamesOfUtc) {
    if (name == known) return std::make_unique<UtcZone>();
  }
  try {
    return std::make_unique<NamedZone>(context, name);
  } catch (const duckdb::InterruptException&) {
    throw;
  } catch (const std::exception&) {
    throw duckdb::NotImplementedException("NOT_SUPPORTED: an ORC file was written in a time zone that is not known");
  }
}

}  // namespace hanse::engine
