#include "engine/copy_rows.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/test_copy.h"

namespace hanse::engine {
namespace {

// Reads `stream` in pieces of `piece` bytes; the rows that came, or the error.
Result<std::vector<std::vector<CopyField>>> RowsOf(const std::string& stream, std::size_t columns, std::size_t piece) {
  std::size_t at = 0;
  CopyRows rows(columns, [&](std::string& bytes) -> Result<bool> {
    if (at >= stream.size()) return false;
    bytes += stream.substr(at, piece);
    at += piece;
    return true;
  });
  std::vector<std::vector<CopyField>> read;
  std::vector<CopyRows::Field> fields;
  while (true) {
    TRY_ASSIGN(bool more, rows.Next(fields));
    if (!more) return read;
    std::vector<CopyField> row;
    for (const CopyRows::Field& field : fields) row.push_back(field ? CopyField(std::string(*field)) : CopyField());
    read.push_back(std::move(row));
  }
}

const std::vector<std::vector<CopyField>> kRows{{"one", std::nullopt, ""},
                                                {std::string(3000, 'x'), "2", BigEndian(std::int64_t{7})}};

TEST(CopyRows, AreReadInWhateverPiecesTheyCome) {
  const std::string stream = CopyStream(kRows);
  for (std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1000}, stream.size()}) {
    auto read = RowsOf(stream, 3, piece);
    ASSERT_TRUE(read.has_value()) << piece;
    EXPECT_EQ(*read, kRows) << piece;
  }
  auto empty = RowsOf(CopyStream({{}, {}}), 0, 5);
  ASSERT_TRUE(empty.has_value());
  EXPECT_EQ(empty->size(), 2u);
}

TEST(CopyRows, ThatAreCutAreAnErrorWhereverTheyAre) {
  const std::string stream = CopyStream({{"one", std::nullopt, ""}, {"two", "2", BigEndian(std::int64_t{7})}});
  for (std::size_t size = 0; size < stream.size(); ++size) EXPECT_FALSE(RowsOf(stream.substr(0, size), 3, 4).has_value()) << size;
  EXPECT_FALSE(RowsOf(stream + "x", 3, 4).has_value());
  EXPECT_FALSE(RowsOf(stream, 2, 4).has_value());
  EXPECT_FALSE(RowsOf(stream, 4, 4).has_value());
}

TEST(CopyRows, ALengthThatNobodySentIsNotWaitedForNorMadeRoomFor) {
  std::string stream("PGCOPY\n\377\r\n\0", 11);
  stream +=
      BigEndian(std::uint32_t{0}) + BigEndian(std::int32_t{0}) + BigEndian(std::int16_t{1}) + BigEndian(std::int32_t{0x7fffffff});
  auto read = RowsOf(stream, 1, 64);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::kLimitExceeded);
}

TEST(CopyRows, AnyBytesAreRowsOrAnError) {
  std::mt19937 random(7);
  const std::string stream = CopyStream(kRows);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string broken = stream;
    for (int flips = 1 + static_cast<int>(random() % 3); flips > 0; --flips) {
      // The long field's own bytes are anybody's: most flips go elsewhere.
      std::size_t at = random() % 2 == 0 ? random() % 50 : random() % broken.size();
      broken[at] = static_cast<char>(random());
    }
    auto read = RowsOf(broken, 3, 1 + random() % 100);
    if (!read) {
      ++refused;
    } else {
      EXPECT_LE(read->size(), 3000u);
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(NumericText, IsWhatPostgresWouldPrint) {
  EXPECT_EQ(NumericText(NumericField(0, 0, 2, {12, 5000})), "12.50");
  EXPECT_EQ(NumericText(NumericField(0, 0x4000, 3, {12, 5000})), "-12.500");
  EXPECT_EQ(NumericText(NumericField(1, 0, 0, {1, 2})), "10002");
  EXPECT_EQ(NumericText(NumericField(2, 0, 0, {7})), "700000000");
  EXPECT_EQ(NumericText(NumericField(-1, 0, 4, {25})), "0.0025");
  EXPECT_EQ(NumericText(NumericField(-2, 0, 8, {1})), "0.00000001");
  EXPECT_EQ(NumericText(NumericField(0, 0, 2, {})), "0.00");
  EXPECT_EQ(NumericText(NumericField(0, 0, 0, {})), "0");
  EXPECT_EQ(NumericText(NumericField(0, 0xc000, 0, {})), "NaN");
  EXPECT_EQ(NumericText(NumericField(0, 0xd000, 0, {})), "Infinity");
}

TEST(NumericText, OfWhatIsNoneIsNothing) {
  EXPECT_FALSE(NumericText("").has_value());
  EXPECT_FALSE(NumericText(NumericField(0, 0, 0, {1}).substr(0, 9)).has_value());
  EXPECT_FALSE(NumericText(NumericField(0, 0, 0, {10'000})).has_value());
  EXPECT_FALSE(NumericText(NumericField(0, 0, 0, {-1})).has_value());
  EXPECT_FALSE(NumericText(NumericField(32'000, 0, 0, {1})).has_value());
  EXPECT_FALSE(NumericText(NumericField(0, 0, 32'000, {1})).has_value());
  EXPECT_FALSE(NumericText(NumericField(0, 0x1234, 0, {1})).has_value());
}

}  // namespace
}  // namespace hanse::engine
