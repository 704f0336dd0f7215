#include "doors/pgwire/copy.h"

#include <gtest/gtest.h>

namespace hanse::pgwire {
namespace {

std::string Line(const std::string& options, const std::vector<std::optional<std::string>>& values) {
  auto copy = ReadCopy("COPY (SELECT 1) TO STDOUT " + options);
  return copy ? CopyLine(*copy, values) : copy.error().message;
}

TEST(Copy, ItsQueryIsReadAsItIsWritten) {
  EXPECT_EQ(ReadCopy("COPY ( SELECT ')' AS \"(\", (1) FROM t ) TO STDOUT")->query, "SELECT ')' AS \"(\", (1) FROM t ");
  EXPECT_EQ(ReadCopy("copy shop.\"Orders\" to stdout;")->query, "SELECT * FROM shop.\"Orders\"");
  EXPECT_EQ(ReadCopy("COPY orders (id, \"b c\") TO STDOUT")->query, "SELECT id, \"b c\" FROM orders");
}

// The examples of PostgreSQL 15, "COPY", "File Formats".
TEST(Copy, TextIsPostgres) {
  EXPECT_EQ(Line("", {"a", std::nullopt, "", "\\N"}), "a\t\\N\t\t\\\\N\n");
  EXPECT_EQ(Line("", {"t\tn\nr\rb\bf\fv\v\\"}), "t\\tn\\nr\\rb\\bf\\fv\\v\\\\\n");
  EXPECT_EQ(Line("WITH (DELIMITER '|', NULL 'none')", {"a|b", std::nullopt}), "a\\|b|none\n");
  EXPECT_EQ(Line("WITH DELIMITER AS E'\\t'", {"a", "b"}), "a\tb\n");
}

TEST(Copy, CsvIsPostgres) {
  EXPECT_EQ(Line("WITH (FORMAT csv)", {"a", std::nullopt, "", "b,c", "d\"e", "f\ng", "h\ti"}),
            "a,,\"\",\"b,c\",\"d\"\"e\",\"f\ng\",h\ti\n");
  EXPECT_EQ(Line("CSV", {"\\."}), "\"\\.\"\n");
  EXPECT_EQ(Line("CSV", {"\\.", "x"}), "\\.,x\n");
  EXPECT_EQ(Line("(FORMAT 'csv', DELIMITER ';', QUOTE '''', ESCAPE '!')", {"a'b!c", "d;e"}), "'a!'b!!c';'d;e'\n");
  EXPECT_EQ(Line("WITH CSV HEADER FORCE QUOTE *", {"1", std::nullopt}), "\"1\",\n");
  EXPECT_EQ(Line("(FORMAT csv, NULL 'NULL')", {std::nullopt, "NULL"}), "NULL,\"NULL\"\n");
  EXPECT_TRUE(ReadCopy("COPY t TO STDOUT (HEADER, FORMAT csv)")->header);
  EXPECT_FALSE(ReadCopy("COPY t TO STDOUT (FORMAT csv, HEADER false)")->header);
  EXPECT_EQ(CopyHeader(*ReadCopy("COPY t TO STDOUT CSV"), {"id", "a,b"}), "id,\"a,b\"\n");
}

TEST(Copy, WhatIsNotServedIsRefusedByName) {
  for (const char* sql : {"COPY t FROM STDIN", "COPY t TO '/etc/passwd'", "COPY t TO PROGRAM 'sh'", "COPY t TO STDOUT BINARY",
                          "COPY t TO STDOUT (FORMAT binary)", "COPY t TO STDOUT (ENCODING 'latin1')"}) {
    auto read = ReadCopy(sql);
    ASSERT_FALSE(read) << sql;
    EXPECT_EQ(read.error().name, "0A000") << sql;
  }
  for (const char* sql : {"COPY", "COPY (SELECT 1 TO STDOUT", "COPY t TO STDOUT (DELIMITER 'ab')", "COPY t TO STDOUT (FORMAT xml)",
                          "COPY t TO STDOUT (NONSENSE 1)", "COPY t TO STDOUT (QUOTE '!')", "COPY t TO STDOUT (FORMAT csv",
                          "COPY t TO STDOUT CSV QUOTE ','", "COPY () TO", "COPY t TO STDOUT CSV nonsense"}) {
    EXPECT_FALSE(ReadCopy(sql)) << sql;
  }
}

}  // namespace
}  // namespace hanse::pgwire
