#include "insight/cloudwatch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "audit/test_journal.h"
#include "base/text.h"
#include "insight/metric_math.h"
#include "insight/test_policy.h"
#include "store/test_store.h"

namespace hanse::insight {
namespace {

namespace cloudwatch = wire::cloudwatch;

constexpr TimeMs kHourMs = 3'600'000, kDayMs = 24 * kHourMs;

class CloudWatchTest : public testing::Test {
 protected:
  template <class Op>
  Result<typename Op::Answer> Run(Op op, std::string_view account = "111111111111", std::string_view region = "us-east-1") {
    gate::Context context;
    context.caller.kind = CallerKind::kUser;
    context.caller.account = account;
    context.caller.name = "ana";
    context.caller.arn = context.caller.principal_arn = "arn:aws:iam::" + std::string(account) + ":user/ana";
    context.info.service = "monitoring";
    context.info.operation = std::string(Op::kRule.name);
    context.info.region = region;
    context.info.now_ms = clock_.NowMs();
    return gate_.Run(context, op, cloudwatch_);
  }
  static cloudwatch::MetricDatum Datum(double value, TimeMs at_ms, std::string table = "orders") {
    return {.metric_name = "Rows",
            .dimensions = std::vector<cloudwatch::Dimension>{{.name = "Table", .value = std::move(table)}},
            .timestamp = wire::Timestamp{at_ms},
            .value = value,
            .unit = "Count"};
  }
  static PutMetricData Put(std::vector<cloudwatch::MetricDatum> data, std::string space = "Lake") {
    PutMetricData op;
    op.in.namespace_ = std::move(space);
    op.in.metric_data = std::move(data);
    return op;
  }
  static GetMetricStatistics Ask(TimeMs start_ms, TimeMs end_ms, int period = 60) {
    GetMetricStatistics op;
    op.in.namespace_ = "Lake";
    op.in.metric_name = "Rows";
    op.in.dimensions = std::vector<cloudwatch::Dimension>{{.name = "Table", .value = "orders"}};
    op.in.start_time = wire::Timestamp{start_ms};
    op.in.end_time = wire::Timestamp{end_ms};
    op.in.period = period;
    op.in.statistics = std::vector<std::string>{"Sum", "SampleCount", "Minimum", "Maximum", "Average"};
    return op;
  }
  // "minutes after `from`=sum" of each point.
  std::string Sums(const GetMetricStatistics& op, TimeMs from) {
    auto answer = Run(op);
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    std::string text;
    for (const auto& point : *answer->datapoints) {
      text += std::to_string((point.timestamp->ms - from) / 60'000) + "=" + std::to_string(static_cast<int>(*point.sum)) + " ";
    }
    return text;
  }
  TimeMs Minute() const { return clock_.NowMs() / 60'000 * 60'000; }
  std::string Rows() {
    auto tx = *store_->BeginRead();
    return std::to_string(tx->One("SELECT COUNT(*) FROM metric_points")->Int(0)) + "/" +
           std::to_string(tx->One("SELECT COUNT(*) FROM metric_series")->Int(0));
  }

  store::TestStore store_;
  ManualClock clock_{1'767'225'600'000 + 30 * kDayMs + 10 * kHourMs + 1};  // On the hour, and a little.
  SeededRandom random_{1};
  OnePolicy policies_;
  audit::TestJournal journal_;
  gate::Gate gate_{gate::Gate::Parts{*store_, journal_, clock_, random_, policies_, {}}};
  CloudWatch cloudwatch_;
};

TEST_F(CloudWatchTest, WhatWasPutIsAddedUpByThePeriodThatIsAsked) {
  const TimeMs now = Minute();
  ASSERT_TRUE(Run(Put({Datum(5, now - 120'000), Datum(7, now - 90'000), Datum(1, now - 60'000), Datum(100, now, "returns")})));
  EXPECT_EQ(Sums(Ask(now - 600'000, now + 1), now), "-2=12 -1=1 ");
  EXPECT_EQ(Sums(Ask(now - 600'000, now - 60'000), now), "-2=12 ");
  EXPECT_EQ(Sums(Ask(now - 180'000, now + 1, 180), now), "-3=13 ");
  auto points = Run(Ask(now - 120'000, now - 60'000));
  const auto& point = points->datapoints->front();
  EXPECT_TRUE(point.sample_count == 2 && point.minimum == 5 && point.maximum == 7 && point.average == 6 && point.unit == "Count");
  auto other_unit = Ask(now - 600'000, now);
  other_unit.in.unit = "Bytes";
  EXPECT_EQ(Sums(other_unit, now), "");
}

TEST_F(CloudWatchTest, ValuesWithCountsAndSetsOfStatisticsAreAdded) {
  const TimeMs now = Minute();
  cloudwatch::MetricDatum values = Datum(0, now), set = Datum(0, now);
  values.value.reset();
  values.values = std::vector<double>{1, 10};
  values.counts = std::vector<double>{3, 1};
  set.value.reset();
  set.statistic_values = cloudwatch::StatisticSet{.sample_count = 2, .sum = 40, .minimum = 15, .maximum = 25};
  ASSERT_TRUE(Run(Put({values, set})));
  auto point = Run(Ask(now, now + 1))->datapoints->front();
  EXPECT_TRUE(point.sum == 53 && point.sample_count == 6 && point.minimum == 1 && point.maximum == 25);
}

TEST_F(CloudWatchTest, WhatIsNoDatumIsRefusedAndNothingOfTheRequestStays) {
  const TimeMs now = Minute();
  auto refused = [&](auto change) {
    cloudwatch::MetricDatum datum = Datum(1, now);
    change(datum);
    auto put = Run(Put({Datum(1, now), datum}));
    return put ? std::string("put") : put.error().name;
  };
  EXPECT_EQ(refused([](auto& d) { d.value.reset(); }), "InvalidParameterCombination");
  EXPECT_EQ(refused([](auto& d) { d.values = std::vector<double>{1}; }), "InvalidParameterCombination");
  EXPECT_EQ(refused([](auto& d) { d.value = std::numeric_limits<double>::infinity(); }), "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& d) { d.value = 1e200; }), "InvalidParameterValue");
  EXPECT_EQ(refused([&](auto& d) { d.timestamp = wire::Timestamp{now - 15 * kDayMs}; }), "InvalidParameterValue");
  EXPECT_EQ(refused([&](auto& d) { d.timestamp = wire::Timestamp{now + 3 * kHourMs}; }), "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& d) { d.storage_resolution = 30; }), "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& d) { d.dimensions->push_back(d.dimensions->front()); }), "InvalidParameterValue");
  EXPECT_EQ(Run(Put({Datum(1, now)}, "AWS/Athena")).error().name, "InvalidParameterValue");
  EXPECT_EQ(Run(Put({})).error().name, "MissingParameter");
  PutMetricData entities = Put({Datum(1, now)});
  entities.in.entity_metric_data.emplace();
  EXPECT_EQ(Run(entities).error().message, "EntityMetricData");
  EXPECT_EQ(Rows(), "0/0");
}

TEST_F(CloudWatchTest, EachLengthOfTimeIsKeptAsLongAsTheServiceSays) {
  const TimeMs then = Minute();
  cloudwatch::MetricDatum fine = Datum(1, then);
  fine.storage_resolution = 1;
  ASSERT_TRUE(Run(Put({fine, Datum(2, then + 60'000), Datum(4, then + 300'000)})));
  auto with = [&](int period) { return Sums(Ask(then / kHourMs * kHourMs, then + kHourMs, period), then / kHourMs * kHourMs); };
  auto seconds = Ask(then, then + 10'000, 1);
  EXPECT_EQ(Sums(seconds, then), "0=1 ");
  EXPECT_EQ(with(60), "0=1 1=2 5=4 ");
  auto later = [&](TimeMs ms) {
    clock_.Advance(ms);
    cloudwatch::MetricDatum other = Datum(1, clock_.NowMs(), "other");
    ASSERT_TRUE(Run(Put({other})));
  };
  later(4 * kHourMs);
  EXPECT_EQ(Sums(seconds, then), "");
  EXPECT_EQ(with(60), "0=1 1=2 5=4 ");
  later(16 * kDayMs);
  EXPECT_EQ(with(60), "");
  EXPECT_EQ(with(300), "0=3 5=4 ");
  later(50 * kDayMs);
  EXPECT_EQ(with(300), "");
  EXPECT_EQ(with(3600), "0=7 ");
  later(400 * kDayMs);
  EXPECT_EQ(with(3600), "");
  EXPECT_EQ(Rows(), "5/1");  // Of the other series: now, and the hours of 400 and 450 days ago.
}

TEST_F(CloudWatchTest, AMetricIsOfItsAccountAndRegionAlone) {
  const TimeMs now = Minute();
  ASSERT_TRUE(Run(Put({Datum(1, now)})));
  EXPECT_EQ(Run(ListMetrics{})->metrics->size(), 1u);
  EXPECT_EQ(Run(ListMetrics{}, "222222222222")->metrics->size(), 0u);
  EXPECT_EQ(Run(ListMetrics{}, "111111111111", "eu-west-1")->metrics->size(), 0u);
  EXPECT_EQ(Run(Ask(now, now + 1), "222222222222")->datapoints->size(), 0u);
  EXPECT_EQ(Run(Ask(now, now + 1))->datapoints->size(), 1u);
}

TEST_F(CloudWatchTest, WhoMayPutIsAskedByTheNamespace) {
  const TimeMs now = Minute();
  policies_.condition = R"({"StringEquals":{"cloudwatch:namespace":"Lake"}})";
  EXPECT_TRUE(Run(Put({Datum(1, now)})));
  EXPECT_EQ(Run(Put({Datum(1, now)}, "Other")).error().code, ErrorCode::kAccessDenied);
  policies_.condition = "{}";
  policies_.action = "cloudwatch:PutMetricData";
  EXPECT_EQ(Run(ListMetrics{}).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(Run(Ask(now, now + 1)).error().code, ErrorCode::kAccessDenied);
  policies_.action = "cloudwatch:ListMetrics";
  EXPECT_TRUE(Run(ListMetrics{}));
  EXPECT_EQ(Run(Put({Datum(1, now)})).error().code, ErrorCode::kAccessDenied);
}

TEST_F(CloudWatchTest, MetricsAreListedByNameAndDimensionInPages) {
  const TimeMs now = Minute();
  for (int batch = 0; batch < 2; ++batch) {
    std::vector<cloudwatch::MetricDatum> data;
    for (int i = 0; i < 300; ++i) data.push_back(Datum(1, now, "t" + std::to_string(batch * 300 + i)));
    ASSERT_TRUE(Run(Put(data)));
  }
  ASSERT_TRUE(Run(Put({Datum(1, now - 4 * kHourMs, "early")}, "Other")));
  ListMetrics list;
  list.in.namespace_ = "Lake";
  auto first = Run(list);
  EXPECT_EQ(first->metrics->size(), 500u);
  list.in.next_token = first->next_token;
  auto second = Run(list);
  EXPECT_EQ(second->metrics->size(), 100u);
  EXPECT_FALSE(second->next_token);
  EXPECT_EQ(second->metrics->back().dimensions->front().value, "t599");
  list.in.next_token = "x";
  EXPECT_FALSE(Run(list));
  ListMetrics by;
  by.in.dimensions = std::vector<cloudwatch::DimensionFilter>{{.name = "Table", .value = "t7"}};
  EXPECT_EQ(Run(by)->metrics->size(), 1u);
  by.in.dimensions->front() = {.name = "Colour"};
  EXPECT_EQ(Run(by)->metrics->size(), 0u);
  ListMetrics recent;
  recent.in.namespace_ = "Other";
  EXPECT_EQ(Run(recent)->metrics->size(), 1u);
  recent.in.recently_active = "PT3H";
  EXPECT_EQ(Run(recent)->metrics->size(), 0u);
}

class MetricDataTest : public CloudWatchTest {
 protected:
  MetricDataTest() {
    now_ = Minute();
    EXPECT_TRUE(Run(Put({Datum(5, now_ - 120'000), Datum(7, now_ - 120'000), Datum(3, now_ - 60'000)})));
  }
  GetMetricData Stats(std::initializer_list<const char*> stats) const {
    GetMetricData op;
    op.in.start_time = wire::Timestamp{now_ - 300'000};
    op.in.end_time = wire::Timestamp{now_};
    op.in.scan_by = "TimestampAscending";
    op.in.metric_data_queries.emplace();
    for (const char* stat : stats) {
      cloudwatch::Metric metric{.namespace_ = "Lake", .metric_name = "Rows", .dimensions = Datum(0, 0).dimensions};
      op.in.metric_data_queries->push_back(
          {.id = Lower(stat), .metric_stat = cloudwatch::MetricStat{.metric = metric, .period = 60, .stat = stat}});
    }
    return op;
  }
  static void Add(GetMetricData& op, std::string id, std::string expression) {
    op.in.metric_data_queries->push_back({.id = std::move(id), .expression = std::move(expression)});
  }
  TimeMs now_ = 0;
};

TEST_F(MetricDataTest, StatisticsAndArithmeticOfThem) {
  GetMetricData op = Stats({"Sum", "Average"});
  Add(op, "twice", "sum * 2 + hidden");
  Add(op, "hidden", "(average - average) / 1");
  op.in.metric_data_queries->back().return_data = false;
  auto answer = Run(op);
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_EQ(answer->metric_data_results->size(), 3u);
  EXPECT_EQ(*answer->metric_data_results->at(0).values, (std::vector<double>{12, 3}));
  EXPECT_EQ(answer->metric_data_results->at(0).label, "Rows");
  EXPECT_EQ(*answer->metric_data_results->at(1).values, (std::vector<double>{6, 3}));
  EXPECT_EQ(*answer->metric_data_results->at(2).values, (std::vector<double>{24, 6}));
  op.in.scan_by.reset();
  EXPECT_EQ(*Run(op)->metric_data_results->at(0).values, (std::vector<double>{3, 12}));
}

TEST_F(MetricDataTest, PagesNeitherLoseNorRepeatPoints) {
  GetMetricData op = Stats({"Sum", "Average"});
  op.in.max_datapoints = 1;
  std::vector<double> all;
  for (int page = 0; page < 4; ++page) {
    auto answer = Run(op);
    ASSERT_TRUE(answer);
    for (const auto& result : *answer->metric_data_results) all.insert(all.end(), result.values->begin(), result.values->end());
    op.in.next_token = answer->next_token;
    EXPECT_EQ(answer->next_token.has_value(), page < 3);
  }
  EXPECT_EQ(all, (std::vector<double>{12, 3, 6, 3}));
}

TEST_F(MetricDataTest, WhatIsNotServedIsRefusedByName) {
  auto refused = [&](GetMetricData op) {
    auto answer = Run(op);
    return answer ? std::string("answered") : answer.error().name + "|" + answer.error().message;
  };
  EXPECT_EQ(refused(Stats({"p90"})), "|the statistic p90");
  auto with = [&](const char* expression) {
    GetMetricData op = Stats({"Sum"});
    Add(op, "e", expression);
    return refused(op);
  };
  EXPECT_EQ(with("FILL(sum, 0)"), "|the metric math function FILL");
  EXPECT_EQ(with("SEARCH('{Lake} Rows', 'Sum')"), "|the metric math function SEARCH");
  EXPECT_EQ(with("sum > 1"), "|metric math with >");
  EXPECT_TRUE(with("e + 1").starts_with("ValidationError|The query 'e' asks for itself"));
  EXPECT_TRUE(with("nothing").starts_with("ValidationError|There is no query"));
  EXPECT_TRUE(with("1 + 2").starts_with("ValidationError"));
  EXPECT_TRUE(with("sum +").starts_with("ValidationError"));
  EXPECT_TRUE(with("(sum").starts_with("ValidationError"));
  EXPECT_TRUE(with(std::string(500, '(').c_str()).starts_with("ValidationError"));
  EXPECT_TRUE(with(std::string(500, '-').c_str()).starts_with("ValidationError"));
  GetMetricData twice = Stats({"Sum", "Sum"});
  EXPECT_TRUE(refused(twice).starts_with("ValidationError"));
}

// Each evaluates the next one on its own stack.
TEST_F(MetricDataTest, QueriesAskForOneAnotherAtMostSixteenDeep) {
  const std::string open(60, '('), close(60, ')');
  auto chain = [&](std::size_t length) {
    GetMetricData op = Stats({});
    for (std::size_t i = 0; i + 1 < length; ++i) Add(op, fmt::format("q{}", i), open + fmt::format("q{}", i + 1) + close);
    GetMetricData end = Stats({"Sum"});
    end.in.metric_data_queries->front().id = fmt::format("q{}", length - 1);
    op.in.metric_data_queries->push_back(end.in.metric_data_queries->front());
    return Run(op);
  };
  auto deepest = chain(CloudWatch::kChainMax);
  ASSERT_TRUE(deepest) << deepest.error().message;
  EXPECT_EQ(*deepest->metric_data_results->front().values, (std::vector<double>{12, 3}));
  for (std::size_t length : {CloudWatch::kChainMax + 1, CloudWatch::kQueriesMax}) {
    auto deeper = chain(length);
    ASSERT_FALSE(deeper) << length;
    EXPECT_EQ(deeper.error().name, "ValidationError");
  }
}

TEST(MetricMathTest, PrecedenceAndPointsThatAllHave) {
  const Series a{{1, 2}, {2, 4}}, b{{2, 0}, {3, 5}};
  auto value = [&](std::string_view text) {
    auto made = Evaluate(text, [&](std::string_view id) -> Result<const Series*> { return id == "a" ? &a : &b; });
    std::string told;
    if (made) {
      for (const auto& [at, number] : *made) told += std::to_string(at) + "=" + std::to_string(static_cast<int>(number)) + " ";
    }
    return told;
  };
  EXPECT_EQ(value("1 + a * 3"), "1=7 2=13 ");
  EXPECT_EQ(value("(1 + a) * 3"), "1=9 2=15 ");
  EXPECT_EQ(value("2 ^ a - -1"), "1=5 2=17 ");
  EXPECT_EQ(value("a + b"), "2=4 ");
  EXPECT_EQ(value("a / b"), "");
  EXPECT_EQ(value("10 / a"), "1=5 2=2 ");
}

TEST_F(CloudWatchTest, MoreStatisticsThanOneAnswerHoldsAreRefused) {
  const TimeMs now = Minute();
  EXPECT_EQ(Run(Ask(now - 25 * kHourMs, now)).error().name, "InvalidParameterCombination");
  EXPECT_TRUE(Run(Ask(now - 24 * kHourMs, now)));
  EXPECT_EQ(Run(Ask(now, now)).error().name, "InvalidParameterValue");
  EXPECT_EQ(Run(Ask(now - kHourMs, now, 61)).error().name, "InvalidParameterValue");
  auto percentiles = Ask(now - kHourMs, now);
  percentiles.in.extended_statistics = std::vector<std::string>{"p99"};
  EXPECT_EQ(Run(percentiles).error().message, "ExtendedStatistics");
  auto none = Ask(now - kHourMs, now);
  none.in.statistics.reset();
  EXPECT_EQ(Run(none).error().name, "InvalidParameterCombination");
}

}  // namespace
}  // namespace hanse::insight
