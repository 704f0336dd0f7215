#include "catalog/file_schema.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include <zlib.h>

#include "base/text.h"
#include "catalog/avro_header.h"
#include "catalog/custom_schema.h"
#include "orc/file.h"

namespace hanse::catalog {
namespace {

constexpr std::size_t kTailGuessBytes = 64 * 1024;
constexpr std::size_t kOrcTypeBytesMax = 128 * 1024;
constexpr std::uint64_t kOrcRowsMax = 1ull << 48;  // More are not told of any file.

Result<std::optional<FileSchema>> ReadParquet(RandomAccessFile& file) {
  const std::uint64_t bytes = file.bytes();
  const std::size_t guess = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kTailGuessBytes));
  TRY_ASSIGN(std::string tail, file.Read(bytes - guess, guess));
  if (tail.size() < kParquetTailBytes) return std::optional<FileSchema>();
  auto footer_bytes = ParquetFooterBytes(std::string_view(tail).substr(tail.size() - kParquetTailBytes));
  if (!footer_bytes || *footer_bytes + kParquetTailBytes > bytes) return std::optional<FileSchema>();
  std::string longer;
  std::string_view footer;
  if (*footer_bytes + kParquetTailBytes <= tail.size()) {
    footer = std::string_view(tail).substr(tail.size() - kParquetTailBytes - *footer_bytes, *footer_bytes);
  } else {
    TRY_ASSIGN(longer, file.Read(bytes - kParquetTailBytes - *footer_bytes, *footer_bytes));
    footer = longer;
  }
  auto schema = ReadParquetFooter(footer);
  if (!schema) return std::optional<FileSchema>();
  FileSchema found{.classification = "parquet", .columns = std::move(schema->columns), .rows = schema->rows};
  return std::optional(std::move(found));
}

Result<std::optional<FileSchema>> ReadAvro(RandomAccessFile& file) {
  const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(file.bytes(), kAvroHeaderBytesMax));
  TRY_ASSIGN(std::string head, file.Read(0, size));
  auto columns = ReadAvroHeader(head);
  if (!columns) return std::optional<FileSchema>();
  FileSchema found{.classification = "avro", .columns = *std::move(columns)};
  return std::optional(std::move(found));
}

class OrcBytes final : public orc::Input {
 public:
  explicit OrcBytes(RandomAccessFile& file) : file_(file) {}
  std::uint64_t bytes() const override { return file_.bytes(); }
  Result<void> Read(std::uint64_t offset, std::size_t size, char* into) override {
    TRY_ASSIGN(std::string read, file_.Read(offset, size));
    if (read.size() != size) return Fail(ErrorCode::kUnavailable, "an object is shorter than it was");
    std::ranges::copy(read, into);
    return {};
  }

 private:
  RandomAccessFile& file_;
};

Result<std::optional<FileSchema>> ReadOrc(RandomAccessFile& file) {
  OrcBytes bytes(file);
  auto tail = orc::ReadTail(bytes);
  if (!tail && tail.error().code == ErrorCode::kUnavailable) return std::unexpected(std::move(tail).error());
  if (!tail || tail->types[0].children.empty()) return std::optional<FileSchema>();
  FileSchema found{.classification = "orc"};
  if (tail->rows < kOrcRowsMax) found.rows = static_cast<std::int64_t>(tail->rows);
  const orc::Type& row = tail->types[0];
  for (std::size_t i = 0; i < row.children.size(); ++i) {
    std::string type = orc::HiveTypeOf(tail->types, row.children[i]);
    if (type.size() > kOrcTypeBytesMax) return std::optional<FileSchema>();
    found.columns.push_back({Lower(row.names[i]), std::move(type)});
  }
  return std::optional(std::move(found));
}

bool IsNumber(const std::string& type) {
  static constexpr std::array<std::string_view, 6> kOrder = {"tinyint", "smallint", "int", "bigint", "float", "double"};
  return std::find(kOrder.begin(), kOrder.end(), type) != kOrder.end();
}

int Width(const std::string& type) {
  static constexpr std::array<std::string_view, 6> kOrder = {"tinyint", "smallint", "int", "bigint", "float", "double"};
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), type) - kOrder.begin());
}

