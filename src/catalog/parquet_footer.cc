#include "catalog/parquet_footer.h"

#include <array>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/thrift_reader.h"

namespace hanse::catalog {
namespace {

using Type = ThriftReader::Type;

constexpr std::size_t kElementsMax = 100'000;
constexpr std::size_t kTypeBytesMax = 128 * 1024;
constexpr int kNestingMax = 32;

enum Physical { kBoolean, kInt32, kInt64, kInt96, kFloat, kDouble, kByteArray, kFixed };

// SchemaElement of parquet.thrift. Numbers are the model's; -1: not there.
struct Element {
  std::int64_t physical = -1, repetition = -1, children = 0, converted = -1, scale = 0, precision = 0;
  std::string_view name;
  int logical = -1;  // The field of the union LogicalType.
  std::int64_t bit_width = 0;
  bool is_signed = true;
};

enum Logical {
  kString = 1,
  kMap = 2,
  kList = 3,
  kEnum = 4,
  kDecimal = 5,
  kDate = 6,
  kTime = 7,
  kTimestamp = 8,
  kInteger = 10,
  kJson = 12,
  kUuid = 14
};

void ReadLogical(ThriftReader& in, Element* element) {
  for (auto kind = in.NextField(0); kind.type != Type::kStop && !in.failed(); kind = in.NextField(kind.id)) {
    element->logical = kind.id;
    if (kind.type != Type::kStruct) {
      in.Skip(kind.type);
      continue;
    }
    for (auto field = in.NextField(0); field.type != Type::kStop && !in.failed(); field = in.NextField(field.id)) {
      if (kind.id == kDecimal && field.type == Type::kI32) {
        (field.id == 1 ? element->scale : element->precision) = in.ReadInteger();
      } else if (kind.id == kInteger && field.id == 1 && field.type == Type::kByte) {
        element->bit_width = in.ReadByte();
      } else if (kind.id == kInteger && field.id == 2) {
        element->is_signed = field.type == Type::kTrue;
      } else {
        in.Skip(field.type);
      }
    }
  }
}

Element ReadElement(ThriftReader& in) {
  Element element;
  for (auto field = in.NextField(0); field.type != Type::kStop && !in.failed(); field = in.NextField(field.id)) {
    bool number = field.type == Type::kI32;
    if (field.id == 1 && number)
      element.physical = in.ReadInteger();
    else if (field.id == 3 && number)
      element.repetition = in.ReadInteger();
    else if (field.id == 4 && field.type == Type::kBinary)
      element.name = in.ReadBinary();
    else if (field.id == 5 && number)
      element.children = in.ReadInteger();
    else if (field.id == 6 && number)
      element.converted = in.ReadInteger();
    else if (field.id == 7 && number)
      element.scale = in.ReadInteger();
    else if (field.id == 8 && number)
      element.precision = in.ReadInteger();
    else if (field.id == 10 && field.type == Type::kStruct)
      ReadLogical(in, &element);
    else
      in.Skip(field.type);
  }
  return element;
}

// ConvertedType of parquet.thrift.
enum Converted {
  kUtf8 = 0,
  kMapOld = 1,
  kMapKeyValue = 2,
  kListOld = 3,
  kEnumOld = 4,
  kDecimalOld = 5,
  kDateOld = 6,
  kTimestampMillis = 9,
  kTimestampMicros = 10,
  kUint8 = 11,
  kUint16 = 12,
  kUint32 = 13,
  kInt8 = 15,
  kInt16 = 16,
  kJsonOld = 19
};

std::string IntegerType(const Element& e) {
  std::int64_t bits = e.bit_width;
  bool is_signed = e.is_signed;
  if (e.logical != kInteger) {
    switch (e.converted) {
      case kUint8: bits = 8, is_signed = false; break;
      case kUint16: bits = 16, is_signed = false; break;
      case kUint32: bits = 32, is_signed = false; break;
      case kInt8: bits = 8; break;
      case kInt16: bits = 16; break;
      default: bits = e.physical == kInt64 ? 64 : 32;
    }
  }
  if (!is_signed) bits *= 2;  // The next type that holds all values.
  return bits <= 8 ? "tinyint" : bits <= 16 ? "smallint" : bits <= 32 ? "int" : "bigint";
}

std::string PrimitiveType(const Element& e) {
  if (e.logical == kDecimal || e.converted == kDecimalOld) {
    bool fits = e.precision >= 1 && e.precision <= 38 && e.scale >= 0 && e.scale <= e.precision;
    return fits ? fmt::format("decimal({},{})", e.precision, e.scale) : "binary";
  }
  switch (e.physical) {
    case kBoolean: return "boolean";
    case kInt32:
    case kInt64:
      if (e.logical == kDate || e.converted == kDateOld) return "date";
      if (e.logical == kTimestamp || e.converted == kTimestampMillis || e.converted == kTimestampMicros) return "timestamp";
      return IntegerType(e);
    case kInt96: return "timestamp";
    case kFloat: return "float";
    case kDouble: return "double";
    default: break;
  }
  bool text = e.logical == kString || e.logical == kEnum || e.logical == kJson || e.converted == kUtf8 || e.converted == kEnumOld ||
              e.converted == kJsonOld;
  return text ? "string" : "binary";
}

// Walks the flattened tree: an element is followed by its children.
class Tree {
 public:
  explicit Tree(const std::vector<Element>& elements) : elements_(elements) {}

