#include "orc/file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "orc/protobuf.h"

namespace hanse::orc {
namespace {

using Wire = ProtoReader::Wire;

constexpr std::size_t kTailGuessBytes = 16 * 1024;
constexpr std::uint64_t kFooterBytesMax = 64u << 20;
constexpr std::size_t kTypesMax = 100'000, kStripesMax = 1'000'000;
constexpr int kTypeDepthMax = 32;

std::unexpected<Error> Broken() { return Fail(ErrorCode::kInvalidArgument, "it is no whole ORC file"); }

struct PostScript {
  std::uint64_t footer_bytes = 0, metadata_bytes = 0, block_bytes = 256 * 1024;
  std::uint64_t codec = 0, writer_version = 0;
  bool magic = false;
};

bool Read(std::string_view bytes, PostScript* script) {
  ProtoReader in(bytes);
  for (ProtoReader::Field field; in.Next(&field);) {
    switch (field.number) {
      case 1: script->footer_bytes = field.value; break;
      case 2: script->codec = field.value; break;
      case 3: script->block_bytes = field.value; break;
      case 5: script->metadata_bytes = field.value; break;
      case 6: script->writer_version = field.value; break;
      case 8000: script->magic = field.bytes == kMagic; break;
      default: break;
    }
  }
  return !in.failed() && script->magic;
}

bool Read(std::string_view bytes, Type* type) {
  ProtoReader in(bytes);
  for (ProtoReader::Field field; in.Next(&field);) {
    switch (field.number) {
      case 1:
        if (field.value > static_cast<std::uint64_t>(Kind::kInstant)) return false;
        type->kind = static_cast<Kind>(field.value);
        break;
      case 2:
        if (field.wire == Wire::kVarint) {
          type->children.push_back(static_cast<std::uint32_t>(field.value));
        } else {
          ProtoReader packed(field.bytes);
          for (std::uint64_t child = 0; packed.NextPacked(&child);) type->children.push_back(static_cast<std::uint32_t>(child));
          if (packed.failed()) return false;
        }
        break;
      case 3: type->names.emplace_back(field.bytes); break;
      case 4: type->length_max = static_cast<std::uint32_t>(field.value); break;
      case 5: type->precision = static_cast<std::uint32_t>(field.value); break;
      case 6: type->scale = static_cast<std::uint32_t>(field.value); break;
      default: break;
    }
  }
  return !in.failed();
}

bool Read(std::string_view bytes, Stripe* stripe) {
  ProtoReader in(bytes);
  for (ProtoReader::Field field; in.Next(&field);) {
    switch (field.number) {
      case 1: stripe->offset = field.value; break;
      case 2: stripe->index_bytes = field.value; break;
      case 3: stripe->data_bytes = field.value; break;
      case 4: stripe->footer_bytes = field.value; break;
      case 5: stripe->rows = field.value; break;
      default: break;
    }
  }
  return !in.failed();
}

// A tree: a type's children come after it, and none is the child of two.
bool IsTree(const std::vector<Type>& types) {
  if (types.empty() || types[0].kind != Kind::kStruct) return false;
  std::vector<int> depth(types.size(), -1);
  depth[0] = 0;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const Type& type = types[i];
    std::size_t wanted = type.children.size();
    if (type.kind == Kind::kList) wanted = 1;
    if (type.kind == Kind::kMap) wanted = 2;
    const bool nested =
        type.kind == Kind::kStruct || type.kind == Kind::kUnion || type.kind == Kind::kList || type.kind == Kind::kMap;
    if (!nested) wanted = 0;
    if (depth[i] < 0 || depth[i] > kTypeDepthMax || type.children.size() != wanted) return false;
    if (type.kind == Kind::kStruct && type.names.size() != wanted) return false;
    for (std::uint32_t child : type.children) {
      if (child <= i || child >= types.size() || depth[child] >= 0) return false;
      depth[child] = depth[i] + 1;
    }
  }
  return true;
}

// kUnsupported is told apart from what is broken.
Result<void> ReadFooter(std::string_view bytes, Tail* tail) {
  ProtoReader in(bytes);
  bool encrypted = false;
  for (ProtoReader::Field field; in.Next(&field);) {
    switch (field.number) {
      case 3:
        if (tail->stripes.size() == kStripesMax || !Read(field.bytes, &tail->stripes.emplace_back())) return Broken();
        break;
      case 4:
        if (tail->types.size() == kTypesMax || !Read(field.bytes, &tail->types.emplace_back())) return Broken();
        break;
      case 6: tail->rows = field.value; break;
      case 10: encrypted = true; break;
      default: break;
    }
  }
  if (in.failed() || !IsTree(tail->types)) return Broken();
  if (encrypted) return Fail(ErrorCode::kUnsupported, "ORC files with encrypted columns are not read");
  return {};
}

bool LiesWithin(const Stripe& stripe, std::uint64_t end) {
  std::uint64_t left = end;
  for (std::uint64_t part : {stripe.offset, stripe.index_bytes, stripe.data_bytes, stripe.footer_bytes}) {
    if (part > left) return false;
    left -= part;
  }
  return true;
}

}  // namespace

