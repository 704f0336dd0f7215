#include "catalog/partition_projection.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "catalog/projected_date.h"

namespace hanse::catalog {
namespace {

constexpr TimeMs kNow = 1'709'210'096'000;  // 2024-02-29 12:34:56

wire::glue::Table TableWith(std::map<std::string, std::string> parameters, const std::vector<std::string>& keys) {
  parameters["projection.enabled"] = "true";
  wire::glue::StorageDescriptor storage{.location = "s3a://lake/t"};
  wire::glue::Table table{.name = "t", .storage_descriptor = std::move(storage)};
  table.partition_keys.emplace();
  for (const std::string& key : keys) table.partition_keys->push_back({.name = key, .type = "string"});
  table.parameters = std::move(parameters);
  return table;
}

PartitionProjection Of(std::map<std::string, std::string> parameters, const std::vector<std::string>& keys) {
  auto projection = PartitionProjection::Of(TableWith(std::move(parameters), keys), kNow);
  EXPECT_TRUE(projection) << (projection ? "" : projection.error().message);
  return projection ? *projection : PartitionProjection();
}

std::string Found(const PartitionProjection& projection, std::string_view path) {
  auto values = projection.ValuesOf(path);
  return values ? Join(*values, "|") : "none";
}

TEST(PartitionProjectionTest, NumbersAreThoseOfTheRange) {
  auto years = Of({{"projection.y.type", "integer"}, {"projection.y.range", "2020, 2024"}, {"projection.y.interval", "2"}}, {"y"});
  EXPECT_EQ(years.common_place(), "s3://lake/t/");
  EXPECT_EQ(Found(years, "s3://lake/t/y=2024/f"), "2024");
  for (const char* path : {"s3://lake/t/y=2023/f", "s3://lake/t/y=2026/f", "s3://lake/t/y=02024/f", "s3://lake/t/y=/f",
                           "s3://lake/t/2024/f", "s3://lake/tt/y=2024/f", "s3://lake/t/y=2024"}) {
    EXPECT_EQ(Found(years, path), "none") << path;
  }
  auto padded = Of({{"projection.h.type", "integer"}, {"projection.h.range", "0,23"}, {"projection.h.digits", "2"}}, {"h"});
  EXPECT_EQ(Found(padded, "s3://lake/t/h=07/f"), "07");
  EXPECT_EQ(Found(padded, "s3://lake/t/h=7/f"), "none");
  auto all = Of({{"projection.n.type", "integer"},
                 {"projection.n.range", "-9223372036854775808,9223372036854775807"},
                 {"projection.n.interval", "3"}},
                {"n"});
  EXPECT_EQ(Found(all, "s3://lake/t/n=9223372036854775807/f"), "9223372036854775807");
  EXPECT_EQ(Found(all, "s3://lake/t/n=9223372036854775806/f"), "none");
}

TEST(PartitionProjectionTest, DatesFollowTheirFormatAndTheTemplate) {
  auto days = Of({{"projection.d.type", "date"},
                  {"projection.d.format", "yyyy/MM/dd"},
                  {"projection.d.range", "NOW-1MONTH,NOW"},
                  {"projection.r.type", "enum"},
                  {"projection.r.values", "eu, us"},
                  {"storage.location.template", "s3://other/logs/${r}-${d}/data"}},
                 {"r", "d"});
  EXPECT_EQ(days.common_place(), "s3://other/logs/");
  EXPECT_EQ(Found(days, "s3://other/logs/eu-2024/02/29/data/f"), "eu|2024/02/29");
  EXPECT_EQ(Found(days, "s3://other/logs/us-2024/01/29/data/f"), "us|2024/01/29");
  for (const char* path :
       {"s3://other/logs/us-2024/01/28/data/f", "s3://other/logs/us-2024/03/01/data/f", "s3://other/logs/us-2024/02/30/data/f",
        "s3://other/logs/asia-2024/02/01/data/f", "s3://other/logs/us-2024/02/01/other/f"}) {
    EXPECT_EQ(Found(days, path), "none") << path;
  }
}

TEST(PartitionProjectionTest, AnyFolderIsAnInjectedValue) {
  auto users = Of({{"projection.u.type", "injected"}, {"storage.location.template", "s3://lake/t/${u}/x/${u}/"}}, {"u"});
  EXPECT_EQ(Found(users, "s3://lake/t/ann/x/ann/f"), "ann");
  EXPECT_EQ(Found(users, "s3://lake/t/ann/x/bob/f"), "none");
}

TEST(PartitionProjectionTest, BrokenParametersCloseTheTable) {
  using Parameters = std::map<std::string, std::string>;
  for (const Parameters& parameters :
       {Parameters{}, Parameters{{"projection.y.type", "odd"}}, Parameters{{"projection.y.type", "enum"}},
        Parameters{{"projection.y.type", "integer"}, {"projection.y.range", "5,1"}},
        Parameters{{"projection.y.type", "integer"}, {"projection.y.range", "1"}},
        Parameters{{"projection.y.type", "date"}, {"projection.y.format", "yy"}, {"projection.y.range", "NOW,NOW"}},
        Parameters{{"projection.y.type", "date"}, {"projection.y.format", "yyyy"}, {"projection.y.range", "NOW-1,NOW"}},
        Parameters{{"projection.y.type", "injected"}, {"storage.location.template", "s3://lake/t/"}},
        Parameters{{"projection.y.type", "injected"}, {"storage.location.template", "${y}/"}},
        Parameters{{"projection.y.type", "injected"}, {"storage.location.template", "s3://lake/${y"}}}) {
    EXPECT_FALSE(PartitionProjection::Of(TableWith(parameters, {"y"}), kNow));
  }
}

TEST(ProjectedDateTest, BoundsAreRelativeToNow) {
  const std::int64_t now = kNow / 1000;
  EXPECT_EQ(ParseDateBound("yyyy-MM-dd", "NOW", now), ParseDate("yyyy-MM-dd", "2024-02-29"));
  EXPECT_EQ(ParseDateBound("yyyy-MM-dd", "NOW-1YEARS", now), ParseDate("yyyy-MM-dd", "2023-02-28"));
  EXPECT_EQ(ParseDateBound("yyyy-MM-dd'T'HH", "NOW + 1 DAY", now), ParseDate("yyyy-MM-dd'T'HH", "2024-03-01T12"));
  EXPECT_FALSE(ParseDateBound("yyyy-MM-dd", "NOW-9999999999DAYS", now));
}

}  // namespace
}  // namespace hanse::catalog
