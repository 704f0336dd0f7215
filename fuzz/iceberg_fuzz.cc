// The files of an Iceberg table that somebody else wrote: its metadata file, a manifest list, a manifest. What does not parse is
// refused with an error of ours; anything else that is thrown ends the program.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "duckdb.hpp"
#include "engine/iceberg_condition.h"
#include "engine/iceberg_manifest.h"
#include "engine/iceberg_metadata.h"
#include "engine/iceberg_value.h"

namespace {

using namespace hanse::engine;

class Reader {
 public:
  Reader() : database_(nullptr), connection_(database_) {
    path_ = std::filesystem::temp_directory_path() / ("iceberg_fuzz." + std::to_string(getpid()));
  }
  ~Reader() { std::filesystem::remove(path_); }

  void Manifests(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
    try {
      for (const IcebergManifest& manifest : ReadIcebergManifestList(*connection_.context, path_, "list")) Ask(manifest);
    } catch (const duckdb::InvalidInputException&) {
    } catch (const duckdb::NotImplementedException&) {
    }
    for (const bool deletes : {false, true}) {
      IcebergManifest manifest;
      manifest.place = "manifest";
      manifest.deletes = deletes;
      try {
        ReadIcebergManifest(*connection_.context, path_, manifest, {{1, 2, 3}, deletes},
                            [&](const IcebergFile& file) { Ask(file); });
      } catch (const duckdb::InvalidInputException&) {
      } catch (const duckdb::NotImplementedException&) {
      }
    }
  }

  void Metadata(const std::string& bytes) {
    if (auto parsed = ParseIcebergMetadata(bytes)) table_ = *std::move(parsed);
  }

 private:
  template <class Part>
  void Ask(const Part& part) const {
    for (const duckdb::Value& value :
         {duckdb::Value::BIGINT(7), duckdb::Value("x"), duckdb::Value::TIMESTAMP(duckdb::timestamp_t(0))}) {
      for (std::int32_t field : {1, 2, 3})
        (void)MayHold({duckdb::ExpressionType::COMPARE_LESSTHAN, field, value, {}}, part, table_);
    }
  }

  duckdb::DuckDB database_;
  duckdb::Connection connection_;
  std::filesystem::path path_;
  IcebergMetadata table_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Reader reader;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  reader.Metadata(bytes);
  if (bytes.starts_with("Obj")) reader.Manifests(bytes);
  return 0;
}
