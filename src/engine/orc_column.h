#pragma once
#include <exception>
#include <memory>
#include <string>

#include "duckdb.hpp"
#include "orc/file.h"

namespace hanse::engine {

// An object of a query as an ORC file: what the engine's file system throws waits here, because orc/ knows no exceptions. One
// thread.
class OrcInput final : public orc::Input {
 public:
  // `table`: for messages.
  OrcInput(duckdb::ClientContext& context, const std::string& path, std::string table);
  std::uint64_t bytes() const override;
  Result<void> Read(std::uint64_t offset, std::size_t size, char* into) override;
  // Throws why something could not be read: what the file system threw, else that the file is broken. Tells no value.
  [[noreturn]] void Broken();
  [[noreturn]] void Refuse(const Error& error);
  const std::string& table() const { return table_; }

 private:
  duckdb::unique_ptr<duckdb::FileHandle> file_;
  std::string table_;
  std::exception_ptr failed_;
};

// Clocks of who wrote a stripe: timestamps are stored as seconds since the beginning of 2015 there, and show what its clock showed.
class OrcZone {
 public:
  virtual ~OrcZone() = default;
  virtual std::int64_t begin_of_2015() const = 0;  // In seconds of UTC.
  // Moments of UTC to what the clock showed.
  virtual void ToWall(duckdb::Vector& timestamps, duckdb::idx_t count) = 0;
};
// NOT_SUPPORTED is thrown where the engine does not know the zone.
std::unique_ptr<OrcZone> MakeOrcZone(duckdb::ClientContext& context, const std::string& name);

// One stripe of a file, which outlives its columns, as `zone` does.
struct OrcStripe {
  duckdb::ClientContext& context;
  OrcInput& input;
  const orc::Tail& tail;
  const orc::StripeFooter& footer;
  std::unique_ptr<OrcZone>& zone;  // Made where a timestamp is read.
};

// The values of one column of a stripe, front to back. One thread. Throws where the file is broken.
class OrcColumn {
 public:
  virtual ~OrcColumn() = default;
  // The next `rows` values into `out`, which is flat and of the type that was wanted. For rows that `there` leaves out (nothing:
  // none) the file has no value: they are NULL.
  virtual void Read(duckdb::idx_t rows, const duckdb::ValidityMask* there, duckdb::Vector& out) = 0;
};

// Column `number` as `wanted`: fields of structs by name without case, a field that is not there is NULL. HIVE_BAD_DATA is thrown
// where a stored type cannot be read as the wanted one; `name` is told then.
std::unique_ptr<OrcColumn> MakeOrcColumn(const OrcStripe& stripe, std::uint32_t number, const duckdb::LogicalType& wanted,
                                         const std::string& name);

}  // namespace hanse::engine