Result<Tail> ReadTail(Input& input) {
  const std::uint64_t size = input.bytes();
  std::string end(static_cast<std::size_t>(std::min<std::uint64_t>(size, kTailGuessBytes)), '\0');
  if (end.size() < kMagic.size() + 1) return Broken();
  TRY(input.Read(size - end.size(), end.size(), end.data()));
  const std::size_t script_bytes = static_cast<unsigned char>(end.back());
  if (script_bytes + 1 > end.size()) return Broken();
  PostScript script;
  if (!Read(std::string_view(end).substr(end.size() - 1 - script_bytes, script_bytes), &script)) return Broken();
  std::uint64_t before = size - 1 - script_bytes;
  if (script.footer_bytes > before || script.footer_bytes > kFooterBytesMax) return Broken();
  before -= script.footer_bytes;
  if (script.metadata_bytes > before || script.codec > static_cast<std::uint64_t>(Codec::kBrotli)) return Broken();
  Tail tail{.codec = static_cast<Codec>(script.codec), .block_bytes = static_cast<std::size_t>(script.block_bytes)};
  if (!IsKnown(tail.codec)) return Fail(ErrorCode::kUnsupported, "ORC files of LZO or Brotli are not read");
  if (tail.codec != Codec::kNone && (script.block_bytes == 0 || script.block_bytes > kBlockBytesMax)) return Broken();
  tail.metadata_offset = before - script.metadata_bytes;
  tail.metadata_bytes = script.metadata_bytes;
  tail.writer_version = script.writer_version;
  std::string footer(static_cast<std::size_t>(script.footer_bytes), '\0');
  if (footer.size() + 1 + script_bytes <= end.size()) {
    footer = end.substr(end.size() - 1 - script_bytes - footer.size(), footer.size());
  } else {
    TRY(input.Read(before, footer.size(), footer.data()));
  }
  std::string expanded;
  if (!ExpandAll(tail.codec, footer, tail.block_bytes, kFooterBytesMax, &expanded)) return Broken();
  TRY(ReadFooter(expanded, &tail));
  for (const Stripe& stripe : tail.stripes) {
    if (!LiesWithin(stripe, tail.metadata_offset)) return Broken();
  }
  return tail;
}

