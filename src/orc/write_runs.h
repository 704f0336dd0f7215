#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// How runs are written: as runs.h reads them, whole numbers in the second version. One thread. Take() ends the
// last run and takes what there is.
namespace hanse::orc {

void AppendVarint(std::uint64_t value, std::string* out);
// As sint64, and ORC's own signed numbers.
inline std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

class ByteRunsOut {
 public:
  void Put(std::uint8_t value) {
    pending_.push_back(value);
    if (pending_.size() == kRun) Flush();
  }
  std::string Take() {
    Flush();
    return std::exchange(bytes_, {});
  }
  std::size_t bytes() const { return bytes_.size(); }

 private:
  static constexpr std::size_t kRun = 128;
  void Flush();
  std::vector<std::uint8_t> pending_;
  std::string bytes_;
};

class TruthRunsOut {
 public:
  void Put(bool value) {
    byte_ = static_cast<std::uint8_t>((byte_ << 1) | (value ? 1 : 0));
    if (++bits_ == 8) Flush();
  }
  std::string Take() {
    while (bits_ > 0) Put(false);
    return bytes_.Take();
  }

 private:
  void Flush() {
    bytes_.Put(byte_);
    byte_ = 0;
    bits_ = 0;
  }
  ByteRunsOut bytes_;
  std::uint8_t byte_ = 0;
  int bits_ = 0;
};

class NumberRunsOut {
 public:
  enum class Sign : std::uint8_t { kSigned, kUnsigned };
  explicit NumberRunsOut(Sign sign) : signed_(sign == Sign::kSigned) {}
  void Put(std::int64_t value) {
    pending_.push_back(value);
    if (pending_.size() == kRun) Flush();
  }
  std::string Take() {
    Flush();
    return std::exchange(bytes_, {});
  }
  std::size_t bytes() const { return bytes_.size(); }

 private:
  static constexpr std::size_t kRun = 512;
  void Flush();
  void Steps(std::uint64_t step);
  void Direct();
  const bool signed_;
  std::vector<std::int64_t> pending_;
  std::string bytes_;
};

}  // namespace hanse::orc
