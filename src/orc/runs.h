#pragma once
#include <array>
#include <cstdint>

#include "orc/bytes.h"

// Runs: how ORC writes bytes, truths and whole numbers (ORC specification v1, "Run Length Encoding"). One thread; the bytes outlive
// them. False where the bytes end or are broken.
namespace hanse::orc {

// The widths that five bits of a run's head stand for.
inline constexpr std::array<std::uint8_t, 32> kRunWidths = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16,
                                                            17, 18, 19, 20, 21, 22, 23, 24, 26, 28, 30, 32, 40, 48, 56, 64};

class ByteRuns {
 public:
  explicit ByteRuns(Bytes& bytes) : bytes_(bytes) {}
  bool Next(std::uint8_t* value) {
    if (left_ == 0 && !Begin()) return false;
    --left_;
    if (!literal_) {
      *value = repeated_;
      return true;
    }
    return bytes_.Next(value);
  }

 private:
  bool Begin();
  Bytes& bytes_;
  int left_ = 0;
  bool literal_ = false;
  std::uint8_t repeated_ = 0;
};

// The highest bit of a byte first.
class TruthRuns {
 public:
  explicit TruthRuns(Bytes& bytes) : bytes_(bytes) {}
  bool Next(bool* value) {
    if (left_ == 0) {
      if (!bytes_.Next(&byte_)) return false;
      left_ = 8;
    }
    *value = (byte_ >> --left_) & 1;
    return true;
  }

 private:
  ByteRuns bytes_;
  int left_ = 0;
  std::uint8_t byte_ = 0;
};

class NumberRuns {
 public:
  enum class Version : std::uint8_t { kFirst, kSecond };
  enum class Sign : std::uint8_t { kSigned, kUnsigned };
  NumberRuns(Bytes& bytes, Version version, Sign sign)
      : bytes_(bytes), second_(version == Version::kSecond), signed_(sign == Sign::kSigned) {}

  // The next `count` numbers. Unsigned ones beyond the greatest signed one come as negative: lengths, which then are broken.
  bool Next(std::int64_t* values, std::size_t count);

 private:
  static constexpr std::size_t kRunMax = 512;

  bool Begin();
  bool BeginFirst();
  bool BeginSecond();
  bool ShortRepeat(std::uint8_t first);
  bool Direct(std::uint8_t first);
  bool Patched(std::uint8_t first);
  bool Delta(std::uint8_t first);
  bool LengthOf(std::uint8_t first);
  bool Varint(std::uint64_t* value);
  bool BigEndian(std::size_t size, std::uint64_t* value);
  // `count` numbers of `bits` bits each, the highest bit first, from the next byte on.
  bool Packed(std::uint64_t* values, std::size_t count, unsigned bits);
  std::int64_t Signed(std::uint64_t value) const;

  Bytes& bytes_;
  const bool second_, signed_;
  std::array<std::int64_t, kRunMax> run_;
  std::size_t at_ = 0, size_ = 0;
};

}  // namespace hanse::orc
