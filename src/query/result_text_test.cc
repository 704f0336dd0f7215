#include "query/result_text.h"

#include <gtest/gtest.h>

namespace hanse::query {
namespace {

TEST(ResultText, NullIsEmptyAndTheEmptyStringHasQuotes) {
  std::string text;
  AppendCsv({"a\"b", "c,d", "", std::nullopt, "line\nbreak"}, &text);
  EXPECT_EQ(text, "\"a\"\"b\",\"c,d\",\"\",,\"line\nbreak\"\n");
}

TEST(ResultText, WhatIsWrittenIsReadBack) {
  const std::vector<engine::ResultRow> rows = {
      {"x"}, {std::nullopt}, {"", std::nullopt, ""}, {std::nullopt, "\"\"", ",\n"}, {std::nullopt, std::nullopt}};
  std::string text;
  for (const auto& row : rows) AppendCsv(row, &text);
  std::size_t at = 0;
  for (const auto& row : rows) {
    engine::ResultRow back;
    ASSERT_TRUE(ReadCsv(text, &at, &back));
    // A single NULL and no field at all look alike in CSV: an empty line is one NULL.
    EXPECT_EQ(back, row);
  }
  EXPECT_EQ(at, text.size());
}

TEST(ResultText, ACutRecordIsNotRead) {
  std::string text;
  AppendCsv({"one", "two"}, &text);
  for (std::size_t size = 0; size < text.size(); ++size) {
    std::size_t at = 0;
    engine::ResultRow row;
    EXPECT_FALSE(ReadCsv(std::string_view(text).substr(0, size), &at, &row)) << size;
    EXPECT_EQ(at, 0u);
  }
}

TEST(ResultText, MetadataNamesQueryAndColumns) {
  auto columns = ColumnInfos({{"n", "bigint", 19, 0}, {"name", "varchar", 2147483647, 0}});
  EXPECT_FALSE(columns[0].case_sensitive.value());
  EXPECT_TRUE(columns[1].case_sensitive.value());
  std::string file = MetadataFile("q-1", columns);
  EXPECT_EQ(file.substr(0, 5), std::string("\x0a\x03q-1", 5));
  EXPECT_NE(file.find("bigint"), std::string::npos);
  EXPECT_NE(file.find("varchar"), std::string::npos);
}

}  // namespace
}  // namespace hanse::query
