#include "engine/text_lines.h"

#include <charconv>
#include <optional>

#include "base/text.h"
#include "duckdb/common/file_system.hpp"

namespace hanse::engine {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kLineBytesMax = 16 << 20;

// LazySimpleSerDe: one character between fields, \N for NULL, optional escapes; deeper delimiters inside nested columns.
class DelimitedParser final : public LineParser {
 public:
  explicit DelimitedParser(const TableShape& table)
      : types_(table.types.begin(), table.types.begin() + static_cast<std::ptrdiff_t>(table.data_columns)),
        field_(
            SerdeCharacter(table.source.serde, "field.delim", SerdeCharacter(table.source.serde, "serialization.format", '\x01'))),
        element_(
            SerdeCharacter(table.source.serde, "collection.delim", SerdeCharacter(table.source.serde, "colelction.delim", '\x02'))),
        key_(SerdeCharacter(table.source.serde, "mapkey.delim", '\x03')),
        escape_(SerdeCharacter(table.source.serde, "escape.delim", '\0')) {
    auto null = table.source.serde.find("serialization.null.format");
    null_ = null == table.source.serde.end() ? "\\N" : null->second;
  }

  void Parse(std::string_view line, const std::vector<bool>& wanted, std::vector<Value>& values) const override {
    std::size_t begin = 0;
    bool ended = false;
    for (std::size_t i = 0; i < types_.size(); ++i) {
      if (ended) {
        values[i] = Value(types_[i]);
        continue;
      }
      std::size_t end = End(line, begin);
      if (wanted[i]) values[i] = Typed(line.substr(begin, end - begin), types_[i], 0);
      ended = end == line.size();
      begin = end + 1;
    }
  }

 private:
  std::size_t End(std::string_view line, std::size_t at) const {
    for (; at < line.size() && line[at] != field_; ++at) {
      if (escape_ && line[at] == escape_) ++at;
    }
    return std::min(at, line.size());
  }

  std::string Unescaped(std::string_view text) const {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == escape_ && i + 1 < text.size()) ++i;
      plain += text[i];
    }
    return plain;
  }

  Value Typed(std::string_view text, const LogicalType& type, int depth) const {
    if (text == null_ || depth > 1) return Value(type);
    if (type.id() == LogicalTypeId::LIST) {
      duckdb::vector<Value> elements;
      const auto& child = duckdb::ListType::GetChildType(type);
      if (!text.empty()) {
        for (const std::string& part : Split(text, element_)) elements.push_back(Typed(part, child, depth + 1));
      }
      return Value::LIST(child, std::move(elements));
    }
    if (type.id() == LogicalTypeId::MAP) {
      duckdb::vector<Value> keys, entries;
      for (const std::string& part : Split(text, element_)) {
        auto colon = part.find(key_);
        if (colon == std::string::npos) continue;
        keys.push_back(TypedText(std::string_view(part).substr(0, colon), duckdb::MapType::KeyType(type)));
        entries.push_back(TypedText(std::string_view(part).substr(colon + 1), duckdb::MapType::ValueType(type)));
      }
      return Value::MAP(duckdb::MapType::KeyType(type), duckdb::MapType::ValueType(type), std::move(keys), std::move(entries));
    }
    if (type.id() == LogicalTypeId::STRUCT) {
      auto parts = Split(text, element_);
      duckdb::child_list_t<Value> fields;
      const auto& children = duckdb::StructType::GetChildTypes(type);
      for (std::size_t i = 0; i < children.size(); ++i) {
        fields.emplace_back(children[i].first,
                            i < parts.size() ? Typed(parts[i], children[i].second, depth + 1) : Value(children[i].second));
      }
      return Value::STRUCT(std::move(fields));
    }
    if (escape_ && text.find(escape_) != std::string_view::npos) return TypedText(Unescaped(text), type);
    return TypedText(text, type);
  }

  std::vector<LogicalType> types_;
  char field_, element_, key_, escape_;
  std::string null_;
};

// OpenCSVSerde: quotes and escapes; an empty field is the empty text.
class QuotedParser final : public LineParser {
 public:
  explicit QuotedParser(const TableShape& table)
      : types_(table.types.begin(), table.types.begin() + static_cast<std::ptrdiff_t>(table.data_columns)),
        separator_(SerdeCharacter(table.source.serde, "separatorChar", ',')),
        quote_(SerdeCharacter(table.source.serde, "quoteChar", '"')),
        escape_(SerdeCharacter(table.source.serde, "escapeChar", '\\')) {}