// The fields of "struct<a:int,b:array<string>>", split where no bracket is open.
std::vector<InferredColumn> FieldsOf(std::string_view type) {
  std::vector<InferredColumn> fields;
  std::string_view body = type.substr(7, type.size() - 8);
  int open = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= body.size(); ++i) {
    if (i < body.size() && (body[i] == '<' || body[i] == '(')) ++open;
    if (i < body.size() && (body[i] == '>' || body[i] == ')')) --open;
    if (i < body.size() && (body[i] != ',' || open > 0)) continue;
    std::string_view field = body.substr(begin, i - begin);
    std::size_t colon = field.find(':');
    if (colon != std::string_view::npos)
      fields.push_back({std::string(field.substr(0, colon)), std::string(field.substr(colon + 1))});
    begin = i + 1;
  }
  return fields;
}

bool Is(const std::string& type, std::string_view constructor) { return type.starts_with(constructor) && type.ends_with('>'); }

}  // namespace

Result<std::optional<FileSchema>> ReadFileSchema(RandomAccessFile& file, std::span<const wire::glue::Classifier> custom) {
  const std::uint64_t bytes = file.bytes();
  if (bytes == 0) return std::optional<FileSchema>();
  TRY_ASSIGN(std::string head, file.Read(0, 4));
  if (head == "PAR1") return ReadParquet(file);
  if (head == std::string_view("Obj\x01", 4)) return ReadAvro(file);
  if (head.starts_with(orc::kMagic)) {
    TRY_ASSIGN(auto found, ReadOrc(file));
    if (found) return found;  // Else text that begins alike.
  }
  const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kSampleBytesMax));
  TRY_ASSIGN(std::string text, file.Read(0, size));
  Sample extent = size < bytes ? Sample::kCut : Sample::kWhole;
  bool gzip = text.starts_with("\x1f\x8b");
  if (gzip) {
    auto inflated = InflateGzip(text, &extent);
    if (!inflated) return std::optional<FileSchema>();
    text = std::move(*inflated);
  }
  if (text.find('\0') != std::string::npos) return std::optional<FileSchema>();
  std::optional<FileSchema> found;
  for (const wire::glue::Classifier& classifier : custom) {
    if (!found) found = InferBy(classifier, text, extent);
  }
  if (!found) found = InferJson(text, extent);
  if (!found) found = InferCsv(text, extent);
  if (found && gzip) found->compression = "gzip";
  return found;
}

std::optional<std::string> InflateGzip(std::string_view bytes, Sample* extent) {
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return std::nullopt;
  std::string text(kSampleBytesMax, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  int state = inflate(&stream, Z_SYNC_FLUSH);
  text.resize(text.size() - stream.avail_out);
  inflateEnd(&stream);
  if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) return std::nullopt;
  if (state != Z_STREAM_END) *extent = Sample::kCut;
  return text;
}

std::string MergeTypes(const std::string& a, const std::string& b) {
  if (a == b || b.empty()) return a;
  if (a.empty()) return b;
  if (IsNumber(a) && IsNumber(b)) {
    const std::string& wider = Width(a) > Width(b) ? a : b;
    const std::string& other = Width(a) > Width(b) ? b : a;
    return wider == "float" && other == "bigint" ? "double" : wider;
  }
  if (Is(a, "array<") && Is(b, "array<")) {
    return "array<" + MergeTypes(a.substr(6, a.size() - 7), b.substr(6, b.size() - 7)) + ">";
  }
  if (Is(a, "struct<") && Is(b, "struct<")) {
    std::vector<InferredColumn> fields = FieldsOf(a);
    MergeColumns(FieldsOf(b), &fields);
    std::string type = "struct<";
    for (std::size_t i = 0; i < fields.size(); ++i) type += (i > 0 ? "," : "") + fields[i].name + ":" + fields[i].type;
    return type + ">";
  }
  return "string";
}

void MergeColumns(const std::vector<InferredColumn>& more, std::vector<InferredColumn>* columns) {
  std::unordered_map<std::string, std::size_t> at;
  for (std::size_t i = 0; i < columns->size(); ++i) at.emplace((*columns)[i].name, i);
  for (const InferredColumn& column : more) {
    auto [found, fresh] = at.emplace(column.name, columns->size());
    if (fresh) {
      columns->push_back(column);
    } else {
      std::string& type = (*columns)[found->second].type;
      type = MergeTypes(type, column.type);
    }
  }
}

}  // namespace hanse::catalog
