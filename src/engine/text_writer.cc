#include <boost/json.hpp>

#include <cmath>

#include "duckdb/common/file_system.hpp"
#include "duckdb/common/type_visitor.hpp"
#include "engine/file_writer.h"
#include "engine/render.h"
#include "engine/text_lines.h"

namespace hanse::engine {

namespace {

using duckdb::LogicalTypeId;
using duckdb::Value;

constexpr std::size_t kWriteBytes = 256 * 1024;
constexpr int kNumberDigitsMax = 15;  // More than a JSON reader's doubles hold.

// Turns a row into a line without its end.
class LineFormat {
 public:
  virtual ~LineFormat() = default;
  virtual void Append(const std::vector<Value>& row, std::string& line) const = 0;
};

[[noreturn]] void Unwritable(const char* what) {
  throw duckdb::InvalidInputException("HIVE_WRITER_DATA_ERROR: a value holds %s: choose another delimiter or format", what);
}

// LazySimpleSerDe, as text_lines.cc reads it.
class DelimitedFormat final : public LineFormat {
 public:
  explicit DelimitedFormat(const std::map<std::string, std::string>& serde)
      : field_(SerdeCharacter(serde, "field.delim", SerdeCharacter(serde, "serialization.format", '\x01'))),
        element_(SerdeCharacter(serde, "collection.delim", SerdeCharacter(serde, "colelction.delim", '\x02'))),
        key_(SerdeCharacter(serde, "mapkey.delim", '\x03')),
        escape_(SerdeCharacter(serde, "escape.delim", '\0')) {
    auto null = serde.find("serialization.null.format");
    null_ = null == serde.end() ? "\\N" : null->second;
  }

  void Append(const std::vector<Value>& row, std::string& line) const override {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i) line += field_;
      AppendValue(row[i], line);
    }
  }

 private:
  void AppendValue(const Value& value, std::string& line) const {
    if (value.IsNull()) {
      line += null_;
    } else if (value.type().id() == LogicalTypeId::MAP) {
      Each(duckdb::ListValue::GetChildren(value), line, [&](const Value& entry) {
        const auto& pair = duckdb::StructValue::GetChildren(entry);
        AppendValue(pair[0], line);
        line += key_;
        AppendValue(pair[1], line);
      });
    } else if (value.type().id() == LogicalTypeId::LIST) {
      Each(duckdb::ListValue::GetChildren(value), line, [&](const Value& element) { AppendValue(element, line); });
    } else if (value.type().id() == LogicalTypeId::STRUCT) {
      Each(duckdb::StructValue::GetChildren(value), line, [&](const Value& field) { AppendValue(field, line); });
    } else {
      AppendText(Render(value), line);
    }
  }

  template <class One>
  void Each(const duckdb::vector<Value>& values, std::string& line, One one) const {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i) line += element_;
      one(values[i]);
    }
  }

  void AppendText(const std::string& text, std::string& line) const {
    if (text == null_) Unwritable("the mark of NULL");
    for (char c : text) {
      if (c == '\n' || c == '\r') Unwritable("a line break");
      bool special = c == field_ || c == element_ || c == key_ || (escape_ && c == escape_);
      if (special && !escape_) Unwritable("a delimiter");
      if (special) line += escape_;
      line += c;
    }
  }

  char field_, element_, key_, escape_;
  std::string null_;
};

// OpenCSVSerde: everything in quotes; it has no NULL, which reads as the empty text.
class QuotedFormat final : public LineFormat {
 public:
  explicit QuotedFormat(const std::map<std::string, std::string>& serde)
      : separator_(SerdeCharacter(serde, "separatorChar", ',')),
        quote_(SerdeCharacter(serde, "quoteChar", '"')),
        escape_(SerdeCharacter(serde, "escapeChar", '\\')) {}

