#include "doors/pgwire/statement.h"

#include <gtest/gtest.h>

#include "doors/pgwire/types.h"

namespace hanse::pgwire {
namespace {

TEST(Statement, AreSplitAtSemicolonsOutsideQuotesAndComments) {
  EXPECT_EQ(SplitStatements("SELECT ';' ; -- a;b\n SELECT 2;;"), (std::vector<std::string>{"SELECT ';'", " -- a;b\n SELECT 2"}));
  EXPECT_TRUE(SplitStatements(" ; -- nothing").empty());
}

TEST(Statement, TheCatalogIsAskedWhereItsTablesOrTheSessionsFunctionsAre) {
  for (const char* sql : {"SELECT * FROM pg_class", "SELECT 1 FROM pg_catalog.pg_type", "select version()", "SELECT current_schema",
                          "SELECT * FROM information_schema.tables"}) {
    EXPECT_EQ(ClassifyStatement(sql).road, Road::kCatalog) << sql;
  }
  for (const char* sql : {"SELECT 1", "SELECT 'pg_catalog.x'", "SELECT user FROM orders", "SELECT pg_x FROM orders"}) {
    EXPECT_EQ(ClassifyStatement(sql).road, Road::kQuery) << sql;
  }
  EXPECT_EQ(ClassifyStatement("DROP TABLE orders").road, Road::kOther);
}

TEST(Statement, AParameterIsAValueWhateverIsInIt) {
  Statement statement = ClassifyStatement("SELECT $1, '$2', $2");
  EXPECT_EQ(statement.parameters, 2U);
  std::vector<std::string> literals = {*LiteralOf(kInt4, "7", false), *LiteralOf(kText, "a' OR '1'='1", false)};
  EXPECT_EQ(*WithLiterals(statement, literals), "SELECT  7 , '$2',  'a'' OR ''1''=''1' ");
  EXPECT_FALSE(LiteralOf(kInt4, "1; DROP", false));
  EXPECT_FALSE(WithLiterals(statement, {"1"}));
}

TEST(Statement, CatalogQuestionsAreRespelt) {
  EXPECT_EQ(CatalogSql("SELECT 'pg_class'::regclass, c.oid::pg_catalog.regclass FROM pg_catalog.pg_class c "
                       "WHERE relname OPERATOR(pg_catalog.~) '^(a)$' COLLATE pg_catalog.default"),
            "SELECT 'pg_class'::regclass, c.oid::regclass FROM pg_class c WHERE relname  ~  '^(a)$' ");
}

TEST(Cursor, IsDeclaredFetchedForwardAndClosed) {
  const auto declared = ReadCursor("DECLARE \"c\" NO SCROLL CURSOR WITH HOLD FOR SELECT ';' FROM t");
  ASSERT_TRUE(declared);
  EXPECT_EQ(declared->name, "c");
  EXPECT_EQ(declared->query, "SELECT ';' FROM t");
  EXPECT_TRUE(declared->holds);
  EXPECT_EQ(ReadCursor("FETCH FORWARD 20 FROM c")->rows, 20U);
  EXPECT_EQ(ReadCursor("FETCH c")->rows, 1U);
  EXPECT_EQ(ReadCursor("MOVE ALL IN c")->rows, 0U);
  EXPECT_EQ(ReadCursor("CLOSE ALL")->name, "");
  for (const char* sql : {"FETCH BACKWARD 2 FROM c", "FETCH -1 FROM c", "FETCH 0 FROM c", "DECLARE c FOR SELECT 1", "FETCH"}) {
    EXPECT_FALSE(ReadCursor(sql)) << sql;
  }
  EXPECT_EQ(ClassifyStatement("fetch 2 from c").road, Road::kFetch);
}

TEST(Setting, NobodyBecomesAnother) {
  EXPECT_EQ(ReadSetting("SET ROLE admin").error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(ReadSetting("SET SESSION AUTHORIZATION 'admin'").error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(ReadSetting("SET search_path TO a, \"B\"")->value, "a,B");
}

TEST(Types, ArraysAreThoseOfTheText) {
  const ColumnType texts = TypeOf({.name = "a", .type = "varchar[]"}), numbers = TypeOf({.name = "a", .type = "smallint[]"});
  EXPECT_EQ(texts.oid, kTextArray);
  const std::string head("\0\0\0\1\0\0\0\1\0\0\0\x19\0\0\0\2\0\0\0\1", 20);
  EXPECT_EQ(*ValueOf(texts, "{\"a\\\"b\",NULL}", true), head + std::string("\0\0\0\3a\"b\xff\xff\xff\xff", 11));
  EXPECT_EQ(*ValueOf(numbers, "{7}", true), std::string("\0\0\0\1\0\0\0\0\0\0\0\x15\0\0\0\1\0\0\0\1\0\0\0\2\0\7", 26));
  EXPECT_EQ(*ValueOf(texts, "{}", true), std::string("\0\0\0\0\0\0\0\0\0\0\0\x19", 12));
  EXPECT_FALSE(ValueOf(texts, "[a]", true));
}

TEST(Types, BinaryValuesAreThoseOfTheText) {
  EXPECT_EQ(*ValueOf({kInt4, 4}, "258", true), std::string("\0\0\1\2", 4));
  EXPECT_EQ(*ValueOf({kDate, 4}, "2000-01-02", true), std::string("\0\0\0\1", 4));
  EXPECT_EQ(*ValueOf({kBytea}, "61 62", false), "\\x6162");
  for (const char* number : {"0", "1.25", "-12345.678", "10000", "0.0001", "99999999.99"}) {
    EXPECT_EQ(*LiteralOf(kNumeric, *ValueOf({kNumeric}, number, true), true), *LiteralOf(kNumeric, number, false)) << number;
  }
}

}  // namespace
}  // namespace hanse::pgwire
