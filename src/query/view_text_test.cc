#include "query/view_text.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace hanse::query {
namespace {

TEST(ViewText, IsReadAsItWasWritten) {
  std::string text = WriteViewText({"SELECT 'ü' AS a", "Shop", {{.name = "a", .type = "varchar(1)"}}});
  EXPECT_TRUE(text.starts_with("/* Presto View: ")) << text;
  auto view = ReadViewText(text);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->sql, "SELECT 'ü' AS a");
  EXPECT_EQ(view->database, "shop");
  ASSERT_EQ(view->columns.size(), 1u);
  EXPECT_EQ(view->columns[0].type, "varchar(1)");
}

TEST(ViewText, OtherTextsAreRefused) {
  auto wrapped = [](const std::string& json) { return "/* Presto View: " + Base64(json) + " */"; };
  for (const std::string& text : {std::string(), std::string("SELECT 1"), std::string("/* Presto View: */"),
                                  std::string("/* Presto View: ### */"), wrapped("{"), wrapped("[]"), wrapped("{}"),
                                  wrapped(R"({"originalSql":1})"), wrapped(R"({"originalSql":"x","columns":[1]})")}) {
    EXPECT_FALSE(ReadViewText(text)) << text;
  }
}

TEST(ViewText, TypesAreHives) {
  EXPECT_EQ(HiveTypeOf("integer"), "int");
  EXPECT_EQ(HiveTypeOf("varchar"), "string");
  EXPECT_EQ(HiveTypeOf("varchar(3)"), "varchar(3)");
  EXPECT_EQ(HiveTypeOf("decimal(10,2)"), "decimal(10,2)");
  EXPECT_EQ(HiveTypeOf("array(row(x integer, \"y z\" map(varchar, real)))"), "array<struct<x:int,y z:map<string,float>>>");
  EXPECT_EQ(HiveTypeOf("timestamp(3) with time zone"), "timestamp");
  EXPECT_EQ(HiveTypeOf("hugeint"), "string");
}

}  // namespace
}  // namespace hanse::query
