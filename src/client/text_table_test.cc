#include "client/text_table.h"

#include <gtest/gtest.h>

namespace hanse::client {
namespace {

TEST(TextTable, NumbersStandToTheRightAndNullIsSaid) {
  EXPECT_EQ(FormatTable({"name", "n"}, {{"Ana", "7"}, {"Chloé", "1200"}, {std::nullopt, std::nullopt}}),
            "name         n\n------  ------\nAna          7\nChloé     1200\n(null)  (null)\n");
}

TEST(TextTable, WhatDoesNotFitIsCut) {
  std::string table = FormatTable({"a", "b"}, {{std::string(100, 'x'), "y"}}, 40);
  EXPECT_NE(table.find("…"), std::string::npos);
  EXPECT_EQ(table.find(std::string(50, 'x')), std::string::npos);
}

TEST(TextTable, CsvTellsNullFromEmpty) {
  EXPECT_EQ(FormatCsv({"a", "b"}, {{"x\"y", std::nullopt}, {"", "1"}}), "\"a\",\"b\"\n\"x\"\"y\",\n\"\",\"1\"\n");
}

TEST(TextTable, BytesAreCountedAsPricesAre) {
  EXPECT_EQ(BytesText(0), "0 B");
  EXPECT_EQ(BytesText(999), "999 B");
  EXPECT_EQ(BytesText(1000), "1.0 kB");
  EXPECT_EQ(BytesText(999'949), "999.9 kB");
  EXPECT_EQ(BytesText(999'950), "1.0 MB");
  EXPECT_EQ(BytesText(14'000'000'000), "14.0 GB");
  EXPECT_EQ(BytesText(5'000'000'000'000'000), "5000.0 TB");
}

}  // namespace
}  // namespace hanse::client
