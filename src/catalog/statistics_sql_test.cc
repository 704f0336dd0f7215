#include "catalog/statistics_sql.h"

#include <gtest/gtest.h>

namespace hanse::catalog {
namespace {

StatisticsQuery QueryOf(std::vector<std::pair<std::string, std::string>> columns) {
  StatisticsQuery query{.database = "sales", .table = "orders"};
  for (const auto& [name, type] : columns) query.columns.push_back(Measurable(name, type).value());
  return query;
}

TEST(StatisticsSql, TypesWithoutStatisticsAreNotMeasured) {
  EXPECT_EQ(Measurable("c", "Decimal(10, 2)")->kind, "DECIMAL");
  EXPECT_EQ(Measurable("c", "varchar(20)")->kind, "STRING");
  for (const char* type : {"array<int>", "map<string,int>", "struct<a:int>", "interval", ""}) {
    EXPECT_FALSE(Measurable("c", type)) << type;
  }
}

TEST(StatisticsSql, NamesAreQuoted) {
  StatisticsQuery query = QueryOf({{"a\"; DROP", "bigint"}});
  query.percent = 10;
  query.group_by = {"day"};
  query.distinct = Distinct::kEstimated;
  EXPECT_EQ(SqlOf(query),
            "SELECT CAST(\"day\" AS varchar), count(*), count(*) - count(\"a\"\"; DROP\"), min(\"a\"\"; DROP\"), "
            "max(\"a\"\"; DROP\"), approx_distinct(\"a\"\"; DROP\") FROM \"sales\".\"orders\" TABLESAMPLE BERNOULLI (10) "
            "GROUP BY CAST(\"day\" AS varchar)");
}

TEST(StatisticsSql, AnAnswerBecomesStatisticsOfItsTypes) {
  StatisticsQuery query = QueryOf({{"id", "bigint"},
                                   {"price", "decimal(6,2)"},
                                   {"day", "date"},
                                   {"at", "timestamp"},
                                   {"name", "string"},
                                   {"ok", "boolean"},
                                   {"rate", "double"},
                                   {"raw", "binary"}});
  const AnswerRow row{"10",         "1",          "-5",   "7",  "3",
                      "2",          "-1.28",      "2.55", "4",  "0",
                      "2024-02-29", "2024-03-01", "2",    "0",  "2024-02-29 10:00:00.500",
                      std::nullopt, "1",          "1",    "12", "3.5",
                      "9",          "2",          "5",    "3",  "0",
                      "-0.5",       "NaN",        "2",    "1",  "16",
                      "8.25"};
  auto list = StatisticsOf(query, row, wire::Timestamp{7});
  ASSERT_TRUE(list) << list.error().message;
  ASSERT_EQ(list->size(), 8u);
  const auto& id = *(*list)[0].statistics_data->long_column_statistics_data;
  EXPECT_EQ(*id.minimum_value, -5);
  EXPECT_EQ(*id.maximum_value, 7);
  EXPECT_EQ(*id.number_of_nulls, 1);
  EXPECT_EQ(*id.number_of_distinct_values, 3);
  const auto& price = *(*list)[1].statistics_data->decimal_column_statistics_data;
  EXPECT_EQ(*price.minimum_value->unscaled_value, std::string("\x80", 1));
  EXPECT_EQ(*price.maximum_value->unscaled_value, std::string("\x00\xff", 2));
  EXPECT_EQ(*price.maximum_value->scale, 2);
  const auto& day = *(*list)[2].statistics_data->date_column_statistics_data;
  EXPECT_EQ(day.minimum_value->ms, 1'709'164'800'000);
  const auto& at = *(*list)[3].statistics_data->date_column_statistics_data;
  EXPECT_EQ(at.minimum_value->ms, 1'709'200'800'500);
  EXPECT_FALSE(at.maximum_value);
  const auto& name = *(*list)[4].statistics_data->string_column_statistics_data;
  EXPECT_EQ(*name.maximum_length, 12);
  EXPECT_EQ(*name.average_length, 3.5);
  const auto& ok = *(*list)[5].statistics_data->boolean_column_statistics_data;
  EXPECT_EQ(*ok.number_of_trues, 5);
  EXPECT_EQ(*ok.number_of_falses, 3);
  const auto& rate = *(*list)[6].statistics_data->double_column_statistics_data;
  EXPECT_EQ(*rate.minimum_value, -0.5);
  EXPECT_FALSE(rate.maximum_value);
  EXPECT_EQ(*(*list)[7].statistics_data->binary_column_statistics_data->average_length, 8.25);
}

TEST(StatisticsSql, CountsOfASampleAreScaledAndShortAnswersRefused) {
  StatisticsQuery query = QueryOf({{"ok", "boolean"}});
  query.percent = 25;
  auto list = StatisticsOf(query, AnswerRow{"4", "1", "2", "1"}, {});
  ASSERT_TRUE(list);
  EXPECT_EQ(*list->front().statistics_data->boolean_column_statistics_data->number_of_nulls, 4);
  EXPECT_EQ(*list->front().statistics_data->boolean_column_statistics_data->number_of_trues, 8);
  EXPECT_FALSE(StatisticsOf(query, AnswerRow{"4", "1"}, {}));
}

}  // namespace
}  // namespace hanse::catalog
