#include "orc/runs.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "orc/test_input.h"
#include "orc/write_runs.h"

namespace hanse::orc {
namespace {

using Numbers = std::vector<std::int64_t>;

std::string Of(std::initializer_list<int> bytes) {
  std::string text;
  for (int byte : bytes) text += static_cast<char>(byte);
  return text;
}

// Nothing where the bytes are broken or too few.
std::optional<Numbers> Read(const std::string& bytes, NumberRuns::Version version, NumberRuns::Sign sign, std::size_t count) {
  TestInput input(bytes);
  Bytes stream(input, Tail{}, Stream{.bytes = bytes.size()});
  NumberRuns runs(stream, version, sign);
  Numbers numbers(count);
  if (!runs.Next(numbers.data(), count)) return std::nullopt;
  return numbers;
}

std::optional<Numbers> First(const std::string& bytes, NumberRuns::Sign sign, std::size_t count) {
  return Read(bytes, NumberRuns::Version::kFirst, sign, count);
}
std::optional<Numbers> Second(const std::string& bytes, NumberRuns::Sign sign, std::size_t count) {
  return Read(bytes, NumberRuns::Version::kSecond, sign, count);
}

constexpr auto kUnsigned = NumberRuns::Sign::kUnsigned;
constexpr auto kSigned = NumberRuns::Sign::kSigned;

// The examples of the specification.
TEST(NumberRunsTest, TheFirstVersion) {
  EXPECT_EQ(First(Of({0x61, 0x00, 0x07}), kUnsigned, 100), Numbers(100, 7));
  Numbers down(100);
  std::iota(down.rbegin(), down.rend(), 1);
  EXPECT_EQ(First(Of({0x61, 0xff, 0x64}), kUnsigned, 100), down);
  EXPECT_EQ(First(Of({0xfb, 0x02, 0x03, 0x06, 0x07, 0x0b}), kUnsigned, 5), (Numbers{2, 3, 6, 7, 11}));
  EXPECT_EQ(First(Of({0xfe, 0x01, 0x04}), kSigned, 2), (Numbers{-1, 2}));
}

TEST(NumberRunsTest, TheSecondVersion) {
  EXPECT_EQ(Second(Of({0x0a, 0x27, 0x10}), kUnsigned, 5), Numbers(5, 10000));
  EXPECT_EQ(Second(Of({0x5e, 0x03, 0x5c, 0xa1, 0xab, 0x1e, 0xde, 0xad, 0xbe, 0xef}), kUnsigned, 4),
            (Numbers{23713, 43806, 57005, 48879}));
  EXPECT_EQ(Second(Of({0x8e, 0x13, 0x2b, 0x21, 0x07, 0xd0, 0x1e, 0x00, 0x14, 0x70, 0x28, 0x32, 0x3c, 0x46,
                       0x50, 0x5a, 0x64, 0x6e, 0x78, 0x82, 0x8c, 0x96, 0xa0, 0xaa, 0xb4, 0xbe, 0xfc, 0xe8}),
                   kUnsigned, 20),
            (Numbers{2030, 2000, 2020, 1000000, 2040, 2050, 2060, 2070, 2080, 2090,
                     2100, 2110, 2120, 2130,    2140, 2150, 2160, 2170, 2180, 2190}));
  EXPECT_EQ(Second(Of({0xc6, 0x09, 0x02, 0x02, 0x22, 0x42, 0x42, 0x46}), kUnsigned, 10),
            (Numbers{2, 3, 5, 7, 11, 13, 17, 19, 23, 29}));
}

TEST(NumberRunsTest, WhatEndsEarlyIsBroken) {
  EXPECT_FALSE(First(Of({0x61, 0x00, 0x07}), kUnsigned, 101));
  EXPECT_FALSE(First(Of({0x61}), kUnsigned, 1));
  EXPECT_FALSE(Second(Of({0x5e, 0x03, 0x5c}), kUnsigned, 4));
  EXPECT_FALSE(Second(Of({0xc6, 0x09, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80}), kUnsigned, 10))
      << "a number of too many bytes";
  EXPECT_FALSE(Second(Of({0x8e, 0x00, 0x2b, 0x21, 0x07, 0xd0, 0x1e, 0xff, 0xff}), kUnsigned, 1)) << "a patch beyond the run";
}

TEST(NumberRunsTest, AnyBytesAreRefusedOrRead) {
  std::uint64_t state = 1;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(1 + round % 40, '\0');
    for (char& byte : bytes) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      byte = static_cast<char>(state >> 56);
    }
    for (auto version : {NumberRuns::Version::kFirst, NumberRuns::Version::kSecond}) {
      auto numbers = Read(bytes, version, round % 2 ? kSigned : kUnsigned, 100);
      EXPECT_TRUE(!numbers || numbers->size() == 100);
    }
  }
}

TEST(NumberRunsTest, WhatIsWrittenReadsBack) {
  std::uint64_t state = 7;
  for (auto [sign, written] :
       {std::pair(kSigned, NumberRunsOut::Sign::kSigned), std::pair(kUnsigned, NumberRunsOut::Sign::kUnsigned)}) {
    for (int bits = 0; bits <= 63; ++bits) {
      Numbers numbers;
      for (int i = 0; i < 1500; ++i) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        auto number = static_cast<std::int64_t>(bits == 0 ? 5 : state >> (64 - bits));
        if (i % 700 > 400) number = 3 * i;  // Steps, which end within a run.
        numbers.push_back(sign == kSigned && (state & 64) ? -number : number);
      }
      NumberRunsOut out(written);
      for (std::int64_t number : numbers) out.Put(number);
      EXPECT_EQ(Second(out.Take(), sign, numbers.size()), numbers) << bits;
    }
  }
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min(), kMost = std::numeric_limits<std::int64_t>::max();
  NumberRunsOut out(NumberRunsOut::Sign::kSigned);
  for (std::int64_t number : {kLeast, kMost, kLeast, std::int64_t{0}}) out.Put(number);
  EXPECT_EQ(Second(out.Take(), kSigned, 4), (Numbers{kLeast, kMost, kLeast, 0}));
}

TEST(ByteRunsTest, WhatIsWrittenReadsBack) {
  TruthRunsOut out;
  auto truth = [](int i) { return i < 3000 ? i % 3 == 0 : i % 2000 < 1500; };
  for (int i = 0; i < 7001; ++i) out.Put(truth(i));
  const std::string bytes = out.Take();
  TestInput input(bytes);
  Bytes stream(input, Tail{}, Stream{.bytes = bytes.size()});
  TruthRuns truths(stream);
  for (int i = 0; i < 7001; ++i) {
    bool value = false;
    ASSERT_TRUE(truths.Next(&value));
    ASSERT_EQ(value, truth(i)) << i;
  }
}

TEST(ByteRunsTest, BytesAndTruths) {
  const std::string bytes = Of({0x61, 0x00, 0xfe, 0x44, 0x45, 0xff, 0x80});
  TestInput input(bytes);
  Bytes stream(input, Tail{}, Stream{.bytes = bytes.size()});
  ByteRuns runs(stream);
  std::uint8_t value = 1;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(runs.Next(&value) && value == 0);
  EXPECT_TRUE(runs.Next(&value) && value == 0x44);
  EXPECT_TRUE(runs.Next(&value) && value == 0x45);
  TruthRuns truths(stream);
  bool truth = false;
  EXPECT_TRUE(truths.Next(&truth) && truth);
  for (int i = 0; i < 7; ++i) EXPECT_TRUE(truths.Next(&truth) && !truth);
  EXPECT_FALSE(truths.Next(&truth));
}

}  // namespace
}  // namespace hanse::orc
