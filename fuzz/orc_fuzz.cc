// An ORC file that somebody else wrote: its tail, the footers of its stripes, every stream as bytes and as runs.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "orc/bounds.h"
#include "orc/bytes.h"
#include "orc/file.h"
#include "orc/runs.h"

namespace {

using namespace hanse::orc;

class Memory final : public Input {
 public:
  explicit Memory(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t bytes() const override { return bytes_.size(); }
  hanse::Result<void> Read(std::uint64_t offset, std::size_t size, char* into) override {
    if (offset > bytes_.size() || size > bytes_.size() - offset) std::abort();  // Places are held to the file.
    std::memcpy(into, bytes_.data() + offset, size);
    return {};
  }

 private:
  std::string_view bytes_;
};

constexpr int kReadsMax = 2000;

void ReadStream(Memory& input, const Tail& tail, const Stream& stream) {
  for (auto version : {NumberRuns::Version::kFirst, NumberRuns::Version::kSecond}) {
    Bytes bytes(input, tail, stream);
    NumberRuns runs(bytes, version, NumberRuns::Sign::kSigned);
    std::array<std::int64_t, 100> numbers;
    for (int i = 0; i < kReadsMax && runs.Next(numbers.data(), numbers.size()); ++i) {
    }
  }
  Bytes bytes(input, tail, stream);
  TruthRuns truths(bytes);
  bool truth = false;
  for (int i = 0; i < kReadsMax && truths.Next(&truth); ++i) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Memory input(std::string_view(reinterpret_cast<const char*>(data), size));
  auto tail = ReadTail(input);
  if (!tail) return 0;
  HiveTypeOf(tail->types, 0);
  ReadBounds(input, *tail, std::array<std::uint32_t, 4>{0, 1, 2, 1000});
  for (std::size_t i = 0; i < std::min<std::size_t>(tail->stripes.size(), 10); ++i) {
    auto footer = ReadStripeFooter(input, *tail, tail->stripes[i]);
    for (std::size_t at = 0; footer && at < std::min<std::size_t>(footer->streams.size(), 50); ++at) {
      ReadStream(input, *tail, footer->streams[at]);
    }
  }
  return 0;
}
