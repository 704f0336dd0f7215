#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "orc/compression.h"

// What an ORC file says of itself at its end (ORC specification v1, "File Tail"): its types and where its stripes lie; and of a
// stripe where its streams lie. Takes any bytes: every count, depth and length is held to what is there.
namespace hanse::orc {

// A file that is read here and there. One thread.
class Input {
 public:
  virtual ~Input() = default;
  virtual std::uint64_t bytes() const = 0;
  // Exactly `size` bytes at `offset`.
  virtual Result<void> Read(std::uint64_t offset, std::size_t size, char* into) = 0;
};

// proto::Type::Kind
enum class Kind : std::uint8_t {
  kBoolean = 0,
  kByte = 1,
  kShort = 2,
  kInt = 3,
  kLong = 4,
  kFloat = 5,
  kDouble = 6,
  kString = 7,
  kBinary = 8,
  kTimestamp = 9,
  kList = 10,
  kMap = 11,
  kStruct = 12,
  kUnion = 13,
  kDecimal = 14,
  kDate = 15,
  kVarchar = 16,
  kChar = 17,
  kInstant = 18,  // A timestamp with local time zone: of UTC.
};

struct Type {
  Kind kind = Kind::kStruct;
  std::vector<std::uint32_t> children;  // Numbers of types; greater than this one's.
  std::vector<std::string> names;       // Of a struct's children.
  std::uint32_t length_max = 0;         // Of kVarchar and kChar: characters.
  std::uint32_t precision = 0, scale = 0;
};

struct Stripe {
  std::uint64_t offset = 0, index_bytes = 0, data_bytes = 0, footer_bytes = 0, rows = 0;
};

struct Tail {
  Codec codec = Codec::kNone;
  std::size_t block_bytes = 0;
  std::vector<Type> types;  // The first is the struct of a row; the number of a type is also its column's.
  std::vector<Stripe> stripes;
  std::uint64_t rows = 0;
  std::uint64_t writer_version = 0;
  std::uint64_t metadata_offset = 0, metadata_bytes = 0;  // Of the statistics of the stripes.
};

// What timestamps count their seconds from, on the clock of who wrote them: 2015-01-01, in seconds since 1970 where that is UTC's.
inline constexpr std::int64_t kBeginOf2015 = 1420070400;

// Whether a file that begins with these bytes may be one.
inline constexpr std::string_view kMagic = "ORC";

// kInvalidArgument where it is none or broken; kUnsupported where it is encrypted or of a codec that is not read; else Read()'s
// error.
Result<Tail> ReadTail(Input& input);

enum class StreamKind : std::uint8_t { kPresent = 0, kData = 1, kLength = 2, kDictionary = 3, kSecondary = 5, kOther = 255 };

struct Stream {
  StreamKind kind = StreamKind::kOther;
  std::uint32_t column = 0;
  std::uint64_t offset = 0, bytes = 0;  // In the file.
};

struct Encoding {
  bool dictionary = false;
  bool second = false;  // The second version of integer runs.
  std::uint64_t dictionary_size = 0;
};

struct StripeFooter {
  std::vector<Stream> streams;
  std::vector<Encoding> encodings;  // A column each.
  std::string timezone;             // Of who wrote it; may be empty.

  const Stream* Find(std::uint32_t column, StreamKind kind) const;
};

Result<StripeFooter> ReadStripeFooter(Input& input, const Tail& tail, const Stripe& stripe);

// Hive's name of a type: "array<struct<a:int>>", names in lower case, "char(5)". A union, which Hive's readers do not know, is
// "string".
std::string HiveTypeOf(const std::vector<Type>& types, std::uint32_t number);

}  // namespace hanse::orc
