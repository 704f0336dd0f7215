#include "engine/avro_file.h"

#include <algorithm>
#include <cerrno>

#include "duckdb/common/file_system.hpp"

namespace hanse::engine {

namespace {

namespace json = boost::json;

constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr std::size_t kHeaderBytesMax = 4 << 20;
constexpr std::size_t kHeaderBytesGuess = 16 * 1024;
constexpr int kSchemaDepthMax = 64;

// The beginning of a file: its magic and its metadata, by hand, because avro-c shows neither the schema's text nor the codec.
class Header {
 public:
  explicit Header(std::string_view bytes) : rest_(bytes) {}

  // False where the bytes end before the header does, or are none.
  bool Read(std::map<std::string, std::string, std::less<>>* metadata) {
    if (!rest_.starts_with("Obj\x01")) return false;
    rest_.remove_prefix(4);
    while (true) {
      std::int64_t entries = 0, block_bytes = 0;
      if (!Long(&entries)) return false;
      if (entries == 0) return true;
      if (entries < 0 && !Long(&block_bytes)) return false;
      for (std::uint64_t left = Magnitude(entries); left > 0; --left) {
        std::string key, value;
        if (!Bytes(&key) || !Bytes(&value)) return false;
        (*metadata)[key] = std::move(value);
      }
    }
  }

 private:
  static std::uint64_t Magnitude(std::int64_t value) {
    return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  }
  // Zigzag, seven bits a byte.
  bool Long(std::int64_t* value) {
    std::uint64_t bits = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      bits |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte & 0x80) continue;
      *value = static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
      return true;
    }
    return false;
  }
  bool Bytes(std::string* bytes) {
    std::int64_t size = 0;
    if (!Long(&size) || size < 0 || static_cast<std::uint64_t>(size) > rest_.size()) return false;
    *bytes = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(static_cast<std::size_t>(size));
    return true;
  }
  std::string_view rest_;
};

}  // namespace

AvroSchema::AvroSchema(std::string_view text) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kSchemaDepthMax;
  root_ = json::parse(text, error, {}, options);
  if (error) throw duckdb::InvalidInputException("HIVE_BAD_DATA: the schema of an Avro file is not valid");
  Collect(root_);
}

void AvroSchema::Collect(const json::value& type) {
  if (const json::array* branches = type.if_array()) {
    for (const json::value& branch : *branches) Collect(branch);
  }
  const json::object* object = type.if_object();
  if (!object) return;
  if (const json::value* name = object->if_contains("name"); name && name->is_string()) {
    const std::string given(name->get_string());
    named_.emplace(given, &type);
    const json::value* space = object->if_contains("namespace");
    if (space && space->is_string()) named_.emplace(std::string(space->get_string()) + "." + given, &type);
  }
  for (const char* key : {"type", "items", "values"}) {
    if (const json::value* inside = object->if_contains(key)) Collect(*inside);
  }
  const json::value* fields = object->if_contains("fields");
  if (!fields || !fields->is_array()) return;
  for (const json::value& field : fields->get_array()) {
    const json::object* described = field.if_object();
    if (const json::value* inside = described ? described->if_contains("type") : nullptr) Collect(*inside);
  }
}

const json::value& AvroSchema::Definition(const json::value& type) const {
  const json::value* at = &type;
  for (int depth = 0; depth < kSchemaDepthMax; ++depth) {
    if (const json::string* name = at->if_string()) {
      auto found = named_.find(std::string_view(*name));
      if (found == named_.end()) return *at;
      return *found->second;
    }
    // {"type": {"type": "record", …}} is what is inside.
    const json::object* object = at->if_object();
    const json::value* inside = object ? object->if_contains("type") : nullptr;
    if (!inside || inside->is_string()) return *at;
    at = inside;
  }
  return *at;
}

ssize_t AvroFile::ReadBytes(void* self, char* buffer, std::size_t size) {
  auto& file = *static_cast<AvroFile*>(self);
  try {
    return static_cast<ssize_t>(file.file_->Read(buffer, size));
  } catch (...) {
    file.failed_ = std::current_exception();
    errno = EIO;
    return -1;
  }
}

void AvroFile::Broken() {
  if (failed_) std::rethrow_exception(std::exchange(failed_, nullptr));
  throw duckdb::InvalidInputException("HIVE_BAD_DATA: an Avro file cannot be read");
}

void AvroFile::ReadHeader() {
  const auto size = static_cast<std::size_t>(file_->GetFileSize());
  std::map<std::string, std::string, std::less<>> metadata;
  for (std::size_t wanted = kHeaderBytesGuess;; wanted = kHeaderBytesMax) {
    std::string bytes(std::min(wanted, size), '\0');
    file_->Read(bytes.data(), bytes.size(), 0);
    if (Header(bytes).Read(&metadata)) break;
    if (bytes.size() == size || wanted == kHeaderBytesMax) Broken();
  }
  const std::string& codec = metadata["avro.codec"];
  if (!codec.empty() && codec != "null" && codec != "deflate" && codec != "snappy") {
    throw duckdb::NotImplementedException("NOT_SUPPORTED: Avro files of a codec other than null, deflate and snappy");
  }
  schema_ = std::make_unique<AvroSchema>(metadata["avro.schema"]);
}

AvroFile::AvroFile(duckdb::ClientContext& context, const std::string& path)
    : file_(duckdb::FileSystem::GetFileSystem(context).OpenFile(path, duckdb::FileFlags::FILE_FLAGS_READ)) {
  ReadHeader();
  cookie_io_functions_t calls{};
  calls.read = ReadBytes;
  file_->Seek(0);
  avro_.stream = fopencookie(this, "r", calls);
  if (!avro_.stream) Broken();
  setvbuf(avro_.stream, nullptr, _IOFBF, kBufferBytes);
  if (avro_file_reader_fp(avro_.stream, "", 0, &avro_.reader) != 0) {
    avro_.reader = nullptr;
    Broken();
  }
  avro_schema_t schema = avro_file_reader_get_writer_schema(avro_.reader);
  avro_.layout = avro_generic_class_from_schema(schema);
  avro_schema_decref(schema);
  if (!avro_.layout || avro_generic_value_new(avro_.layout, &avro_.record) != 0) Broken();
}

AvroFile::Handles::~Handles() {
  if (record.iface) avro_value_decref(&record);
  if (layout) avro_value_iface_decref(layout);
  if (reader) avro_file_reader_close(reader);
  if (stream) std::fclose(stream);
}

avro_value_t* AvroFile::Next() {
  avro_value_reset(&avro_.record);
  int status = avro_file_reader_read_value(avro_.reader, &avro_.record);
  if (failed_) Broken();
  if (status == EOF) return nullptr;
  if (status != 0) Broken();
  return &avro_.record;
}

}  // namespace hanse::engine
