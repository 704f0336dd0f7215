#pragma once
#include <avro.h>

#include <boost/json.hpp>

#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "duckdb.hpp"

namespace hanse::engine {

// The schema that a file was written with, as JSON (Avro 1.11, "Schema Declaration"): avro-c keeps no logical types. Any thread.
class AvroSchema {
 public:
  explicit AvroSchema(std::string_view text);  // Throws InvalidInputException where it is none.
  AvroSchema(const AvroSchema&) = delete;
  AvroSchema& operator=(const AvroSchema&) = delete;

  const boost::json::value& root() const { return root_; }
  // What a name stands for; anything else is itself.
  const boost::json::value& Definition(const boost::json::value& type) const;

 private:
  void Collect(const boost::json::value& type);
  boost::json::value root_;
  std::map<std::string, const boost::json::value*, std::less<>> named_;
};

// The records of one Avro object container file (Avro 1.11, "Object Container Files"), read by avro-c through the engine's file
// system: no file is opened by name. Codecs null, deflate and snappy. Its errors name no value. One thread.
class AvroFile {
 public:
  AvroFile(duckdb::ClientContext& context, const std::string& path);
  AvroFile(const AvroFile&) = delete;
  AvroFile& operator=(const AvroFile&) = delete;

  const AvroSchema& schema() const { return *schema_; }
  // The next record, which is good until the next call; nullptr at the end. Throws where the file is broken.
  avro_value_t* Next();

 private:
  static ssize_t ReadBytes(void* self, char* buffer, std::size_t size);
  void ReadHeader();
  [[noreturn]] void Broken();

  duckdb::unique_ptr<duckdb::FileHandle> file_;
  std::unique_ptr<AvroSchema> schema_;
  std::exception_ptr failed_;  // Of a read inside avro-c, which knows no exceptions.
  struct Handles {
    Handles() = default;
    ~Handles();
    Handles(const Handles&) = delete;
    Handles& operator=(const Handles&) = delete;
    std::FILE* stream = nullptr;
    avro_file_reader_t reader = nullptr;
    avro_value_iface_t* layout = nullptr;
    avro_value_t record{};
  } avro_;
};

}  // namespace hanse::engine