  void Parse(std::string_view line, const std::vector<bool>& wanted, std::vector<Value>& values) const override {
    std::size_t at = 0;
    bool ended = false;
    for (std::size_t i = 0; i < types_.size(); ++i) {
      if (ended) {
        values[i] = Value(types_[i]);
        continue;
      }
      std::string field = Field(line, &at);
      ended = at >= line.size();
      ++at;
      if (wanted[i]) values[i] = TypedText(field, types_[i]);
    }
  }

 private:
  std::string Field(std::string_view line, std::size_t* at) const {
    std::string field;
    bool quoted = false;
    for (; *at < line.size(); ++*at) {
      char c = line[*at];
      bool more = *at + 1 < line.size();
      if (c == escape_ && escape_ != quote_ && more && (line[*at + 1] == quote_ || line[*at + 1] == escape_)) {
        field += line[++*at];
      } else if (c == quote_ && quoted && more && line[*at + 1] == quote_) {
        field += line[++*at];
      } else if (c == quote_) {
        quoted = !quoted;
      } else if (c == separator_ && !quoted) {
        break;
      } else {
        field += c;
      }
    }
    return field;
  }

  std::vector<LogicalType> types_;
  char separator_, quote_, escape_;
};

}  // namespace

char SerdeCharacter(const std::map<std::string, std::string>& serde, const std::string& key, char otherwise) {
  auto found = serde.find(key);
  if (found == serde.end() || found->second.empty()) return otherwise;
  const std::string& text = found->second;
  int code = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  // Hive writes control characters as their number ("1").
  if (error == std::errc() && end == text.data() + text.size() && code < 128) return static_cast<char>(code);
  return text == "\\t" ? '\t' : text[0];
}

Value TypedText(std::string_view text, const LogicalType& type) {
  if (type.id() == LogicalTypeId::VARCHAR) {
    if (!duckdb::Value::StringIsValid(text.data(), text.size())) return Value(type);
    return Value(std::string(text));
  }
  if (type.id() == LogicalTypeId::BLOB) return Value::BLOB(reinterpret_cast<duckdb::const_data_ptr_t>(text.data()), text.size());
  Value typed;
  std::string error;
  if (text.empty() || !duckdb::Value::StringIsValid(text.data(), text.size())) return Value(type);
  if (!Value(std::string(text)).DefaultTryCastAs(type, typed, &error, true)) return Value(type);
  return typed;
}

std::unique_ptr<LineParser> MakeLineParser(const TableShape& table) {
  switch (table.source.format) {
    case DataFormat::kQuotedCsv: return std::make_unique<QuotedParser>(table);
    case DataFormat::kJson: return MakeJsonParser(table);
    default: return std::make_unique<DelimitedParser>(table);
  }
}

LineReader::LineReader(duckdb::ClientContext& context, const std::string& path, bool gzip, std::uint64_t skip_lines) {
  duckdb::FileOpenFlags flags = duckdb::FileFlags::FILE_FLAGS_READ;
  if (gzip) flags |= duckdb::FileCompressionType::GZIP;
  file_ = duckdb::FileSystem::GetFileSystem(context).OpenFile(path, flags);
  std::string_view line;
  for (std::uint64_t i = 0; i < skip_lines && Next(&line); ++i) {
  }
}

bool LineReader::Fill() {
  if (ended_) return false;
  buffer_.erase(0, at_);
  at_ = 0;
  if (buffer_.size() > kLineBytesMax) throw duckdb::InvalidInputException("HIVE_BAD_DATA: a line of a text file is too long");
  std::size_t had = buffer_.size();
  buffer_.resize(had + kReadBytes);
  auto got = file_->Read(buffer_.data() + had, kReadBytes);
  buffer_.resize(had + static_cast<std::size_t>(std::max<int64_t>(got, 0)));
  ended_ = got <= 0;
  return !ended_;
}

bool LineReader::Next(std::string_view* line) {
  std::size_t end, searched = 0;
  while ((end = buffer_.find('\n', at_ + searched)) == std::string::npos) {
    searched = buffer_.size() - at_;
    if (Fill()) continue;
    if (at_ >= buffer_.size()) return false;
    end = buffer_.size();
    break;
  }
  *line = std::string_view(buffer_).substr(at_, end - at_);
  if (line->ends_with('\r')) line->remove_suffix(1);
  at_ = end + 1;
  return true;
}

}  // namespace hanse::engine