  void Append(const std::vector<Value>& row, std::string& line) const override {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i) line += separator_;
      line += quote_;
      for (char c : row[i].IsNull() ? std::string() : Render(row[i])) {
        if (c == '\n' || c == '\r') Unwritable("a line break");
        if (c == quote_ || c == escape_) line += escape_;
        line += c;
      }
      line += quote_;
    }
  }

 private:
  char separator_, quote_, escape_;
};

class JsonFormat final : public LineFormat {
 public:
  explicit JsonFormat(const std::vector<OutputColumn>& columns) {
    for (const OutputColumn& column : columns) names_.push_back(column.source.name);
  }

  void Append(const std::vector<Value>& row, std::string& line) const override {
    line += '{';
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i) line += ',';
      AppendName(names_[i], line);
      AppendValue(row[i], line);
    }
    line += '}';
  }

 private:
  static void AppendText(const std::string& text, std::string& line) { line += boost::json::serialize(boost::json::value(text)); }
  static void AppendName(const std::string& name, std::string& line) {
    AppendText(name, line);
    line += ':';
  }

  static bool IsNumber(const Value& value) {
    if (value.type().id() == LogicalTypeId::DECIMAL) return duckdb::DecimalType::GetWidth(value.type()) <= kNumberDigitsMax;
    if (value.type().id() == LogicalTypeId::DOUBLE || value.type().id() == LogicalTypeId::FLOAT)
      return std::isfinite(value.GetValue<double>());
    return value.type().IsNumeric() || value.type().id() == LogicalTypeId::BOOLEAN;
  }

  static void AppendValue(const Value& value, std::string& line) {
    if (value.IsNull()) {
      line += "null";
    } else if (value.type().id() == LogicalTypeId::MAP) {
      Members(duckdb::ListValue::GetChildren(value).size(), '{', '}', line, [&](std::size_t i) {
        const auto& pair = duckdb::StructValue::GetChildren(duckdb::ListValue::GetChildren(value)[i]);
        AppendName(Render(pair[0]), line);
        AppendValue(pair[1], line);
      });
    } else if (value.type().id() == LogicalTypeId::LIST) {
      const auto& elements = duckdb::ListValue::GetChildren(value);
      Members(elements.size(), '[', ']', line, [&](std::size_t i) { AppendValue(elements[i], line); });
    } else if (value.type().id() == LogicalTypeId::STRUCT) {
      const auto& fields = duckdb::StructValue::GetChildren(value);
      Members(fields.size(), '{', '}', line, [&](std::size_t i) {
        AppendName(duckdb::StructType::GetChildName(value.type(), i), line);
        AppendValue(fields[i], line);
      });
    } else if (IsNumber(value)) {
      line += Render(value);
    } else {
      AppendText(Render(value), line);
    }
  }

  template <class One>
  static void Members(std::size_t count, char open, char close, std::string& line, One one) {
    line += open;
    for (std::size_t i = 0; i < count; ++i) {
      if (i) line += ',';
      one(i);
    }
    line += close;
  }

  std::vector<std::string> names_;
};

class TextWriter final : public FileWriter {
 public:
  TextWriter(duckdb::ClientContext& context, const LineFormat& format, const std::string& header, bool gzip,
             const std::string& path)
      : format_(format), lines_(header) {
    duckdb::FileOpenFlags flags = duckdb::FileFlags::FILE_FLAGS_WRITE | duckdb::FileFlags::FILE_FLAGS_FILE_CREATE_NEW;
    if (gzip) flags |= duckdb::FileCompressionType::GZIP;
    file_ = duckdb::FileSystem::GetFileSystem(context).OpenFile(path, flags);
  }

  void Write(duckdb::DataChunk& rows) override {
    std::vector<Value> row(rows.ColumnCount());
    for (duckdb::idx_t i = 0; i < rows.size(); ++i) {
      for (duckdb::idx_t column = 0; column < rows.ColumnCount(); ++column) row[column] = rows.GetValue(column, i);
      format_.Append(row, lines_);
      lines_ += '\n';
      if (lines_.size() >= kWriteBytes) Flush();
    }
  }
  void Finish() override {
    Flush();
    file_->Close();
  }