  // The type of the element at `at`, which is moved past its children. "" where the tree does not hold together.
  std::string TypeAt(std::size_t* at, int depth = 0) {
    if (*at >= elements_.size() || depth > kNestingMax) return Broken(at);
    const Element& e = elements_[(*at)++];
    std::string type = e.children > 0 ? GroupType(e, at, depth) : PrimitiveType(e);
    if (type.size() > kTypeBytesMax) return Broken(at);
    return e.repetition == 2 ? "array<" + type + ">" : type;
  }
  bool broken() const { return broken_; }

 private:
  std::string Broken(std::size_t* at) {
    broken_ = true;
    *at = elements_.size();
    return {};
  }

  std::string GroupType(const Element& e, std::size_t* at, int depth) {
    bool list = e.logical == kList || e.converted == kListOld;
    bool map = e.logical == kMap || e.converted == kMapOld || e.converted == kMapKeyValue;
    if ((list || map) && e.children == 1 && *at < elements_.size() && elements_[*at].repetition == 2) {
      const Element& repeated = elements_[*at];
      if (map && repeated.children == 2) {
        ++*at;
        std::string key = TypeAt(at, depth + 2);
        return "map<" + key + "," + TypeAt(at, depth + 2) + ">";
      }
      // The old two-level lists repeat the element itself (parquet-format, LogicalTypes.md, "Backward-compatibility rules").
      bool two_levels = repeated.children != 1 || repeated.name == "array" || repeated.name == std::string(e.name) + "_tuple";
      if (list && two_levels) return TypeAt(at, depth + 1);  // Comes as array<…> already: it is repeated.
      if (list) {
        ++*at;
        return "array<" + TypeAt(at, depth + 2) + ">";
      }
    }
    std::string fields;
    for (std::int64_t i = 0; i < e.children && !broken_; ++i) {
      if (*at >= elements_.size()) return Broken(at);
      std::string name = Lower(elements_[*at].name);
      if (!fields.empty()) fields += ",";
      fields += name + ":" + TypeAt(at, depth + 1);
    }
    return "struct<" + fields + ">";
  }

  const std::vector<Element>& elements_;
  bool broken_ = false;
};

std::unexpected<Error> NotParquet() { return Fail(ErrorCode::kInvalidArgument, "It is no Parquet file."); }

}  // namespace

Result<std::uint32_t> ParquetFooterBytes(std::string_view tail) {
  if (tail.size() != kParquetTailBytes || tail.substr(4) != "PAR1") return NotParquet();
  std::array<unsigned char, 4> size;
  std::memcpy(size.data(), tail.data(), 4);
  std::uint32_t bytes = size[0] | (size[1] << 8) | (size[2] << 16) | (static_cast<std::uint32_t>(size[3]) << 24);
  if (bytes == 0 || bytes > kParquetFooterBytesMax) return NotParquet();
  return bytes;
}

Result<ParquetSchema> ReadParquetFooter(std::string_view footer) {
  ThriftReader in(footer);
  std::vector<Element> elements;
  ParquetSchema schema;
  for (auto field = in.NextField(0); field.type != Type::kStop && !in.failed(); field = in.NextField(field.id)) {
    if (field.id == 2 && field.type == Type::kList) {
      ThriftReader::List list = in.ReadList();
      if (list.type != Type::kStruct || list.size > kElementsMax) return NotParquet();
      for (std::uint32_t i = 0; i < list.size && !in.failed(); ++i) elements.push_back(ReadElement(in));
    } else if (field.id == 3 && field.type == Type::kI64) {
      schema.rows = in.ReadInteger();
      break;  // What follows describes row groups, and is most of the footer.
    } else {
      in.Skip(field.type);
    }
  }
  if (in.failed() || elements.empty()) return NotParquet();
  Tree tree(elements);
  std::size_t at = 1;  // The first is the root.
  while (at < elements.size()) {
    std::string name = Lower(elements[at].name);
    std::string type = tree.TypeAt(&at);
    if (tree.broken() || name.empty()) return NotParquet();
    schema.columns.push_back({std::move(name), std::move(type)});
  }
  return schema;
}

}  // namespace hanse::catalog
