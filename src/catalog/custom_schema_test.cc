#include "catalog/custom_schema.h"

#include <gtest/gtest.h>

#include "catalog/grok.h"

namespace hanse::catalog {
namespace {

using wire::glue::Classifier;

std::string Shape(const std::optional<FileSchema>& schema) {
  if (!schema) return "none";
  std::string text = schema->classification + ":";
  for (const InferredColumn& column : schema->columns) text += " " + column.name + " " + column.type;
  return text;
}

TEST(CustomSchema, CsvIsReadAsTheClassifierSays) {
  Classifier classifier{.csv_classifier = wire::glue::CsvClassifier{.delimiter = ";", .quote_symbol = "'"}};
  auto& csv = *classifier.csv_classifier;
  const char* text = "id;text\n1;'a;''b'\n";
  EXPECT_EQ(Shape(InferBy(classifier, text, Sample::kWhole)), "csv: id bigint text string");
  csv.contains_header = "ABSENT";
  EXPECT_EQ(Shape(InferBy(classifier, text, Sample::kWhole)), "csv: col0 string col1 string");
  csv.header = std::vector<std::string>{"A", "B"};
  EXPECT_EQ(Shape(InferBy(classifier, text, Sample::kWhole)), "csv: a string b string");
  csv.header = std::vector<std::string>{"a"};
  EXPECT_EQ(Shape(InferBy(classifier, text, Sample::kWhole)), "none");
  csv.header.reset();
  EXPECT_EQ(Shape(InferBy(classifier, "one\ntwo\n", Sample::kWhole)), "none");
  csv.allow_single_column = true;
  EXPECT_EQ(Shape(InferBy(classifier, "one\ntwo\n", Sample::kWhole)), "csv: col0 string");
}

TEST(CustomSchema, CsvTypesAreThoseThatWereGivenAndCellsCanStayAsTheyAre) {
  Classifier classifier{.csv_classifier = wire::glue::CsvClassifier{.contains_header = "PRESENT"}};
  auto& csv = *classifier.csv_classifier;
  const char* text = "id,n\n 1,2\n";
  EXPECT_EQ(Shape(InferBy(classifier, text, Sample::kWhole)), "csv: id bigint n bigint");
  csv.disable_value_trimming = true;
  EXPECT_EQ(Shape(InferBy(classifier, text, Sample::kWhole)), "csv: id string n bigint");
  csv.custom_datatype_configured = true;
  csv.custom_datatypes = std::vector<std::string>{"LONG", "SHORT"};
  EXPECT_EQ(Shape(InferBy(classifier, text, Sample::kWhole)), "csv: id bigint n smallint");
  csv.custom_datatypes->push_back("INT");
  EXPECT_EQ(Shape(InferBy(classifier, text, Sample::kWhole)), "none");
}

TEST(CustomSchema, XmlRowsAreTheElementsOfTheTag) {
  Classifier classifier{.xml_classifier = wire::glue::XMLClassifier{.classification = "bills", .row_tag = "row"}};
  const std::string text =
      "<?xml version=\"1.0\"?><rows><rowset/><row Id=\"7\"><name>a</name><item>1</item><item>2</item></row>"
      "<row Id=\"8\"><place><city>x</city><zip>12</zip></place><paid>1.5</paid></row></rows>";
  EXPECT_EQ(Shape(InferBy(classifier, text, Sample::kWhole)),
            "bills: id bigint name string item array<bigint> place struct<city:string,zip:bigint> paid double");
  // A row that is cut off counts for nothing.
  EXPECT_EQ(Shape(InferBy(classifier, text.substr(0, text.find("<paid>")), Sample::kCut)),
            "bills: id bigint name string item array<bigint>");
  for (const char* other : {"", "id,name\n1,2\n", "<rows/>", "<row><a></row>", "<row>"}) {
    EXPECT_EQ(Shape(InferBy(classifier, other, Sample::kWhole)), "none") << other;
  }
}

TEST(CustomSchema, XmlOfAnyDepthIsRead) {
  Classifier classifier{.xml_classifier = wire::glue::XMLClassifier{.row_tag = "row"}};
  std::string text = "<row>";
  for (int i = 0; i < 20'000; ++i) text += "<a>";
  for (int i = 0; i < 20'000; ++i) text += "</a>";
  EXPECT_EQ(InferBy(classifier, text + "</row>", Sample::kWhole)->columns.size(), 1u);
}

TEST(CustomSchema, JsonIsReadWhereThePathLeads) {
  Classifier classifier{.json_classifier = wire::glue::JsonClassifier{.json_path = "$.rows.all[*]"}};
  EXPECT_EQ(Shape(InferBy(classifier, R"({"rows":{"all":[{"id":1},{"id":2,"ok":true}]}})", Sample::kWhole)),
            "json: id bigint ok boolean");
  for (const char* text : {"{}", R"({"rows":[]})", "not json", R"({"rows":{"all":3}})"}) {
    EXPECT_EQ(Shape(InferBy(classifier, text, Sample::kWhole)), "none") << text;
  }
}

TEST(CustomSchema, GrokGivesTheFieldsOfMatchingLines) {
  Classifier classifier{.grok_classifier = wire::glue::GrokClassifier{
                            .classification = "weblog",
                            .grok_pattern = "%{IP:client} %{LEVEL:level} %{NUMBER:Bytes:long} %{GREEDYDATA:message}",
                            .custom_patterns = "LEVEL (?:LOW|HIGH)\n"}};
  EXPECT_EQ(Shape(InferBy(classifier, "10.0.0.1 LOW 12 hello there\n::1 HIGH 7 x\n", Sample::kWhole)),
            "weblog: client string level string bytes bigint message string");
  EXPECT_EQ(Shape(InferBy(classifier, "10.0.0.1 MIDDLE 12 hello\n", Sample::kWhole)), "none");
}

TEST(GrokPattern, AnApacheLogLineMatches) {
  auto pattern = GrokPattern::Compile("%{COMBINEDAPACHELOG}", "");
  ASSERT_TRUE(pattern) << pattern.error().message;
  EXPECT_TRUE(pattern->Matches(
      R"(127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326 "http://x/" "Mozilla/4.08 [en]")"));
  EXPECT_FALSE(pattern->Matches("127.0.0.1 - frank"));
  EXPECT_EQ(pattern->fields().front().name, "clientip");
}

TEST(GrokPattern, WhatCannotBeCompiledIsRefused) {
  EXPECT_FALSE(GrokPattern::Compile("%{NOPE:a}", ""));
  EXPECT_FALSE(GrokPattern::Compile("%{A:a}", "A %{B}\nB %{A}"));
  EXPECT_FALSE(GrokPattern::Compile("%{WORD", ""));
  EXPECT_FALSE(GrokPattern::Compile("(", ""));
  // Each doubles the one before it: refused by its length, not expanded.
  std::string bombs = "A0 " + std::string(64, 'x') + "\n";
  for (int i = 1; i < 15; ++i) {
    std::string before = "%{A" + std::to_string(i - 1) + "}";
    bombs += "A" + std::to_string(i) + " " + before + before + before + before + "\n";
  }
  EXPECT_FALSE(GrokPattern::Compile("%{A14}", bombs));
}

}  // namespace
}  // namespace hanse::catalog