 private:
  void Flush() {
    if (!lines_.empty()) file_->Write(lines_.data(), lines_.size());
    lines_.clear();
  }
  const LineFormat& format_;
  std::string lines_;
  duckdb::unique_ptr<duckdb::FileHandle> file_;
};

class TextFormat final : public FileFormat {
 public:
  TextFormat(duckdb::ClientContext& context, std::unique_ptr<LineFormat> format, std::string header, bool gzip)
      : context_(context), format_(std::move(format)), header_(std::move(header)), gzip_(gzip) {}
  std::unique_ptr<FileWriter> Begin(const std::string& path) override {
    return std::make_unique<TextWriter>(context_, *format_, header_, gzip_, path);
  }

 private:
  duckdb::ClientContext& context_;
  std::unique_ptr<LineFormat> format_;
  std::string header_;
  bool gzip_;
};

bool HoldsBytes(const duckdb::LogicalType& type) {
  return duckdb::TypeVisitor::Contains(type, [](const duckdb::LogicalType& t) { return t.id() == LogicalTypeId::BLOB; });
}

// Deeper than the reader goes, or than the format has delimiters for.
bool TooDeep(const duckdb::LogicalType& type, DataFormat format) {
  if (format == DataFormat::kJson || !type.IsNested()) return false;
  if (format == DataFormat::kQuotedCsv) return true;
  bool deep = false;
  auto look = [&](const duckdb::LogicalType& child) { deep = deep || child.IsNested(); };
  if (type.id() == LogicalTypeId::LIST) {
    look(duckdb::ListType::GetChildType(type));
  } else if (type.id() == LogicalTypeId::MAP) {
    look(duckdb::MapType::KeyType(type));
    look(duckdb::MapType::ValueType(type));
  } else {
    for (const auto& [name, child] : duckdb::StructType::GetChildTypes(type)) look(child);
  }
  return deep;
}

// A reader that leaves the first line out finds the names of the columns there.
std::string HeaderOf(const OutputPlan& plan, const std::vector<OutputColumn>& columns, const LineFormat& format) {
  auto skipped = plan.serde.find("skip.header.line.count");
  if (skipped == plan.serde.end() || skipped->second.empty() || skipped->second == "0") return "";
  if (skipped->second != "1") {
    throw duckdb::InvalidInputException("NOT_SUPPORTED: a table whose files have several header lines cannot be written to");
  }
  std::vector<Value> names;
  for (const OutputColumn& column : columns) names.emplace_back(column.source.name);
  std::string line;
  format.Append(names, line);
  return line + "\n";
}

}  // namespace

std::unique_ptr<FileFormat> MakeTextFormat(duckdb::ClientContext& context, const OutputPlan& plan,
                                           const std::vector<OutputColumn>& columns) {
  for (const OutputColumn& column : columns) {
    if (HoldsBytes(column.type) || TooDeep(column.type, plan.format)) {
      throw duckdb::InvalidInputException("NOT_SUPPORTED: column '%s' of type %s cannot be written as text: use PARQUET",
                                          column.source.name, column.source.hive_type);
    }
  }
  std::unique_ptr<LineFormat> format;
  if (plan.format == DataFormat::kJson) {
    format = std::make_unique<JsonFormat>(columns);
  } else if (plan.format == DataFormat::kQuotedCsv) {
    format = std::make_unique<QuotedFormat>(plan.serde);
  } else {
    format = std::make_unique<DelimitedFormat>(plan.serde);
  }
  std::string header = plan.format == DataFormat::kJson ? "" : HeaderOf(plan, columns, *format);
  return std::make_unique<TextFormat>(context, std::move(format), std::move(header), plan.compression == "gzip");
}

}  // namespace hanse::engine
