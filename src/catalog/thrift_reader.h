#pragma once
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace hanse::catalog {

// Thrift's compact protocol, read front to back over bytes that somebody else made. Once something does not fit, failed() stays
// true and every further read gives nothing: ask once at the end. Views are of the bytes given.
class ThriftReader {
 public:
  enum class Type : std::uint8_t {
    kStop = 0,
    kTrue = 1,
    kFalse = 2,
    kByte = 3,
    kI16 = 4,
    kI32 = 5,
    kI64 = 6,
    kDouble = 7,
    kBinary = 8,
    kList = 9,
    kSet = 10,
    kMap = 11,
    kStruct = 12,
  };
  struct Field {
    Type type = Type::kStop;
    std::int16_t id = 0;
  };
  struct List {
    Type type = Type::kStop;
    std::uint32_t size = 0;
  };
  static constexpr int kDepthMax = 64;

  explicit ThriftReader(std::string_view bytes) : rest_(bytes) {}
  bool failed() const { return failed_; }

  // The next field of a struct, whose field before it was `previous`; kStop at the struct's end.
  Field NextField(std::int16_t previous);
  List ReadList();
  std::int64_t ReadInteger();  // kI16, kI32, kI64.
  std::string_view ReadBinary();
  std::uint8_t ReadByte();
  void Skip(Type type, int depth = 0);

 private:
  std::uint64_t ReadVarint();
  void SkipElement(Type type, int depth);
  void Fail() { failed_ = true, rest_ = {}; }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace hanse::catalog
