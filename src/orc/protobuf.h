#pragma once
#include <cstdint>
#include <string_view>

namespace hanse::orc {

// Protocol buffers' wire format, read front to back over bytes that somebody else made: varints, eight-byte numbers and lengths.
// Once something does not fit, failed() stays true and every further read gives nothing: ask once at the end. Views are of the
// bytes given.
class ProtoReader {
 public:
  enum class Wire : std::uint8_t { kVarint = 0, kEightBytes = 1, kBytes = 2, kFourBytes = 5 };
  struct Field {
    std::uint32_t number = 0;
    Wire wire = Wire::kVarint;
    std::uint64_t value = 0;  // Of kVarint and kEightBytes.
    std::string_view bytes;   // Of kBytes.
  };

  explicit ProtoReader(std::string_view bytes) : rest_(bytes) {}
  // The next field of the message; false at its end and where it does not fit.
  bool Next(Field* field);
  // A number of a packed list; false at its end and where it does not fit.
  bool NextPacked(std::uint64_t* value);
  bool failed() const { return failed_; }

 private:
  bool Varint(std::uint64_t* value);
  bool Take(std::uint64_t bytes, std::string_view* taken);

  std::string_view rest_;
  bool failed_ = false;
};

// Of sint32 and sint64, and of ORC's own signed numbers.
inline std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

}  // namespace hanse::orc