namespace {

bool Read(std::string_view bytes, Stream* stream) {
  ProtoReader in(bytes);
  for (ProtoReader::Field field; in.Next(&field);) {
    switch (field.number) {
      case 1:
        for (auto known :
             {StreamKind::kPresent, StreamKind::kData, StreamKind::kLength, StreamKind::kDictionary, StreamKind::kSecondary}) {
          if (field.value == static_cast<std::uint64_t>(known)) stream->kind = known;
        }
        break;
      case 2: stream->column = static_cast<std::uint32_t>(field.value); break;
      case 3: stream->bytes = field.value; break;
      default: break;
    }
  }
  return !in.failed();
}

bool Read(std::string_view bytes, Encoding* encoding) {
  ProtoReader in(bytes);
  for (ProtoReader::Field field; in.Next(&field);) {
    if (field.number == 1) {
      encoding->dictionary = (field.value & 1) != 0;
      encoding->second = (field.value & 2) != 0;
    } else if (field.number == 2) {
      encoding->dictionary_size = field.value;
    }
  }
  return !in.failed();
}

}  // namespace

const Stream* StripeFooter::Find(std::uint32_t column, StreamKind kind) const {
  for (const Stream& stream : streams) {
    if (stream.column == column && stream.kind == kind) return &stream;
  }
  return nullptr;
}

Result<StripeFooter> ReadStripeFooter(Input& input, const Tail& tail, const Stripe& stripe) {
  if (stripe.footer_bytes > kFooterBytesMax) return Broken();
  std::string raw(static_cast<std::size_t>(stripe.footer_bytes), '\0');
  TRY(input.Read(stripe.offset + stripe.index_bytes + stripe.data_bytes, raw.size(), raw.data()));
  std::string expanded;
  if (!ExpandAll(tail.codec, raw, tail.block_bytes, kFooterBytesMax, &expanded)) return Broken();
  StripeFooter footer;
  ProtoReader in(expanded);
  std::uint64_t at = 0, end = stripe.index_bytes + stripe.data_bytes;  // Streams lie one after another, those of the index first.
  for (ProtoReader::Field field; in.Next(&field);) {
    if (field.number == 1) {
      Stream stream;
      if (!Read(field.bytes, &stream) || stream.bytes > end - at) return Broken();
      stream.offset = stripe.offset + at;
      at += stream.bytes;
      if (stream.kind != StreamKind::kOther) footer.streams.push_back(stream);
    } else if (field.number == 2) {
      if (footer.encodings.size() == tail.types.size() || !Read(field.bytes, &footer.encodings.emplace_back())) return Broken();
    } else if (field.number == 3) {
      footer.timezone = field.bytes;
    }
  }
  if (in.failed() || footer.encodings.size() != tail.types.size()) return Broken();
  return footer;
}

std::string HiveTypeOf(const std::vector<Type>& types, std::uint32_t number) {
  static constexpr std::string_view kNames[] = {"boolean", "tinyint", "smallint",  "int", "bigint",   "float", "double",
                                                "string",  "binary",  "timestamp", "",    "",         "",      "string",
                                                "",        "date",    "",          "",    "timestamp"};
  const Type& type = types[number];
  switch (type.kind) {
    case Kind::kList: return "array<" + HiveTypeOf(types, type.children[0]) + ">";
    case Kind::kMap: return "map<" + HiveTypeOf(types, type.children[0]) + "," + HiveTypeOf(types, type.children[1]) + ">";
    case Kind::kDecimal: {
      const bool fits = type.precision >= 1 && type.precision <= 38 && type.scale <= type.precision;
      return fits ? fmt::format("decimal({},{})", type.precision, type.scale) : "decimal(38,18)";
    }
    case Kind::kStruct: {
      std::string fields;
      for (std::size_t i = 0; i < type.children.size(); ++i) {
        fields += (i ? "," : "") + Lower(type.names[i]) + ":" + HiveTypeOf(types, type.children[i]);
      }
      return "struct<" + fields + ">";
    }
    case Kind::kVarchar:
    case Kind::kChar:
      if (type.length_max == 0) return "string";
      return fmt::format("{}({})", type.kind == Kind::kChar ? "char" : "varchar", type.length_max);
    default: return std::string(kNames[static_cast<std::size_t>(type.kind)]);
  }
}

}  // namespace hanse::orc
